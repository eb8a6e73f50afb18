"""The whole wall as data: its scenes, and the facts of the data that always stand on the screen."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.query import layers
from dashboard.query.caching import cached_up_to
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.query.units import area_names
from dashboard.screens.wall.scene import Scene, View
from dashboard.screens.wall.scenes import SCENES
from dashboard.screens.wall.settings import Settings
from dashboard.subjects.programme.words import ILLUSTRATIVE
from dashboard.ui.component import said
from dashboard.ui.frontend_state import WallBadge, WallTexts
from geodata.contract.build_failure import BuildFailure, read_failure
from geodata.language import Message, Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import number
from geodata.period import default_vintage

RIVERS = message("Rivers: © OpenStreetMap")
"""What the licence of the layer ``water`` asks for wherever it is shown."""

TEXTS: WallTexts = {"paused": message("Paused"), "lost": message("Connection lost")}
"""The words that the wall's frontend shows by itself."""


@dataclass(frozen=True)
class _Shown:
    """What a wall shows of one build on one day, before notices and badges."""

    vintage: str
    scenes: list[dict[str, Any]]
    is_illustrative: bool
    unknown: tuple[Message, ...]


def wall_state(
    published: Publication, settings: Settings, today: datetime.date, notices: Sequence[Message] = ()
) -> dict[str, Any]:
    """Return the wall as its frontend reads it; cheap to ask for again while nothing has changed.

    Parameters
    ----------
    published
        What is published now.
    settings, notices
        From `dashboard.screens.wall.settings.read_settings`.
    today
        Today in Vietnam.
    """
    shown = _shown(published, settings, today)
    built = datetime.datetime.fromisoformat(layers.layer(published, "build")["built_at"].iloc[0])
    footer: list[Words] = [
        message("Data of {moment}", moment=moment(built)),
        message("Boundaries of {day}", day=day(shown.vintage)),
        *([] if layers.layer(published, "water").empty else [RIVERS]),
    ]
    hours = settings.hours
    told = {
        "lang": settings.language,
        "theme": settings.theme,
        "texts": TEXTS,
        "hours": {"from": hours.since, "to": hours.until} if hours else None,
        "badges": badges(
            age_days=(today - built.date()).days,
            stale_after_days=settings.stale_after_days,
            failure=read_failure(published.path),
            is_illustrative=shown.is_illustrative,
        ),
        "footer": footer,
        "notices": [*notices, *shown.unknown],
    }
    return with_key({**said(told, settings.language), "scenes": shown.scenes})


@cached_up_to(8)
def _shown(published: Publication, settings: Settings, today: datetime.date) -> _Shown:
    view, unknown = view_of(published, settings, today)
    found = [SCENES[name](view) for name in settings.scenes]
    scenes = [scene for scene in found if scene is not None] or [
        Scene("nothing", message("There is nothing to show on the wall yet"))
    ]
    return _Shown(
        view.query.vintage,
        [said(scene.as_sent(settings.seconds, settings.language), settings.language) for scene in scenes],
        any(scene.is_illustrative for scene in scenes),
        tuple(unknown),
    )


def with_key(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state with its ``key``, which changes when any of it does."""
    text = json.dumps({**state, "key": ""}, sort_keys=True)
    return {**state, "key": hashlib.sha256(text.encode()).hexdigest()[:16]}


def moment(built: datetime.datetime) -> str:
    """Return the day and time of a build, as dd/mm/yyyy, HH:MM."""
    return f"{built:%d/%m/%Y, %H:%M}"


def view_of(published: Publication, settings: Settings, today: datetime.date) -> tuple[View, list[Message]]:
    """Return what scenes are made from, and what the settings ask for that these data do not have."""
    vintages, extent = layers.vintages(published), layers.extent(published)
    vintage = default_vintage(vintages, extent)
    notices = []
    if settings.vintage == "latest":
        vintage = vintages[-1]
    elif settings.vintage in vintages:
        vintage = settings.vintage
    elif settings.vintage != "programme":
        notices.append(
            message(
                "There are no boundaries of {value}; there are those of {vintages}.",
                value=day(settings.vintage),
                vintages=joined(", ", [day(one) for one in vintages]),
            )
        )
    names = area_names(published, vintage)
    unknown = [code for code in settings.areas if code not in names]
    if unknown:
        notices.append(
            message(
                "The boundaries of {day} have no district or ward with the code {codes}.",
                day=day(vintage),
                codes=", ".join(unknown),
            )
        )
    areas = tuple(code for code in settings.areas if code in names)
    query = Query(published, extent, vintage, areas, settings.verified_only)
    return View(query, today, settings.theme), notices


def badges(
    *,
    age_days: int,
    stale_after_days: int,
    failure: BuildFailure | None,
    is_illustrative: bool,
) -> list[WallBadge]:
    """Return what has to be known of the data before they are believed.

    Parameters
    ----------
    age_days
        Days since the data were built.
    stale_after_days
        After so many days they are old.
    failure
        The build that has failed since.
    is_illustrative
        Something on the wall was generated.
    """
    found: list[WallBadge] = []
    if failure is not None:
        text = message("A build failed")
        if failure.failed_at:
            at = datetime.datetime.fromisoformat(failure.failed_at)
            text = message("A build failed on {moment}", moment=moment(at))
        found.append({"kind": "failed", "text": text})
    if age_days > stale_after_days:
        found.append({"kind": "age", "text": message("Data are {count} days old", count=number(age_days))})
    if is_illustrative:
        found.append({"kind": "illustrative", "text": ILLUSTRATIVE})
    return found
