"""The documents of two days of visits, made by hand: what `geodata.itinerary.document` returns.

One team drives along five points, the last leg in a straight line; several teams share its visits.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

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


def at(minutes: float) -> str:
    """Return a time of the day, given in minutes after midnight."""
    return f"2023-11-23T{int(minutes) // 60:02d}:{int(minutes) % 60:02d}:{round(minutes % 1 * 60):02d}+07:00"


def team_of(names: Sequence[str], number: int = 1, *, returns: bool = True) -> dict[str, Any]:
    """Return a team that departs at 07:30, drives 12,5 minutes and 4.300 m a leg, and stays 30 minutes."""
    drive, stay, wait = 12.5, 30, 5
    start = {
        "kind": "start",
        "number": 0,
        "name": "Ủy ban nhân dân thành phố",
        "lat": START[0],
        "lon": START[1],
        "ward_code": None,
        "precision": "landmark",
        "arrival": None,
        "begins": None,
        "departure": at(450),
        "service_min": 0,
        "waiting_min": 0,
        "load": 0,
        "is_estimate": False,
    }
    stops: list[dict[str, Any]] = [start]
    now: float = 450
    for place, name in enumerate(names):
        now += drive
        lat, lon = POINTS[place % len(POINTS)]
        waiting = wait if place == 0 else 0
        stops.append(
            start
            | {
                "kind": "visit",
                "number": place + 1,
                "name": name,
                "lat": lat + 0.012 * (place // len(POINTS)),
                "lon": lon + 0.014 * (place // len(POINTS)),
                "ward_code": CODES[place % len(CODES)] if place < len(CODES) else None,
                "precision": "ward_reference_point",
                "arrival": at(now),
                "begins": at(now + waiting),
                "departure": at(now + waiting + stay),
                "service_min": stay,
                "waiting_min": waiting,
                "load": 0,
                "is_estimate": True,
            }
        )
        now += waiting + stay
    if returns:
        now += drive
        stops.append(
            start
            | {"kind": "end", "number": None, "arrival": at(now), "departure": None, "is_estimate": True}
        )
    legs = [
        {
            "from": place,
            "to": place + 1,
            "distance_m": 4300.0,
            "duration_min": drive,
            "method": "straight_line" if place + 2 == len(stops) else "network",
            "geometry": {"type": "LineString", "coordinates": _way(before, after, place + 2 == len(stops))},
        }
        for place, (before, after) in enumerate(pairwise(stops))
    ]
    return {
        "team": number,
        "stops": stops,
        "legs": legs,
        "lunch": None,
        "totals": {
            "distance_m": 4300.0 * len(legs),
            "travel_min": drive * len(legs),
            "service_min": stay * len(names),
            "waiting_min": wait,
            "duration_min": now - 450,
        },
    }


def _way(before: dict[str, Any], after: dict[str, Any], is_straight: bool) -> list[list[float]]:
    corner = [] if is_straight else [[after["lon"], before["lat"]]]
    return [[before["lon"], before["lat"]], *corner, [after["lon"], after["lat"]]]


def day_of(*teams: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a day, of one or of several teams."""
    return {
        "title": "Kiểm tra thực địa năm phường",
        "date": "2023-11-23",
        "vintage": "2020-02-01",
        "depart": at(450),
        **({"teams": list(teams)} if len(teams) > 1 else teams[0]),
        "unassigned": [],
        "violations": [],
        "proven_optimal": True,
        "gain": None,
        "assumptions": [
            {"what": "hệ số đường vòng", "value": 1.3, "unit": "", "source": None, "is_assumption": True},
            {
                "what": "tốc độ ngoài giờ cao điểm",
                "value": 28.0,
                "unit": "km/h",
                "source": "giả định",
                "is_assumption": True,
            },
        ],
        "notes": ["Thứ tự tính toán, không phải lịch sử."],
    }
