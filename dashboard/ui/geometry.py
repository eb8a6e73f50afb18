"""The outlines of a vintage as the file that the browser fetches once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.query.caching import cached
from dashboard.query.layers import layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.subjects.lines import GEOMETRY_SCALE, steps
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.former import FormerGround
from dashboard.ui.frontend_state import FormerOutline, FormerState, PaletteEntry
from dashboard.ui.passed_on import kept_back, passed_on
from dashboard.ui.static_files import publish
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.wards.frames import FAR_M, frame_bounds
from geodata.wards.outline_notes import OutlineNotes, outline_notes
from geodata.wards.points import inner_points

SIMPLIFY_TOLERANCE_M = 20
"""What `simplify_coverage` may leave out, metres in EPSG:9210: less than a pixel at the city's scale."""


@dataclass(frozen=True)
class Outlines:
    """What the maps of a vintage are drawn from.

    Attributes
    ----------
    address
        Where the browser fetches them.
    notes
        What every map and file of them says.
    is_replaced
        They stand for others that may not be passed on, see `travelling`.
    """

    address: str
    notes: OutlineNotes
    is_replaced: bool = False


@cached
def outlines(published: Publication, vintage: str, former: tuple[str, ...] = ()) -> Outlines:
    """Return the outlines of a vintage, with rivers.

    Parameters
    ----------
    published
        What is published now.
    vintage
        The vintage.
    former
        Other vintages of which wards are drawn over it, whose sources are named too.
    """
    shown = [of_vintage(published, "ward", one) for one in (vintage, *former)]
    wards, sources = pd.concat(shown), layer(published, "source")
    return Outlines(geometry_address(published, vintage), outline_notes(wards, sources))


@cached
def geometry_address(published: Publication, vintage: str) -> str:
    """Return the address of a vintage's geometry, with rivers; it is served from then on."""
    return _served(of_vintage(published, "ward", vintage), layer(published, "water"))


def _served(wards: gpd.GeoDataFrame, water: gpd.GeoDataFrame) -> str:
    document = geometry_document(wards, water)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return publish(f"wards-{document['vintage']}", ".json", text.encode())


@cached
def travelling(published: Publication, vintage: str) -> Outlines | None:
    """Return the outlines of a vintage that may be passed on, which are schematic where its own may not.

    Nothing where the program ships none of that vintage, or not of all its wards.
    """
    if not kept_back(published, vintage):
        return outlines(published, vintage)
    drawn = passed_on(published, vintage)
    if drawn is None:
        return None
    address = _served(drawn, layer(published, "water"))
    return Outlines(address, outline_notes(drawn, layer(published, "source")), is_replaced=True)


def former_outlines(
    published: Publication, ground: FormerGround, classes: Sequence[MapClass] = ()
) -> FormerState | None:
    """Return wards of other vintages as a map draws them over its own; nothing where there are none.

    Parameters
    ----------
    published
        What is published now.
    ground
        The wards.
    classes
        Their classes in other colours than their own, such as those of the wall.
    """
    if not ground.wards:
        return None
    by_vintage: dict[str, list[FormerOutline]] = {}
    for ward in ground.wards:
        by_vintage.setdefault(ward.vintage, []).append(
            {"code": ward.ward_code, "sign": ward.sign, "number": ward.number, "label": ward.label}
        )
    return {
        "palette": [cast(PaletteEntry, vars(entry)) for entry in classes or ground.classes],
        "vintages": [
            {"geometry": outlines(published, vintage).address, "wards": wards}
            for vintage, wards in by_vintage.items()
        ],
    }


def geometry_document(wards: gpd.GeoDataFrame, water: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the geometry of one vintage as the map's frontend reads it.

    Parameters
    ----------
    wards
        Rows of the layer ``ward`` of one vintage, in the order in which class numbers will come.
    water
        The layer ``water``.

    Returns
    -------
    ``vintage``; ``scale``, units per degree; ``bounds``, west, south, east, north in degrees, of all wards;
    ``main``, likewise, without islands that lie farther than `FAR_M` from the rest; ``wards``, one each:
    ``code``, ``name``, ``kind``, ``district``, ``at`` (a point inside, lon and lat in units) and
    ``polygons``, each a list of rings, each ring lon, lat, lon, lat … in units, every vertex as its
    difference from the one before. Simplified as a coverage in EPSG:9210: neighbours still share their edges.
    ``water``, one for each part of a river: ``width`` in metres, 0 where unknown, and ``line``, likewise.
    """
    metric = wards.geometry.to_crs(METRIC_CRS)
    points = shapely.get_coordinates(inner_points(wards.geometry).to_numpy()).tolist()
    shapes = metric.simplify_coverage(SIMPLIFY_TOLERANCE_M).to_crs(STORAGE_CRS)
    return {
        "vintage": wards["vintage"].iloc[0],
        "scale": GEOMETRY_SCALE,
        "bounds": [round(float(side), 5) for side in wards.total_bounds],
        "main": [round(side, 5) for side in frame_bounds(wards, wards["ward_code"].notna(), FAR_M)],
        "wards": [
            {
                "code": ward.ward_code,
                "name": ward.ward_name,
                "kind": ward.ward_kind,
                "district": ward.district_name if isinstance(ward.district_name, str) else "",
                "at": [round(x * GEOMETRY_SCALE), round(y * GEOMETRY_SCALE)],
                "polygons": [_encode(polygon) for polygon in getattr(shape, "geoms", [shape])],
            }
            for ward, (x, y), shape in zip(wards.itertuples(), points, shapes, strict=True)
        ],
        "water": [
            {"width": 0 if pd.isna(width) else round(width), "line": steps(shapely.get_coordinates(line))}
            for width, line in zip(water["width_m"], water.geometry, strict=True)
        ],
    }


def _encode(polygon: shapely.Polygon) -> list[list[int]]:
    return [steps(shapely.get_coordinates(ring)[:-1]) for ring in (polygon.exterior, *polygon.interiors)]
