"""A street network from each kind of file, looked at edge by edge; and the shared roads, where there are."""

import json
import os
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import osmnx
import pytest
import shapely
from osmium.osm.mutable import Node, Way
from scipy.spatial import cKDTree

from etl.streets.network import OPENSTREETMAP, MadeNetwork, make_network
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import GeodataError
from geodata.itinerary.network import Network
from geodata.itinerary.travel import Assumption, Assumptions, matrix
from tests.conftest import REAL_BOUNDARIES
from tests.small_city import CORNER
from tests.street_grid import points

DAY = date(2025, 12, 31)
NOON = datetime(2023, 11, 23, 12)
SHARED_ROADS = REAL_BOUNDARIES / "osm_roads_rivers.gpkg"

Position = tuple[float, float]
Edge = tuple[Position, Position, str, float]


def degrees(*places: Position) -> list[Position]:
    """Return positions in metres from the corner of the small city in degrees."""
    return [(x, y) for x, y in shapely.get_coordinates(points(*places).to_numpy()).tolist()]


def edges(network: Network) -> set[Edge]:
    """Return the edges: ends from the corner to 5 m, direction (→, ← or ↔), and speed given (0 if none)."""
    direction = {(True, True): "↔", (True, False): "→", (False, True): "←"}
    nodes = np.round((np.column_stack([network.x, network.y]) - CORNER) / 5) * 5
    found = set()
    for edge, (tail, head) in enumerate(zip(network.from_node, network.to_node, strict=True)):
        way = direction[bool(network.is_forward[edge]), bool(network.is_backward[edge])]
        ends = [(float(nodes[node, 0]), float(nodes[node, 1])) for node in (tail, head)]
        speed = network.maxspeed_kmh[edge]
        if ends[0] > ends[1]:
            ends, way = ends[::-1], way.translate({ord("→"): "←", ord("←"): "→"})
        found.add((ends[0], ends[1], way, float(np.nan_to_num(speed).round(1))))
    assert len(found) == len(network.from_node)
    return found


def left_out(made: MadeNetwork) -> dict[str, int]:
    return {reason.render("en"): count for reason, count in made.left_out}


def faults(path: Path) -> list[str]:
    with pytest.raises(GeodataError) as caught:
        make_network(path, DAY)
    return [fault.problem.render("en") for fault in caught.value.faults]


# OpenStreetMap

NODES = {
    **{1: (0, 0), 2: (500, 0), 3: (1000, 0), 4: (500, 500), 5: (1000, 500), 6: (250, -300), 7: (250, 300)},
    **{8: (1050, 50), 9: (1100, 0), 10: (2000, 0), 11: (2500, 0), 12: (1000, 900)},
}


def write_extract(path: Path) -> Path:
    ways: list[tuple[list[int], dict[str, str]]] = [
        ([1, 2, 3], {"highway": "primary", "maxspeed": "60"}),
        ([2, 4], {"highway": "residential", "oneway": "yes", "maxspeed": "40;30"}),
        ([5, 4], {"highway": "residential", "oneway": "-1", "maxspeed": "VN:urban"}),
        ([5, 3], {"highway": "tertiary", "maxspeed": "20 mph"}),
        ([6, 7], {"highway": "secondary", "bridge": "yes", "layer": "1"}),
        ([3, 8, 9, 3], {"highway": "tertiary", "junction": "roundabout"}),
        ([9, 10], {"highway": "motorway"}),
        ([5, 999, 10, 11], {"highway": "service"}),
        ([5, 12], {"highway": "residential", "access": "private", "motor_vehicle": "yes"}),
        ([4, 12], {"highway": "footway"}),
        ([1, 12], {"highway": "steps"}),
        ([1, 4], {"highway": "residential", "access": "private"}),
        ([1, 5], {"highway": "service", "service": "driveway"}),
        ([998, 999], {"highway": "residential"}),
        ([50, 51], {"highway": "residential"}),
        ([1, 7], {"waterway": "river"}),
    ]
    with osmium.SimpleWriter(path) as writer:
        for (number, _), position in zip(NODES.items(), degrees(*NODES.values()), strict=True):
            tags = {"highway": "traffic_signals"} if number == 2 else {}
            writer.add_node(Node(id=number, location=position, tags=tags))
        for number in (50, 51):
            writer.add_node(Node(id=number, location=(105.8 + number / 1000, 21.0)))
        for number, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(Way(id=number, nodes=nodes, tags=tags))
    return path


@pytest.mark.parametrize("name", ["đường.osm", "đường.osm.pbf"])
def test_an_extract_of_openstreetmap(name: str, tmp_path: Path) -> None:
    made = make_network(write_extract(tmp_path / name), DAY)
    assert edges(made.network) == {
        ((0, 0), (500, 0), "↔", 60),
        ((500, 0), (1000, 0), "↔", 60),
        ((500, 0), (500, 500), "→", 30),
        ((500, 500), (1000, 500), "→", 0),
        ((1000, 0), (1000, 500), "↔", 32.2),
        ((250, -300), (250, 300), "↔", 0),  # a bridge that meets nothing
        ((1000, 0), (1100, 0), "→", 0),  # the roundabout, cut where a street leaves it
        ((1000, 0), (1100, 0), "←", 0),
        ((1100, 0), (2000, 0), "→", 0),  # a motorway is one-way there without saying so
        ((2000, 0), (2500, 0), "↔", 0),  # behind the node that the extract lacks
        ((1000, 500), (1000, 900), "↔", 0),
    }
    assert left_out(made) == {
        "of a class that cars do not use": 2,
        "closed to cars": 1,
        "driveways, car parks and squares": 1,
        "outside the city": 1,
        "without two positions": 1,
    }
    assert [note.render("en") for note in made.notes] == [
        "2 ways lack positions of nodes: cut there.",
        "1 ways with a speed or direction not understood: as if not given.",
    ]
    assert (made.used_count, made.part_count) == (9, 3)
    source = made.network.source
    assert (source.file, source.made_on, source.attribution) == (name, "2025-12-31", OPENSTREETMAP)
    assert len(source.sha256) == 64


def test_lengths_are_those_of_the_lines(tmp_path: Path) -> None:
    network = make_network(write_extract(tmp_path / "x.osm"), DAY).network
    assert network.length_m == pytest.approx(shapely.length(network.lines), rel=1e-9)
    for edge, line in enumerate(network.lines):
        ends = shapely.get_coordinates(line)[[0, -1]]
        nodes = [network.from_node[edge], network.to_node[edge]]
        assert ends == pytest.approx(np.column_stack([network.x[nodes], network.y[nodes]]), abs=0.01)


def test_an_extract_that_is_cut_damaged_or_of_elsewhere_is_refused(tmp_path: Path) -> None:
    whole = write_extract(tmp_path / "whole.osm.pbf").read_bytes()
    xml = write_extract(tmp_path / "whole.osm").read_bytes()
    contents = {
        "cut.osm.pbf": whole[:-40],
        "cut.osm": xml[:-100],
        "odd.osm": xml.replace(b'lon="106.', b'lon="1o6.'),
        "no.osm.pbf": b"PK\x03\x04",
        "empty.osm": b"",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        [problem] = faults(tmp_path / name)
        assert problem.startswith("can't be read: "), name
    (tmp_path / "nothing.osm").write_text('<osm version="0.6"></osm>')
    assert faults(tmp_path / "nothing.osm") == ["holds no street"]
    with osmium.SimpleWriter(tmp_path / "hanoi.osm") as writer:
        writer.add_node(Node(id=1, location=(105.85, 21.02)))
        writer.add_node(Node(id=2, location=(105.86, 21.02)))
        writer.add_way(Way(id=1, nodes=[1, 2], tags={"highway": "primary"}))
    assert faults(tmp_path / "hanoi.osm") == ["none of its 1 streets lies in the city"]
    with osmium.SimpleWriter(tmp_path / "paths.osm") as writer:
        for number, position in enumerate(degrees((0, 0), (10, 0))):
            writer.add_node(Node(id=number + 1, location=position))
        writer.add_way(Way(id=1, nodes=[1, 2], tags={"highway": "path"}))
    assert faults(tmp_path / "paths.osm") == ["none of its 1 streets is open to cars"]


# Overpass

AROUND = {1: (0, 0), 5: (500, 0), 2: (1000, 0), 3: (1000, 1000)}
AROUND_WAYS = {11: ([1, 5, 2], "primary"), 12: ([2, 3], "residential")}
AROUND_EDGES = {((0, 0), (1000, 0), "↔", 0), ((1000, 0), (1000, 1000), "↔", 0)}


def overpass_xml(order: str, *, geometry: bool = False) -> str:
    """Return XML of nodes (digits) and ways (w: all) in an order; ``geometry``: positions in the ways."""
    at = {node: degrees(place)[0] for node, place in AROUND.items()}
    written = ""
    for part in order:
        if part == "w":
            for way, (nodes, highway) in AROUND_WAYS.items():
                place = {n: f' lon="{at[n][0]}" lat="{at[n][1]}"' if geometry else "" for n in nodes}
                refs = "".join(f'<nd ref="{node}"{place[node]}/>' for node in nodes)
                written += f'<way id="{way}">{refs}<tag k="highway" v="{highway}"/></way>'
        else:
            lon, lat = at[int(part)]
            written += f'<node id="{part}" lon="{lon}" lat="{lat}"/>'
    return f'<osm version="0.6" generator="Overpass API">{written}</osm>'


@pytest.mark.parametrize("order", ["1235w", "w5312", "51w32"])
def test_nodes_may_stand_anywhere_in_an_extract(order: str, tmp_path: Path) -> None:
    (tmp_path / "x.osm").write_text(overpass_xml(order))
    made = make_network(tmp_path / "x.osm", DAY)
    assert (edges(made.network), made.notes) == (AROUND_EDGES, ())


def test_positions_may_stand_in_the_ways(tmp_path: Path) -> None:
    (tmp_path / "x.osm").write_text(overpass_xml("w", geometry=True))
    assert edges(make_network(tmp_path / "x.osm", DAY).network) == AROUND_EDGES


def overpass_json(*, nodes: bool, geometry: bool, numbers: bool = True) -> dict[str, Any]:
    at = {node: dict(zip(("lon", "lat"), degrees(place)[0], strict=True)) for node, place in AROUND.items()}
    elements: list[dict[str, Any]] = [
        {"type": "way", "id": way, "tags": {"highway": highway}}
        | ({"nodes": refs} if numbers else {})
        | ({"geometry": [at[node] for node in refs]} if geometry else {})
        for way, (refs, highway) in AROUND_WAYS.items()
    ]
    elements += [{"type": "node", "id": node, **place} for node, place in at.items() if nodes]
    return {"version": 0.6, "generator": "Overpass API", "elements": elements}


@pytest.mark.parametrize(
    "answer",
    [
        overpass_json(nodes=True, geometry=False),
        overpass_json(nodes=False, geometry=True),
        overpass_json(nodes=False, geometry=True, numbers=False),
    ],
)
def test_json_of_overpass(answer: dict[str, Any], tmp_path: Path) -> None:
    # Whatever its name ends in.
    for name in ("export.json", "export.osm"):
        (tmp_path / name).write_text(json.dumps(answer))
        made = make_network(tmp_path / name, DAY)
        assert edges(made.network) == AROUND_EDGES
        assert made.network.source.attribution == OPENSTREETMAP


def test_what_an_answer_of_overpass_lacks_is_told(tmp_path: Path) -> None:
    lacks = ["lacks the nodes of its 2 streets, which hold the positions"]
    whole = overpass_json(nodes=True, geometry=False)
    contents = {
        "none.osm": (overpass_xml("w"), lacks),
        "none.json": (json.dumps(overpass_json(nodes=False, geometry=False)), lacks),
        "nothing.json": (json.dumps(whole | {"elements": []}), ["holds no street"]),
        "late.json": (
            json.dumps(whole | {"remark": "runtime error: Query timed out"}),
            ["Overpass broke off: it is not whole"],
        ),
        "late.osm": (
            overpass_xml("1235w").replace("</osm>", "<remark> runtime error: out of memory </remark></osm>"),
            ["Overpass broke off: it is not whole"],
        ),
    }
    for name, (content, told) in contents.items():
        (tmp_path / name).write_text(content)
        assert faults(tmp_path / name) == told, name
    (tmp_path / "few.osm").write_text(overpass_xml("125w"))
    made = make_network(tmp_path / "few.osm", DAY)
    assert [note.render("en") for note in made.notes] == ["1 ways lack positions of nodes: cut there."]


@pytest.mark.parametrize(
    "content",
    [
        '{"elements": [{"type": "way", "tags": {"highway": "primary"}, "nodes": [1, {}]}]}',
        '{"elements": [{"type": "node", "id": 1, "lat": "x", "lon": 3}, '
        '{"type": "way", "nodes": [1, 1], "tags": {"highway": "road"}}]}',
        '{"elements": {"type": "way"}}',
        '{"elements": [1]}',
        '{"elements": ' + "[" * 100_000,
        '{"elements": [',
    ],
)
def test_json_that_overpass_did_not_write_is_one_fault(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    [problem] = faults(tmp_path / "x.json")
    assert problem.startswith("can't be read: ")


# GraphML of OSMnx


def graph() -> "nx.MultiDiGraph[int]":
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs=STORAGE_CRS, simplified=True)
    for number, (x, y) in enumerate(degrees((0, 0), (1000, 0), (1000, 1000))):
        graph.add_node(number, x=x, y=y)
    bend = shapely.LineString(degrees((0, 0), (500, 200), (1000, 0)))
    both = {"osmid": 1, "highway": "secondary", "maxspeed": ["60", "40"], "oneway": False, "length": 1077.0}
    graph.add_edge(0, 1, **both, geometry=bend, reversed=False)
    graph.add_edge(1, 0, **both, geometry=bend.reverse(), reversed=True)
    joined = {"osmid": [2, 3], "highway": ["tertiary", "residential"], "oneway": True, "length": 1000.0}
    graph.add_edge(1, 2, **joined, reversed=[False])
    graph.add_edge(0, 2, osmid=4, highway="pedestrian", oneway=False, reversed=False, length=1414.0)
    return graph


@pytest.mark.parametrize("crs", [STORAGE_CRS, "EPSG:32648"])
def test_a_graphml_of_osmnx(crs: str, tmp_path: Path) -> None:
    osmnx.save_graphml(osmnx.project_graph(graph(), to_crs=crs), tmp_path / "g.graphml")
    made = make_network(tmp_path / "g.graphml", DAY)
    assert edges(made.network) == {((0, 0), (1000, 0), "↔", 40), ((1000, 0), (1000, 1000), "→", 0)}
    assert [made.network.classes[number] for number in made.network.highway] == ["secondary", "residential"]
    assert made.network.length_m == pytest.approx([2 * np.hypot(500, 200), 1000], abs=0.01)
    assert left_out(made) == {"of a class that cars do not use": 1}
    assert made.network.source.attribution == OPENSTREETMAP


def _floats_of_counts(graph: "nx.MultiDiGraph[str]") -> None:
    for node in graph.nodes:
        graph.nodes[node]["street_count"] = "3.0"


def _old_crs(graph: "nx.MultiDiGraph[str]") -> None:
    graph.graph["crs"] = "{'init': 'epsg:4326'}"


def _odd_list(graph: "nx.MultiDiGraph[str]") -> None:
    graph.edges["1", "2", 0]["maxspeed"] = "[1,2,]]"


def _named_nodes(graph: "nx.MultiDiGraph[str]") -> None:
    nx.relabel_nodes(graph, {node: f"n{node}" for node in graph}, copy=False)


def _all_oneway(graph: "nx.MultiDiGraph[str]") -> None:
    # One edge a way, and in “oneway” what OpenStreetMap says.
    graph.remove_edge("1", "0")
    for tail, head, data in graph.edges(data=True):
        data["oneway"] = {("0", "1"): "no", ("1", "2"): "yes"}.get((tail, head), "no")


@pytest.mark.parametrize("change", [_floats_of_counts, _old_crs, _odd_list, _named_nodes, _all_oneway])
def test_a_graphml_of_any_version_of_osmnx(
    change: Callable[["nx.MultiDiGraph[str]"], None], tmp_path: Path
) -> None:
    osmnx.save_graphml(graph(), tmp_path / "g.graphml")
    read = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert isinstance(read, nx.MultiDiGraph)
    change(read)
    nx.write_graphml(read, tmp_path / "old.graphml")
    made = make_network(tmp_path / "old.graphml", DAY)
    assert edges(made.network) == {((0, 0), (1000, 0), "↔", 40), ((1000, 0), (1000, 1000), "→", 0)}


def test_a_graphml_without_directions_is_refused(tmp_path: Path) -> None:
    osmnx.save_graphml(graph(), tmp_path / "g.graphml")
    directed = (tmp_path / "g.graphml").read_text()
    (tmp_path / "u.graphml").write_text(directed.replace('"directed"', '"undirected"'))
    assert faults(tmp_path / "u.graphml") == ["does not say which way its streets are driven"]


def test_a_graphml_that_osmnx_did_not_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.graphml").write_text("<graphml")
    nx.write_graphml(nx.path_graph(3), tmp_path / "b.graphml")
    (tmp_path / "c.graphml").write_bytes(b"\x00\x01")
    (tmp_path / "e.graphml").write_text('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"></graphml>')
    osmnx.save_graphml(nx.MultiDiGraph(crs=STORAGE_CRS), tmp_path / "d.graphml")
    for name in "abce":
        assert faults(tmp_path / f"{name}.graphml")[0].startswith("can't be read: ")
    assert faults(tmp_path / "d.graphml") == ["holds no street"]


# A layer of lines


def write_lines(path: Path, lines: Sequence[Sequence[Position]], **columns: list[object]) -> Path:
    geometry = [shapely.LineString(degrees(*line)) for line in lines]
    gpd.GeoDataFrame(columns, geometry=geometry, crs=STORAGE_CRS).to_file(path, layer="roads")
    return path


def ends(made: MadeNetwork) -> set[tuple[Position, Position]]:
    return {(one, other) for one, other, _, _ in edges(made.network)}


MAIN = [(0, 0), (1000, 0)]


@pytest.mark.parametrize(
    ("side_street", "meets_at"),
    [
        ([(1000, 0), (1000, 500)], None),
        ([(1000.8, 0.2), (1000, 500)], None),
        ([(400, 0), (400, 500)], 400),
        ([(400, 0.9), (400, 500)], 400),
        ([(400, -0.9), (400, 500)], 400),
        ([(400, -500), (400, 500)], 400),
    ],
    ids=["ends", "near ends", "an end on the way", "short of it", "beyond it", "crossing"],
)
def test_lines_meet(side_street: list[Position], meets_at: float | None, tmp_path: Path) -> None:
    made = make_network(write_lines(tmp_path / "x.gpkg", [MAIN, side_street]), DAY)
    assert made.part_count == 1
    cut = {((0, 0), (400, 0)), ((400, 0), (1000, 0))} if meets_at else {((0, 0), (1000, 0))}
    assert cut <= {(one, other) for one, other in ends(made) if one[1] == other[1] == 0}
    assert made.km == pytest.approx(1 + abs(np.diff(side_street, axis=0)[0, 1]) / 1000, abs=0.002)


@pytest.mark.parametrize("side_street", [[(400, 2), (400, 500)], [(1002, 0), (1500, 0)]])
def test_lines_that_miss_each_other_do_not_meet(side_street: list[Position], tmp_path: Path) -> None:
    made = make_network(write_lines(tmp_path / "x.gpkg", [MAIN, side_street]), DAY)
    assert made.part_count == 2


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"bridge": ["no", "yes", "no"]}, 2),
        ({"bridge": ["F", "T", "F"]}, 2),
        ({"tunnel": [None, "yes", None]}, 2),
        ({"layer": [0, 1, 0]}, 2),
        ({"bridge": ["no", "no", "no"]}, 1),
        ({"name": ["a", "b", "c"]}, 1),
    ],
    ids=str,
)
def test_a_bridge_meets_what_it_joins_but_not_what_it_crosses(
    columns: dict[str, list[object]], parts: int, tmp_path: Path
) -> None:
    # Both lines have a vertex where they cross, as after a careless cleaning.
    street = [(0, 0), (400, 0), (1000, 0)]
    bridge, ramp = [(400, -200), (400, 0), (400, 200)], [(400, 200), (900, 200)]
    made = make_network(write_lines(tmp_path / "x.gpkg", [street, bridge, ramp], **columns), DAY)
    assert made.part_count == parts


def test_columns_of_a_layer_tell_speed_direction_and_class(tmp_path: Path) -> None:
    lines = [MAIN, [(1000, 0), (1000, 1000)], [(1000, 1000), (0, 0)], [(0, 0), (0, 300)]]
    columns: dict[str, list[object]] = {
        "Highway": ["trunk/primary/secondary", "motorway", "residential", None],
        "oneway": ["yes", None, "-1", "no"],
        "maxspeed": [50, None, 30, 300],
    }
    made = make_network(write_lines(tmp_path / "x.geojson", lines, **columns), DAY)
    assert edges(made.network) == {
        ((0, 0), (1000, 0), "→", 50),
        ((1000, 0), (1000, 1000), "↔", 0),  # without the habits of OpenStreetMap
        ((0, 0), (1000, 1000), "→", 30),
        ((0, 0), (0, 300), "↔", 0),
    }
    assert set(made.network.classes) == {"primary", "motorway", "residential", "unclassified"}
    assert [note.render("en") for note in made.notes] == [
        "1 lines state no class: taken as “unclassified”.",
        "No column tells of bridges: streets that cross are taken as junctions.",
        "1 ways with a speed or direction not understood: as if not given.",
    ]


SQUARE = [
    MAIN,
    [(1000, 0), (1000, 1000)],
    [(1000, 1000), (0, 1000)],
    [(0, 1000), (0, 0)],
    [(0, 0), (500, 500)],
]
SQUARE_EDGES = {
    ((0, 0), (1000, 0), "→", 40),
    ((1000, 0), (1000, 1000), "←", 0),
    ((0, 1000), (1000, 1000), "↔", 0),
    ((0, 0), (0, 1000), "↔", 0),
}


@pytest.mark.parametrize(
    ("name", "of_class"), [("roads.shp", "fclass"), ("x.gpkg", "fclass"), ("x.gpkg", "highway")]
)
def test_roads_of_geofabrik(name: str, of_class: str, tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "osm_id": ["1", "2", "3", "4", "5"],
        of_class: ["primary", "secondary", "residential", "residential", "footway"],
        "oneway": ["F", "T", "B", "B", "B"],
        "maxspeed": [40, 0, 0, 0, 0],
        "layer": [0, 0, 0, 0, 0],
        "bridge": ["F", "F", "F", "F", "F"],
        "tunnel": ["F", "F", "F", "F", "F"],
    }
    made = make_network(write_lines(tmp_path / name, SQUARE, **columns), DAY)
    assert edges(made.network) == SQUARE_EDGES
    assert left_out(made) == {"of a class that cars do not use": 1}
    assert made.notes == ()
    assert made.network.source.attribution == OPENSTREETMAP


def test_of_a_zip_of_geofabrik_the_roads_are_taken(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {"fclass": ["primary"], "oneway": ["B"]}
    write_lines(tmp_path / "gis_osm_roads_free_1.shp", [MAIN], **columns)
    write_lines(tmp_path / "gis_osm_railways_free_1.shp", [[(0, 0), (0, 500)]], fclass=["rail"])
    with zipfile.ZipFile(tmp_path / "haiphong.zip", "w") as archive:
        for part in tmp_path.glob("gis_osm*"):
            archive.write(part, part.name)
    assert edges(make_network(tmp_path / "haiphong.zip", DAY).network) == {((0, 0), (1000, 0), "↔", 0)}


@pytest.mark.parametrize("column", ["tags", "other_tags"])
def test_tags_that_stand_in_one_column_are_read(column: str, tmp_path: Path) -> None:
    """As overpass turbo of old, and GDAL, write layers of OpenStreetMap."""
    tags = [{"oneway": "yes", "maxspeed": "40"}, {"oneway": "-1"}, {"name": 'Ngõ "3"'}, {}, {}]
    packed = [
        json.dumps(each)
        if column == "tags"
        else ",".join(f'"{key}"=>"{value}"' for key, value in each.items() if key != "name")
        for each in tags
    ]
    highway = ["primary", "secondary", "residential", "residential", None]
    columns: dict[str, list[object]] = {"osm_id": [*"12345"], "highway": [*highway], column: [*packed]}
    made = make_network(write_lines(tmp_path / "x.gpkg", SQUARE, **columns), DAY)
    assert edges(made.network) == SQUARE_EDGES
    assert left_out(made) == {"of a class that cars do not use": 1}  # a river, say


def test_geojson_of_overpass_turbo_with_tags_inside(tmp_path: Path) -> None:
    tags = [
        {"highway": "primary", "oneway": "yes", "maxspeed": "40"},
        {"highway": "footway"},
        {"waterway": "river"},
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"type": "way", "id": 1, "tags": each, "relations": [], "meta": {}},
            "geometry": {"type": "LineString", "coordinates": degrees(*line)},
        }
        for each, line in zip(tags, SQUARE, strict=False)
    ]
    content = {"type": "FeatureCollection", "generator": "overpass-turbo", "features": features}
    (tmp_path / "export.geojson").write_text(json.dumps(content))
    made = make_network(tmp_path / "export.geojson", DAY)
    assert edges(made.network) == {((0, 0), (1000, 0), "→", 40)}
    assert left_out(made) == {"of a class that cars do not use": 2}
    assert made.network.source.attribution == OPENSTREETMAP


def test_letters_of_direction_without_both_ways_are_not_guessed(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {"highway": ["primary", "primary"], "oneway": ["T", "F"]}
    made = make_network(write_lines(tmp_path / "x.gpkg", SQUARE[:2], **columns), DAY)
    assert "2 ways with a speed or direction not understood: as if not given." in [
        note.render("en") for note in made.notes
    ]


def test_what_is_no_line_or_lies_elsewhere_is_left_out_and_told(tmp_path: Path) -> None:
    away = shapely.LineString([(105.0, 21.0), (105.1, 21.0)])
    several = shapely.MultiLineString([degrees(*MAIN), degrees((1000, 0), (1500, 0))])
    geometry: list[Any] = [several, away, shapely.Point(degrees((0, 0))), None]
    gpd.GeoDataFrame({"a": [1, 2, 3, 4]}, geometry=geometry, crs=STORAGE_CRS).to_file(tmp_path / "x.gpkg")
    made = make_network(tmp_path / "x.gpkg", DAY, attribution="Sở Xây dựng")
    assert ends(made) == {((0, 0), (1000, 0)), ((1000, 0), (1500, 0))}
    assert left_out(made) == {"outside the city": 1, "that are no lines": 2}
    assert made.way_count == 2 + 1 + 2
    assert made.network.source.attribution == "Sở Xây dựng"


def test_every_fault_of_a_layer_is_told(tmp_path: Path) -> None:
    square = shapely.box(*np.array(degrees((0, 0), (100, 100))).ravel())
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        gpd.GeoDataFrame(geometry=[square]).to_file(tmp_path / "no_crs.gpkg")
    assert faults(tmp_path / "no_crs.gpkg") == ["holds no lines", "states no coordinate reference system"]
    line = shapely.LineString(degrees(*MAIN))
    gpd.GeoDataFrame(geometry=[line], crs=METRIC_CRS).to_file(tmp_path / "wrong_crs.gpkg")
    assert faults(tmp_path / "wrong_crs.gpkg") == ["none of its 1 streets lies in the city"]
    gpd.GeoDataFrame({"a": []}, geometry=[], crs=STORAGE_CRS).to_file(tmp_path / "empty.gpkg")
    assert faults(tmp_path / "empty.gpkg") == ["holds no rows"]
    whole = write_lines(tmp_path / "whole.gpkg", [MAIN]).read_bytes()
    (tmp_path / "cut.gpkg").write_bytes(whole[:5000])
    assert faults(tmp_path / "cut.gpkg")[0].startswith("can't be read: ")
    (tmp_path / "x.gpkg").write_text("no database")
    assert faults(tmp_path / "x.gpkg") == ["is no GeoPackage"]
    os.mkfifo(tmp_path / "endless.json")
    assert faults(tmp_path / "endless.json") == ["is no file"]
    (tmp_path / "x.txt").write_text("no streets")
    assert faults(tmp_path / "x.txt") == ["is of no known format"]
    assert faults(tmp_path / "y.osm") == ["is missing"]
    dot = shapely.LineString(degrees((0, 0), (0, 0)))
    gpd.GeoDataFrame(geometry=[dot], crs=STORAGE_CRS).to_file(tmp_path / "dot.gpkg")
    assert faults(tmp_path / "dot.gpkg") == ["holds no street of any length"]


def test_of_several_layers_the_one_of_streets_is_taken_or_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    for layer, columns in (("rivers", {"river": ["Cấm"]}), ("lanes", {"name": ["a"]})):
        line = shapely.LineString(degrees(*MAIN))
        gpd.GeoDataFrame(columns, geometry=[line], crs=STORAGE_CRS).to_file(path, layer=layer)
    assert faults(path) == ["has 2 layers: rivers, lanes"]
    assert make_network(path, DAY, layer="lanes").km == pytest.approx(1, abs=1e-4)
    with pytest.raises(GeodataError, match="has no layer of this name"):
        make_network(path, DAY, layer="lane")
    write_lines(path, [MAIN, [(0, 0), (0, 500)]], highway=["primary", "primary"])
    assert make_network(path, DAY).km == pytest.approx(1.5, abs=1e-4)


# The shared roads

needs_shared_roads = pytest.mark.skipif(not SHARED_ROADS.exists(), reason=f"no {SHARED_ROADS.name} at hand")

ONE_SPEED = Assumptions(
    tuple(
        Assumption(name, highway, None, value, "", True, "", "")
        for name, highway, value in [
            ("detour_factor", "", 1.4),
            ("straight_line_speed", "", 24.0),
            ("street_speed_share", "", 1.0),
            ("off_street_speed", "", 10.0),
            *(("street_speed", name, 30.0) for name in ("primary", "secondary", "tertiary", "living_street")),
            ("street_speed", "unclassified", 30.0),
        ]
    )
)
"""One speed on all streets, by which the quickest way is the shortest."""


@needs_shared_roads
def test_on_the_shared_roads_legs_follow_the_streets() -> None:
    made = make_network(SHARED_ROADS, DAY)
    assert (made.used_count, made.left_out) == (706, ())
    assert made.km == pytest.approx(451.9, abs=0.5)
    # Independent of the program: GEOS puts ends into the lines that they nearly touch and nodes all lines,
    # networkx searches.
    lines = gpd.read_file(SHARED_ROADS, layer="roads").to_crs(METRIC_CRS).geometry.to_numpy()
    ends = np.array([[line.coords[0], line.coords[-1]] for line in lines]).reshape(-1, 2)
    pieces = shapely.get_parts(shapely.unary_union(shapely.snap(lines, shapely.multipoints(ends), 1.0)))
    tips = np.array([[piece.coords[0], piece.coords[-1]] for piece in pieces]).reshape(-1, 2)
    independent: Any = nx.Graph(cKDTree(tips).query_pairs(1.0))
    nx.set_edge_attributes(independent, dict.fromkeys(independent.edges, 0), "length")
    for number, piece in enumerate(pieces):
        independent.add_edge(2 * number, 2 * number + 1, length=piece.length)
    whole = max(nx.connected_components(independent), key=len)
    largest = sorted(whole)
    chosen = np.random.default_rng(1).choice(largest, 12, replace=False)
    places = gpd.GeoSeries(shapely.points(tips[chosen]), crs=METRIC_CRS).to_crs(STORAGE_CRS)
    ways = matrix(places, NOON, made.network, ONE_SPEED)
    assert ways.is_network.all()
    streets = shapely.union_all(shapely.buffer(lines, 1.1, quad_segs=4))
    for i, j in pairwise(range(12)):
        wanted = nx.shortest_path_length(independent, chosen[i], chosen[j], "length")
        assert ways.distance_m[i, j] == pytest.approx(wanted, rel=0.002, abs=5)
        leg = ways.leg(i, j)
        assert leg.method == "network"
        drawn = gpd.GeoSeries([leg.geometry], crs=STORAGE_CRS).to_crs(METRIC_CRS).iloc[0]
        assert drawn.length == pytest.approx(leg.distance_m, abs=1)
        assert drawn.difference(streets).length < 0.01


@needs_shared_roads
def test_a_leg_that_leaves_the_shared_roads_falls_back_and_says_so() -> None:
    network = make_network(SHARED_ROADS, DAY).network
    downtown, other_side, field = shapely.Point(106.68, 20.86), shapely.Point(106.70, 20.85), (106.55, 20.75)
    ways = matrix(gpd.GeoSeries([downtown, other_side, shapely.Point(field)], crs=STORAGE_CRS), NOON, network)
    assert ways.leg(0, 1).method == "network"
    assert len(ways.leg(0, 1).geometry.coords) > 10
    away = ways.leg(1, 2)
    assert away.method == "straight_line"
    assert list(away.geometry.coords) == [(106.70, 20.85), field]
    assert not ways.is_network[2].any()
