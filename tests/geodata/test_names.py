"""Names in every spelling that files and sheets bring: what is certain, what is proposed, what is neither."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.settings import SOURCES
from geodata.wards.names import (
    bare,
    district_finder,
    fold,
    is_worn_form,
    match_units,
    split_kind,
    squeeze,
    tidy_code,
    vintage_on,
)

UNITS = pd.DataFrame(
    [
        ("11296", "Quán Toan", "phường", "303", "Quận Hồng Bàng"),
        ("11305", "Thượng Lý", "phường", "303", "Quận Hồng Bàng"),
        ("11359", "Đằng Giang", "phường", "304", "Quận Ngô Quyền"),
        ("11368", "Lê Lợi", "phường", "304", "Quận Ngô Quyền"),
        ("11404", "Dư Hàng Kênh", "phường", "305", "Quận Lê Chân"),
        ("11599", "Lê Lợi", "xã", "312", "Huyện An Dương"),
        ("11581", "An Dương", "thị trấn", "312", "Huyện An Dương"),
        ("11840", "Hòa Bình", "xã", "316", "Huyện Vĩnh Bảo"),
        ("11527", "Hòa Bình", "xã", "311", "Huyện Thủy Nguyên"),
        ("318", "Bạch Long Vĩ", "huyện", "318", "Huyện Bạch Long Vĩ"),
    ],
    columns=["ward_code", "ward_name", "ward_kind", "district_code", "district_name"],
)


def match(name: str, **asked: str) -> tuple[str, str | None]:
    row = match_units(pd.DataFrame([{"name": name, **asked}]), UNITS).iloc[0]
    return row["how"], None if pd.isna(row["ward_code"]) else row["ward_code"]


def candidates(name: str, **asked: str) -> list[str]:
    row = match_units(pd.DataFrame([{"name": name, **asked}]), UNITS).iloc[0]
    return [candidate.ward_code for candidate in row["candidates"]]


def without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def test_what_never_tells_two_units_apart_makes_no_difference() -> None:
    assert fold("  HÒA   bình ") == fold("Hoà Bình") == fold(unicodedata.normalize("NFD", "hòa-bình"))
    assert fold("Thuỷ Nguyên") == fold("Thủy nguyên")
    # The letter eth, which looks the same, stands for Đ in many files.
    assert fold("\u00d0ằng Giang") == fold("Đằng Giang")
    assert fold("Gia Viễn") != fold("Gia Viên")


def test_the_three_keys_drop_ever_more() -> None:
    assert (squeeze("Dư Hàng Kênh"), bare("Dư Hàng Kênh")) == ("dưhàngkênh", "duhangkenh")
    # "o" before "á" of the next word is no oa whose tone could be moved.
    assert squeeze("Cao Ánh") == squeeze("CaoÁnh")


def test_a_worn_name_lacks_marks_and_has_no_others() -> None:
    assert is_worn_form("Quan Toan", "Quán Toan")
    assert is_worn_form("Gia Viên", "Gia Viễn")
    assert not is_worn_form("Quàn Toan", "Quán Toan")
    assert not is_worn_form("Gia Viễn", "Gia Viên")


@pytest.mark.parametrize(
    ("written", "kind", "rest"),
    [
        ("P. Quán Toan", "phường", "quán toan"),
        ("P.Quán Toan", "phường", "quán toan"),
        ("P Quán Toan", "phường", "quán toan"),
        ("CAP Quán Toan", "phường", "quán toan"),
        ("CA P. Quán Toan", "phường", "quán toan"),
        ("Công an phường Quán Toan", "phường", "quán toan"),
        ("Cong an phuong Quan Toan", "phường", "quan toan"),
        ("PHƯỜNG QUÁN TOAN", "phường", "quán toan"),
        ("X. Hòa Bình", "xã", "hòa bình"),
        ("Xã Hoà Bình", "xã", "hòa bình"),
        ("TT An Dương", "thị trấn", "an dương"),
        ("TT. An Dương", "thị trấn", "an dương"),
        ("Thị trấn An Dương", "thị trấn", "an dương"),
        ("Đặc khu Bạch Long Vĩ", "đặc khu", "bạch long vĩ"),
        ("Huyện đảo Bạch Long Vĩ", "huyện", "bạch long vĩ"),
        ("Q. Hồng Bàng", "quận", "hồng bàng"),
        ("H.Vĩnh Bảo", "huyện", "vĩnh bảo"),
        ("TP. Thủy Nguyên", "thành phố", "thủy nguyên"),
        ("Hồng Bàng", "", "hồng bàng"),
        ("Phường", "", "phường"),
    ],
)
def test_the_kind_of_unit_is_split_off(written: str, kind: str, rest: str) -> None:
    assert split_kind(written) == (kind, fold(rest))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Phường Thượng Lý", ("exact", "11305")),
        ("CAP Thượng Lý", ("exact", "11305")),
        ("THƯỢNG LÝ", ("exact", "11305")),
        ("ThượngLý", ("normalised", "11305")),
        ("PhườngThượngLý", ("normalised", "11305")),
        ("Thuong Ly", ("normalised", "11305")),
        ("phuongthuongly", ("normalised", "11305")),
        # Quan is no quận here.
        ("Quan Toan", ("normalised", "11296")),
        # A tone mark on ư instead of ơ makes other letters of both.
        ("Thựơng Lý", ("near", "11305")),
        ("Thượng Lí", ("near", "11305")),
        ("Quàn Toan", ("near", "11296")),
        ("đảo Bạch Long Vĩ", ("exact", "318")),
        ("Tiên Lãng", ("none", None)),
        ("", ("none", None)),
    ],
)
def test_a_name_is_certain_proposed_or_unknown(name: str, expected: tuple[str, str | None]) -> None:
    assert match(name) == expected


def test_the_district_tells_namesakes_apart_and_then_the_kind() -> None:
    assert match("Lê Lợi") == ("ambiguous", None)
    assert sorted(candidates("Lê Lợi")) == ["11368", "11599"]
    assert match("Lê Lợi", district="Huyện An Dương") == ("exact", "11599")
    assert match("Lê Lợi", district="an duong") == ("exact", "11599")
    assert match("Lê Lợi", district="304") == ("exact", "11368")
    assert match("Xã Lê Lợi") == ("exact", "11599")
    assert match("Lê Lợi", kind="phường") == ("exact", "11368")
    assert match("Xã Hòa Bình") == ("ambiguous", None)


def test_a_name_of_another_district_is_a_proposal_at_most() -> None:
    assert match("Quán Toan", district="Quận Lê Chân") == ("near", "11296")
    assert match("Quán Toan", district="Thành phố Hạ Long") == ("near", "11296")


def test_a_code_is_trusted_unless_the_name_speaks_against_it() -> None:
    assert match("Quán Toan", code="11296") == ("code", "11296")
    assert match("", code="11296") == ("code", "11296")
    assert match("Quán Toang", code="11296.0") == ("near", "11296")
    assert match("Lê Lợi", code="11599") == ("code", "11599")
    # In 2025 the code 11359 passed from Đằng Giang to Gia Viên.
    assert match("Gia Viên", code="11359") == ("none", None)
    assert match("Quán Toan", code="11359") == ("ambiguous", None)
    assert candidates("Quán Toan", code="11359") == ["11359", "11296"]
    assert match("Quán Toan", code="77") == ("exact", "11296")


def test_a_kind_that_differs_is_told() -> None:
    matched = match_units(pd.DataFrame({"name": ["Xã Quán Toan", "Quán Toan"]}), UNITS)
    assert matched["how"].tolist() == ["exact", "exact"]
    assert matched["is_other_kind"].tolist() == [True, False]


def test_in_a_file_of_outlines_a_unit_is_proposed_once_and_only_if_it_is_free() -> None:
    rows = pd.DataFrame({"name": ["Quán Toan", "Quán Toang", "Thượng Lí", "Thượng Lỳ"]})
    once = match_units(rows, UNITS, each_once=True)
    assert once["how"].tolist() == ["exact", "none", "ambiguous", "ambiguous"]
    # In a spreadsheet a unit comes in many rows.
    assert match_units(rows, UNITS)["how"].tolist() == ["exact", "near", "near", "near"]


def test_the_index_and_order_of_the_rows_are_kept() -> None:
    rows = pd.DataFrame({"name": ["Thượng Lý", "Quán Toan", "Thượng Lý"]}, index=[7, 3, 5])
    matched = match_units(rows, UNITS)
    assert matched.index.tolist() == [7, 3, 5]
    assert matched["ward_code"].tolist() == ["11305", "11296", "11305"]


def test_districts_are_found_by_code_and_in_any_spelling() -> None:
    for written in ("303", "Quận Hồng Bàng", "Q.Hồng Bàng", "hong bang", "HồngBàng", "QuậnHồngBàng"):
        assert district_finder(UNITS)(written) == {"303"}
    assert district_finder(UNITS)("Quận Hải An") == set()


def test_codes_get_their_zeros_back() -> None:
    assert [tidy_code(value, 5) for value in (1, 1.0, "1.0", " 00001 ", "A1", None, float("nan"))] == [
        *["00001"] * 4,
        "A1",
        "",
        "",
    ]


def test_a_day_belongs_to_the_last_vintage_before_it() -> None:
    vintages = ["2020-02-01", "2025-01-01", "2025-07-01"]
    assert vintage_on("2024-12-31", vintages) == "2020-02-01"
    assert vintage_on("2025-07-01", vintages) == "2025-07-01"
    assert vintage_on("2019-01-01", vintages) is None


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếộởửỵ oOÁĐ.-", max_size=30))
def test_keys_hold_for_their_own_result(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert bare(squeeze(text)) == bare(text)
    assert is_worn_form(without_marks(text), text)


def official(vintage: str) -> pd.DataFrame:
    lists = pd.read_csv(SOURCES / "unit.csv", dtype="str")
    return lists[lists["vintage"] == vintage].reset_index(drop=True)


@pytest.mark.parametrize("vintage", ["2020-02-01", "2025-01-01", "2025-07-01"])
@pytest.mark.parametrize(
    "change", [str, lambda name: name.replace(" ", ""), str.upper], ids=["as is", "squeezed", "upper"]
)
def test_each_unit_of_the_official_lists_is_itself(vintage: str, change: Callable[[str], str]) -> None:
    units = official(vintage)
    names = (units["ward_kind"] + " " + units["ward_name"]).map(change)
    asked = pd.DataFrame({"name": names, "district": units["district_name"]})
    assert (match_units(asked, units)["ward_code"] == units["ward_code"]).all()


@pytest.mark.parametrize(
    "change",
    [lambda name: name.replace(" ", ""), without_marks, lambda name: without_marks(name).replace(" ", "")],
    ids=["without spaces", "without diacritics", "without either"],
)
def test_worn_names_of_2020_match_where_the_district_is_given_and_namesakes_are_not_guessed(
    city_boundaries: Path, change: Callable[[str], str]
) -> None:
    file = pyogrio.read_dataframe(city_boundaries / "wards_2020-02-01.gpkg", read_geometry=False)
    file = file[file["gso_code"].notna()]
    units = official("2020-02-01")
    names = file["ward_name"].map(change)

    placed = match_units(pd.DataFrame({"name": names, "district": file["district"].map(change)}), units)
    assert placed["how"].isin(["exact", "normalised"]).all()
    assert (placed["ward_code"] == file["gso_code"]).sum() == 217

    alone = match_units(pd.DataFrame({"name": names}), units)
    ambiguous = file.loc[alone["how"] == "ambiguous", "ward_name"]
    assert (len(ambiguous), ambiguous.nunique()) == (20, 10)
    assert alone.loc[ambiguous.index, "ward_code"].isna().all()
    certain = alone[alone["how"] != "ambiguous"]
    assert (certain["ward_code"] == file.loc[certain.index, "gso_code"]).all()


def test_the_units_of_2020_are_not_taken_for_those_of_2025(city_boundaries: Path) -> None:
    file = pyogrio.read_dataframe(city_boundaries / "wards_2020-02-01.gpkg", read_geometry=False)
    asked = pd.DataFrame({"name": file["ward"], "code": file["gso_code"], "district": file["district"]})
    units = official("2025-07-01")
    matched = match_units(asked, units, each_once=True)
    taken = matched[matched["how"] == "code"]
    names = units.set_index("ward_code")["ward_name"]
    # Of 49 reused codes only those are taken whose units still bear the name.
    assert file["gso_code"].isin(units["ward_code"]).sum() == 49
    assert len(taken) == 7
    for row, code in taken["ward_code"].items():
        assert fold(split_kind(file["ward"][row])[1]) == fold(names[code])
