"""What the official lists say of a ward: its name, and where facts on it belong."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from etl.register.tables import Register
from geodata.contract.errors import Fault, JoinError
from geodata.language import message
from geodata.wards.succession import heirs, last_heir
from geodata.wards.units import named_wards

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


def place_facts(register: Register, vintages: Sequence[str]) -> Register:
    """Return the register with the facts of vintages that have no boundaries under the next one that has.

    A fact moves with a ward that passed undivided and with its name; a fact on a ward police is still one on
    it. Where other units were joined to the ward, the note of the fact says so.

    Parameters
    ----------
    register
        See `etl.register.tables.read_register`.
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
    # A fact is told as a whole whether its wards are on a map or not: the page of methods shows it.
    placed["fact"] = register["fact"].assign(
        wards=register["fact"]["wards"].map(
            lambda wards: " ".join(
                "/".join((last_heir(heir_of, ward, vintages) or ward)[:2]) for ward in named_wards(wards)
            ),
            na_action="ignore",
        )
    )
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
