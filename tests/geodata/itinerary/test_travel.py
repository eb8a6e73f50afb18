"""Travel times: by straight lines and by streets, worked out by hand on a few streets."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import SchemaError
from geodata.itinerary.travel import Assumptions, matrix, read_assumptions
from tests.street_grid import Street, grid, metres, network, points

MORNING = datetime(2023, 11, 23, 7, 30)
NIGHT = datetime(2023, 11, 23, 23, 59)

ASSUMPTIONS = """assumption,highway,from_time,value,unit,is_assumption,source,note
detour_factor,,,1.5,,true,,
straight_line_speed,,00:00,30,km/h,true,,
straight_line_speed,,07:00,15,km/h,true,,
straight_line_speed,,09:00,30,km/h,true,,
street_speed_share,,00:00,1,,true,,
street_speed_share,,07:00,0.5,,true,,
street_speed_share,,09:00,1,,true,,
off_street_speed,,,6,km/h,true,,
street_speed,residential,,30,km/h,true,,
street_speed,unclassified,,30,km/h,true,,
"""


@pytest.fixture
def assumptions(tmp_path: Path) -> Assumptions:
    path = tmp_path / "travel_assumption.csv"
    path.write_text(ASSUMPTIONS, encoding="utf-8")
    return read_assumptions(path)


def test_without_a_network_the_straight_line_counts_times_the_detour(assumptions: Assumptions) -> None:
    ways = matrix(points((0, 0), (3000, 4000)), NIGHT, None, assumptions)
    assert ways.distance_m[0, 1] == pytest.approx(7500, abs=0.1)
    assert ways.duration_min[0, 1] == pytest.approx(15, abs=1e-3)  # 7,5 km at 30 km/h
    assert ways.duration_min[0, 0] == ways.distance_m[1, 1] == 0
    assert not ways.is_network.any()
    leg = ways.leg(0, 1)
    assert leg.method == "straight_line"
    assert metres(leg.geometry) == pytest.approx(np.array([(0, 0), (3000, 4000)]), abs=0.01)


def test_the_time_of_departure_decides_on_the_speed(assumptions: Assumptions) -> None:
    places, street = points((0, 0), (1000, 0)), network([Street(((0, 0), (1000, 0)))])
    for streets in (None, street):
        at_night = matrix(places, NIGHT, streets, assumptions).duration_min[0, 1]
        at_nine = matrix(places, datetime(2023, 11, 23, 9), streets, assumptions).duration_min[0, 1]
        in_the_rush = matrix(places, MORNING, streets, assumptions).duration_min[0, 1]
        assert at_nine == at_night
        assert in_the_rush == pytest.approx(2 * at_night, abs=1e-3)


def test_a_leg_follows_the_streets_from_the_nearest_point_of_an_edge(assumptions: Assumptions) -> None:
    streets = network([Street(((0, 0), (1000, 0))), Street(((1000, 0), (1000, 500), (1000, 1000)))])
    ways = matrix(points((200, 100), (1050, 700)), NIGHT, streets, assumptions)
    assert ways.is_network.all()
    assert ways.distance_m[0, 1] == pytest.approx(100 + 800 + 700 + 50, abs=0.01)
    # 150 m beside the street at 6 km/h, 1,5 km on it at 30 km/h
    assert ways.duration_min[0, 1] == pytest.approx(1.5 + 3, abs=1e-4)
    leg = ways.leg(0, 1)
    assert leg.method == "network"
    vertices = [(200, 100), (200, 0), (1000, 0), (1000, 500), (1000, 700), (1050, 700)]
    assert metres(leg.geometry) == pytest.approx(np.array(vertices), abs=0.01)
    assert metres(ways.leg(1, 0).geometry) == pytest.approx(np.array(vertices[::-1]), abs=0.01)


def test_a_given_speed_counts_before_that_of_the_class(assumptions: Assumptions) -> None:
    streets = network([Street(((0, 0), (1000, 0)), maxspeed_kmh=60)])
    ways = matrix(points((0, 0), (1000, 0)), NIGHT, streets, assumptions)
    assert ways.duration_min[0, 1] == pytest.approx(1, abs=1e-4)


def test_the_quickest_way_is_taken_not_the_shortest(assumptions: Assumptions) -> None:
    slow = Street(((0, 0), (1000, 0)), maxspeed_kmh=10)
    fast = Street(((0, 0), (500, 500), (1000, 0)), maxspeed_kmh=60)
    ways = matrix(points((0, 0), (1000, 0)), NIGHT, network([slow, fast]), assumptions)
    assert ways.distance_m[0, 1] == pytest.approx(2 * np.hypot(500, 500), abs=0.01)
    assert (500, 500) in {tuple(vertex) for vertex in metres(ways.leg(0, 1).geometry).round(2)}


def square(*, is_backward: bool) -> list[Street]:
    corners = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
    return [
        Street((corner, following), is_backward=is_backward)
        for corner, following in zip(corners, corners[1:] + corners[:1], strict=True)
    ]


def test_a_one_way_street_is_driven_one_way(assumptions: Assumptions) -> None:
    places = points((200, 0), (800, 0))
    ways = matrix(places, NIGHT, network(square(is_backward=False)), assumptions)
    assert ways.distance_m == pytest.approx(np.array([[0, 600], [3400, 0]]), abs=0.01)
    assert len(metres(ways.leg(1, 0).geometry)) == 6  # by all four corners
    both = matrix(places, NIGHT, network(square(is_backward=True)), assumptions)
    assert both.distance_m[1, 0] == pytest.approx(600, abs=0.01)


def test_a_street_that_is_one_way_against_its_line(assumptions: Assumptions) -> None:
    streets = [Street(street.line, is_forward=False) for street in square(is_backward=True)]
    ways = matrix(points((200, 0), (800, 0)), NIGHT, network(streets), assumptions)
    assert ways.distance_m == pytest.approx(np.array([[0, 3400], [600, 0]]), abs=0.01)


def test_a_place_at_a_junction_may_leave_by_any_of_its_streets(assumptions: Assumptions) -> None:
    streets = [*square(is_backward=False), Street(((0, 0), (-1000, 0)))]
    ways = matrix(points((0, 0), (-500, 0)), NIGHT, network(streets), assumptions)
    assert ways.distance_m == pytest.approx(np.array([[0, 500], [500, 0]]), abs=0.01)


def test_beyond_400_m_of_the_streets_the_straight_line_counts_and_says_so(assumptions: Assumptions) -> None:
    streets = network([Street(((0, 0), (1000, 0)))])
    ways = matrix(points((0, 399.9), (1000, 0), (500, 400.1)), NIGHT, streets, assumptions)
    assert ways.is_network.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
    assert ways.distance_m[1, 2] == pytest.approx(1.5 * np.hypot(500, 400.1), abs=0.1)
    assert [ways.leg(1, place).method for place in (0, 2)] == ["network", "straight_line"]


def test_streets_of_two_parts_are_no_way(assumptions: Assumptions) -> None:
    streets = network([Street(((0, 0), (1000, 0))), Street(((2000, 0), (3000, 0)))])
    ways = matrix(points((500, 0), (2500, 0)), NIGHT, streets, assumptions)
    assert not ways.is_network[0, 1]
    assert ways.distance_m[0, 1] == pytest.approx(3000, abs=0.1)


def test_of_several_parts_the_one_that_both_places_reach_is_taken(assumptions: Assumptions) -> None:
    long = Street(((0, 0), (3000, 0)))
    nearer_to_one = Street(((400, 300), (600, 300)))
    ways = matrix(points((500, 299), (2500, 0)), NIGHT, network([nearer_to_one, long]), assumptions)
    assert ways.is_network[0, 1]
    assert ways.distance_m[0, 1] == pytest.approx(299 + 2000, abs=0.01)


def test_a_street_that_only_leads_away_is_no_part_of_the_network(assumptions: Assumptions) -> None:
    streets = network([Street(((0, 0), (1000, 0))), Street(((1000, 0), (3000, 0)), is_backward=False)])
    ways = matrix(points((500, 0), (2500, 0), (1100, 0)), NIGHT, streets, assumptions)
    assert ways.is_network[0].tolist() == [True, False, True]
    assert ways.distance_m[0, 2] == pytest.approx(600, abs=0.01)  # to the end of the street that leads back


def test_places_in_one_spot_and_on_one_edge(assumptions: Assumptions) -> None:
    streets = network([Street(((0, 0), (1000, 0)))])
    ways = matrix(points((300, 50), (300, 50), (300, -50), (900, 0)), NIGHT, streets, assumptions)
    assert ways.distance_m[0] == pytest.approx([0, 0, 100, 650], abs=0.01)
    assert ways.distance_m[3] == pytest.approx([650, 650, 650, 0], abs=0.01)
    assert metres(ways.leg(0, 2).geometry) == pytest.approx(
        np.array([(300, 50), (300, 0), (300, -50)]), abs=0.01
    )
    assert ways.leg(0, 1).geometry.length == 0


def test_ways_on_a_grid_are_the_shortest_of_an_independent_search(assumptions: Assumptions) -> None:
    streets = grid(12, 100, seed=3)
    independent: nx.DiGraph[int] = nx.DiGraph()
    ends = zip(streets.from_node, streets.to_node, streets.is_backward, strict=True)
    for tail, head, is_backward in ends:
        independent.add_edge(tail, head, length=100)
        if is_backward:
            independent.add_edge(head, tail, length=100)
    largest = max(nx.strongly_connected_components(independent), key=len)
    nodes = np.random.default_rng(4).choice(sorted(largest), 20, replace=False)
    places = points(*((node % 12 * 100, node // 12 * 100) for node in nodes))
    ways = matrix(places, NIGHT, streets, assumptions)
    wanted = [[nx.shortest_path_length(independent, a, b, "length") for b in nodes] for a in nodes]
    assert ways.distance_m == pytest.approx(np.array(wanted), abs=0.1)


def test_ways_between_points_on_the_streets_are_the_shortest_of_an_independent_search(
    assumptions: Assumptions,
) -> None:
    streets, random = grid(5, 100, seed=5), np.random.default_rng(6)
    edge = np.concatenate([random.integers(0, 40, 25), [3, 3, 3]])  # several on one edge
    along = random.uniform(1, 99, len(edge))
    independent: nx.DiGraph[Any] = nx.DiGraph()
    for number, (tail, head) in enumerate(zip(streets.from_node, streets.to_node, strict=True)):
        on_it = sorted((along[place], ("place", place)) for place in np.flatnonzero(edge == number))
        stations = [(0, int(tail)), *on_it, (100, int(head))]
        for (begin, one), (end, other) in pairwise(stations):
            independent.add_edge(one, other, length=end - begin)
            if streets.is_backward[number]:
                independent.add_edge(other, one, length=end - begin)
    largest = max(nx.strongly_connected_components(independent), key=len)
    chosen = [place for place in range(len(edge)) if ("place", place) in largest]
    assert len(chosen) > 20
    ends = shapely.line_interpolate_point(streets.lines[edge[chosen]], along[chosen])
    places = gpd.GeoSeries(ends, crs=METRIC_CRS).to_crs(STORAGE_CRS)
    ways = matrix(places, NIGHT, streets, assumptions)
    wanted = [
        [nx.shortest_path_length(independent, ("place", a), ("place", b), "length") for b in chosen]
        for a in chosen
    ]
    assert ways.distance_m == pytest.approx(np.array(wanted), abs=0.1)
    for i, j in pairwise(range(len(chosen))):
        assert metres_of(ways.leg(i, j).geometry) == pytest.approx(ways.distance_m[i, j], abs=0.1)


def test_ways_between_30_places_on_100_000_edges_are_as_long_as_the_legs_say() -> None:
    streets, side_m = grid(224, 100, seed=1), 22_300
    assert len(streets.from_node) == 99_904
    places = points(*np.random.default_rng(2).uniform(0, side_m, (30, 2)))
    ways = matrix(places, MORNING, streets)
    legs = [ways.leg(place, place + 1) for place in range(29)]
    assert ways.is_network.all()
    assert [metres_of(leg.geometry) for leg in legs] == pytest.approx(
        [leg.distance_m for leg in legs], abs=0.01
    )


def metres_of(line: shapely.LineString) -> float:
    return shapely.LineString(metres(line)).length


def test_what_the_times_rest_on_can_be_listed() -> None:
    used = read_assumptions().used(MORNING, with_network=True)
    assert [row.name for row in used] == [
        "detour_factor",
        "straight_line_speed",
        "street_speed_share",
        "off_street_speed",
    ]
    assert all(row.is_assumption and not row.source for row in used)
    assert [row.what.render("vi") for row in used] != [row.what.render("en") for row in used]
    assert len(read_assumptions().used(MORNING, with_network=False)) == 2


def test_traffic_is_slowest_in_the_rush_by_the_assumptions_that_ship() -> None:
    streets = network([Street(((0, 0), (1000, 0)))])
    hours = {hour: datetime(2023, 11, 23, hour) for hour in (3, 7, 11, 17, 20, 22)}
    for ways in (None, streets):
        took = {
            hour: matrix(points((0, 0), (900, 0)), at, ways).duration_min[0, 1] for hour, at in hours.items()
        }
        assert took[3] == took[22] < took[11] == took[20] < took[7] == took[17]


def test_every_fault_of_the_assumptions_is_told(tmp_path: Path) -> None:
    path = tmp_path / "travel_assumption.csv"
    rows = [
        "assumption,highway,from_time,value,unit,is_assumption,source,note",
        "detour_factor,,,0,,true,,",
        "detour_factor,,25:00,1.4,,true,,",
        "detour,,,1.4,,true,,",
        "detour_factor,,,1.4,,false,,",
        "detour_factor,,,1.4,,true,A,",
        "detour_factor,,,nan,,true,,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_assumptions(path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "value"),
        (3, "from_time"),
        (4, "assumption"),
        (5, "is_assumption"),
        (6, "is_assumption"),
        (7, "value"),
    ]


def test_an_assumption_that_is_missing_for_a_part_of_the_day_is_told(tmp_path: Path) -> None:
    path = tmp_path / "travel_assumption.csv"
    path.write_text(ASSUMPTIONS.replace("straight_line_speed,,00:00,30,km/h,true,,\n", ""), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_assumptions(path)
    assert [fault.value for fault in caught.value.faults] == ["straight_line_speed"]
