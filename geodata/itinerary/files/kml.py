"""An itinerary as KML 2.2, for map programs of phones and desks."""

from html import escape

import pygeoif
from fastkml import KML, Folder, LineStyle, Placemark, Style, StyleUrl
from fastkml import Document as KmlDocument
from fastkml.geometry import Coordinates, LineString

from geodata.itinerary.document import Document, TeamDay
from geodata.itinerary.files.wording import (
    background_lines,
    label,
    leg_facts,
    plainly,
    team_name,
    times,
    title,
    told_legs,
)
from geodata.language import DEFAULT_LANGUAGE, Language, render

_COLOURS = ("2F6FB3", "B9482F", "1B7F5C", "7A4FA3", "8A6100")
"""A colour a team, the first again after the last: every folder also bears the name of its team."""


def kml(document: Document, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return an itinerary as KML: a folder a team, with its stops and its legs.

    KML knows no dashed line: one along a straight line is thinner, and its name says so. Map programs read a
    description as HTML, so names stand in that of the file alone, escaped.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    name = title(document, language)
    several = document.teams
    styles = [
        Style(id=f"{method}{place}", styles=[LineStyle(color=_abgr(colour), width=width)])
        for place, colour in enumerate(_COLOURS[: len(several)])
        for method, width in (("network", 4), ("straight_line", 2))
    ]
    folders = [
        Folder(
            name=f"{team_name(team).render(language)}: {name}" if len(several) > 1 else name,
            isopen=True,
            features=[*_stops(team, language), *_legs(team, place % len(_COLOURS), language)],
        )
        for place, team in enumerate(several)
    ]
    told = "<br>".join(escape(line) for line in background_lines(document, language))
    file = KML(
        features=[KmlDocument(name=name, isopen=True, description=told, styles=styles, features=folders)]
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{file.to_string()}'


def _abgr(colour: str) -> str:
    red, green, blue = colour[:2], colour[2:4], colour[4:]
    return f"ff{blue}{green}{red}".lower()


def _stops(team: TeamDay, language: Language) -> list[Placemark]:
    return [
        Placemark(
            name=plainly(label(stop), language),
            description=times(stop, team.date).render(language),
            geometry=pygeoif.Point(stop.lon, stop.lat),
        )
        for stop in team.stops
    ]


def _legs(team: TeamDay, colour: int, language: Language) -> list[Placemark]:
    return [
        Placemark(
            name=render(led, language),
            description=leg_facts(leg).render(language),
            style_url=StyleUrl(url=f"#{leg.method}{colour}"),
            # On the ground: without it a line of a few points runs below the hills in Google Earth.
            # As it is: pygeoif makes one point of two that are alike, and a line of one is none.
            kml_geometry=LineString(tessellate=True, kml_coordinates=Coordinates(coords=leg.way)),
        )
        for leg, led in told_legs(team)
    ]
