"""What the data describe in Vietnamese stands in words of its own on an English page."""

import csv

import pytest

from etl.illustrative.rows import SOURCE_ROW
from geodata.contract.inspections import INSPECTION_KINDS
from geodata.language import render
from geodata.language.own_words import own_words
from geodata.settings import SOURCES


def described() -> list[str]:
    with (SOURCES / "criteria_set.csv").open(encoding="utf-8") as file:
        sets = [row["criteria_set_name"] for row in csv.DictReader(file)]
    return [*INSPECTION_KINDS, *sets, str(SOURCE_ROW["publisher"])]


@pytest.mark.parametrize("text", described())
def test_descriptions_in_the_data_are_said_in_both_languages(text: str) -> None:
    assert render(own_words(text), "vi") == text
    assert render(own_words(text), "en") != text


def test_a_name_stays_what_it_is() -> None:
    assert own_words("Báo An ninh Hải Phòng") == "Báo An ninh Hải Phòng"
