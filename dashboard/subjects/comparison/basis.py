"""What a comparison starts from: units, their wards, and what can be compared of them."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import all_wards, indicator_index, layer, of_vintage, vintages
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.query.units import area_names
from dashboard.subjects.comparison.measures import only_partly
from dashboard.subjects.comparison.unit_figures import comparable_units, values_until
from dashboard.subjects.comparison.units import by_nearness, of_unit
from geodata.language import Words
from geodata.wards.redrawing import ground_changes, redrawings
from geodata.wards.units import Unit


@dataclass(frozen=True, eq=False)
class Basis:
    """What a comparison starts from.

    Attributes
    ----------
    query
        What is asked.
    units
        See `dashboard.subjects.comparison.units.units_of`.
    wards
        The layer ``ward`` of the vintage.
    of_day
        What is known of these wards within the range.
    catalogue
        The indicators by their code.
    with_values
        Codes of the indicators of which any value is known up to the last day.
    is_partly
        See `dashboard.subjects.comparison.measures.only_partly`.
    """

    query: Query
    units: pd.DataFrame
    wards: gpd.GeoDataFrame
    of_day: pd.DataFrame
    catalogue: pd.DataFrame
    with_values: frozenset[str]
    is_partly: bool


@cached
def basis(query: Query) -> Basis:
    """Return what a comparison starts from."""
    of_day = query.city_wards()
    return Basis(
        query,
        comparable_units(query.published, query.vintage),
        query.of_vintage("ward"),
        of_day,
        indicator_index(query.published, verified_only=query.verified_only).catalogue,
        frozenset(values_until(query)["indicator_code"].unique()),
        only_partly(of_day),
    )


@cached
def unit_titles(published: Publication, vintage: str, first: str) -> dict[str, Words | str]:
    """Return names of districts and wards by code, those most like the first one first."""
    titles = area_names(published, vintage)
    order = by_nearness(comparable_units(published, vintage), first)
    return {code: titles[code] for code in order if code in titles}


@cached
def redrawn(published: Publication, vintage: str, code: str) -> tuple[pd.Timestamp, ...]:
    """Return the days from which the ground of a unit was another one, in all boundaries there are.

    A ward is followed by what it was made of and went to, a district by its code.
    """
    crosswalk, wards = layer(published, "crosswalk"), all_wards(published)
    if code in wards.loc[wards["vintage"] == vintage, "ward_code"].to_numpy():
        return redrawings((vintage, code), crosswalk, wards)
    unit = Unit(vintage, district_code=code)
    every = [ground_changes(unit, other, crosswalk, wards) for other in vintages(published)]
    return tuple(sorted({day for days in every for day in days}))


@cached
def unit_bounds(published: Publication, vintage: str, code: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north in degrees of a unit."""
    wards = of_vintage(published, "ward", vintage)
    inside = of_unit(wards, code, comparable_units(published, vintage))
    west, south, east, north = wards[inside].total_bounds.tolist()
    return west, south, east, north
