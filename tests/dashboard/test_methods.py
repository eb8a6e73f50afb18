"""What every figure rests on: sources counted by hand, definitions, build, faults, and what stays unknown."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.query.publication import publication
from dashboard.query.query import Query
from dashboard.screens.methods.screen import drawn_section, matches
from dashboard.shell.navigation import PAGES
from dashboard.subjects.sources import words
from dashboard.subjects.sources.facts import facts_of, published_facts
from dashboard.subjects.sources.model import provenance_of
from etl.register.tables import read_register
from geodata.contract.layers import LAYERS, read_layer
from geodata.definitions import DEFINITIONS
from geodata.itinerary.definitions import DEFINITIONS as ITINERARY_DEFINITIONS
from geodata.language import render
from geodata.period import Period
from geodata.quality import Statement, known_faults, rows_by_source, what_is_unknown
from geodata.settings import SOURCES
from tests.inspected_city import BATCH
from tests.small_city import NEW, OLD
from tests.wording import SAID

SCRIPT = "<img src=x onerror=alert(1)>"


@pytest.fixture
def layers(inspected_gpkg: Path) -> dict[str, Any]:
    return {name: read_layer(inspected_gpkg, name) for name in LAYERS}


@dataclass(frozen=True)
class Shown:
    """A section as its reader sees it."""

    body: str
    table: pd.DataFrame
    count: int


def shown(name: str, layers: dict[str, Any], language: Any = "vi", searched: str = "") -> Shown:
    section = words.sections(provenance_of(layers))[name]
    drawn = drawn_section(name, section, searched, language)
    entries = drawn.section.entries
    table = pd.DataFrame(entries).map(lambda value: render(value, language))
    return Shown(drawn.body, table, len(entries))


def texts(statements: list[Statement]) -> str:
    return "\n".join(one.text.render("vi") for one in statements)


def test_rows_are_counted_by_source_and_layer(layers: dict[str, Any]) -> None:
    counts = rows_by_source(layers).set_index(["source_id", "layer"])["rows"]
    # Two pilot stages and a visit, one inspection in a round, one event with three tasks, one target with a
    # value, one real visit of two wards with a start and an end.
    assert counts["article"].to_dict() == {
        "pilot_status": 3,
        "inspection_round": 1,
        "inspection": 1,
        "event": 1,
        "event_task": 3,
        "itinerary_case": 1,
        "itinerary_case_stop": 2,
        "itinerary_stop": 4,
        "target": 1,
        "fact": 1,
        "criteria_set": 1,
    }
    assert counts[(BATCH, "inspection")] == 1
    assert counts[("outlines", "ward")] == 5


def test_a_source_shows_its_licence_and_what_rests_on_it_and_a_batch_is_a_file(
    layers: dict[str, Any],
) -> None:
    section = shown("sources", layers)
    assert section.count == len(layers["source"])
    row = section.table.set_index("source_id").loc["outlines"]
    assert row["licence"] == "MIT"
    assert row["rests"].startswith("phường 5")
    assert section.table.set_index("source_id").loc[BATCH, "kind"] == "tệp được nhập"
    assert section.table.set_index("source_id").loc[f"{BATCH}-1", "kind"] == "được dẫn trong tệp nhập"
    assert "MIT" in section.body and "kiem-tra.xlsx" in section.body


def test_text_of_sources_stays_text_and_only_web_addresses_become_links(layers: dict[str, Any]) -> None:
    layers["source"] = layers["source"].assign(title=SCRIPT, url="javascript:alert(1)")
    body = shown("sources", layers).body
    assert "<img" not in body and "javascript" not in body
    layers["source"] = layers["source"].assign(url="https://example.org/a")
    assert 'href="https://example.org/a"' in shown("sources", layers).body


@pytest.mark.parametrize(("language", "formula"), [("vi", "phường"), ("en", "ward")])
def test_definitions_are_those_of_the_docstrings_in_the_readers_language(
    layers: dict[str, Any], language: Any, formula: str
) -> None:
    section = shown("definitions", layers, language)
    definitions = [*DEFINITIONS.values(), *ITINERARY_DEFINITIONS.values()]
    assert section.count == len(definitions)
    for definition in definitions:
        assert definition.name.render(language) in section.table["name"].tolist()
        assert definition.formula.render(language) in section.table["formula"].tolist()
    assert formula in section.body


def test_the_build_names_every_input_with_its_whole_hash(layers: dict[str, Any]) -> None:
    section = shown("build", layers)
    assert section.count == len(layers["build"])
    for row in layers["build"].itertuples():
        assert row.input in section.body
        assert f'title="{row.sha256}">{row.sha256}<' in section.body
    assert "theo ngày tham chiếu 31/12/2025" in section.body


def test_boundaries_tell_units_quality_and_a_missing_instrument(layers: dict[str, Any]) -> None:
    row = shown("boundaries", layers).table.iloc[0]
    assert row["vintage"] == "01/02/2020"
    assert row["units"] == "2 phường, 1 xã, 1 thị trấn, 1 huyện"
    assert row["quality"] == "ranh giới công khai 5"
    assert row["licence"] == "MIT"
    assert row["instrument"] is None
    layers["source"] = layers["source"].assign(
        source_id=layers["source"]["source_id"].replace("article", "nq-872-2020")
    )
    assert shown("boundaries", layers).table.iloc[0]["instrument"] == "1"


def test_faults_are_counted_from_the_layers(layers: dict[str, Any]) -> None:
    told = texts(known_faults(layers))
    for fault in (
        "Địa giới 01/01/2025: 4 ranh giới được suy ra từ bộ địa giới khác.",
        "Địa giới 01/07/2025: 2 phường, xã chỉ thuộc chương trình một phần.",
        "1 chỉ tiêu phấn đấu chưa có giá trị được công bố: Mục tiêu của thành phố.",
        "3 tiêu chí mang tên mặc định.",
        "2/5 dòng của “lượt kiểm tra” là minh họa (40\u00a0%).",
        "1 lượt kiểm tra không có số tiêu chí đạt và được đánh giá.",
    ):
        assert fault in told
    assert "chưa nêu đơn vị thực hiện" not in told
    assert "chỉ biết năm" not in told
    layers["event_task"] = layers["event_task"].assign(unit=None)
    layers["pilot_status"] = layers["pilot_status"].assign(valid_from_precision="year")
    told = texts(known_faults(layers))
    assert "3 nhiệm vụ của sự kiện chưa nêu đơn vị thực hiện." in told
    assert "3 mốc giai đoạn chỉ biết năm." in told


def test_percentages_without_their_parts_are_a_fault(layers: dict[str, Any]) -> None:
    value = {
        "vintage": OLD,
        "ward_code": "00002",
        "indicator_code": "satisfaction_pct",
        "value": 90.0,
        "numerator": None,
        "denominator": None,
        "source": "article",
        "is_illustrative": False,
    }
    layers["indicator_value"] = pd.DataFrame(
        [value, {**value, "numerator": 9.0, "denominator": 10.0}, {**value, "indicator_code": "fires"}]
    )
    told = texts(known_faults(layers))
    assert "1 giá trị tỷ lệ không kèm tử số và mẫu số: Tỷ lệ hài lòng." in told


def test_what_is_unknown_goes_once_it_is_known(layers: dict[str, Any]) -> None:
    told = texts(what_is_unknown(layers))
    assert "Tên các tiêu chí" in told
    assert SAID["methods: a target"] in told
    assert "Tư cách chính thức của các điểm tham quan: Thủy Tây." in told
    assert "sau ngày 20/05/2024" in told
    layers["criterion"] = layers["criterion"].assign(is_name_official=True)
    layers["target"] = layers["target"].assign(value=5.0)
    layers["pilot_status"] = layers["pilot_status"].assign(stage="recognised")
    told = texts(what_is_unknown(layers))
    assert "Tên các tiêu chí" not in told
    assert "Chỉ tiêu phấn đấu" not in told
    assert "Tư cách chính thức" not in told
    assert "được công nhận hay chưa" not in told


@pytest.mark.parametrize(
    ("searched", "is_found"),
    [("ranh gioi", True), ("RANH GIỚI mit", True), ("đường", False), ("", True)],
)
def test_a_search_asks_neither_for_capitals_nor_for_diacritics(searched: str, *, is_found: bool) -> None:
    assert matches(searched, "Ranh giới phường, xã", None, "MIT") == is_found


def test_a_search_narrows_every_section_and_says_where_nothing_is(layers: dict[str, Any]) -> None:
    assert shown("sources", layers, searched="ranh gioi").count < len(layers["source"])
    build = shown("build", layers, searched="ranh gioi")
    assert build.count == 0
    assert "Mục này không có “ranh gioi”" in build.body
    assert SCRIPT not in shown("sources", layers, searched=SCRIPT).body


def test_the_headline_counts_sources_faults_questions_and_imported_files(
    layers: dict[str, Any],
) -> None:
    of = provenance_of(layers)
    assert words.headline(len(of.sources), of.file_count, 2, 11).render("en") == (
        "Seven sources carry all figures; two faults of the data are known and 11 questions open; "
        "files imported: one"
    )


def test_a_fact_stands_on_the_pages_and_wards_that_it_concerns_and_whole_among_the_methods(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch, layers: dict[str, Any]
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    period = Period(datetime.date(2021, 3, 17), datetime.date(2021, 3, 18))

    def told(page: str, vintage: str = OLD, code: str | None = None) -> list[str]:
        return [one.text.vi for one in published_facts(Query(publication(), period, vintage), page, code)]

    fact = ["Năm thành phố thí điểm"]
    assert told("overview") == told("ward", OLD, "00002") == fact
    assert told("progress") == told("ward", OLD, "00001") == told("ward", NEW, "00002") == []
    section = shown("facts", layers)
    assert section.count == 1 and fact[0] in section.body and "17/03/2021" in section.body


def test_every_fact_of_the_register_has_a_source_and_pages_that_there_are() -> None:
    register = read_register(SOURCES)
    facts = facts_of(register["fact"], register["source"])
    assert {page for one in facts for page in one.pages} <= set(PAGES)
    assert all(one.citations[0].texts for one in facts)
    said = " ".join(one.text.vi for one in facts)
    for what in (
        "khánh tiết",
        "nơi ăn, nghỉ",
        "Ban chỉ đạo",
        "triển khai tích cực",
        "không để xảy ra sơ xuất",
    ):
        assert what in said
