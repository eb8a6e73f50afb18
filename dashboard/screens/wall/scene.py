"""What all scenes of the wall have in common: what they are made from, and what they are."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from dashboard.query.query import Query
from dashboard.query.units import programme_frame
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.sources.citations import UNKNOWN, publishers
from dashboard.subjects.visits.map import VISITED
from dashboard.ui.geometry import outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from geodata.language import Language, Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.programme.overdue import Limit
from geodata.programme.symbols import DARK as DARK_SYMBOLS

DARK = DARK_SYMBOLS | {VISITED: "#2C5478"}
"""Colours on dark ground by the light one that they stand for; one that is missing stays as it is."""

NAMED_SOURCES = 3
"""So many sources are named on a scene; the others are counted."""

Theme = Literal["dark", "light"]

Frame = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class View:
    """What every scene is made from.

    Attributes
    ----------
    query
        What is asked: of all days up to today.
    today
        Today in Vietnam.
    theme
        See `dashboard.screens.wall.settings.Settings`.
    limit
        After how many days an inspection is overdue; none where no limit is set.
    """

    query: Query
    today: datetime.date
    theme: Theme
    limit: Limit | None = None

    @property
    def focus(self) -> Frame:
        """Return what maps are framed on unless a scene chooses otherwise."""
        return programme_frame(self.query.published, self.query.vintage, self.query.areas)

    def map(self, about: Words, classes: Sequence[MapClass], numbers: Sequence[int]) -> MapView:
        """Return a map of the vintage's wards in the colours of the theme; see `MapView`."""
        return MapView(
            about=about,
            geometry=outlines(self.query.published, self.query.vintage),
            classes=self.themed(classes),
            numbers=numbers,
            focus=self.focus,
            height="100%",
        )

    def themed(self, classes: Sequence[MapClass]) -> list[MapClass]:
        """Return the classes of a map in the colours of the theme."""
        return [replace(entry, colour=self.colour(entry.colour)) for entry in classes]

    def colour(self, colour: str) -> str:
        """Return a colour of `geodata.programme.symbols` in the theme."""
        return DARK.get(colour, colour) if self.theme == "dark" else colour


@dataclass(frozen=True)
class Scene:
    """One scene.

    Attributes
    ----------
    name
        See `dashboard.screens.wall.settings.SCENES`; its template is called after it.
    headline
        Its message, one sentence.
    values
        What its template names.
    map
        What it shows on a map; ``None`` for a scene without one.
    is_illustrative
        Something that it shows rests on what is illustrative.
    vintage
        The boundaries of its map where they are not those of the wall.
    """

    name: str
    headline: Words
    values: Mapping[str, Any] = field(default_factory=dict)
    map: MapView | None = None
    is_illustrative: bool = False
    vintage: str | None = None

    def as_sent(self, seconds: int, language: Language, vintage: str = "") -> dict[str, Any]:
        """Return the scene as the wall's frontend reads it; ``vintage`` is that of the wall."""
        shown = self.vintage or vintage
        return {
            "id": self.name,
            "headline": self.headline,
            "seconds": seconds,
            "body": str(html(f"wall_{self.name}", language, **self.values)),
            "map": None if self.map is None else self.map.as_sent(),
            "layout": "full" if self.map is None else "map",
            "boundaries": message("Boundaries of {day}", day=day(shown)) if self.map and shown else "",
        }


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes
    ----------
    label
        Of what it is.
    told
        Its figure as it is written, at its end.
    length_pct
        Its length in % of the longest one that there may be.
    colour
        Its colour; empty for that of the theme.
    """

    label: Words | str
    told: Words
    length_pct: float
    colour: str = ""


def marked(told: Words, *, is_illustrative: bool) -> Words:
    """Return a headline, which says first that it rests on what is illustrative: it may be quoted alone."""
    return message("Illustrative: {told}", told=told) if is_illustrative else capitalised(told)


def widened(frame: Frame, share: float) -> Frame:
    """Return west, south, east and north with a share of the width and height added on each side."""
    west, south, east, north = frame
    wide, high = share * (east - west), share * (north - south)
    return west - wide, south - high, east + wide, north + high


def source_line(source_ids: Iterable[object], sources: pd.DataFrame) -> Words:
    """Return where the facts of a scene come from.

    Parameters
    ----------
    source_ids
        Their sources.
    sources
        The layer ``source``.
    """
    names = publishers(source_ids, sources) or [UNKNOWN]
    named = joined("; ", names[:NAMED_SOURCES])
    others = len(names) - NAMED_SOURCES
    if others > 0:
        more = message("{names} and one more source")
        if others > 1:
            more = message("{names} and {count} more sources")
        named = more.of(names=named, count=others)
    return message("Source: {name}", name=named)
