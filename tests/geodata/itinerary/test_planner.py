"""What a plan promises is kept under any terms, what does not fit is told, and bad input is refused."""

import math
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.contract.errors import GeodataError
from geodata.itinerary import routing
from geodata.itinerary.allowance import Allowance
from geodata.itinerary.day import make_day
from geodata.itinerary.exact_plan import best_orders
from geodata.itinerary.planner import Lunch, Plan, Stop, Terms, plan, vehicles_needed
from geodata.itinerary.routing import good_orders
from geodata.itinerary.schedule import schedule
from tests.geodata.itinerary.instances import city
from tests.geodata.itinerary.plan_checker import faults_of

# A line: the stops A, B, C lie 10, 20 and 30 minutes from the start, the way ends where it began.
PLACES = np.array([10.0, 20.0, 30.0, 0.0, 0.0])
LINE = np.abs(PLACES[:, None] - PLACES[None])
NAMES = ("A", "B", "C")
EIGHT, NOON = 480.0, 720.0


def on_the_line(*stops: Stop, terms: Terms | None = None, order: list[int] | None = None) -> Plan:
    asked = terms or Terms(EIGHT)
    places = [*range(len(stops)), 3, 4]
    minutes = LINE[np.ix_(places, places)]
    found = plan(stops, minutes, minutes * 500, asked, order=order)
    if order is None:
        assert faults_of(found, stops, minutes, minutes * 500, asked) == []
    return found


def three(**changes: Any) -> list[Stop]:
    return [Stop(name, service_min=20, **changes) for name in NAMES]


def orders_of(found: Plan) -> list[list[str]]:
    return [[NAMES[visit.stop] for visit in route.visits] for route in found.routes]


def reasons_of(found: Plan, language: Any = "en") -> dict[str, str]:
    return {NAMES[left.stop]: left.reason.render(language) for left in found.unassigned}


durations = st.integers(0, 90).map(float)
moments = st.integers(450, 1000).map(float)


@st.composite
def stops_of_a_day(draw: st.DrawFn, most: int) -> list[Stop]:
    found = []
    for number in range(draw(st.integers(1, most))):
        earliest = draw(st.none() | moments)
        length = draw(st.none() | st.integers(0, 200))
        latest = None if length is None else max(EIGHT, earliest or EIGHT) + length
        is_must = draw(st.booleans())
        found.append(Stop(str(number), draw(durations), earliest, latest, is_must, draw(st.integers(0, 40))))
    return found


terms_of_a_day = st.builds(
    Terms,
    depart_min=st.just(EIGHT),
    teams=st.integers(1, 4),
    capacity=st.none() | st.integers(20, 90),
    longest_shift_min=st.none() | st.integers(60, 600).map(float),
    lunch=st.none() | st.builds(Lunch, st.just(690.0), st.integers(690, 780).map(float), durations),
    end=st.sampled_from(["same", "other", "open"]),
    latest_return_min=st.none() | st.integers(500, 1100).map(float),
)


@given(stops=stops_of_a_day(8), terms=terms_of_a_day, seed=st.integers(0, 10**6), gaps=st.booleans())
@settings(max_examples=120)
def test_no_window_capacity_shift_or_lunch_is_ever_broken(
    stops: list[Stop], terms: Terms, seed: int, gaps: bool
) -> None:
    minutes = city(len(stops), seed, is_symmetric=False, end_elsewhere=True)
    if gaps:
        minutes[np.random.default_rng(seed).random(minutes.shape) < 0.2] = np.inf
    found = plan(stops, minutes, minutes * 500, terms, seconds=600)
    assert faults_of(found, stops, minutes, minutes * 500, terms) == []
    assert found.proven_optimal


@given(stops=stops_of_a_day(7), terms=terms_of_a_day, seed=st.integers(0, 10**6), gaps=st.booleans())
@settings(max_examples=60)
def test_the_search_keeps_all_terms_and_is_never_better_than_what_is_proven(
    stops: list[Stop], terms: Terms, seed: int, gaps: bool
) -> None:
    minutes = city(len(stops), seed, is_symmetric=False)
    if gaps:
        minutes[np.random.default_rng(seed).random(minutes.shape) < 0.2] = np.inf
    day = make_day(stops, minutes, minutes * 500, terms)
    orders = good_orders(day, len(stops), 1, Allowance.lasting(0.08))
    for order in orders:
        assert schedule(day, order).is_kept
        assert day.load(order) <= day.capacity
        assert math.isfinite(day.travel_min(order))
    assert len(orders) <= terms.teams
    proven = best_orders(day, len(stops), lambda: False)
    assert proven is not None
    musts, mays, travel = day.worth(orders)
    assert (musts, mays, round(travel, 6)) <= (*day.worth(proven)[:2], round(day.worth(proven)[2], 6))


@given(stops=stops_of_a_day(30), terms=terms_of_a_day, seed=st.integers(0, 10**6))
@settings(max_examples=12)
def test_larger_days_keep_all_terms_too(stops: list[Stop], terms: Terms, seed: int) -> None:
    minutes = city(len(stops), seed) / 3
    found = plan(stops, minutes, minutes * 500, terms, seconds=0.3)
    assert faults_of(found, stops, minutes, minutes * 500, terms) == []


def test_who_is_early_waits_for_the_window() -> None:
    found = on_the_line(Stop("A", 20, earliest_min=540))
    (route,) = found.routes
    (visit,) = route.visits
    assert (visit.arrives_min, visit.begins_min, visit.ends_min) == (490, 540, 560)
    assert (route.waiting_min, route.travel_min, route.returns_min, route.distance_m) == (50, 20, 570, 10_000)


def test_a_window_turns_the_order_round() -> None:
    terms = Terms(EIGHT, end="open")
    assert orders_of(on_the_line(*three(), terms=terms)) == [["A", "B", "C"]]
    stops = three()
    stops[2] = replace(stops[2], latest_min=EIGHT + 30)
    assert orders_of(on_the_line(*stops, terms=terms)) == [["C", "B", "A"]]


def test_lunch_is_taken_between_visits_and_is_not_waiting() -> None:
    lunch = Lunch(earliest_min=530, latest_min=540, length_min=45)
    found = on_the_line(*three(), terms=Terms(EIGHT, lunch=lunch, end="open"))
    (route,) = found.routes
    # A until 08:30, B until 09:00 and C reached at 09:10; lunch may begin from 08:50 to 09:00
    assert orders_of(found) == [["A", "B", "C"]]
    assert route.lunch == (1, 540, 585)
    assert (route.waiting_min, route.returns_min) == (0, None)
    assert route.visits[-1].ends_min == 585 + 10 + 20


def test_who_is_back_before_lunch_has_none_on_the_way() -> None:
    found = on_the_line(*three(), terms=Terms(EIGHT, lunch=Lunch(690, NOON, 60)))
    assert [route.lunch for route in found.routes] == [None]
    assert found.unassigned == ()


def test_teams_share_the_stops_where_nothing_else_divides_them() -> None:
    stops = [Stop(str(stop), 10) for stop in range(12)]
    minutes = city(12, 4)
    for teams in (2, 3, 5):
        found = plan(stops, minutes, minutes * 500, Terms(EIGHT, teams=teams))
        assert faults_of(found, stops, minutes, minutes * 500, Terms(EIGHT, teams=teams)) == []
        assert max(len(route.visits) for route in found.routes) == math.ceil(12 / teams)
        assert found.proven_optimal


def test_no_stop_is_left_out_so_that_teams_may_share() -> None:
    # only who has come to A first can go on to B and C
    minutes = np.full((5, 5), np.inf)
    for origin, destination in [(3, 0), (0, 1), (1, 2), (0, 4), (1, 4), (2, 4)]:
        minutes[origin, destination] = 10
    found = plan([Stop(name) for name in NAMES], minutes, minutes * 500, Terms(EIGHT, teams=2))
    assert orders_of(found) == [["A", "B", "C"]]


def test_360_delegates_need_8_buses_of_45() -> None:
    assert vehicles_needed(360, 45) == 8
    assert vehicles_needed(361, 45) == 9


def test_a_capacity_divides_the_stops_among_teams() -> None:
    found = on_the_line(*three(load=30), terms=Terms(EIGHT, teams=3, capacity=60))
    assert sorted(len(route.visits) for route in found.routes) == [1, 2]
    assert found.unassigned == ()


@pytest.mark.parametrize(
    ("changes", "terms", "english"),
    [
        (
            {"latest_min": EIGHT + 25},
            Terms(EIGHT),
            "the window ends at 08:25, and nobody can be there before 08:30",
        ),
        ({"load": 50}, Terms(EIGHT, capacity=45), "its load of 50 is more than one team takes: 45"),
        (
            {"service_min": 100},
            Terms(EIGHT, longest_shift_min=150),
            "the day would last until 10:40, longer than the longest shift, which ends at 10:30",
        ),
        (
            {"service_min": 100},
            Terms(EIGHT, latest_return_min=630),
            "the day would last until 10:40, after the latest return at 10:30",
        ),
        (
            {"service_min": 100},
            Terms(EIGHT, lunch=Lunch(490, 500, 30)),
            "no time is left for the lunch break",
        ),
    ],
)
@pytest.mark.parametrize("is_must", [True, False])
def test_a_stop_that_cannot_be_visited_even_alone_is_told_with_its_reason(
    changes: dict[str, Any], terms: Terms, english: str, is_must: bool
) -> None:
    far = replace(Stop("C", 20, is_must=is_must), **changes)
    found = plan([far], LINE[np.ix_([2, 3, 4], [2, 3, 4])], LINE[np.ix_([2, 3, 4], [2, 3, 4])], terms)
    assert (found.routes, found.proven_optimal) == ((), True)
    (left,) = found.unassigned
    assert (left.stop, left.reason.render("en")) == (0, english)
    assert left.reason.render("vi") != english


@pytest.mark.parametrize(
    ("cells", "english"),
    [
        ((slice(None), 1), "no path leads there from the start"),
        ((1, slice(None)), "no path leads from there to the end"),
    ],
)
def test_no_path_to_a_stop_is_told_and_the_others_are_visited(cells: Any, english: str) -> None:
    minutes = LINE.copy()
    minutes[cells] = np.inf
    found = plan(three(), minutes, LINE * 500, Terms(EIGHT))
    assert [sorted(order) for order in orders_of(found)] == [["A", "C"]]
    assert reasons_of(found) == {"B": english}


def test_may_stops_give_way_to_must_stops_and_are_told() -> None:
    stops = [Stop("A", 60, is_must=False), Stop("B", 60, is_must=False), Stop("C", 60)]
    found = on_the_line(*stops, terms=Terms(EIGHT, longest_shift_min=200))
    assert sorted(orders_of(found)[0]) in (["A", "C"], ["B", "C"])
    (reason,) = reasons_of(found).values()
    assert reason == "no order has time or room for it beside the other stops"
    assert found.proven_optimal


def test_loads_beyond_all_teams_are_told_as_such() -> None:
    found = on_the_line(*three(load=40), terms=Terms(EIGHT, teams=2, capacity=45))
    (reason,) = reasons_of(found).values()
    assert reason == "the stops' loads, 120 in all, are more than the teams take: 2 × 45"


def test_a_locked_order_is_scheduled_as_it_stands() -> None:
    found = on_the_line(*three(), order=[2, 0, 1])
    (route,) = found.routes
    assert orders_of(found) == [["C", "A", "B"]]
    assert [visit.arrives_min for visit in route.visits] == [510, 550, 580]
    assert (route.travel_min, route.returns_min) == (80, 620)
    assert (found.unassigned, found.violations, found.proven_optimal) == ((), (), False)


def test_a_locked_order_tells_what_it_breaks() -> None:
    stops = three(load=20)
    stops[1] = replace(stops[1], latest_min=520)
    terms = Terms(EIGHT, capacity=50, longest_shift_min=110, lunch=Lunch(480, 485, 30))
    found = on_the_line(*stops, terms=terms, order=[2, 1, 0])
    assert orders_of(found) == [["C", "B", "A"]]
    assert [(broken.stop, broken.reason.render("en")) for broken in found.violations] == [
        (1, "the visit begins at 09:00, after its window, which ends at 08:40"),
        (None, "the stops' loads, 60 in all, are more than the team takes: 50"),
        (None, "no time is left for the lunch break"),
        (None, "the day would last until 10:00, longer than the longest shift, which ends at 09:50"),
    ]


def test_a_locked_order_leaves_out_what_no_path_leads_to_and_tells_what_it_lacks() -> None:
    minutes = LINE.copy()
    minutes[:, 1] = np.inf
    found = plan(three(), minutes, LINE * 500, Terms(EIGHT), order=[0, 1])
    assert orders_of(found) == [["A"]]
    assert reasons_of(found) == {
        "B": "no path leads there from the stop before",
        "C": "it is not in the locked order",
    }


def test_a_day_without_stops_is_an_empty_plan() -> None:
    assert plan([], np.zeros((2, 2)), np.zeros((2, 2)), Terms(EIGHT)) == Plan((), (), proven_optimal=True)


def _refused(stops: list[Stop], terms: Terms, **rest: Any) -> list[str]:
    size = len(stops) + 2
    minutes = rest.pop("duration_min", np.ones((size, size)))
    with pytest.raises(GeodataError) as error:
        plan(stops, minutes, np.ones((size, size)), terms, **rest)
    assert all(fault.render("vi") != fault.render("en") for fault in error.value.faults)
    return [fault.render("en") for fault in error.value.faults]


@pytest.mark.parametrize(
    ("stop", "fault"),
    [
        (
            Stop("A", latest_min=470),
            "A, latest_min “07:50”: the window ends before the departure at 08:00"
            " → a window that ends after the departure",
        ),
        (
            Stop("A", earliest_min=600, latest_min=590),
            "A, earliest_min, latest_min “10:00–09:50”: the window ends before it begins"
            " → a window whose end comes after its begin",
        ),
        (
            Stop("A", service_min=-5),
            "A, service_min “-5”: is not a length of a visit → a number of minutes, 0 or more",
        ),
        (
            Stop("A", service_min=math.nan),
            "A, service_min “nan”: is not a length of a visit → a number of minutes, 0 or more",
        ),
        (
            Stop("A", earliest_min=math.nan),
            "A, earliest_min “nan”: is not a time of the day → a time of the day",
        ),
        (Stop("A", load=-1), "A, load “-1”: is not a load → a whole number, 0 or more"),
    ],
)
def test_a_stop_that_makes_no_sense_is_refused(stop: Stop, fault: str) -> None:
    assert _refused([stop], Terms(EIGHT)) == [fault]


@pytest.mark.parametrize(
    ("terms", "column"),
    [
        (Terms(math.nan), "depart_min"),
        (Terms(EIGHT, teams=0), "teams"),
        (Terms(EIGHT, capacity=0), "capacity"),
        (Terms(EIGHT, longest_shift_min=-1), "longest_shift_min"),
        (Terms(EIGHT, latest_return_min=470), "latest_return_min"),
        (Terms(EIGHT, lunch=Lunch(720, 700, 30)), "lunch"),
        (Terms(EIGHT, lunch=Lunch(690, 700, -30)), "lunch"),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: Terms, column: str) -> None:
    (fault,) = _refused([Stop("A")], terms)
    assert fault.startswith(column)


@pytest.mark.parametrize("value", [math.nan, -1.0])
def test_a_leg_without_a_duration_is_refused_with_its_ends(value: float) -> None:
    minutes = np.ones((4, 4))
    minutes[2, 1] = value
    (fault,) = _refused([Stop("A"), Stop("B")], Terms(EIGHT), duration_min=minutes)
    assert fault == (
        f"duration_min “{value}”: from the start to B → a number, 0 or more, or infinite where no path leads"
    )


def test_what_nobody_travels_may_be_anything() -> None:
    minutes = np.ones((3, 3))
    minutes[2, :] = minutes[:, 1] = minutes[0, 0] = minutes[:, 2] = math.nan
    found = plan([Stop("A")], minutes, minutes, Terms(EIGHT, end="open"))
    assert found.routes[0].travel_min == 1


def test_a_matrix_of_another_size_is_refused() -> None:
    (fault,) = _refused(three(), Terms(EIGHT), duration_min=np.ones((2, 2)))
    assert fault == (
        "duration_min “2 × 2”: is not the size of the matrix"
        " → 5 rows and columns: 3 stops, the start, the end"
    )


def test_all_faults_are_told_at_once() -> None:
    stops = [Stop("A", service_min=-1), Stop("B", earliest_min=600, latest_min=500)]
    faults = _refused(stops, Terms(EIGHT, teams=2, capacity=-4), order=[0, 0, 7])
    assert len(faults) == 6
    assert [fault.split(":")[0] for fault in faults[-3:]] == ["A, order", "order “7”", "teams “2”"]


def test_a_stop_button_ends_a_search_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing else ends it within an hour.
    monkeypatch.setattr(routing, "ROUNDS_WITHOUT_GAIN_PER_STOP", 10**12)
    asked = count()
    stops = [Stop(str(stop), 5) for stop in range(60)]
    minutes = city(60, 60)
    found = plan(stops, minutes, minutes, Terms(EIGHT), seconds=3600, should_stop=lambda: next(asked) >= 50)
    assert next(asked) < 60
    assert faults_of(found, stops, minutes, minutes, Terms(EIGHT)) == []
    assert len(found.routes[0].visits) == 60


def test_a_button_pressed_before_the_search_still_gives_a_plan() -> None:
    stops = [Stop(str(stop), 5, latest_min=NOON) for stop in range(11)]
    minutes = city(11, 11)
    found = plan(stops, minutes, minutes, Terms(EIGHT), should_stop=lambda: True)
    assert faults_of(found, stops, minutes, minutes, Terms(EIGHT)) == []
    assert not found.proven_optimal


def test_the_same_seed_gives_the_same_plan() -> None:
    stops = [Stop(str(stop), 5, load=10) for stop in range(14)]
    minutes = city(14, 14)
    terms = Terms(EIGHT, teams=3, capacity=60)
    # ended by rounds without a gain, long before its time
    first, second = (plan(stops, minutes, minutes, terms, seconds=3600, seed=3) for _ in range(2))
    assert first == second


def test_a_search_that_ends_by_itself_says_that_more_time_leads_no_further() -> None:
    stops = [Stop(str(stop), 5) for stop in range(14)]
    minutes = city(14, 14)
    whole = plan(stops, minutes, minutes, Terms(EIGHT), seconds=600)
    assert whole.is_searched_out and not whole.proven_optimal
    cut = plan(stops, minutes, minutes, Terms(EIGHT), seconds=600, should_stop=lambda: True)
    assert not cut.is_searched_out
    assert not plan(stops, minutes, minutes, Terms(EIGHT), seconds=0).is_searched_out
    proven = plan(stops[:5], minutes[:7, :7], minutes[:7, :7], Terms(EIGHT))
    assert proven.proven_optimal and not proven.is_searched_out
