"""Illustrative indicators: monthly counts, shares and levels with season, trend and gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from etl.illustrative.draws import streams, years_since_first
from geodata.wards.descent import Array, Descent, vintage_at


@dataclass(frozen=True)
class Amount:
    """How a number that grows with the residents runs over time. The figures are made up.

    Attributes
    ----------
    per_1000
        Per 1.000 residents of a phường: cases in a month, or what there is of a stock, in July 2021.
    rural
        Level of a xã relative to that of a phường.
    trend
        Relative change in a year.
    season
        Relative swing over the year, highest in the month ``peak``.
    peak
        Month from 1 to 12.
    spread
        Standard deviation between wards, of the logarithm.
    """

    per_1000: float
    rural: float = 1.0
    trend: float = 0.0
    season: float = 0.0
    peak: int = 1
    spread: float = 0.35


@dataclass(frozen=True)
class Percentage:
    """How a percentage runs over time: straight on the logit scale. The figures are made up.

    Attributes
    ----------
    of
        The amount that is its denominator.
    first, last
        Its level in July 2021 and five years later, %.
    """

    of: str
    first: float
    last: float


AMOUNTS: Mapping[str, Amount] = {
    "crime_cases": Amount(0.07, rural=0.6, trend=-0.04, season=0.15, peak=12),
    "social_vice_cases": Amount(0.05, rural=0.5, trend=-0.03, season=0.2, peak=2),
    "traffic_accidents": Amount(0.03, rural=1.2, trend=-0.05, season=0.2, peak=1),
    "fires": Amount(0.01, rural=0.6, season=0.4, peak=6),
    "fire_inspections": Amount(0.5, rural=0.6, trend=0.05, season=0.2, peak=11),
    "urban_order_violations": Amount(0.6, rural=0.3, trend=-0.06, season=0.15, peak=12),
    "fire_safety_teams": Amount(0.6, rural=0.7, trend=0.18),
    "public_fire_points": Amount(0.25, rural=0.7, trend=0.15),
    "reports": Amount(0.12, rural=0.7, season=0.1, peak=12),
    "files": Amount(18, rural=0.7, trend=0.03, season=0.15, peak=8),
    "answers": Amount(2, rural=0.8),
    "residents": Amount(1000, spread=0),
}
"""Counts and stocks by indicator code, and what percentages are out of."""

PERCENTAGES: Mapping[str, Percentage] = {
    "crime_clearance_pct": Percentage("crime_cases", 74, 86),
    "reports_handled_pct": Percentage("reports", 90, 97),
    "online_procedures_pct": Percentage("files", 25, 90),
    "ontime_procedures_pct": Percentage("files", 92, 98.5),
    "satisfaction_pct": Percentage("answers", 84, 94),
    "eid_activated_pct": Percentage("residents", 2, 88),
    "headquarters_ready_pct": Percentage("residents", 15, 95),
}

MISSED = 0.02
"""Share of the months of which a ward reports nothing."""
OUTAGE = 0.002
"""Share of the months with which half a year without reports begins."""
LATE = 0.05
"""Share of the wards of a vintage that begin to report one to four months late."""


def reports_of(descents: Sequence[Descent], ends: pd.DatetimeIndex, seed: int) -> list[pd.DataFrame]:
    """Return of each vintage the months of which its wards report.

    A month of which a ward reports nothing is missing, and so is all that a late one owes at first.

    Returns
    -------
    Keys: vintage, ward_code, period_start, period_end; ``ward`` and ``month``, the position of the ward in
    its descent and of the month in those of the vintage.
    """
    in_force = vintage_at(descents, ends.to_numpy())
    reports = []
    for position, descent in enumerate(descents):
        own = ends[in_force == position]
        units = pd.DataFrame({"vintage": descent.vintage, "ward_code": descent.codes})
        begins = np.array([stream.random(2) for stream in streams(seed, units, "begins")]).reshape(-1, 2)
        late = np.where(begins[:, 0] < LATE, np.ceil(4 * begins[:, 1]), 0)
        drawn = np.array([stream.random((len(own), 2)) for stream in streams(seed, units, "reports")])
        drawn = drawn.reshape(len(units), len(own), 2)
        is_missing = (drawn[..., 0] < MISSED) | (np.arange(len(own)) < late[:, None])
        for lag in range(6):
            is_missing[:, lag:] |= drawn[:, : max(len(own) - lag, 0), 1] < OUTAGE
        ward, month = np.nonzero(~is_missing)
        reports.append(
            pd.DataFrame(
                {
                    "vintage": descent.vintage,
                    "ward_code": pd.array(descent.codes, dtype="str").take(ward),
                    "period_start": own.to_period("M").to_timestamp()[month],
                    "period_end": own[month],
                    "ward": ward,
                    "month": month,
                }
            )
        )
    return reports


def _amount(name: str, roots: pd.DataFrame, ends: pd.DatetimeIndex, seed: int) -> Array:
    """Return the level of an amount: roots × months."""
    pattern = AMOUNTS[name]
    effect = np.array([stream.standard_normal() for stream in streams(seed, roots, name)])
    is_rural = roots["ward_kind"].isin(["xã", "huyện"]).to_numpy()
    of_root = (
        roots["residents"].to_numpy(dtype=np.float64)
        / 1000
        * pattern.per_1000
        * np.where(is_rural, pattern.rural, 1.0)
        * np.exp(pattern.spread * effect)
    )
    turn = 2 * np.pi * (ends.month.to_numpy() - pattern.peak) / 12
    of_month = (1 + pattern.trend) ** years_since_first(ends.to_numpy()) * (1 + pattern.season * np.cos(turn))
    return np.asarray(of_root[:, None] * of_month)


def _share(code: str, roots: pd.DataFrame, ends: pd.DatetimeIndex, seed: int) -> Array:
    """Return the level of a percentage, from 0 to 1: roots × months."""
    pattern = PERCENTAGES[code]
    effect = 0.3 * np.array([stream.standard_normal() for stream in streams(seed, roots, code)])
    first, last = special.logit(pattern.first / 100), special.logit(pattern.last / 100)
    drift = (last - first) * years_since_first(ends.to_numpy()) / 5
    return np.asarray(special.expit(effect[:, None] + first + drift))


def measured_in(
    reports: Sequence[pd.DataFrame],
    roots: pd.DataFrame,
    descents: Sequence[Descent],
    indicator: pd.DataFrame,
    ends: pd.DatetimeIndex,
    seed: int,
) -> list[pd.DataFrame]:
    """Return the catalogue's indicators in the months reported, one frame a vintage and indicator.

    A count is drawn by Poisson's law, so that a small one is often 0. A share is out of such a count, and
    missing where that is 0. Counts and parts of percentages are carried from the roots by weight.
    """
    kinds = dict(zip(indicator["indicator_code"], indicator["kind"], strict=True))
    amounts = {name: _amount(name, roots, ends, seed) for name in AMOUNTS}
    parts = {code: amounts[PERCENTAGES[code].of] * _share(code, roots, ends, seed) for code in PERCENTAGES}
    in_force = vintage_at(descents, ends.to_numpy())
    values = []
    for position, (descent, report) in enumerate(zip(descents, reports, strict=True)):
        months = in_force == position
        units = pd.DataFrame({"vintage": descent.vintage, "ward_code": descent.codes})
        level = {name: descent.carry(amount[:, months]) for name, amount in amounts.items()}
        counted = {name: _counts(level[name], units, name, seed) for name in AMOUNTS if name != "residents"}
        for code, kind in kinds.items():
            above = below = np.full(level["residents"].shape, np.nan)
            if code in PERCENTAGES:
                share = descent.carry(parts[code][:, months]) / level[PERCENTAGES[code].of]
                if kind == "share":
                    below = counted[PERCENTAGES[code].of]
                    above = _successes(below, share, units, code, seed)
                    value = 100 * above / np.where(below > 0, below, np.nan)
                else:
                    value = np.round(100 * share, 1)
            elif code in AMOUNTS:
                value = counted[code] if kind == "count" else _stock(level[code], units, code, seed)
            else:
                continue
            at = (report["ward"].to_numpy(), report["month"].to_numpy())
            rows = report[["vintage", "ward_code", "period_start", "period_end"]].assign(
                indicator_code=code, value=value[at], numerator=above[at], denominator=below[at]
            )
            values.append(rows[rows["value"].notna()])
    return values


def _counts(level: Array, units: pd.DataFrame, name: str, seed: int) -> Array:
    drawn = [stream.poisson(of) for stream, of in zip(streams(seed, units, name), level, strict=True)]
    return np.array(drawn, dtype=np.float64).reshape(level.shape)


def _successes(of: Array, share: Array, units: pd.DataFrame, code: str, seed: int) -> Array:
    rows = zip(streams(seed, units, code), of.astype(np.int64), share, strict=True)
    drawn = [stream.binomial(n, p) for stream, n, p in rows]
    return np.array(drawn, dtype=np.float64).reshape(of.shape)


def _stock(level: Array, units: pd.DataFrame, code: str, seed: int) -> Array:
    """Return whole numbers that follow a level and on average equal it."""
    offset = np.array([stream.random() for stream in streams(seed, units, code)])
    return np.asarray(np.floor(level + offset[:, None]))


def criteria_met_in(reports: pd.DataFrame, made: pd.DataFrame, real: pd.DataFrame) -> pd.DataFrame:
    """Return the indicator ``criteria_met``: in each month reported what the last inspection found.

    Nothing before a ward's first inspection, and nothing while its last one is a real one.
    """
    columns = ["vintage", "ward_code", "inspection_date", "criteria_met", "is_illustrative"]
    known = pd.concat([frame.loc[frame["criteria_met"].notna(), columns] for frame in (made, real)])
    # Text and days come in two flavours each, which a merge in order takes for different types.
    known = known.astype({"vintage": "str", "ward_code": "str", "inspection_date": "datetime64[ns]"})
    last = pd.merge_asof(
        reports.sort_values("period_end", kind="stable"),
        known.sort_values(["inspection_date", "is_illustrative"], ascending=[True, False]),
        left_on="period_end",
        right_on="inspection_date",
        by=["vintage", "ward_code"],
    )
    own = last[last["is_illustrative"].eq(True)]
    return own[["vintage", "ward_code", "period_start", "period_end"]].assign(
        indicator_code="criteria_met",
        value=own["criteria_met"].astype("float64"),
        numerator=np.nan,
        denominator=np.nan,
    )
