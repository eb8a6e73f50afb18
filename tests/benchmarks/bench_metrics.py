"""How long the figures of an indicator take on a million rows: ``make bench-metrics``.

The rows stand on the wards of a build, each in the vintage of its day. They are noise, made to be counted,
and nothing of them is kept. Once they are ten-day values of every indicator, as many years back as a million
reaches; once, the worst case, all of them are daily values of one indicator.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.contract.layers import read_layer
from geodata.indicators.comparison import compare_with_year_before
from geodata.indicators.index import IndicatorIndex, index_indicators
from geodata.indicators.indicators import UnitLevel, indicator_values
from geodata.settings import settings

ROWS = 1_000_000
LAST_DAY = pd.Timestamp("2025-12-31")
BY: tuple[UnitLevel, ...] = ("ward", "district", "city")
FIRST_DAY = pd.Timestamp("1980-01-01")


def noise(rows: int, days: int, wards: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Return the newest values of indicators for every ward and period of so many days, in any order."""
    random = np.random.default_rng(1)
    ends = pd.date_range(LAST_DAY, FIRST_DAY, freq=f"-{days}D").as_unit("ns")
    periods = pd.DataFrame({"period_start": ends - pd.Timedelta(days=days - 1), "period_end": ends})
    vintages = pd.DataFrame({"vintage": sorted(wards["vintage"].unique())})
    begins = pd.to_datetime(vintages["vintage"]).mask(vintages.index == 0, FIRST_DAY).astype("datetime64[ns]")
    dated = pd.merge_asof(
        periods.sort_values("period_end"), vintages.assign(day=begins), left_on="period_end", right_on="day"
    )
    values = (
        dated[::-1]
        .merge(wards[["vintage", "ward_code"]], on="vintage", how="inner", validate="many_to_many")
        .merge(pd.DataFrame({"indicator_code": codes}), how="cross")
        .head(rows)
        .sample(frac=1, random_state=1, ignore_index=True)
    )
    denominator = random.integers(10, 500, len(values)).astype("float64")
    numerator = np.floor(denominator * random.random(len(values)))
    return values.assign(
        value=100 * numerator / denominator,
        numerator=numerator,
        denominator=denominator,
        is_illustrative=True,
    )


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    """Return the median of several runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return float(np.median(taken))


def report(title: str, index: IndicatorIndex, codes: list[str], first: pd.Timestamp) -> None:
    """Print the times over indicators, vintages, units and two ranges: everything, and the last year."""
    taken: list[float] = []
    compared: list[float] = []
    for code in codes:
        for vintage in index.vintages:
            for start in (first, LAST_DAY - pd.DateOffset(years=1)):
                for by in BY:
                    asked = (index, code, start, LAST_DAY, vintage, by)
                    taken.append(milliseconds(partial(indicator_values, *asked)))
                    compared.append(milliseconds(partial(compare_with_year_before, *asked)))
    for what, times in (("one metric", taken), ("with the year before", compared)):
        print(f"{title}, {what}: {np.median(times):.1f} ms, {max(times):.1f} ms in the slowest case")


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description="Time the figures of an indicator on a million rows.")
    parser.add_argument("--gpkg", type=Path, default=settings().published, help="a build")
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    wards, links, indicator = (read_layer(options.gpkg, name) for name in ("ward", "crosswalk", "indicator"))
    every = indicator["indicator_code"].tolist()
    for title, days, codes, asked in (
        ("all indicators", 10, every, ["fires", "satisfaction_pct", "fire_safety_teams"]),
        ("one indicator, daily", 1, ["fires"], ["fires"]),
    ):
        values = noise(options.rows, days, wards, codes)
        print(
            f"{title}: {len(values):,} rows, {values['period_end'].nunique():,} periods, {len(wards)} wards"
        )
        taken = milliseconds(partial(index_indicators, values, indicator, wards, links), 3)
        print(f"{title}, index: {taken:,.0f} ms, once per publication")
        index = index_indicators(values, indicator, wards, links)
        report(title, index, asked, values["period_start"].min())


if __name__ == "__main__":
    main()
