"""Event coverage, when an event is near: how much of its security plan is assigned."""

import datetime
from collections.abc import Sequence

from markupsafe import Markup

from dashboard.screens.wall.parts import Bar, bars, big_number, column, heading, note, source_line
from dashboard.screens.wall.scene import Frame, Scene, View, in_language, wall_map
from dashboard.subjects.events.model import RecordedEvent, SiteMap, shares
from dashboard.subjects.events.words import headline, map_classes, not_on_map
from dashboard.ui.abbreviations import meanings
from dashboard.ui.formats import number, sentence
from geodata.contract.layers import FIELDS
from geodata.events.plan import SecurityPlan
from geodata.language import Language, render, translate

NEAR_DAYS = 30
"""An event is near from so many days before it on."""


def near_event(events: Sequence[RecordedEvent], today: datetime.date) -> RecordedEvent | None:
    """Return the next event of today or of the `NEAR_DAYS` to come."""
    near = [event for event in events if 0 <= (event.day - today).days <= NEAR_DAYS]
    return min(near, key=lambda event: (event.day, event.event_id), default=None)


def scene(
    view: View, event: RecordedEvent, plan: SecurityPlan, drawn: SiteMap, geometry: str, frame: Frame
) -> Scene:
    """Return the scene of an event.

    Parameters
    ----------
    view
        What every scene is made from.
    event
        The event.
    plan
        Its plan.
    drawn
        Its sites on the map of the vintage in which most of them were recorded.
    geometry, frame
        Of that vintage, and the bounds of the sites.
    """
    language = view.language
    told = render(headline(event, plan), language)
    placeless = [note(render(not_on_map(drawn.placeless), language))] if drawn.placeless else []
    body = column(
        _days_left(event, view.today, language),
        note(render(event.name, language)),
        *_shares(plan, language),
        *placeless,
        source_line([event.source, *plan.cells["source"].dropna()], view.known.source, language),
    )
    if not drawn.codes:
        return Scene("event", told, body)
    classes = in_language(map_classes(drawn), language)
    state = wall_map(
        view, classes, drawn.class_numbers, told, labels=drawn.codes, focus=frame, geometry=geometry
    )
    return Scene("event", told, body, state)


def _days_left(event: RecordedEvent, today: datetime.date, language: Language) -> Markup:
    left = (event.day - today).days
    if not left:
        return big_number(translate("Today", language), translate("day of the event", language))
    return big_number(number(left, language), translate("days to the event", language))


def _shares(plan: SecurityPlan, language: Language) -> list[Markup]:
    if plan.cells.empty:
        return []
    rows, coverages = [], shares(plan)
    for field in FIELDS:
        coverage = coverages[field]
        told = f"{number(coverage.assigned_count, language)} / {number(coverage.cell_count, language)}"
        name = f"{field} · {sentence(meanings(field, language).partition(': ')[2])}"
        rows.append(Bar(name, told, coverage.assigned_pct / 100))
    return [heading(translate("Tasks assigned", language)), bars(rows, of_whole=True)]
