"""The official lists of units and what became of each: the facts as committed, and how they are made."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest

from etl.boundaries.overlap import overlap
from etl.register.tables import Register, read_register, read_table, tidy_table
from geodata.contract.errors import GeodataError, JoinError
from geodata.settings import SOURCES
from geodata.wards.names import bare
from tests.conftest import REGISTER_WARDS
from tests.small_city import SmallCity
from tools.official_lists import spelled
from tools.official_units import (
    DISAGREEMENT,
    NEW_OUTLINES,
    OLD_OUTLINES,
    disagreements,
    first_succession,
    make,
    second_succession,
    without_namesakes,
)

FIRST, SECOND, THIRD = "2020-02-01", "2025-01-01", "2025-07-01"


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register(SOURCES)


@pytest.fixture(scope="module")
def units(register: Register) -> pd.DataFrame:
    return register["unit"]


@pytest.fixture(scope="module")
def succession(register: Register) -> pd.DataFrame:
    return register["unit_succession"]


def successors(succession: pd.DataFrame, vintage: str) -> dict[str, set[str]]:
    rows = succession[succession["from_vintage"] == vintage]
    return {str(code): set(to) for code, to in rows.groupby("from_ward_code")["to_ward_code"]}


def onward(succession: pd.DataFrame) -> dict[str, set[str]]:
    """Return the units of 2025-07-01 that each unit of 2020-02-01 may have gone to."""
    then = successors(succession, SECOND)
    first = successors(succession, FIRST)
    return {code: set().union(*(then[middle] for middle in middles)) for code, middles in first.items()}


def codes(units: pd.DataFrame, vintage: str) -> set[str]:
    return set(units.loc[units["vintage"] == vintage, "ward_code"])


@pytest.mark.parametrize(
    ("vintage", "kinds", "districts"),
    [
        (FIRST, {"phường": 66, "xã": 141, "thị trấn": 10, "huyện": 1}, {"Quận": 7, "Huyện": 8}),
        (SECOND, {"phường": 79, "xã": 81, "thị trấn": 7, "huyện": 1}, {"Quận": 8, "Thành": 1, "Huyện": 6}),
        (THIRD, {"phường": 45, "xã": 67, "đặc khu": 2}, {}),
    ],
)
def test_each_vintage_has_the_units_that_its_resolution_counts(
    units: pd.DataFrame, vintage: str, kinds: dict[str, int], districts: dict[str, int]
) -> None:
    of_vintage = units[units["vintage"] == vintage]
    assert of_vintage["ward_kind"].value_counts().to_dict() == kinds
    names = of_vintage[["district_code", "district_name"]].dropna().drop_duplicates()
    assert names["district_code"].is_unique
    assert Counter(name.split()[0] for name in names["district_name"]) == districts


def test_the_vintages_follow_on_each_other_without_gap(units: pd.DataFrame) -> None:
    days = units[["valid_from", "valid_to"]].drop_duplicates().sort_values("valid_from")
    assert days["valid_from"].dt.strftime("%Y-%m-%d").tolist() == [FIRST, SECOND, THIRD]
    assert (days["valid_to"].iloc[:2] + pd.Timedelta(days=1)).tolist() == days["valid_from"].iloc[1:].tolist()
    assert pd.isna(days["valid_to"].iloc[2])


def test_names_are_spelled_one_way(units: pd.DataFrame) -> None:
    for column in ("ward_name", "district_name"):
        names = units[column].dropna()
        assert names.map(spelled).tolist() == names.tolist()
    names = units.set_index(["vintage", "ward_code"])["ward_name"]
    for code, spellings in names.groupby("ward_code"):
        assert len({bare(name) for name in spellings}) == spellings.nunique(), code


def test_ten_names_occur_twice_in_2020(units: pd.DataFrame) -> None:
    counts = units.loc[units["vintage"] == FIRST, "ward_name"].value_counts()
    assert set(counts[counts > 1].index) == {
        "An Dương",
        "An Hòa",
        "Bắc Sơn",
        "Hòa Bình",
        "Lê Lợi",
        "Minh Tân",
        "Minh Đức",
        "Nam Sơn",
        "Quốc Tuấn",
        "Vinh Quang",
    }
    assert counts.max() == 2
    district = units[units["vintage"] == FIRST].groupby("ward_name")["district_code"].nunique()
    assert (district[counts[counts > 1].index] == 2).all()


def test_the_pilot_wards_keep_name_and_code_through_both_old_vintages(units: pd.DataFrame) -> None:
    named = units.set_index(["vintage", "ward_code"])["ward_name"]
    for vintage in (FIRST, SECOND):
        assert {code: named[vintage, code] for code in REGISTER_WARDS} == REGISTER_WARDS


def test_bach_long_vi_is_a_district_and_its_only_unit(units: pd.DataFrame, succession: pd.DataFrame) -> None:
    islands = units[units["ward_kind"] == "huyện"]
    assert islands["ward_code"].tolist() == islands["district_code"].tolist() == ["318", "318"]
    assert onward(succession)["318"] == {"11948"}


def test_the_kinds_that_a_package_swaps_are_right(units: pd.DataFrame) -> None:
    kinds = units[units["vintage"] == THIRD].set_index("ward_code")
    assert kinds.loc[["10543", "11848"], ["ward_kind", "ward_name"]].to_numpy().tolist() == [
        ["phường", "Việt Hòa"],
        ["xã", "Vĩnh Hòa"],
    ]


@pytest.mark.parametrize(("old", "new"), [(FIRST, SECOND), (SECOND, THIRD)])
def test_each_unit_has_successors_and_a_whole_one_just_one(
    units: pd.DataFrame, succession: pd.DataFrame, old: str, new: str
) -> None:
    rows = succession[succession["from_vintage"] == old]
    assert set(rows["to_vintage"]) == {new}
    assert set(rows["from_ward_code"]) == codes(units, old)
    count = rows.groupby("from_ward_code").size()
    assert set(rows.loc[rows["kind"] == "whole", "from_ward_code"]) == set(count[count == 1].index)


def test_each_unit_has_predecessors_but_those_of_former_hai_duong(
    units: pd.DataFrame, succession: pd.DataFrame
) -> None:
    assert codes(units, SECOND) == set(succession.loc[succession["to_vintage"] == SECOND, "to_ward_code"])
    without = codes(units, THIRD) - set(succession.loc[succession["to_vintage"] == THIRD, "to_ward_code"])
    assert len(without) == 64
    # Codes of the former province end before Hải Phòng's first one, 11296.
    assert max(without) < "11296" <= min(codes(units, THIRD) - without)


def test_the_steps_agree_with_what_is_published_of_the_pilot_wards(register: Register) -> None:
    succession, official = register["unit_succession"], register["official_successor"]
    published = {str(code): set(to) for code, to in official.groupby("from_ward_code")["to_ward_code"]}
    gone = onward(succession)
    assert {code: gone[code] for code in REGISTER_WARDS} == published


def test_a_ward_that_lost_land_to_the_other_bank_went_to_two(succession: pd.DataFrame) -> None:
    assert successors(succession, FIRST)["11410"] == {"11410", "11530"}
    rows = succession[(succession["from_vintage"] == FIRST) & (succession["kind"] == "part")]
    assert set(rows["from_ward_code"]) == {"11410"}


def test_hoa_binh_of_vinh_bao_did_not_go_where_its_namesake_went(succession: pd.DataFrame) -> None:
    assert successors(succession, SECOND)["11890"] == {"11911"}


def test_the_disagreements_name_units_of_the_lists_and_known_sources(
    register: Register, units: pd.DataFrame
) -> None:
    found = tidy_table(read_table(SOURCES / "unit_disagreement.csv"), DISAGREEMENT)
    known = set(units["ward_code"]) | set(units["district_code"].dropna())
    assert set(found["ward_code"]) <= known
    named = set(found["source_a"]) | set(found["source_b"].dropna())
    assert named <= set(register["source"]["source_id"])
    swapped = found[(found["field"] == "ward_kind") & (found["vintage"] == THIRD)]
    assert swapped[["ward_code", "value_a", "taken"]].to_numpy().tolist() == [
        ["10543", "xã", "phường"],
        ["11848", "phường", "xã"],
    ]


def test_the_lists_agree_with_the_real_files(real_boundaries: Path, units: pd.DataFrame) -> None:
    named = units.set_index(["vintage", "ward_code"])
    first = pyogrio.read_dataframe(real_boundaries / f"wards_{FIRST}.gpkg", read_geometry=False)
    first = first.dropna(subset="gso_code").set_index("gso_code")
    assert set(first.index) == codes(units, FIRST) - {"318"}
    assert first["ward_name"].map(spelled).to_dict() == {
        code: named.loc[(FIRST, code), "ward_name"] for code in first.index
    }
    assert first["district"].map(spelled).to_dict() == {
        code: named.loc[(FIRST, code), "district_name"] for code in first.index
    }
    third = pyogrio.read_dataframe(real_boundaries / f"wards_{THIRD}.gpkg", read_geometry=False)
    third = third.set_index("gso_code")
    assert set(third.index) == codes(units, THIRD)
    assert third["ward"].map(spelled).str.lower().to_dict() == {
        code: f"{named.loc[(THIRD, code), 'ward_kind']} {named.loc[(THIRD, code), 'ward_name']}".lower()
        for code in third.index
    }


def test_the_successors_are_the_predecessors_that_the_real_file_names(
    real_boundaries: Path, units: pd.DataFrame, succession: pd.DataFrame
) -> None:
    third = pyogrio.read_dataframe(real_boundaries / f"wards_{THIRD}.gpkg", read_geometry=False)
    second = units[units["vintage"] == SECOND].set_index("ward_code")
    names = (second["ward_kind"] + " " + second["ward_name"]).map(bare)
    listed = succession[succession["to_vintage"] == THIRD]
    for code, text in zip(third["gso_code"], third["predecessors"], strict=True):
        told = {bare(name.split(" (")[0]) for name in text.split(", ")}
        ours = set(names[listed.loc[listed["to_ward_code"] == code, "from_ward_code"]])
        # A ward of the former province may have predecessors there, under any name.
        assert (ours == told) if code >= "11296" and code != "11911" else ours <= told, code


def test_outlines_lie_where_the_steps_say(real_boundaries: Path, succession: pd.DataFrame) -> None:
    wards = [pyogrio.read_dataframe(real_boundaries / f"wards_{vintage}.gpkg") for vintage in (FIRST, THIRD)]
    pairs = overlap(*(ward.assign(ward_code=ward["gso_code"].fillna("318")) for ward in wards))
    gone = onward(succession)
    expected = pd.Series(
        [to in gone[code] for code, to in zip(pairs["from_ward_code"], pairs["to_ward_code"], strict=True)]
    )
    km2 = pairs["overlap_km2"]
    # The outlines come from two sources: what differs are strips along the edges.
    assert km2[expected].sum() / km2.sum() > 0.985
    share = km2.where(expected, 0).groupby(pairs["from_ward_code"]).sum()
    share /= km2.groupby(pairs["from_ward_code"]).sum()
    # Hoàng Châu on the shore of Cát Hải has water of the other bank within its old outline.
    assert share.drop("11926").min() > 0.7


def test_the_committed_tables_are_what_the_packages_give(sketched_boundaries: Path) -> None:
    for name, table in make(sketched_boundaries).items():
        committed = read_table(SOURCES / f"{name}.csv")
        found = table.astype("str").fillna("")
        if name == DISAGREEMENT.name:
            # Where the real files say something else, the sketch can't tell.
            found, committed = (
                rows[~rows["source_b"].isin([OLD_OUTLINES, NEW_OUTLINES])].reset_index(drop=True)
                for rows in (found, committed)
            )
        pd.testing.assert_frame_equal(found, committed, check_dtype=False)


def test_the_committed_disagreements_are_those_of_the_real_files(real_boundaries: Path) -> None:
    found = make(real_boundaries)[DISAGREEMENT.name].astype("str").fillna("")
    committed = read_table(SOURCES / f"{DISAGREEMENT.name}.csv")
    pd.testing.assert_frame_equal(found, committed, check_dtype=False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("Thuỷ Nguyên", "Thủy Nguyên"),
        ("Kiến Thuỵ", "Kiến Thụy"),
        ("Hoàng Văn Thụ", "Hoàng Văn Thụ"),
        ("Ngọc Xuyên", "Ngọc Xuyên"),
        ("Quý Cao", "Quý Cao"),
        ("Lạch Tray", "Lạch Tray"),
        ("Cát Ba\u0300", "Cát Bà"),
    ],
)
def test_the_tone_mark_goes_on_the_first_of_two_last_vowels(name: str, expected: str) -> None:
    assert spelled(name) == expected


def list_of(*rows: tuple[str, str, str, str], **columns: Any) -> pd.DataFrame:
    names = ["ward_code", "ward_name", "ward_kind", "district_code"]
    frame = pd.DataFrame(rows, columns=names).assign(district_name="Quận Một", vintage=FIRST)
    return frame.assign(**columns)


def test_a_unit_goes_on_under_its_code_or_to_the_one_that_lists_or_bears_its_name() -> None:
    first = list_of(
        ("1", "An", "phường", "9"), ("2", "Bình", "xã", "9"), ("3", "Tây", "xã", "9"), ("4", "Tây", "xã", "8")
    )
    second = list_of(
        ("1", "An", "phường", "9"),
        ("2", "Tây", "phường", "9"),
        ("5", "Tây", "xã", "8"),
        merged=[frozenset(), frozenset({"xabinh"}), frozenset()],
    )
    found = first_succession(first, second)
    assert found[["from_ward_code", "to_ward_code", "basis", "kind"]].to_numpy().tolist() == [
        ["1", "1", "code", "whole"],
        ["2", "2", "alias", "whole"],
        ["3", "2", "name", "whole"],
        ["4", "5", "name", "whole"],
    ]
    with pytest.raises(JoinError, match="5 Đông”: has no successor in the vintage 2025-01-01"):
        first_succession(list_of(("5", "Đông", "xã", "9")), second)


def test_namesakes_that_are_mapped_alike_keep_what_lies_in_their_own_district() -> None:
    mapping = pd.DataFrame(
        [
            ("p_north_xahoa", "xax"),
            ("p_north_xahoa", "xay"),
            ("q_south_xahoa", "xax"),
            ("q_south_xahoa", "xay"),
            ("p_north_xaan", "xax"),
            ("q_south_xaan", "xay"),
            ("q_south_xatay", "xax"),
            ("q_south_xatay", "xaz"),
        ],
        columns=["from_key", "to_key"],
    )
    kept = without_namesakes(mapping.iloc[:6])
    confused = kept[kept["basis"] == "district"]
    assert confused[["from_key", "to_key"]].to_numpy().tolist() == [
        ["p_north_xahoa", "xax"],
        ["q_south_xahoa", "xay"],
    ]
    assert (kept.loc[kept["from_key"].str.endswith("xaan"), "basis"] == "mapping").all()


def test_a_unit_that_the_mapping_leaves_out_is_told() -> None:
    third = pd.DataFrame({"key": ["xax"], "ward_code": ["7"]})
    mapping = pd.DataFrame({"from_key": ["nowhere"], "to_key": ["xax"], "basis": ["mapping"]})
    with pytest.raises(JoinError, match="1 An”: has no successor in the vintage 2025-07-01"):
        second_succession(list_of(("1", "An", "phường", "9")), third, mapping)


def test_a_disagreement_shows_both_values_and_the_one_taken() -> None:
    columns = ["vintage", "ward_code", "field", "value", "source"]
    said = pd.DataFrame(
        [
            (FIRST, "1", "ward_name", "Hoà", "a"),
            (FIRST, "2", "ward_name", "An", "a"),
            (FIRST, "3", "area_km2", "1.00", "a"),
        ],
        columns=columns,
    )
    others = said.assign(value=["Hòa", "An", "1.01"], source="b")
    taken = said.iloc[:2].assign(value=["Hòa", "An"])
    found = disagreements(said, others, taken)
    assert found[list(DISAGREEMENT.columns)].to_numpy().tolist() == [
        [FIRST, "1", "ward_name", "Hoà", "a", "Hòa", "b", "Hòa"],
        [FIRST, "3", "area_km2", "1.00", "a", "1.01", "b", ""],
    ]


def test_a_succession_of_a_unit_that_is_in_no_list_is_told(small_city: SmallCity, tmp_path: Path) -> None:
    sources = Path(shutil.copytree(small_city.sources, tmp_path / "sources"))
    path = sources / "unit_succession.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2020-02-01,00004", "2020-02-01,00009"), encoding="utf-8")
    with pytest.raises(GeodataError) as caught:
        read_register(sources)
    (fault,) = caught.value.faults
    assert fault.row == text[: text.index("2020-02-01,00004")].count("\n") + 1
    assert fault.column == "from_ward_code"
    assert fault.render("en").endswith(
        "“00009”: is no ward of the vintage 2020-02-01 → a ward code of that vintage"
    )
