"""How long it takes from place to place, by a street network where there is one, else by straight lines.

The time of day counts once, at the departure: its period holds for every leg of the day.
"""

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

from geodata.crs import METRIC_CRS, STORAGE_CRS, to_metric
from geodata.errors import Fault, SchemaError
from geodata.itinerary.network import Network
from geodata.language import Message, message
from geodata.paths import SOURCES

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
    """

    points: gpd.GeoSeries
    duration_min: Floats
    distance_m: Floats
    is_network: Flags

    def leg(self, i: int, j: int) -> Leg:
        """Return the way from place ``i`` to place ``j``."""
        ends = shapely.get_coordinates(self.points.iloc[[i, j]].to_numpy())
        return Leg(
            shapely.LineString(ends),
            "straight_line",
            float(self.distance_m[i, j]),
            float(self.duration_min[i, j]),
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
        The street network; used where both ends lie within `REACH_M` of one connected part of it.
    assumptions
        By default those of ``geodata/sources/travel_assumption.csv``.
    """
    return straight_line(points, depart, assumptions or read_assumptions())


def straight_line(points: gpd.GeoSeries, depart: datetime, assumptions: Assumptions) -> Matrix:
    """Return the ways between places by straight lines times the detour factor; see `matrix`."""
    xy = shapely.get_coordinates(to_metric(points).to_numpy())
    straight = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    distance = straight * assumptions.at("detour_factor", depart.time()).value
    speed = assumptions.at("straight_line_speed", depart.time()).value * METRES_A_MINUTE
    return Matrix(points, distance / speed, distance, np.zeros(distance.shape, dtype=bool))


def read_assumptions(path: Path = SOURCES / "travel_assumption.csv") -> Assumptions:
    """Return the figures that travel times rest on.

    Raises
    ------
    SchemaError
        A value that is no positive number, a row with neither source nor the mark of an assumption, a name that
        is unknown, missing, or does not hold from midnight on.
    """
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows = tuple(
        Assumption(
            row["assumption"],
            row["highway"],
            time.fromisoformat(row["from_time"]) if row["from_time"] else None,
            float(row["value"]),
            row["unit"],
            row["is_assumption"] == "true",
            row["source"],
            row["note"],
        )
        for row in table.to_dict("records")
    )
    return Assumptions(rows)
