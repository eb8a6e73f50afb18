"""iCalendar: one entry a visit, at the right time of the right zone, and names that could break it."""

import datetime
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from geodata.itinerary.files.calendar import ics
from geodata.itinerary.files.wording import plain
from tests.planned_day import BACKGROUND, HOSTILE, NAMES, day_of, said, team_of

HANOI = datetime.timezone(datetime.timedelta(hours=7))


def read(content: bytes) -> tuple[Calendar, list[Event]]:
    """Return the calendar and its entries; not without what RFC 5545 demands of both."""
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    assert [part.errors for part in calendar.walk() if part.errors] == []
    zones = {zone["tzid"] for zone in calendar.walk("VTIMEZONE")}
    events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
        assert event["dtstart"].params["tzid"] in zones
        assert "DTEND" not in event or event.end > event.start
    assert len({event["uid"] for event in events}) == len(events)
    return calendar, events


def test_each_visit_is_an_entry() -> None:
    calendar, events = read(ics(day_of(team_of(NAMES))))
    assert calendar["x-wr-calname"] == "Kiểm tra thực địa năm phường"
    # RFC 5546: with a method it is a message of an organiser; Outlook would open another calendar.
    assert "method" not in calendar
    assert [event["summary"] for event in events] == [
        "Điểm thăm 1: Hùng Vương",
        "Điểm thăm 2: Dư Hàng Kênh",
        "Điểm thăm 3: Kênh Dương",
        "Điểm thăm 4: Cát Bi",
        "Điểm thăm 5: Ngọc Xuyên",
    ]
    first: Any = events[0]
    # Arrives 07:42:30, waits five minutes, stays thirty.
    assert first.start == datetime.datetime(2023, 11, 23, 7, 48, tzinfo=HANOI)
    assert first.end == datetime.datetime(2023, 11, 23, 8, 18, tzinfo=HANOI)
    assert (first["geo"].latitude, first["geo"].longitude) == (20.8605, 106.6270)
    assert first["location"] == "Hùng Vương"
    assert first["description"].split("\n") == [
        "Kiểm tra thực địa năm phường",
        "Xuất phát: Ủy ban nhân dân thành phố. Rời lúc 07:30",
        "Ủy ban nhân dân thành phố → Hùng Vương: 4,3 km, 13 phút",
        "Đến 07:43, làm việc 07:48–08:18, rời đi 08:18 (ước tính)",
        "Hùng Vương → Dư Hàng Kênh: 4,3 km, 13 phút",
        "",
        *BACKGROUND,
    ]
    assert "Kết thúc: Ủy ban nhân dân thành phố. Đến 11:20 (ước tính)" in str(events[-1]["description"])
    # Of a property that no standard knows the reader leaves the text as it stands in the file.
    told = re.sub(r"\\([,;])", r"\1", str(calendar["x-wr-caldesc"])).split("\\n")
    assert told == BACKGROUND


def test_the_same_itinerary_is_the_same_file() -> None:
    assert ics(day_of(team_of(NAMES))) == ics(day_of(team_of(NAMES)))


def test_a_visit_keeps_its_identifier_in_another_order() -> None:
    def uids(names: tuple[str, ...]) -> dict[str, str]:
        team = team_of(names)
        day = day_of(replace(team, stops=tuple(replace(stop, ward_code=None) for stop in team.stops)))
        return {str(event["location"]): str(event["uid"]) for event in read(ics(day))[1]}

    assert uids(NAMES) == uids(NAMES[::-1])


def test_teams_are_told_apart() -> None:
    _, events = read(ics(day_of(team_of(NAMES[:3]), team_of(NAMES[:3], 2)), "en"))
    assert [event["summary"] for event in events][2:4] == [
        "Team 1, Visit 3: Kênh Dương",
        "Team 2, Visit 1: Hùng Vương",
    ]
    assert [event.categories for event in events][2:4] == [["Team 1"], ["Team 2"]]


def test_a_visit_without_length_is_a_moment() -> None:
    team = team_of(NAMES[:1])
    start, visit, end = team.stops
    day = day_of(replace(team, stops=(start, replace(visit, service_min=0), end)))
    _, [event] = read(ics(day))
    assert "DTEND" not in event


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    _, [event] = read(ics(replace(day_of(team_of([name])), title=said(name), notes=(said(name),))))
    assert event["summary"] == f"Điểm thăm 1: {plain(name)}"
    assert event["location"] == plain(name)


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_name_is_read_back(name: str) -> None:
    _, [event] = read(ics(replace(day_of(team_of([name])), title=said(name))))
    assert event["summary"] in (f"Điểm thăm 1: {plain(name)}", "Điểm thăm 1: 20.86050, 106.62700")


def test_a_day_without_a_visit_is_a_calendar_without_entries() -> None:
    calendar, events = read(ics(day_of(team_of([], returns=False))))
    assert events == []
    assert len(calendar.subcomponents) == 1, "RFC 5545 demands a component"
