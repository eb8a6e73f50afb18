"""Wards as cells name them: the unit of the official list of a day, or what is wrong and what is near."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from etl.spreadsheets.cell_rules import Wrong
from etl.spreadsheets.cells import show_date
from geodata.language import Message, message
from geodata.wards.names import TAKEN, bare, fold, is_worn_form, match_units, split_kind
from geodata.wards.reused_codes import reused_code

SUCCESSION = ["from_vintage", "from_ward_code", "to_vintage", "to_ward_code", "kind"]
"""The columns of ``unit_succession`` that tell which units became which."""

Lists = Mapping[str, pd.DataFrame]
"""The official list of each vintage."""

MOST_NAMED = 4
"""Wards that a fault names at most."""

DISTRICT_KINDS = ("quận", "huyện", "thành phố", "thị xã")
"""Kinds of units above wards, which there are none of from 1/7/2025."""

_NO_DISTRICT = ("", "khong", "khongco", "haiphong", "thanhphohaiphong", "tphaiphong", "tphp")
"""What a column of districts holds where there are none, as `geodata.wards.names.bare` has it."""


@dataclass(frozen=True)
class WrongWard(Wrong):
    """A ward that is not found; ``is_district`` where it is the district that is wrong."""

    is_district: bool = False


@dataclass(frozen=True)
class FoundWard:
    """A ward that is found, and what is to be told of how it was."""

    ward_code: str
    told: Message | None = None


def find_wards(
    asked: pd.DataFrame, lists: Lists, succession: pd.DataFrame
) -> dict[tuple[str, str, str], FoundWard | WrongWard]:
    """Return each ward that is asked for, or what is wrong with it.

    Kind and level are part of a name: “Quận Lê Chân” is not the ward Lê Chân.

    Parameters
    ----------
    asked
        Distinct rows of ward, district and vintage, as text. A ward is a name in any spelling or a code, its
        district or code behind it in parentheses or after a comma if need be.
    lists
        The official list of each vintage.
    succession
        Which units became which: `SUCCESSION`.

    Returns
    -------
    By the row of ``asked``.
    """
    found: dict[tuple[str, str, str], FoundWard | WrongWard] = {}
    for vintage, rows in asked.groupby("vintage"):
        units = lists[str(vintage)]
        parts = [
            _ward_parts(ward, district) for ward, district in zip(rows["ward"], rows["district"], strict=True)
        ]
        wanted = pd.DataFrame(parts, columns=["name", "code", "district"])
        matched = match_units(wanted, units)
        is_open = ~matched["how"].isin(TAKEN)
        anywhere = match_units(wanted[is_open].assign(district=""), units) if is_open.any() else matched
        keys = rows[["ward", "district", "vintage"]].itertuples(index=False, name=None)
        by_code = units.set_index("ward_code", drop=False)
        for number, key in enumerate(keys):
            match, one = matched.iloc[number], wanted.iloc[number]
            unit = None if is_open[number] else by_code.loc[match["ward_code"]]
            wrong = _wrong_level(one, unit, str(vintage), lists)
            if wrong is None and unit is None:
                loose = anywhere.loc[[number]].iloc[0]
                wrong = _wrong_ward(one, match, loose, str(vintage), lists, succession)
            found[key] = wrong or _found(one, unit, str(vintage), lists)  # type: ignore[arg-type]
    return found


def _said_kind(name: str, unit: pd.Series | None) -> str:
    """Return the kind of unit before a name; none where it is the name's own, as in ``Quan Toan``."""
    is_name = unit is not None and is_worn_form(name, unit["ward_name"])
    return "" if is_name or fold(name).startswith(("đảo ", "dao ")) else split_kind(name)[0]


def _wrong_level(asked: pd.Series, unit: pd.Series | None, vintage: str, lists: Lists) -> WrongWard | None:
    """Return what is wrong with a district in the place of a ward, or on a day without districts."""
    kind = _said_kind(asked["name"], unit)
    day = show_date(date.fromisoformat(vintage))
    has_districts = bool(lists[vintage]["district_code"].notna().any())
    if kind in DISTRICT_KINDS and (unit is None or kind != unit["ward_kind"]):
        if has_districts:
            return WrongWard(message("is a district, no ward"), message("a row for each of its wards"))
        expected = (
            message("a row for each ward of that day, and none for the former district")
            if unit is None
            else message(
                "a row for each ward of that day, and none for the former district; the ward is “{ward}”",
                ward=unit_title(unit),
            )
        )
        return WrongWard(
            message("is a quận or huyện, which the units from {day} have none of", day=day), expected
        )
    if not has_districts and bare(asked["district"]) not in _NO_DISTRICT:
        return WrongWard(
            message("the units from {day} have no quận or huyện", day=day),
            message("no district, and the ward by its name of that day"),
            is_district=True,
        )
    return None


def _found(asked: pd.Series, unit: pd.Series, vintage: str, lists: Lists) -> FoundWard | WrongWard:
    """Return a unit that was matched, unless its kind is another one and makes it one of another day."""
    kind = _said_kind(asked["name"], unit)
    code = str(unit["ward_code"])
    if kind and kind != unit["ward_kind"]:
        held = [other for other in lists if other != vintage and _has(lists[other], kind, unit)]
        if held:
            return WrongWard(_not_of(vintage, held), message("perhaps {names}", names=unit_title(unit)))
        return FoundWard(code, message("taken for {ward}", ward=unit_title(unit)))
    if not asked["name"]:
        return FoundWard(code, reused_code(code, vintage, unit_title(unit), pd.concat(lists.values())))
    return FoundWard(code)


def _has(units: pd.DataFrame, kind: str, unit: pd.Series) -> bool:
    return bool((units["ward_kind"].eq(kind) & units["ward_name"].eq(unit["ward_name"])).any())


def _not_of(vintage: str, held: Sequence[str]) -> Message:
    return message(
        "is no ward of the units from {day}, but of those from {others}",
        day=show_date(date.fromisoformat(vintage)),
        others=", ".join(show_date(date.fromisoformat(other)) for other in held),
    )


def _ward_parts(ward: str, district: str) -> tuple[str, str, str]:
    """Return name, code and district of a ward as it is written."""
    aside = re.fullmatch(r"(.+?)\s*\(([^()]*)\)|(.+?)\s*(?:,|\s[-–])\s*(.+)", ward)
    name, more = (aside[1] or aside[3], aside[2] or aside[4] or "") if aside else (ward, "")
    if re.fullmatch(r"\d{1,5}", ward):
        return "", ward, district
    if re.fullmatch(r"\d{1,5}", more):
        return name, more, district
    if more and re.fullmatch(r"\d{1,5}", name):
        return more, name, district
    return name, "", district or more


def _wrong_ward(
    asked: pd.Series, match: pd.Series, loose: pd.Series, vintage: str, lists: Lists, succession: pd.DataFrame
) -> WrongWard:
    units = lists[vintage].set_index("ward_code", drop=False)
    day = show_date(date.fromisoformat(vintage))
    if loose["how"] in TAKEN or (loose["how"] == "ambiguous" and match["how"] in ("none", "near")):
        # The name alone is known, so it is the district that does not go with it.
        codes = [candidate.ward_code for candidate in loose["candidates"]]
        districts = dict.fromkeys(units.loc[codes, "district_name"])
        return WrongWard(
            message("has no ward {ward}", ward=asked["name"] or asked["code"]),
            message("{names}", names=", ".join(map(str, districts))),
            is_district=True,
        )
    is_clear = match["how"] == "near"
    codes = [candidate.ward_code for candidate in match["candidates"]][: 1 if is_clear else None]
    names = ", ".join(unit_title(units.loc[code], has_district=len(codes) > 1) for code in codes)
    if match["how"] == "ambiguous":
        return WrongWard(
            message("may be several wards"), message("the district or the code besides: {names}", names=names)
        )
    held = {other: code for other in lists if other != vintage and (code := _named(asked, lists[other]))}
    if held:
        return WrongWard(_not_of(vintage, list(held)), _kin(held, vintage, lists, succession))
    return WrongWard(
        message("is no ward of the units from {day}", day=day),
        message("perhaps {names}", names=names) if names else message("a ward of that day, by name or code"),
    )


def _kin(held: Mapping[str, str], vintage: str, lists: Lists, succession: pd.DataFrame) -> Message:
    """Return how a ward of other days, given by its code on each, is delivered on a day of a vintage."""
    later = [other for other in held if other > vintage]
    earlier = [other for other in held if other < vintage]
    units = lists[vintage].set_index("ward_code", drop=False)
    steps = [("to", "from", later[0])] if later else []
    steps += [("from", "to", earlier[-1])] if earlier else []
    kin: dict[str, None] = {}
    for known, asked, other in steps:
        links = succession[
            succession[f"{known}_vintage"].eq(other)
            & succession[f"{known}_ward_code"].eq(held[other])
            & succession[f"{asked}_vintage"].eq(vintage)
        ]
        kin |= dict.fromkeys(
            unit_title(units.loc[code], has_district=True)
            for code in links[f"{asked}_ward_code"]
            if code in units.index
        )
    names = ", ".join(list(kin)[:MOST_NAMED]) + (", …" if len(kin) > MOST_NAMED else "")
    if later and not earlier:
        told = message(
            "the figures by the wards of that day; the pages reckon them for later wards where asked (≈)"
        )
        return message("{told}; here {names}", told=told, names=names) if kin else told
    told = message("a ward of that day, by name or code")
    return message("{told}; it became {names}", told=told, names=names) if kin else told


def _named(asked: pd.Series, units: pd.DataFrame) -> str:
    """Return the code of the one unit of a list that a name or code means; empty where it means none."""
    match = match_units(asked.to_frame().T.assign(district=""), units).iloc[0]
    return str(match["ward_code"]) if match["how"] in TAKEN else ""


def unit_title(unit: pd.Series, *, has_district: bool = False) -> str:
    """Return a unit as ``Phường Cát Bi``, with its district (or code, where it has none) if need be."""
    title = f"{str(unit['ward_kind']).capitalize()} {unit['ward_name']}"
    if not has_district:
        return title
    district = unit["district_name"]
    return f"{title} ({unit['ward_code'] if pd.isna(district) else district})"
