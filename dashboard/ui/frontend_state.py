"""What the server sends to the frontend: the one statement of its form, for both sides.

mypy checks the builders of map, picker, links and badges against it; what subjects make, which know no
frontend, is taken at its word. ``python -m tools.frontend_types`` writes it as ``frontend/state.d.ts``,
against which tsc checks the JavaScript, and a test holds the two together. Colours are ``#RRGGBB``; `Text`
is rendered as it is packed, so the frontend reads strings.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

from geodata.language import Language, Words

Text = Words | str
Pattern = Literal["", "hatch", "dots"]
Form = Literal["circle", "square", "diamond", "hexagon"]
StopKind = Literal["start", "end", "both", "visit"]


class PaletteEntry(TypedDict):
    """A class of a map and its entry in the legend; see `dashboard.ui.map.MapClass`."""

    label: Text
    count: Text
    colour: str
    pattern: Pattern
    outlined: bool
    faded: bool
    is_land: bool


class TickEntry(TypedDict):
    """A sign on some of the labelled wards, and its entry in the legend; see `dashboard.ui.map.Tick`."""

    label: Text
    count: Text
    codes: Sequence[str]
    is_partly: bool


class Histogram(TypedDict):
    """The bars of a legend.

    Attributes
    ----------
    counts
        Of bins of equal width.
    places
        Where the bounds of classes lie between the lowest and the highest figure, from 0 to 1.
    classes
        The class of each bin's middle.
    ends
        Lowest and highest figure as text; none without figures.
    """

    counts: Sequence[int]
    places: Sequence[float]
    classes: Sequence[int]
    ends: Sequence[Text]


class FigureKey(TypedDict):
    """The legend of one figure that stands beside a map; ``about`` says how its classes were made."""

    title: Text
    unit: Text
    about: Sequence[Text]
    hint: NotRequired[Text | None]
    histogram: NotRequired[Histogram]
    histogramLabel: NotRequired[Text]


class SquareAxis(TypedDict):
    """One of two figures in the square of their classes."""

    title: Text
    unit: Text
    labels: Sequence[Text]


class SquareKey(TypedDict):
    """The legend of two figures: the first nine classes of the palette, row by row."""

    rows: SquareAxis
    columns: SquareAxis
    about: Sequence[str]


class Frames(TypedDict):
    """What a map plays over time.

    Attributes
    ----------
    labels
        Names of the moments.
    classes
        One text a moment: a digit to base 36 a ward, in the order of the geometry.
    counts
        Likewise how many wards each class has.
    about
        What stands below the name of each moment.
    """

    labels: Sequence[str]
    classes: Sequence[str]
    counts: Sequence[Sequence[Text]]
    about: Sequence[Text]


class CircleSize(TypedDict):
    """A circle of the legend: its number, and what stands beside it."""

    value: float
    label: Text


class Circles(TypedDict):
    """Numbers that are shown as circles over the wards.

    Attributes
    ----------
    values
        Of each ward, in the order of the geometry; 0 for no circle.
    frames
        Likewise at each moment that is played.
    most
        The number of the largest circle that there is room for.
    sizes
        Of the legend, largest first.
    """

    values: Sequence[float]
    frames: Sequence[Sequence[float]]
    most: float
    sizes: Sequence[CircleSize]


class PictureTexts(TypedDict):
    """What stands around a map that is saved as a picture, and the name of its file."""

    title: Text
    subtitle: Text
    credit: Text
    name: str


class Leg(TypedDict):
    """A leg of a way, its points in units as rings are; dashed for an estimate by straight line."""

    points: Sequence[int]
    colour: str
    dashed: bool


class Stop(TypedDict):
    """A stop: ``at`` is lat and lon in degrees, ``text`` stands in its sign, ``label`` beside it."""

    kind: StopKind
    at: Sequence[float]
    text: str
    label: Text
    colour: str
    form: Form


class LineEntry(TypedDict):
    """The entry of the legend for a kind of leg."""

    label: Text
    colour: str
    dashed: bool


class SignEntry(TypedDict):
    """The entry of the legend for the stops of a team."""

    label: Text
    kind: StopKind
    colour: str
    form: Form


class WaysState(TypedDict):
    """Ways and stops over a map; ``scale`` is in units per degree."""

    scale: int
    legs: Sequence[Leg]
    stops: Sequence[Stop]
    legend: Sequence[LineEntry | SignEntry]


class FormerOutline(TypedDict):
    """A ward of other boundaries that is drawn over a map.

    Attributes
    ----------
    code
        Its code in its own geometry.
    sign
        What labels and ticks call it: its code alone may be that of another ward of the map.
    number
        Its class, an index into the palette.
    label
        What stands beside it.
    """

    code: str
    sign: str
    number: int
    label: str


class FormerVintage(TypedDict):
    """The wards of one vintage that are drawn over a map of another; ``geometry`` is their file's address."""

    geometry: str
    wards: Sequence[FormerOutline]


class FormerState(TypedDict):
    """Wards of other boundaries that are drawn over a map as they were, with their entries in the legend."""

    palette: Sequence[PaletteEntry]
    vintages: Sequence[FormerVintage]


class MapTexts(TypedDict):
    """The words that a map itself shows or speaks."""

    map: Text
    zoomIn: Text
    zoomOut: Text
    home: Text
    city: Text
    north: Text
    picture: Text
    play: Text
    pause: Text
    moment: Text
    failed: Text


class BasemapState(TypedDict):
    """The basemap that lies over the wards; ``zoom`` is the closest that its file has tiles of."""

    address: str
    zoom: int
    credit: Text


class Ahead(TypedDict):
    """What a map needs to show what is chosen before the page has run anew; see `dashboard.shell.ahead`.

    Attributes
    ----------
    route
        Address that answers what the map shows of a link.
    asks
        Parameters of the link of what is shown.
    follows
        Whether the boundaries follow the days.
    controls
        Address of the `Control` of each parameter.
    months
        Address of the `MonthsFile`; none of a map that does not follow from months.
    """

    route: str
    asks: Mapping[str, str]
    follows: bool
    controls: str
    months: str | None


class MapState(TypedDict):
    """What a map shows; its fields are those of `dashboard.ui.map.MapView`."""

    geometry: str
    palette: Sequence[PaletteEntry]
    classes: Sequence[int]
    labels: Sequence[str]
    ticks: Sequence[TickEntry]
    badge: Text
    schematic: Text
    selected: str | None
    focus: Sequence[float]
    height: str
    texts: MapTexts
    values: Sequence[Text]
    compact: bool
    outlined: Sequence[str]
    sought: str | None
    key: FigureKey | SquareKey | None
    frames: Frames | None
    picture: PictureTexts | None
    ways: NotRequired[WaysState]
    circles: NotRequired[Circles]
    names: NotRequired[Mapping[str, Text]]
    former: NotRequired[FormerState]
    ahead: NotRequired[Ahead]
    basemap: NotRequired[BasemapState]


WallHours = TypedDict("WallHours", {"from": str, "to": str})
"""When scenes are shown, as HH:MM; these may run over midnight."""


class WallBadge(TypedDict):
    """What has to be known of the data before they are believed."""

    kind: Literal["age", "failed", "illustrative"]
    text: Text


class WallKey(TypedDict):
    """A key, as it is printed on a keyboard, and what it does."""

    key: Text
    does: Text


class WallTexts(TypedDict):
    """The words that the wall itself shows or speaks."""

    paused: Text
    lost: Text
    keys: Text


class WallScene(TypedDict):
    """One scene: its message, its body as HTML, its map and the boundaries of that."""

    id: str
    headline: Text
    seconds: int
    body: str
    map: MapState | None
    layout: Literal["full", "map"]
    boundaries: Text


class WallState(TypedDict):
    """The whole wall.

    Attributes
    ----------
    key
        Changes when any of it does.
    exit
        The query of a link to the pages.
    zone
        That of its clock.
    """

    key: str
    exit: str
    keys: Sequence[WallKey]
    lang: Language
    zone: str
    theme: Literal["dark", "light"]
    texts: WallTexts
    hours: WallHours | None
    badges: Sequence[WallBadge]
    footer: Sequence[Text]
    notices: Sequence[Text]
    scenes: Sequence[WallScene]


class SentWall(WallState):
    """The wall as it is sent: with the light colour for each on dark ground, for paper."""

    lights: Mapping[str, str]
