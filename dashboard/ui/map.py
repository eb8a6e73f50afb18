"""What a map shows, as the frontend paints it.

Geometry is not part of a state: the frontend fetches it once a vintage (`dashboard.ui.static_files`). A state
holds one class number a ward and a palette a few entries long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dashboard.subjects.programme.classes import MapClass, Tick
from dashboard.ui.basemap import basemap_state
from dashboard.ui.frontend_state import (
    Ahead,
    Circles,
    FigureKey,
    FormerState,
    Frames,
    MapState,
    PaletteEntry,
    PictureTexts,
    SquareKey,
    TickEntry,
    WaysState,
)
from dashboard.ui.geometry import Outlines
from geodata.language import Words, joined, message

SCHEMATIC = message("Schematic boundaries")
"""What stands on every map whose outlines are schematic."""


@dataclass(frozen=True)
class MapView:
    """What a map shows, as the frontend paints it.

    Attributes
    ----------
    about
        What it shows, in a sentence.
    geometry
        See `dashboard.ui.geometry.outlines`; schematic ones are called so on every map and picture.
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
        ward in the order of the geometry, ``counts``, likewise the wards of each class, and ``about``, what
        stands below each label.
    picture
        ``title``, ``subtitle``, ``credit`` (its sources; that of the outlines is added) and ``name`` of the
        file: with it the map has a button that saves it as PNG.
    ways
        Ways and stops over the wards.
    circles
        Numbers that are shown as circles over the wards, see `dashboard.ui.frontend_state.Circles`.
    names
        What labels say instead of the name of their ward, by its code.
    former
        Wards of other boundaries that are drawn over the map, see `dashboard.ui.geometry.former_outlines`.
    ahead
        What it needs to show what is chosen before the page has run anew.
    """

    about: Words | str
    geometry: Outlines
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
    circles: Mapping[str, Any] | None = None
    names: Mapping[str, Words | str] | None = None
    former: FormerState | None = None
    ahead: Ahead | None = None

    def as_sent(self) -> MapState:
        """Return the state that the frontend paints; its `Words` are rendered when it is packed."""
        notes = self.geometry.notes
        notice = [] if notes.notice is None else [notes.notice]
        picture = None
        if self.picture is not None:
            credits = [self.picture["credit"], notes.credit, *notice]
            picture = {**self.picture, "credit": joined(" · ", [one for one in credits if one])}
        state: MapState = {
            "geometry": self.geometry.address,
            "palette": [cast(PaletteEntry, vars(entry)) for entry in self.classes],
            "classes": list(self.numbers),
            "labels": list(self.labels),
            "ticks": [cast(TickEntry, vars(tick)) for tick in self.ticks],
            "badge": self.badge,
            "schematic": SCHEMATIC if self.geometry.notes.is_schematic else "",
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
                "picture": joined(". ", [message("Save the map as a picture"), *notice]),
                "play": message("Play"),
                "pause": message("Pause"),
                "moment": message("Month that the map shows"),
                "failed": message("The map's outlines could not be loaded. Reload the page."),
            },
            "values": list(self.values),
            "compact": self.is_compact,
            "outlined": list(self.outlined),
            "sought": self.sought,
            # What subjects make, which know no frontend.
            "key": cast(FigureKey | SquareKey | None, self.key),
            "frames": cast(Frames | None, self.frames),
            "picture": cast(PictureTexts | None, picture),
        }
        if self.ways is not None:
            state["ways"] = cast(WaysState, self.ways)
        if self.circles is not None:
            state["circles"] = cast(Circles, self.circles)
        if self.names is not None:
            state["names"] = dict(self.names)
        if self.former is not None:
            state["former"] = self.former
        if self.ahead is not None:
            state["ahead"] = self.ahead
        if not self.is_compact and (ground := basemap_state()) is not None:
            state["basemap"] = ground
        return state
