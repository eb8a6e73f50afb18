"""Ranges of days: what data cover, what is offered by name, and what a link may ask for."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.shell.frame_link import period_of
from dashboard.shell.period_picker import picker_state, presets
from geodata.language import render
from geodata.period import Period, extent_of


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


EXTENT = Period(day("2021-03-17"), day("2025-11-21"))


def test_data_cover_the_days_from_their_first_fact_to_the_day_of_the_build() -> None:
    events = pd.Series(pd.to_datetime(["2022-09-12", "2026-02-01"]))
    stages = pd.to_datetime(pd.Series(["2021-03-17", None]))
    assert extent_of(pd.Timestamp("2025-11-21"), events, stages, events[:0]) == EXTENT


def test_without_facts_data_cover_the_day_of_the_build() -> None:
    last = pd.Timestamp("2025-11-21")
    assert extent_of(last) == Period(last.date(), last.date())


def test_the_presets_end_with_the_data() -> None:
    offered = {preset.name.render("vi"): preset.period for preset in presets(EXTENT)}
    assert {name: period.since.isoformat() for name, period in offered.items()} == {
        "30 ngày gần nhất": "2025-10-23",
        "Quý IV/2025": "2025-10-01",
        "Năm 2025": "2025-01-01",
        "Từ 12/09/2022": "2022-09-12",
        "Tất cả": "2021-03-17",
    }
    assert {period.until for period in offered.values()} == {EXTENT.until}
    last_days = offered["30 ngày gần nhất"]
    assert (last_days.until - last_days.since).days + 1 == 30


def test_a_preset_begins_no_earlier_than_the_data_and_none_after_their_end() -> None:
    short = Period(day("2022-01-10"), day("2022-01-20"))
    offered = presets(short)
    assert "Từ 12/09/2022" not in [preset.name.render("vi") for preset in offered]
    assert {preset.period for preset in offered} == {short}


def test_the_presets_speak_english() -> None:
    names = [preset.name.render("en") for preset in presets(EXTENT)]
    assert names == ["Last 30 days", "Quarter IV, 2025", "Year 2025", "Since 12/09/2022", "All"]


def test_both_ends_of_a_range_belong_to_it() -> None:
    days = pd.to_datetime(pd.Series(["2022-08-31", "2022-09-01", "2022-09-30", "2022-10-01", None]))
    assert list(Period(day("2022-09-01"), day("2022-09-30")).holds(days)) == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("link", "expected", "told"),
    [
        ({}, None, None),
        ({"from": "2022-01-01", "to": "2022-12-31"}, ("2022-01-01", "2022-12-31"), None),
        ({"from": "2022-01-01"}, ("2022-01-01", "2025-11-21"), None),
        ({"to": "2022-12-31"}, ("2021-03-17", "2022-12-31"), None),
        ({"from": "31/02/2022"}, None, "31/02/2022"),
        ({"from": "<b>1</b>"}, None, "<b>1</b>"),
        ({"from": "2023-01-01", "to": "2022-01-01"}, None, "01/01/2023"),
        ({"from": "2000-01-01", "to": "2022-12-31"}, ("2021-03-17", "2022-12-31"), "17/03/2021"),
        ({"from": "2019-01-01", "to": "2020-12-31"}, ("2019-01-01", "2020-12-31"), "17/03/2021"),
        ({"from": "2030-01-01", "to": "2030-12-31"}, ("2025-11-21", "2025-11-21"), "21/11/2025"),
    ],
)
def test_a_link_names_a_range_or_is_told_what_is_wrong(
    link: dict[str, str], expected: tuple[str, str] | None, told: str | None
) -> None:
    period, faults = period_of(link, EXTENT)
    assert period == (Period(day(expected[0]), day(expected[1])) if expected else None)
    assert len(faults) == (told is not None)
    for fault in faults:
        assert told is not None
        assert told in fault.render("vi") and told in fault.render("en")


@given(st.text(), st.text())
def test_no_link_breaks_the_page(since: str, until: str) -> None:
    period, faults = period_of({"from": since, "to": until}, EXTENT)
    assert faults or period is not None
    if period is not None and period.until >= EXTENT.since:
        assert EXTENT.since <= period.since <= period.until <= EXTENT.until


def test_the_picker_shows_days_as_text_and_says_everything_in_the_language() -> None:
    state = picker_state(Period(day("2022-09-12"), EXTENT.until), EXTENT, "vi")
    assert (state["since"], state["until"]) == ("2022-09-12", "2025-11-21")
    assert (state["least"], state["most"]) == ("2021-03-17", "2025-11-21")
    texts = state["texts"]
    assert isinstance(texts, dict)
    assert render(texts["range"], "vi") == "Từ {since} đến {until}"
    assert "{value}" in render(texts["noDay"], "vi")
    assert "17/03/2021" in render(texts["outside"], "vi")
