"""Event coverage, when an event is near: how much of its security plan is assigned."""

import datetime
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.screens.wall.parts import Bar, bars, big_number, column, heading, note, source_line
from dashboard.screens.wall.scene import Frame, Scene, View, wall_map
from dashboard.subjects.events.plan import event_text, headline
from dashboard.ui.abbreviations import meanings
from dashboard.ui.formats import number, sentence
from dashboard.ui.map import MapClass
from geodata.contract.layers import FIELDS
from geodata.events.coverage import event_coverage
from geodata.events.plan import SecurityPlan
from geodata.language import Language, translate

NEAR_DAYS = 30
"""An event is near from so many days before it on."""


def near_event(event: pd.DataFrame, today: datetime.date) -> dict[Hashable, Any] | None:
    """Return the next event of today or of the `NEAR_DAYS` to come."""
    ahead = (event["event_date"] - pd.Timestamp(today)).dt.days
    near = event[ahead.between(0, NEAR_DAYS)].sort_values(["event_date", "event_id"])
    return None if near.empty else dict(near.iloc[0])


def scene(
    view: View,
    event: Mapping[Hashable, Any],
    plan: SecurityPlan,
    drawn: tuple[list[MapClass], list[int], list[str]] | None,
    geometry: str,
    frame: Frame,
) -> Scene:
    """Return the scene of an event.

    Parameters
    ----------
    view
        What every scene is made from.
    event
        Its row in the layer.
    plan
        Its plan.
    drawn
        `plan.map_classes` and the codes of the sites' wards; ``None`` where no site has a place.
    geometry, frame
        Of the vintage in which most of its sites were recorded, and the bounds of these.
    """
    language = view.language
    told = headline(event, plan, language)
    body = column(
        _days_left(event, view.today, language),
        note(event_text(event, language)),
        *_shares(plan, language),
        *_placeless(plan, language),
        source_line([event["source"], *plan.cells["source"].dropna()], view.known.source, language),
    )
    if drawn is None:
        return Scene("event", told, body)
    classes, numbers, codes = drawn
    state = wall_map(view, classes, numbers, told, labels=codes, focus=frame, geometry=geometry)
    return Scene("event", told, body, state)


def _days_left(event: Mapping[Hashable, Any], today: datetime.date, language: Language) -> Markup:
    left = (event["event_date"].date() - today).days
    if not left:
        return big_number(translate("Today", language), translate("day of the event", language))
    return big_number(number(left, language), translate("days to the event", language))


def _placeless(plan: SecurityPlan, language: Language) -> list[Markup]:
    sites = plan.sites.loc[plan.sites["ward_code"].isna(), "site"]
    if sites.empty:
        return []
    return [note(translate("Not on the map, address not known: {sites}.", language, sites=", ".join(sites)))]


def _shares(plan: SecurityPlan, language: Language) -> list[Markup]:
    if plan.cells.empty:
        return []
    rows = []
    for field in FIELDS:
        cells = plan.cells[plan.cells["field"] == field]
        coverage = event_coverage(cells)
        told = f"{number(coverage.assigned_count, language)} / {number(coverage.cell_count, language)}"
        name = f"{field} · {sentence(meanings(field, language).partition(': ')[2])}"
        rows.append(Bar(name, told, coverage.assigned_pct / 100))
    return [heading(translate("Tasks assigned", language)), bars(rows, of_whole=True)]
