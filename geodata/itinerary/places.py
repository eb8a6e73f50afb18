"""The places of an itinerary: wards by code or name, landmarks, and points given as latitude and longitude.

What is asked for in words becomes a `Place` here, or a fault that says what would be right; nothing is
guessed. A ward is always one of the vintage of the day, since codes were reused with another meaning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar, cast

import geopandas as gpd
import pandas as pd

from geodata.contract.errors import GeodataError
from geodata.contract.programme import LOCATION_PRECISIONS
from geodata.language import message
from geodata.language.dates import day as day_text
from geodata.wards.lands import Lands, lands_of
from geodata.wards.names import vintage_on

Precision = Literal["surveyed", "address", "ward_reference_point", "landmark", "given"]
"""How exactly a place is known: that of a ward's station, or a landmark, or given as coordinates."""

DEFAULT_START = "ubnd"
"""The landmark from which an itinerary starts unless another place is chosen: the former seat of the city's
People's Committee."""


@dataclass(frozen=True)
class Place:
    """A point where an itinerary starts, stops or ends.

    Attributes
    ----------
    name
        What people call it: of a ward its police station, as in ``Công an phường Cát Bi``.
    lat, lon
        Degrees, EPSG:4326.
    precision
        How exactly the point is known.
    vintage, ward_code
        The ward for which it stands; ``None`` for a landmark or a given point.
    is_illustrative
        The point was generated to show the program.
    is_uncertain
        A landmark of which it is not certain that the name is right.
    land
        Which land it lies on, so that no straight line crosses the sea; ``None`` where that is not known.
    """

    name: str
    lat: float
    lon: float
    precision: Precision
    vintage: str | None = None
    ward_code: str | None = None
    is_illustrative: bool = False
    is_uncertain: bool = False
    land: int | None = None


T = TypeVar("T")
MOST_KEPT = 4096


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The layers in which places are looked up; frames in EPSG:4326, which nobody changes.

    Attributes
    ----------
    ward, station, landmark, crosswalk
        The layers of these names, all vintages.
    """

    ward: gpd.GeoDataFrame
    station: gpd.GeoDataFrame
    landmark: gpd.GeoDataFrame
    crosswalk: pd.DataFrame

    @property
    def vintages(self) -> list[str]:
        """The vintages of the wards, oldest first."""
        return sorted(self.ward["vintage"].unique())

    @cached_property
    def lands(self) -> Lands:
        """The lands of the wards of all vintages together."""
        return lands_of(self.ward.geometry)

    @cached_property
    def kept(self) -> dict[tuple[str, ...], Any]:
        """What was looked up before, which goes with the layers: `MOST_KEPT` at most."""
        return {}

    def keep(self, key: tuple[str, ...], find: Callable[[], T]) -> T:
        """Return what was looked up by a key before, or look it up."""
        if key in self.kept:
            return cast(T, self.kept[key])
        found = find()
        if len(self.kept) < MOST_KEPT:
            self.kept[key] = found
        return found


def gazetteer(layers: Mapping[str, Any]) -> Gazetteer:
    """Return the gazetteer of the layers of a publication, by their name."""
    return Gazetteer(layers["ward"], layers["station"], layers["landmark"], layers["crosswalk"])


def vintage_of(day: str, known: Gazetteer) -> str:
    """Return the vintage whose wards hold on an ISO day.

    Raises
    ------
    GeodataError
        No boundaries are known for the day.
    """
    vintage = vintage_on(day, known.vintages)
    if vintage is None:
        raise GeodataError.of(
            "date",
            f"{pd.Timestamp(day):%d/%m/%Y}",
            message("no wards are on record for this day"),
            message("a day from {day} on", day=day_text(min(known.vintages))),
        )
    return vintage


def ward_places(known: Gazetteer, vintage: str) -> dict[str, Place]:
    """Return the place of each ward of a vintage by its code: its station that is known most exactly."""
    return known.keep(("wards", vintage), lambda: _ward_places(known, vintage))


def _ward_places(known: Gazetteer, vintage: str) -> dict[str, Place]:
    stations = known.station[known.station["vintage"] == vintage]
    ranked = stations.assign(rank=stations["location_precision"].map(LOCATION_PRECISIONS.index))
    best = ranked.sort_values(["ward_code", "rank", "station_id"]).drop_duplicates("ward_code")
    columns = ["ward_code", "station_name", "location_precision", "is_illustrative"]
    points = zip(best.geometry.y, best.geometry.x, known.lands.at(best.geometry), strict=True)
    return {
        code: Place(name, float(lat), float(lon), precision, vintage, code, bool(is_illustrative), land=land)
        for (code, name, precision, is_illustrative), (lat, lon, land) in zip(
            best[columns].itertuples(index=False, name=None), points, strict=True
        )
    }


def landmark_places(known: Gazetteer) -> dict[str, Place]:
    """Return the place of each landmark by its ``landmark_id``."""
    return known.keep(("landmarks",), lambda: _landmark_places(known))


def _landmark_places(known: Gazetteer) -> dict[str, Place]:
    rows = known.landmark
    columns = ["landmark_id", "landmark_name", "is_uncertain"]
    points = zip(rows.geometry.y, rows.geometry.x, known.lands.at(rows.geometry), strict=True)
    return {
        key: Place(name, float(lat), float(lon), "landmark", is_uncertain=bool(is_uncertain), land=land)
        for (key, name, is_uncertain), (lat, lon, land) in zip(
            rows[columns].itertuples(index=False, name=None), points, strict=True
        )
    }


def default_start(known: Gazetteer) -> Place | None:
    """Return the former seat of the city's People's Committee; ``None`` where no landmarks are on record."""
    return landmark_places(known).get(DEFAULT_START)
