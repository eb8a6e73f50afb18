"""What a place means that was typed: wards of the vintage, landmarks, coordinates; and what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.contract.crs import to_metric
from geodata.contract.errors import GeodataError
from geodata.itinerary.place_search import find_place, find_places
from geodata.itinerary.places import Gazetteer, default_start, landmark_places, vintage_of, ward_places
from tests.small_city import CORNER, MID, NEW, OLD
from tests.visited_city import read_gazetteer, write_landmarks


@pytest.fixture(scope="module")
def known(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return read_gazetteer(small_gpkg, write_landmarks(tmp_path_factory.mktemp("landmarks")))


def fault(asked: str, vintage: str, known: Gazetteer) -> str:
    with pytest.raises(GeodataError) as caught:
        find_place(asked, vintage, known)
    [only] = caught.value.faults
    return only.render("en")


@pytest.mark.parametrize("day", ["2020-02-01", "2024-12-31"])
def test_the_wards_of_a_day_are_those_in_force_on_it(day: str, known: Gazetteer) -> None:
    assert vintage_of(day, known) == OLD
    assert vintage_of("2025-06-30", known) == MID
    assert vintage_of("2026-01-01", known) == NEW


def test_a_day_before_all_wards_is_refused_with_the_first_that_would_do(known: Gazetteer) -> None:
    with pytest.raises(GeodataError, match=r"31/01/2020.*a day from 01/02/2020 on"):
        vintage_of("2020-01-31", known)


@pytest.mark.parametrize(
    "asked",
    ["00002", "Hòa Bình", "Hoà Bình", "hoa binh", "CAP Hòa Bình", "Hòa Bình (00002)", "Hoa Binh, Dong"],
)
def test_a_ward_is_found_by_code_and_by_its_name_in_any_spelling(asked: str, known: Gazetteer) -> None:
    place = find_place(asked, OLD, known)
    assert (place.vintage, place.ward_code, place.name) == (OLD, "00002", "Công an phường Hòa Bình")
    assert place.precision == "ward_reference_point"


def test_a_wards_point_is_in_the_middle_until_a_station_is_known(known: Gazetteer) -> None:
    place = find_place("00002", OLD, known)
    point: Any = to_metric(gpd.GeoSeries([shapely.Point(place.lon, place.lat)], crs="EPSG:4326")).iloc[0]
    assert (point.x - CORNER[0], point.y - CORNER[1]) == pytest.approx((1500, 500), abs=15)


def test_of_several_stations_the_most_exact_is_taken(known: Gazetteer) -> None:
    mine = known.station[(known.station["vintage"] == OLD) & (known.station["ward_code"] == "00002")]
    better = mine.assign(station_id="z", station_name="Trụ sở", location_precision="surveyed")
    with_better = replace(known, station=pd.concat([known.station, better], ignore_index=True))
    assert ward_places(with_better, OLD)["00002"].name == "Trụ sở"
    assert ward_places(with_better, OLD)["00002"].precision == "surveyed"
    assert len(ward_places(with_better, OLD)) == len(ward_places(known, OLD)) == 4


def test_a_reused_code_is_the_ward_of_the_vintage(known: Gazetteer) -> None:
    assert find_place("00002", NEW, known).name == "Công an xã Tây"


@pytest.mark.parametrize("asked", ["opera", "Nhà hát lớn", "nha hat lon", "Nhà hát"])
def test_a_landmark_is_found_by_key_name_and_first_words(asked: str, known: Gazetteer) -> None:
    place = find_place(asked, OLD, known)
    assert (place.name, place.precision, place.ward_code) == ("Nhà hát lớn", "landmark", None)
    assert not place.is_uncertain


def test_a_landmark_whose_name_ends_in_a_question_mark_is_uncertain(known: Gazetteer) -> None:
    for asked in ("Rạp 78", "Rạp 78?"):
        place = find_place(asked, OLD, known)
        assert (place.name, place.is_uncertain) == ("Rạp 78", True)
    assert [place.is_uncertain for place in landmark_places(known).values()].count(True) == 1


def test_the_default_start_is_the_former_peoples_committee_if_it_is_on_record(
    known: Gazetteer, small_gpkg: Path
) -> None:
    start = default_start(known)
    assert start is not None and start.name == "UBND thành phố (trụ sở cũ)"
    assert default_start(read_gazetteer(small_gpkg)) is None


def test_coordinates_within_the_city_are_a_place_without_a_ward(known: Gazetteer) -> None:
    inside = find_place("00003", OLD, known)
    place = find_place(f"{inside.lat:.6f}, {inside.lon:.6f}", OLD, known)
    assert (place.precision, place.ward_code) == ("given", None)
    assert (place.lat, place.lon) == pytest.approx((inside.lat, inside.lon), abs=1e-5)


def test_a_place_outside_the_city_is_refused_and_swapped_coordinates_are_noticed(known: Gazetteer) -> None:
    inside = find_place("00003", OLD, known)
    assert fault("21.0285,105.8542", OLD, known) == (
        "stop “21.0285,105.8542”: lies outside the city → a point within the wards of 01/02/2020"
    )
    assert fault(f"{inside.lon},{inside.lat}", OLD, known).endswith(
        "lies outside the city → latitude first, then longitude"
    )
    # Within the city's bounds, but a kilometre and a half beyond the last ward.
    assert "lies outside the city" in fault(f"{inside.lat + 0.018},{inside.lon}", OLD, known)


def test_an_unknown_name_is_refused_with_the_nearest_ones(known: Gazetteer) -> None:
    assert fault("Thủy Tai", OLD, known) == (
        "stop “Thủy Tai”: is no ward of 01/02/2020, and no landmark on record"
        " → perhaps one of: xã Thủy Tây, Huyện Tây (00003)"
    )
    assert "Nhà hát lớn" in fault("hát lớn", OLD, known)
    assert fault("Vladivostok", OLD, known).endswith(
        "→ the code or the name of a ward of 01/02/2020, a landmark, or lat,lon"
    )


def test_a_name_of_several_wards_is_refused_with_the_choices_and_told_apart_by_its_district(
    known: Gazetteer,
) -> None:
    here = (known.ward["vintage"] == OLD) & (known.ward["ward_code"] == "00001")
    twice = replace(known, ward=known.ward.assign(ward_name=known.ward["ward_name"].mask(here, "Núi Đèo")))
    assert fault("Núi Đèo", OLD, twice) == (
        "stop “Núi Đèo”: means several wards of 01/02/2020 → one of these codes:"
        " phường Núi Đèo, Quận Đông (00001); thị trấn Núi Đèo, Huyện Tây (00004)"
    )
    assert find_place("Núi Đèo, Huyện Tây", OLD, twice).ward_code == "00004"
    assert find_place("Núi Đèo, Dong", OLD, twice).ward_code == "00001"
    assert find_place("Núi Đèo (00004)", OLD, twice).ward_code == "00004"


def test_a_ward_of_another_vintage_is_refused_and_what_became_of_it_is_told(known: Gazetteer) -> None:
    assert fault("Thủy Tây", NEW, known) == (
        "stop “Thủy Tây”: is Thủy Tây (00003) of the wards of 01/01/2025, not one of 01/07/2025"
        " → what it became: Tây (00002) 75 %; Núi Đèo (00003) 25 %"
    )
    assert fault("00004", NEW, known).endswith("what it became: Núi Đèo (00003) 100 %")
    assert "nothing of it lies in any" in fault("00005", OLD, known)
    assert "what it came from: An Đông (00001) 50 %; Hòa Bình (00002) 50 %" in fault("Đông", OLD, known)


def test_an_island_without_a_ward_is_no_ward(known: Gazetteer) -> None:
    assert "is no ward of 01/02/2020" in fault("Hòn Vọng", OLD, known)


def test_all_faults_come_at_once_and_what_is_right_is_kept(known: Gazetteer) -> None:
    places, faults = find_places(["x", "00001", "21,105"], OLD, known, "stop")
    assert [place and place.ward_code for place in places] == [None, "00001", None]
    assert [(one.file, one.value) for one in faults] == [("stop", "x"), ("stop", "21,105")]
