"""What the server sends to the frontend's controls: the days, the links to pages, and the list of stops.

As `dashboard.ui.frontend_state` for the map and the wall.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

from dashboard.ui.frontend_state import Form, Text
from geodata.language import Language


class PickerPreset(TypedDict):
    """A range of days that is offered by name."""

    name: Text
    since: str
    until: str


class PickerTexts(TypedDict):
    """The words of the choice of a range of days; ``{since}``, ``{until}``, ``{value}`` are filled in."""

    range: Text
    dialog: Text
    since: Text
    until: Text
    form: Text
    month: Text
    year: Text
    previous: Text
    next: Text
    apply: Text
    noDay: Text
    backwards: Text
    outside: Text


class PickerState(TypedDict):
    """The choice of a range of days: the range that is shown, and the first and last day there is."""

    language: Language
    since: str
    until: str
    least: str
    most: str
    presets: Sequence[PickerPreset]
    texts: PickerTexts


class LinkedPage(TypedDict):
    """A page: ``own`` is what was last chosen on it, as a query; its link carries what ``frame`` names."""

    path: str
    title: Text
    own: str
    frame: Sequence[str]


class SignedIn(TypedDict):
    """Who is signed in, and the pages about that.

    Attributes
    ----------
    name
        Of the account.
    links
        Their paths and titles.
    query
        Of their addresses.
    leave
        What the button to sign out says.
    """

    label: Text
    name: Text
    links: Sequence[tuple[str, Text]]
    query: str
    leave: Text


class LinksState(TypedDict):
    """The links to all pages.

    Attributes
    ----------
    words
        What is said instead of Streamlit's own words.
    frame
        The parameters that each link carries.
    account
        Who is signed in; ``None`` for nobody.
    """

    language: Language
    words: Mapping[str, str]
    name: Sequence[Text]
    label: Text
    root: str
    current: str
    pages: Sequence[LinkedPage]
    account: SignedIn | None


class StopRow(TypedDict):
    """A row of the list of stops.

    Attributes
    ----------
    key
        What a visit was asked for as; else empty.
    hint
        How exactly its place is known.
    leg, method
        Length and minutes of the way there, and how these were found.
    waits
        What happens before it begins, or why it was left out.
    """

    kind: Literal["left", "team", "start", "visit", "lunch", "end"]
    key: str
    sign: str
    name: Text
    colour: str
    form: Form
    hint: NotRequired[Text]
    times: NotRequired[Text]
    leg: NotRequired[Text]
    method: NotRequired[Literal["", "network", "straight_line"]]
    waits: NotRequired[Text]


class StopTexts(TypedDict):
    """The words of the list of stops; ``{name}`` and ``{number}`` are filled in."""

    about: Text
    stop: Text
    times: Text
    leg: Text
    up: Text
    down: Text
    remove: Text
    drag: Text
    network: Text
    straight_line: Text
    start: Text
    end: Text
    moved: Text


class StopsState(TypedDict):
    """The stops of a route, which may be put in another order where they are movable."""

    rows: Sequence[StopRow]
    texts: StopTexts
    movable: bool
