"""Examining a boundary file before it is adopted: nothing is written, `boundaries.keep` keeps what passed.

Its units are matched to the official list of a date, its outlines placed, repaired and checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from etl.boundaries.checks import (
    LEAST_AREA_M2,
    Finding,
    check_areas,
    check_coverage,
    check_districts,
    check_places,
    repair,
)
from etl.boundaries.match import (
    Column,
    Role,
    check_vintage,
    list_of,
    match_faults,
    match_rows,
    missing_units,
    no_names,
    take_columns,
    taken_units,
    unit_names,
)
from etl.boundaries.opened import opened_outlines
from etl.boundaries.place import geometry_faults, has_unknown_shift, place_faults, places_of
from etl.boundaries.read import Delivered
from etl.boundaries.shift import check_shift, held_file
from etl.boundaries.tidied import figure_findings, tidied_table
from etl.received import some
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import Fault, Note, SourceError
from geodata.language import message, number
from geodata.language.dates import read_day
from geodata.settings import SHIPPED_BOUNDARIES
from geodata.wards.names import district_finder, vintage_on


@dataclass(frozen=True)
class AdoptionRequest:
    """What the user asks to adopt.

    Attributes
    ----------
    path
        The file, or the folder of a File Geodatabase.
    valid_from
        ISO day from which its units hold, or any day on which they do.
    layer, crs, only
        As `read_delivered` takes them.
    columns
        The columns of names, codes and districts, where the user names them.
    accept
        Take the units that are only proposed.
    """

    path: Path
    valid_from: str
    layer: str | None = None
    crs: str | None = None
    only: str | None = None
    columns: Mapping[Role, str] = field(default_factory=dict)
    accept: bool = False


@dataclass(frozen=True)
class Examination:
    """What a file holds and whether it can be adopted.

    Attributes
    ----------
    request
        What was asked.
    delivered
        The layer as it was delivered.
    vintage
        The vintage of its units, an ISO date.
    units
        The official list of that vintage.
    columns
        The columns that were taken.
    matches
        One row a row of the file: ``name``, ``code``, ``kind``, ``district`` as they stand there, and what
        `match_units` returns.
    findings
        Of the checks, in their order.
    faults
        What prevents the adoption.
    wards
        The tidied wards in EPSG:4326, in the order of the official list; empty where there are faults.
    """

    request: AdoptionRequest
    delivered: Delivered
    vintage: str
    units: pd.DataFrame
    columns: dict[Role, Column]
    matches: pd.DataFrame
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    wards: gpd.GeoDataFrame


def day_of(text: str) -> str:
    """Return a day as ISO text, from any form that `geodata.language.dates` reads.

    Raises
    ------
    SourceError
        It is no such day.
    """
    day = read_day(text)
    if day is not None:
        return day.isoformat()
    expected = message("a day such as 2025-07-01 or 01/07/2025")
    raise SourceError.of("--valid-from", text, message("is no day"), expected)


def examine(
    request: AdoptionRequest, lists: pd.DataFrame, known: gpd.GeoDataFrame, folders: Sequence[Path] = ()
) -> Examination:
    """Return what a file holds, matched to the official list of its date and checked. Writes nothing.

    Parameters
    ----------
    request
        The file and how to read it.
    lists
        The official lists of all vintages, the register's table ``unit``.
    known
        What is known of units beforehand, see `known_places`; may be empty.
    folders
        Where outlines are held already, to which these are measured, the schematic ones last.

    Raises
    ------
    GeodataError
        The file can't be read, or its units are not those of the date. Whatever else is wrong stands in the
        examination's ``faults``.
    """
    vintages = sorted(set(lists["vintage"]))
    vintage = vintage_on(request.valid_from, vintages)
    if vintage is None:
        problem = message("is before the first official list")
        expected = message("a day from {day} on", day=vintages[0])
        raise SourceError.of("--valid-from", request.valid_from, problem, expected)
    delivered = opened_outlines(request.path, request.layer, request.crs, request.only)
    units = list_of(lists, vintage)
    names = unit_names(units)
    columns = take_columns(delivered, request.columns, units)
    matches = match_rows(delivered.frame, columns, units)
    taken = taken_units(matches, accept=request.accept)
    is_kept, notes = rows_kept(delivered, matches, taken, units)
    delivered = replace(delivered, frame=delivered.frame[is_kept], notes=(*delivered.notes, *notes))
    matches, taken = matches[is_kept], taken[is_kept]
    shown = taken.map(names).fillna(matches["name"].where(matches["name"] != "", matches["code"]))

    faults = geometry_faults(delivered, shown)
    if not faults:
        faults = place_faults(delivered, taken, shown, places_of(known, vintage, units))
    unmatched = match_faults(delivered.file, matches, taken, units)
    if unmatched:
        check_vintage(delivered, request.columns, vintage, lists)
        if not {"name", "code"} & set(columns):
            raise SourceError([no_names(delivered), *faults])

    findings = [*reader_findings(delivered), *match_findings(matches, taken, units)]
    wards = gpd.GeoDataFrame(geometry=[], crs=STORAGE_CRS)
    if not faults and taken.notna().any():
        repaired, repairs = repair(delivered.frame.geometry, shown)
        outlines, joined, faults = join_parts(repaired, taken, names, delivered.file)
        metric = outlines.to_crs(METRIC_CRS)
        table = tidied_table(delivered.frame, taken, units)
        of_vintage = known[known["vintage"] == vintage].set_index("ward_code")
        official_km2 = table.set_index("ward_code")["area_km2_official"]
        checks = [
            *check_coverage(metric, names),
            check_areas(metric, official_km2.fillna(of_vintage["area_km2_official"]), names),
            check_districts(metric, units.set_index("ward_code")["district_code"], names),
            check_places(metric, of_vintage.geometry, names),
            check_shift(
                outlines.to_crs(STORAGE_CRS), delivered.crs, held_file(folders, SHIPPED_BOUNDARIES, vintage)
            ),
        ]
        findings += [*figure_findings(delivered.frame), *repairs, *joined, *checks]
        faults += [fault for check in checks if (fault := finding_fault(delivered.file, check))]
        if not faults and not unmatched:
            ordered = outlines.to_crs(STORAGE_CRS).loc[table["ward_code"]]
            wards = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(ordered).to_numpy(), crs=STORAGE_CRS)
    all_faults = (*unmatched, *faults)
    return Examination(
        request, delivered, vintage, units, columns, matches, tuple(findings), all_faults, wards
    )


def rows_kept(
    delivered: Delivered, matches: pd.DataFrame, taken: pd.Series, units: pd.DataFrame
) -> tuple[pd.Series, list[Note]]:
    """Return which rows are looked at further, and notes of the others, which nothing is lost without.

    Left out are rows without outline that are no unit, as of a total, or of a unit that another row draws;
    and, where every unit of the list is there, the outlines of what is none, as of the city itself.
    """
    geometry = delivered.frame.geometry
    is_absent = geometry.isna() | geometry.is_empty
    bare = is_absent & (taken.isna() | taken.isin(taken[~is_absent]))
    absent = missing_units(taken[~is_absent], units)
    strange = taken.isna() & ~is_absent & matches["how"].eq("none")
    if absent["ward_kind"].ne("huyện").any() or strange.sum() > len(units):
        strange &= False
    sentences = (
        (bare, message("{count} rows without outline left out", count=int(bare.sum()))),
        (strange, message("{count} outlines of no unit of the list left out", count=int(strange.sum()))),
    )
    notes = []
    for left_out, told in sentences:
        if left_out.any() and not (bare | strange).all():
            rows = matches[left_out]
            names = rows["name"].where(rows["name"] != "", rows["code"])
            notes.append(Note(delivered.file, some([name or "–" for name in names]), told))
    kept = ~(bare | strange)
    return (kept, notes) if kept.any() else (~kept, [])


def finding_fault(file: str, finding: Finding) -> Fault | None:
    """Return the fault of a check that failed."""
    if finding.outcome != "failed" or finding.expected is None:
        return None
    problem = message("{check}: {figure}", check=finding.check, figure=finding.figure)
    return Fault(file, some(finding.units), problem, finding.expected)


def reader_findings(delivered: Delivered) -> list[Finding]:
    """Return what is to be said of the reference system: not the stated one, or without a known shift."""
    findings = []
    if delivered.stated_crs is not None and delivered.crs != delivered.stated_crs:
        told = message("the file states {crs}; --crs was followed", crs=delivered.stated_crs.name)
        findings.append(Finding(message("reference system"), told, "noted"))
    if has_unknown_shift(delivered.crs):
        told = message("the shift of its datum to WGS 84 is not known; for VN-2000 it is some 200 m")
        findings.append(Finding(message("reference system"), told, "noted"))
    return findings


def match_findings(matches: pd.DataFrame, taken: pd.Series, units: pd.DataFrame) -> list[Finding]:
    """Return what is to be said of units that were taken, and of those that may be absent."""
    names = unit_names(units)
    findings = []
    accepted = matches[taken.notna() & matches["how"].eq("near")]
    if len(accepted):
        pairs = tuple(
            f"{name} → {names[code]}"
            for name, code in zip(accepted["name"], accepted["ward_code"], strict=True)
        )
        told = message("{count} near names accepted", count=len(accepted))
        findings.append(Finding(message("spelling"), told, "noted", pairs))
    other_kind = matches[taken.notna() & matches["is_other_kind"]]
    if len(other_kind):
        told = message("{count} differ from the official list, which was followed", count=len(other_kind))
        units_shown = tuple(names[code] for code in other_kind["ward_code"])
        findings.append(Finding(message("kinds of unit"), told, "noted", units_shown))
    find_district = district_finder(units)
    official = taken.map(units.set_index("ward_code")["district_code"])
    said = matches["district"].map(find_district)
    differs = [
        bool(codes) and pd.notna(code) and code not in codes
        for codes, code in zip(said, official, strict=True)
    ]
    if any(differs):
        told = message("{count} differ from the official list, which was followed", count=sum(differs))
        units_shown = tuple(names[code] for code in taken[differs])
        findings.append(Finding(message("districts"), told, "noted", units_shown))
    absent = missing_units(taken, units)
    absent = absent[absent["ward_kind"] == "huyện"]
    if len(absent):
        told = message("{count} without communes absent", count=len(absent))
        units_shown = tuple(names[code] for code in absent["ward_code"])
        findings.append(Finding(message("missing units"), told, "noted", units_shown))
    return findings


def join_parts(
    geometry: gpd.GeoSeries, taken: pd.Series, names: Mapping[str, str], file: str
) -> tuple[gpd.GeoSeries, list[Finding], list[Fault]]:
    """Return one outline a unit, by ward code: islands often come as rows of their own.

    Rows that repeat an outline are dropped. Two rows of one unit that overlap otherwise, and outlines without
    area, are faults.
    """
    rows = pd.DataFrame({"code": taken, "geometry": geometry.normalize().to_numpy()}).dropna(subset="code")
    flat = rows[shapely.area(rows["geometry"].to_numpy()) == 0]
    faults = [
        Fault(
            file,
            names[code],
            message("has an outline without area"),
            message("a polygon"),
            row=int(str(row)) + 1,
        )
        for row, code in flat["code"].items()
    ]
    is_copy = pd.DataFrame(
        {"code": rows["code"], "wkb": shapely.to_wkb(rows["geometry"].to_numpy())}
    ).duplicated()
    findings = []
    if is_copy.any():
        told = message("{count} rows dropped that repeat another", count=int(is_copy.sum()))
        units_shown = tuple(names[code] for code in rows["code"][is_copy])
        findings.append(Finding(message("duplicates"), told, "repaired", units_shown))
    kept = rows[~is_copy]
    parts = kept["code"].value_counts()
    several = parts[parts > 1]
    outlines = gpd.GeoDataFrame(kept, geometry="geometry", crs=geometry.crs)
    metric_m2 = outlines.to_crs(METRIC_CRS).area.groupby(outlines["code"]).sum()
    joined = outlines.dissolve("code", sort=True).geometry.map(_multi)
    joined = gpd.GeoSeries(joined, crs=geometry.crs)
    overlap_m2 = metric_m2 - joined.to_crs(METRIC_CRS).area
    for code in several.index:
        if overlap_m2[code] > LEAST_AREA_M2:
            problem = message(
                "occurs in {count} rows that overlap by {area} m²",
                count=int(several[code]),
                area=number(overlap_m2[code]),
            )
            faults.append(Fault(file, names[code], problem, message("one outline a unit")))
    if len(several):
        told = message(
            "{count} units put together from {rows} rows", count=len(several), rows=int(several.sum())
        )
        units_shown = tuple(names[code] for code in several.index)
        findings.append(Finding(message("units in several rows"), told, "repaired", units_shown))
    return joined, findings, faults


def _multi(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(list(shapely.get_parts(geometry)))
