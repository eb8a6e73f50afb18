"""The document of an itinerary: its stops, times and legs as the JSON promises them."""

import datetime
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geodata.itinerary.document import as_json, document
from geodata.itinerary.itinerary import Itinerary, make_itinerary
from geodata.itinerary.place_search import find_place
from geodata.itinerary.places import Gazetteer, default_start
from geodata.itinerary.request import Call, Request
from geodata.itinerary.terms import Lunch
from geodata.language import Language
from tests.small_city import OLD
from tests.visited_city import read_gazetteer, write_landmarks


@pytest.fixture(scope="module")
def known(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return read_gazetteer(small_gpkg, write_landmarks(tmp_path_factory.mktemp("landmarks")))


@pytest.fixture
def request_of_three(known: Gazetteer) -> Request:
    start = default_start(known)
    assert start is not None
    calls = tuple(Call(find_place(f"0000{code}", OLD, known), 30) for code in (4, 2, 3))
    return Request(
        datetime.date(2022, 9, 12), OLD, datetime.time(8), start, calls, title="Thăm", title_en="Visit"
    )


def written(made: Itinerary, language: Language = "vi") -> dict[str, Any]:
    return as_json(document(made), language)


def moment(iso: str | None) -> datetime.datetime:
    assert iso is not None
    return datetime.datetime.fromisoformat(iso)


def minutes(since: str | None, until: str | None) -> float:
    return (moment(until) - moment(since)).total_seconds() / 60


def check_times(team: dict[str, Any]) -> None:
    """Assert that arrivals follow from departures, and departures from visits, all in whole minutes."""
    times = [
        stop[name] for stop in team["stops"] for name in ("arrival", "begins", "departure") if stop[name]
    ]
    assert all(time.endswith(":00+07:00") for time in times)
    assert all(isinstance(leg["duration_min"], int) for leg in team["legs"])
    assert len(team["legs"]) == len(team["stops"]) - 1
    for leg, (before, after) in zip(team["legs"], itertools.pairwise(team["stops"]), strict=True):
        assert minutes(before["departure"], after["arrival"]) == pytest.approx(leg["duration_min"], abs=1)
    for stop in team["stops"]:
        if stop["kind"] == "visit":
            waited = minutes(stop["arrival"], stop["begins"])
            assert waited >= stop["waiting_min"] - 1
            assert minutes(stop["begins"], stop["departure"]) >= stop["service_min"] - 1


def test_one_teams_stops_and_legs_stand_at_the_top(request_of_three: Request) -> None:
    made = written(make_itinerary(request_of_three))
    assert [(stop["kind"], stop["number"], stop["ward_code"]) for stop in made["stops"]] == [
        ("start", 0, None),
        ("visit", 1, "00002"),
        ("visit", 2, "00003"),
        ("visit", 3, "00004"),
        ("end", None, None),
    ]
    assert (made["date"], made["vintage"], made["title"]) == ("2022-09-12", OLD, "Thăm")
    assert made["depart"] == made["stops"][0]["departure"] == "2022-09-12T08:00:00+07:00"
    assert made["stops"][0]["arrival"] is None and made["stops"][-1]["departure"] is None
    assert [stop["is_estimate"] for stop in made["stops"]] == [False, True, True, True, True]
    check_times(made)
    assert made["proven_optimal"] is True and made["unassigned"] == [] and made["violations"] == []
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_legs_say_how_long_they_are_and_where_they_run(request_of_three: Request) -> None:
    made = written(make_itinerary(request_of_three))
    assert [(leg["from"], leg["to"], leg["method"]) for leg in made["legs"]] == [
        (0, 1, "straight_line"),
        (1, 2, "straight_line"),
        (2, 3, "straight_line"),
        (3, 4, "straight_line"),
    ]
    for leg in made["legs"]:
        ends = [[made["stops"][leg[end]][axis] for axis in ("lon", "lat")] for end in ("from", "to")]
        assert leg["geometry"] == {"type": "LineString", "coordinates": ends}
    totals = made["totals"]
    assert totals["distance_m"] == pytest.approx(sum(leg["distance_m"] for leg in made["legs"]), abs=3)
    assert totals["travel_min"] == pytest.approx(sum(leg["duration_min"] for leg in made["legs"]), abs=2)
    assert totals["service_min"] == 90
    assert totals["duration_min"] == pytest.approx(totals["travel_min"] + 90, abs=0.1)


def test_an_open_end_has_no_stop(request_of_three: Request) -> None:
    made = written(make_itinerary(replace(request_of_three, end="open")))
    assert [stop["kind"] for stop in made["stops"]] == ["start", "visit", "visit", "visit"]
    check_times(made)


def test_a_visit_where_the_way_begins_is_no_way_at_all(request_of_three: Request) -> None:
    made = written(make_itinerary(replace(request_of_three, start=request_of_three.calls[0].place)))
    assert min(leg["distance_m"] for leg in made["legs"]) == 0
    check_times(made)


def test_who_comes_early_waits_and_lunch_is_no_waiting(request_of_three: Request) -> None:
    calls = (replace(request_of_three.calls[0], earliest=datetime.time(9, 0)), *request_of_three.calls[1:])
    waits = written(make_itinerary(replace(request_of_three, calls=calls[:1])))
    waited = 60 - waits["legs"][0]["duration_min"]
    assert waits["stops"][1]["begins"] == "2022-09-12T09:00:00+07:00"
    assert waits["stops"][1]["waiting_min"] == pytest.approx(waited, abs=1)
    assert waits["totals"]["waiting_min"] == pytest.approx(waited, abs=1)

    rests = written(make_itinerary(replace(request_of_three, lunch=Lunch(8.5 * 60, 9 * 60, 60))))
    lunch = rests["lunch"]
    assert minutes(lunch["begins"], lunch["ends"]) == 60
    assert minutes(rests["stops"][0]["departure"], rests["stops"][-1]["arrival"]) == pytest.approx(
        rests["totals"]["travel_min"] + 90 + 60 + rests["totals"]["waiting_min"], abs=2
    )
    check_times(rests)


def test_several_teams_stand_in_a_list_each_with_its_own_stops(request_of_three: Request) -> None:
    calls = tuple(replace(call, load=1) for call in request_of_three.calls)
    made = written(make_itinerary(replace(request_of_three, calls=calls, capacity=2, teams=2)))
    assert "stops" not in made
    assert [team["team"] for team in made["teams"]] == [1, 2]
    visited = [
        stop["ward_code"] for team in made["teams"] for stop in team["stops"] if stop["kind"] == "visit"
    ]
    assert sorted(visited) == ["00002", "00003", "00004"]
    for team in made["teams"]:
        check_times(team)
    assert made["gain"] is None


def test_what_does_not_fit_is_listed_with_its_reason_in_the_language_asked(request_of_three: Request) -> None:
    made = make_itinerary(replace(request_of_three, longest_shift_min=45.0))
    left = written(made, "en")["unassigned"]
    assert len(left) == 2 and all(one["reason"] and one["ward_code"] for one in left)
    assert written(made, "vi")["unassigned"][0]["reason"] != left[0]["reason"]
    assert written(made, "en")["title"] == "Visit"


def test_a_day_on_which_nothing_fits_still_has_its_start(request_of_three: Request) -> None:
    made = written(make_itinerary(replace(request_of_three, longest_shift_min=5.0)))
    assert [stop["kind"] for stop in made["stops"]] == ["start"]
    assert made["legs"] == [] and len(made["unassigned"]) == 3
