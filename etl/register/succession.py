"""What the official lists say of a ward: its name, who succeeds it, and where facts on it belong."""

import itertools
from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from etl.register.register import Register
from geodata.contract.errors import Fault, JoinError
from geodata.language import message

PAIR = ["from_ward_code", "to_ward_code"]

FACTS = ("pilot_status", "inspection", "event_task", "itinerary_case_stop")
"""The tables of the register whose rows are facts on a ward of the vintage in which they were recorded."""


def name_units(wards: gpd.GeoDataFrame, units: pd.DataFrame, file_name: str) -> gpd.GeoDataFrame:
    """Return wards under the names, kinds and districts of the official list, which spells them in one way.

    Parameters
    ----------
    wards
        Wards of one vintage, as delivered.
    units
        The table ``unit``.
    file_name
        Name for the place of a fault.

    Raises
    ------
    JoinError
        With a fault for each code that is not in the list of its vintage.
    """
    official = ["ward_name", "ward_kind", "district_code", "district_name"]
    listed = units[units["vintage"].isin(wards["vintage"])].set_index("ward_code")[official]
    unknown = wards[~wards["ward_code"].isin(listed.index)]
    if len(unknown):
        raise JoinError(
            [
                Fault(
                    file_name,
                    f"{ward['ward_code']} {ward['ward_name']}",
                    message("is not in the official list of {vintage}", vintage=ward["vintage"]),
                    message("a code of that list, unit.csv"),
                    row=int(str(row)) + 1,
                    column="ward_code",
                )
                for row, ward in unknown.iterrows()
            ]
        )
    named = wards.copy()
    named[official] = listed.loc[wards["ward_code"]].to_numpy()
    return named


def official_pairs(
    unit_succession: pd.DataFrame, official_successor: pd.DataFrame, old: str, new: str
) -> pd.DataFrame:
    """Return who officially succeeds each ward of one vintage in a later one.

    Across several redrawings the steps are composed. Where a ward was joined with others and what they made
    was divided, the lists do not say which of the parts it went to: all of them are candidates. What the
    table ``official_successor`` says of a ward outranks the steps.

    Parameters
    ----------
    unit_succession
        Successors from each vintage to the next.
    official_successor
        Successors that an instrument names across any two vintages.
    old, new
        The vintages from and to.

    Returns
    -------
    Keys: from_ward_code, to_ward_code; ``is_certain`` is false for all pairs of a ward that has candidates.
    Empty where the lists say nothing of the two vintages.
    """
    later = sorted(set(unit_succession["to_vintage"]))
    stations = [old, *(vintage for vintage in later if old < vintage <= new)]
    pairs = pd.DataFrame(columns=[*PAIR, "is_certain"]).astype({"is_certain": "bool"})
    if stations[-1] == new:
        pairs = _step(unit_succession, *stations[:2])
        for before, after in itertools.pairwise(stations[1:]):
            pairs = _compose(pairs, _step(unit_succession, before, after))
    named = _step(official_successor, old, new)
    rest = pairs[~pairs["from_ward_code"].isin(named["from_ward_code"])]
    return pd.concat([named, rest], ignore_index=True).sort_values(PAIR, ignore_index=True)


def _step(rows: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    between = rows[(rows["from_vintage"] == old) & (rows["to_vintage"] == new)]
    return between[PAIR].assign(is_certain=True)


def _compose(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of two steps together."""
    through = first.rename(columns={"to_ward_code": "through"}).merge(
        second.rename(columns={"from_ward_code": "through"}),
        on="through",
        how="inner",
        validate="many_to_many",
    )
    sources = through.groupby("through")["from_ward_code"].transform("nunique")
    targets = through.groupby("through")["to_ward_code"].transform("nunique")
    is_told = through["is_certain_x"] & through["is_certain_y"] & ((sources == 1) | (targets == 1))
    all_told = is_told.groupby(through["from_ward_code"]).transform("all")
    return through[PAIR].assign(is_certain=all_told).drop_duplicates(PAIR)


def heirs(unit_succession: pd.DataFrame, units: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return the unit that carries on each ward's name, where the ward went into it undivided.

    By (vintage, ward_code): vintage and code of that unit, and the names of what was joined to it besides.
    """
    name = units.set_index(["vintage", "ward_code"])["ward_name"].to_dict()
    rows = unit_succession[["from_vintage", "from_ward_code", "to_vintage", "to_ward_code", "kind"]]
    origins: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for from_vintage, from_code, to_vintage, to_code, _ in rows.itertuples(index=False, name=None):
        origins.setdefault((to_vintage, to_code), []).append((from_vintage, from_code))
    return {
        (from_vintage, from_code): (
            to_vintage,
            to_code,
            ", ".join(name[o] for o in origins[to_vintage, to_code] if o != (from_vintage, from_code)),
        )
        for from_vintage, from_code, to_vintage, to_code, kind in rows.itertuples(index=False, name=None)
        if kind == "whole" and name[from_vintage, from_code] == name[to_vintage, to_code]
    }


def place_facts(register: Register, vintages: Sequence[str]) -> Register:
    """Return the register with the facts of vintages that have no boundaries under the next one that has.

    A fact moves with a ward that passed undivided and with its name; a fact on a ward police is still one on
    it. Where other units were joined to the ward, the note of the fact says so.

    Parameters
    ----------
    register
        See `etl.register.register.read_register`.
    vintages
        The vintages that have boundaries.

    Raises
    ------
    JoinError
        With a fault for each row whose ward did not pass so.
    """
    heir_of = heirs(register["unit_succession"], register["unit"])
    placed = dict(register)
    faults: list[Fault] = []
    for table in FACTS:
        moved = register[table].copy()
        away = moved["vintage"].notna() & ~moved["vintage"].isin(vintages)
        for row, vintage, code in moved.loc[away, ["vintage", "ward_code"]].itertuples(name=None):
            heir = last_heir(heir_of, (vintage, code), vintages)
            if heir is None:
                faults.append(_not_placed(table, row, vintage, code))
                continue
            moved.loc[row, ["vintage", "ward_code"]] = heir[:2]
            if heir[2] and "note" in moved:
                notes = [moved.loc[[row], "note"].fillna("").iloc[0], _joined_note(vintage, *heir)]
                moved.loc[row, "note"] = " ".join(note for note in notes if note)
        placed[table] = moved
    if faults:
        raise JoinError(faults)
    return placed


def last_heir(
    heir_of: Mapping[tuple[str, str], tuple[str, str, str]], ward: tuple[str, str], vintages: Sequence[str]
) -> tuple[str, str, str] | None:
    """Return the unit of one of the vintages that carries on a ward, as `heirs` has it; none is ``None``."""
    joined: list[str] = []
    while ward[0] not in vintages:
        if ward not in heir_of:
            return None
        *heir, more = heir_of[ward]
        ward = (heir[0], heir[1])
        joined += [more] if more else []
    return (*ward, ", ".join(joined))


def _not_placed(table: str, row: int, vintage: str, code: str) -> Fault:
    return Fault(
        f"{table}.csv",
        code,
        message(
            "there are no boundaries of {vintage}, and the ward did not pass undivided and under its name"
            " into later ones that are there",
            vintage=vintage,
        ),
        message("the file wards_{vintage}.gpkg in a folder of boundaries", vintage=vintage),
        row=row + 2,
        column="ward_code",
    )


def _joined_note(recorded: str, vintage: str, code: str, joined: str) -> str:
    """Return the sentence that says what a fact's ward has grown by; it is data, so it is Vietnamese."""
    since, now = (f"{pd.Timestamp(day):%d/%m/%Y}" for day in (recorded, vintage))
    return f"Ghi nhận theo đơn vị từ {since}; đơn vị cùng tên từ {now} (mã {code}) gồm cả {joined}."


def check_outlines(register: Register, wards: pd.DataFrame) -> None:
    """Check that every ward on which there are facts has an outline.

    Raises
    ------
    JoinError
        With a fault for each row on another ward.
    """
    drawn = set(zip(wards["vintage"], wards["ward_code"], strict=True))
    faults = [
        Fault(
            f"{table}.csv",
            code,
            message("this ward has no outline in the boundaries of {vintage}", vintage=vintage),
            message("a file of boundaries with all units"),
            row=int(str(row)) + 2,
            column="ward_code",
        )
        for table in FACTS
        for row, vintage, code in register[table][["vintage", "ward_code"]].dropna().itertuples(name=None)
        if (vintage, code) not in drawn
    ]
    if faults:
        raise JoinError(faults)
