"""The whole wall as data: its scenes, and the facts of the data that always stand on the screen."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.query import layers as data
from dashboard.query.caching import cached, cached_up_to
from dashboard.query.publication import Publication
from dashboard.query.units import area_titles, programme_frame
from dashboard.screens.wall.makers import MAKERS
from dashboard.screens.wall.parts import column, note
from dashboard.screens.wall.scene import Scene, View
from dashboard.screens.wall.settings import Settings
from dashboard.ui.citations import badge_text
from dashboard.ui.formats import day, number
from dashboard.ui.geometry import geometry_address
from geodata.contract.build_failure import BuildFailure, read_failure
from geodata.language import Language, Message, message, translate
from geodata.period import default_vintage

RIVERS = message("Rivers: © OpenStreetMap")
"""What the licence of the layer ``water`` asks for wherever it is shown."""


@dataclass(frozen=True)
class _Shown:
    """What a wall shows of one build on one day, before notices and badges."""

    view: View
    scenes: tuple[Scene, ...]
    unknown: tuple[Message, ...]


def wall_state(
    published: Publication,
    settings: Settings,
    today: datetime.date,
    language: Language,
    notices: Sequence[Message] = (),
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
    language
        Language of the screen.
    """
    shown = _shown(published, settings, today, language)
    scenes = shown.scenes or (nothing_scene(shown.view),)
    build = data.layer(published, "build").iloc[0]
    failure = read_failure(published.path)
    state = {
        "lang": language,
        "theme": settings.theme,
        "texts": texts(language),
        "hours": {"from": settings.hours.since, "to": settings.hours.until} if settings.hours else None,
        "badges": badges(
            shown.view,
            age_days=(today - datetime.datetime.fromisoformat(build["built_at"]).date()).days,
            stale_after_days=settings.stale_after_days,
            failure=failure,
            is_illustrative=any(scene.is_illustrative for scene in scenes),
            has_schematic=_has_schematic(published, shown.view.vintage),
        ),
        "footer": [
            translate("Data of {moment}", language, moment=moment(build["built_at"])),
            translate("Boundaries of {day}", language, day=day(shown.view.vintage, language)),
            *([] if data.layer(published, "water").empty else [RIVERS.render(language)]),
        ],
        "notices": [notice.render(language) for notice in (*notices, *shown.unknown)],
        "scenes": [scene.as_sent(settings.seconds) for scene in scenes],
    }
    return {"key": key_of(state), **state}


@cached_up_to(8)
def _shown(published: Publication, settings: Settings, today: datetime.date, language: Language) -> _Shown:
    view, unknown = view_of(published, settings, today, language)
    made = [MAKERS[name](published, view) for name in settings.scenes]
    return _Shown(view, tuple(scene for scene in made if scene is not None), tuple(unknown))


@cached
def _has_schematic(published: Publication, vintage: str) -> bool:
    return bool(data.of_vintage(published, "ward", vintage)["boundary_quality"].eq("schematic").any())


def nothing_scene(view: View) -> Scene:
    """Return the scene that says what is missing, where no other one has anything to say."""
    language = view.language
    return Scene(
        "nothing",
        translate("There is nothing to show on the wall yet", language),
        column(
            note(
                translate(
                    "None of the chosen scenes has facts on record. Import stages, inspections or visits, or "
                    "choose other scenes or districts in wall.toml.",
                    language,
                )
            )
        ),
    )


def key_of(state: dict[str, Any]) -> str:
    """Return a text that changes when a state does."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def moment(built_at: str) -> str:
    """Return the day and time of a build, as dd/mm/yyyy, HH:MM."""
    return f"{datetime.datetime.fromisoformat(built_at):%d/%m/%Y, %H:%M}"


def view_of(
    published: Publication, settings: Settings, today: datetime.date, language: Language
) -> tuple[View, list[Message]]:
    """Return what scenes are made from, and what the settings ask for that these data do not have."""
    vintages, extent = data.vintages(published), data.extent(published)
    vintage = default_vintage(vintages, data.layer(published, "pilot_status"), extent)
    notices = []
    if settings.vintage == "latest":
        vintage = vintages[-1]
    elif settings.vintage in vintages:
        vintage = settings.vintage
    elif settings.vintage != "programme":
        notices.append(
            message(
                "There are no boundaries of {value}; there are those of {vintages}.",
                value=day(settings.vintage, language),
                vintages=", ".join(day(one, language) for one in vintages),
            )
        )
    titles = area_titles(published, vintage, language)
    areas = tuple(code for code in settings.areas if code in titles)
    unknown = [code for code in settings.areas if code not in titles]
    if unknown:
        notices.append(
            message(
                "The boundaries of {day} have no district or ward with the code {codes}.",
                day=day(vintage, language),
                codes=", ".join(unknown),
            )
        )
    view = View(
        known=data.evidence(published, extent, verified_only=settings.verified_only),
        vintage=vintage,
        areas={code: titles[code] for code in areas},
        today=today,
        theme=settings.theme,
        language=language,
        geometry=geometry_address(published, vintage),
        focus=programme_frame(published, vintage, areas),
    )
    return view, notices


def badges(
    view: View,
    *,
    age_days: int,
    stale_after_days: int,
    failure: BuildFailure | None,
    is_illustrative: bool,
    has_schematic: bool,
) -> list[dict[str, str]]:
    """Return what has to be known of the data before they are believed: kind and text.

    Parameters
    ----------
    view
        What scenes are made from.
    age_days
        Days since the data were built.
    stale_after_days
        After so many days they are old.
    failure
        The build that has failed since.
    is_illustrative
        Something on the wall was generated.
    has_schematic
        Outlines of the vintage are schematic.
    """
    language = view.language
    found = {}
    if failure is not None and failure.failed_at:
        found["failed"] = translate("A build failed on {moment}", language, moment=moment(failure.failed_at))
    elif failure is not None:
        found["failed"] = translate("A build failed", language)
    if age_days > stale_after_days:
        found["age"] = translate("Data are {count} days old", language, count=number(age_days, language))
    if is_illustrative:
        found["illustrative"] = badge_text(language)
    if has_schematic:
        found["schematic"] = translate("Schematic boundaries", language)
    return [{"kind": kind, "text": text} for kind, text in found.items()]


def texts(language: Language) -> dict[str, str]:
    """Return the words that the wall's frontend shows or speaks by itself."""
    return {
        "wall": translate("Wall display", language),
        "paused": translate("Paused", language),
        "lost": translate("Connection lost", language),
        "scene": translate("Scene {number} of {count}", language, number="{number}", count="{count}"),
    }
