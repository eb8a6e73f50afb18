"""Adopting as a user does it: what lies on disk, what a build makes of it; a failure changes nothing."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import etl.cli
import etl.commands.boundaries
import geodata.settings
from etl.boundaries.adopted import adopted_files
from etl.boundaries.examine import AdoptionRequest, examine
from etl.boundaries.keep import Origin, keep
from etl.boundaries.vintages import read_boundary, tidy_boundary
from etl.build import build, is_current
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import GeodataError
from geodata.contract.layers import read_layer
from tests.conftest import AS_OF
from tests.etl.boundary_files import NO_PLACES, UNITS, city, disk, write_shapefile, zipped
from tests.small_city import NEW, OLD, SmallCity, box, new_wards, old_wards, write_sources

TODAY = date(2026, 1, 31)
UNDECLARED = Origin()
NEW_FILE = f"wards_{NEW}.gpkg"


def adopt(
    path: Path, folder: Path, day: str = NEW, origin: Origin = UNDECLARED, **options: str
) -> gpd.GeoDataFrame:
    """Adopt a file and return the wards that a build reads from what was kept."""
    examination = examine(AdoptionRequest(path, day, **options), UNITS, NO_PLACES)  # type: ignore[arg-type]
    assert examination.faults == ()
    kept = keep(examination, origin, folder, TODAY)
    return tidy_boundary(read_boundary(kept.tidied), examination.vintage, kept.tidied.name)


def written(path: Path, frame: gpd.GeoDataFrame) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_file(path, layer="ward")
    return path


def test_the_file_as_received_the_wards_and_their_origin_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "in" / "Ranh giới.gpkg", new_wards().to_crs("EPSG:3405"))
    received = path.read_bytes()
    folder = tmp_path / "kept"
    wards = adopt(path, folder, origin=Origin("Bản đồ địa giới", "Sở Nội vụ", "nội bộ", "official"))

    sha256 = hashlib.sha256(received).hexdigest()
    name = f"received/{sha256[:12]}-Ranh giới.gpkg"
    assert set(disk(folder)) == {"boundary_file.csv", NEW_FILE, name}
    assert disk(folder)[name] == received == path.read_bytes()
    row = adopted_files([folder]).iloc[0].to_dict()
    assert row == {
        "vintage": NEW,
        "file": NEW_FILE,
        "sha256": hashlib.sha256((folder / NEW_FILE).read_bytes()).hexdigest(),
        "received": name,
        "received_sha256": sha256,
        "title": "Bản đồ địa giới",
        "publisher": "Sở Nội vụ",
        "licence": "nội bộ",
        "quality": "official",
        "adopted": pd.Timestamp(TODAY),
    }
    assert wards["ward_name"].tolist() == ["Đông", "Tây", "Núi Đèo", "Bắc"]
    assert wards["area_km2"].tolist() == [2.0, 0.75, 1.25, 1.2]
    assert wards["population"].tolist() == [2600, 1600, 1400, 500]
    assert set(wards["population_year"]) == {2025}


def test_a_shapefile_is_kept_with_its_parts_and_a_zip_as_a_zip(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = write_shapefile(tmp_path / "in" / "w.shp", city(), encoding="cp1258", cpg=None)
    archive = zipped(tmp_path / "w.zip", (tmp_path / "in").iterdir(), root=tmp_path / "in")
    adopt(path, tmp_path / "kept")
    adopt(archive, tmp_path / "kept")
    kept = disk(tmp_path / "kept" / "received")
    parts = {name.partition("/")[2]: data for name, data in kept.items() if "/" in name}
    assert parts == disk(tmp_path / "in")
    (name,) = [name for name in kept if name.endswith("-w.zip")]
    assert kept[name] == archive.read_bytes()


def test_the_folder_of_a_file_geodatabase_is_kept_whole(tmp_path: Path) -> None:
    city().to_file(tmp_path / "w.gdb", driver="OpenFileGDB")
    wards = adopt(tmp_path / "w.gdb", tmp_path / "kept")
    assert len(wards) == 4
    (folder,) = (tmp_path / "kept" / "received").iterdir()
    assert disk(folder) == disk(tmp_path / "w.gdb")


def test_adopting_again_replaces_the_wards_and_keeps_what_was_received(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    adopt(written(tmp_path / "a.gpkg", new_wards()), folder)
    adopt(written(tmp_path / "o.gpkg", old_wards()), folder, OLD)
    before = disk(folder)
    second: Any = new_wards().to_crs(METRIC_CRS)
    second.loc[3, "geometry"] = box(0, 1, 1, 1.9)
    wards = adopt(written(tmp_path / "b.gpkg", second), folder)
    after = disk(folder)
    assert wards.to_crs(METRIC_CRS).area.round(-1).iloc[3] == 0.9e6
    assert {name for name in before if after[name] != before[name]} == {NEW_FILE, "boundary_file.csv"}
    assert len([name for name in after if name.startswith("received/")]) == 3
    assert adopted_files([folder])["vintage"].tolist() == [NEW, OLD, NEW]
    # The very same file once more adds nothing but its row.
    adopt(tmp_path / "b.gpkg", folder)
    assert len([name for name in disk(folder) if name.startswith("received/")]) == 3


def test_a_file_that_changes_while_it_is_examined_is_not_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "w.gpkg", new_wards())
    examination = examine(AdoptionRequest(path, NEW), UNITS, NO_PLACES)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(GeodataError, match="has changed while it was examined"):
        keep(examination, Origin(), tmp_path / "kept", TODAY)
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("obstacle", ["table", "wards"])
def test_an_adoption_that_fails_at_the_last_step_puts_everything_back(obstacle: str, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    adopt(written(tmp_path / "o.gpkg", old_wards()), folder, OLD)
    if obstacle == "wards":
        # A folder where the wards belong can't be replaced by a file.
        (folder / NEW_FILE / "in the way").mkdir(parents=True)
    else:
        (folder / "boundary_file.csv").write_text("vintage,file\n", encoding="utf-8")
    before = disk(folder)
    examination = examine(AdoptionRequest(written(tmp_path / "w.gpkg", new_wards()), NEW), UNITS, NO_PLACES)
    with pytest.raises((OSError, GeodataError)):
        keep(examination, Origin(), folder, TODAY)
    assert disk(folder) == before
    assert not list(folder.glob(".adopting-*"))


def test_a_build_takes_source_and_quality_from_what_was_declared(
    small_city: SmallCity, tmp_path: Path
) -> None:
    folder, sources, out = tmp_path / "kept", tmp_path / "sources", tmp_path / "out.gpkg"
    write_sources(sources, small_city.boundaries)
    adopt(written(tmp_path / "w.gpkg", new_wards()), folder, origin=Origin("Bản đồ", "Sở", "", "official"))
    directories = [folder, small_city.boundaries]
    build(directories, sources, out, AS_OF)
    wards = read_layer(out, "ward").set_index("vintage")
    assert set(wards.loc[NEW, "boundary_quality"]) == {"official"}
    (source,) = set(wards.loc[NEW, "boundary_source"])
    row = read_layer(out, "source").set_index("source_id").loc[source]
    assert (row["title"], row["publisher"]) == ("Bản đồ", "Sở")

    assert is_current(directories, sources, out, AS_OF)
    table = folder / "boundary_file.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("official", "public"), encoding="utf-8")
    assert not is_current(directories, sources, out, AS_OF)


# --- the command


@pytest.fixture
def folder(small_city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command know the small city's units, and return the folder in which it keeps files."""
    sources = tmp_path / "sources"
    sources.mkdir()
    units = UNITS.assign(valid_from=UNITS["vintage"], valid_to="", instrument="NQ 1", source="article")
    units.to_csv(sources / "unit.csv", index=False)
    monkeypatch.setattr(geodata.settings, "SOURCES", sources)
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(etl.commands.boundaries, "SHIPPED_BOUNDARIES", tmp_path / "none")
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    return geodata.settings.settings().user_boundaries


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(etl.cli.app, ["boundaries", *map(str, arguments)], env={"COLUMNS": "200"})


def test_the_command_shows_what_it_took_and_keeps_it(folder: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "w [1].gpkg", new_wards().to_crs(9210))
    result = run(path, "--valid-from", "1/7/2025", "--quality", "official", "--source", "Bản đồ")
    assert result.exit_code == 0, result.output
    for shown in (
        "w [1].gpkg (GeoPackage, UTF-8)",
        "EPSG:9210",
        "gso_code (4 / 4)",
        "ward (4 / 4)",
        "4 of 4 units adopted for 2025-07-01.",
    ):
        assert shown in result.output
    assert adopted_files([folder])[["title", "quality"]].to_numpy().tolist() == [["Bản đồ", "official"]]


def test_the_command_lists_every_fault_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    run(written(tmp_path / "o.gpkg", old_wards()), "--valid-from", OLD)
    before = disk(folder)
    frame: Any = city().to_crs(METRIC_CRS)
    frame.loc[1, "ward"] = "Xã Tấy"
    frame.loc[3, "geometry"] = box(0, 0.5, 1, 2)
    result = run(written(tmp_path / "w.gpkg", frame), "--valid-from", NEW)
    assert result.exit_code == 2
    assert "Nothing was adopted. Faults: 3" in result.stderr
    for fault in ("near: Xã Tây (00002)", "1 units of the official list are missing", "overlaps: 1 pairs"):
        assert fault in result.stderr
    assert disk(folder) == before
    frame.loc[3, "geometry"] = box(0, 1, 1, 2)
    assert run(written(tmp_path / "w.gpkg", frame), "--valid-from", NEW, "--accept").exit_code == 0


def test_the_command_speaks_vietnamese(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PILOT_WARDS_LANG")
    frame: Any = new_wards().to_crs(METRIC_CRS)
    frame.loc[3, "geometry"] = box(0, 0.9995, 1, 2)
    result = run(written(tmp_path / "w.gpkg", frame), "--valid-from", NEW)
    assert "1 cặp, tổng cộng 500 m², nhiều nhất 0,0499 % diện tích đơn vị nhỏ hơn" in result.output
    assert "Đã tiếp nhận 4 trên 4 đơn vị cho địa giới 2025-07-01." in result.output


BAD: dict[str, gpd.GeoDataFrame] = {
    "empty layer": new_wards().iloc[:0],
    "points": new_wards().to_crs(METRIC_CRS).set_geometry(new_wards().to_crs(METRIC_CRS).centroid),
    "wrong reference system": new_wards().to_crs(METRIC_CRS).set_crs("EPSG:4326", allow_override=True),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_input_is_told_once_and_nothing_is_made(fault: str, folder: Path, tmp_path: Path) -> None:
    result = run(written(tmp_path / "w.gpkg", BAD[fault]), "--valid-from", NEW)
    assert result.exit_code == 2
    assert "Nothing was adopted. Faults: 1" in result.stderr
    assert not folder.exists()


# --- any partition


@st.composite
def partitions(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Draw a grid of squares of 1 km, each given to one of some units, as one outline a unit in EPSG:9210."""
    width, height = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    owners = draw(st.lists(st.integers(0, 5), min_size=width * height, max_size=width * height))
    cells = [box(x, y, x + 1, y + 1) for y in range(height) for x in range(width)]
    grid = gpd.GeoDataFrame({"code": [f"{owner + 1:05}" for owner in owners]}, geometry=cells, crs=METRIC_CRS)
    return grid.dissolve("code").reset_index()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(partition=partitions(), crs=st.sampled_from(["EPSG:4326", "EPSG:9210", "EPSG:9209", "EPSG:32648"]))
def test_any_partition_survives_adopting_writing_and_reading(
    partition: gpd.GeoDataFrame, crs: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("partition")
    names = dict(zip(sorted(partition["code"]), ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"), strict=False))
    units = pd.DataFrame(
        {
            "vintage": NEW,
            "ward_code": list(names),
            "ward_name": list(names.values()),
            "ward_kind": "xã",
            "district_code": None,
            "district_name": None,
        }
    ).astype("str")
    frame = partition.assign(ten="Xã " + partition["code"].map(names)).drop(columns="code").to_crs(crs)
    examination = examine(AdoptionRequest(written(folder / "w.gpkg", frame), NEW), units, NO_PLACES)
    assert examination.faults == ()
    kept = keep(examination, Origin(), folder / "kept", TODAY)
    wards = tidy_boundary(read_boundary(kept.tidied), NEW, kept.tidied.name).to_crs(METRIC_CRS)

    original = partition.set_index("code").geometry
    result = wards.set_index("ward_code").geometry
    assert sorted(result.index) == sorted(original.index)
    assert original.hausdorff_distance(gpd.GeoSeries(result.loc[original.index])).max() < 0.01
    assert result.area.sum() == pytest.approx(original.area.sum(), rel=1e-6)
    assert result.union_all().area == pytest.approx(result.area.sum(), rel=1e-9)
