"""What all scenes of the wall have in common: what they are made from, and what they are."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from markupsafe import Markup

from dashboard.screens.routes.overlay import VISITED
from dashboard.subjects.programme.classes import MapClass, Tick
from dashboard.ui.formats import sentence
from dashboard.ui.map import map_state, map_texts
from geodata.evidence import Evidence
from geodata.language import Language, render, translate
from geodata.programme.symbols import DARK as DARK_SYMBOLS

DARK = DARK_SYMBOLS | {VISITED: "#2C5478"}
"""Colours on dark ground by the light one that they stand for; one that is missing stays as it is."""

Theme = Literal["dark", "light"]

Frame = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class View:
    """What every scene is made from.

    Attributes
    ----------
    known
        What is known of all days up to today.
    vintage
        Vintage shown.
    areas
        Names of the districts and wards that are shown, by their code; none for the whole city.
    today
        Today in Vietnam.
    theme, language
        See `dashboard.screens.wall.settings.Settings`.
    geometry
        Address of the vintage's geometry, from the server's root.
    focus
        West, south, east, north in degrees of what maps are framed on.
    """

    known: Evidence
    vintage: str
    areas: Mapping[str, str]
    today: datetime.date
    theme: Theme
    language: Language
    geometry: str
    focus: Frame


@dataclass(frozen=True)
class Scene:
    """One scene.

    Attributes
    ----------
    name
        See `dashboard.screens.wall.settings.SCENES`.
    headline
        Its message, one sentence.
    body
        Numbers, legend, chart or table as HTML.
    map
        From `dashboard.ui.map.map_state`; ``None`` for a scene without a map.
    is_illustrative
        Something that it shows rests on what is illustrative.
    """

    name: str
    headline: str
    body: Markup
    map: dict[str, Any] | None = None
    is_illustrative: bool = False

    def as_sent(self, seconds: int) -> dict[str, Any]:
        """Return the scene as the wall's frontend reads it."""
        return {
            "id": self.name,
            "headline": self.headline,
            "seconds": seconds,
            "body": str(self.body),
            "map": self.map,
            "layout": "full" if self.map is None else "map",
        }


def told(text: str, language: Language, *, is_illustrative: bool) -> str:
    """Return a headline, which says first that it rests on what is illustrative: it may be quoted alone."""
    return translate("Illustrative: {told}", language, told=text) if is_illustrative else sentence(text)


def in_language(classes: Sequence[MapClass], language: Language) -> list[MapClass]:
    """Return the classes of a map with their words in a language."""
    return [
        replace(entry, label=render(entry.label, language), count=render(entry.count, language))
        for entry in classes
    ]


def on_theme(classes: Sequence[MapClass], theme: Theme) -> list[MapClass]:
    """Return the classes of a map in the colours of a theme."""
    if theme == "light":
        return list(classes)
    return [replace(entry, colour=themed(entry.colour, theme)) for entry in classes]


def themed(colour: str, theme: Theme) -> str:
    """Return a colour of `geodata.programme.symbols` in a theme."""
    return DARK.get(colour, colour) if theme == "dark" else colour


def widened(frame: Frame, share: float) -> Frame:
    """Return west, south, east and north with a share of the width and height added on each side."""
    west, south, east, north = frame
    wide, high = share * (east - west), share * (north - south)
    return west - wide, south - high, east + wide, north + high


def wall_map(
    view: View,
    classes: Sequence[MapClass],
    numbers: Sequence[int],
    about: str,
    *,
    labels: Sequence[str] = (),
    ticks: Sequence[Tick] = (),
    outlined: Sequence[str] = (),
    selected: str | None = None,
    focus: Frame | None = None,
    ways: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    geometry: str | None = None,
) -> dict[str, Any]:
    """Return the map of a scene; see `dashboard.ui.map.map_state`; ``about`` says what it shows."""
    return map_state(
        geometry or view.geometry,
        on_theme(classes, view.theme),
        numbers,
        labels=labels,
        ticks=ticks,
        badge="",
        selected=selected,
        focus=focus or view.focus,
        height="100%",
        texts=map_texts(about, view.language),
        outlined=outlined,
        ways=ways,
        names=names,
    )
