"""The vintage of 2025-01-01 from the wards before it, where it has no boundary file of its own."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.register.succession import name_units
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS, area_km2
from geodata.contract.layers import LAYERS
from geodata.wards.crosswalk import carry_counts, population_weights

DERIVED = "2025-01-01"
"""The vintage that can be derived: nearly all its units are wards of before, or several of them together."""
BEFORE, AFTER = "2020-02-01", "2025-07-01"
"""The vintages that it is derived from: wards of the first, and where one was divided, cut by the second."""

NEAR_M = 10
"""Land of a divided ward that no later ward tells apart goes with what lies around it within these metres."""


def derive_wards(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, units: pd.DataFrame, unit_succession: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the units of `DERIVED`, dissolved from the wards of `BEFORE`, and which of them were cut.

    A ward that was divided is cut along the outlines of `AFTER`: a later ward holds land of the unit that it
    officially succeeds. Residents follow by the share of area, rounded to whole ones, but none goes with land
    that changed hands without any.

    Parameters
    ----------
    before, after
        The layer ``ward`` of `BEFORE` and of `AFTER`; the latter may have no rows.
    units, unit_succession
        The official lists.

    Returns
    -------
    Rows of the layer ``ward`` without their source, EPSG:4326, a coverage with shared edges; and the codes of
    the units that got a part of a divided ward.
    """
    into = _between(unit_succession, BEFORE, DERIVED)
    into = into[into["from_ward_code"].isin(before["ward_code"])]
    onward = _between(unit_succession, DERIVED, AFTER)
    divided = into[into["kind"] != "whole"]
    guides = _guides(divided, onward, after)
    faces = _faces(before, guides.geometry)
    faces["to_ward_code"] = _successors(faces, into, guides)

    whole = faces.dissolve(["from_ward_code", "to_ward_code"], as_index=False, method="coverage")
    measured = area_km2(whole.geometry)
    links = (
        whole[["from_ward_code", "to_ward_code"]]
        .assign(area_weight=measured / measured.groupby(whole["from_ward_code"]).transform("sum"))
        .merge(into, on=["from_ward_code", "to_ward_code"], how="left", validate="one_to_one")
    )
    links["population_weight"] = population_weights(links.assign(is_land_only=links["kind"] == "land_only"))
    derived = faces.dissolve("to_ward_code", method="coverage").rename_axis("ward_code").reset_index()
    residents = carry_counts(before[["ward_code", "population"]], links, ["population"])
    wards = derived[["ward_code", "geometry"]].merge(
        residents, on="ward_code", how="left", validate="one_to_one"
    )
    wards = wards.assign(
        vintage=DERIVED,
        ward_name=None,
        area_km2=float("nan"),
        outline_area_km2=area_km2(wards.geometry),
        population=wards["population"].round().astype("Int64"),
        population_year=before["population_year"].max(),
        boundary_quality="derived",
    )
    return name_units(wards, units, "unit_succession.csv"), sorted(set(divided["to_ward_code"]))


def derived_sources(
    wards: gpd.GeoDataFrame, cut: list[str], before: pd.Series, after: pd.Series | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return derived wards with their ``boundary_source``, and the rows of ``source`` that it names.

    Parameters
    ----------
    wards, cut
        What `derive_wards` returns.
    before, after
        The sources of the outlines that were dissolved, and of those that cut; the latter may be missing.
    """
    is_cut = wards["ward_code"].isin(cut)
    rows = [before.to_dict() | {"source_id": f"derived-{before['source_id']}"}]
    rows[0]["title"] = f"Suy ra từ “{before['title']}”: gộp nguyên vẹn các đơn vị cũ"
    if is_cut.any():
        names = ", ".join(wards.loc[is_cut, "ward_name"])
        along = f", chia theo “{after['title']}”" if after is not None else ", chưa chia được"
        rows.append(rows[0] | {"source_id": f"{rows[0]['source_id']}-cut"})
        people = "dân số theo diện tích các phần chuyển kèm dân cư"
        rows[1]["title"] = f"Suy ra từ “{before['title']}”{along}, {people}: {names}"
    source = np.where(is_cut, rows[-1]["source_id"], rows[0]["source_id"])
    return wards.assign(boundary_source=source), pd.DataFrame(rows, columns=list(LAYERS["source"].columns))


def _between(unit_succession: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    rows = (unit_succession["from_vintage"] == old) & (unit_succession["to_vintage"] == new)
    return unit_succession.loc[rows, ["from_ward_code", "to_ward_code", "kind"]]


def _guides(divided: pd.DataFrame, onward: pd.DataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the later wards that tell a divided ward's parts apart, with the part that lies in each.

    Keys: from_ward_code, later ward; ``to_ward_code``. A later ward that took over several of the parts tells
    nothing.
    """
    onward = onward.set_axis(["to_ward_code", "later_code", "kind"], axis="columns")
    guides = divided[["from_ward_code", "to_ward_code"]].merge(
        onward[["to_ward_code", "later_code"]], on="to_ward_code", how="inner", validate="many_to_many"
    )
    guides = guides[~guides.duplicated(["from_ward_code", "later_code"], keep=False)]
    outlines = after[["ward_code", "geometry"]].rename(columns={"ward_code": "later_code"})
    return gpd.GeoDataFrame(
        guides.merge(outlines, on="later_code", how="inner", validate="many_to_one"),
        geometry="geometry",
        crs=STORAGE_CRS,
    )


def _faces(before: gpd.GeoDataFrame, cuts: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the land of the wards in faces between all their outlines and the cuts; ``from_ward_code``.

    All lines are noded at once, so that neighbours share their edges to the last digit.
    """
    outlines = before.geometry.to_numpy()
    lines = shapely.union_all([*shapely.boundary(outlines), *shapely.boundary(cuts.to_numpy())])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    face_at, ward_at = shapely.STRtree(outlines).query(shapely.point_on_surface(faces), predicate="within")
    # Where outlines overlap the first ward keeps the land.
    face_at, first = np.unique(face_at, return_index=True)
    codes = before["ward_code"].to_numpy()[ward_at[first]]
    return gpd.GeoDataFrame({"from_ward_code": codes}, geometry=faces[face_at], crs=STORAGE_CRS)


def _successors(faces: gpd.GeoDataFrame, into: pd.DataFrame, guides: gpd.GeoDataFrame) -> pd.Series:
    """Return the unit into which each face went."""
    # Where nothing tells a divided ward's parts apart it stays with the unit that keeps its code.
    is_other = into["to_ward_code"] != into["from_ward_code"]
    first = into.assign(is_other=is_other).sort_values(["is_other", "to_ward_code"])
    heir = first.drop_duplicates("from_ward_code").set_index("from_ward_code")["to_ward_code"]
    # Of an empty list they would be no texts.
    successor: pd.Series = faces["from_ward_code"].map(heir).astype("str")
    points = faces.representative_point()
    for code, guide in guides.groupby("from_ward_code"):
        of_ward = faces["from_ward_code"] == code
        told = pd.Series(pd.NA, index=faces.index[of_ward], dtype="object")
        inner = gpd.GeoSeries(points[of_ward])
        part: Any
        for part in guide.itertuples(index=False):
            told[inner.within(part.geometry)] = part.to_ward_code
        if told.notna().any():
            successor[of_ward] = _fill_from_surroundings(told, faces[of_ward].geometry)
    return successor


def _fill_from_surroundings(told: pd.Series, outlines: gpd.GeoSeries) -> pd.Series:
    """Return what is told of each face, and of the others what most of their surroundings are told."""
    metric = outlines.to_crs(METRIC_CRS)
    parts = gpd.GeoSeries(metric[told.notna()]).groupby(told.dropna()).agg(shapely.union_all)
    filled = told.copy()
    for face in told.index[told.isna()]:
        around = shapely.area(shapely.intersection(metric[face].buffer(NEAR_M), parts.array))
        filled[face] = parts.index[around.argmax()]
    return filled
