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

from etl.boundaries.attributes import decode_table, in_nfc, in_unicode, with_described
from etl.boundaries.files import FORMATS, datasets, fingerprint, parts_of
from etl.boundaries.layers import (
    POLYGONS,
    in_system,
    may_hold_polygons,
    parts_of_one_map,
    polygons_alone,
    together,
)
from etl.received import some
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import CrsError, Note, SourceError
from geodata.language import Message, message
from geodata.wards.names import is_worn_form

MAX_LAYERS = 500
"""So many layers are put together at most."""


@dataclass(frozen=True)
class Delivered:
    """A layer of outlines as it was delivered.

    Attributes
    ----------
    frame
        Its outlines, in the coordinates of the file. Text is in NFC. The index counts the file's rows from 0.
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
    notes
        What was left out or mended, and what GDAL said while it read.
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
    notes: tuple[Note, ...]
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
        Name of the layer; where it is left out all layers with outlines are taken together, unless they show
        the same ground.
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
        layers = [(dataset, name, kind) for dataset in found for name, kind in layers_of(dataset, path.name)]
        taken, notes = _taken(layers, layer, path.name)
        titles = dict.fromkeys(_title(each.dataset, each.name) for each in taken)
    frame = together(
        [each.frame for each in taken],
        [each.name for each in taken],
        [each.dataset.parent.name for each in taken],
    )
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
            message("the one of its coordinates, as in --crs {system}", system=_likely_crs(frame.geometry)),
        )
    frame, left_out = polygons_alone(frame.set_crs(used, allow_override=True), path.name)
    return Delivered(
        frame,
        path.name,
        ", ".join(titles),
        some([each.name for each in taken]),
        ", ".join(dict.fromkeys(each.encoding for each in taken)),
        used,
        stated,
        row_count,
        (*notes, *left_out),
        received,
    )


def _likely_crs(geometry: gpd.GeoSeries) -> str:
    """Return the reference system to propose for coordinates of the city: degrees or metres."""
    west, south, east, north = geometry.total_bounds
    return STORAGE_CRS if max(-west, east) <= 180 and max(-south, north) <= 90 else METRIC_CRS


@dataclass(frozen=True)
class _Layer:
    """A layer that has been read."""

    dataset: Path
    name: str
    frame: gpd.GeoDataFrame
    encoding: str


def _taken(
    layers: list[tuple[Path, str, str]], wanted: str | None, file: str
) -> tuple[list[_Layer], list[Note]]:
    """Return the layer that is wanted, or all with outlines where they are parts of one map; and notes."""
    if wanted is not None:
        dataset, name = _the_layer([(dataset, name) for dataset, name, _ in layers], wanted, file)
        read, notes = _read([(dataset, name)], file)
        return read, notes
    some_polygons = [(dataset, name) for dataset, name, kind in layers if may_hold_polygons(kind)]
    chosen = some_polygons or [(dataset, name) for dataset, name, _ in layers]
    if not some_polygons or len(chosen) > MAX_LAYERS:
        chosen = [_the_layer(chosen, None, file)]
    read, notes = _read(chosen, file)
    if len(read) > 1:
        read = [each for each in read if each.frame.geom_type.isin(POLYGONS).any()] or read
    if len(read) > 1:
        kept = parts_of_one_map([in_system(each.frame, read[0].frame.crs) for each in read])
        if not kept:
            _the_layer([(each.dataset, each.name) for each in read], None, file)
        read = [read[each] for each in kept]
    names = [each.name for each in read]
    left_out = [name for _, name, _ in layers if name not in names]
    if left_out:
        told = message("{count} layers left out, which are no part of the map", count=len(left_out))
        notes.append(Note(file, some(left_out), told))
    if len(names) > 1:
        notes.append(Note(file, some(names), message("{count} layers taken together", count=len(names))))
    return read, notes


def _read(chosen: list[tuple[Path, str]], file: str) -> tuple[list[_Layer], list[Note]]:
    read, notes = [], []
    for dataset, name in chosen:
        frame, encoding, said = read_rows(dataset, name, file)
        notes += [Note(file, "" if len(chosen) == 1 else name, sentence) for sentence in said]
        read.append(_Layer(dataset, name, frame, encoding))
    return read, notes


def layers_of(dataset: Path, file: str) -> list[tuple[str, str]]:
    """Return the layers of a file that have a geometry, each with the kind that it states."""
    try:
        return [(str(name), str(kind)) for name, kind in pyogrio.list_layers(dataset) if kind is not None]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise _damaged(dataset, file, error) from error


def geometry_layers(dataset: Path, file: str) -> list[str]:
    """Return the layers of a file that have a geometry, points and lines included."""
    return [name for name, _ in layers_of(dataset, file)]


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
    if dataset.suffix.lower() == ".shp":  # its headings may be cut within a character
        return FORMATS[".shp"].title
    driver = pyogrio.read_info(dataset, layer=layer)["driver"]
    titles = {form.driver: form.title for form in FORMATS.values()}
    return titles.get(driver, FORMATS[dataset.suffix.lower()].title)


def read_rows(dataset: Path, layer: str, file: str) -> tuple[gpd.GeoDataFrame, str, tuple[Message, ...]]:
    """Return a layer, the encoding of its text, and what is to be said of the reading.

    Raises
    ------
    SourceError
        It can't be read, or has no geometry.
    """
    is_shapefile = dataset.suffix.lower() == ".shp"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            # Latin-1 gives every byte as one character, so that `decode_table` sees the bytes themselves:
            # GDAL drops columns where a .cpg says Windows-1258, and takes text without .cpg for Latin-1.
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
    encoding, cut = "UTF-8", 0
    if is_shapefile:
        frame, encoding, cut = decode_table(frame, dataset, file)
    elif dataset.suffix.lower() == ".kml":
        frame = with_described(frame)
    sentences = dict.fromkeys(str(warning.message) for warning in told)
    said = [message("{text}", text=sentence) for sentence in sentences if _matters(sentence)]
    if cut:
        said.append(message("{count} texts end within a character, whose half was dropped", count=cut))
    frame, converted = in_unicode(in_nfc(frame))
    return frame, encoding, (*said, *converted)


def _matters(sentence: str) -> bool:
    """Return whether a warning of GDAL says anything about the result: M values and speed do not."""
    return not re.search(r"Measured \(M\)|organizePolygons|invalid value encountered in from_wkb", sentence)


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
