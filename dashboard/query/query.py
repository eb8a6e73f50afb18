"""What is asked of the published file: the one argument of every subject."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.query import layers
from dashboard.query.caching import cached_up_to
from dashboard.query.publication import Publication
from geodata.evidence import Evidence
from geodata.period import Period


@dataclass(frozen=True)
class Query:
    """What is asked of the published file; everything that depends on it alone is cached by it.

    Attributes
    ----------
    published
        The state of the published file.
    period
        Range of days; its last one is the day of reference for roles and stages.
    vintage
        ISO date from which the units hold.
    areas
        Codes of the districts (or former ones) and wards of that vintage that are looked at; none for the
        whole city.
    verified_only
        Without what is illustrative.
    """

    published: Publication
    period: Period
    vintage: str
    areas: tuple[str, ...] = ()
    verified_only: bool = True

    def layer(self, name: str) -> Any:
        """Return a layer of the contract; one with geometry is a ``GeoDataFrame`` in EPSG:4326."""
        return layers.layer(self.published, name)

    def of_vintage(self, name: str) -> Any:
        """Return the rows of a layer of the vintage, in the order of its key."""
        return layers.of_vintage(self.published, name, self.vintage)

    def evidence(self) -> Evidence:
        """Return what is known within the range of days, of the whole city."""
        return layers.evidence(self.published, self.period, verified_only=self.verified_only)

    def wards(self) -> pd.DataFrame:
        """Return the wards that are looked at, with what is known of them within the range of days."""
        return _wards(self)

    def city_wards(self) -> pd.DataFrame:
        """Return all wards of the vintage, whatever is looked at; of those that may not be seen no facts."""
        return _city_wards(self.of_city())

    def within(self, period: Period) -> "Query":
        """Return the same question about another range of days."""
        return replace(self, period=period)

    def of_city(self) -> "Query":
        """Return the same question about the whole city: what no area changes is cached by it."""
        return replace(self, areas=()) if self.areas else self


@cached_up_to(layers.KEPT_EVIDENCE)
def _city_wards(query: Query) -> pd.DataFrame:
    return query.evidence().of_vintage(query.vintage)


@cached_up_to(layers.KEPT_EVIDENCE)
def _wards(query: Query) -> pd.DataFrame:
    return query.evidence().of_vintage(query.vintage, query.areas)
