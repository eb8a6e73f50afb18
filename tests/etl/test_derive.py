"""Units derived from the wards before them, on squares: whole ones, divided ones, and a clean coverage."""

import geopandas as gpd
import pandas as pd
import pytest

from etl.boundaries.derive import derive_wards, derived_sources
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS, area_km2
from tests.small_city import MID, NEW, OLD, box


def wards(vintage: str, **outlines: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return wards side by side, 1 km high, from and to km east of the corner; 1000 residents each."""
    frame = gpd.GeoDataFrame(
        {"vintage": vintage, "ward_code": list(outlines), "population": 1000, "population_year": 2019},
        geometry=[box(west, 0, east, 1) for west, east in outlines.values()],
        crs=METRIC_CRS,
    )
    return frame.astype({"population": "Int64", "population_year": "Int64"}).to_crs(STORAGE_CRS)


def succession(old: str, new: str, *rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["from_ward_code", "to_ward_code", "kind"])
    return frame.assign(from_vintage=old, to_vintage=new)


BEFORE = wards(OLD, a=(0, 1), b=(1, 2), c=(2, 4))
# b is joined with a; of c the west goes to a too, and the rest stays.
INTO = succession(OLD, MID, ("a", "a", "whole"), ("b", "a", "whole"), ("c", "a", "part"), ("c", "c", "part"))
UNITS = pd.DataFrame({"vintage": MID, "ward_code": ["a", "c"], "ward_name": ["An", "Cát"]}).assign(
    ward_kind="phường", district_code="9", district_name="Quận Chín"
)
# Later x succeeds a, y and z succeed c. They leave out the last 200 m, as where an outline ends at the shore,
# and the line between x and y runs a little aslant of nothing that was there before.
AFTER = wards(NEW, x=(0, 2.5), y=(2.5, 3), z=(3, 3.8))
ONWARD = succession(MID, NEW, ("a", "x", "whole"), ("c", "y", "part"), ("c", "z", "part"))


def derive(after: gpd.GeoDataFrame = AFTER, onward: pd.DataFrame = ONWARD) -> gpd.GeoDataFrame:
    derived, cut = derive_wards(BEFORE, after, UNITS, pd.concat([INTO, onward]))
    assert cut == ["a", "c"]
    return derived.set_index("ward_code")


def test_a_divided_ward_is_cut_along_the_wards_that_later_succeeded_its_parts() -> None:
    derived = derive()
    # A line that is straight in degrees bends by a few centimetres in metres.
    assert area_km2(derived.geometry).to_dict() == pytest.approx({"a": 2.5, "c": 1.5}, abs=1e-4)
    assert derived["outline_area_km2"].tolist() == pytest.approx([2.5, 1.5], abs=1e-4)
    assert derived["ward_name"].tolist() == ["An", "Cát"]


def test_residents_follow_by_area_and_keep_their_number() -> None:
    assert derive()["population"].tolist() == [2250, 750]


def test_no_resident_goes_with_land_only() -> None:
    moved = (INTO["kind"] == "part") & (INTO["to_ward_code"] == "a")
    into = INTO.assign(kind=INTO["kind"].mask(moved, "land_only"))
    derived, _ = derive_wards(BEFORE, AFTER, UNITS, pd.concat([into, ONWARD]))
    assert derived.set_index("ward_code")["population"].to_dict() == {"a": 2000, "c": 1000}
    assert derived["outline_area_km2"].tolist() == pytest.approx([2.5, 1.5], abs=1e-4)


def test_where_nothing_is_redrawn_nothing_is_derived() -> None:
    derived, cut = derive_wards(BEFORE, AFTER, UNITS, succession(MID, NEW))
    assert (len(derived), cut) == (0, [])


def test_derived_units_share_their_edges() -> None:
    derived = derive()
    assert derived.geometry.is_valid_coverage()
    assert derived.geometry.union_all().symmetric_difference(BEFORE.geometry.union_all()).area < 1e-15


@pytest.mark.parametrize(
    ("after", "onward"),
    [
        (AFTER.iloc[:0], ONWARD),
        # x took over both parts, so it tells nothing.
        (AFTER.iloc[:1], succession(MID, NEW, ("a", "x", "whole"), ("c", "x", "whole"))),
    ],
)
def test_a_divided_ward_that_nothing_tells_apart_stays_with_its_code(
    after: gpd.GeoDataFrame, onward: pd.DataFrame
) -> None:
    assert derive(after, onward)["outline_area_km2"].to_dict() == pytest.approx({"a": 2, "c": 2}, abs=1e-6)


def test_units_that_were_cut_name_another_source_than_those_joined_whole() -> None:
    derived, cut = derive_wards(BEFORE, AFTER, UNITS, pd.concat([INTO, ONWARD]))
    origin = pd.Series(
        {"source_id": "gadm", "title": "GADM", "publisher": "GADM", "licence": "không phân phối lại"}
    )
    later = pd.Series({"source_id": "new", "title": "Bản đồ mới"})
    sourced, rows = derived_sources(derived, cut[:1], origin, later)
    assert sourced.set_index("ward_code")["boundary_source"].to_dict() == {
        "a": "derived-gadm-cut",
        "c": "derived-gadm",
    }
    assert rows["title"].tolist() == [
        "Suy ra từ “GADM”: gộp nguyên vẹn các đơn vị cũ",
        "Suy ra từ “GADM”, chia theo “Bản đồ mới”, dân số theo diện tích các phần chuyển kèm dân cư: An",
    ]
    assert set(rows["licence"]) == {"không phân phối lại"}
    assert len(derived_sources(derived, [], origin, None)[1]) == 1
