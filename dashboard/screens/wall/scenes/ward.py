"""The ward of the day: one ward of the programme, another one each day."""

import datetime

import geopandas as gpd
import pandas as pd

from dashboard.screens.wall.parts import column, lines, small_numbers, source_line
from dashboard.screens.wall.scene import Frame, Scene, View, in_language, wall_map, widened
from dashboard.subjects.progress.wards import programme_wards
from dashboard.subjects.ward.model import kin_of, ward_of
from dashboard.subjects.ward.profile import locator_classes
from dashboard.subjects.ward.words import district, headline, programme_facts
from dashboard.ui.formats import number
from geodata.language import Language, render, translate
from geodata.programme.criteria import criteria_of, criteria_words
from geodata.programme.inspections import days_since
from geodata.wards.neighbours import neighbours

ROOM = 0.3
"""So much of its own width and height is shown on each side of the ward."""


def ward_of_the_day(wards: pd.DataFrame, today: datetime.date) -> str | None:
    """Return the code of the ward whose day it is: those of the programme by name, one after the other.

    Parameters
    ----------
    wards
        Wards of one vintage that are looked at, see `geodata.evidence.Evidence.of_vintage`.
    today
        The day.
    """
    codes = list(programme_wards(wards)["ward_code"])
    return codes[today.toordinal() % len(codes)] if codes else None


def scene(view: View, code: str, outlines: gpd.GeoDataFrame, frame: Frame) -> Scene:
    """Return the scene of a ward.

    Parameters
    ----------
    view
        What every scene is made from.
    code
        Of the ward.
    outlines
        The layer ``ward`` of the vintage.
    frame
        West, south, east, north in degrees of the ward.
    """
    key, known, language = (view.vintage, code), view.known, view.language
    shown = ward_of(known, key)
    told = headline(shown, kin_of(known, key)).render(language)
    touching = neighbours(key, outlines)
    classes, numbers = locator_classes(code, touching, outlines["ward_code"])
    ward = known.ward(key)
    inspections = known.rows("inspection", key)
    rows = [(translate("District level", language), render(district(shown), language))]
    # Their notes are for readers at a desk.
    rows += [(render(one.label, language), render(one.lines[0], language)) for one in programme_facts(shown)]
    if len(inspections):
        last = inspections.iloc[0]
        found = criteria_words(criteria_of(last["criteria_met"], last["criteria_assessed"]))
        result = [one.render(language) for one in found]
        verdict = last["verdict"] if isinstance(last["verdict"], str) else ""
        rows += [(translate("Last inspection", language), " · ".join(filter(None, [verdict, *result])))]
    sources = [
        *known.rows("pilot_status", key)["source"],
        *inspections["source"][:1],
        ward["boundary_source"],
    ]
    body = column(
        small_numbers(_numbers(ward, inspections, view, language)),
        lines([(label, text) for label, text in rows if text]),
        source_line(sources, known.source, language),
    )
    return Scene(
        "ward",
        told,
        body,
        wall_map(
            view,
            in_language(classes, language),
            numbers,
            told,
            labels=[code, *touching],
            selected=code,
            focus=widened(frame, ROOM),
        ),
        is_illustrative=bool(ward["is_illustrative"]) or bool(inspections["is_illustrative"].any()),
    )


def _numbers(
    ward: pd.Series, inspections: pd.DataFrame, view: View, language: Language
) -> list[tuple[str, str]]:
    numbers = []
    if pd.notna(ward["population"]):
        year = "" if pd.isna(ward["population_year"]) else f" ({int(ward['population_year'])})"
        numbers.append((number(ward["population"], language), translate("residents", language) + year))
    if pd.notna(ward["area_km2"]):
        numbers.append((number(ward["area_km2"], language, 2), "km²"))
    if len(inspections):
        since = days_since(pd.Timestamp(view.today), inspections["inspection_date"].head(1)).iloc[0]
        numbers.append((number(since, language), translate("days since the last inspection", language)))
    return numbers
