"""A boundary file in any of the usual formats, read as it was delivered, or refused with one clear sentence.

Nothing of the file is trusted before it is checked: what it is by its first bytes, what a zip claims to hold,
whether a Shapefile is whole. GDAL would open a text file that names other files and hosts, if one let it.
"""

import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import pyproj
import shapely
from pyproj.exceptions import CRSError as UnknownCrsError

from etl.boundaries.files import FORMATS, datasets, fingerprint, parts_of
from geodata.contract.errors import CrsError, SourceError
from geodata.language import message
from geodata.wards.names import is_worn_form


@dataclass(frozen=True)
class Delivered:
    """A layer of outlines as it was delivered.

    Attributes
    ----------
    frame
        Its rows, in the coordinates of the file. Text is in NFC. The index counts from 0.
    file
        The name of the file.
    title
        The format.
    layer
        The layer's name.
    encoding
        The encoding of its text.
    crs
        The reference system of its coordinates, as stated or as given.
    stated_crs
        The one that the file states, if any.
    row_count
        Rows of the layer, those included that were not asked for.
    warnings
        What GDAL said while it read.
    fingerprint
        See `fingerprint`, taken before the file was read.
    """

    frame: gpd.GeoDataFrame
    file: str
    title: str
    layer: str
    encoding: str
    crs: pyproj.CRS
    stated_crs: pyproj.CRS | None
    row_count: int
    warnings: tuple[str, ...]
    fingerprint: str


def read_delivered(
    path: Path, layer: str | None = None, crs: str | None = None, only: str | None = None
) -> Delivered:
    """Return a layer of outlines as it was delivered.

    Parameters
    ----------
    path
        A file, a zip with one, or the folder of a File Geodatabase.
    layer
        Name of the layer; may be left out where there is but one with outlines.
    crs
        Reference system of the coordinates, such as ``EPSG:9210``, where the file states none or a wrong one.
    only
        ``COLUMN=VALUE``: takes the rows with this value alone, spaces and diacritics aside, as where a file
        covers the whole country.

    Raises
    ------
    SourceError
        The file is missing, damaged, of no known format, too large unpacked, or has no such layer or rows.
    CrsError
        It states no reference system and none is given, or the given one is unknown.
    """
    given_crs = None if crs is None else _given_crs(crs)
    with datasets(path) as found:
        received = fingerprint(parts_of(path))
        layers = [(dataset, name) for dataset in found for name in geometry_layers(dataset, path.name)]
        dataset, name = _the_layer(layers, layer, path.name)
        frame, encoding, told = read_rows(dataset, name, path.name)
        title = _title(dataset, name)
    row_count = len(frame)
    if only is not None:
        frame = _only(frame, only, path.name)
    if frame.empty:
        raise SourceError.of(path.name, "", message("holds no rows"), message("one row a ward"))
    stated = frame.crs if is_real_crs(frame.crs) else None
    used = given_crs or stated
    if used is None:
        raise CrsError.of(
            path.name,
            "",
            message("states no coordinate reference system"),
            message("the one of its coordinates, as in --crs EPSG:9210"),
        )
    frame = frame.reset_index(drop=True).set_crs(used, allow_override=True)
    return Delivered(frame, path.name, title, name, encoding, used, stated, row_count, told, received)


def geometry_layers(dataset: Path, file: str) -> list[str]:
    """Return the layers of a file that have a geometry, points and lines included."""
    try:
        return [name for name, geometry in pyogrio.list_layers(dataset) if geometry is not None]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise _damaged(dataset, file, error) from error


def _damaged(dataset: Path, file: str, error: Exception) -> SourceError:
    # GDAL's sentence names the place where a zip was unpacked.
    reason = str(error).replace(f"{dataset.parent}/", "")
    return SourceError.of(
        file,
        "",
        message("can't be read: {reason}", reason=reason),
        message("a whole {format}", format=FORMATS[dataset.suffix.lower()].title),
    )


def _the_layer(layers: list[tuple[Path, str]], wanted: str | None, file: str) -> tuple[Path, str]:
    names = ", ".join(name for _, name in layers)
    chosen = [(dataset, name) for dataset, name in layers if wanted is None or name == wanted]
    if len(chosen) == 1:
        return chosen[0]
    if not layers:
        raise SourceError.of(file, "", message("holds no geometry"), message("polygons"))
    if wanted is None:
        raise SourceError.of(
            file,
            "",
            message("has {count} layers: {names}", count=len(layers), names=names),
            message("one of them, as in --layer “{name}”", name=layers[0][1]),
        )
    problem = message("has several layers of this name") if chosen else message("has no layer of this name")
    raise SourceError.of(file, wanted, problem, message("one of: {values}", values=names))


def _title(dataset: Path, layer: str) -> str:
    """Return what the format is called: a TopoJSON file may end in ``.json``."""
    driver = pyogrio.read_info(dataset, layer=layer)["driver"]
    titles = {form.driver: form.title for form in FORMATS.values()}
    return titles.get(driver, FORMATS[dataset.suffix.lower()].title)


def read_rows(dataset: Path, layer: str, file: str) -> tuple[gpd.GeoDataFrame, str, tuple[str, ...]]:
    """Return a layer, the encoding of its text, and what GDAL warned of."""
    is_shapefile = dataset.suffix.lower() == ".shp"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            # Latin-1 gives every byte as one character, so that `_decode` sees the bytes themselves: GDAL
            # drops columns where a .cpg says Windows-1258, and takes text without .cpg for Latin-1.
            frame = pyogrio.read_dataframe(
                dataset, layer=layer, encoding="ISO-8859-1" if is_shapefile else None, on_invalid="fix"
            )
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            shapely.GEOSException,
            UnicodeDecodeError,
        ) as error:
            raise _damaged(dataset, file, error) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise SourceError.of(file, "", message("holds no geometry"), message("polygons"))
    frame, encoding = _decode(frame, file) if is_shapefile else (frame, "UTF-8")
    sentences = dict.fromkeys(str(warning.message) for warning in told)
    return _in_nfc(frame), encoding, tuple(sentence for sentence in sentences if _matters(sentence))


def _matters(sentence: str) -> bool:
    """Return whether a warning of GDAL says anything about the result: M values and speed do not."""
    return not re.search(r"Measured \(M\)|organizePolygons|invalid value encountered in from_wkb", sentence)


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [
        column
        for column in frame.columns
        if column != "geometry" and pd.api.types.is_string_dtype(frame[column])
    ]


def _decode(frame: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, str]:
    """Return a frame whose text stood for bytes with its text decoded, and the encoding that fits.

    Vietnamese in Windows-1258 is never valid UTF-8, so what is valid UTF-8 is that, whatever a .cpg says.
    """
    columns = _text_columns(frame)
    headers = [str(column) for column in frame.columns if column != "geometry"]
    texts = [*headers, *(text for column in columns for text in frame[column].dropna())]
    raw = [text.encode("latin-1") for text in texts]
    for codec, title in (("utf-8", "UTF-8"), ("cp1258", "Windows-1258")):
        try:
            for value in raw:
                _decoded(value, codec)
        except UnicodeDecodeError:
            continue
        decoded = {
            column: frame[column].map(
                lambda text, codec=codec: _decoded(text.encode("latin-1"), codec), na_action="ignore"
            )
            for column in columns
        }
        names = {header: _decoded(header.encode("latin-1"), codec) for header in headers}
        return frame.assign(**decoded).rename(columns=names), title
    raise SourceError.of(
        file, "", message("its text is neither UTF-8 nor Windows-1258"), message("one of the two")
    )


_DBF_CELL_BYTES = 254


def _decoded(value: bytes, codec: str) -> str:
    """Return bytes of a dBASE cell as text. A full cell may end in the middle of a character."""
    try:
        return value.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8" and len(value) > _DBF_CELL_BYTES - 4 and error.end == len(value):
            return value[: error.start].decode(codec)
        raise


def _in_nfc(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    def tidy(text: str) -> str:
        return unicodedata.normalize("NFC", text).strip()

    columns = _text_columns(frame)
    nfc = {column: frame[column].map(tidy, na_action="ignore") for column in columns}
    return frame.assign(**nfc).rename(columns={column: tidy(column) for column in columns})


def find_column(frame: pd.DataFrame, asked: str, file: str) -> str:
    """Return a column by its name, case and Unicode form aside.

    Raises
    ------
    SourceError
        There is none.
    """
    columns = [str(column) for column in frame.columns if column != "geometry"]
    wanted = unicodedata.normalize("NFC", asked).strip()
    for column in columns:
        if column == wanted:
            return column
    for column in columns:
        if column.casefold() == wanted.casefold():
            return column
    raise SourceError.of(
        file,
        asked,
        message("has no column of this name"),
        message("one of: {values}", values=", ".join(columns)),
    )


def _only(frame: gpd.GeoDataFrame, only: str, file: str) -> gpd.GeoDataFrame:
    asked, separator, value = only.partition("=")
    if not separator or not value.strip():
        raise SourceError.of(
            file, only, message("is no choice of rows"), message("COLUMN=VALUE, as in NAME_1=Hải Phòng")
        )
    column = find_column(frame, asked, file)
    cells = frame[column].astype("str").fillna("")
    chosen = cells.map(lambda cell: cell.strip() == value.strip() or is_worn_form(cell, value))
    if not chosen.any():
        values = ", ".join(sorted(cells.unique())[:10])
        raise SourceError.of(
            file,
            value,
            message("no row has this value in the column {column}", column=column),
            message("one of its values, such as: {values}", values=values),
        )
    return frame[chosen]


def _given_crs(crs: str) -> pyproj.CRS:
    try:
        given = pyproj.CRS.from_user_input(crs)
    except UnknownCrsError as error:
        raise CrsError.of(
            "--crs", crs, message("is no coordinate reference system"), message("a code such as EPSG:9210")
        ) from error
    if not is_real_crs(given):
        raise CrsError.of(
            "--crs",
            crs,
            message("does not say where its coordinates lie"),
            message("a code such as EPSG:9210"),
        )
    return given


def is_real_crs(crs: pyproj.CRS | None) -> bool:
    """Return whether a reference system tells a place on earth; GeoPackages have two that say “undefined”."""
    return (
        crs is not None
        and (crs.is_geographic or crs.is_projected)
        and not crs.name.lower().startswith("undefined")
    )


def has_finite_coordinates(geometry: gpd.GeoSeries) -> pd.Series:
    """Return whether every coordinate of each geometry is a number."""
    coordinates, rows = shapely.get_coordinates(geometry.to_numpy(), return_index=True)
    broken = np.unique(rows[~np.isfinite(coordinates).all(axis=1)])
    return pd.Series(~np.isin(np.arange(len(geometry)), broken), index=geometry.index)
