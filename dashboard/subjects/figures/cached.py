"""What the page asks for, kept while it is shown, and the layer it exports."""

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from dashboard.query import layers as data
from dashboard.query.caching import cached
from dashboard.query.publication import Publication
from dashboard.subjects.figures.choices import NONE, Choice
from dashboard.subjects.figures.figures import measures, source_ids
from dashboard.subjects.figures.painting import Asked, Shown, show
from dashboard.subjects.figures.panels import ward_panel
from dashboard.ui.citations import source_notes
from geodata.language import Language
from geodata.period import Period


@cached
def shown(
    published: Publication,
    choice: Choice,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    language: Language,
    *,
    verified_only: bool,
) -> Shown:
    """Return the map of a figure, of two figures, or of the programme."""
    return show(Asked(published, choice, period, vintage, areas, language, verified_only))


def map_layer(published: Publication, vintage: str, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the table with their outlines, for a GeoPackage."""
    wards = data.of_vintage(published, "ward", vintage)[["vintage", "ward_code", "geometry"]]
    text = rows.assign(second_text=rows["second_text"].astype("str"))
    joined: gpd.GeoDataFrame = wards.merge(
        text.drop(columns="second_text"), on="ward_code", how="inner", validate="one_to_one"
    )
    return joined


@cached
def panel(
    published: Publication,
    choice: Choice,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    ward: str,
    language: Language,
    *,
    verified_only: bool,
) -> Markup:
    """Return what is known of the figure of one ward, as HTML."""
    facts = {"verified_only": verified_only}
    rows = shown(published, choice, period, vintage, areas, language, **facts).figures
    measure = measures(published)[choice.measure]
    ids = source_ids(published, measure, period, vintage, ward=ward, **facts)
    return ward_panel(
        rows[rows["ward_code"] == ward].iloc[0],
        measure,
        choice.per if measure.adds_up else "value",
        None if choice.second == NONE else measures(published)[choice.second],
        int(rows["rank"].notna().sum()),
        source_notes(ids, data.layer(published, "source"), language),
        language,
    )
