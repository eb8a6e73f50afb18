"""Files that the browser fetches once: our frontend, Leaflet, the font, and the geometry of each vintage.

They lie below ``dashboard/static/`` (git-ignored; Streamlit serves it as ``app/static``), each below a name
that holds the hash of its content: a browser may keep it for good, and a new version is a new address.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.wards.frames import FAR_M, frame_bounds

STATIC = Path(__file__).parent.parent / "static"
FRONTEND = Path(__file__).parent.parent / "frontend"
FONT_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")

SIMPLIFY_TOLERANCE_M = 20
"""What `simplify_coverage` may leave out, metres in EPSG:9210: less than a pixel at the city's scale."""

GEOMETRY_SCALE = 100_000
"""Coordinates are stored as integers of 1/100.000 degree, about a metre."""

_KEPT_GEOMETRIES = 12
"""So many files of a vintage stay: pages that are open may still ask for that of a build before."""

_LONG_AGO = 1_000_000_000
"""Streamlit states no lifetime for these files; a browser then keeps a file for a tenth of its age."""


def frontend_sources() -> dict[str, Path]:
    """Return the files of the frontend by the name under which they are served."""
    leaflet = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
    font = Path(str(files("fontpkg_be_vietnam_pro"))) / "files"
    return {
        **{path.name: path for path in sorted(FRONTEND.iterdir())},
        "leaflet.js": leaflet / "leaflet-src.esm.js",
        "leaflet.css": leaflet / "leaflet.css",
        **{name: font / name for weight in FONT_WEIGHTS for name in [f"BeVietnamPro-{weight}.ttf"]},
    }


@cache
def publish_frontend() -> str:
    """Copy the frontend into a folder named by its content; return its name below ``app/static``."""
    sources = frontend_sources()
    digest = hashlib.sha256()
    for name, path in sources.items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    folder = STATIC / f"frontend-{digest.hexdigest()[:12]}"
    if not folder.is_dir():
        STATIC.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=STATIC, prefix=".publishing-"))
        try:
            for name, path in sources.items():
                shutil.copyfile(path, part / name)
                os.utime(part / name, (_LONG_AGO, _LONG_AGO))
            part.chmod(0o755)
            part.rename(folder)
        except OSError:
            # Another process has published the same content meanwhile.
            if not folder.is_dir():
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return folder.name


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
    # Where leader lines end: well inside the shape. A representative point may lie at its rim.
    points = metric.apply(_label_point).set_crs(METRIC_CRS).to_crs(STORAGE_CRS)
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
                "at": [round(point.x * GEOMETRY_SCALE), round(point.y * GEOMETRY_SCALE)],
                "polygons": [_encode(polygon) for polygon in getattr(shape, "geoms", [shape])],
            }
            for ward, point, shape in zip(wards.itertuples(), points, shapes, strict=True)
        ],
        "water": [
            {"width": 0 if pd.isna(width) else round(width), "line": _steps(line.coords)}
            for width, line in zip(water["width_m"], water.geometry, strict=True)
        ],
    }


def _label_point(shape: shapely.MultiPolygon) -> shapely.Point:
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return shapely.maximum_inscribed_circle(largest, tolerance=10).interpolate(0)


def _encode(polygon: shapely.Polygon) -> list[list[int]]:
    return [_steps(ring.coords[:-1]) for ring in (polygon.exterior, *polygon.interiors)]


def _steps(coordinates: Iterable[tuple[float, ...]]) -> list[int]:
    vertices = [(round(x * GEOMETRY_SCALE), round(y * GEOMETRY_SCALE)) for x, y in coordinates]
    before = [(0, 0), *vertices[:-1]]
    return [step for (x, y), (x0, y0) in zip(vertices, before, strict=True) for step in (x - x0, y - y0)]


def publish_geometry(wards: gpd.GeoDataFrame, water: gpd.GeoDataFrame) -> str:
    """Write the geometry of one vintage, with rivers, and return its path below ``app/static``.

    Of each vintage the `_KEPT_GEOMETRIES` that were written or asked for last stay.
    """
    document = geometry_document(wards, water)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    path = STATIC / f"wards-{document['vintage']}-{hashlib.sha256(text).hexdigest()[:12]}.json"
    if path.is_file():
        # What is asked for is not old, and this changes the time of the last change of state.
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    else:
        _write(path, text)
        _forget_old(f"wards-{document['vintage']}-*.json")
    return path.name


def _write(path: Path, content: bytes) -> None:
    STATIC.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=STATIC, prefix=".publishing-")
    part = Path(name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    part.chmod(0o644)
    os.utime(part, (_LONG_AGO, _LONG_AGO))
    part.replace(path)


def _forget_old(pattern: str) -> None:
    states = []
    for path in STATIC.glob(pattern):
        # Another process may do the same meanwhile.
        with suppress(FileNotFoundError):
            states.append((path.stat().st_ctime_ns, path))
    for _, path in sorted(states, reverse=True)[_KEPT_GEOMETRIES:]:
        path.unlink(missing_ok=True)
