"""The choices of the frame as they stand in a link, and what is wrong with a link that asks for others."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.query import layers
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.query.units import area_names
from geodata.language import DEFAULT_LANGUAGE, Language, Message, Words, message
from geodata.language.dates import day
from geodata.period import Period, default_vintage

LANGUAGES: tuple[Language, ...] = ("vi", "en")
VERIFIED, WITH_ILLUSTRATIVE = "verified", "all"
"""What the parameter ``facts`` of a link may be."""


@dataclass(frozen=True)
class Selection:
    """What all pages show.

    Attributes
    ----------
    query
        What is asked of the published file.
    language
        Language of the reader.
    ward_code
        Ward of the vintage whose facts are open.
    """

    query: Query
    language: Language
    ward_code: str | None = None


@dataclass(frozen=True)
class Plain:
    """What a plain link shows, without parameters.

    Attributes
    ----------
    period
        All days there are.
    vintage
        See `geodata.period.default_vintage`.
    """

    period: Period
    vintage: str


def plain_of(published: Publication, period: Period) -> Plain:
    """Return what a plain link shows while a range of days is chosen."""
    return Plain(layers.extent(published), default_vintage(layers.vintages(published), period))


def read_selection(published: Publication, link: Mapping[str, str]) -> tuple[Selection, list[Message]]:
    """Return what a link asks for, and what is wrong with it."""
    language, notices = language_of(link)
    extent, vintages = layers.extent(published), layers.vintages(published)
    has_illustrative = layers.has_illustrative(published)
    asked, wrong_days = period_of(link, extent)
    verified_only, wrong_facts = verified_of(link, has_illustrative=has_illustrative)
    usual = plain_of(published, asked or extent).vintage
    vintage, wrong_vintage = vintage_of(link, vintages, usual)
    codes = layers.of_vintage(published, "ward_summary", vintage)["ward_code"]
    ward, wrong_ward = ward_of(link, codes, vintage)
    areas, wrong_areas = areas_of(link, area_names(published, vintage))
    seen = layers.areas_in_scope(published, vintage, areas)
    query = Query(published, asked or extent, vintage, seen, verified_only)
    notices += wrong_days + wrong_facts + wrong_vintage + wrong_ward + wrong_areas
    return Selection(query, language, ward), notices


def period_of(link: Mapping[str, str], extent: Period) -> tuple[Period | None, list[Message]]:
    """Return the range that a link asks for, ``None`` for all there is, and what is wrong with it.

    A link may name one end alone; the other one is then that of the data. A range that ends before the data
    begin stays as it is, since nothing that is known later holds for it.
    """
    if "from" not in link and "to" not in link:
        return None, []
    ends = {}
    for name, other in (("from", extent.since), ("to", extent.until)):
        text = link.get(name, other.isoformat())
        try:
            ends[name] = datetime.date.fromisoformat(text)
        except ValueError:
            return None, [
                message("The link asks for the day “{value}”, which is none; these are all days.", value=text)
            ]
    if ends["from"] > ends["to"]:
        return None, [
            message(
                "The link asks for days from {since} to {until}, which is backwards; these are all days.",
                since=day(ends["from"]),
                until=day(ends["to"]),
            )
        ]
    if ends["to"] < extent.since:
        return Period(ends["from"], ends["to"]), [
            message(
                "The programme is on record since {since}: nothing is known from {first} to {last}.",
                since=day(extent.since),
                first=day(ends["from"]),
                last=day(ends["to"]),
            )
        ]
    within = Period(
        min(max(ends["from"], extent.since), extent.until), max(min(ends["to"], extent.until), extent.since)
    )
    if within != Period(ends["from"], ends["to"]):
        return within, [
            message(
                "The link asks for days outside the data, which run from {since} to {until}.",
                since=day(extent.since),
                until=day(extent.until),
            )
        ]
    return within, []


def language_of(link: Mapping[str, str]) -> tuple[Language, list[Message]]:
    """Return the language that a link asks for, and what is wrong with it."""
    asked = link.get("lang", DEFAULT_LANGUAGE)
    for language in LANGUAGES:
        if asked == language:
            return language, []
    return DEFAULT_LANGUAGE, [
        message(
            "The link asks for the language “{value}”, which there is not; this is Vietnamese.", value=asked
        )
    ]


def vintage_of(link: Mapping[str, str], vintages: list[str], default: str) -> tuple[str, list[Message]]:
    """Return the vintage that a link asks for, and what is wrong with it."""
    asked = link.get("vintage", default)
    if asked in vintages:
        return asked, []
    return default, [
        message(
            "The link asks for the boundaries of “{value}”, which there are not; these hold from {day}.",
            value=asked,
            day=day(default),
        )
    ]


def ward_of(link: Mapping[str, str], codes: pd.Series, vintage: str) -> tuple[str | None, list[Message]]:
    """Return the ward that a link asks for, and what is wrong with it.

    Parameters
    ----------
    link
        The parameters of the link.
    codes
        The wards of the boundaries shown.
    vintage
        These boundaries.
    """
    asked = link.get("ward")
    if asked is None:
        return None, []
    if asked not in set(codes):
        return None, [
            message("The link asks for the ward “{value}”, which these boundaries do not have.", value=asked)
        ]
    if "vintage" in link:
        return asked, []
    return asked, [
        message(
            "The link names the ward “{value}” without its boundaries; this is the one of those from {day}.",
            value=asked,
            day=day(vintage),
        )
    ]


def areas_of(link: Mapping[str, str], titles: Mapping[str, Words | str]) -> tuple[list[str], list[Message]]:
    """Return the areas that a link asks for, and what is wrong with it."""
    asked = [code for code in link.get("area", "").split(",") if code]
    return [code for code in asked if code in titles], [
        message("The link asks for the area “{value}”, which these boundaries do not have.", value=code)
        for code in asked
        if code not in titles
    ]


def verified_of(link: Mapping[str, str], *, has_illustrative: bool) -> tuple[bool, list[Message]]:
    """Return whether a link asks for verified facts only, and what is wrong with it."""
    asked = link.get("facts", VERIFIED)
    if asked == VERIFIED:
        return True, []
    if asked != WITH_ILLUSTRATIVE:
        return True, [
            message(
                "The link asks for the facts “{value}”, which there are not; these are the verified ones.",
                value=asked,
            )
        ]
    if not has_illustrative:
        return True, [message("The link asks for illustrative figures, of which these data have none.")]
    return False, []


def link_to(selection: Selection, plain: Plain) -> dict[str, str]:
    """Return the parameters of a link to a selection; what a plain link shows anyway is left out.

    A code never stands without the boundaries that it belongs to: it may be another ward's in others, and
    those of a plain link change with the days.
    """
    link: dict[str, str] = {}
    if selection.language != DEFAULT_LANGUAGE:
        link["lang"] = selection.language
    if selection.query.period != plain.period:
        link["from"] = selection.query.period.since.isoformat()
        link["to"] = selection.query.period.until.isoformat()
    if not selection.query.verified_only:
        link["facts"] = WITH_ILLUSTRATIVE
    names_unit = bool(selection.query.areas) or selection.ward_code is not None
    if names_unit or selection.query.vintage != plain.vintage:
        link["vintage"] = selection.query.vintage
    if selection.query.areas:
        link["area"] = ",".join(selection.query.areas)
    if selection.ward_code is not None:
        link["ward"] = selection.ward_code
    return link
