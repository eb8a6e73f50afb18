"""Links: what a plain one leaves out, and what a wrong one says before it falls back."""

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.shell.frame_link import (
    Plain,
    Selection,
    areas_of,
    language_of,
    link_to,
    period_of,
    verified_of,
    vintage_of,
    ward_of,
)
from geodata.language import Language
from geodata.period import Period, default_vintage

OLD, MID, NEW = "2020-02-01", "2025-01-01", "2025-07-01"
CODES = pd.Series(["11422", "11404"])
ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))
YEAR = Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
PLAIN = Plain(ALL, OLD)


AREAS = {"305": "Quận Lê Chân", "11407": "Phường Vĩnh Niệm"}


def selection(
    language: Language,
    period: Period,
    verified_only: bool,
    vintage: str,
    ward_code: str | None,
    areas: tuple[str, ...] = (),
) -> Selection:
    query = Query(Publication(Path("haiphong.gpkg"), 1, 1), period, vintage, areas, verified_only)
    return Selection(query, language, ward_code)


def read(link: dict[str, str]) -> Selection:
    return selection(
        language_of(link)[0],
        period_of(link, ALL)[0] or ALL,
        verified_of(link, has_illustrative=True)[0],
        vintage_of(link, [OLD, NEW], OLD)[0],
        ward_of(link, CODES, OLD)[0],
        tuple(areas_of(link, AREAS)[0]),
    )


@pytest.mark.parametrize(
    "chosen",
    [
        selection("vi", ALL, True, OLD, None),
        selection("en", YEAR, True, OLD, None),
        selection("vi", ALL, False, NEW, "11422"),
        selection("en", YEAR, False, NEW, "11404", ("305", "11407")),
    ],
)
def test_a_link_restores_its_selection(chosen: Selection) -> None:
    assert read(link_to(chosen, PLAIN)) == chosen


def test_a_plain_link_stays_plain() -> None:
    assert link_to(selection("vi", ALL, True, OLD, None), PLAIN) == {}


@pytest.mark.parametrize("default", [OLD, NEW])
@pytest.mark.parametrize("units", [{"ward_code": "11422"}, {"ward_code": None, "areas": ("305",)}])
def test_a_link_to_a_unit_names_its_boundaries_whatever_a_plain_link_shows(
    units: dict[str, Any], default: str
) -> None:
    chosen = selection("vi", ALL, True, OLD, **units)
    assert link_to(chosen, Plain(ALL, default))["vintage"] == OLD


def test_a_ward_without_its_boundaries_is_told_which_one_is_shown() -> None:
    code, faults = ward_of({"ward": "11422"}, CODES, NEW)
    assert code == "11422" and ["01/07/2025" in fault.render("vi") for fault in faults] == [True]
    assert ward_of({"ward": "11422", "vintage": NEW}, CODES, NEW) == ("11422", [])


def test_a_wrong_value_says_so_and_falls_back() -> None:
    link = {"lang": "fr", "vintage": "2024-13-99", "ward": "<b>1</b>", "facts": "<i>none</i>", "from": "soon"}
    assert read(link) == selection("vi", ALL, True, OLD, None)
    faults = language_of(link)[1] + vintage_of(link, [OLD, NEW], OLD)[1] + ward_of(link, CODES, OLD)[1]
    faults += verified_of(link, has_illustrative=True)[1] + period_of(link, ALL)[1]
    assert len(faults) == 5
    for fault, value in zip(faults, link.values(), strict=True):
        assert value in fault.render("vi") and value in fault.render("en")


def test_an_area_that_is_not_there_says_so_and_the_others_stay() -> None:
    codes, faults = areas_of({"area": "305,<b>x</b>,,11407"}, AREAS)
    assert codes == ["305", "11407"]
    assert ["<b>x</b>" in fault.render("vi") for fault in faults] == [True]


def test_a_link_to_illustrative_figures_is_told_that_there_are_none() -> None:
    verified_only, faults = verified_of({"facts": "all"}, has_illustrative=False)
    assert verified_only
    assert "minh họa" in faults[0].render("vi")


@pytest.mark.parametrize(
    ("until", "vintage"),
    [
        ("2021-12-31", OLD),
        ("2024-12-31", OLD),
        ("2025-01-01", MID),
        ("2025-06-30", MID),
        ("2025-07-01", NEW),
        ("2026-11-28", NEW),
    ],
)
def test_a_range_is_shown_in_the_boundaries_of_its_last_day(until: str, vintage: str) -> None:
    period = Period(ALL.since, datetime.date.fromisoformat(until))
    assert default_vintage([OLD, MID, NEW], period) == vintage


def test_without_boundaries_of_the_time_the_oldest_are_shown() -> None:
    assert default_vintage([MID, NEW], YEAR) == MID
