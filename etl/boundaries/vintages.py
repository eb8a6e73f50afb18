"""Ward boundaries: one file a vintage, under several column names, tidied into the layer ``ward``."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pyogrio.errors
import pyproj
import shapely

from etl.confined import confined
from etl.frames import Outlines, frame_of, table_of
from etl.register.succession import name_units
from geodata.contract.crs import CITY_BOUNDS, STORAGE_CRS, area_km2
from geodata.contract.errors import CrsError, Fault, GeodataError, SourceError
from geodata.contract.layers import LAYERS, WARD_KINDS, check
from geodata.disk import sha256
from geodata.language import message

VINTAGES = ("2020-02-01", "2025-01-01", "2025-07-01")
"""The vintages that a build knows; it takes those whose boundaries are there."""

COLUMN_NAMES = {
    "ward_code": ("ward_code", "gso_code"),
    "ward_name": ("ward", "ward_name"),
    "ward_kind": ("ward_kind", "loai"),
    "district_code": ("district_code",),
    "district_name": ("district_name", "district"),
    "area_km2": ("area_km2_official",),
    "population": ("population_2025", "pop_2019", "population"),
}
"""Names under which files deliver the columns of the layer ``ward``, the preferred one first.

``area_km2`` is not among them: in the file of 2020-02-01 it is measured on its outlines, not official.
``ward`` comes before ``ward_name`` because it carries the kind of unit.
"""

_KIND = re.compile(r"^(phường|xã|thị trấn|đặc khu|huyện)\s+(?:đảo\s+)?", re.IGNORECASE)


@dataclass(frozen=True)
class BoundaryFile:
    """A file with the wards of one vintage, and where it comes from.

    Attributes
    ----------
    vintage
        ISO date from which its wards hold.
    path
        The file.
    sha256
        Its SHA-256.
    """

    vintage: str
    path: Path
    sha256: str


def find_boundaries(directories: Sequence[Path], vintages: Iterable[str] = VINTAGES) -> list[BoundaryFile]:
    """Return ``wards_<vintage>.gpkg`` of each vintage that there is, from the first directory that has it.

    Raises
    ------
    SourceError
        One of the directories is not there, or none of them has any.
    """
    faults = [
        Fault(str(directory), "", message("is no folder"), message("a folder with wards_<vintage>.gpkg"))
        for directory in directories
        if not directory.is_dir()
    ]
    if faults:
        raise SourceError(faults)
    found = []
    for vintage in vintages:
        name = f"wards_{vintage}.gpkg"
        paths = [directory / name for directory in directories if (directory / name).is_file()]
        if paths:
            found.append(BoundaryFile(vintage, paths[0], sha256(paths[0])))
    if not found:
        searched = ", ".join(str(directory) for directory in directories)
        raise SourceError.of(
            "wards_<vintage>.gpkg",
            "",
            message("is missing for every vintage: {vintages}", vintages=", ".join(vintages)),
            message("the file of one vintage at least, in one of: {searched}", searched=searched),
        )
    return found


def quality_of(file: BoundaryFile, known_files: pd.DataFrame) -> str:
    """Return how good a file's outlines are; *public* where nobody knows, for *official* can't be assumed."""
    known = known_files.loc[known_files["sha256"] == file.sha256, "quality"]
    return str(known.iloc[0]) if len(known) else "public"


def read_wards(
    files: Sequence[BoundaryFile], known_files: pd.DataFrame, units: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return the wards of all files as the layer ``ward``, EPSG:4326, under their official names.

    Parameters
    ----------
    files
        One file a vintage.
    known_files
        Files whose origin is known: sha256, source, quality. Of any other file nothing is known but that
        someone delivered it.
    units
        The official lists of units.

    Raises
    ------
    GeodataError
        With the faults of all files.
    """
    frames: list[gpd.GeoDataFrame] = []
    faults: list[Fault] = []
    known = known_files.set_index("sha256")["source"]
    for file in files:
        try:
            wards = tidy_boundary(read_boundary(file.path), file.vintage, file.path.name)
            wards = name_units(wards, units, file.path.name)
        except GeodataError as error:
            faults += error.faults
            continue
        source = known.get(file.sha256, delivered_source_id(file))
        quality = quality_of(file, known_files)
        frames.append(wards.assign(boundary_source=source, boundary_quality=quality))
    if faults:
        raise GeodataError(faults)
    return check("ward", pd.concat(frames, ignore_index=True))


def delivered_source_id(file: BoundaryFile) -> str:
    """Return the source_id of a file that no register knows: it names the file by its content."""
    return f"boundary-{file.sha256[:12]}"


def delivered_sources(files: Sequence[BoundaryFile], known_files: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the layer ``source`` for the files whose origin is not known."""
    known = set(known_files["sha256"])
    rows = [
        {
            "source_id": delivered_source_id(file),
            "title": f"Tệp ranh giới do đơn vị cung cấp: {file.path.name}",
            "publisher": "Chưa khai báo",
            "locator": f"{file.path.name}, SHA-256 {file.sha256}",
        }
        for file in files
        if file.sha256 not in known
    ]
    return pd.DataFrame(rows, columns=list(LAYERS["source"].columns))


def read_boundary(path: Path) -> gpd.GeoDataFrame:
    """Return a boundary file as it is delivered, read in a process of its own.

    Raises
    ------
    SourceError
        The file can't be read, holds several layers and none named ``ward``, or no rows.
    CrsError
        It states no reference system.
    """
    about, (table,) = confined(_read_boundary, path, file=path.name)
    return gpd.GeoDataFrame(frame_of(about, table))


def _read_boundary(path: Path) -> tuple[Outlines, list[pa.Table]]:
    try:
        names = list(pyogrio.list_layers(path)[:, 0])
        if "ward" not in names and len(names) != 1:
            raise SourceError.of(
                path.name, ", ".join(names), message("has no layer “ward”"), message("one layer, “ward”")
            )
        frame = gpd.read_file(path, layer="ward" if "ward" in names else names[0])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise SourceError.of(
            path.name, "", message("can't be read"), message("a GeoPackage with ward outlines")
        ) from error
    if frame.empty:
        raise SourceError.of(path.name, "", message("holds no rows"), message("one row a ward"))
    if not isinstance(frame, gpd.GeoDataFrame):
        raise SourceError.of(path.name, "", message("holds no geometry"), message("polygons"))
    if frame.crs is None:
        raise CrsError.of(
            path.name,
            "",
            message("states no coordinate reference system"),
            message("a stated one, such as EPSG:9210 or EPSG:4326"),
        )
    about, table = table_of(frame)
    return about, [table]


def tidy_boundary(raw: gpd.GeoDataFrame, vintage: str, file_name: str) -> gpd.GeoDataFrame:
    """Return the wards of a delivered file in the columns of the layer ``ward``, in EPSG:4326.

    Provenance is left out. The kind of unit comes from its own column or else from the name, and leaves the
    name. A huyện without communes has no ward code and takes that of its district. The area is the official
    one, and measured in EPSG:9210 where the file has none.

    Parameters
    ----------
    raw
        As delivered: in any stated reference system, under any of `COLUMN_NAMES`.
    vintage
        The vintage of the wards.
    file_name
        Name for the place of a fault.

    Raises
    ------
    GeodataError
        With every fault: a column missing, a code missing or double, an unknown kind of unit, a geometry
        that is no valid polygon or lies outside the city.
    """
    delivered = {
        name: next(column for column in columns if column in raw)
        for name, columns in COLUMN_NAMES.items()
        if any(column in raw for column in columns)
    }
    faults = _missing_columns(delivered, file_name)
    if faults:
        raise SourceError(faults)

    table = pd.DataFrame({name: raw[column] for name, column in delivered.items()})
    table = table.reindex(columns=list(COLUMN_NAMES))
    text = ["ward_code", "ward_name", "ward_kind", "district_code", "district_name"]
    table[text] = table[text].apply(_tidy_text)
    full_name = table["ward_name"]
    prefix = full_name.str.extract(_KIND, expand=False).str.lower()
    wards = table.assign(
        vintage=vintage,
        ward_kind=table["ward_kind"].str.lower().fillna(prefix),
        ward_name=full_name.str.replace(_KIND, "", regex=True),
        population_year=population_year(raw, delivered.get("population")),
    )
    is_huyen_without_code = wards["ward_code"].isna() & wards["ward_kind"].eq("huyện")
    wards["ward_code"] = wards["ward_code"].mask(is_huyen_without_code, wards["district_code"])

    faults = _attribute_faults(wards, full_name, file_name) + _geometry_faults(
        raw.geometry, full_name, file_name
    )
    if faults:
        raise GeodataError(faults)
    polygons = gpd.GeoSeries(
        [
            part if part.geom_type == "MultiPolygon" else shapely.MultiPolygon([part])
            for part in raw.geometry.to_numpy()
        ],
        crs=raw.crs,
    )
    outline = polygons.force_2d().to_crs(STORAGE_CRS)
    wards["area_km2"] = wards["area_km2"].astype("float64")
    wards["outline_area_km2"] = area_km2(outline)
    return gpd.GeoDataFrame(wards, geometry=outline, crs=STORAGE_CRS)


def _tidy_text(column: pd.Series) -> pd.Series:
    """Return a text column in NFC without outer spaces, its empty cells missing."""
    text = column.astype("str").str.strip()
    text = text.map(lambda value: unicodedata.normalize("NFC", value), na_action="ignore")
    return text.astype("str").mask(text.eq(""))


def population_year(raw: pd.DataFrame, column: str | None) -> pd.Series:
    """Return the year of each population figure: the file's own column, or the year in the figure's name."""
    if "population_year" in raw:
        return raw["population_year"]
    year = re.search(r"\d{4}$", column or "")
    return pd.Series(int(year[0]) if year else pd.NA, index=raw.index, dtype="Int64")


def _missing_columns(delivered: dict[str, str], file_name: str) -> list[Fault]:
    return [
        Fault(
            file_name,
            "",
            message("the column is missing"),
            message("a column named {names}", names=" / ".join(COLUMN_NAMES[name])),
            column=name,
        )
        for name in ("ward_code", "ward_name")
        if name not in delivered
    ]


def _attribute_faults(wards: pd.DataFrame, full_name: pd.Series, file_name: str) -> list[Fault]:
    faults = [
        Fault(
            file_name,
            "" if pd.isna(full_name[row]) else full_name[row],
            message("has no {column}", column=column),
            message("a value"),
            row=row + 1,
            column=column,
        )
        for column in ("ward_code", "ward_name")
        for row in wards.index[wards[column].isna()]
    ]
    codes = wards["ward_code"].dropna()
    for code, rows in codes[codes.duplicated(keep=False)].groupby(codes, sort=True):
        names = ", ".join(full_name[rows.index].fillna(""))
        faults.append(
            Fault(
                file_name,
                code,
                message("the code occurs {count} times: {names}", count=len(rows), names=names),
                message("once in a vintage"),
                column="ward_code",
            )
        )
    for row in wards.index[wards["ward_name"].notna() & ~wards["ward_kind"].isin(WARD_KINDS)]:
        faults.append(
            Fault(
                file_name,
                full_name[row],
                message("the kind of unit is not known"),
                message("one of: {values}", values=", ".join(WARD_KINDS)),
                row=row + 1,
                column="ward_kind",
            )
        )
    return faults


def _geometry_faults(geometry: gpd.GeoSeries, full_name: pd.Series, file_name: str) -> list[Fault]:
    faults = []
    units = full_name.fillna("")
    absent = geometry.isna() | geometry.is_empty
    polygonal = geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    for row in geometry.index[absent]:
        faults.append(
            Fault(file_name, units[row], message("has no geometry"), message("a polygon"), row=row + 1)
        )
    for row in geometry.index[~absent & ~polygonal]:
        faults.append(
            Fault(
                file_name,
                units[row],
                message("is a {geometry_type}", geometry_type=geometry[row].geom_type),
                message("a polygon"),
                row=row + 1,
            )
        )
    for row in geometry.index[~absent & polygonal & ~geometry.is_valid]:
        reason = shapely.is_valid_reason(geometry[row])
        faults.append(
            Fault(
                file_name,
                units[row],
                message("the polygon is invalid: {reason}", reason=reason),
                message("a valid polygon"),
                row=row + 1,
            )
        )
    return faults + _outside_faults(gpd.GeoSeries(geometry[~absent]), units, file_name)


def _outside_faults(geometry: gpd.GeoSeries, units: pd.Series, file_name: str) -> list[Fault]:
    """Return one fault for all units outside the city: a wrong reference system moves every one of them."""
    west, south, east, north = CITY_BOUNDS
    bounds = geometry.to_crs(STORAGE_CRS).bounds
    inside = (
        bounds["minx"].ge(west)
        & bounds["miny"].ge(south)
        & bounds["maxx"].le(east)
        & bounds["maxy"].le(north)
    )
    outside = units[inside.index[~inside]]
    if outside.empty:
        return []
    return [
        Fault(
            file_name,
            outside.iloc[0],
            message("{count} units lie outside the city, this one first", count=len(outside)),
            message(
                "coordinates in the stated reference system {crs}, within {bounds} degrees",
                crs=pyproj.CRS.from_user_input(geometry.crs).to_string(),
                bounds=" / ".join(str(side) for side in CITY_BOUNDS),
            ),
        )
    ]
