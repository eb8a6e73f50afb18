"""The documents of two days of visits, made by hand: what `geodata.itinerary.document` returns.

One team drives along five points, the last leg in a straight line; several teams share its visits.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from geodata.clock import VIETNAM
from geodata.itinerary.document import (
    Document,
    LunchBreak,
    Remark,
    TeamDay,
    TimedLeg,
    TimedStop,
    Totals,
    whole_minutes,
)
from geodata.itinerary.request import Premise
from geodata.language import Bilingual, message

HOSTILE = ("<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "Phường\r\nBEGIN:VEVENT\x00\x0b]]>&;,\\\"'")
"""Names that a file would have to escape."""

NAMES = ("Hùng Vương", "Dư Hàng Kênh", "Kênh Dương", "Cát Bi", "Ngọc Xuyên")
CODES = ("11299", "11404", "11405", "11422", "11455")
POINTS = (
    (20.8605, 106.6270),
    (20.8420, 106.6760),
    (20.8345, 106.6825),
    (20.8230, 106.7010),
    (20.7180, 106.7690),
)
START = (20.8577, 106.6837)
LUNCH = (690, 750)
BACKGROUND = [
    "Giả định: hệ số đường vòng 1,3; tốc độ ngoài giờ cao điểm 28 km/h (nguồn: giả định)",
    "Thứ tự các điểm: ngắn nhất trong các thứ tự (đã chứng minh)",
    "Ghi chú: Thứ tự do chương trình tính, không phải thứ tự thực tế.",
]
"""What files say of `day_of` besides its stops and ways."""


def at(minutes: float) -> datetime.datetime:
    """Return a time of the day, given in minutes after midnight."""
    midnight = datetime.datetime(2023, 11, 23, tzinfo=VIETNAM)
    return midnight + datetime.timedelta(minutes=whole_minutes(minutes))


def said(text: str) -> Bilingual:
    """Return words that are the same in both languages."""
    return Bilingual(text, text)


def left_out(name: str | None, reason: str, ward_code: str | None = None) -> tuple[Remark, ...]:
    """Return what is not visited, or not kept."""
    return (Remark(name, ward_code, said(reason)),)


def lunch_after(stop: int) -> LunchBreak:
    """Return lunch from 11:30 to 12:30 after a stop."""
    return LunchBreak(stop, *map(at, LUNCH))


def team_of(names: Sequence[str], number: int = 1, *, returns: bool = True) -> TeamDay:
    """Return a team that departs at 07:30, drives 12,5 minutes and 4.300 m a leg, and stays 30 minutes."""
    drive, stay, wait = 12.5, 30, 5
    start = TimedStop(
        "start",
        0,
        "Ủy ban nhân dân thành phố",
        *START,
        ward_code=None,
        precision="landmark",
        departure=at(450),
        is_estimate=False,
    )
    stops = [start]
    now: float = 450
    for place, name in enumerate(names):
        now += drive
        lat, lon = POINTS[place % len(POINTS)]
        waiting = wait if place == 0 else 0
        stops.append(
            TimedStop(
                "visit",
                place + 1,
                name,
                lat=lat + 0.012 * (place // len(POINTS)),
                lon=lon + 0.014 * (place // len(POINTS)),
                ward_code=CODES[place % len(CODES)] if place < len(CODES) else None,
                precision="ward_reference_point",
                arrival=at(now),
                begins=at(now + waiting),
                departure=at(now + waiting + stay),
                service_min=stay,
                waiting_min=waiting,
            )
        )
        now += waiting + stay
    if returns:
        now += drive
        stops.append(
            replace(start, kind="end", number=None, arrival=at(now), departure=None, is_estimate=True)
        )
    count = len(stops) - 1
    return TeamDay(
        team=number,
        stops=tuple(stops),
        legs=tuple(
            TimedLeg(4300.0, drive, "straight_line" if is_last else "network", _way(*ends, is_last))
            for place, ends in enumerate(pairwise(stops))
            for is_last in [place + 2 == len(stops)]
        ),
        lunch=None,
        totals=Totals(4300.0 * count, drive * count, stay * len(names), wait, now - 450),
    )


def _way(before: TimedStop, after: TimedStop, is_straight: bool) -> tuple[tuple[float, float], ...]:
    corner = [] if is_straight else [(after.lon, before.lat)]
    return ((before.lon, before.lat), *corner, (after.lon, after.lat))


def day_of(*teams: TeamDay) -> Document:
    """Return the document of a day, of one or of several teams."""
    return Document(
        title=said("Kiểm tra thực địa năm phường"),
        date=datetime.date(2023, 11, 23),
        vintage="2020-02-01",
        depart=at(450),
        teams=teams,
        most_teams=len(teams),
        unassigned=(),
        violations=(),
        is_order_given=False,
        proven_optimal=True,
        gain=None,
        assumptions=(
            Premise(message("hệ số đường vòng"), 1.3),
            Premise(message("tốc độ ngoài giờ cao điểm"), 28.0, "km/h", "giả định"),
        ),
        notes=(said("Thứ tự do chương trình tính, không phải thứ tự thực tế."),),
    )


def with_stop(day: Document, at: int, **changes: Any) -> Document:
    """Return a day of one team with something else at one of its stops."""
    [team] = day.teams
    stops = list(team.stops)
    stops[at] = replace(stops[at], **changes)
    return replace(day, teams=(replace(team, stops=tuple(stops)),))
