"""The classes of a map of the programme: role, stage and years of each ward, and who was inspected."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from geodata.contract.layers import ROLES, STAGES
from geodata.language import Words, joined, message
from geodata.language.numbers import number
from geodata.programme.symbols import (
    BORDER,
    HOLDER_COLOUR,
    INSPECTED_COLOUR,
    LAND,
    STAGE_COLOURS,
    STAGE_NAMES,
    VISIT_SITE_COLOUR,
)
from geodata.wards.units import class_counts

_HOLDS_A_PART = ("part", None, None, True)
"""What wards are called together that hold a role only in part."""

STATUS = ["role", "stage", "period", "is_partly"]
INSPECTED = ["is_inspected", "is_partly_inspected"]


@dataclass(frozen=True)
class MapClass:
    """One class of a map and its entry in the legend.

    Attributes
    ----------
    label
        What it means.
    count
        How many wards are in it; empty where that is no matter.
    colour
        Its colour, ``#RRGGBB``.
    pattern
        ``hatch``: stripes in the colour on land, for what holds partly; ``dots``: for what is missing.
    outlined
        Drawn with a strong outline, above the others.
    faded
        Drawn faintly: what is shown for its place only.
    is_land
        A shade of land that says nothing by itself: rivers run over it.
    """

    label: Words | str
    count: Words | str
    colour: str
    pattern: Literal["", "hatch", "dots"] = ""
    outlined: bool = True
    faded: bool = False
    is_land: bool = False


@dataclass(frozen=True)
class Tick:
    """A sign on some of the labelled wards, and its entry in the legend.

    Attributes
    ----------
    label, count
        See `MapClass`.
    codes
        The wards that bear it.
    is_partly
        The sign of what holds partly.
    """

    label: Words | str
    count: Words | str
    codes: tuple[str, ...]
    is_partly: bool


def status_words(role: str, stage: str | None, period: str | None) -> Words:
    """Return a role in the programme with its years and, beyond building, its stage."""
    if role == "visit_site":
        return message("Visit site {period}", period=period) if period else message("Visit site")
    label = message("Pilot {period}", period=period) if period else message("Pilot")
    if stage is None or stage == "building":
        return label
    return joined(", ", [label, STAGE_NAMES[stage]])


def programme_classes(wards: pd.DataFrame) -> tuple[list[MapClass], list[int]]:
    """Return the classes by role, period and stage, and the class number of each ward in the frame's order.

    Pilot wards come before visit sites, further stages and later years first. A ward that holds ground of
    such wards only in part is none itself and has a class of a neutral colour: what it holds is drawn over it
    (`dashboard.subjects.programme.former`). Of the wards not on record in it those inspected form classes
    of their own; wards without information come last and are a class even if there are none. Counts are
    those of `geodata.wards.units.COMMUNE_LEVEL`.

    Parameters
    ----------
    wards
        Wards of one vintage with ward_kind, `STATUS` and `INSPECTED`.
    """
    # A missing text would not equal itself when the classes are looked up.
    statuses = zip(*(wards[name].to_numpy("object", na_value="") for name in STATUS), strict=True)
    inspected = zip(*(wards[name].to_numpy("bool") for name in INSPECTED), strict=True)
    keys: list[tuple[Any, ...] | None] = []
    for (role, stage, period, is_partly), (whole, part) in zip(statuses, inspected, strict=True):
        if role:
            keys.append(_HOLDS_A_PART if is_partly else (role, stage or None, period or None, False))
        else:
            keys.append((None, None, None, bool(part)) if whole or part else None)
    found = sorted({key for key in keys if key is not None}, key=_class_order)
    place = {key: index for index, key in enumerate([*found, None])}
    numbers = [place[key] for key in keys]
    counts = class_counts(numbers, wards, len(place))
    classes = [
        MapClass(
            label=_class_label(key),
            count=number(count),
            colour=_class_colour(key),
            pattern="hatch" if key[3] and key != _HOLDS_A_PART else "",
            outlined=key[0] in ROLES,
            is_land=key == _HOLDS_A_PART,
        )
        for key, count in zip(found, counts, strict=False)
    ]
    classes.append(
        MapClass(
            label=message("No information yet"),
            count=number(counts[-1]),
            colour=BORDER,
            pattern="dots",
            outlined=False,
        )
    )
    return classes, numbers


def outside_class() -> MapClass:
    """Return the class of the wards outside the areas that are looked at, shown for their place only."""
    return MapClass(message("Outside the chosen area"), "", LAND, outlined=False, faded=True)


def _class_order(key: tuple[Any, ...]) -> tuple[int, bool, int, list[int]]:
    role, stage, period, is_partly = key
    furthest = STAGES.index(stage) if stage else -1
    rank = [*ROLES, _HOLDS_A_PART[0], None].index(role)
    return rank, is_partly, -furthest, [-ord(letter) for letter in period or ""]


def _class_colour(key: tuple[Any, ...]) -> str:
    role, stage, _, _ = key
    if role is None:
        return INSPECTED_COLOUR
    if key == _HOLDS_A_PART:
        return HOLDER_COLOUR
    return VISIT_SITE_COLOUR if role == "visit_site" else STAGE_COLOURS[stage or "registered"]


def _class_label(key: tuple[Any, ...]) -> Words:
    role, stage, period, is_partly = key
    if role is None and is_partly:
        return message("Not on record in the programme, inspected in part")
    if role is None:
        return message("Not on record in the programme, inspected")
    if key == _HOLDS_A_PART:
        return message("Holds former ground of the programme in part")
    return status_words(role, stage, period)


_INSPECTED = (
    ("is_inspected", message("Inspected in this period"), message("Former ground inspected in this period")),
    (
        "is_partly_inspected",
        message("Inspected in part in this period"),
        message("Former ground inspected in part in this period"),
    ),
)


def inspection_ticks(wards: pd.DataFrame, former: pd.DataFrame | None = None) -> list[Tick]:
    """Return the signs of the wards in the programme that were inspected within the range.

    Parameters
    ----------
    wards
        Wards with ward_code, or what stands for it on the map, role and `INSPECTED`.
    former
        Likewise those of other boundaries, drawn as they were.
    """
    ticks = []
    for column, *labels in _INSPECTED:
        for some, label in zip((wards, former), labels, strict=True):
            if some is None:
                continue
            bears = some[column].to_numpy("bool") & some["role"].notna().to_numpy("bool")
            codes = tuple(some["ward_code"].to_numpy("object")[bears])
            if codes:
                ticks.append(Tick(label, number(len(codes)), codes, column == "is_partly_inspected"))
    return ticks
