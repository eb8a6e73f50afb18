"""Who succeeds a ward when boundaries are redrawn, by the official lists."""

import itertools
from collections.abc import Mapping, Sequence

import pandas as pd

PAIR = ["from_ward_code", "to_ward_code"]


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
    Keys: from_ward_code, to_ward_code; ``is_certain`` is false for all pairs of a ward that has candidates;
    ``is_land_only``: on each way from the one to the other, a step is of land without residents. Empty where
    the lists say nothing of the two vintages.
    """
    later = sorted(set(unit_succession["to_vintage"]))
    stations = [old, *(vintage for vintage in later if old < vintage <= new)]
    flags = ["is_certain", "is_land_only"]
    pairs = pd.DataFrame(columns=[*PAIR, *flags]).astype(dict.fromkeys(flags, "bool"))
    if stations[-1] == new:
        pairs = _step(unit_succession, *stations[:2])
        for before, after in itertools.pairwise(stations[1:]):
            pairs = _compose(pairs, _step(unit_succession, before, after))
    named = _step(official_successor.assign(kind="part"), old, new)
    rest = pairs[~pairs["from_ward_code"].isin(named["from_ward_code"])]
    return pd.concat([named, rest], ignore_index=True).sort_values(PAIR, ignore_index=True)


def _step(rows: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    between = rows[(rows["from_vintage"] == old) & (rows["to_vintage"] == new)]
    return between[PAIR].assign(is_certain=True, is_land_only=between["kind"] == "land_only")


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
    is_land_only = through["is_land_only_x"] | through["is_land_only_y"]
    flagged = through[PAIR].assign(is_certain=all_told, is_land_only=is_land_only)
    return flagged.groupby(PAIR, as_index=False).all()


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
