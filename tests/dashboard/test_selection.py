"""Links: what a plain one leaves out, and what a wrong one says before it falls back."""

import pandas as pd
import pytest

from dashboard.selection import (
    Selection,
    default_vintage,
    language_of,
    link_to,
    vintage_of,
    ward_of,
)

OLD, NEW = "2020-02-01", "2025-07-01"
CODES = pd.Series(["11422", "11404"])


def read(link: dict[str, str]) -> Selection:
    return Selection(language_of(link)[0], vintage_of(link, [OLD, NEW], OLD)[0], ward_of(link, CODES)[0])


@pytest.mark.parametrize(
    "selection",
    [
        Selection("vi", OLD, None),
        Selection("en", OLD, None),
        Selection("vi", NEW, "11422"),
        Selection("en", NEW, "11404"),
    ],
)
def test_a_link_restores_its_selection(selection: Selection) -> None:
    assert read(link_to(selection, OLD)) == selection


def test_a_plain_link_stays_plain() -> None:
    assert link_to(Selection("vi", OLD, None), OLD) == {}


def test_a_wrong_value_says_so_and_falls_back() -> None:
    link = {"lang": "fr", "vintage": "2024-13-99", "ward": "<b>1</b>"}
    assert read(link) == Selection("vi", OLD, None)
    faults = language_of(link)[1] + vintage_of(link, [OLD, NEW], OLD)[1] + ward_of(link, CODES)[1]
    assert len(faults) == 3
    for fault, value in zip(faults, link.values(), strict=True):
        assert value in fault.render("vi") and value in fault.render("en")


def test_the_vintage_of_the_latest_fact_is_shown_first() -> None:
    status = pd.DataFrame({"vintage": [OLD, OLD], "valid_from": pd.to_datetime(["2021-03-17", "2023-11-23"])})
    assert default_vintage([OLD, NEW], status) == OLD


def test_without_facts_the_newest_vintage_is_shown_first() -> None:
    status = pd.DataFrame({"vintage": pd.Series(dtype="str"), "valid_from": pd.to_datetime([])})
    assert default_vintage([OLD, NEW], status) == NEW
