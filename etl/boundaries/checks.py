"""How good the outlines of a file are: each check gives its figure and the units that it concerns.

What can be repaired without moving a border is repaired; the rest is noted, and fails beyond a limit. Lengths
and areas are in EPSG:9210. The limits let pass what the known files of the city hold: a hole of 0,09 km², an
overlap of 1.135 m², and outlines that leave out up to 30 % of an official area, which counts water.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd
import shapely

from geodata.contract.crs import METRIC_CRS
from geodata.language import Message, message, number

Outcome = Literal["passed", "repaired", "noted", "failed"]

OVERLAP_LIMIT_PCT = 1.0
"""Of the smaller unit's area: the most that two units may overlap."""

GAP_LIMIT_PCT = 1.0
"""Of the area of all units: the most that may lie in holes between them."""

GAP_WIDTH_M = 1.0
"""Borders that run apart by less should be one."""

LEAST_AREA_M2 = 1.0
"""An overlap or hole below this is rounding."""

SLIVER_AREA_M2 = 100.0
SLIVER_WIDTH_M = 1.0
"""A part of a unit below this area or this mean width is a sliver."""

AREA_NOTE_PCT = 10.0
"""Difference from the official area that is noted."""

AREA_LIMIT_PCT = 50.0
"""Difference from the official area beyond which an outline is not that of its unit."""

FAR_NOTE_M = 1000.0
"""Distance of an outline from the place where its unit is known to be that is noted; the real ones of
2025-07-01 lie within 88 m of the schematic ones' middles."""

FAR_LIMIT_M = 5000.0
"""Distance beyond which an outline is not that of its unit."""

NEIGHBOUR_M = 500.0
"""Units closer than this are neighbours: rivers part them, not seas."""


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    check
        What was looked at.
    figure
        What was found, with its figures.
    outcome
        Nothing found; repaired; noted; or failed, which prevents the adoption.
    units
        The units concerned, the worst first.
    expected
        For one that failed: what would be right.
    """

    check: Message
    figure: Message
    outcome: Outcome
    units: tuple[str, ...] = ()
    expected: Message | None = None


def nothing(check: Message) -> Finding:
    """Return the finding of a check that found nothing."""
    return Finding(check, message("none"), "passed")


def repair(geometry: gpd.GeoSeries, units: pd.Series) -> tuple[gpd.GeoSeries, list[Finding]]:
    """Return polygons as valid MultiPolygons in two dimensions, and what was done to make them so.

    No border moves: heights and doubled points are dropped, polygons that cross themselves are split where
    they cross.

    Parameters
    ----------
    geometry
        Polygons and MultiPolygons in any reference system, none missing.
    units
        Their names, by the same index.

    Returns
    -------
    A polygon without area comes back empty.
    """
    raised = geometry.has_z
    flat = geometry.force_2d()
    valid = flat.is_valid
    mended = flat.where(valid, gpd.GeoSeries(flat.make_valid().map(_polygons)))
    thinned = mended.remove_repeated_points(0.0)
    # Taking a doubled point out can't break a valid polygon, but a ring of doubled points alone would vanish.
    thinned = thinned.where(thinned.is_valid & ~thinned.is_empty, mended)
    doubled = mended.count_coordinates() - thinned.count_coordinates()
    result = gpd.GeoSeries(thinned.map(_polygons))
    change_m2 = (mended.to_crs(METRIC_CRS).area - flat.to_crs(METRIC_CRS).area).abs()
    findings = []
    check = message("invalid outlines")
    if valid.all():
        findings.append(nothing(check))
    else:
        reasons = "; ".join(sorted({reason.partition("[")[0] for reason in flat.is_valid_reason()[~valid]}))
        findings.append(
            Finding(
                check,
                message(
                    "{count} made valid ({reasons}); area changed by {area} m²",
                    count=number((~valid).sum()),
                    reasons=reasons,
                    area=number(change_m2[~valid].sum(), 1),
                ),
                "repaired",
                tuple(units[~valid]),
            )
        )
    if raised.any():
        findings.append(
            Finding(
                message("heights"),
                message("dropped from {count} outlines", count=number(raised.sum())),
                "repaired",
            )
        )
    if doubled.gt(0).any():
        findings.append(
            Finding(
                message("doubled points"),
                message("{count} dropped", count=number(doubled.sum())),
                "repaired",
                tuple(units[doubled > 0]),
            )
        )
    return result, findings


def _polygons(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of a geometry; lines and points, which make_valid leaves behind, have no area."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])


def check_coverage(outlines: gpd.GeoSeries, names: Mapping[str, str]) -> list[Finding]:
    """Return overlaps, holes, borders that don't meet, and slivers.

    Parameters
    ----------
    outlines
        Valid MultiPolygons in EPSG:9210, by ward code.
    names
        The units' names by ward code.
    """
    return [
        _overlaps(outlines, names),
        _holes(outlines, names),
        _borders(outlines, names),
        _slivers(outlines, names),
    ]


def _overlaps(outlines: gpd.GeoSeries, names: Mapping[str, str]) -> Finding:
    check = message("overlaps")
    tree = shapely.STRtree(outlines.to_numpy())
    left, right = tree.query(outlines.to_numpy(), predicate="intersects")
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a < b]
    found = []
    for a, b in pairs:
        one, other = outlines.iloc[a], outlines.iloc[b]
        area = shapely.intersection(one, other).area
        if area >= LEAST_AREA_M2:
            share = 100 * area / min(one.area, other.area)
            found.append((share, area, f"{names[outlines.index[a]]} – {names[outlines.index[b]]}"))
    if not found:
        return nothing(check)
    found.sort(reverse=True)
    worst = found[0][0]
    told = message(
        "{count} pairs, {area} m² in all, at most {share} % of the smaller unit",
        count=number(len(found)),
        area=number(sum(area for _, area, _ in found)),
        share=number(worst, 4),
    )
    return Finding(
        check,
        told,
        "failed" if worst > OVERLAP_LIMIT_PCT else "noted",
        tuple(pair for _, _, pair in found),
        message("at most {limit} % of the smaller unit", limit=number(OVERLAP_LIMIT_PCT, 1)),
    )


def _holes(outlines: gpd.GeoSeries, names: Mapping[str, str]) -> Finding:
    check = message("gaps")
    city = shapely.union_all(outlines.to_numpy())
    rings = [ring for part in shapely.get_parts(city) for ring in part.interiors]
    holes = [hole for ring in rings if (hole := shapely.Polygon(ring)).area >= LEAST_AREA_M2]
    if not holes:
        return nothing(check)
    holes.sort(key=lambda hole: hole.area, reverse=True)
    touching = outlines.index[outlines.sindex.query(gpd.GeoSeries(holes), predicate="intersects")[1]]
    total = sum(hole.area for hole in holes)
    share = 100 * total / outlines.area.sum()
    return Finding(
        check,
        message(
            "{count}, {area} m² in all, the largest {largest} m²",
            count=number(len(holes)),
            area=number(total),
            largest=number(holes[0].area),
        ),
        "failed" if share > GAP_LIMIT_PCT else "noted",
        tuple(names[code] for code in dict.fromkeys(touching)),
        message("at most {limit} % of the area of all units", limit=number(GAP_LIMIT_PCT, 1)),
    )


def _borders(outlines: gpd.GeoSeries, names: Mapping[str, str]) -> Finding:
    check = message("borders that don't meet")
    edges = shapely.coverage_invalid_edges(outlines.to_numpy(), gap_width=GAP_WIDTH_M)
    lengths = pd.Series(shapely.length(edges), index=outlines.index)
    apart = lengths[lengths > 0].sort_values(ascending=False)
    if apart.empty:
        return nothing(check)
    told = message(
        "{count} units, {length} m of border", count=number(len(apart)), length=number(apart.sum())
    )
    return Finding(check, told, "noted", tuple(names[code] for code in apart.index))


def _slivers(outlines: gpd.GeoSeries, names: Mapping[str, str]) -> Finding:
    check = message("slivers")
    parts = outlines.explode()
    is_sliver = (parts.area < SLIVER_AREA_M2) | (2 * parts.area / parts.length < SLIVER_WIDTH_M)
    slivers = gpd.GeoSeries(parts[is_sliver])
    if slivers.empty:
        return nothing(check)
    told = message(
        "{count} parts, {area} m² in all", count=number(len(slivers)), area=number(slivers.area.sum())
    )
    return Finding(check, told, "noted", tuple(names[code] for code in dict.fromkeys(slivers.index)))


def check_areas(outlines: gpd.GeoSeries, official_km2: pd.Series, names: Mapping[str, str]) -> Finding:
    """Return how the outlines' areas differ from the official ones, which count water.

    Parameters
    ----------
    outlines
        In EPSG:9210, by ward code.
    official_km2
        By ward code, missing where unknown.
    names
        The units' names by ward code.
    """
    check = message("area against the official area")
    known = official_km2.dropna()
    if known.empty:
        return Finding(check, message("not checked: no official area is known"), "passed")
    measured = outlines.area[known.index] / 1e6
    differs = (100 * (measured - known) / known).sort_values(key=abs, ascending=False)
    noted = differs[differs.abs() > AREA_NOTE_PCT]
    if noted.empty:
        return Finding(check, message("all within {limit} %", limit=number(AREA_NOTE_PCT, 1)), "passed")
    return Finding(
        check,
        message(
            "{count} differ by more than {limit} %, at most {most} %",
            count=len(noted),
            limit=number(AREA_NOTE_PCT, 1),
            most=number(noted.iloc[0], is_signed=True),
        ),
        "failed" if noted.abs().max() > AREA_LIMIT_PCT else "noted",
        tuple(f"{names[str(code)]} ({share:+.0f} %)" for code, share in noted.items()),
        message("at most {limit} % from the official area", limit=number(AREA_LIMIT_PCT, 1)),
    )


def check_districts(outlines: gpd.GeoSeries, district_codes: pd.Series, names: Mapping[str, str]) -> Finding:
    """Return the units that have neighbours, but none of their own district: a name on a wrong outline.

    Every district of the city hangs together, its islands included, with `NEIGHBOUR_M` between neighbours. A
    unit that is the only one of its district, or has no neighbour at all, tells nothing.

    Parameters
    ----------
    outlines
        In EPSG:9210, by ward code.
    district_codes
        By ward code, missing where the vintage has no districts.
    names
        The units' names by ward code.
    """
    check = message("units outside their district")
    districts = district_codes.reindex(outlines.index)
    if districts.isna().all():
        return Finding(check, message("not checked: the list of that date has no districts"), "passed")
    tree = shapely.STRtree(outlines.to_numpy())
    left, right = tree.query(outlines.to_numpy(), predicate="dwithin", distance=NEIGHBOUR_M)
    pairs = pd.DataFrame({"unit": left, "neighbour": right})
    pairs = pairs[pairs["unit"] != pairs["neighbour"]]
    codes = districts.to_numpy()
    is_same = pd.Series(codes[pairs["unit"]] == codes[pairs["neighbour"]], index=pairs.index)
    has_one_of_its_own = is_same.groupby(pairs["unit"]).any()
    sizes = districts.map(districts.value_counts())
    outside = [
        int(unit) for unit in has_one_of_its_own.index[~has_one_of_its_own] if sizes.iloc[int(unit)] > 1
    ]
    if not outside:
        return nothing(check)
    return Finding(
        check,
        message("{count} without a neighbour of their district", count=len(outside)),
        "failed",
        tuple(names[outlines.index[row]] for row in outside),
        message("outlines that touch others of their district"),
    )


def check_places(outlines: gpd.GeoSeries, places: gpd.GeoSeries, names: Mapping[str, str]) -> Finding:
    """Return the units whose outlines lie far from where the units are known to be: names on wrong outlines.

    Parameters
    ----------
    outlines
        In EPSG:9210, by ward code.
    places
        Points in EPSG:9210 near which the units lie, by ward code; may be empty.
    names
        The units' names by ward code.
    """
    check = message("units far from where they are known to be")
    known = gpd.GeoSeries(outlines[outlines.index.isin(places.index)])
    if known.empty:
        return Finding(check, message("not checked: no places are known for that date"), "passed")
    distance = known.distance(gpd.GeoSeries(places.loc[known.index])).sort_values(ascending=False)
    far = distance[distance > FAR_NOTE_M]
    if far.empty:
        return Finding(check, message("all within {limit} km", limit=number(FAR_NOTE_M / 1000, 1)), "passed")
    return Finding(
        check,
        message("{count}, at most {distance} km", count=len(far), distance=number(far.iloc[0] / 1000, 1)),
        "failed" if far.iloc[0] > FAR_LIMIT_M else "noted",
        tuple(names[str(code)] for code in far.index),
        message("at most {limit} km", limit=number(FAR_LIMIT_M / 1000, 1)),
    )
