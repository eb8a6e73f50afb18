"""An itinerary as KML 2.2, for map programs of phones and desks."""

from typing import Any

import pygeoif
from fastkml import KML, Document, Folder, LineStyle, Placemark, Style, StyleUrl

from geodata.itinerary.document import teams
from geodata.itinerary.files.wording import (
    label,
    leg_facts,
    leg_label,
    plain,
    team_name,
    times,
    title,
    way,
)
from geodata.language import DEFAULT_LANGUAGE, Language

_COLOURS = ("2F6FB3", "B9482F", "1B7F5C", "7A4FA3", "8A6100")
"""A colour a team, the first again after the last: every folder also bears the name of its team."""


def kml(document: dict[str, Any], language: Language = DEFAULT_LANGUAGE) -> str:
    """Return an itinerary as KML: a folder a team, with its stops and its legs.

    KML knows no dashed line: one along a straight line is thinner, and its name says so. Map programs read a
    description as HTML, so no name stands in one.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    name = title(document, language)
    several = teams(document)
    styles = [
        Style(id=f"{method}{place}", styles=[LineStyle(color=_abgr(colour), width=width)])
        for place, colour in enumerate(_COLOURS[: len(several)])
        for method, width in (("network", 4), ("straight_line", 2))
    ]
    folders = [
        Folder(
            name=f"{team_name(team, language)}: {name}" if len(several) > 1 else name,
            isopen=True,
            features=[*_stops(team, language), *_legs(team, place % len(_COLOURS), language)],
        )
        for place, team in enumerate(several)
    ]
    file = KML(features=[Document(name=name, isopen=True, styles=styles, features=folders)])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{file.to_string()}'


def _abgr(colour: str) -> str:
    red, green, blue = colour[:2], colour[2:4], colour[4:]
    return f"ff{blue}{green}{red}".lower()


def _stops(team: dict[str, Any], language: Language) -> list[Placemark]:
    return [
        Placemark(
            name=plain(label(stop, language)),
            description=times(stop, language),
            geometry=pygeoif.Point(stop["lon"], stop["lat"]),
        )
        for stop in team["stops"]
    ]


def _legs(team: dict[str, Any], colour: int, language: Language) -> list[Placemark]:
    return [
        Placemark(
            name=leg_label(team["stops"], leg, language),
            description=leg_facts(leg, language),
            style_url=StyleUrl(url=f"#{leg['method']}{colour}"),
            geometry=pygeoif.LineString(way(team["stops"], leg)),
        )
        for leg in team["legs"]
    ]
