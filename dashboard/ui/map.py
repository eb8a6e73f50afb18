"""What a map shows, as pure functions: from frames to the state that the frontend paints.

Geometry is not part of a state: the frontend fetches it once a vintage (`dashboard.ui.static_files`). A state
holds one class number a ward and a palette a few entries long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.subjects.programme.classes import INSPECTED, STATUS, MapClass, Tick
from dashboard.ui.formats import number
from geodata.contract.layers import ROLES, STAGES
from geodata.language import Language, Words, message, translate
from geodata.programme.symbols import (
    BORDER,
    INSPECTED_COLOUR,
    LAND,
    STAGE_COLOURS,
    STAGE_NAMES,
    VISIT_SITE_COLOUR,
)


def status_label(role: str, stage: str | None, period: str | None, language: Language) -> str:
    """Return a role in the programme with its years and, beyond building, its stage."""
    if role == "visit_site":
        return translate("Visit site {period}", language, period=period or "").strip()
    label = translate("Pilot {period}", language, period=period or "").strip()
    if stage is None or stage == "building":
        return label
    return f"{label}, {STAGE_NAMES[stage].render(language)}"


def programme_classes(wards: pd.DataFrame, language: Language) -> tuple[list[MapClass], list[int]]:
    """Return the classes by role, period and stage, and the class number of each ward in the frame's order.

    Pilot wards come before visit sites, further stages and later years first, whole wards before those that
    hold it partly. Of the wards outside the programme those inspected form classes of their own; wards
    without information come last and are a class even if there are none.

    Parameters
    ----------
    wards
        Wards of one vintage with `STATUS` and `INSPECTED`.
    language
        Language of the reader.
    """
    # A missing text would not equal itself when the classes are looked up.
    statuses = zip(*(wards[name].to_numpy("object", na_value="") for name in STATUS), strict=True)
    inspected = zip(*(wards[name].to_numpy("bool") for name in INSPECTED), strict=True)
    keys: list[tuple[Any, ...] | None] = []
    for (role, stage, period, is_partly), (whole, part) in zip(statuses, inspected, strict=True):
        if role:
            keys.append((role, stage or None, period or None, bool(is_partly)))
        else:
            keys.append((None, None, None, bool(part)) if whole or part else None)
    found = sorted({key for key in keys if key is not None}, key=_class_order)
    classes = [
        MapClass(
            label=_class_label(key, language),
            count=number(keys.count(key), language),
            colour=_class_colour(key),
            pattern="hatch" if key[3] else "",
            outlined=key[0] is not None,
        )
        for key in found
    ]
    classes.append(
        MapClass(
            label=translate("No information yet", language),
            count=number(keys.count(None), language),
            colour=BORDER,
            pattern="dots",
            outlined=False,
        )
    )
    place = {key: index for index, key in enumerate(found)}
    return classes, [len(found) if key is None else place[key] for key in keys]


def outside_class(language: Language) -> MapClass:
    """Return the class of the wards outside the areas that are looked at, shown for their place only."""
    return MapClass(translate("Outside the chosen area", language), "", LAND, outlined=False, faded=True)


def _class_order(key: tuple[Any, ...]) -> tuple[int, bool, int, list[int]]:
    role, stage, period, is_partly = key
    furthest = STAGES.index(stage) if stage else -1
    rank = ROLES.index(role) if role else len(ROLES)
    return rank, is_partly, -furthest, [-ord(letter) for letter in period or ""]


def _class_colour(key: tuple[Any, ...]) -> str:
    role, stage, _, _ = key
    if role is None:
        return INSPECTED_COLOUR
    return VISIT_SITE_COLOUR if role == "visit_site" else STAGE_COLOURS[stage or "registered"]


def _class_label(key: tuple[Any, ...], language: Language) -> str:
    role, stage, period, is_partly = key
    if role is None and is_partly:
        return translate("Outside the programme, inspected in part", language)
    if role is None:
        return translate("Outside the programme, inspected", language)
    label = status_label(role, stage, period, language)
    if not is_partly:
        return label
    return translate("Part: {status}", language, status=label[:1].lower() + label[1:])


def inspection_ticks(wards: pd.DataFrame, language: Language) -> list[Tick]:
    """Return the signs of the wards in the programme that were inspected within the range.

    Parameters
    ----------
    wards
        Wards of one vintage with ward_code, role and `INSPECTED`.
    language
        Language of the reader.
    """
    labels = (
        ("is_inspected", translate("Inspected in this period", language)),
        ("is_partly_inspected", translate("Inspected in part in this period", language)),
    )
    ticks = []
    for column, label in labels:
        codes = tuple(wards.loc[wards[column].astype("bool") & wards["role"].notna(), "ward_code"])
        if codes:
            ticks.append(Tick(label, number(len(codes), language), codes, column == "is_partly_inspected"))
    return ticks


def map_texts(about: str, language: Language) -> dict[str, str]:
    """Return the words that the map itself shows or speaks; ``about`` says what it shows."""
    return {
        "map": translate("Map: {about}", language, about=about),
        "zoomIn": translate("Zoom in", language),
        "zoomOut": translate("Zoom out", language),
        "home": translate("Back to the first view", language),
        "city": translate("Show the whole city", language),
        "north": translate("N", language),
        "picture": translate("Save the map as a picture", language),
        "play": translate("Play", language),
        "pause": translate("Pause", language),
        "moment": translate("Month that the map shows", language),
        "failed": translate("The map's outlines could not be loaded. Reload the page.", language),
    }


def map_state(
    geometry: str,
    classes: Sequence[MapClass],
    numbers: Sequence[int],
    *,
    labels: Sequence[str],
    ticks: Sequence[Tick],
    badge: str,
    selected: str | None,
    focus: Sequence[float],
    height: str,
    texts: dict[str, str],
    values: Sequence[str] = (),
    is_compact: bool = False,
    outlined: Sequence[str] = (),
    sought: str | None = None,
    key: Mapping[str, Any] | None = None,
    frames: Mapping[str, Any] | None = None,
    picture: Mapping[str, str] | None = None,
    ways: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the state that the frontend paints.

    Parameters
    ----------
    geometry
        Address of the geometry, from the server's root.
    classes
        Palette and legend.
    numbers
        Class of each ward, an index into ``classes``, in the order of the geometry.
    labels
        Codes of the wards that bear a label.
    ticks
        Signs on labelled wards.
    badge
        What stands in the map's corner, so that no picture of it goes without; empty for nothing.
    selected
        Code of the ward in strong outline.
    focus
        West, south, east, north in degrees of what the map is framed on.
    height
        Height of the map as a CSS length.
    texts
        See `map_texts`.
    values
        What the tooltip says of each ward beside its class, in the order of the geometry; none for nothing.
    is_compact
        A small map: no buttons, inset, scale or legend of its own.
    outlined
        Codes of wards with a strong outline, whatever their class.
    sought
        Code of a ward that is brought into view when it changes.
    key
        The legend of figures that stands beside the map, see `legends.legend_key`; without
        it the classes stand below.
    frames
        What is played over time: ``labels`` of the moments, ``classes``, one text a moment with a digit a
        ward in the order of the geometry, and ``counts``, likewise the wards of each class.
    picture
        ``title``, ``subtitle``, ``credit`` (its sources) and ``name`` of the file: with it the map has a
        button that saves it as PNG.
    ways
        Ways and stops over the wards, see `dashboard.subjects.visits.map.ways_of`.
    names
        What labels say instead of the name of their ward, by its code.
    """
    return {
        "geometry": geometry,
        "palette": [dict(vars(entry)) for entry in classes],
        "classes": list(numbers),
        "labels": list(labels),
        "ticks": [dict(vars(tick)) for tick in ticks],
        "badge": badge,
        "selected": selected,
        "focus": [round(side, 4) for side in focus],
        "height": height,
        "texts": texts,
        "values": list(values),
        "compact": is_compact,
        "outlined": list(outlined),
        "sought": sought,
        "key": key,
        "frames": frames,
        "picture": picture,
        **({} if ways is None else {"ways": ways}),
        **({} if names is None else {"names": dict(names)}),
    }


@dataclass(frozen=True)
class MapView:
    """What a map shows, as the frontend paints it.

    Attributes
    ----------
    about
        What it shows, in a sentence.
    geometry
        Address of the geometry, see `dashboard.ui.geometry.geometry_address`.
    classes
        Palette and legend.
    numbers
        Class of each ward, an index into ``classes``, in the order of the geometry.
    focus
        West, south, east, north in degrees of what the map is framed on.
    height
        Height of the map as a CSS length.
    labels
        Codes of the wards that bear a label.
    ticks
        Signs on labelled wards.
    badge
        What stands in the map's corner, so that no picture of it goes without; empty for nothing.
    selected
        Code of the ward in strong outline.
    values
        What the tooltip says of each ward beside its class, in the order of the geometry; none for nothing.
    is_compact
        A small map: no buttons, inset, scale or legend of its own.
    outlined
        Codes of wards with a strong outline, whatever their class.
    sought
        Code of a ward that is brought into view when it changes.
    key
        The legend of figures that stands beside the map; without it the classes stand below.
    frames
        What is played over time: ``labels`` of the moments, ``classes``, one text a moment with a digit a
        ward in the order of the geometry, and ``counts``, likewise the wards of each class.
    picture
        ``title``, ``subtitle``, ``credit`` (its sources) and ``name`` of the file: with it the map has a
        button that saves it as PNG.
    ways
        Ways and stops over the wards.
    names
        What labels say instead of the name of their ward, by its code.
    """

    about: Words | str
    geometry: str
    classes: Sequence[MapClass]
    numbers: Sequence[int]
    focus: Sequence[float]
    height: str
    labels: Sequence[str] = ()
    ticks: Sequence[Tick] = ()
    badge: Words | str = ""
    selected: str | None = None
    values: Sequence[Words | str] = ()
    is_compact: bool = False
    outlined: Sequence[str] = ()
    sought: str | None = None
    key: Mapping[str, Any] | None = None
    frames: Mapping[str, Any] | None = None
    picture: Mapping[str, Words | str] | None = None
    ways: Mapping[str, Any] | None = None
    names: Mapping[str, Words | str] | None = None

    def as_sent(self) -> dict[str, Any]:
        """Return the state that the frontend paints; its `Words` are rendered when it is packed."""
        return {
            "geometry": self.geometry,
            "palette": [vars(entry) for entry in self.classes],
            "classes": list(self.numbers),
            "labels": list(self.labels),
            "ticks": [vars(tick) for tick in self.ticks],
            "badge": self.badge,
            "selected": self.selected,
            "focus": [round(side, 4) for side in self.focus],
            "height": self.height,
            "texts": {
                "map": message("Map: {about}", about=self.about),
                "zoomIn": message("Zoom in"),
                "zoomOut": message("Zoom out"),
                "home": message("Back to the first view"),
                "city": message("Show the whole city"),
                "north": message("N"),
                "picture": message("Save the map as a picture"),
                "play": message("Play"),
                "pause": message("Pause"),
                "moment": message("Month that the map shows"),
                "failed": message("The map's outlines could not be loaded. Reload the page."),
            },
            "values": list(self.values),
            "compact": self.is_compact,
            "outlined": list(self.outlined),
            "sought": self.sought,
            "key": self.key,
            "frames": self.frames,
            "picture": self.picture,
            **({} if self.ways is None else {"ways": self.ways}),
            **({} if self.names is None else {"names": dict(self.names)}),
        }
