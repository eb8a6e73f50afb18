"""The layers of the published GeoPackage: columns, types, keys, units, and how they are read and written.

This is the contract between the ETL, which writes these layers, and the dashboard, which reads them and
nothing else. A ward is always (vintage, ward_code): codes were reused with another meaning in 2025.
"""

import errno
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal, overload

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely
from pandera.errors import SchemaErrors

from geodata.contract import events, indicators, inspections, itinerary, programme, provenance, wards
from geodata.contract.checksum import put_in_place
from geodata.contract.columns import Layer
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.descriptions import column_descriptions, column_titles, in_vietnamese
from geodata.contract.errors import Fault, SchemaError, SourceError
from geodata.contract.events import FIELDS, PHASES
from geodata.contract.programme import ROLES, STAGES
from geodata.contract.wards import BOUNDARY_QUALITIES, WARD_KINDS, WATER_SOURCE
from geodata.disk import flush, naming
from geodata.feature_tables import described, feature_table
from geodata.language import message

__all__ = [
    "BOUNDARY_QUALITIES",
    "FIELDS",
    "LAYERS",
    "PHASES",
    "ROLES",
    "STAGES",
    "WARD_KINDS",
    "WATER_SOURCE",
    "Layer",
    "SpatialLayer",
    "check",
    "empty",
    "layers_in",
    "read_layer",
    "write_layers",
]

_ORDER = [
    "ward_summary",
    "ward",
    "district",
    "crosswalk",
    "pilot_status",
    "inspection_round",
    "inspection",
    "criterion_result",
    "recommendation",
    "indicator",
    "indicator_value",
    "station",
    "event",
    "event_task",
    "landmark",
    "water",
    "itinerary_case",
    "itinerary_case_stop",
    "itinerary_stop",
    "itinerary_leg",
    "target",
    "fact",
    "criteria_set",
    "criterion",
    "source",
    "build",
]
"""In which the layers stand in the file."""

_DEFINED = {
    layer.name: layer
    for subject in (wards, programme, inspections, indicators, events, itinerary, provenance)
    for layer in subject.LAYERS
}

SpatialLayer = Literal[
    "ward_summary", "ward", "district", "station", "landmark", "water", "itinerary_stop", "itinerary_leg"
]
"""A layer with geometry."""

LAYERS: dict[str, Layer] = {name: _DEFINED[name] for name in _ORDER}


@overload
def empty(name: SpatialLayer) -> gpd.GeoDataFrame: ...
@overload
def empty(name: str) -> pd.DataFrame: ...
def empty(name: str) -> pd.DataFrame:
    """Return a frame of a layer with its columns and no rows."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    layer = LAYERS[name]
    frame = pd.DataFrame(columns=list(layer.columns))
    if layer.geometry is not None:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=STORAGE_CRS), crs=STORAGE_CRS)
    return check(name, frame)


@overload
def check(name: SpatialLayer, frame: pd.DataFrame) -> gpd.GeoDataFrame: ...
@overload
def check(name: str, frame: pd.DataFrame) -> pd.DataFrame: ...
def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in the layer's types and columns, in the order of its key.

    Raises
    ------
    SchemaError
        With every fault: a column missing or unknown, a wrong type or value, a key that occurs twice, and
        for polygons an empty or invalid geometry or another CRS than EPSG:4326.
    """
    layer = LAYERS[name]
    faults: list[Fault] = []
    frame = frame.reset_index(drop=True)
    attributes = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    try:
        attributes = layer.schema.validate(attributes, lazy=True)
        faults += _key_faults(layer, attributes)
    except SchemaErrors as errors:
        faults += _schema_faults(name, errors.failure_cases)
    if layer.geometry is not None:
        faults += _geometry_faults(layer, frame)
    if faults:
        raise SchemaError(faults)
    attributes = attributes[list(layer.columns)]
    if layer.geometry is not None:
        attributes = gpd.GeoDataFrame(attributes, geometry=frame.geometry, crs=STORAGE_CRS)
    return attributes.sort_values(list(layer.key), ignore_index=True)


def _schema_faults(name: str, cases: pd.DataFrame) -> list[Fault]:
    faults = []
    for case in cases.to_dict("records"):
        faults.append(
            Fault(
                name,
                str(case["failure_case"]),
                message("breaks the contract"),
                message("{rule}", rule=str(case["check"])),
                row=None if pd.isna(case["index"]) else int(case["index"]) + 1,
                column=str(case["column"]) if case["schema_context"] == "Column" else "",
            )
        )
    return faults


def _key_faults(layer: Layer, frame: pd.DataFrame) -> list[Fault]:
    key = list(layer.key)
    counts = frame[frame.duplicated(key, keep=False)].groupby(key, sort=True).size()
    return [
        Fault(
            layer.name,
            "/".join(str(part) for part in (value if isinstance(value, tuple) else (value,))),
            message("occurs {count} times", count=count),
            message("once"),
            column=", ".join(key),
        )
        for value, count in counts.items()
    ]


def _geometry_faults(layer: Layer, frame: pd.DataFrame) -> list[Fault]:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None or frame.crs != STORAGE_CRS:
        found = str(getattr(frame, "crs", None))
        return [Fault(layer.name, found, message("has another reference system"), message("EPSG:4326"))]
    broken = frame[~frame.geometry.is_valid | frame.geometry.is_empty | frame.geometry.isna()]
    return [
        Fault(
            layer.name,
            "/".join(str(row[k]) for k in layer.key),
            message("has an invalid or empty geometry"),
            message("a valid geometry"),
        )
        for _, row in broken.iterrows()
    ]


def read_layer(path: Path, name: str) -> Any:
    """Return one layer of a published GeoPackage in the contract's types.

    A ``GeoDataFrame`` in EPSG:4326 for a layer with geometry, else a ``DataFrame``. A layer without data has
    no rows; one that the file does not hold at all is a fault. Read as the SQLite that it is: the server
    needs no GDAL, which takes 50 MB.

    Raises
    ------
    SourceError
        The file is missing, no GeoPackage, or lacks the layer.
    SchemaError
        The layer breaks the contract.
    """
    known = layers_in(path)
    if name not in known:
        lacks = message("is damaged or of another version: it lacks {names}", names=name)
        raise SourceError.of(path.name, "", lacks, message("a GeoPackage with all layers of the contract"))
    with _opened(path) as file:
        frame = pd.read_sql_query(f'SELECT * FROM "{name}"', file).drop(columns="fid", errors="ignore")
        if LAYERS[name].geometry is not None:
            shapes = shapely.from_wkb([_wkb(blob) for blob in frame.pop("geom")])
            frame = gpd.GeoDataFrame(frame, geometry=shapes, crs=known[name])
    return check(name, frame)


def layers_in(path: Path) -> dict[str, int]:
    """Return the EPSG code, or 0, of each table that a GeoPackage names.

    Raises
    ------
    SourceError
        The file is missing or no GeoPackage.
    """
    with _opened(path) as file:
        return dict(file.execute("SELECT table_name, srs_id FROM gpkg_contents"))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a GeoPackage for reading; what can't be read of it within the block is a `SourceError`."""
    if not path.is_file():
        raise SourceError.of(path.name, "", message("is missing"), message("run “pilot-wards build” first"))
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            yield file
    except (
        sqlite3.Error,
        pd.errors.DatabaseError,
        shapely.errors.GEOSException,
        KeyError,
        IndexError,
        TypeError,
        ValueError,
        RuntimeError,
    ) as error:
        raise SourceError.of(
            path.name, "", message("is no readable GeoPackage"), message("a GeoPackage")
        ) from error


def _wkb(blob: bytes) -> bytes:
    """Return the geometry in a cell of a GeoPackage (OGC 12-128r19, 2.1.3) without its header."""
    envelope = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
    return blob[8 + envelope :]


def write_layers(
    path: Path,
    layers: Mapping[str, pd.DataFrame],
    styles: pd.DataFrame | None = None,
    *,
    ready: Callable[[Path], object] = lambda _: None,
    is_published: bool = True,
) -> dict[str, pd.DataFrame]:
    """Write a whole GeoPackage, or leave what was there as it was; return its layers, in their order.

    Every layer is checked against the contract first; the file is written beside the target, read again,
    flushed to disk and put in the target's place in one step.

    Parameters
    ----------
    path
        Target; its folder is made where it is missing.
    layers
        Frames by the layer's name, in any order.
    styles
        Rows of QGIS's ``layer_styles`` table, where the file is to carry styles.
    ready
        Told of the new file once it is whole, before it takes the target's place.
    is_published
        Whether it is read by this program: then it holds every layer of the contract, so that one that is
        missing is known to be lost, and a checksum stands beside it (`geodata.contract.checksum`).
        Otherwise layers without rows are left out.

    Raises
    ------
    SchemaError
        With the faults of all layers.
    OSError
        The disk refuses the file.
    """
    faults: list[Fault] = []
    checked: dict[str, pd.DataFrame] = {}
    for name, frame in layers.items():
        try:
            checked[name] = check(name, frame)
        except SchemaError as error:
            faults += error.faults
    if faults:
        raise SchemaError(faults)
    written = {
        name: checked[name] if name in checked else _empty(name)
        for name in LAYERS
        if is_published or len(checked.get(name, ()))
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder, naming(path):
        part = Path(folder) / path.name
        _write_file(part, written, styles)
        flush(part)
        ready(part)
        if is_published:
            put_in_place(part, path)
        else:
            part.replace(path)
            flush(path.parent)
    return {name: checked[name] for name in LAYERS if name in checked}


def _write_file(path: Path, layers: Mapping[str, pd.DataFrame], styles: pd.DataFrame | None) -> None:
    """Write a GeoPackage and read it again; where GDAL says no number of an error, find out which it is."""
    import pyogrio
    import pyogrio.errors

    try:
        for name, frame in layers.items():
            _write(path, LAYERS[name], frame)
        if styles is not None:
            pyogrio.write_dataframe(
                styles, path, layer="layer_styles", driver="GPKG", append=True, layer_options={"FID": "id"}
            )
        # GDAL does not tell all that goes wrong as it closes a file.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            counts = {n: file.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in layers}
            [found] = file.execute("PRAGMA quick_check(1)").fetchone()
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        sqlite3.Error,
    ) as error:
        raise _refusal(path, str(error)) from error
    if found != "ok" or counts != {name: len(frame) for name, frame in layers.items()}:
        raise _refusal(path, str(found))


def _refusal(path: Path, told: str) -> OSError:
    """Return what the system must have said when GDAL or SQLite could not write a file."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    code = errno.EIO
    if "full" in told or not shutil.disk_usage(path.parent).free:
        code = errno.ENOSPC
    elif "readonly" in told:
        code = errno.EROFS
    elif limit != resource.RLIM_INFINITY:
        code = errno.EFBIG
    return OSError(code, told, str(path))


def _write(path: Path, layer: Layer, frame: pd.DataFrame) -> None:
    import pyogrio

    dates = [c for c, column in layer.columns.items() if str(column.dtype).startswith("datetime")]
    frame = frame.assign(**{c: frame[c].astype(pd.ArrowDtype(pa.date32())) for c in dates})
    pyogrio.write_arrow(
        described(feature_table(frame), column_titles(layer), column_descriptions(layer)),
        path,
        layer=layer.name,
        driver="GPKG",
        append=path.exists(),
        # Debian's GDAL 3.6 warns of any GeoPackage newer than this.
        dataset_options=None if path.exists() else {"VERSION": "1.3"},
        geometry_name="geometry" if layer.geometry else None,
        geometry_type=layer.geometry,
        crs=STORAGE_CRS if layer.geometry else None,
        layer_options={
            "DESCRIPTION": in_vietnamese(layer.title),
            **({"SPATIAL_INDEX": "YES"} if layer.geometry else {}),
        },
    )
