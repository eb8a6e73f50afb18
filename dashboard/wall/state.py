"""The whole wall as data: its scenes, and the facts of the data that always stand on the screen."""

import datetime
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from dashboard import data
from dashboard.data import Publication
from dashboard.formats import day, number
from dashboard.map_component import static_address
from dashboard.notes import badge_text
from dashboard.period import default_vintage
from dashboard.wall.scene import Scene, View
from dashboard.wall.scenes import city
from dashboard.wall.settings import Settings
from geodata.language import Language, Message, message, translate

SCENE_MAKERS: dict[str, Callable[[Publication, View], Scene | None]] = {
    "city": lambda _, view: city.scene(view),
}


def wall_state(
    published: Publication,
    settings: Settings,
    today: datetime.date,
    language: Language,
    notices: Sequence[Message] = (),
) -> dict[str, Any]:
    """Return the wall as its frontend reads it.

    Parameters
    ----------
    published
        What is published now.
    settings, notices
        From `dashboard.wall.settings.read_settings`.
    today
        Today in Vietnam.
    language
        Language of the screen.
    """
    view, unknown = view_of(published, settings, today, language)
    makers = [SCENE_MAKERS[name] for name in settings.scenes if name in SCENE_MAKERS]
    scenes = [made for made in (make(published, view) for make in makers) if made is not None]
    build = data.layer(published, "build").iloc[0]
    state = {
        "lang": language,
        "theme": settings.theme,
        "texts": texts(language),
        "hours": {"from": settings.hours.since, "to": settings.hours.until} if settings.hours else None,
        "badges": badges(published, view, scenes, build, settings.stale_after_days),
        "footer": [
            translate("Data of {moment}", language, moment=moment(build["built_at"])),
            translate("Boundaries of {day}", language, day=day(view.vintage, language)),
        ],
        "notices": [notice.render(language) for notice in (*notices, *unknown)],
        "scenes": [made.as_sent(settings.seconds) for made in scenes],
    }
    return {"key": key_of(state), **state}


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
    titles = data.area_titles(published, vintage, language)
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
        known=data.known(published, extent, verified_only=settings.verified_only),
        vintage=vintage,
        areas={code: titles[code] for code in areas},
        today=today,
        theme=settings.theme,
        language=language,
        geometry=static_address(data.geometry_path(published, vintage)),
        focus=data.programme_frame(published, vintage, areas),
    )
    return view, notices


def badges(
    published: Publication,
    view: View,
    scenes: Sequence[Scene],
    build: pd.Series,
    stale_after_days: int,
) -> list[dict[str, str]]:
    """Return what has to be known of the data before they are believed: kind and text."""
    language = view.language
    found = []
    age = (view.today - datetime.datetime.fromisoformat(build["built_at"]).date()).days
    if age > stale_after_days:
        found.append(("age", translate("Data are {count} days old", language, count=number(age, language))))
    if any(scene.is_illustrative for scene in scenes):
        found.append(("illustrative", badge_text(language)))
    wards = data.of_vintage(published, "ward", view.vintage)
    if wards["boundary_quality"].eq("schematic").any():
        found.append(("schematic", translate("Schematic boundaries", language)))
    return [{"kind": kind, "text": text} for kind, text in found]


def texts(language: Language) -> dict[str, str]:
    """Return the words that the wall's frontend shows or speaks by itself."""
    return {
        "wall": translate("Wall display", language),
        "paused": translate("Paused", language),
        "lost": translate("Connection lost", language),
        "scene": translate("Scene {number} of {count}", language, number="{number}", count="{count}"),
    }
