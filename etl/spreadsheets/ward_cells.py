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

DISTRICT_KINDS = ("quận", "huyện", "thành phố", "thị xã")
"""Kinds of units above wards, which there are none of from 1/7/2025."""

_CITY = ("haiphong", "thanhphohaiphong", "tphaiphong", "tphp")
"""The city itself in a column of districts, as `geodata.wards.names.bare` has it."""


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
    asked: pd.DataFrame, by_vintage: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, str, str], FoundWard | WrongWard]:
    """Return each ward that is asked for, or what is wrong with it.

    Kind and level are part of a name: “Quận Lê Chân” is not the ward Lê Chân.

    Parameters
    ----------
    asked
        Distinct rows of ward, district and vintage, as text. A ward is a name in any spelling or a code, its
        district or code behind it in parentheses or after a comma if need be.
    by_vintage
        The official list of each vintage.

    Returns
    -------
    By the row of ``asked``.
    """
    found: dict[tuple[str, str, str], FoundWard | WrongWard] = {}
    for vintage, rows in asked.groupby("vintage"):
        units = by_vintage[str(vintage)]
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
            wrong = _wrong_level(one, unit, str(vintage), by_vintage)
            if wrong is None and unit is None:
                loose = anywhere.loc[[number]].iloc[0]
                wrong = _wrong_ward(one, match, loose, str(vintage), by_vintage)
            found[key] = wrong or _found(one, unit, str(vintage), by_vintage)  # type: ignore[arg-type]
    return found


def _said_kind(name: str, unit: pd.Series | None) -> str:
    """Return the kind of unit before a name; none where it is the name's own, as in ``Quan Toan``."""
    is_name = unit is not None and is_worn_form(name, unit["ward_name"])
    return "" if is_name or fold(name).startswith(("đảo ", "dao ")) else split_kind(name)[0]


def _wrong_level(
    asked: pd.Series, unit: pd.Series | None, vintage: str, by_vintage: Mapping[str, pd.DataFrame]
) -> WrongWard | None:
    """Return what is wrong with a district in the place of a ward, or on a day without districts."""
    kind = _said_kind(asked["name"], unit)
    day = show_date(date.fromisoformat(vintage))
    has_districts = bool(by_vintage[vintage]["district_code"].notna().any())
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
    if asked["district"] and not has_districts and bare(asked["district"]) not in _CITY:
        return WrongWard(
            message("the units from {day} have no quận or huyện", day=day),
            message("no district, and the ward by its name of that day"),
            is_district=True,
        )
    return None


def _found(
    asked: pd.Series, unit: pd.Series, vintage: str, by_vintage: Mapping[str, pd.DataFrame]
) -> FoundWard | WrongWard:
    """Return a unit that was matched, unless its kind is another one and makes it one of another day."""
    kind = _said_kind(asked["name"], unit)
    code = str(unit["ward_code"])
    if kind and kind != unit["ward_kind"]:
        held = [other for other in by_vintage if other != vintage and _has(by_vintage[other], kind, unit)]
        if held:
            return WrongWard(_not_of(vintage, held), message("perhaps {names}", names=unit_title(unit)))
        return FoundWard(code, message("taken for {ward}", ward=unit_title(unit)))
    if not asked["name"]:
        return FoundWard(code, reused_code(code, vintage, unit_title(unit), pd.concat(by_vintage.values())))
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
    return name, "", district or more


def _wrong_ward(
    asked: pd.Series, match: pd.Series, loose: pd.Series, vintage: str, by_vintage: Mapping[str, pd.DataFrame]
) -> WrongWard:
    units = by_vintage[vintage].set_index("ward_code", drop=False)
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
    held = [other for other in by_vintage if other != vintage and _is_named(asked, by_vintage[other])]
    problem = _not_of(vintage, held) if held else message("is no ward of the units from {day}", day=day)
    if names:
        expected = message("perhaps {names}", names=names)
    elif held and min(held) > vintage:
        expected = message(
            "the figures by the wards of that day; the pages reckon them for later wards where asked (≈)"
        )
    else:
        expected = message("a ward of that day, by name or code")
    return WrongWard(problem, expected)


def _is_named(asked: pd.Series, units: pd.DataFrame) -> bool:
    return bool(match_units(asked.to_frame().T.assign(district=""), units)["how"].isin(TAKEN).all())


def unit_title(unit: pd.Series, *, has_district: bool = False) -> str:
    """Return a unit as ``Phường Cát Bi``, with its district (or code, where it has none) if need be."""
    title = f"{str(unit['ward_kind']).capitalize()} {unit['ward_name']}"
    if not has_district:
        return title
    district = unit["district_name"]
    return f"{title} ({unit['ward_code'] if pd.isna(district) else district})"
