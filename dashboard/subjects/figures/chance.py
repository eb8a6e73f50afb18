"""How units stand to what chance explains: the funnel of a count's rate, or of a share; numbers, no words."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.figures.choices import COVERAGE, Measure, measures
from dashboard.subjects.figures.classification import Bools, Floats
from dashboard.subjects.figures.values import rank_numbers, unit_values
from geodata.indicators.comparison import interval
from geodata.indicators.indicators import UnitLevel
from geodata.indicators.statistics import Funnel, rate_funnel, share_funnel
from geodata.wards.units import is_commune

_EXPOSURES = {"per_1000": "thousand_resident_years", "per_km2": "km2_years"}


@dataclass(frozen=True, eq=False)
class Chance:
    """How units stand to what chance explains.

    Attributes
    ----------
    measure, per
        The figure, and what a count is set against.
    units
        By unit: unit_code; events and exposure (of a share numerator and denominator), figure with low and
        high, its interval of 95 %; days_pct, is_reported, is_few, is_rankable, is_illustrative, and outside,
        see `geodata.indicators.statistics.Funnel`.
    funnel
        The limits; its mean is per unit of exposure, of a share from 0 to 1.
    """

    measure: Measure
    per: str
    units: pd.DataFrame
    funnel: Funnel

    @property
    def scale(self) -> float:
        """Return how many of the figure's units one of the funnel's is."""
        return 100.0 if self.funnel.kind == "share" else 1.0

    @property
    def mean(self) -> float:
        """Return the mean of all units that reported enough, in the figure's unit."""
        return self.scale * self.funnel.mean

    def lines(self, side: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Return both limits in the figure's unit, see `geodata.indicators.statistics.Funnel.limits`."""
        most = float(self.units["exposure"].max())
        below, low, above, high = self.funnel.limits(1.08 * most, side)
        return below, self.scale * low, above, self.scale * high


def has_chance(measure: Measure) -> bool:
    """Return whether chance moves a figure: a count of events that add up, or a share of the catalogue."""
    return measure.code not in COVERAGE and (
        measure.kind == "share" or (measure.kind == "count" and measure.adds_up)
    )


@cached
def chance(query: Query, code: str, per: str, level: UnitLevel) -> Chance | None:
    """Return how all units of a level stand to chance; nothing of a figure that chance does not move.

    Parameters
    ----------
    query
        What is asked, of the whole city.
    code
        Of an indicator.
    per
        What a count is set against; of its total it is the residents.
    level
        ``ward`` or ``district``.
    """
    measure = measures(query.published)[code]
    if not has_chance(measure):
        return None
    per = "value" if measure.kind == "share" else per if per in _EXPOSURES else "per_1000"
    found = unit_values(query, code, level)
    events, exposure = (
        found[column].to_numpy("float64")
        for column in (("numerator", "denominator") if per == "value" else ("value", _EXPOSURES[per]))
    )
    flags = {name: found[name].to_numpy("bool") for name in ("is_reported", "is_few", "is_rankable")}
    takes_part = flags["is_reported"] & _is_unit(query, found, level)
    make = share_funnel if per == "value" else rate_funnel
    funnel = make(np.where(takes_part, events, np.nan), exposure)
    low, high = interval(found, measure.kind, per)
    figure = found[per].to_numpy("float64")
    ranked = np.where(flags["is_rankable"] & takes_part, figure, np.nan)
    units = pd.DataFrame(
        {
            "unit_code": found["unit_code"].to_numpy(),
            "days_pct": found["days_pct"].to_numpy(),
            "is_illustrative": found["is_illustrative"].to_numpy(),
            **flags,
            "events": events,
            "exposure": exposure,
            "figure": figure,
            "low": low,
            "high": high,
            "outside": np.where(flags["is_rankable"] | flags["is_few"], funnel.outside, 0),
            "takes_part": takes_part,
            "rank": rank_numbers(ranked, measure, per),
        }
    )
    return Chance(measure, per, units, funnel)


def _is_unit(query: Query, found: pd.DataFrame, level: UnitLevel) -> Bools:
    """Return which rows are units among others: a huyện without communes is no ward."""
    if level != "ward":
        return np.ones(len(found), dtype="bool")
    return _communes(query.published, query.vintage)


@cached
def _communes(published: Publication, vintage: str) -> Bools:
    return is_commune(of_vintage(published, "ward", vintage)).to_numpy("bool")
