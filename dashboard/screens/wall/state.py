"""The whole wall as data: its scenes, and the facts of the data that always stand on the screen."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dashboard.query import layers
from dashboard.query.caching import cached_up_to
from dashboard.query.publication import Publication, Setback, publication, setback
from dashboard.query.query import Query
from dashboard.query.units import area_names
from dashboard.screens.wall.scene import Scene, View
from dashboard.screens.wall.scenes import SCENES, WHY_NOT
from dashboard.screens.wall.settings import SCENES as ALL_SCENES
from dashboard.screens.wall.settings import Settings, read_settings
from dashboard.subjects.programme.model import LatestFact, latest_fact
from dashboard.subjects.programme.words import ILLUSTRATIVE
from dashboard.subjects.progress.phrases import when_known
from dashboard.subjects.sources.setback import failed_words, setback_notices
from dashboard.ui.component import said
from dashboard.ui.frontend_state import WallBadge, WallKey, WallTexts
from dashboard.ui.one_file_map import MapSheet, sheet_of
from geodata.clock import VIETNAM
from geodata.language import DEFAULT_LANGUAGE, Message, Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import number
from geodata.period import default_vintage
from geodata.programme.overdue import limit_of
from geodata.settings import settings as installation

RIVERS = message("Rivers: © OpenStreetMap")
"""What the licence of the layer ``water`` asks for wherever it is shown."""

TEXTS: WallTexts = {
    "paused": message("Paused"),
    "lost": message("Connection lost"),
    "keys": message("Keys"),
}
"""The words that the wall's frontend shows by itself."""

KEYS: list[WallKey] = [
    {"key": "←  →", "does": message("the scene before, the next one")},
    {"key": "Home", "does": message("the first scene")},
    {"key": "Space", "does": message("pause, go on")},
    {"key": "F", "does": message("the whole screen")},
    {"key": "?", "does": message("show and hide this list")},
    {"key": "Esc", "does": message("leave for the pages")},
]
"""What the keys do."""


@dataclass(frozen=True)
class _Shown:
    """What a wall shows of one build on one day, before notices and badges."""

    vintage: str
    exit: str
    latest: LatestFact
    scenes: list[dict[str, Any]]
    is_illustrative: bool
    notices: tuple[Words, ...]


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
        _data_until(shown.latest),
        message("Data version of {moment}", moment=moment(built)),
    ]
    hours = settings.hours
    found = setback(published)
    told = {
        "exit": shown.exit,
        "keys": KEYS,
        "lang": settings.language,
        "zone": VIETNAM.key,
        "theme": settings.theme,
        "texts": TEXTS,
        "hours": {"from": hours.since, "to": hours.until} if hours else None,
        "badges": badges(
            age_days=(today - built.date()).days,
            stale_after_days=settings.stale_after_days,
            setback=found,
            is_illustrative=shown.is_illustrative,
            illustrative_until=shown.latest.illustrative,
        ),
        "footer": footer,
        "notices": [*setback_notices(Setback(found.damage, None)), *notices, *shown.notices],
    }
    return with_key({**said(told, settings.language), "scenes": shown.scenes})


def _data_until(latest: LatestFact) -> Words:
    """Return up to when the verified data reach; the badge of what is illustrative says it of that."""
    if latest.verified is None:
        return message("No fact on record")
    told = (
        message("Data up to {day}") if latest.illustrative is None else message("Verified data up to {day}")
    )
    return told.of(day=when_known(latest.verified))


@cached_up_to(8)
def _shown(published: Publication, settings: Settings, today: datetime.date) -> _Shown:
    view, unknown = view_of(published, settings, today)
    found = {name: SCENES[name](view) for name in settings.scenes}
    scenes = [_with_rivers(scene, published) for scene in found.values() if scene is not None]
    # Of all scenes those without anything to say are left out in silence; one that is asked for says why.
    asked = WHY_NOT if set(settings.scenes) != set(ALL_SCENES) else {}
    reasons = [asked[name](view) for name, scene in found.items() if scene is None and name in asked]
    notices = [*unknown, *(reasons if scenes else [])]
    if not scenes:
        told = reasons[0] if len(reasons) == 1 else message("There is nothing to show on the wall yet")
        scenes = [
            Scene("nothing", told, {"reasons": reasons if len(reasons) > 1 else [], "is_told": bool(reasons)})
        ]
    return _Shown(
        view.query.vintage,
        _exit(view.query, settings),
        latest_fact(view.query.evidence()),
        [
            said(scene.as_sent(settings.seconds, settings.language, view.query.vintage), settings.language)
            for scene in scenes
        ],
        any(scene.is_illustrative for scene in scenes),
        tuple(notices),
    )


def _with_rivers(scene: Scene, published: Publication) -> Scene:
    """Return a scene that names whose the rivers of its map are."""
    if scene.map is None or layers.layer(published, "water").empty:
        return scene
    return replace(scene, values={**scene.values, "source": joined(". ", [scene.values["source"], RIVERS])})


def _exit(query: Query, settings: Settings) -> str:
    """Return the query of a link to the pages that shows what the wall shows."""
    shown = {
        **({} if settings.language == DEFAULT_LANGUAGE else {"lang": settings.language}),
        **({} if query.verified_only else {"facts": "all"}),
        "vintage": query.vintage,
        **({"area": ",".join(query.areas)} if query.areas else {}),
    }
    return f"?{urlencode(shown, safe=',')}"


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
    if settings.vintage == "programme":
        recorded = layers.layer(published, "pilot_status")
        pairs = zip(recorded["valid_from"], recorded["vintage"], strict=True)
        vintage = max((pair for pair in pairs if pair[1] in vintages), default=(None, vintage))[1]
    elif settings.vintage in vintages:
        vintage = settings.vintage
    elif settings.vintage != "latest":
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
    named = [code for code in settings.areas if code in names]
    areas = layers.areas_in_scope(published, vintage, named)
    query = Query(published, extent, vintage, areas, settings.verified_only)
    if bool(settings.limit_days) != bool(settings.limit_basis):
        notices.append(
            message("“limit” and “basis” are both needed; without both no unit counts as overdue.")
        )
    limit = limit_of(settings.limit_days, settings.limit_basis)
    return View(query, today, settings.theme, limit), notices


def badges(
    *,
    age_days: int,
    stale_after_days: int,
    setback: Setback,
    is_illustrative: bool,
    illustrative_until: datetime.date | None,
) -> list[WallBadge]:
    """Return what has to be known of the data before they are believed.

    Parameters
    ----------
    age_days
        Days since the data were built.
    stale_after_days
        After so many days they are old.
    setback
        The damage to the published file, and the build that has failed since.
    is_illustrative, illustrative_until
        Something on the wall was generated, and its latest day.
    """
    found: list[WallBadge] = []
    if setback.damage:
        found.append({"kind": "failed", "text": message("The published file is damaged")})
    if setback.failure is not None:
        found.append({"kind": "failed", "text": failed_words(setback.failure)})
    if age_days > stale_after_days:
        found.append(
            {"kind": "age", "text": message("Data version is {count} days old", count=number(age_days))}
        )
    if is_illustrative:
        until = [] if illustrative_until is None else [message("up to {day}", day=day(illustrative_until))]
        found.append({"kind": "illustrative", "text": joined(" ", [ILLUSTRATIVE, *until])})
    return found


def map_sheet(link: Mapping[str, str], today: datetime.date) -> tuple[MapSheet | None, list[Message]]:
    """Return the first map among the scenes of an address, in light colours, and what is wrong with that."""
    settings, wrong = read_settings(link, installation().wall)
    view, unknown = view_of(publication(), replace(settings, theme="light"), today)
    found = (SCENES[name](view) for name in settings.scenes)
    scene = next((one for one in found if one is not None and one.map is not None), None)
    if scene is None or scene.map is None:
        return None, [*wrong, *unknown]
    told: dict[str, Any] = {"title": scene.headline, "notes": [scene.values.get("source", "")]}
    sheet = sheet_of(scene.map, view.query, settings.language, (), scene.vintage, **told)
    return sheet, [*wrong, *unknown]
