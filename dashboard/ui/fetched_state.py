"""What the frontend fetches by itself, as `dashboard.ui.frontend_state` states what it is sent."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from dashboard.ui.frontend_state import (
    Circles,
    CircleSize,
    FigureKey,
    FormerState,
    PaletteEntry,
    SquareKey,
    Text,
    TickEntry,
)
from geodata.language import Language


class WardOutline(TypedDict):
    """A ward as a map's geometry holds it.

    Attributes
    ----------
    at
        A point inside, lon and lat in units.
    polygons
        Each a list of rings, each ring lon, lat, lon, lat … in units, every vertex as its difference from the
        one before.
    """

    code: str
    name: str
    kind: str
    district: str
    at: Sequence[int]
    polygons: Sequence[Sequence[Sequence[int]]]


class River(TypedDict):
    """A part of a river: its width in metres, 0 where unknown, and its line, as rings are."""

    width: int
    line: Sequence[int]


class GeometryFile(TypedDict):
    """The geometry of one vintage.

    Attributes
    ----------
    scale
        Units per degree.
    bounds
        West, south, east, north in degrees of all wards.
    main
        Likewise, without islands that lie far from the rest.
    """

    vintage: str
    scale: int
    bounds: Sequence[float]
    main: Sequence[float]
    wards: Sequence[WardOutline]
    water: Sequence[River]


class Control(TypedDict):
    """A widget: its key, and the values of its options in their order, or by what they are called."""

    key: str
    values: Sequence[str] | Mapping[str, str]


class Pilots(TypedDict):
    """Which wards are in the pilot from a day on, in days since 1970."""

    since: int
    codes: Sequence[str]


class CircleSizes(TypedDict):
    """The circles of the legend where no circle is larger; see `Circles`."""

    most: float
    sizes: Sequence[CircleSize]


class MonthsTexts(TypedDict):
    """The words of the timeline."""

    first: Text
    last: Text
    illustrative: Text


class MonthsFile(TypedDict):
    """What the figures of a map follow from for any whole months; see ``frontend/months.js``.

    Attributes
    ----------
    vintage
        The boundaries; ``isUsual`` of a range that ends with a month.
    starts
        First day of each month in days since 1970, and the day after the last; at the ends of the data a
        part of a month stands for it.
    counts
        By month, of each ward in the order of the geometry; none where it did not report.
    isIllustrative
        Whether a part of a month's counts was generated.
    exposures
        What counts are set against in a year; none for totals.
    factor
        How many of these.
    least
        The share of days, in %, that a ward has to report.
    bounds
        Upper bounds of the classes.
    places
        0 for a ward outside the areas, 1 for one that counts, 2 for one that the legend does not count.
    pilots
        Each change of what is labelled and outlined.
    circles
        Their legends, rising; none where shades are shown.
    """

    language: Language
    texts: MonthsTexts
    vintage: str
    starts: Sequence[int]
    isUsual: Sequence[bool]
    isIllustrative: Sequence[bool]
    counts: Sequence[Sequence[float | None]]
    exposures: Sequence[float | None] | None
    factor: int
    least: int
    bounds: Sequence[float]
    places: Sequence[int]
    pilots: Sequence[Pilots]
    circles: Sequence[CircleSizes] | None


class AheadAnswer(TypedDict):
    """What changes of a map with its classes; what is missing comes with the page."""

    asks: Mapping[str, str]
    follows: bool
    geometry: str
    palette: Sequence[PaletteEntry]
    classes: Sequence[int]
    labels: Sequence[str]
    ticks: Sequence[TickEntry]
    badge: Text
    schematic: Text
    focus: Sequence[float]
    outlined: Sequence[str]
    key: FigureKey | SquareKey | None
    circles: Circles | None
    former: FormerState | None
