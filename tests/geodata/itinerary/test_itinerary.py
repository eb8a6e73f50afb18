"""From a request to an itinerary: the order, what it saves, what is said of it, every fault of a request."""

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geodata.contract.errors import GeodataError
from geodata.contract.layers import read_layer
from geodata.itinerary.cases import Case, case_requests
from geodata.itinerary.document import document
from geodata.itinerary.files.wording import order_text
from geodata.itinerary.itinerary import Itinerary, make_itinerary
from geodata.itinerary.place_search import find_place
from geodata.itinerary.places import Gazetteer, Place, default_start
from geodata.itinerary.request import Call, Request
from geodata.itinerary.travel import read_assumptions
from geodata.language import Message
from tests.small_city import OLD
from tests.street_grid import Street, network, points
from tests.visited_city import read_gazetteer, write_landmarks

EIGHT = datetime.time(8)
DAY = datetime.date(2022, 9, 12)


@pytest.fixture(scope="module")
def known(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return read_gazetteer(small_gpkg, write_landmarks(tmp_path_factory.mktemp("landmarks")))


@pytest.fixture
def east_first(known: Gazetteer) -> Request:
    """Return a request from the westernmost ward to the others, the farthest of them named first."""
    an_dong, hoa_binh, thuy_tay, nui_deo = (find_place(f"0000{code}", OLD, known) for code in range(1, 5))
    calls = tuple(Call(place, 30) for place in (nui_deo, hoa_binh, thuy_tay))
    return Request(DAY, OLD, EIGHT, an_dong, calls, end="open")


def order(itinerary: Itinerary) -> list[str | None]:
    [route] = itinerary.plan.routes
    return [itinerary.request.calls[visit.stop].place.ward_code for visit in route.visits]


def told(itinerary: Itinerary) -> str:
    return "\n".join(note.render("en") for note in itinerary.notes)


def faults(request: Request) -> list[str]:
    with pytest.raises(GeodataError) as caught:
        make_itinerary(request)
    return [fault.render("en") for fault in caught.value.faults]


def test_the_stops_come_in_the_order_that_travels_least_and_the_gain_is_against_the_one_given(
    east_first: Request,
) -> None:
    made = make_itinerary(east_first)
    assert order(made) == ["00002", "00003", "00004"]
    assert made.plan.proven_optimal
    factor = read_assumptions().at("detour_factor", EIGHT).value
    speed = read_assumptions().at("straight_line_speed", EIGHT).value
    assert made.plan.routes[0].distance_m == pytest.approx(3000 * factor, rel=0.01)
    # The order given goes 3 km east, 2 km back, and 1 km east again.
    assert made.gain is not None
    assert made.gain.distance_m == pytest.approx(3000 * factor, rel=0.01)
    assert made.gain.travel_min == pytest.approx(3 * factor / speed * 60, rel=0.01)


def test_a_locked_order_is_kept_and_its_cost_shows(east_first: Request) -> None:
    made = make_itinerary(replace(east_first, order=(0, 1, 2)))
    assert order(made) == ["00004", "00002", "00003"]
    assert made.gain is not None
    assert made.gain.travel_min == pytest.approx(0)
    worse = make_itinerary(replace(east_first, order=(1, 0, 2)))
    assert order(worse) == ["00002", "00004", "00003"]
    assert worse.gain is not None and worse.gain.distance_m > 0


def test_the_order_given_stays_where_no_other_is_better(east_first: Request) -> None:
    tour = replace(east_first, end="same")
    as_named = tuple(sorted(tour.calls, key=lambda call: str(call.place.ward_code)))
    for calls in (as_named, as_named[::-1]):
        made = make_itinerary(replace(tour, calls=calls))
        assert order(made) == [call.place.ward_code for call in calls]
        assert made.plan.proven_optimal


def test_who_begins_at_a_stop_visits_it_first(east_first: Request) -> None:
    nui_deo, hoa_binh, thuy_tay = east_first.calls
    west = Call(east_first.start)
    # The order given is longer; a tour that came back to its start at the end would be as long.
    tour = replace(east_first, calls=(west, thuy_tay, hoa_binh, nui_deo), end="same")
    made = make_itinerary(tour)
    assert made.gain is not None and made.gain.distance_m > 100
    assert order(made)[0] == "00001"


def test_there_is_no_gain_where_nothing_can_be_compared(east_first: Request) -> None:
    assert make_itinerary(replace(east_first, calls=east_first.calls[:1])).gain is None
    short = make_itinerary(replace(east_first, longest_shift_min=45.0))
    assert short.plan.unassigned and short.gain is None


def test_the_way_ends_where_it_is_asked_to(east_first: Request, known: Gazetteer) -> None:
    assert make_itinerary(east_first).plan.routes[0].returns_min is None
    home = make_itinerary(replace(east_first, end="same"))
    factor = read_assumptions().at("detour_factor", EIGHT).value
    assert home.plan.routes[0].distance_m == pytest.approx(6000 * factor, rel=0.01)
    start = default_start(known)
    assert start is not None
    away = make_itinerary(replace(east_first, end=replace(start, name="x")))
    assert away.plan.routes[0].distance_m == pytest.approx((3000 + 3026.5) * factor, rel=0.01)


def test_windows_bind_the_order(east_first: Request) -> None:
    first = replace(east_first.calls[0], latest=datetime.time(8, 30))
    made = make_itinerary(replace(east_first, calls=(first, *east_first.calls[1:])))
    assert order(made)[0] == "00004"


def test_points_that_are_no_stations_are_named_and_legs_that_are_estimates_are_counted(
    east_first: Request,
) -> None:
    notes = told(make_itinerary(east_first))
    assert (
        "A point inside the ward stands for a station whose place is not on record: Công an phường An Đông,"
        " Công an thị trấn Núi Đèo, Công an phường Hòa Bình, Công an xã Thủy Tây." in notes
    )
    assert "Legs by straight line: 3 of 3; their length and time are estimates." in notes
    placed = tuple(
        replace(call, place=replace(call.place, precision="surveyed")) for call in east_first.calls
    )
    start = replace(east_first.start, precision="landmark", is_uncertain=True, name="Rạp 78")
    placed = (replace(placed[0], place=replace(placed[0].place, is_illustrative=True)), *placed[1:])
    notes = told(make_itinerary(replace(east_first, calls=placed, start=start)))
    assert "A point inside the ward" not in notes
    assert "It is not certain that these landmarks are named right: Rạp 78." in notes
    assert "Illustrative points, no real places: Công an thị trấn Núi Đèo." in notes


def test_delegates_who_stay_together_need_a_convoy(east_first: Request) -> None:
    made = make_itinerary(replace(east_first, delegates=360, capacity=45))
    assert "360 delegates in vehicles of 45 seats: 8 vehicles that drive together." in told(made)
    assert not made.plan.unassigned
    real = make_itinerary(replace(east_first, delegates=360, capacity=45, is_schedule_assumed=True))
    assert "It is assumed that 360 delegates in vehicles of 45 seats drive together in 8 vehicles." in told(
        real
    )
    assert "Vehicles that drive together" in {premise.what.render("en") for premise in real.premises}


def test_loads_are_bound_by_the_seats_of_a_team(east_first: Request) -> None:
    calls = tuple(replace(call, load=30) for call in east_first.calls)
    made = make_itinerary(replace(east_first, calls=calls, capacity=60, teams=2))
    assert sorted(len(route.visits) for route in made.plan.routes) == [1, 2]


def test_what_times_rest_on_is_told_with_its_origin(east_first: Request) -> None:
    premises = {premise.what.render("en"): premise for premise in make_itinerary(east_first).premises}
    assert premises["Way by street over straight line"].is_assumption
    assert "Time of departure" not in premises
    assumed = make_itinerary(replace(east_first, is_schedule_assumed=True, capacity=45))
    values = {premise.what.render("en"): premise.value for premise in assumed.premises}
    assert values["Place of departure"] == east_first.start.name
    assert values["Time of departure"] == "08:00"
    assert values["Length of each visit"] == 30
    assert values["Seats of one vehicle"] == 45


def test_every_fault_of_a_request_is_told_once(east_first: Request) -> None:
    near, middle, far = east_first.calls
    bad = replace(
        east_first,
        calls=(
            near,
            replace(near),
            replace(middle, service_min=-5, load=-1),
            replace(far, earliest=datetime.time(10), latest=datetime.time(9)),
            Call(Place("Nhà", 20.0, 106.0, "given"), latest=datetime.time(7)),
        ),
        teams=0,
        capacity=0,
        longest_shift_min=0,
        latest_return=datetime.time(7, 30),
    )
    assert faults(bad) == [
        "stop “Công an thị trấn Núi Đèo (00004)”: is asked for 2 times → once",
        "service-min “-5, Công an phường Hòa Bình”: a visit can't take less than no time → 0 minutes or more",
        "load “-1”: is too small → at least 0",
        "window “Công an xã Thủy Tây 10:00–09:00”: closes before it opens → the earlier time first",
        "window “Nhà –07:00”: closes before the departure → a time after 08:00",
        "teams “0”: is too small → at least 1",
        "capacity “0”: is too small → at least 1",
        "shift-min “0”: is too small → more than 0 minutes",
        "return-by “07:30”: is not after the departure → a time after 08:00",
    ]


def test_a_request_without_stops_and_an_order_for_several_teams_are_refused(east_first: Request) -> None:
    assert faults(replace(east_first, calls=())) == ["stop: none is asked for → one at least"]
    assert faults(replace(east_first, order=(0, 1, 2), teams=2)) == [
        "teams “2”: an order can be locked for one team only → 1 team"
    ]


def test_equal_requests_are_one_key_of_a_cache(east_first: Request) -> None:
    assert replace(east_first) == east_first
    assert len({replace(east_first), east_first}) == 1


@pytest.fixture
def case(small_gpkg: Path, known: Gazetteer) -> Case:
    return cases(small_gpkg, known)["visit-2022"]


def cases(gpkg: Path, known: Gazetteer) -> dict[str, Case]:
    return case_requests(read_layer(gpkg, "itinerary_case"), read_layer(gpkg, "itinerary_case_stop"), known)


def sentences(notes: tuple[Message, ...]) -> list[str]:
    return [note.render("en") for note in notes]


def test_a_real_visit_is_a_request_that_says_what_is_assumed(case: Case) -> None:
    request = case.request
    assert [call.place.ward_code for call in request.calls] == ["00003", "00004"]
    assert [call.service_min for call in request.calls] == [30, 30]
    assert (request.date, request.depart, request.delegates, request.capacity) == (DAY, EIGHT, 100, 45)
    assert request.start.name == "UBND thành phố (trụ sở cũ)"
    assert sentences(request.notes) == [
        "A reckoned order, not history.",
        "It is assumed to set out from Hội trường, whose address is not published;"
        " it is reckoned from UBND thành phố (trụ sở cũ).",
        "No source states when the visit set out and how long it stayed: both are assumed.",
    ]
    [delegates] = [one for one in request.premises if not one.is_assumption]
    assert (delegates.value, delegates.source) == (100, "article")


def test_a_real_visit_is_reckoned_from_its_first_ward_where_there_are_no_landmarks(
    small_gpkg: Path,
) -> None:
    request = cases(small_gpkg, read_gazetteer(small_gpkg))["visit-2022"].request
    assert request.start.ward_code == "00003"
    assert request.calls[0].place == request.start
    [route] = make_itinerary(request).plan.routes
    factor = read_assumptions().at("detour_factor", EIGHT).value
    assert route.distance_m == pytest.approx(2000 * factor, rel=0.01)


def test_a_start_that_someone_chose_takes_the_place_of_the_reckoned_one(case: Case, known: Gazetteer) -> None:
    request = case.starting_at(find_place("opera", OLD, known))
    assert request.start.name == "Nhà hát lớn"
    assert len(request.notes) == 2 and "reckoned from" not in " ".join(sentences(request.notes))


def test_a_visit_whose_wards_have_no_point_is_left_out(small_gpkg: Path, known: Gazetteer) -> None:
    nowhere = replace(known, station=known.station[known.station["ward_code"] != "00004"])
    assert cases(small_gpkg, nowhere) == {}


def test_legs_on_streets_name_whose_streets_they_are(east_first: Request) -> None:
    assert "Streets" not in told(make_itinerary(east_first))
    across = network([Street(((-500, 500), (6000, 500)))])
    assert "Streets: © OpenStreetMap (ODbL); file đường.osm, network made on 31/12/2025." in told(
        make_itinerary(east_first, across)
    )


# Islands


@pytest.fixture
def island(known: Gazetteer) -> Place:
    """Return a point on Hòn Vọng, two kilometres off the coast."""
    [(lon, lat)] = points((6500, 500)).get_coordinates().to_numpy().tolist()
    return find_place(f"{lat},{lon}", OLD, known)


def test_no_straight_line_leads_to_an_island(east_first: Request, island: Place) -> None:
    for asked in (replace(east_first, end="same"), east_first, replace(east_first, teams=2)):
        made = make_itinerary(replace(asked, calls=(*asked.calls, Call(island, 30))))
        assert [left.reason.render("en") for left in made.plan.unassigned] == [
            "no path leads there from the start"
        ]
        assert f"Water lies between the start and: {island.name}. No road there is on record" in told(made)
        assert sum(len(route.visits) for route in made.plan.routes) == 3
        assert all(np.isfinite(route.distance_m) for route in made.plan.routes)


def test_a_day_of_an_island_alone_has_no_best_order(east_first: Request, island: Place) -> None:
    alone = document(make_itinerary(replace(east_first, calls=(Call(island, 30),))))
    assert (alone.visits, alone.totals.distance_m, alone.proven_optimal) == ([], 0, False)
    assert order_text(alone).render("en") == "none: no stop is visited"


def test_an_order_that_is_given_leaves_the_island_out(east_first: Request, island: Place) -> None:
    calls = (east_first.calls[1], Call(island, 30), east_first.calls[2])
    made = make_itinerary(replace(east_first, calls=calls, order=(0, 1, 2)))
    assert order(made) == ["00002", "00003"]
    assert [left.stop for left in made.plan.unassigned] == [1]


def test_on_the_island_itself_one_drives(east_first: Request, island: Place) -> None:
    there = replace(island, lat=island.lat + 0.002)
    made = make_itinerary(replace(east_first, start=island, calls=(Call(there, 30),)))
    assert not made.plan.unassigned and "Water" not in told(made)


def test_a_bridge_of_the_network_leads_to_the_island(east_first: Request, island: Place) -> None:
    bridge = network([Street(((-500, 500), (6500, 500)))])
    made = make_itinerary(replace(east_first, calls=(*east_first.calls, Call(island, 30))), bridge)
    assert not made.plan.unassigned and "Water" not in told(made)
    # Streets of the mainland alone, and of both apart, lead to none.
    for streets in ([((-500, 500), (4000, 500))], [((-500, 500), (4000, 500)), ((6100, 500), (6900, 500))]):
        made = make_itinerary(
            replace(east_first, calls=(*east_first.calls, Call(island, 30))),
            network([Street(line) for line in streets]),
        )
        assert [left.stop for left in made.plan.unassigned] == [3]


def test_a_place_off_all_outlines_is_on_no_land(known: Gazetteer) -> None:
    assert known.lands.at(points((500, 500), (6500, 500), (5000, 500), (0, 5000)))[2:] == [None, None]
