"""The wards in classes of a figure, of two against each other, or of the programme: numbers, no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent
from dashboard.query.query import Query
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import NONE, STAGE, Choice, Measure, measures
from dashboard.subjects.figures.classification import MISSING, Bools, Floats, Ints
from dashboard.subjects.figures.values import class_bounds, ranks, source_ids, ward_values
from dashboard.subjects.programme.classes import MapClass, programme_classes
from dashboard.subjects.programme.model import Programme, programme
from dashboard.subjects.sources.citations import water_sources
from geodata.evidence import within_areas
from geodata.period import Period, whole_spans
from geodata.wards.units import is_commune

SQUARE_SIDE = 3
"""Classes of each of two figures."""

NAMES = ["ward_code", "ward_kind", "ward_name", "district_name"]


@dataclass(frozen=True)
class Highest:
    """The wards with the highest figure: how many, the first of them, and whether it is that of all."""

    value: float
    count: int
    ward: Mapping[Any, Any]
    is_of_all: bool


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
        The class of each ward: an index into the palette; its length for wards without a figure, one more for
        those outside the areas.
    counts
        How many wards each class has, and last those without a figure.
    rows
        The wards inside: their names, value, second (value of the second figure), days_pct (%), latest_day,
        is_apportioned, is_illustrative, class_number and rank; of two figures is_darkest.
    pilots
        Codes of the wards in the pilot; of the programme also of visit sites.
    bounds
        Upper bounds of the classes of each figure.
    span
        What the bounds rest on, see `geodata.period.yardstick`.
    amounts
        The figures of all wards.
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
    span: str = ""
    amounts: tuple[Floats, ...] = ()
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
        """Return where the figure is highest; nothing where no ward has one."""
        values = self.rows["value"]
        if not values.notna().any():
            return None
        most = float(values.max())
        at = np.flatnonzero(values == most)
        is_of_all = bool(values.min() == most) and len(at) > 1
        return Highest(most, len(at), self.rows.iloc[at[0]].to_dict(), is_of_all)

    def darkest_count(self) -> int:
        """Return how many wards are in the darkest class of both figures."""
        return int(self.rows["is_darkest"].sum())

    def programme(self) -> Programme:
        """Return how the programme stands at the moment that is shown."""
        return programme(self.query)

    def reported(self) -> tuple[int, int, float]:
        """Return how many wards have a figure, of how many, and the mean share of their days in %."""
        counted = is_commune(self.rows)
        has_figure = counted & self.rows["value"].notna()
        days_pct = float(self.rows["days_pct"][has_figure].mean())
        return int(has_figure.sum()), int(counted.sum()), days_pct

    def histogram(self) -> dict[str, list[Any]]:
        """Return the histogram of the figure, see `dashboard.subjects.figures.classification.histogram`."""
        return classification.histogram(self.amounts[0][self.inside], self.bounds[0])

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
    wards = shown.of_city().wards()
    inside = wards.index.isin(within_areas(wards, query.areas).index)
    communes = is_commune(wards).to_numpy("bool")
    pair = [measures(query.published)[code] for code in (choice.measure, choice.second) if code != NONE]
    if choice.measure == STAGE:
        parts = _of_programme(query, months, wards, inside)
        marked = wards["role"].notna() & ~wards["is_partly"]
    else:
        parts = _of_figures(shown, choice, pair, months, inside)
        marked = wards["role"].eq("pilot").fillna(False) & ~wards["is_partly"]
    columns = {name: wards[name] for name in NAMES} | parts.pop("columns")
    # Made at once: to add columns one by one takes three times as long.
    rows = pd.DataFrame(columns | {"class_number": parts["numbers"]})
    rows = rows if inside.all() else rows[inside]
    ranked = rows["value"].where(communes[inside] & (choice.measure != STAGE))
    rank = ranks(ranked.to_numpy("float64"), pair[0].direction).to_numpy()
    counted, class_count = inside & communes, len(parts["palette"])
    return WardClasses(
        query=shown,
        choice=choice,
        measures=tuple(pair),
        pers=tuple(_per(choice, one) for one in pair),
        inside=inside,
        counts=_counts(parts["numbers"], counted, class_count),
        rows=rows.assign(rank=rank),
        pilots=tuple(wards.loc[inside & marked.to_numpy("bool"), "ward_code"]),
        months=months,
        month_counts=tuple(_counts(one, counted, class_count) for one in parts["month_numbers"]),
        **parts,
    )


def _months(query: Query) -> tuple[Period, ...]:
    """Return the whole months of the range, or of the data where the range has fewer than two."""
    within = whole_spans(query.period, "M")
    return tuple(within if len(within) > 1 else whole_spans(extent(query.published), "M"))


def _per(choice: Choice, measure: Measure) -> str:
    """Return what a figure is set against; of what does not add up it is the value itself."""
    return choice.per if measure.adds_up else "value"


def _counts(numbers: Ints, inside: Bools, class_count: int) -> tuple[int, ...]:
    return tuple(np.bincount(numbers[inside], minlength=class_count + 1)[: class_count + 1].tolist())


def _of_programme(
    query: Query, months: Sequence[Period], wards: pd.DataFrame, inside: Bools
) -> dict[str, Any]:
    """Return the parts of `WardClasses` of roles and stages."""
    drawn = [programme_classes(query.within(one).wards()) for one in reversed(months or [query.period])]
    # The classes of the last moment come first; what was before and is no more, behind them.
    found = {entry.label: entry for classes, _ in drawn for entry in reversed(classes[:-1])}
    order = list(dict.fromkeys(entry.label for classes, _ in drawn for entry in classes[:-1]))
    stages = [found[label] for label in order] + [drawn[0][0][-1]]
    place = {entry.label: at for at, entry in enumerate(stages)}
    numbers = []
    for own, of_wards in drawn:
        at = np.full(len(inside), len(stages), dtype="int64")
        at[inside] = [place[own[one].label] for one in of_wards]
        numbers.append(at)
    columns = {
        "second": np.nan,
        "value": np.where(wards["role"].notna(), 1.0, np.nan),
        "days_pct": np.nan,
        "latest_day": np.datetime64("NaT", "ns"),
        "is_apportioned": False,
        # Roles and stages are facts; that a ward outside the programme was inspected may be none.
        "is_illustrative": wards["role"].isna()
        & (wards["is_inspected"] | wards["is_partly_inspected"])
        & wards["is_illustrative"],
    }
    return {
        "columns": columns,
        "palette": [entry.colour for entry in stages[:-1]],
        "numbers": numbers[0],
        "stages": tuple(stages),
        "month_numbers": tuple(numbers[::-1]) if months else (),
    }


def _of_figures(
    query: Query, choice: Choice, pair: Sequence[Measure], months: Sequence[Period], inside: Bools
) -> dict[str, Any]:
    """Return the parts of `WardClasses` of one figure or two."""
    first = ward_values(query, pair[0].code)
    amounts = [ward_values(query, one.code)[_per(choice, one)].to_numpy("float64") for one in pair]
    columns: dict[str, Any] = {"second": np.nan, "value": amounts[0]}
    for name in ("days_pct", "latest_day", "is_apportioned", "is_illustrative"):
        columns[name] = first[name].to_numpy()
    bounds, span = zip(*(_bounds(query, choice, one) for one in pair), strict=True)
    classes = [classification.class_numbers(*one) for one in zip(amounts, bounds, strict=True)]
    month_numbers: list[Ints] = []
    if len(pair) == 1:
        has_classes = bool(bounds[0]) or bool(np.isfinite(amounts[0]).any())
        palette = classification.colours(pair[0].direction, len(bounds[0]) + 1 if has_classes else 0)
        numbers = _placed(classes[0], len(palette), inside)
        for month in months:
            of_month = ward_values(query.within(month), pair[0].code)[_per(choice, pair[0])]
            own = classification.class_numbers(of_month.to_numpy("float64"), bounds[0])
            month_numbers.append(_placed(own, len(palette), inside))
    else:
        palette = classification.two_colours(pair[0].direction, pair[1].direction)
        is_known = (classes[0] != MISSING) & (classes[1] != MISSING)
        both = np.where(is_known, SQUARE_SIDE * classes[0] + classes[1], MISSING)
        numbers = _placed(both, len(palette), inside)
        worst = [0 if one.direction == "higher" else len(own) for one, own in zip(pair, bounds, strict=True)]
        other = ward_values(query, pair[1].code)["is_illustrative"].to_numpy()
        columns |= {
            "second": amounts[1],
            "is_illustrative": columns["is_illustrative"] | other,
            "is_darkest": (classes[0] == worst[0]) & (classes[1] == worst[1]),
        }
    return {
        "columns": columns,
        "palette": palette,
        "numbers": numbers,
        "bounds": bounds,
        "span": span[0],
        "amounts": tuple(amounts),
        "month_numbers": tuple(month_numbers),
    }


def _bounds(query: Query, choice: Choice, measure: Measure) -> tuple[tuple[float, ...], str]:
    """Return bounds and span; of two figures each has three classes, with alike many wards."""
    division: tuple[str, int, tuple[float, ...]] = (choice.method, choice.class_count, choice.own)
    if choice.second != NONE:
        division = ("quantiles", SQUARE_SIDE, ())
    return class_bounds(query.of_city(), measure, _per(choice, measure), *division)


def _placed(numbers: Ints, missing_at: int, inside: Bools) -> Ints:
    return np.where(inside, np.where(numbers == MISSING, missing_at, numbers), missing_at + 1)


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
