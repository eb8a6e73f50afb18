"""What a comparison starts from: the frame's choice, and what is known and can be compared under it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from dashboard.query import layers as data
from dashboard.query.publication import Publication
from dashboard.subjects.comparison import cached, measures
from geodata.language import Language
from geodata.period import Period

if TYPE_CHECKING:
    from dashboard.shell.selection import Selection


@dataclass(frozen=True, eq=False)
class Asked:
    """What a comparison starts from.

    Attributes
    ----------
    published
        What is published now.
    selection
        The frame's choice; ``language``, ``vintage`` and ``period`` are parts of it.
    facts
        ``verified_only``, as the cached functions take it.
    units
        See `dashboard.subjects.comparison.units.units_of`.
    wards
        The layer ``ward`` of the vintage.
    of_day
        What is known of these wards within the range.
    catalogue
        The indicators by their code.
    with_values
        Codes of the indicators that have values.
    is_partly
        See `dashboard.subjects.comparison.measures.only_partly`.
    """

    published: Publication
    selection: "Selection"
    language: Language
    vintage: str
    period: Period
    facts: dict[str, bool]
    units: pd.DataFrame
    wards: gpd.GeoDataFrame
    of_day: pd.DataFrame
    catalogue: pd.DataFrame
    with_values: frozenset[str]
    is_partly: bool


def asked_of(published: Publication, selection: "Selection") -> Asked:
    """Return what a comparison starts from under the frame's choice."""
    facts = {"verified_only": selection.verified_only}
    vintage, period = selection.vintage, selection.period
    of_day = data.evidence(published, period, **facts).of_vintage(vintage)
    return Asked(
        published=published,
        selection=selection,
        language=selection.language,
        vintage=vintage,
        period=period,
        facts=facts,
        units=cached.comparable_units(published, vintage),
        wards=data.of_vintage(published, "ward", vintage),
        of_day=of_day,
        catalogue=data.indicator_index(published, **facts).catalogue,
        with_values=cached.indicators_with_values(published, period, **facts),
        is_partly=measures.only_partly(of_day),
    )
