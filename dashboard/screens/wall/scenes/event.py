"""Event coverage, when an event is near: what of its security plan is assigned, and what not stated."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from dashboard.query.layers import of_vintage
from dashboard.screens.wall.scene import Bar, Scene, View, source_line
from dashboard.subjects.events.model import (
    RecordedEvent,
    recorded_events,
    security_plan,
    shares,
    site_map,
    sites_frame,
)
from dashboard.subjects.events.words import assigned_of, headline, map_classes, not_on_map, not_stated
from dashboard.ui.abbreviations import ABBREVIATIONS
from dashboard.ui.geometry import outlines
from geodata.contract.layers import FIELDS
from geodata.events.plan import SecurityPlan, map_vintage
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import number

NEAR_DAYS = 30
"""An event is near from so many days before it on."""


def near_event(events: Sequence[RecordedEvent], today: datetime.date) -> RecordedEvent | None:
    """Return the next event of today or of the `NEAR_DAYS` to come."""
    near = [event for event in events if 0 <= (event.day - today).days <= NEAR_DAYS]
    return min(near, key=lambda event: (event.day, event.event_id), default=None)


def scene(view: View) -> Scene | None:
    """Return the scene of an event; none where none is near."""
    query = view.query
    event = near_event(recorded_events(query), view.today)
    if event is None:
        return None
    plan = security_plan(query, event.event_id)
    drawn = site_map(plan, of_vintage(query.published, "ward", map_vintage(plan, query.vintage)))
    told = headline(event, plan)
    values = {
        "event": event,
        "days_left": (event.day - view.today).days,
        "bars": _bars(plan),
        "not_stated": not_stated(plan),
        "placeless": not_on_map(drawn.placeless) if drawn.placeless else None,
        "source": source_line([event.source, *plan.cells["source"].dropna()], query.layer("source")),
    }
    if not drawn.codes:
        return Scene("event", told, values)
    return Scene(
        "event",
        told,
        values,
        replace(
            view.map(told, map_classes(drawn), drawn.class_numbers),
            geometry=outlines(query.published, drawn.vintage),
            labels=drawn.codes,
            focus=sites_frame(query.published, drawn.vintage, drawn.codes),
        ),
        vintage=drawn.vintage,
    )


def why_not(view: View) -> Words:
    """Return why there is no scene of an event."""
    last = max((event.day for event in recorded_events(view.query)), default=None)
    told = message("No event is on record for the next {count} days", count=number(NEAR_DAYS))
    if last is None or last > view.today:
        return told
    return message("{told}; the last one on record was on {day}", told=told, day=day(last))


def _bars(plan: SecurityPlan) -> list[Bar]:
    if plan.cells.empty:
        return []
    found = shares(plan)
    return [
        Bar(
            joined(" · ", [field, capitalised(ABBREVIATIONS[field])]),
            assigned_of(found[field]),
            100 * found[field].assigned_count / found[field].cell_count,
        )
        for field in FIELDS
    ]
