"""Boundary files of every format, encoding and fault, made from the small city and from real outlines."""

import json
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geodata.contract.crs import METRIC_CRS
from tests.small_city import NEW, new_wards

UNITS = pd.DataFrame(
    [
        (NEW, "00001", "Đông", "phường", None, None),
        (NEW, "00002", "Tây", "xã", None, None),
        (NEW, "00003", "Núi Đèo", "xã", None, None),
        (NEW, "00005", "Bắc", "phường", None, None),
        ("2020-02-01", "00001", "An Đông", "phường", "901", "Quận Đông"),
        ("2020-02-01", "00002", "Hòa Bình", "phường", "901", "Quận Đông"),
        ("2020-02-01", "00003", "Thủy Tây", "xã", "902", "Huyện Tây"),
        ("2020-02-01", "00004", "Núi Đèo", "thị trấn", "902", "Huyện Tây"),
        ("2020-02-01", "903", "Hòn Vọng", "huyện", "903", "Huyện Hòn Vọng"),
    ],
    columns=["vintage", "ward_code", "ward_name", "ward_kind", "district_code", "district_name"],
).astype("str")
"""The official lists of the small city."""

NO_PLACES = gpd.GeoDataFrame(
    columns=["vintage", "ward_code", "ward_name", "area_km2_official", "geometry"],
    geometry="geometry",
    crs=METRIC_CRS,
)
"""Nothing is known of where units lie."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Return text in Windows-1258, which writes most tones as characters of their own."""
    encoded = b""
    for character in unicodedata.normalize("NFC", text):
        try:
            encoded += character.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", character)
            letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
            tone = "".join(part for part in parts if part in _TONES)
            encoded += (letter + tone).encode("cp1258")
    return encoded


def write_shapefile(path: Path, frame: gpd.GeoDataFrame, *, encoding: str, cpg: str | None) -> Path:
    """Write a Shapefile whose text is in an encoding, with or without a ``.cpg`` that names one."""

    def raw(text: str) -> str:
        data = windows_1258(text) if encoding == "cp1258" else text.encode(encoding)
        return data.decode("latin-1")

    columns = [column for column in frame.columns if pd.api.types.is_string_dtype(frame[column])]
    bytes_as_text = frame.assign(**{column: frame[column].map(raw) for column in columns})
    with warnings.catch_warnings():
        # GDAL warns that outlines of many islands take long to sort out.
        warnings.simplefilter("ignore", RuntimeWarning)
        pyogrio.write_dataframe(bytes_as_text, path, driver="ESRI Shapefile", encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path


def write_topojson(path: Path, frame: gpd.GeoDataFrame) -> Path:
    """Write a TopoJSON file; each ring is an arc of its own."""
    arcs: list[list[list[float]]] = []
    geometries = []
    columns = [column for column in frame.columns if column != "geometry"]
    for _, row in frame.iterrows():
        polygons = []
        for polygon in shapely.get_parts(row.geometry):
            rings = [polygon.exterior, *polygon.interiors]
            polygons.append([[len(arcs) + number] for number in range(len(rings))])
            arcs += [[list(point) for point in ring.coords] for ring in rings]
        properties = {column: row[column] for column in columns}
        geometries.append({"type": "MultiPolygon", "properties": properties, "arcs": polygons})
    layer = {"wards": {"type": "GeometryCollection", "geometries": geometries}}
    path.write_text(json.dumps({"type": "Topology", "objects": layer, "arcs": arcs}), encoding="utf-8")
    return path


def zipped(path: Path, files: Iterable[Path], *, root: Path) -> Path:
    """Write files into a zip under their paths below a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(root))
    return path


def city(*columns: str) -> gpd.GeoDataFrame:
    """Return the small city of 2025-07-01 with its names, and other columns as asked."""
    return new_wards()[["ward", *columns, "geometry"]]


def disk(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
