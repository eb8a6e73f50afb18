"""What the browser needs to reckon a map of any whole months itself (``dashboard/frontend/months.js``)."""

import datetime
from typing import Any

import numpy as np
import pandas as pd

from dashboard.query.layers import extent, indicator_index, vintages
from dashboard.subjects.figures.choices import COVERAGE
from dashboard.subjects.figures.classification import Floats
from dashboard.subjects.figures.legend_words import circle_sizes
from dashboard.subjects.figures.model import WardClasses, pilots_since
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.months import are_monthly, monthly_counts
from geodata.indicators.parts import day_number
from geodata.period import Period, default_vintage
from geodata.wards.units import is_commune


def has_months(shown: WardClasses) -> bool:
    """Return whether the browser can reckon the map: one count that adds up, in classes or as circles."""
    query, code = shown.query, shown.measure.code
    if len(shown.measures) > 1 or shown.months or code in COVERAGE or not (shown.totals or shown.bounds[0]):
        return False
    return are_monthly(indicator_index(query.published, verified_only=query.verified_only), code)


def months(shown: WardClasses) -> dict[str, Any]:
    """Return what it needs, as `dashboard.ui.frontend_state.MonthsFile` has it but for the language."""
    query, (per,) = shown.query, shown.pers
    index = indicator_index(query.published, verified_only=query.verified_only)
    known = extent(query.published)
    found = monthly_counts(index, shown.measure.code, known, query.vintage)
    communes = is_commune(query.of_vintage("ward")).to_numpy("bool")
    last_days = [datetime.date(1970, 1, 1) + datetime.timedelta(int(day) - 1) for day in found.starts[1:]]
    usual = [default_vintage(vintages(query.published), Period(known.since, day)) for day in last_days]
    exposure = found.exposures.get(per)
    return {
        "vintage": query.vintage,
        "starts": found.starts.tolist(),
        "isUsual": [one == query.vintage for one in usual],
        "isIllustrative": (found.is_illustrative & shown.inside).any(axis=1).tolist(),
        "counts": [_numbers(month) for month in found.counts],
        "exposures": None if exposure is None else _numbers(exposure),
        "factor": 1000 if per == "per_1000" else 1,
        "least": LEAST_REPORTED_PCT,
        "bounds": shown.bounds[0],
        "places": np.where(shown.inside, np.where(communes, 1, 2), 0).tolist(),
        "pilots": [
            {"since": day_number(pd.Timestamp(day)), "codes": codes} for day, codes in pilots_since(query)
        ],
        "circles": circle_sizes(float(np.nansum(found.counts, axis=0).max()), shown.measure)
        if shown.totals
        else None,
    }


def _numbers(values: Floats) -> list[float | None]:
    """Return numbers as JSON has them: whole ones without a fraction, none for a missing one."""
    return [None if np.isnan(one) else int(one) if one.is_integer() else one for one in values.tolist()]
