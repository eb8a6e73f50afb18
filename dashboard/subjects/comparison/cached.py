"""What the page asks for, kept while it is shown."""

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import evidence, extent, indicator_index, layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.query.units import area_titles
from dashboard.screens.compare.small_maps import MAP_CLASSES
from dashboard.subjects.comparison.figures import coverage_figures, indicator_figures
from dashboard.subjects.comparison.measures import measure_of
from dashboard.subjects.comparison.units import by_nearness, of_unit, units_of
from dashboard.subjects.figures import classification, legends
from dashboard.subjects.figures.figures import measures, pool
from geodata.language import Language
from geodata.period import Period, windows_like


@cached
def comparable_units(published: Publication, vintage: str) -> pd.DataFrame:
    """Return `units.units_of` a vintage."""
    return units_of(
        pd.DataFrame(of_vintage(published, "ward", vintage).drop(columns="geometry")),
        pd.DataFrame(of_vintage(published, "district", vintage).drop(columns="geometry")),
    )


@cached
def unit_titles(published: Publication, vintage: str, language: Language, first: str) -> dict[str, str]:
    """Return names of districts and wards by code, those most like the first one first."""
    titles = area_titles(published, vintage, language)
    order = by_nearness(comparable_units(published, vintage), first)
    return {code: titles[code] for code in order if code in titles}


@cached
def unit_bounds(published: Publication, vintage: str, code: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north in degrees of a unit."""
    wards = of_vintage(published, "ward", vintage)
    inside = of_unit(wards, code, comparable_units(published, vintage))
    west, south, east, north = (float(side) for side in wards[inside].total_bounds)
    return west, south, east, north


@cached
def indicators_with_values(published: Publication, period: Period, *, verified_only: bool) -> frozenset[str]:
    """Return the indicators of which any value is known up to the last day of a range."""
    values = layer(published, "indicator_value")
    there = values["period_end"] <= pd.Timestamp(period.until)
    if verified_only:
        there &= ~values["is_illustrative"]
    return frozenset(values.loc[there, "indicator_code"].unique())


@cached
def figures_of(
    published: Publication,
    period: Period,
    vintage: str,
    measure_code: str,
    rate: str,
    language: Language,
    ward_codes: tuple[str, ...],
    *,
    verified_only: bool,
) -> pd.DataFrame:
    """Return `figures.indicator_figures` or `figures.coverage_figures`."""
    index = indicator_index(published, verified_only=verified_only)
    measure = measure_of(measure_code, rate, index.catalogue, language)
    if measure.kind == "coverage":
        units = comparable_units(published, vintage)
        facts = evidence(published, period, verified_only=verified_only)
        return coverage_figures(facts, vintage, measure, units, ward_codes)
    return indicator_figures(index, measure, period, vintage)


@cached
def sources_of(
    published: Publication, measure_code: str, period: Period, vintage: str, *, verified_only: bool
) -> tuple[str, ...]:
    """Return the sources of what a figure rests on within a range."""
    if measure_code == "pilot_coverage":
        rows = evidence(published, period, verified_only=verified_only).pilot_status
    elif measure_code == "inspection_coverage":
        rows = evidence(published, period, verified_only=verified_only).inspections_within()
    else:
        values = layer(published, "indicator_value")
        chosen = values["indicator_code"].eq(measure_code)
        chosen &= values["period_end"] <= pd.Timestamp(period.until)
        if verified_only:
            chosen &= ~values["is_illustrative"]
        rows = values[chosen]
    return tuple(sorted(set(rows["source"].dropna())))


@cached
def class_bounds(
    published: Publication,
    period: Period,
    vintage: str,
    measure_code: str,
    rate: str,
    language: Language,
    *,
    verified_only: bool,
) -> tuple[list[float], list[str]]:
    """Return the bounds between the classes of the maps, and what each class holds.

    They rest on the wards' figures in all `windows_like` the range, so a colour means the same while the
    range moves; only counts grow with its length.
    """
    on_map = measures(published)[measure_code]
    windows = windows_like(period, extent(published)) if on_map.kind == "count" else [extent(published)]
    per = rate if on_map.adds_up else "value"
    figures = pool(published, measure_code, per, tuple(windows), vintage, verified_only=verified_only)
    between = classification.bounds(figures, "quantiles", MAP_CLASSES)
    return between, legends.class_labels(between, on_map, language)
