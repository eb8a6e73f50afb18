"""What a map of figures is made of, as parts of `dashboard.subjects.figures.model.WardClasses`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.query.layers import extent
from dashboard.query.query import Query
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.alike import alike_classes, alike_colours, may_be_alike
from dashboard.subjects.figures.chance import Chance, chance
from dashboard.subjects.figures.choices import COVERAGE, NONE, Choice, Measure
from dashboard.subjects.figures.classification import MISSING, Bools, Floats, Ints
from dashboard.subjects.figures.values import class_bounds, ward_values
from dashboard.subjects.programme.classes import INSPECTED, programme_classes
from geodata.indicators.bands import is_band_wide
from geodata.indicators.comparison import interval
from geodata.period import Period
from geodata.programme.symbols import LAND

NO_FIGURE = ("second", "low", "high", "events", "exposure", "days_pct", "least", "most", "total")
"""Columns that are missing where no figure is shown."""

SQUARE_SIDE = 3
"""Classes of each of two figures."""


def of_programme(
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
    is_held, *seen = wards["role"].notna().to_numpy("bool"), *(wards[of].to_numpy("bool") for of in INSPECTED)
    columns = {
        **dict.fromkeys(NO_FIGURE, np.nan),
        "is_wide": False,
        "value": np.where(is_held, 1.0, np.nan),
        "is_reported": True,
        "is_few": False,
        "outside": 0,
        "latest_day": np.datetime64("NaT", "ns"),
        "is_apportioned": False,
        # Roles and stages are facts; that a ward outside the programme was inspected may be none.
        "is_illustrative": ~is_held & (seen[0] | seen[1]) & wards["is_illustrative"].to_numpy("bool"),
    }
    return {
        "columns": columns,
        "is_rankable": False,
        "palette": [entry.colour for entry in stages[:-1]],
        "numbers": numbers[0],
        "stages": tuple(stages),
        "month_numbers": tuple(numbers[::-1]) if months else (),
    }


def of_figures(
    query: Query, choice: Choice, pair: Sequence[Measure], months: Sequence[Period], inside: Bools
) -> dict[str, Any]:
    """Return the parts of `WardClasses` of one figure or two."""
    pers = [one.per(choice.per) for one in pair]
    found = [ward_values(query, one.code) for one in pair]
    amounts = [of[per].to_numpy("float64") for of, per in zip(found, pers, strict=True)]
    of_chance = chance(query.of_city(), pair[0].code, pers[0], "ward")
    limits = _limits(found[0], pair[0], pers[0], of_chance)
    common: dict[str, Any] = {
        "columns": _columns(found, amounts, pers, of_chance, limits),
        "is_rankable": found[0]["is_rankable"].to_numpy("bool"),
        "amounts": tuple(amounts),
        "is_carried": found[0]["is_apportioned"].to_numpy("bool"),
        "limits": limits,
        "has_reports": any(one.kind != "level" and one.code not in COVERAGE for one in pair),
        "chance": of_chance,
    }
    if choice.is_alike and may_be_alike(query.published, choice):
        of_alike = alike_colours(pair[0].direction)
        is_known = np.isfinite(amounts[0])
        return common | {
            "is_alike": True,
            "has_reports": True,
            "bounds": ((),),
            "palette": of_alike,
            "numbers": _placed(alike_classes(query, choice), is_known, of_alike, inside, has_reports=True),
            "month_numbers": (),
        }
    enough = [_of_enough(one, amount) for one, amount in zip(found, amounts, strict=True)]
    if len(pair) == 1 and pair[0].is_total(choice.per):
        return common | _as_circles(query, pair[0], months, inside, (found[0], amounts[0], enough[0]))
    bounds, are_years = zip(*(_bounds(query, choice, one) for one in pair), strict=True)
    classes = [classification.class_numbers(*one) for one in zip(enough, bounds, strict=True)]
    is_too_little = np.any(
        [np.isfinite(amount) & ~np.isfinite(of) for amount, of in zip(amounts, enough, strict=True)], axis=0
    )
    parts = common | {"bounds": bounds, "are_years": all(are_years), "month_numbers": ()}
    if len(pair) == 1:
        has_classes = bool(bounds[0]) or bool(np.isfinite(amounts[0]).any())
        palette = classification.colours(pair[0].direction, len(bounds[0]) + 1 if has_classes else 0)
        has_reports = parts["has_reports"]
        own = classes[0]
        if months:
            parts["month_numbers"] = tuple(
                _placed(
                    *_month_classes(query.within(one), pair[0], pers[0], bounds[0]),
                    palette,
                    inside,
                    has_reports,
                )
                for one in months
            )
    else:
        palette = classification.two_colours(pair[0].direction, pair[1].direction)
        is_known = (classes[0] != MISSING) & (classes[1] != MISSING)
        own = np.where(is_known, SQUARE_SIDE * classes[0] + classes[1], MISSING)
        worst = [0 if one.direction == "higher" else len(of) for one, of in zip(pair, bounds, strict=True)]
        parts["columns"]["is_darkest"] = is_known & (classes[0] == worst[0]) & (classes[1] == worst[1])
    numbers = (
        parts["month_numbers"][-1]
        if parts["month_numbers"]
        else _placed(own, is_too_little, palette, inside, parts["has_reports"])
    )
    return parts | {"palette": palette, "numbers": numbers}


def _columns(
    found: Sequence[pd.DataFrame],
    amounts: Sequence[Floats],
    pers: Sequence[str],
    of_chance: Chance | None,
    limits: tuple[Floats, Floats] | None,
) -> dict[str, Any]:
    """Return the columns of `WardClasses.rows` but for names, classes and ranks."""
    first = found[0]
    columns: dict[str, Any] = {
        "second": amounts[1] if len(amounts) > 1 else np.nan,
        "value": amounts[0],
        "low": limits[0] if limits else np.nan,
        "high": limits[1] if limits else np.nan,
        "events": of_chance.units["events"].to_numpy() if of_chance else np.nan,
        "exposure": of_chance.units["exposure"].to_numpy() if of_chance else np.nan,
        "outside": of_chance.units["outside"].to_numpy() if of_chance else 0,
    }
    told = ("days_pct", "latest_day", "is_reported", "is_few", "is_apportioned", "is_illustrative", "least")
    for name in (*told, "most"):
        columns[name] = first[name].to_numpy()
    columns["total"] = first["value"].to_numpy()
    columns["is_wide"] = is_band_wide({name: first[name].to_numpy() for name in ("value", "least", "most")})
    if len(found) > 1:
        columns["is_illustrative"] = columns["is_illustrative"] | found[1]["is_illustrative"].to_numpy()
    return columns


def _limits(
    found: pd.DataFrame, measure: Measure, per: str, of_chance: Chance | None
) -> tuple[Floats, Floats] | None:
    """Return the ends of the interval of each figure; nothing of one that chance does not move."""
    if of_chance is None:
        return None
    if of_chance.per != per:
        return interval(found, measure.kind, per)
    low, high = (of_chance.units[name].to_numpy("float64") for name in ("low", "high"))
    return low, high


def _of_enough(found: pd.DataFrame, amounts: Floats) -> Floats:
    """Return the figures of those that reported enough."""
    return np.where(found["is_reported"].to_numpy("bool"), amounts, np.nan)


def _month_classes(query: Query, measure: Measure, per: str, bounds: Sequence[float]) -> tuple[Ints, Bools]:
    """Return the class of each ward in a month, and which reported too little of it, or too few events."""
    found = ward_values(query, measure.code)
    amounts = found[per].to_numpy("float64")
    enough = np.where(found["is_few"], np.nan, _of_enough(found, amounts))
    return classification.class_numbers(enough, bounds), np.isfinite(amounts) & ~np.isfinite(enough)


def _as_circles(
    query: Query,
    measure: Measure,
    months: Sequence[Period],
    inside: Bools,
    shown: tuple[pd.DataFrame, Floats, Floats],
) -> dict[str, Any]:
    """Return the parts of `WardClasses` of a total: wards of one class, and what circles on them show."""
    has_reports = measure.kind != "level" and measure.code not in COVERAGE
    moments = [ward_values(query.within(one), measure.code) for one in months] or [shown[0]]
    every = [of["value"].to_numpy("float64") for of in moments]
    enough = [_of_enough(of, amounts) for of, amounts in zip(moments, every, strict=True)]
    numbers = [
        _placed(
            np.where(np.isfinite(of), 0, MISSING),
            np.isfinite(amounts) & ~np.isfinite(of),
            [LAND],
            inside,
            has_reports,
        )
        for of, amounts in zip(enough, every, strict=True)
    ]
    return {
        "palette": [LAND],
        "numbers": numbers[-1],
        "bounds": ((),),
        "totals": tuple(np.where(inside, of, np.nan) for of in enough),
        "month_numbers": tuple(numbers) if months else (),
    }


def _bounds(query: Query, choice: Choice, measure: Measure) -> tuple[tuple[float, ...], bool]:
    """Return bounds and whether they are of years; two figures have three classes each."""
    division: tuple[str, int, tuple[float, ...]] = (choice.method, choice.class_count, choice.own)
    if choice.second != NONE:
        division = ("quantiles", SQUARE_SIDE, ())
    # Neither areas nor days move the bounds.
    whole = query.of_city().within(extent(query.published))
    return class_bounds(whole, measure, measure.per(choice.per), *division)


def _placed(
    numbers: Ints, is_too_little: Bools, palette: Sequence[str], inside: Bools, has_reports: bool
) -> Ints:
    missing_at = len(palette) + has_reports
    at = np.where(
        numbers == MISSING, np.where(is_too_little & has_reports, len(palette), missing_at), numbers
    )
    return np.where(inside, at, missing_at + 1)
