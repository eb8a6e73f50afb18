"""How long it takes from place to place, by a street network where there is one, else by straight lines.

The time of day counts once, at the departure: its period holds for every leg of the day.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS, to_metric
from geodata.contract.errors import Fault, SchemaError
from geodata.itinerary.network import Network
from geodata.itinerary.ways import Ways
from geodata.language import Message, message
from geodata.settings import SOURCES

Method = Literal["network", "straight_line"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

METRES_A_MINUTE = 1000 / 60
"""By which km/h become metres a minute."""


@dataclass(frozen=True)
class Assumption:
    """A figure that travel times rest on.

    Attributes
    ----------
    name
        ``detour_factor``, ``straight_line_speed``, ``street_speed_share``, ``off_street_speed`` or
        ``street_speed``.
    highway
        The class of streets for which it holds; empty where for all.
    from_time
        From when it holds, until the next row of its name; ``None`` where at all times.
    value
        The figure.
    unit
        Its unit; empty for a ratio.
    is_assumption
        Whether nobody published it.
    source
        ``source_id`` of its source; empty for an assumption.
    note
        What it means.
    """

    name: str
    highway: str
    from_time: time | None
    value: float
    unit: str
    is_assumption: bool
    source: str
    note: str

    @property
    def what(self) -> Message:
        """What it is, as a sentence for a list of assumptions."""
        return WHAT[self.name]


WHAT = {
    "detour_factor": message("Way by street over straight line"),
    "straight_line_speed": message("Speed along the straight line, times the detour"),
    "street_speed_share": message("Share of a street's speed that traffic leaves"),
    "off_street_speed": message("Speed between a stop and the street network"),
    "street_speed": message("Speed of a street whose speed is not given"),
}
"""What each assumption is."""


@dataclass(frozen=True)
class Assumptions:
    """The figures that travel times rest on."""

    rows: tuple[Assumption, ...]

    def at(self, name: str, when: time) -> Assumption:
        """Return the row of a name that holds at a time of day."""
        holding = [row for row in self.rows if row.name == name and (row.from_time or time.min) <= when]
        return max(holding, key=lambda row: row.from_time or time.min)

    def used(self, depart: datetime, *, with_network: bool) -> tuple[Assumption, ...]:
        """Return the rows on which the times of a departure rest, those of single street classes left out."""
        names = ["detour_factor", "straight_line_speed"]
        if with_network:
            names += ["street_speed_share", "off_street_speed"]
        return tuple(self.at(name, depart.time()) for name in names)

    @cached_property
    def street_speeds(self) -> dict[str, float]:
        """The speed of each class of streets, km/h; a class that is not among them is not driven on."""
        return {row.highway: row.value for row in self.rows if row.name == "street_speed"}


@dataclass(frozen=True)
class Leg:
    """The way from one place to another.

    Attributes
    ----------
    geometry
        In EPSG:4326; along the streets, with the pieces from and to the stops, or straight.
    method
        How it was found; a straight line is an estimate.
    """

    geometry: shapely.LineString
    method: Method
    distance_m: float
    duration_min: float


@dataclass(frozen=True, eq=False)
class Matrix:
    """The ways between places, each to each.

    Attributes
    ----------
    points
        The places, in EPSG:4326.
    duration_min, distance_m
        From the place of the row to that of the column.
    is_network
        Whether the way follows the street network; a straight line is an estimate.
    ways
        The ways on the network; ``None`` without one.
    """

    points: gpd.GeoSeries
    duration_min: Floats
    distance_m: Floats
    is_network: Flags
    ways: Ways | None = None

    def leg(self, i: int, j: int) -> Leg:
        """Return the way from place ``i`` to place ``j``."""
        distance, duration = float(self.distance_m[i, j]), float(self.duration_min[i, j])
        method: Method = "network" if self.is_network[i, j] else "straight_line"
        if self.ways is None or method == "straight_line" or distance == 0:
            ends = shapely.get_coordinates(np.asarray(self.points.iloc[[i, j]]))
            return Leg(shapely.LineString(ends), method, distance, duration)
        along = gpd.GeoSeries([shapely.LineString(self.ways.line(i, j))], crs=METRIC_CRS)
        return Leg(
            shapely.LineString(along.to_crs(STORAGE_CRS).get_coordinates()), method, distance, duration
        )


def matrix(
    points: gpd.GeoSeries,
    depart: datetime,
    network: Network | None = None,
    assumptions: Assumptions | None = None,
) -> Matrix:
    """Return the ways between places, each to each.

    Parameters
    ----------
    points
        The places, in EPSG:4326.
    depart
        When the day begins; its time of day decides on the speeds.
    network
        The street network; used where both ends lie within 400 m of one connected part of it.
    assumptions
        By default those of ``geodata/sources/travel_assumption.csv``.
    """
    assumptions = assumptions or read_assumptions()
    straight = straight_line(points, depart, assumptions)
    if network is None:
        return straight
    ways = Ways(
        network,
        _metric(points),
        street_speeds(network, depart, assumptions),
        assumptions.at("off_street_speed", depart.time()).value * METRES_A_MINUTE,
    )
    stays = straight.distance_m == 0
    is_driven = ways.is_network & ~stays
    return Matrix(
        points,
        np.where(is_driven, ways.duration_min, straight.duration_min),
        np.where(is_driven, ways.distance_m, straight.distance_m),
        ways.is_network,
        ways,
    )


def street_speeds(network: Network, depart: datetime, assumptions: Assumptions) -> Floats:
    """Return how fast each edge is driven at a time of day, metres a minute.

    It is the speed that the source gives, else that of its class, times the share that traffic leaves.
    """
    of_class = assumptions.street_speeds
    assumed = np.array([of_class.get(name, of_class["unclassified"]) for name in network.classes])
    speed = np.where(np.isnan(network.maxspeed_kmh), assumed[network.highway], network.maxspeed_kmh)
    share = assumptions.at("street_speed_share", depart.time()).value
    return np.asarray(speed * share * METRES_A_MINUTE)


def straight_line(points: gpd.GeoSeries, depart: datetime, assumptions: Assumptions) -> Matrix:
    """Return the ways between places by straight lines times the detour factor; see `matrix`."""
    xy = _metric(points)
    straight = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    distance = straight * assumptions.at("detour_factor", depart.time()).value
    speed = assumptions.at("straight_line_speed", depart.time()).value * METRES_A_MINUTE
    return Matrix(points, distance / speed, distance, np.zeros(distance.shape, dtype=bool))


def _metric(points: gpd.GeoSeries) -> Floats:
    return np.asarray(shapely.get_coordinates(to_metric(points).to_numpy()))


def read_assumptions(path: Path = SOURCES / "travel_assumption.csv") -> Assumptions:
    """Return the figures that travel times rest on.

    Raises
    ------
    SchemaError
        With every fault: a value that is no positive number, a time that is none, a row with neither a source
        nor the mark of an assumption, a name that is unknown or has no row from midnight on.
    """
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows: list[Assumption] = []
    faults: list[Fault] = []
    for number, row in enumerate(table.to_dict("records"), start=2):
        try:
            rows.append(_assumption({str(column): value for column, value in row.items()}))
        except _FaultyCellError as error:
            column = error.column
            faults.append(Fault(path.name, row[column], error.problem, error.expected, number, column))
    anytime = {(row.name, row.highway) for row in rows if row.from_time in (None, time.min)}
    needed = [(name, "") for name in WHAT if name != "street_speed"] + [("street_speed", "unclassified")]
    if not faults:
        faults += [
            Fault(
                path.name,
                highway or name,
                message("has no row that holds from midnight on"),
                message("a row with from_time 00:00, or without a time"),
            )
            for name, highway in needed
            if (name, highway) not in anytime
        ]
    if faults:
        raise SchemaError(faults)
    return Assumptions(tuple(rows))


class _FaultyCellError(Exception):
    """A cell that can't be read."""

    def __init__(self, column: str, problem: Message, expected: Message) -> None:
        self.column, self.problem, self.expected = column, problem, expected
        super().__init__(column)


def _assumption(row: dict[str, str]) -> Assumption:
    if row["assumption"] not in WHAT:
        raise _FaultyCellError(
            "assumption", message("is no assumption of the program"), Message(", ".join(WHAT))
        )
    try:
        from_time = time.fromisoformat(row["from_time"]) if row["from_time"] else None
    except ValueError as error:
        raise _FaultyCellError("from_time", message("is no time"), message("a time such as 06:30")) from error
    if not re.fullmatch(r"\d+(\.\d+)?", row["value"]) or not float(row["value"]):
        raise _FaultyCellError("value", message("is no positive number"), message("a number such as 1.4"))
    if (row["is_assumption"] == "true") == bool(row["source"]):
        raise _FaultyCellError(
            "is_assumption",
            message("is neither an assumption nor has a source, or is both"),
            message("“true”, or “false” with a source"),
        )
    return Assumption(
        row["assumption"],
        row["highway"],
        from_time,
        float(row["value"]),
        row["unit"],
        row["is_assumption"] == "true",
        row["source"],
        row["note"],
    )
