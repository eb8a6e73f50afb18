"""Sentences that stay true for any count, figures with their captions, and text that stays text."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import overview
from geodata.layers import read_layer
from geodata.metrics import Coverage
from tests.small_city import NEW, OLD

SCRIPT = "<img src=x onerror=alert(1)>"


def coverage(pilots: int, partly: int = 0) -> Coverage:
    return Coverage(217, pilots, partly, 3, 100 * pilots / 217, 1.4, 4.8)


def seen(count: int, *, by_ministry: bool = True, on_site: bool = True) -> overview.Inspected:
    return overview.Inspected(count, by_ministry, on_site)


@pytest.mark.parametrize(
    ("shown", "inspections", "former", "vi", "en"),
    [
        (
            coverage(6),
            seen(5),
            0,
            "Sáu phường thí điểm, năm phường đã được Bộ kiểm tra thực địa",
            "Six pilot wards, five inspected on site by the Ministry",
        ),
        (
            coverage(6),
            seen(6),
            0,
            "Sáu phường thí điểm, cả sáu phường đã được Bộ kiểm tra thực địa",
            "Six pilot wards, all six inspected on site by the Ministry",
        ),
        (
            coverage(12),
            seen(11, on_site=False),
            0,
            "12 phường thí điểm, 11 phường đã được Bộ kiểm tra",
            "12 pilot wards, 11 inspected by the Ministry",
        ),
        (
            coverage(2),
            seen(1, by_ministry=False),
            0,
            "Hai phường thí điểm, một phường đã được kiểm tra",
            "Two pilot wards, one inspected",
        ),
        (
            coverage(1),
            seen(0),
            0,
            "Một phường thí điểm, chưa phường nào được kiểm tra",
            "One pilot ward, none inspected yet",
        ),
        (coverage(0), seen(0), 0, "Chưa có phường thí điểm nào", "No pilot ward yet"),
        (
            coverage(0, 6),
            seen(0),
            6,
            "Sáu phường có một phần của sáu phường thí điểm cũ",
            "Six wards hold parts of six former pilot wards",
        ),
        (
            coverage(0, 1),
            seen(0),
            1,
            "Một phường có một phần của một phường thí điểm cũ",
            "One ward holds a part of one former pilot ward",
        ),
        (
            coverage(3, 2),
            seen(0),
            1,
            "Ba phường thí điểm, chưa phường nào được kiểm tra, "
            "hai phường có một phần của một phường thí điểm cũ",
            "Three pilot wards, none inspected yet, two wards hold parts of one former pilot ward",
        ),
    ],
)
def test_the_headline_is_true_for_any_count(
    shown: Coverage, inspections: overview.Inspected, former: int, vi: str, en: str
) -> None:
    assert overview.headline(shown, inspections, former, "vi") == vi
    assert overview.headline(shown, inspections, former, "en") == en


def test_coverage_stands_as_three_shares_with_the_year_of_the_population() -> None:
    shown = overview.figures(coverage(6), 5, [2019, 2019], "vi")
    assert shown[:3] == [
        ("6 / 217", "phường thí điểm"),
        ("3", "điểm tham quan"),
        ("5", "phường thí điểm đã kiểm tra"),
    ]
    assert [figure.replace("\N{NO-BREAK SPACE}", " ") for figure, _ in shown[3:]] == [
        "2,8 %",
        "1,4 %",
        "4,8 %",
    ]
    assert "2019" in shown[-1][1]


def test_an_unknown_share_is_said_to_be_unknown() -> None:
    unknown = Coverage(10, 1, 0, 0, 10.0, 5.0, float("nan"))
    assert overview.figures(unknown, 0, [], "vi")[-1] == (
        "chưa có thông tin",
        "dân số (chưa có thông tin) thuộc thí điểm",
    )


def programme(*rows: tuple[str, str, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["vintage", "ward_code", "is_partly"])
    return frame.assign(role="pilot", stage="inspected")


def links(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    ends = ["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"]
    return pd.DataFrame(rows, columns=ends).assign(weight=1.0)


def test_a_pilot_ward_that_went_through_two_vintages_is_counted_once() -> None:
    summary = programme(("2020", "1", False), ("2020", "2", False), ("2022", "1", False), ("2025", "7", True))
    crosswalk = links(
        ("2020", "1", "2022", "1"),
        ("2020", "1", "2025", "7"),
        ("2020", "2", "2025", "7"),
        ("2022", "1", "2025", "7"),
    )
    former = overview.former_pilot_wards(summary, crosswalk, "2025")
    assert former.to_numpy().tolist() == [["2022", "1"]]


def test_a_vintage_that_holds_pilots_only_partly_has_no_former_pilot_wards_of_its_own() -> None:
    summary = programme(("2020", "1", False), ("2022", "4", True), ("2025", "7", True))
    crosswalk = links(("2020", "1", "2022", "4"), ("2020", "1", "2025", "7"), ("2022", "4", "2025", "7"))
    former = overview.former_pilot_wards(summary, crosswalk, "2025")
    assert former.to_numpy().tolist() == [["2020", "1"]]


@pytest.fixture
def layers(small_gpkg: Path) -> dict[str, Any]:
    return {name: read_layer(small_gpkg, name) for name in overview.LAYERS}


def test_the_small_city_in_its_first_vintage(layers: dict[str, Any]) -> None:
    shown = overview.describe_city(layers, OLD, "vi")
    assert shown.headline == "Một phường thí điểm, một phường đã được Bộ kiểm tra thực địa"
    assert shown.programme_codes == ["00002", "00003"]
    assert "23/11/2023" in shown.subline
    assert next(iter(shown.ward_titles.values())) == "Phường An Đông (00001)"


def test_the_small_city_in_its_second_vintage(layers: dict[str, Any]) -> None:
    shown = overview.describe_city(layers, NEW, "en")
    assert shown.headline == "One ward holds a part of one former pilot ward"
    assert [entry.pattern for entry in shown.classes] == ["hatch", "", "hatch", "dots"]
    assert "<b>1</b><span>former pilot wards inspected</span>" in shown.cards


def test_a_ward_is_known_by_its_vintage_because_codes_were_reused(layers: dict[str, Any]) -> None:
    old = overview.describe_ward(layers, (OLD, "00003"), "vi")
    new = overview.describe_ward(layers, (NEW, "00003"), "vi")
    assert "Xã Thủy Tây" in old and "Xã Núi Đèo" in new
    assert "Xã Tây (75\N{NO-BREAK SPACE}%), Xã Núi Đèo (25\N{NO-BREAK SPACE}%)" in old
    assert "theo văn bản sắp xếp đơn vị" in old
    assert "25\N{NO-BREAK SPACE}% Xã Thủy Tây" in new


def test_each_fact_of_a_ward_ends_in_its_source(layers: dict[str, Any]) -> None:
    for label, _, source in overview.ward_facts((OLD, "00002"), layers, "vi"):
        assert "hp-source" in source, label


def test_a_ward_outside_the_programme_says_that_nothing_is_known(layers: dict[str, Any]) -> None:
    assert "Chưa có thông tin" in overview.describe_ward(layers, (OLD, "00001"), "vi")


def test_text_of_the_data_stays_text(layers: dict[str, Any]) -> None:
    layers["event"] = layers["event"].assign(event_name=SCRIPT, event_name_en=SCRIPT, place=SCRIPT)
    layers["source"] = layers["source"].assign(title=SCRIPT, publisher=SCRIPT, url="javascript:alert(1)")
    layers["ward"] = layers["ward"].assign(ward_name=SCRIPT, district_name=SCRIPT)
    layers["ward_summary"] = layers["ward_summary"].assign(ward_name=SCRIPT, from_wards=SCRIPT)
    layers["pilot_status"] = layers["pilot_status"].assign(note=SCRIPT, period=SCRIPT)
    layers["inspection"] = layers["inspection"].assign(verdict=SCRIPT, inspecting_body=SCRIPT)
    city = overview.describe_city(layers, OLD, "vi")
    html = city.subline + city.cards + city.events + city.notes
    for key in ((OLD, "00002"), (NEW, "00001")):
        html += overview.describe_ward(layers, key, "vi")
    assert "<img" not in html and "javascript:" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_source_with_an_address_links_to_it() -> None:
    sources = pd.DataFrame(
        {
            "source_id": ["A"],
            "title": ["Bài"],
            "publisher": ["Báo"],
            "published": [pd.Timestamp("2022-09-08")],
            "licence": [None],
            "locator": ["số 1"],
            "url": ["https://example.org/?a=1&b=2"],
        }
    )
    note = overview.source_note("A", sources, "vi")
    assert "<summary>Nguồn A</summary>" in note
    assert "Bài. Báo. 08/09/2022. số 1" in note
    assert 'href="https://example.org/?a=1&amp;b=2"' in note
    assert "chưa rõ nguồn" in overview.source_note(pd.NA, sources, "vi")
