"""Inspections, criteria, events, stations and progress by hand, on the city of ``tests/small_city.py``."""

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.layers import LAYERS, empty, read_layer
from geodata.definitions import DEFINITIONS
from geodata.events.coverage import event_cells, event_coverage
from geodata.indicators.clusters import alike
from geodata.indicators.comparison import comparable_values, compare_periods
from geodata.indicators.indicators import indicator_values
from geodata.indicators.statistics import byar, rate_funnel
from geodata.language import translate
from geodata.programme.coverage import pilot_coverage
from geodata.programme.criteria import criteria_met, with_counted_results, with_criteria_shares
from geodata.programme.inspections import (
    InspectionCoverage,
    inspected_wards,
    inspection_coverage,
    inspections_on,
)
from geodata.programme.stations import StationAccess, station_access, station_access_of_wards
from geodata.programme.status import status_on
from geodata.programme.summary import INPUTS as SUMMARY_INPUTS
from geodata.programme.summary import ward_figures
from geodata.programme.targets import against_targets, stage_progress
from geodata.wards.units import KEY, Unit
from tests.small_city import CORNER, MID, NEW, OLD


@pytest.fixture(scope="module")
def city(small_gpkg: Path) -> dict[str, Any]:
    return {name: read_layer(small_gpkg, name) for name in (*SUMMARY_INPUTS, "event", "event_task", "target")}


def inspections(*rows: tuple[str, str, str], **columns: Any) -> pd.DataFrame:
    """Return inspections from vintage, ward and day; of criteria they say nothing unless told."""
    frame = pd.DataFrame(rows, columns=["vintage", "ward_code", "inspection_date"])
    frame["inspection_id"] = frame["inspection_date"] + "-" + frame["vintage"] + "-" + frame["ward_code"]
    frame["inspection_date"] = pd.to_datetime(frame["inspection_date"]).astype("datetime64[ns]")
    frame = frame.assign(
        inspecting_body="Công an thành phố",
        kind="định kỳ",
        verdict=None,
        criteria_set="v1",
        criteria_met=pd.array([pd.NA] * len(frame), dtype="Int64"),
        criteria_assessed=pd.array([pd.NA] * len(frame), dtype="Int64"),
        classification=None,
        source="article",
        is_illustrative=False,
    )
    return frame.assign(**columns)


def test_a_unit_is_the_city_a_district_former_district_or_ward(city: dict[str, Any]) -> None:
    def codes(unit: Unit) -> list[str]:
        return list(unit.rows(city["ward"])["ward_code"])

    assert codes(Unit(OLD)) == ["00001", "00002", "00003", "00004", "903"]
    assert codes(Unit(OLD, district_code="901")) == ["00001", "00002"]
    assert codes(Unit(NEW, district_code="902")) == ["00002", "00003"]
    assert codes(Unit(NEW, ward_code="00002")) == ["00002"]
    assert codes(Unit(NEW, district_code="905")) == []


@pytest.mark.parametrize(
    ("unit", "wards", "area", "residents"),
    [
        (Unit(OLD), 25, 20, 100 * 1500 / 5400),
        (Unit(OLD, district_code="901"), 50, 50, 60),
        (Unit(NEW, district_code="901"), 0, 50, 60),
        (Unit(OLD, ward_code="00002"), 100, 100, 100),
        (Unit(NEW, ward_code="00001"), 0, 50, 60),
    ],
)
def test_pilot_coverage_of_each_kind_of_unit(
    city: dict[str, Any], unit: Unit, wards: float, area: float, residents: float
) -> None:
    status = status_on(pd.Timestamp("2024-01-01"), city["ward"], city["pilot_status"], city["crosswalk"])
    coverage = pilot_coverage(unit.rows(city["ward"].merge(status, on=KEY, validate="one_to_one")))
    shares: tuple[object, ...] = (coverage.wards_pct, coverage.area_pct, coverage.population_pct)
    assert shares == (pytest.approx(wards), pytest.approx(area), pytest.approx(residents))


def inspected(
    city: dict[str, Any], rows: pd.DataFrame, start: str, end: str, unit: Unit
) -> tuple[Any, InspectionCoverage]:
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    wards, crosswalk = city["ward"], city["crosswalk"]
    seen = inspected_wards(first, last, wards, rows, crosswalk)
    summary = wards.merge(
        status_on(last, wards, city["pilot_status"], crosswalk), on=KEY, validate="one_to_one"
    ).merge(seen, on=KEY, validate="one_to_one")
    return seen.set_index(KEY), inspection_coverage(last, unit.rows(summary))


def test_inspections_within_a_range_cover_wards_pilot_wards_and_area(city: dict[str, Any]) -> None:
    rows = inspections((OLD, "00002", "2023-11-23"), (OLD, "00003", "2024-03-01"))
    _, year = inspected(city, rows, "2023-01-01", "2023-12-31", Unit(OLD))
    assert (year.ward_count, year.inspected_count, year.wards_pct) == (4, 1, 25)
    assert (year.pilot_ward_count, year.pilot_inspected_count, year.pilot_wards_pct) == (1, 1, 100)
    assert year.area_pct == pytest.approx(20)  # 1 of 5 km²
    assert (year.last_inspection, year.days_since_last) == (pd.Timestamp("2023-11-23"), 38)
    _, later = inspected(city, rows, "2024-01-01", "2024-03-31", Unit(OLD))
    assert (later.inspected_count, later.pilot_inspected_count, later.pilot_wards_pct) == (1, 0, 0)
    # Days run from the last inspection, however long before the range it was.
    _, before = inspected(city, rows, "2024-01-01", "2024-02-29", Unit(OLD))
    assert (before.inspected_count, before.days_since_last) == (0, 98)


def test_a_unit_never_inspected_has_no_days_and_one_without_pilot_wards_no_share(
    city: dict[str, Any],
) -> None:
    rows = inspections((OLD, "00002", "2023-11-23"))
    _, coverage = inspected(city, rows, "2023-01-01", "2023-12-31", Unit(OLD, district_code="902"))
    assert (coverage.last_inspection, coverage.days_since_last) == (None, None)
    assert (coverage.wards_pct, coverage.area_pct) == (0, 0)
    assert math.isnan(coverage.pilot_wards_pct)


def test_an_inspection_carries_whole_or_partly(city: dict[str, Any]) -> None:
    one = inspections((OLD, "00002", "2023-11-23"), (OLD, "00003", "2023-11-23"))
    seen, coverage = inspected(city, one, "2023-01-01", "2023-12-31", Unit(NEW))
    # Đông is half An Đông; Tây is all Thủy Tây; Núi Đèo is a fifth Thủy Tây.
    assert seen.loc[NEW, ["is_inspected", "is_partly_inspected"]].to_numpy().tolist() == [
        [False, True],
        [True, False],
        [False, True],
        [False, False],
    ]
    assert seen.loc[NEW, "inspected_area_pct"].tolist() == pytest.approx([50, 100, 20, 0])
    assert (coverage.inspected_count, coverage.partly_inspected_count, coverage.wards_pct) == (1, 2, 25)
    assert (coverage.pilot_ward_count, coverage.partly_pilot_inspected_count) == (0, 1)
    assert coverage.area_pct == pytest.approx(100 * (1 + 0.75 + 0.25) / 5)
    assert coverage.days_since_last == 38
    both = inspections((OLD, "00001", "2023-05-01"), (OLD, "00002", "2023-11-23"))
    assert inspected(city, both, "2023-01-01", "2023-12-31", Unit(NEW))[0].loc[(NEW, "00001"), "is_inspected"]


def test_inspections_of_two_vintages_make_a_successor_whole(city: dict[str, Any]) -> None:
    # Thủy Tây and Núi Đèo passed into 2025-01-01 as they were, so both are known there.
    rows = inspections((OLD, "00003", "2024-06-01"), (MID, "00004", "2025-02-01"))
    seen, _ = inspected(city, rows, "2024-01-01", "2025-06-30", Unit(NEW))
    assert seen.loc[(NEW, "00003"), ["is_inspected", "inspected_area_pct"]].tolist() == [True, 100]
    assert seen.loc[(NEW, "00003"), "last_inspection"] == pd.Timestamp("2025-02-01")
    # Back in time: what lies wholly in an inspected ward counts.
    today = inspections((NEW, "00001", "2025-08-01"))
    old, _ = inspected(city, today, "2025-07-01", "2025-12-31", Unit(OLD))
    assert old.loc[(OLD, "00002"), "is_inspected"]


def test_without_inspections_nothing_is_covered(city: dict[str, Any]) -> None:
    seen, coverage = inspected(city, empty("inspection"), "2023-01-01", "2023-12-31", Unit(NEW))
    assert not seen[["is_inspected", "is_partly_inspected"]].to_numpy().any()
    assert (coverage.wards_pct, coverage.last_inspection) == (0, None)


def test_not_assessed_is_not_counted_as_not_met(city: dict[str, Any]) -> None:
    rows = inspections(
        (OLD, "00001", "2023-01-01"), (OLD, "00001", "2024-01-01"), (OLD, "00002", "2024-01-01")
    ).assign(
        criteria_met=pd.array([0, 2, 1], dtype="Int64"), criteria_assessed=pd.array([3, 2, 3], dtype="Int64")
    )
    last = inspections_on(pd.Timestamp("2024-12-31"), city["ward"], rows, city["crosswalk"])
    single: Any = with_criteria_shares(last, city["criteria_set"]).set_index(KEY).loc[(OLD, "00001")]
    assert single["criteria_met_pct"] == 100  # 2 of 2 assessed; the third was not
    assert single["criteria_met_of_set_pct"] == pytest.approx(200 / 3)
    met = criteria_met(Unit(OLD).rows(last), city["criteria_set"])
    assert (met.ward_count, met.met, met.assessed, met.in_sets) == (2, 3, 5, 6)
    assert (met.of_assessed_pct, met.of_set_pct) == (60, 50)


def test_criteria_that_are_not_published_are_missing(city: dict[str, Any]) -> None:
    rows = inspections((OLD, "00001", "2024-01-01"))
    last = inspections_on(pd.Timestamp("2024-12-31"), city["ward"], rows, city["crosswalk"])
    met = criteria_met(Unit(OLD).rows(last), city["criteria_set"])
    assert (met.ward_count, met.assessed_ward_count) == (1, 0)
    assert math.isnan(met.of_assessed_pct)
    assert math.isnan(met.of_set_pct)
    # A set that is not named has no size.
    unnamed = rows.assign(
        criteria_set=None, criteria_met=pd.array([2], "Int64"), criteria_assessed=pd.array([2], "Int64")
    )
    last = inspections_on(pd.Timestamp("2024-12-31"), city["ward"], unnamed, city["crosswalk"])
    met = criteria_met(Unit(OLD).rows(last), city["criteria_set"])
    assert met.of_assessed_pct == 100
    assert math.isnan(met.of_set_pct)


def test_single_results_are_counted_where_no_counts_are_given() -> None:
    rows = inspections(
        (OLD, "00001", "2024-01-01"), (OLD, "00002", "2024-01-01"), (OLD, "00003", "2024-01-01")
    )
    rows["criteria_met"] = pd.array([pd.NA, 3, pd.NA], dtype="Int64")
    rows["criteria_assessed"] = pd.array([pd.NA, 3, pd.NA], dtype="Int64")
    results = pd.DataFrame(
        [
            ("2024-01-01-2020-02-01-00001", "01", "met"),
            ("2024-01-01-2020-02-01-00001", "02", "not_met"),
            ("2024-01-01-2020-02-01-00001", "03", "not_assessed"),
            ("2024-01-01-2020-02-01-00002", "01", "not_met"),
        ],
        columns=["inspection_id", "criterion_code", "result"],
    )
    counted = with_counted_results(rows, results)
    assert counted["criteria_met"].tolist() == [1, 3, pd.NA]
    assert counted["criteria_assessed"].tolist() == [2, 3, pd.NA]


def test_a_plan_has_a_cell_for_each_site_phase_and_field(city: dict[str, Any]) -> None:
    cells = event_cells(city["event_task"], city["event"])
    # One site, with tasks in one of three fields: before is done, during assigned, after only planned.
    coverage = event_coverage(cells)
    assert (coverage.cell_count, coverage.assigned_count, coverage.done_count) == (9, 2, 1)
    assert coverage.assigned_pct == pytest.approx(200 / 9)
    assert coverage.done_pct == pytest.approx(100 / 9)
    before = event_coverage(cells[cells["phase"] == "before"])
    assert before.cell_count == 3
    assert before.assigned_pct == pytest.approx(100 / 3)
    assert math.isnan(event_coverage(event_cells(empty("event_task"), empty("event"))).assigned_pct)


def stations(*rows: tuple[str, str, float, float, str]) -> gpd.GeoDataFrame:
    """Return stations from vintage, ward, km east and north of the city's corner, and precision."""
    columns = ["vintage", "ward_code", "east", "north", "location_precision"]
    frame = pd.DataFrame(rows, columns=columns)
    points = [
        shapely.Point(CORNER[0] + 1000 * east, CORNER[1] + 1000 * north)
        for east, north in zip(frame["east"], frame["north"], strict=True)
    ]
    return gpd.GeoDataFrame(
        frame.drop(columns=["east", "north"]).assign(
            station_id=[f"s{i}" for i in range(len(frame))],
            station_name="Trụ sở",
            source="article",
            is_illustrative=False,
        ),
        geometry=gpd.GeoSeries(points, crs=METRIC_CRS),
    ).to_crs(STORAGE_CRS)


def access(
    city: dict[str, Any], points: gpd.GeoDataFrame, unit: Unit, distance_m: float
) -> tuple[Any, StationAccess]:
    near = station_access_of_wards(city["ward"], points, distance_m)
    return near.set_index(KEY), station_access(
        unit.rows(city["ward"].merge(near, on=KEY, validate="one_to_one"))
    )


CIRCLE = 100 * math.pi * 0.4**2
"""Share of a ward of 1 km² within 400 m of its middle, %."""


def test_access_is_the_share_of_area_and_residents_near_a_station(city: dict[str, Any]) -> None:
    points = stations((OLD, "00001", 0.5, 0.5, "surveyed"), (OLD, "00003", 2, 0.5, "address"))
    near, whole = access(city, points, Unit(OLD), 400)
    # The second lies on the edge of Hòa Bình and Thủy Tây: half of its circle is in each.
    assert near.loc[OLD, "near_pct"].tolist() == pytest.approx(
        [CIRCLE, CIRCLE / 2, CIRCLE / 2, 0, 0], rel=1e-3
    )
    assert near.loc[OLD, "station_count"].tolist() == [1, 0, 1, 0, 0]
    assert whole.area_pct == pytest.approx(2 * CIRCLE / 5, rel=1e-3)
    residents = (1000 + 1500 / 2 + 2000 / 2) / 5400
    assert whole.population_pct == pytest.approx(CIRCLE * residents, rel=1e-3)
    assert (whole.ward_count, whole.without_station_count, whole.reference_point_count) == (4, 2, 0)


def test_overlapping_circles_count_once(city: dict[str, Any]) -> None:
    twice = stations((OLD, "00001", 0.5, 0.5, "surveyed"), (OLD, "00001", 0.5, 0.5, "surveyed"))
    assert access(city, twice, Unit(OLD), 400)[0].loc[(OLD, "00001"), "near_pct"] == pytest.approx(
        CIRCLE, rel=1e-3
    )


def test_a_reference_point_is_marked_and_can_be_left_out(city: dict[str, Any]) -> None:
    points = stations((OLD, "00001", 0.5, 0.5, "ward_reference_point"), (OLD, "00002", 1.5, 0.5, "surveyed"))
    near, whole = access(city, points, Unit(OLD), 400)
    assert near.loc[(OLD, "00001"), "station_precision"] == "ward_reference_point"
    assert near.loc[(OLD, "00001"), "near_placed_pct"] == 0
    assert whole.reference_point_count == 1
    assert whole.placed_area_pct == pytest.approx(whole.area_pct / 2, rel=1e-3)


def test_access_is_missing_where_there_are_no_stations(city: dict[str, Any]) -> None:
    points = stations((OLD, "00001", 0.5, 0.5, "surveyed"))
    near, new = access(city, points, Unit(NEW), 2000)
    # A station of another vintage may have closed.
    assert near.loc[NEW, "near_pct"].isna().all()
    assert math.isnan(new.area_pct)
    _, ward = access(city, points, Unit(OLD, ward_code="00002"), 2000)
    assert math.isnan(ward.area_pct)
    _, none = access(city, empty("station"), Unit(OLD), 2000)
    assert math.isnan(none.population_pct)


DAYS = [pd.Timestamp(day) for day in ("2021-01-01", "2022-01-01", "2023-12-31")]


def progress(city: dict[str, Any], stage: str, unit: Unit) -> pd.DataFrame:
    return stage_progress(DAYS, stage, unit, city["ward"], city["pilot_status"], city["crosswalk"])


def test_wards_at_a_stage_by_each_day(city: dict[str, Any]) -> None:
    building = progress(city, "building", Unit(OLD))
    assert building["reached_count"].tolist() == [0, 1, 1]
    assert building["reached_pct"].tolist() == [0, 25, 25]
    assert progress(city, "inspected", Unit(OLD))["reached_count"].tolist() == [0, 0, 1]
    assert progress(city, "recognised", Unit(OLD))["reached_count"].tolist() == [0, 0, 0]
    new = progress(city, "building", Unit(NEW))
    assert (new["reached_count"].tolist(), new["partly_count"].tolist()) == ([0, 0, 0], [0, 1, 1])
    assert progress(city, "building", Unit(OLD, district_code="902"))["reached_pct"].tolist() == [0, 0, 0]


def test_a_ward_that_did_not_meet_the_criteria_is_not_past_the_steps_before(city: dict[str, Any]) -> None:
    failed = city | {
        "pilot_status": city["pilot_status"].assign(
            stage=city["pilot_status"]["stage"].replace("inspected", "not_met")
        )
    }
    assert progress(failed, "building", Unit(OLD))["reached_count"].tolist() == [0, 1, 0]
    assert progress(failed, "not_met", Unit(OLD))["reached_count"].tolist() == [0, 0, 1]


def test_a_target_is_a_share_of_wards_or_a_number_and_missing_where_not_published(
    city: dict[str, Any],
) -> None:
    wanted = pd.concat(
        [
            city["target"],
            city["target"].iloc[[0]].assign(target_id="five", value=5.0, unit="phường"),
            city["target"].iloc[[0]].assign(target_id="third", value=30.0, unit="%"),
        ]
    )
    gaps = against_targets(progress(city, "building", Unit(OLD)), wanted).set_index(["target_id", "day"])
    last: Any = gaps.xs(DAYS[-1], level="day")
    assert last["target_count"].fillna(-1).to_dict() == {
        "all-wards-2030": 4,
        "city": -1,
        "five": 5,
        "third": 2,
    }
    assert last["gap_count"].fillna(-1).to_dict() == {"all-wards-2030": 3, "city": -1, "five": 4, "third": 1}
    assert last.loc["five", "target_pct"] == 125
    assert last.loc["all-wards-2030", "days_left"] == 2557
    assert pd.isna(last.loc["city", "days_left"])


def test_the_summary_of_wards_carries_the_figures_of_its_day(city: dict[str, Any]) -> None:
    rows = inspections(
        (OLD, "00002", "2023-11-23"), (OLD, "00003", "2025-01-01"), (OLD, "00002", "2024-05-01")
    )
    rows["criteria_met"] = pd.array([2, 1, 3], dtype="Int64")
    rows["criteria_assessed"] = pd.array([3, 2, 3], dtype="Int64")
    rows["verdict"] = "Đạt"
    generated = inspections((OLD, "00002", "2024-01-15"), (OLD, "00004", "2024-01-15"), is_illustrative=True)
    own = stations((OLD, "00002", 1.5, 0.5, "surveyed"), (OLD, "00003", 2.5, 0.5, "surveyed"))
    layers = city | {
        "inspection": pd.concat([rows, generated.assign(verdict="Chưa đạt")], ignore_index=True),
        "station": own.assign(is_illustrative=[False, True]),
    }
    figures = ward_figures(pd.Timestamp("2024-03-31"), layers)
    assert set(figures) | set(LAYERS["ward"].columns) == set(LAYERS["ward_summary"].columns) | {
        "boundary_source"
    }
    summary: Any = figures.set_index(KEY)
    told: Any = summary.loc[(OLD, "00002")]
    assert told[["inspection_count", "days_since_inspection", "criteria_count"]].tolist() == [1, 129, 3]
    assert told["criteria_met_pct"] == pytest.approx(200 / 3)
    assert (told["inspected_12m_area_pct"], told["station_access_pct"]) == (100, pytest.approx(100))
    # What was generated neither stands beside recorded facts nor takes their place.
    assert told["last_verdict"] == "Đạt"
    assert pd.isna(summary.loc[(OLD, "00004"), "inspection_count"])
    assert pd.isna(summary.loc[(OLD, "00004"), "inspected_12m_area_pct"])
    assert summary.loc[(OLD, "00003"), "station_count"] == 0
    assert summary.loc[(NEW, "00001"), "inspected_12m_area_pct"] == pytest.approx(50)
    # Đông is made of Hòa Bình, which was inspected, and of An Đông, which was not.
    held: Any = summary.loc[(NEW, "00001")]
    assert held[["inspection_count", "days_since_inspection"]].tolist() == [1, 129]
    # What was found there was found of Hòa Bình.
    assert held[["role", "stage", "last_verdict", "criteria_met", "criteria_met_pct"]].isna().all()
    assert summary["is_last_inspection_partly"].loc[[(OLD, "00002"), (NEW, "00001")]].tolist() == [
        False,
        True,
    ]
    assert pd.isna(summary.loc[(OLD, "00001"), "station_access_pct"])


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (pilot_coverage, "pilot_coverage"),
        (inspection_coverage, "inspection_coverage"),
        (criteria_met, "criteria_met"),
        (station_access, "station_access"),
        (event_coverage, "event_coverage"),
        (stage_progress, "stage_progress"),
        (against_targets, "stage_progress"),
        (indicator_values, "indicator_count"),
        (indicator_values, "indicator_share"),
        (indicator_values, "indicator_level"),
        (comparable_values, "reported_enough"),
        (compare_periods, "year_before"),
        (byar, "interval"),
        (rate_funnel, "funnel"),
        (alike, "alike"),
    ],
)
def test_the_docstring_of_a_figure_is_what_the_page_of_methods_shows(function: Any, name: str) -> None:
    definition = DEFINITIONS[name]
    told = (definition.name, definition.formula, definition.unit, definition.source)
    assert all(text.render("en") in function.__doc__ for text in told)
    assert all(text.sentence in ("%",) or text.render("vi") != text.render("en") for text in told)
    assert translate(
        definition.formula.sentence, "vi", **definition.formula.values
    ) == definition.formula.render("vi")
