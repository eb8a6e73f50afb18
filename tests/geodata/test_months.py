"""The browser's sums over months are the server's to the last digit, whatever was reported and divided."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.contract.layers import read_layer
from geodata.indicators.comparison import LEAST_REPORTED_PCT, comparable_values
from geodata.indicators.index import IndicatorIndex, index_indicators
from geodata.indicators.months import are_monthly, monthly_counts
from geodata.period import Period
from tests.monthly_city import WARDS
from tests.reckoned import reckoned
from tests.small_city import MID, NEW, OLD

MONTHS = pd.period_range("2024-11", "2025-08", freq="M")
EXTENT = Period(pd.Timestamp("2024-11-05").date(), pd.Timestamp("2025-08-20").date())
RATES = {"per_1000": 1000, "per_km2": 1}


@pytest.fixture(scope="module")
def city(small_gpkg: Path) -> dict[str, pd.DataFrame]:
    return {name: read_layer(small_gpkg, name) for name in ("indicator", "ward", "crosswalk")}


def row(vintage: str, code: str, start: str, end: str, value: float) -> dict[str, Any]:
    days = {"period_start": pd.Timestamp(start), "period_end": pd.Timestamp(end)}
    missing = {"numerator": np.nan, "denominator": np.nan, "is_illustrative": False}
    return {
        "vintage": vintage,
        "ward_code": code,
        "indicator_code": "fires",
        "value": value,
        **days,
        **missing,
    }


def index_of(
    city: dict[str, pd.DataFrame], rows: list[dict[str, Any]], share: float = 0.75
) -> IndicatorIndex:
    crosswalk = city["crosswalk"].copy()
    weight = crosswalk["population_weight"]
    crosswalk["population_weight"] = weight.mask(weight == 0.75, share).mask(weight == 0.25, 1 - share)
    return index_indicators(pd.DataFrame(rows), city["indicator"], city["ward"], crosswalk)


REPORTS = st.lists(
    st.sampled_from(
        [(vintage, code, month) for vintage, codes in WARDS.items() for code in codes for month in MONTHS]
    ),
    unique=True,
    min_size=20,
)


@settings(max_examples=15, deadline=None)
@given(REPORTS, st.data(), st.floats(0.01, 0.99), st.sampled_from([OLD, MID, NEW]))
def test_both_come_to_the_same_figures(
    city: dict[str, pd.DataFrame], reports: list[Any], data: st.DataObject, share: float, vintage: str
) -> None:
    counts = data.draw(st.lists(st.integers(0, 40), min_size=len(reports), max_size=len(reports)))
    rows = [
        row(vintage, code, str(month.start_time), str(month.end_time.normalize()), count)
        for (vintage, code, month), count in zip(reports, counts, strict=True)
    ]
    index = index_of(city, rows, share)
    found = monthly_counts(index, "fires", EXTENT, vintage)
    ranges = [(first, last) for last in range(len(MONTHS)) for first in range(last + 1)]
    common = {
        "starts": found.starts.tolist(),
        "counts": [[None if np.isnan(one) else one for one in month] for month in found.counts.tolist()],
        "least": LEAST_REPORTED_PCT,
        "places": [1] * found.counts.shape[1],
        "bounds": [1.5, 7],
        "isIllustrative": [],
        "pilots": [],
        "circles": None,
        "language": "vi",
        "texts": {"illustrative": ""},
    }
    exposures = {
        per: [None if np.isnan(one) else one for one in found.exposures[per].tolist()] for per in RATES
    }
    cases = [
        {"file": common | {"exposures": exposures[per], "factor": factor}, "ranges": ranges, "palette": []}
        for per, factor in RATES.items()
    ]
    cases.append({"file": common | {"exposures": None, "factor": 1}, "ranges": ranges, "palette": []})
    of_browser = reckoned(cases)
    for at, (first, last) in enumerate(ranges):
        ends = (
            pd.Timestamp(found.starts[first], unit="D"),
            pd.Timestamp(found.starts[last + 1] - 1, unit="D"),
        )
        of_server = comparable_values(index, "fires", *ends, vintage)
        for per, shown in zip([*RATES, "value"], of_browser, strict=True):
            figures = of_server[per].to_numpy("float64")
            assert np.array_equal(np.array(shown[at]["figures"], dtype="float64"), figures, equal_nan=True)
            is_shown = np.isin(shown[at]["classes"], (0, 1, 2))
            assert (is_shown == (of_server["is_reported"] & np.isfinite(figures))).all()


@pytest.mark.parametrize(
    ("start", "end", "value"),
    [
        ("2025-01-01", "2025-03-31", 1.0),
        ("2025-01-01", "2025-01-15", 1.0),
        ("2025-01-16", "2025-02-15", 1.0),
        ("2025-01-01", "2025-01-31", np.nan),
    ],
)
def test_what_is_not_of_whole_months_or_unknown_is_left_to_the_server(
    city: dict[str, pd.DataFrame], start: str, end: str, value: float
) -> None:
    whole = row(NEW, "00001", "2025-02-01", "2025-02-28", 1.0)
    assert are_monthly(index_of(city, [whole]), "fires")
    assert not are_monthly(index_of(city, [whole, row(NEW, "00001", start, end, value)]), "fires")
    assert not are_monthly(index_of(city, [whole]), "satisfaction_pct")
