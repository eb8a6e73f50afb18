"""Wards as cells name them: the unit of the official list of a day, or what is wrong and what is near."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from etl.spreadsheets.cell_rules import Wrong
from etl.spreadsheets.cells import show_date
from geodata.language import message
from geodata.wards.names import TAKEN, match_units


@dataclass(frozen=True)
class WrongWard(Wrong):
    """A ward that is not found; ``is_district`` where it is the district that is wrong."""

    is_district: bool = False


def find_wards(
    asked: pd.DataFrame, by_vintage: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, str, str], str | WrongWard]:
    """Return the code of each ward that is asked for, or what is wrong with it.

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
    found: dict[tuple[str, str, str], str | WrongWard] = {}
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
        for number, key in enumerate(keys):
            match = matched.iloc[number]
            found[key] = (
                _wrong_ward(
                    wanted.iloc[number], match, anywhere.loc[[number]].iloc[0], str(vintage), by_vintage
                )
                if is_open[number]
                else str(match["ward_code"])
            )
    return found


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
    if held:
        since = ", ".join(show_date(date.fromisoformat(other)) for other in held)
        problem = message(
            "is no ward of the units from {day}, but of those from {others}", day=day, others=since
        )
    else:
        problem = message("is no ward of the units from {day}", day=day)
    return WrongWard(
        problem,
        message("perhaps {names}", names=names) if names else message("a ward of that day, by name or code"),
    )


def _is_named(asked: pd.Series, units: pd.DataFrame) -> bool:
    return bool(match_units(asked.to_frame().T.assign(district=""), units)["how"].isin(TAKEN).all())


def unit_title(unit: pd.Series, *, has_district: bool = False) -> str:
    """Return a unit as ``Phường Cát Bi``, with its district (or code, where it has none) if need be."""
    title = f"{str(unit['ward_kind']).capitalize()} {unit['ward_name']}"
    if not has_district:
        return title
    district = unit["district_name"]
    return f"{title} ({unit['ward_code'] if pd.isna(district) else district})"
