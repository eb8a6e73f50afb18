"""What the data describe in Vietnamese stands in words of its own on an English page."""

import pytest

from etl.illustrative.rows import SOURCE_ROW
from geodata.contract.inspections import INSPECTION_KINDS
from geodata.language import render
from geodata.language.own_words import own_words


@pytest.mark.parametrize("text", [*INSPECTION_KINDS, str(SOURCE_ROW["publisher"])])
def test_descriptions_in_the_data_are_said_in_both_languages(text: str) -> None:
    assert render(own_words(text), "vi") == text
    assert render(own_words(text), "en") != text


def test_a_name_stays_what_it_is() -> None:
    assert own_words("Báo An ninh Hải Phòng") == "Báo An ninh Hải Phòng"
