"""Official successors across one redrawing and several, and which wards carry on a name."""

import pandas as pd
import pytest

from etl.register.succession import place_facts
from geodata.contract.errors import JoinError
from geodata.wards.succession import PAIR, heirs, official_pairs
from tests.small_city import MID, NEW, OLD

NONE_NAMED = pd.DataFrame(columns=["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"])


def steps(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return successions from codes: capitals are units of 2025-01-01, numbers below 10 older ones."""
    succession = []
    for source, target, kind in rows:
        old, new = (OLD, MID) if target.isupper() else (MID, NEW)
        succession.append((old, source, new, target, kind))
    columns = ["from_vintage", "from_ward_code", "to_vintage", "to_ward_code", "kind"]
    return pd.DataFrame(succession, columns=columns)


def pairs(succession: pd.DataFrame, old: str, new: str) -> dict[tuple[str, str], bool]:
    found = official_pairs(succession, NONE_NAMED, old, new)
    return {(a, b): told for a, b, told in found[[*PAIR, "is_certain"]].itertuples(index=False, name=None)}


def test_what_one_redrawing_did_is_told_as_it_stands() -> None:
    split = steps(("1", "A", "part"), ("1", "B", "part"), ("2", "B", "whole"))
    assert pairs(split, OLD, MID) == {("1", "A"): True, ("1", "B"): True, ("2", "B"): True}
    assert pairs(split, MID, NEW) == {}
    assert pairs(split, OLD, NEW) == {}


@pytest.mark.parametrize(
    ("succession", "told"),
    [
        # Joined, and then joined again.
        (
            steps(("1", "A", "whole"), ("2", "A", "whole"), ("A", "x", "whole")),
            {("1", "x"): True, ("2", "x"): True},
        ),
        # Unchanged, and then split: the parts are its own.
        (
            steps(("1", "A", "whole"), ("A", "x", "part"), ("A", "y", "part")),
            {("1", "x"): True, ("1", "y"): True},
        ),
        # Split, and both parts joined into the same.
        (
            steps(("1", "A", "part"), ("1", "B", "part"), ("A", "x", "whole"), ("B", "x", "whole")),
            {("1", "x"): True},
        ),
        # Joined with another, and then split: either part may be the other's.
        (
            steps(("1", "A", "whole"), ("2", "A", "whole"), ("A", "x", "part"), ("A", "y", "part")),
            {("1", "x"): False, ("1", "y"): False, ("2", "x"): False, ("2", "y"): False},
        ),
    ],
)
def test_several_redrawings_are_composed(succession: pd.DataFrame, told: dict[tuple[str, str], bool]) -> None:
    assert pairs(succession, OLD, NEW) == told


def test_residents_reach_a_ward_by_a_way_on_which_no_step_is_of_land_only() -> None:
    succession = steps(
        ("1", "A", "part"),
        ("1", "B", "land_only"),
        ("2", "B", "whole"),
        ("A", "x", "whole"),
        ("B", "x", "land_only"),
        ("B", "y", "part"),
    )
    found = official_pairs(succession, NONE_NAMED, OLD, NEW)
    land = found[found["is_land_only"]]
    # From 1 people reach x by way of A; to y their land alone came, by way of B.
    assert land[PAIR].to_numpy().tolist() == [["1", "y"], ["2", "x"]]
    assert len(found) == 4


def test_what_an_instrument_names_outranks_the_steps() -> None:
    succession = steps(("1", "A", "whole"), ("2", "A", "whole"), ("A", "x", "part"), ("A", "y", "part"))
    named = pd.DataFrame([(OLD, "1", NEW, "y")], columns=NONE_NAMED.columns)
    found = official_pairs(succession, named, OLD, NEW)
    assert found[found["from_ward_code"] == "1"].to_numpy().tolist() == [["1", "y", True, False]]
    assert len(found) == 3


UNITS = pd.DataFrame(
    [(OLD, "1", "An"), (OLD, "2", "Bình"), (MID, "A", "An"), (NEW, "x", "An"), (NEW, "y", "Bình")],
    columns=["vintage", "ward_code", "ward_name"],
)
JOINED = steps(("1", "A", "whole"), ("2", "A", "whole"), ("A", "x", "whole"))


def test_a_name_is_carried_on_by_the_unit_into_which_its_ward_went_undivided() -> None:
    assert heirs(JOINED, UNITS) == {(OLD, "1"): (MID, "A", "Bình"), (MID, "A"): (NEW, "x", "")}
    assert heirs(JOINED.assign(kind="part"), UNITS) == {}


def register(code: str, note: str | None) -> dict[str, pd.DataFrame]:
    fact = pd.DataFrame({"vintage": [OLD], "ward_code": [code], "note": [note]})
    nowhere = pd.DataFrame({"vintage": [None], "ward_code": [None]})
    return {
        "unit": UNITS,
        "unit_succession": JOINED,
        "pilot_status": fact,
        "inspection": fact.drop(columns="note"),
        "event_task": nowhere,
        "itinerary_case_stop": nowhere,
        "fact": pd.DataFrame({"wards": [f"{OLD}/{code} {OLD}/1", None]}),
    }


def test_a_fact_moves_along_its_wards_name_and_says_what_was_joined_to_it() -> None:
    placed = place_facts(register("1", "Theo bài báo."), [NEW])
    assert placed["pilot_status"].iloc[0].tolist() == [
        NEW,
        "x",
        "Theo bài báo. Ghi nhận theo đơn vị từ 01/02/2020; đơn vị cùng tên từ 01/07/2025 (mã x) gồm cả Bình.",
    ]
    assert placed["inspection"].iloc[0].tolist() == [NEW, "x"]
    assert placed["fact"]["wards"].fillna("").tolist() == [f"{NEW}/x {NEW}/x", ""]
    assert place_facts(register("1", None), [NEW])["pilot_status"]["note"].iloc[0].startswith("Ghi nhận")


def test_a_fact_stays_where_its_vintage_has_boundaries() -> None:
    before = register("1", None)
    placed = place_facts(before, [OLD, NEW])
    assert placed["pilot_status"].equals(before["pilot_status"])


def test_a_fact_on_a_ward_whose_name_ended_cannot_move() -> None:
    with pytest.raises(JoinError) as caught:
        place_facts(register("2", None), [MID, NEW])
    assert [fault.place("en") for fault in caught.value.faults] == [
        "pilot_status.csv, row 2, ward_code",
        "inspection.csv, row 2, ward_code",
    ]
