"""What a build adds for itineraries: landmarks, and the real visits with an order that is reckoned."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from etl.boundaries.openstreetmap import find_file, openstreetmap_source, read_shapes
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.layers import SpatialLayer, check, empty
from geodata.itinerary.cases import NOT_HISTORY, Case, case_requests
from geodata.itinerary.document import TeamDay, document
from geodata.itinerary.itinerary import make_itinerary
from geodata.itinerary.network import Network
from geodata.itinerary.places import gazetteer
from geodata.language import DEFAULT_LANGUAGE, message

LANDMARK_FILE = "osm_landmarks.gpkg"
"""The file of landmarks, in the folders of the boundaries."""

LANDMARK_SOURCE = "osm-landmarks"


def find_landmarks(directories: Sequence[Path]) -> Path | None:
    """Return the file of landmarks in the first folder that has it; ``None`` where none has."""
    return find_file(directories, LANDMARK_FILE)


def read_landmarks(path: Path | None) -> gpd.GeoDataFrame:
    """Return the layer ``landmark``; empty where there is no file.

    Raises
    ------
    SourceError
        The file can't be read or lacks names, points or a reference system.
    """
    if path is None:
        return empty("landmark")
    expected = message("a GeoPackage of points with the columns key and name")
    raw = read_shapes(path, None, {"key", "name"}, {"Point"}, message("holds no landmarks"), expected)
    name = raw["name"].astype("str").str.strip()
    return check(
        "landmark",
        gpd.GeoDataFrame(
            {
                "landmark_id": raw["key"],
                # A name that ends in “?” is uncertain.
                "landmark_name": name.str.removesuffix("?").str.strip(),
                "kind": raw.get("kind"),
                "is_uncertain": name.str.endswith("?"),
                "source": LANDMARK_SOURCE,
            },
            geometry=raw.geometry,
            crs=STORAGE_CRS,
        ),
    )


def landmark_sources(path: Path | None) -> pd.DataFrame:
    """Return the row of the layer ``source`` for the file of landmarks; none where there is no file."""
    return openstreetmap_source(LANDMARK_SOURCE, "Địa danh, lấy từ OpenStreetMap", path)


def read_network(path: Path) -> Network | None:
    """Return the street network of a file; ``None`` where there is none."""
    return Network.load(path) if path.is_file() else None


def case_itineraries(
    layers: Mapping[str, Any], network: Network | None
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the layers ``itinerary_stop`` and ``itinerary_leg``: the real visits, planned.

    Parameters
    ----------
    layers
        The layers itinerary_case, itinerary_case_stop, ward, station, landmark and crosswalk.
    network
        The streets, where there are any.
    """
    known = gazetteer(layers)
    cases = case_requests(layers["itinerary_case"], layers["itinerary_case_stop"], known)
    planned = [
        (case, made)
        for case in cases.values()
        for made in document(make_itinerary(case.request, network)).teams
    ]
    stops = [_stop(case, team, position) for case, team in planned for position in range(len(team.stops))]
    legs = [
        _leg(case, team, position)
        for case, team in planned
        for position, leg in enumerate(team.legs)
        # No line leads from a point to itself: a visit where the way begins needs none.
        if len(set(leg.way)) > 1
    ]
    return _layer("itinerary_stop", stops), _layer("itinerary_leg", legs)


def _layer(name: SpatialLayer, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    if not rows:
        return empty(name)
    return check(name, gpd.GeoDataFrame(rows, geometry="geometry", crs=STORAGE_CRS))


def _stop(case: Case, team: TeamDay, position: int) -> dict[str, Any]:
    stop = team.stops[position]
    return {
        "itinerary_id": case.case_id,
        "team": team.team,
        "position": position,
        "kind": stop.kind,
        "stop_number": stop.number,
        "name": stop.name,
        "vintage": case.request.vintage if stop.ward_code else None,
        "ward_code": stop.ward_code,
        "location_precision": stop.precision,
        "arrival": stop.arrival and stop.arrival.isoformat(),
        "departure": stop.departure and stop.departure.isoformat(),
        "service_min": stop.service_min,
        "waiting_min": stop.waiting_min,
        "note": _note(),
        "source": case.source,
        "geometry": shapely.Point(stop.lon, stop.lat),
    }


def _leg(case: Case, team: TeamDay, position: int) -> dict[str, Any]:
    leg = team.legs[position]
    return {
        "itinerary_id": case.case_id,
        "team": team.team,
        "from_position": position,
        "to_position": position + 1,
        "distance_m": leg.distance_m,
        "duration_min": leg.duration_min,
        "method": leg.method,
        "note": _note(),
        "geometry": shapely.LineString(leg.way),
    }


def _note() -> str:
    """Return what every row says of the order; it is data, so it is Vietnamese."""
    return NOT_HISTORY.render(DEFAULT_LANGUAGE)
