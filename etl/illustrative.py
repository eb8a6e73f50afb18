"""Illustrative figures from a seed, so that a fresh install shows what the program can do; none is a fact.

Every draw has a stream of its own, named by the seed, the ward and what is drawn, and runs forward in time:
neither another ward nor a later month changes a row. A ward whose predecessors are known takes its level
from theirs, by the crosswalk, so that a redrawing makes no jump in the city's totals.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.descent import Array, Descent, Positions, trace_descent
from geodata.layers import LAYERS, empty

Days = npt.NDArray[np.datetime64]

SOURCE = "illustrative"
"""The source_id of every illustrative row."""

LABEL = "Minh họa"
"""What stands for a verdict, a body or a unit, so that none can be taken for a real one."""

FIRST_MONTH = pd.Period("2021-07", "M")

SECOND_SET_FROM = pd.Timestamp("2024-01-01")
"""Day from which a set counts whose day is not published; of the second set only the year is known, 2024."""

LAYERS_MADE = ("inspection", "criterion_result", "recommendation", "indicator_value", "source")

SOURCE_ROW = {
    "source_id": SOURCE,
    "title": "Số liệu minh họa do chương trình tạo, không phải số liệu thật",
    "publisher": "Dự án haiphong-pilot-wards",
    "published": None,
    "licence": None,
    "locator": None,
    "url": None,
}


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

ADVICE = (
    "Minh họa: bổ sung hồ sơ tiêu chí {number}",
    "Minh họa: rà soát, khắc phục tiêu chí {number}",
    "Minh họa: báo cáo tiến độ tiêu chí {number}",
)
ADVISED = 0.8
"""Share of the criteria not met of which something is recommended."""
NOT_ASSESSED = 0.06
"""Share of the criteria that an inspection leaves out."""
MISSED = 0.02
"""Share of the months of which a ward reports nothing."""
OUTAGE = 0.002
"""Share of the months with which half a year without reports begins."""
LATE = 0.05
"""Share of the wards of a vintage that begin to report one to four months late."""


def illustrative_rows(
    wards: pd.DataFrame,
    crosswalk: pd.DataFrame,
    register: Mapping[str, pd.DataFrame],
    until: pd.Timestamp,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Return illustrative rows from July 2021 to the last full month before a day.

    A month belongs to the wards of the vintage in force at its end. Where a vintage has no boundaries the
    one before it stands in, and before the first the first: what is made up needs no unit of its own, and a
    fresh install without the wards of 2020 still shows all years. A huyện has no ward police: no rows.

    Parameters
    ----------
    wards, crosswalk
        The layers ``ward`` and ``crosswalk``; geometry is not used.
    register
        The tables ``criteria_set``, ``criterion``, ``indicator`` and ``pilot_status``, and ``inspection``
        with every real one: no illustrative inspection falls on the day of a real one of the same ward.
    until
        Day before which the last month ends.
    seed
        The same seed, wards and day give the same rows; a later day appends to them.

    Returns
    -------
    The layers ``inspection``, ``criterion_result``, ``recommendation``, ``indicator_value`` and ``source`` in
    the contract's columns, to be checked with the real rows; ``is_illustrative`` is true and ``source`` is
    ``illustrative`` in every row. Keys of inspections and recommendations begin with ``illustrative-``, so
    none is a real one's.
    """
    months = pd.period_range(FIRST_MONTH, until.to_period("M") - 1, freq="M")
    if months.empty or wards.empty:
        return {name: empty(name) for name in LAYERS_MADE}
    ends = months.to_timestamp(how="end").normalize().as_unit("ns")
    roots, descents = trace_descent(wards, crosswalk)
    since = pilot_days(register["pilot_status"], crosswalk)
    visits = _visits(roots, descents, since, register, ends[-1], seed)
    rows = _results(visits, roots, register["criterion"], seed)
    reports = _reports(descents, ends, seed)
    measured = _measured(reports, roots, descents, register["indicator"], ends, seed)
    if "criteria_met" in set(register["indicator"]["indicator_code"]):
        measured.append(_criteria_met(pd.concat(reports), rows["inspection"], register["inspection"]))
    rows["indicator_value"] = _stacked("indicator_value", measured)
    rows["source"] = pd.DataFrame([SOURCE_ROW])
    return {name: rows[name][list(LAYERS[name].columns)] for name in LAYERS_MADE}


def pilot_days(pilot_status: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the day since which each ward is a pilot ward, or made in part of one.

    Parameters
    ----------
    pilot_status, crosswalk
        The layers of these names.

    Returns
    -------
    Keys: vintage, ward_code; pilot_since. A ward that is no pilot ward is not named.
    """
    pilots = pilot_status.loc[pilot_status["role"] == "pilot", ["vintage", "ward_code", "valid_from"]]
    carried = crosswalk.loc[crosswalk["weight"] > 0].merge(
        pilots.rename(columns={"vintage": "from_vintage", "ward_code": "from_ward_code"}),
        on=["from_vintage", "from_ward_code"],
        how="inner",
        validate="many_to_many",
    )
    carried = carried.rename(columns={"to_vintage": "vintage", "to_ward_code": "ward_code"})
    days = pd.concat([pilots, carried[pilots.columns]]).groupby(["vintage", "ward_code"])["valid_from"].min()
    return days.rename("pilot_since").reset_index()


def _stream(seed: int, *name: str) -> np.random.Generator:
    """Return the generator of one thing that is drawn, which owes nothing to any other."""
    digest = hashlib.blake2b("/".join([str(seed), *name]).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def _streams(seed: int, units: pd.DataFrame, what: str) -> list[np.random.Generator]:
    """Return a generator for each row of units: vintage, ward_code."""
    names = zip(units["vintage"], units["ward_code"], strict=True)
    return [_stream(seed, vintage, code, what) for vintage, code in names]


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _logit(pct: float) -> float:
    return math.log(pct / (100 - pct))


def _years(days: Days) -> Array:
    """Return the years from 1 July 2021 to days."""
    since = days.astype("datetime64[D]") - np.datetime64(FIRST_MONTH.start_time, "D")
    return np.asarray(since / np.timedelta64(1, "D") / 365.25)


def _in_force(descents: Sequence[Descent], days: Days) -> Positions:
    """Return the position of the vintage to whose wards each day belongs."""
    begun = np.array([descent.vintage for descent in descents], dtype="datetime64[D]")
    return np.maximum(np.searchsorted(begun, days.astype("datetime64[D]"), side="right") - 1, 0)


def _stacked(layer: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the frames as one of a layer, labelled as illustrative."""
    if not frames:
        return empty(layer)
    return pd.concat(frames, ignore_index=True).assign(source=SOURCE, is_illustrative=True)


def _visits(
    roots: pd.DataFrame,
    descents: Sequence[Descent],
    pilot_since: pd.DataFrame,
    register: Mapping[str, pd.DataFrame],
    last: pd.Timestamp,
    seed: int,
) -> pd.DataFrame:
    """Return who is inspected when: a pilot ward in every quarter, another in one quarter of each year.

    A ward carries on the inspections of its leading root, so that a redrawing within a year adds none.

    Returns
    -------
    Keys: vintage, ward_code, inspection_date, and inspection_id; ``lead``, the row of the leading root,
    ``slot``, the quarter counted from the first of 2021, ``met_share``, the share of criteria that is met in
    the long run, and criteria_set.
    """
    years = range(FIRST_MONTH.year, last.year + 1)
    quarters = pd.period_range(f"{years[0]}Q1", f"{years[-1]}Q4", freq="Q").to_timestamp()
    drawn = np.array([stream.random((len(years), 4, 2)) for stream in _streams(seed, roots, "visits")])
    # From the middle of a quarter's first month, so that the set of 13 July 2021 is in force at the first.
    offsets = (14 + 66 * drawn[..., 0]).astype("timedelta64[D]").reshape(len(roots), -1)
    days = np.busday_offset(quarters.to_numpy().astype("datetime64[D]") + offsets, 0, roll="forward")
    is_yearly = np.argmin(drawn[..., 1], axis=2)[..., None] == np.arange(4)
    residents = roots["residents"].to_numpy(dtype=np.float64)
    quality = 0.5 * np.array([stream.standard_normal() for stream in _streams(seed, roots, "quality")])
    visits = []
    for position, descent in enumerate(descents):
        day = days[descent.lead]
        since = pilot_since[pilot_since["vintage"] == descent.vintage].set_index("ward_code")["pilot_since"]
        begun = since.reindex(descent.codes).to_numpy(dtype="datetime64[D]")[:, None]
        # A missing day is no pilot's: a comparison with it is false.
        is_pilot = begun <= day
        is_due = is_pilot | is_yearly.reshape(len(roots), -1)[descent.lead]
        is_over = (day >= FIRST_MONTH.start_time.to_datetime64()) & (day <= last.to_datetime64())
        ward, slot = np.nonzero(is_due & is_over & (_in_force(descents, day) == position))
        own = descent.carry(residents * quality) / descent.carry(residents)
        readiness = 1 + own[ward] + 0.3 * _years(day[ward, slot]) + 0.7 * is_pilot[ward, slot]
        visits.append(
            pd.DataFrame(
                {
                    "vintage": descent.vintage,
                    "ward_code": np.array(descent.codes, dtype=object)[ward],
                    "inspection_date": day[ward, slot].astype("datetime64[ns]"),
                    "lead": descent.lead[ward],
                    "slot": slot,
                    "met_share": _sigmoid(readiness),
                }
            )
        )
    every = _without_real(pd.concat(visits, ignore_index=True), register["inspection"])
    named = every["inspection_date"].dt.strftime("illustrative-%Y-%m-%d-")
    every = every.assign(inspection_id=named + every["vintage"] + "-" + every["ward_code"])
    return _under_sets(every, register["criteria_set"])


def _without_real(visits: pd.DataFrame, inspection: pd.DataFrame) -> pd.DataFrame:
    """Return the visits but for those of a ward on the day of a real inspection of it."""
    ward_day = ["vintage", "ward_code", "inspection_date"]
    real = pd.MultiIndex.from_frame(inspection[ward_day])
    return visits[~pd.MultiIndex.from_frame(visits[ward_day]).isin(real)].reset_index(drop=True)


def _under_sets(visits: pd.DataFrame, criteria_set: pd.DataFrame) -> pd.DataFrame:
    """Return the visits with the criteria set in force on their day; one before the first set is left out."""
    begun = criteria_set.assign(valid_from=criteria_set["valid_from"].fillna(SECOND_SET_FROM))
    return pd.merge_asof(
        visits.sort_values("inspection_date", kind="stable"),
        begun[["valid_from", "criteria_set"]].sort_values("valid_from"),
        left_on="inspection_date",
        right_on="valid_from",
    ).dropna(subset="criteria_set")


def _results(
    visits: pd.DataFrame, roots: pd.DataFrame, criterion: pd.DataFrame, seed: int
) -> dict[str, pd.DataFrame]:
    """Return the layers ``inspection``, ``criterion_result`` and ``recommendation`` of visits.

    A ward meets a criterion from when its share of criteria met exceeds what the criterion asks of it, so
    what is met stays met until another set comes.
    """
    parts: dict[str, list[pd.DataFrame]] = {
        "inspection": [],
        "criterion_result": [],
        "recommendation": [],
    }
    slots = int(visits["slot"].max()) + 1 if len(visits) else 0
    for name, of_set in criterion.sort_values("criterion_code").groupby("criteria_set", sort=True):
        codes = of_set["criterion_code"].to_numpy(dtype=object)
        under = visits[visits["criteria_set"] == name]
        asked = np.array([s.random(len(codes)) for s in _streams(seed, roots, f"{name}/asked")])
        shape = (slots, len(codes), 4)
        drawn = np.array([s.random(shape) for s in _streams(seed, roots, f"{name}/drawn")])
        skipped, advised, progress, term = np.moveaxis(drawn[under["lead"], under["slot"]], -1, 0)
        is_assessed = skipped >= NOT_ASSESSED
        is_met = is_assessed & (asked[under["lead"]] < under["met_share"].to_numpy()[:, None])
        is_not_met = is_assessed & ~is_met
        parts["inspection"].append(
            under[["inspection_id", "vintage", "ward_code", "inspection_date", "criteria_set"]].assign(
                inspecting_body=LABEL,
                kind="định kỳ",
                verdict=LABEL,
                criteria_met=is_met.sum(axis=1),
                criteria_assessed=is_assessed.sum(axis=1),
                classification=None,
            )
        )
        ids = under["inspection_id"].to_numpy(dtype=object)
        parts["criterion_result"].append(
            pd.DataFrame(
                {
                    "inspection_id": np.repeat(ids, len(codes)),
                    "criterion_code": np.tile(codes, len(under)),
                    "result": np.select([is_met, is_not_met], ["met", "not_met"], "not_assessed").ravel(),
                }
            )
        )
        row, column = np.nonzero(is_not_met & (advised < ADVISED))
        parts["recommendation"].append(
            _advice(under.iloc[row], codes[column], progress[row, column], term[row, column])
        )
    return {layer: _stacked(layer, frames) for layer, frames in parts.items()}


def _advice(of: pd.DataFrame, codes: npt.NDArray[np.object_], progress: Array, term: Array) -> pd.DataFrame:
    """Return a recommendation a row: of the inspection there, on the criterion of that code."""
    days = (30 * (1 + np.floor(3 * term))).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "recommendation_id": of["inspection_id"].to_numpy() + "-" + codes,
            "inspection_id": of["inspection_id"].to_numpy(),
            "text": [ADVICE[int(code) % len(ADVICE)].format(number=int(code)) for code in codes],
            "category": LABEL,
            "owner_unit": LABEL,
            "due_date": of["inspection_date"].to_numpy() + days,
            "state": np.select([progress < 0.6, progress < 0.85], ["done", "in_progress"], "open"),
        }
    )


def _reports(descents: Sequence[Descent], ends: pd.DatetimeIndex, seed: int) -> list[pd.DataFrame]:
    """Return of each vintage the months of which its wards report.

    A month of which a ward reports nothing is missing, and so is all that a late one owes at first.

    Returns
    -------
    Keys: vintage, ward_code, period_start, period_end; ``ward`` and ``month``, the position of the ward in
    its descent and of the month in those of the vintage.
    """
    in_force = _in_force(descents, ends.to_numpy())
    reports = []
    for position, descent in enumerate(descents):
        own = ends[in_force == position]
        units = pd.DataFrame({"vintage": descent.vintage, "ward_code": descent.codes})
        begins = np.array([stream.random(2) for stream in _streams(seed, units, "begins")]).reshape(-1, 2)
        late = np.where(begins[:, 0] < LATE, np.ceil(4 * begins[:, 1]), 0)
        drawn = np.array([stream.random((len(own), 2)) for stream in _streams(seed, units, "reports")])
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
    effect = np.array([stream.standard_normal() for stream in _streams(seed, roots, name)])
    is_rural = roots["ward_kind"].isin(["xã", "huyện"]).to_numpy()
    of_root = (
        roots["residents"].to_numpy(dtype=np.float64)
        / 1000
        * pattern.per_1000
        * np.where(is_rural, pattern.rural, 1.0)
        * np.exp(pattern.spread * effect)
    )
    turn = 2 * np.pi * (ends.month.to_numpy() - pattern.peak) / 12
    of_month = (1 + pattern.trend) ** _years(ends.to_numpy()) * (1 + pattern.season * np.cos(turn))
    return np.asarray(of_root[:, None] * of_month)


def _share(code: str, roots: pd.DataFrame, ends: pd.DatetimeIndex, seed: int) -> Array:
    """Return the level of a percentage, from 0 to 1: roots × months."""
    pattern = PERCENTAGES[code]
    effect = 0.3 * np.array([stream.standard_normal() for stream in _streams(seed, roots, code)])
    first, last = _logit(pattern.first), _logit(pattern.last)
    return _sigmoid(effect[:, None] + first + (last - first) * _years(ends.to_numpy()) / 5)


def _measured(
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
    in_force = _in_force(descents, ends.to_numpy())
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
    drawn = [stream.poisson(of) for stream, of in zip(_streams(seed, units, name), level, strict=True)]
    return np.array(drawn, dtype=np.float64).reshape(level.shape)


def _successes(of: Array, share: Array, units: pd.DataFrame, code: str, seed: int) -> Array:
    streams = _streams(seed, units, code)
    drawn = [s.binomial(n, p) for s, n, p in zip(streams, of.astype(np.int64), share, strict=True)]
    return np.array(drawn, dtype=np.float64).reshape(of.shape)


def _stock(level: Array, units: pd.DataFrame, code: str, seed: int) -> Array:
    """Return whole numbers that follow a level and on average equal it."""
    offset = np.array([stream.random() for stream in _streams(seed, units, code)])
    return np.asarray(np.floor(level + offset[:, None]))


def _criteria_met(reports: pd.DataFrame, made: pd.DataFrame, real: pd.DataFrame) -> pd.DataFrame:
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
