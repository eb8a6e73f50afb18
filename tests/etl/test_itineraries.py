"""The build's step for itineraries: landmarks, and the real visits with a reckoned order."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from etl.build import build, is_current
from etl.register.itineraries import find_landmarks, landmark_sources, read_landmarks
from geodata.contract.errors import GeodataError, SourceError
from geodata.contract.layers import read_layer
from geodata.settings import SOURCES, settings
from tests.conftest import AS_OF
from tests.small_city import OLD, SmallCity
from tests.visited_city import write_landmarks

NOTE = "Thứ tự do chương trình tính, không phải thứ tự thực tế."


@pytest.fixture(scope="module")
def visited(small_city: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallCity, Path]:
    """Return the small city with landmarks, and the GeoPackage built from it."""
    folder = tmp_path_factory.mktemp("visited")
    city = SmallCity(Path(shutil.copytree(small_city.boundaries, folder / "boundaries")), small_city.sources)
    write_landmarks(city.boundaries)
    out = folder / "built" / "haiphong.gpkg"
    build([city.boundaries], city.sources, out, AS_OF)
    return city, out


def test_the_real_visits_are_planned_from_the_default_start_and_say_that_it_is_not_history(
    visited: tuple[SmallCity, Path],
) -> None:
    stops = read_layer(visited[1], "itinerary_stop")
    assert stops["name"].tolist() == [
        "UBND thành phố (trụ sở cũ)",
        "Công an xã Thủy Tây",
        "Công an thị trấn Núi Đèo",
        "UBND thành phố (trụ sở cũ)",
    ]
    assert stops["kind"].tolist() == ["start", "visit", "visit", "end"]
    assert stops["stop_number"].tolist() == [0, 1, 2, pd.NA]
    assert stops["ward_code"].fillna("").tolist() == ["", "00003", "00004", ""]
    assert stops["vintage"].dropna().unique().tolist() == [OLD]
    assert set(stops["note"]) == {NOTE} and set(stops["source"]) == {"article"}
    assert stops["departure"].iloc[0] == "2022-09-12T08:00:00+07:00"
    legs = read_layer(visited[1], "itinerary_leg")
    assert legs[["from_position", "to_position"]].to_numpy().tolist() == [[0, 1], [1, 2], [2, 3]]
    assert set(legs["method"]) == {"straight_line"} and set(legs["note"]) == {NOTE}
    for leg, (_, before), (_, after) in zip(
        legs.geometry, stops.iloc[:-1].iterrows(), stops.iloc[1:].iterrows(), strict=True
    ):
        assert leg.coords[0] == before.geometry.coords[0] and leg.coords[-1] == after.geometry.coords[0]


def test_without_landmarks_the_visit_begins_at_its_first_ward_and_a_leg_of_no_length_is_left_out(
    small_gpkg: Path,
) -> None:
    assert read_layer(small_gpkg, "landmark").empty
    stops = read_layer(small_gpkg, "itinerary_stop")
    assert stops["ward_code"].iloc[[0, -1]].tolist() == ["00003", "00003"]
    assert len(stops) == 4 and len(read_layer(small_gpkg, "itinerary_leg")) == 2


def test_landmarks_come_with_their_source_and_their_doubts(visited: tuple[SmallCity, Path]) -> None:
    landmarks = read_layer(visited[1], "landmark").set_index("landmark_id")
    assert landmarks.loc["cinema", ["landmark_name", "is_uncertain"]].tolist() == ["Rạp 78", True]
    assert landmarks["is_uncertain"].sum() == 1
    sources = read_layer(visited[1], "source").set_index("source_id")
    assert set(landmarks["source"]) == {"osm-landmarks"} and sources.loc["osm-landmarks", "licence"] == "ODbL"
    assert landmark_sources(None).empty


def test_landmarks_and_streets_are_inputs_of_the_build(
    visited: tuple[SmallCity, Path], tmp_path: Path
) -> None:
    city, out = visited
    assert "osm_landmarks.gpkg" in set(read_layer(out, "build")["input"])
    assert is_current([city.boundaries], city.sources, out, AS_OF)
    copy = Path(shutil.copytree(out.parent, tmp_path / "built")) / out.name
    (copy.parent / "network.npz").write_bytes(b"no network")
    assert not is_current([city.boundaries], city.sources, copy, AS_OF)
    with pytest.raises(GeodataError, match=r"network\.npz"):
        build([city.boundaries], city.sources, copy, AS_OF)


def test_the_streets_of_a_geopackage_lie_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().publishing_to(tmp_path / "x.gpkg").network == tmp_path / "network.npz"
    monkeypatch.setenv("PILOT_WARDS_NETWORK", str(tmp_path / "mine.npz"))
    assert settings().network == tmp_path / "mine.npz"
    assert settings().publishing_to(tmp_path / "x.gpkg").network == tmp_path / "network.npz"


def test_the_first_folder_with_landmarks_is_taken(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder in folders:
        folder.mkdir()
    assert find_landmarks(folders) is None
    written = [write_landmarks(folder) for folder in folders[1:]]
    assert find_landmarks(folders) == written[0]


def test_a_file_that_holds_no_landmarks_is_refused(tmp_path: Path) -> None:
    path = write_landmarks(tmp_path)
    good = gpd.read_file(path)
    for name, bad in {
        "polygons": good.set_geometry([shapely.box(106.6, 20.8, 106.7, 20.9)] * len(good), crs=good.crs),
        "nameless": good.drop(columns="name"),
    }.items():
        bad.to_file(tmp_path / f"{name}.gpkg", layer="landmark")
        with pytest.raises(SourceError, match="holds no landmarks"):
            read_landmarks(tmp_path / f"{name}.gpkg")
    (tmp_path / "text.gpkg").write_bytes(b"text")
    with pytest.raises(SourceError, match="can't be read"):
        read_landmarks(tmp_path / "text.gpkg")


def test_the_two_real_visits_are_planned_in_the_whole_city(sketched_boundaries: Path, tmp_path: Path) -> None:
    layers = build([sketched_boundaries], SOURCES, tmp_path / "a.gpkg", AS_OF)
    stops = layers["itinerary_stop"]
    visits = stops[stops["kind"] == "visit"]
    assert visits.groupby("itinerary_id")["ward_code"].apply(set).to_dict() == {
        "2022-09-12": {"11296", "11305", "11407", "11359"},
        "2023-11-23": {"11299", "11404", "11405", "11422", "11455"},
    }
    cases = layers["itinerary_case"].set_index("case_id")
    assert cases["source"].tolist() == ["A", "B"]
    assert cases["delegates"].tolist() == [360, pd.NA]
    assert cases["is_schedule_assumed"].all()
