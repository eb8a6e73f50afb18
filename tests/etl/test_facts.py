"""What a build makes of batches and illustrative rows: all checked, real rows before illustrative ones."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from etl.build import Illustrative, build, has_illustrative, is_current
from etl.publish import Publisher, publishing
from etl.register.facts import with_illustrative
from etl.store.audit import Actor
from etl.store.batch import Batch
from etl.store.database import database_of, open_database
from etl.store.entering import THIS_BATCH
from etl.store.submissions import Store
from etl.store.tables import submission_rows
from geodata.contract.errors import GeodataError, JoinError
from geodata.contract.layers import LAYERS, empty, read_layer
from geodata.settings import Settings
from tests.batch_files import fires, inspections, results, write_file
from tests.conftest import AS_OF
from tests.etl.test_build import with_file_of_mid
from tests.small_city import MID, NEW, OLD, SmallCity, site_of

WARD = ["vintage", "ward_code"]
A = Actor("A")


def store_of(site: Settings) -> Store:
    return Store(database_of(site))


@pytest.fixture
def site(small_city: SmallCity, tmp_path: Path) -> Settings:
    return site_of(small_city, tmp_path)


def add(publisher: Publisher, folder: Path, name: str, **rows: pd.DataFrame) -> str:
    return publisher.add(*write_file(folder / name, name, **rows), A)


def built(small_city: SmallCity, tmp_path: Path, batches: Sequence[Batch] = ()) -> dict[str, pd.DataFrame]:
    return build([small_city.boundaries], small_city.sources, tmp_path / "a.gpkg", AS_OF, batches=batches)


def test_a_batch_is_published_with_its_source_and_its_sha256(site: Settings, tmp_path: Path) -> None:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        batch_id = add(
            publisher,
            tmp_path,
            "a.csv",
            inspection=inspections(("2024-05-04", "00002")),
            criterion_result=results(f"2024-05-04-{OLD}-00002"),
            indicator_value=fires(("2024-03", 2)),
        )
    inspection = read_layer(site.published, "inspection").set_index("inspection_id")
    assert len(inspection) == 2
    assert inspection.loc[f"2024-05-04-{OLD}-00002", "source"] == f"batch-{batch_id}"
    assert read_layer(site.published, "criterion_result")["result"].tolist() == ["met"]
    assert read_layer(site.published, "indicator_value")["value"].tolist() == [2]
    assert f"batch-{batch_id}" in set(read_layer(site.published, "source")["source_id"])
    inputs = read_layer(site.published, "build").set_index("input")["sha256"]
    assert inputs[f"batch {batch_id} a.csv"] == store_of(site).batch(batch_id).sha256
    summary = read_layer(site.published, "ward_summary").set_index(WARD)
    assert summary.loc[(OLD, "00002"), "inspection_count"] == 2
    assert summary.loc[(OLD, "00002"), "last_inspection_date"] == pd.Timestamp("2024-05-04")


def test_a_station_keeps_its_point(site: Settings, tmp_path: Path) -> None:
    points = gpd.GeoSeries([shapely.Point(106.91, 20.87)], crs="EPSG:4326")
    stations = gpd.GeoDataFrame(
        {
            "station_id": "station-00002",
            "vintage": OLD,
            "ward_code": "00002",
            "station_name": "Công an phường Hòa Bình",
            "location_precision": "surveyed",
            "source": THIS_BATCH,
            "is_illustrative": False,
        },
        geometry=points,
        index=[0],
    )
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        add(publisher, tmp_path, "a.csv", station=stations)
        add(publisher, tmp_path, "b.csv", indicator_value=fires(("2024-03", 2)))
    published = read_layer(site.published, "station")
    assert published.crs == "EPSG:4326"
    own = published[(published["vintage"] == OLD) & (published["ward_code"] == "00002")]
    assert own["location_precision"].tolist() == ["surveyed"]
    assert (own.geometry.x.iloc[0], own.geometry.y.iloc[0]) == (106.91, 20.87)


def test_a_point_inside_stands_for_every_ward_without_a_known_station(site: Settings, tmp_path: Path) -> None:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        add(publisher, tmp_path, "a.csv", indicator_value=fires(("2024-03", 2)))
    wards, stations = read_layer(site.published, "ward"), read_layer(site.published, "station")
    wards = wards[wards["ward_kind"] != "huyện"]
    both = wards.merge(pd.DataFrame(stations), on=WARD, how="outer", validate="one_to_one")
    assert len(both) == len(wards) == len(stations)
    assert (both["location_precision"] == "ward_reference_point").all()
    assert (both["source"] == both["boundary_source"]).all()
    assert both["geometry_x"].contains(gpd.GeoSeries(both["geometry_y"], crs=wards.crs)).all()
    assert not both["is_illustrative"].any()


def test_withdrawing_takes_the_rows_from_the_map_and_restoring_brings_them_back(
    site: Settings, tmp_path: Path
) -> None:
    values = []
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        batch_id = add(publisher, tmp_path, "a.csv", indicator_value=fires(("2024-03", 2)))
        publisher.publish()
        values.append(len(read_layer(site.published, "indicator_value")))
        publisher.withdraw(batch_id, "x", A)
        publisher.publish()
        values.append(len(read_layer(site.published, "indicator_value")))
        publisher.restore(batch_id, A)
    values.append(len(read_layer(site.published, "indicator_value")))
    assert values == [1, 0, 1]


def test_a_batch_that_can_not_be_built_does_not_enter_and_those_before_it_do(
    site: Settings, tmp_path: Path
) -> None:
    with pytest.raises(JoinError) as error, publishing(site, AS_OF, with_illustrative=False) as publisher:
        add(publisher, tmp_path, "good.csv", indicator_value=fires(("2024-03", 2)))
        add(
            publisher,
            tmp_path,
            "bad.csv",
            inspection=inspections(("2023-11-23", "99999")),
            criterion_result=results("2024-01-01-nowhere"),
        )
    [batch] = store_of(site).batches()
    assert batch.file == "good.csv"
    assert read_layer(site.published, "indicator_value")["value"].tolist() == [2]
    faults = [fault.render("en").split(" bad.csv, ")[1] for fault in error.value.faults]
    assert faults == [
        "criterion_result.inspection_id “2024-01-01-nowhere”: is not in inspection"
        " → a row of inspection in the register or in a batch in force",
        f"inspection.ward_code “99999”: is no ward of the vintage {OLD} → a ward code of that vintage",
    ]


def test_a_batch_that_others_rest_on_is_not_withdrawn_before_them(site: Settings, tmp_path: Path) -> None:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        first = add(publisher, tmp_path, "1.csv", inspection=inspections(("2024-05-04", "00002")))
        second = add(publisher, tmp_path, "2.csv", criterion_result=results(f"2024-05-04-{OLD}-00002"))
        with pytest.raises(JoinError, match=rf"{second} 2\.csv, criterion_result\.inspection_id"):
            publisher.withdraw(first, "x", A)
        assert len(publisher.store.active()) == 2
        publisher.withdraw(second, "x", A)
        publisher.withdraw(first, "x", A)
    assert len(read_layer(site.published, "inspection")) == 1


def test_a_row_that_the_register_has_is_a_fault(site: Settings, tmp_path: Path) -> None:
    double = inspections(("2023-11-23", "00002")).assign(inspection_id="2023-11-23-00002")
    with pytest.raises(JoinError) as error, publishing(site, AS_OF) as publisher:
        add(publisher, tmp_path, "a.csv", inspection=double)
    assert "a.csv, inspection.inspection_id “2023-11-23-00002”: stands in the register or in" in str(
        error.value
    )
    assert not site.published.exists()


def test_rows_of_a_vintage_without_boundaries_move_only_with_an_unchanged_ward(
    small_city: SmallCity, tmp_path: Path
) -> None:
    """Without boundaries of 2020 Thủy Tây is the same in 2025-01-01; Hòa Bình went up in another ward."""
    folder = with_file_of_mid(small_city, tmp_path)
    (folder / f"wards_{OLD}.gpkg").unlink()
    sources = Path(shutil.copytree(small_city.sources, tmp_path / "sources"))
    for name in ("pilot_status", "inspection"):
        header = (sources / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (sources / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    store = Store(open_database("", tmp_path / "home"))
    store.add(
        *write_file(
            tmp_path / "a.csv",
            "a",
            inspection=inspections(("2024-05-04", "00002"), ("2024-05-04", "00003")),
            indicator_value=pd.concat([fires(("2024-03", 1)), fires(("2024-03", 2), code="00003")]),
        ),
        A,
    )
    layers = build([folder], sources, tmp_path / "a.gpkg", AS_OF, batches=store.active())
    for name in ("inspection", "indicator_value"):
        assert layers[name][WARD].to_numpy().tolist() == [[OLD, "00002"], [MID, "00003"]]
    summary = layers["ward_summary"].set_index(WARD)
    assert summary.loc[(MID, "00003"), "inspection_count"] == 1


def test_a_build_is_no_longer_current_once_a_batch_or_the_illustrative_rows_change(
    site: Settings, tmp_path: Path
) -> None:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        batch_id = add(publisher, tmp_path, "a.csv", indicator_value=fires(("2024-03", 2)))
    store = store_of(site)
    places = (site.boundaries, site.sources, site.published, AS_OF)
    assert is_current(*places, store.active())
    assert not is_current(*places)
    assert not is_current(*places, store.active(), Illustrative(AS_OF))
    store.withdraw(batch_id, "x", A)
    assert not is_current(*places, store.active())
    with publishing(site, AS_OF) as publisher:
        assert publisher.build(if_changed=True)
        assert not publisher.build(if_changed=True)


def test_a_build_keeps_to_the_last_choice_of_illustrative_rows(site: Settings) -> None:
    chosen = []
    for choice in (None, False, None, True, None):
        with publishing(site, AS_OF, with_illustrative=choice) as publisher:
            publisher.build()
        chosen.append(
            (has_illustrative(site.published), bool(len(read_layer(site.published, "indicator_value"))))
        )
    assert chosen == [(True, True), (False, False), (False, False), (True, True), (True, True)]


def test_the_choice_outlives_the_geopackage_and_is_taken_over_from_one_of_an_earlier_version(
    site: Settings,
) -> None:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        publisher.build()
    for lost in (site.published, site.state):
        lost.unlink()
        with publishing(site, AS_OF) as publisher:
            publisher.build()
        assert not has_illustrative(site.published)


def test_illustrative_rows_are_marked_and_the_same_seed_makes_the_same(
    site: Settings, tmp_path: Path
) -> None:
    until = pd.Timestamp("2024-03-15")
    made = []
    for seed in (1, 1, 2):
        with publishing(site, AS_OF, with_illustrative=True, until=until, seed=seed) as publisher:
            publisher.build()
        made.append(read_layer(site.published, "indicator_value"))
    pd.testing.assert_frame_equal(made[0], made[1])
    assert not made[0].equals(made[2])
    assert made[0]["is_illustrative"].all()
    assert made[0]["period_end"].max() == pd.Timestamp("2024-02-29")
    inspection = read_layer(site.published, "inspection")
    assert inspection.loc[~inspection["is_illustrative"], "inspection_id"].tolist() == ["2023-11-23-00002"]


def facts(**rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {name: empty(name) for name in LAYERS} | rows


def test_of_a_ward_and_day_the_real_inspection_stays_alone_with_what_hangs_on_it() -> None:
    real = inspections(("2024-05-04", "00002"))
    made = inspections(("2024-05-04", "00002"), ("2024-05-05", "00002"), ("2024-05-04", "00003")).assign(
        is_illustrative=True, inspection_id=["i-1", "i-2", "i-3"]
    )
    rows = with_illustrative(
        facts(inspection=real, criterion_result=results(real["inspection_id"][0])),
        {"inspection": made, "criterion_result": results("i-1", "i-2", "i-3")},
    )
    assert rows["inspection"]["inspection_id"].tolist() == [real["inspection_id"][0], "i-2", "i-3"]
    assert rows["criterion_result"]["inspection_id"].tolist() == [real["inspection_id"][0], "i-2", "i-3"]


def test_results_made_up_for_an_inspection_never_hang_on_a_real_one_of_its_key() -> None:
    real = inspections(("2024-05-04", "00002"))
    made = inspections(("2024-05-04", "00002")).assign(is_illustrative=True)
    rows = with_illustrative(
        facts(inspection=real), {"inspection": made, "criterion_result": results(made["inspection_id"][0])}
    )
    assert rows["inspection"]["is_illustrative"].tolist() == [False]
    assert rows["criterion_result"].empty


@pytest.mark.parametrize(
    ("real", "left"),
    [
        (["2024-02"], ["2024-01", "2024-03", "2024-04"]),
        (["2024Q1"], ["2024-04"]),
        (["2024"], []),
        (["2023"], ["2024-01", "2024-02", "2024-03", "2024-04"]),
        (["2024Q1", "2024-02"], ["2024-04"]),  # a short period within a long one does not end it
        ([], ["2024-01", "2024-02", "2024-03", "2024-04"]),
    ],
)
def test_a_value_made_up_goes_where_a_real_one_covers_a_part_of_its_period(
    real: list[str], left: list[str]
) -> None:
    months = ["2024-03", "2024-01", "2024-04", "2024-02"]
    made = pd.concat(
        [fires(*((month, 9) for month in months)), fires(*((month, 9) for month in months), code="00003")]
    )
    known = fires(*((period, 1) for period in real)) if real else empty("indicator_value")
    rows = with_illustrative(facts(indicator_value=known), {"indicator_value": made})["indicator_value"]
    rows = rows[rows["value"] == 9]
    kept = rows[rows["ward_code"] == "00002"]["period_start"].dt.strftime("%Y-%m")
    assert sorted(kept) == left
    assert (rows["ward_code"] == "00003").sum() == 4


def test_a_store_that_can_not_be_read_stops_the_build(site: Settings, tmp_path: Path) -> None:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        batch_id = add(publisher, tmp_path, "a.csv", indicator_value=fires(("2024-03", 2)))
    before = site.published.read_bytes()
    with database_of(site).write() as connection:
        own = submission_rows.c.submission_id == batch_id
        connection.execute(submission_rows.update().where(own).values(content=b"?"))
    with pytest.raises(GeodataError, match="from a backup"), publishing(site, AS_OF) as publisher:
        publisher.build()
    assert site.published.read_bytes() == before


def test_what_a_killed_build_left_is_cleared(site: Settings) -> None:
    leftover = site.published.parent / ".building-abc"
    leftover.mkdir(parents=True)
    (leftover / "city.gpkg").write_bytes(b"half")
    with publishing(site, AS_OF) as publisher:
        publisher.build()
    left = sorted(path.name for path in site.published.parent.iterdir())
    assert left == ["city.gpkg", "city.gpkg.sha256"]


def test_rows_of_the_last_vintage_stand_in_its_layers(small_city: SmallCity, tmp_path: Path) -> None:
    store = Store(open_database("", tmp_path / "home"))
    rows = fires(("2025-08", 4), code="00005", vintage=NEW)
    store.add(*write_file(tmp_path / "a.csv", "a", indicator_value=rows), A)
    layers = built(small_city, tmp_path, store.active())
    assert layers["indicator_value"][[*WARD, "value"]].to_numpy().tolist() == [[NEW, "00005", 4]]
