"""Where a right holds, in words: names of districts and wards from the published file, not only codes."""

from collections.abc import Iterable

import pandas as pd

from dashboard.query.layers import layer
from dashboard.query.publication import publication
from etl.store.accounts import Area, Right, Role
from geodata.contract.errors import GeodataError
from geodata.language import Message, Words, message
from geodata.language.dates import day
from geodata.wards.names import ward_title

ROLES: dict[Role, Message] = {
    "view": message("reads what is published"),
    "submit": message("submits data"),
    "review": message("reviews data"),
    "administer": message("administers accounts"),
    "wall": message("screen on a wall"),
}
"""The roles, as people are told of them."""

CITY = message("whole city")

Place = tuple[Area, str, str]


def right_of(role: str, place: str) -> Right | None:
    """Return the right that fields of a form name, if there is one: see `choices`."""
    area, _, rest = place.partition("|")
    vintage, _, code = rest.partition("|")
    known = next((one for one in ROLES if one == role), None)
    if known is None:
        return None
    if area == "city":
        return Right(known)
    found = next((one for one in _names() if one == (area, vintage, code)), None)
    return Right(known, *found) if found else None


def written(right: Right) -> str:
    """Return a right as a field of a form holds it."""
    return "|".join((right.role, right.area, right.vintage, right.code))


def named(rights: Iterable[Right]) -> list[tuple[Words, Words, str]]:
    """Return of each right what may be done, where, and how a form names it."""
    names = _names()
    return [(ROLES[right.role], _place(right, names), written(right)) for right in rights]


def choices() -> list[tuple[Words, list[tuple[str, str]]]]:
    """Return the places beside the city where a right may hold, by group: what a form sends, and a name."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for place, name in _names().items():
        groups.setdefault(place[:2], []).append(("|".join(place), name))
    titles = {"district": message("Former districts, {day}"), "ward": message("Wards, {day}")}
    shown = sorted(groups.items(), key=lambda item: (item[0][1], item[0][0] == "district"), reverse=True)
    return [
        (titles[area].of(day=day(vintage)), sorted(places, key=lambda one: one[1]))
        for (area, vintage), places in shown
    ]


def _place(right: Right, names: dict[Place, str]) -> Words:
    if right.area == "city":
        return CITY
    name = names.get((right.area, right.vintage, right.code), right.code)
    return message("{name} ({code}, boundaries of {day})", name=name, code=right.code, day=day(right.vintage))


def _names() -> dict[Place, str]:
    """Return the name of each district and ward of each vintage; none where nothing is published."""
    try:
        wards: pd.DataFrame = layer(publication().whole, "ward")
    except GeodataError:
        return {}
    rows = wards[["vintage", "ward_code", "ward_name", "ward_kind", "district_code", "district_name"]]
    found: dict[Place, str] = {}
    for row in rows.to_dict("records"):
        if pd.notna(row["district_code"]):
            found["district", row["vintage"], row["district_code"]] = row["district_name"]
        district = f" · {row['district_name']}" if pd.notna(row["district_name"]) else ""
        found["ward", row["vintage"], row["ward_code"]] = ward_title(row) + district
    return found
