"""What the page asks for, kept while it is shown."""

import pandas as pd

from dashboard.query import layers as data
from dashboard.query.caching import cached
from dashboard.query.publication import Publication
from dashboard.query.units import area_titles, programme_frame
from dashboard.subjects.inspections.summary import Inspections, describe
from geodata.language import Language
from geodata.period import Period
from geodata.wards.frames import frame_bounds


@cached
def inspections(
    published: Publication,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    language: Language,
    *,
    verified_only: bool,
) -> Inspections:
    """Return what the page says."""
    titles = area_titles(published, vintage, language)
    return describe(
        data.evidence(published, period, verified_only=verified_only),
        data.evidence(published, data.extent(published), verified_only=verified_only),
        vintage,
        {code: titles[code] for code in areas},
        data.layer(published, "criteria_set"),
        language,
    )


@cached
def results(published: Publication, name: str, *, verified_only: bool) -> pd.DataFrame:
    """Return the rows of ``criterion_result`` or ``recommendation`` that are to be shown."""
    rows: pd.DataFrame = data.layer(published, name)
    return rows[~rows["is_illustrative"]] if verified_only else rows


@cached
def frame(
    published: Publication, vintage: str, areas: tuple[str, ...], *, verified_only: bool
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas, or of the largest group of wards ever inspected.

    They do not depend on the range of days: the map stays where it is while the days move.
    """
    wards = data.evidence(published, data.extent(published), verified_only=verified_only).of_vintage(vintage)
    inspected = wards["is_inspected"] | wards["is_partly_inspected"]
    if areas or not inspected.any():
        return programme_frame(published, vintage, areas)
    return frame_bounds(data.of_vintage(published, "ward", vintage), inspected)
