"""The wards in classes of a figure, of two against each other, or of the programme: numbers, no words."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent, roles_on
from dashboard.query.query import Query
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.chance import Chance
from dashboard.subjects.figures.choices import NONE, STAGE, Choice, Measure, measures
from dashboard.subjects.figures.class_parts import of_figures, of_programme
from dashboard.subjects.figures.classification import Bools, Floats, Ints
from dashboard.subjects.figures.values import rank_numbers, source_ids
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.model import Programme, programme
from dashboard.subjects.sources.citations import water_sources
from geodata.evidence import within_areas
from geodata.period import Period, whole_spans
from geodata.wards.units import is_commune

NAMES = ["ward_code", "ward_kind", "ward_name", "district_name"]


@dataclass(frozen=True)
class Highest:
    """The ranked wards with the highest figure: how many, the first, and whether it is that of all."""

    value: float
    count: int
    ward: Mapping[Any, Any]
    is_of_all: bool


@dataclass(frozen=True)
class Reported:
    """How many wards there are, how many have a figure that counts, and how many reported too little."""

    count: int
    enough: int
    too_little: int
    days_pct: float


@dataclass(frozen=True, eq=False)
class WardClasses:
    """The class of each ward.

    Attributes
    ----------
    query
        What is asked, at the moment that is shown: the last one where months are played.
    choice
        The figures and how they are classed.
    measures, pers
        One figure or two, and what each is set against.
    inside
        The wards within the areas; all arrays are in the order of the geometry.
    palette
        Colours of the classes, lowest first; of two figures row by row.
    numbers
        The class of each ward: an index into the palette; then, of reports, wards that reported too little;
        then those without a figure; then those outside the areas.
    counts
        How many wards, a huyện without communes left out, each class has, those without a figure last.
    rows
        The wards inside: their names, value, low and high (its interval of 95 %), events and exposure (what
        a rate is made of), second (value of the second figure), days_pct (%), latest_day, is_reported,
        is_few, is_apportioned, total with its band least and most (of a rate the count), is_wide (the band is
        wider than the figure), is_illustrative, outside (see `dashboard.subjects.figures.chance`),
        class_number and rank; of two figures is_darkest.
    pilots
        Codes of the wards in the pilot; of the programme also of visit sites.
    bounds
        Upper bounds of the classes of each figure.
    are_years
        Whether the bounds rest on whole years, see `geodata.period.yardstick`.
    amounts
        The figures of all wards.
    limits
        Lowest and highest of the interval of each ward's first figure.
    is_carried
        Which wards have a figure that was divided at a redrawing; none of the programme.
    is_alike
        Whether the classes are those of `geodata.indicators.clusters`; wards left out count as those that
        reported too little.
    has_reports
        Whether the figure comes from reports, of which a ward may have given too few.
    chance
        How the wards stand to what chance explains; nothing where it moves nothing.
    totals
        What circles show of each ward, NaN for none: the moment that is shown, or all that are played; none
        of a figure that is no total.
    stages
        The classes of the programme, and last the one without information; none of figures.
    months, month_numbers, month_counts
        What is played: the months, and ``numbers`` and ``counts`` of each.
    """

    query: Query
    choice: Choice
    measures: tuple[Measure, ...]
    pers: tuple[str, ...]
    inside: Bools
    palette: Sequence[str]
    numbers: Ints
    counts: tuple[int, ...]
    rows: pd.DataFrame
    pilots: tuple[str, ...]
    bounds: tuple[tuple[float, ...], ...] = ()
    are_years: bool = True
    amounts: tuple[Floats, ...] = ()
    limits: tuple[Floats, Floats] | None = None
    is_carried: Bools | None = None
    is_alike: bool = False
    has_reports: bool = False
    chance: Chance | None = None
    totals: tuple[Floats, ...] = ()
    stages: tuple[MapClass, ...] = ()
    months: tuple[Period, ...] = ()
    month_numbers: tuple[Ints, ...] = ()
    month_counts: tuple[tuple[int, ...], ...] = ()

    @property
    def measure(self) -> Measure:
        """Return the figure, the first of two."""
        return self.measures[0]

    @property
    def is_illustrative(self) -> bool:
        """Return whether any figure that is shown was generated."""
        return bool(self.rows["is_illustrative"].any())

    def highest(self) -> Highest | None:
        """Return where the figure is highest of those that are ranked; nothing where none is."""
        ranked = self.rows[self.rows["rank"].notna()]
        if ranked.empty:
            return None
        values = ranked["value"]
        most = float(values.max())
        at = np.flatnonzero(values == most)
        is_of_all = bool(values.min() == most) and len(at) > 1
        return Highest(most, len(at), ranked.iloc[at[0]].to_dict(), is_of_all)

    def outside(self, side: int) -> list[Mapping[Any, Any]]:
        """Return the wards inside above (1) or below (−1) the limit of 99,8 %, the furthest first."""
        is_beyond = self.rows["outside"].to_numpy() == 2 * side
        if not is_beyond.any():
            return []
        beyond = self.rows.loc[is_beyond, [*NAMES, "value"]]
        return list(beyond.sort_values("value", ascending=side < 0, kind="stable").to_dict("records"))

    def total(self) -> float:
        """Return the sum of the totals of the wards inside."""
        return float(np.nansum(self.totals[-1][self.inside]))

    def darkest_count(self) -> int:
        """Return how many wards are in the darkest class of both figures."""
        return int(self.rows["is_darkest"].sum())

    def programme(self) -> Programme:
        """Return how the programme stands at the moment that is shown."""
        return programme(self.query)

    def reported(self) -> Reported:
        """Return how many wards have a figure, of how many, and the mean share of their days in %."""
        is_ward = is_commune(self.rows).to_numpy("bool")
        has_figure = is_ward & self.rows["value"].notna().to_numpy("bool")
        is_enough = self.rows["is_reported"].to_numpy("bool")
        days = self.rows["days_pct"].to_numpy("float64")[has_figure & is_enough]
        days = days[np.isfinite(days)]
        return Reported(
            int(is_ward.sum()),
            int((has_figure & is_enough).sum()),
            int((has_figure & ~is_enough).sum()),
            float(days.mean()) if len(days) else np.nan,
        )

    def histogram(self) -> dict[str, list[Any]]:
        """Return the histogram of the figure, see `dashboard.subjects.figures.classification.histogram`."""
        is_in_class = self.inside & (self.numbers < len(self.palette))
        return classification.histogram(self.amounts[0][is_in_class], self.bounds[0])

    def sources(self) -> tuple[str, ...]:
        """Return the sources of all figures that are shown, each once, and of rivers where there are any."""
        found = [one for measure in self.measures for one in source_ids(self.query, measure)]
        return (*dict.fromkeys(found), *water_sources(self.query.layer("source")))

    def map_layer(self, labels: Sequence[str]) -> gpd.GeoDataFrame:
        """Return the wards of the table with their outlines; parameters as of `table`."""
        wards = self.query.of_vintage("ward")[["vintage", "ward_code", "geometry"]]
        layer: gpd.GeoDataFrame = wards.merge(
            self.table(labels), on="ward_code", how="inner", validate="one_to_one"
        )
        return layer

    def table(self, labels: Sequence[str]) -> pd.DataFrame:
        """Return the wards inside as they are handed over: with what their class is called in ``labels``."""
        named = [labels[number] for number in self.rows["class_number"]]
        return self.rows.assign(class_number=named).rename(columns={"class_number": "class_label"})


@cached
def classify(query: Query, choice: Choice) -> WardClasses:
    """Return the class of each ward."""
    months = _months(query) if choice.is_played else ()
    shown = query.within(months[-1]) if months else query
    # No figure rests on the facts of the programme, which take a quarter of the time.
    is_stage = choice.measure == STAGE
    wards = shown.city_wards() if is_stage else roles_on(query.published, query.vintage, shown.period.until)
    inside = np.ones(len(wards), dtype="bool")
    if query.areas:
        inside = wards.index.isin(within_areas(wards, query.areas).index)
    communes = is_commune(wards).to_numpy("bool")
    pair = [measures(query.published)[code] for code in (choice.measure, choice.second) if code != NONE]
    if is_stage:
        parts = of_programme(query, months, wards, inside)
        marked = wards["role"].notna().to_numpy("bool") & ~wards["is_partly"].to_numpy("bool")
    else:
        parts = of_figures(shown, choice, pair, months, inside)
        marked = _pilots(wards)
    columns = {name: wards[name] for name in [*NAMES, "population_year"]} | parts.pop("columns")
    # Made at once: to add columns one by one takes three times as long.
    is_ranked = inside & communes & parts.pop("is_rankable")
    ranked = np.where(is_ranked, columns["value"], np.nan)
    rank = rank_numbers(ranked, pair[0], pair[0].per(choice.per))
    rows = pd.DataFrame(
        columns | {"class_number": parts["numbers"], "rank": pd.Series(rank, wards.index, "Int64")}
    )
    rows = rows if inside.all() else rows[inside]
    counted, class_count = inside & communes, _class_count(parts)
    return WardClasses(
        query=shown,
        choice=choice,
        measures=tuple(pair),
        pers=tuple(one.per(choice.per) for one in pair),
        inside=inside,
        counts=_counts(parts["numbers"], counted, class_count),
        rows=rows,
        pilots=tuple(wards["ward_code"].to_numpy("object")[inside & marked]),
        months=months,
        month_counts=tuple(_counts(one, counted, class_count) for one in parts["month_numbers"]),
        **parts,
    )


def pilots_since(query: Query) -> list[tuple[datetime.date, tuple[str, ...]]]:
    """Return `WardClasses.pilots` from the first day of the data on: each day on which they change."""
    known = extent(query.published)
    changes = query.layer("pilot_status")["valid_from"].dt.date.unique()
    found: list[tuple[datetime.date, tuple[str, ...]]] = []
    for day in sorted({known.since, *(one for one in changes if known.since < one <= known.until)}):
        wards = query.within(Period(known.since, day)).wards()
        pilots = tuple(wards.loc[_pilots(wards), "ward_code"])
        if not found or found[-1][1] != pilots:
            found.append((day, pilots))
    return found


def _pilots(wards: pd.DataFrame) -> Bools:
    pilots: Bools = (wards["role"] == "pilot").to_numpy("bool") & ~wards["is_partly"].to_numpy("bool")
    return pilots


def _class_count(parts: Mapping[str, Any]) -> int:
    """Return how many classes there are but for the last, of wards without a figure."""
    return len(parts["palette"]) + bool(parts.get("has_reports"))


def _months(query: Query) -> tuple[Period, ...]:
    """Return the whole months of the range, or of the data where the range has fewer than two."""
    within = whole_spans(query.period, "M")
    return tuple(within if len(within) > 1 else whole_spans(extent(query.published), "M"))


def _counts(numbers: Ints, inside: Bools, class_count: int) -> tuple[int, ...]:
    return tuple(np.bincount(numbers[inside], minlength=class_count + 1)[: class_count + 1].tolist())


@dataclass(frozen=True)
class WardFigure:
    """What is known of the figures of one ward.

    Attributes
    ----------
    ward
        Its row of `WardClasses.rows`.
    ranked_count
        How many wards have a rank.
    sources
        Ids of the sources of its figure.
    """

    ward: Mapping[Any, Any]
    ranked_count: int = 0
    sources: tuple[str, ...] = ()


def ward_figure(query: Query, choice: Choice, code: str | None) -> WardFigure | None:
    """Return what is known of the figures of one ward; nothing of one that is not inside."""
    shown = classify(query, choice)
    own = shown.rows[shown.rows["ward_code"] == code]
    if own.empty:
        return None
    ids = source_ids(query, shown.measure, code)
    return WardFigure(own.iloc[0].to_dict(), int(shown.rows["rank"].notna().sum()), tuple(ids))
