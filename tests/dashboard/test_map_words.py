"""The sentence of a map of roles and stages: its totals, by boundaries of the record and by later ones."""

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.query import layers
from dashboard.query.publication import publication
from dashboard.subjects.programme.map_words import map_headline
from dashboard.subjects.programme.model import Programme, latest_fact, programme_of
from geodata.language import render
from geodata.period import Period
from geodata.programme.pilot_wards import ChosenWards
from tests.given import given
from tests.small_city import NEW, OLD

ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))
SIX = ChosenWards((("2021–2022", 1), ("2023", 5)), visit_site_count=3)


def shown(gpkg: Path, monkeypatch: pytest.MonkeyPatch, vintage: str, until: str = "2025-12-31") -> Programme:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    period = Period(ALL.since, datetime.date.fromisoformat(until))
    return programme_of(layers.evidence(publication(), period, verified_only=True), vintage)


def test_wards_of_the_record_stand_among_all_units(small_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_six = given(shown(small_gpkg, monkeypatch, OLD), chosen=SIX)
    assert map_headline(of_six, is_city=True).render("vi") == (
        "Toàn thành phố có 6 phường từng được chọn thí điểm (1 năm 2021–2022, 5 năm 2023) và 3 điểm tham "
        "quan trong 4 đơn vị cấp xã; sau 23/11/2023 chưa có thông tin"
    )
    assert (
        map_headline(of_six, is_city=False).render("en").startswith("The chosen area has 6 wards ever chosen")
    )


def test_where_no_ward_is_as_it_was_units_hold_their_ground(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_six = given(shown(small_gpkg, monkeypatch, NEW), chosen=SIX, programme_codes=[])
    assert map_headline(of_six, is_city=True).render("vi") == (
        "Không còn phường thí điểm nguyên trạng; 2 trong 4 đơn vị cấp xã gồm một phần địa bàn của 6 phường "
        "từng được chọn (1 năm 2021–2022, 5 năm 2023) và 3 điểm tham quan; sau 23/11/2023 chưa có thông tin"
    )


def test_the_units_that_the_sentence_counts_are_those_of_the_legend(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = shown(small_gpkg, monkeypatch, NEW)
    counts = {render(entry.label, "en"): render(entry.count, "en") for entry in drawn.classes}
    assert counts["Holds former ground of the programme in part"] == str(drawn.holder_count)


def test_of_a_range_that_ends_earlier_nothing_is_said_of_the_time_after_it(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = map_headline(shown(small_gpkg, monkeypatch, OLD, "2022-12-31"), is_city=True).render("vi")
    assert told.endswith("; sau 12/09/2022 đến hết kỳ chưa có thông tin")


def test_what_the_nation_decided_is_no_fact_of_the_wards(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    until = Period(ALL.since, datetime.date(2022, 12, 31))
    known = layers.evidence(publication(), until, verified_only=True)
    decided = known.event.iloc[:1].assign(event_date=pd.Timestamp("2022-11-04"), scope="national")
    assert latest_fact(replace(known, event=pd.concat([known.event, decided]))) == latest_fact(known)


def test_on_the_day_of_the_latest_fact_nothing_is_unknown_yet(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = map_headline(shown(small_gpkg, monkeypatch, OLD, "2023-11-23"), is_city=True).render("vi")
    assert told.endswith("trong 4 đơn vị cấp xã")


def test_before_the_programme_there_is_nothing_to_count(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = map_headline(shown(small_gpkg, monkeypatch, OLD, "2021-03-16"), is_city=True).render("vi")
    assert told == "Đến ngày 16/03/2021 chưa ghi nhận phường nào được chọn thí điểm"
