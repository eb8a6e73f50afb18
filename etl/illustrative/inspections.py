"""Illustrative inspections: when, with which results, and what they recommend."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from etl.illustrative.draws import FIRST_MONTH, stacked, streams, years_since_first
from geodata.wards.descent import Array, Descent, vintage_at
from geodata.wards.units import are_among

LABEL = "Minh họa"
"""What stands for a verdict, a body or a unit, so that none can be taken for a real one."""

SECOND_SET_FROM = pd.Timestamp("2024-01-01")
"""Day from which a set counts whose day is not published; of the second set only the year is known, 2024."""

ADVICE = (
    "Minh họa: bổ sung hồ sơ tiêu chí {number}",
    "Minh họa: rà soát, khắc phục tiêu chí {number}",
    "Minh họa: báo cáo tiến độ tiêu chí {number}",
)
ADVISED = 0.8
"""Share of the criteria not met of which something is recommended."""
NOT_ASSESSED = 0.06
"""Share of the criteria that an inspection leaves out."""


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
    carried = crosswalk.merge(
        pilots.rename(columns={"vintage": "from_vintage", "ward_code": "from_ward_code"}),
        on=["from_vintage", "from_ward_code"],
        how="inner",
        validate="many_to_many",
    )
    carried = carried.rename(columns={"to_vintage": "vintage", "to_ward_code": "ward_code"})
    days = pd.concat([pilots, carried[pilots.columns]]).groupby(["vintage", "ward_code"])["valid_from"].min()
    return days.rename("pilot_since").reset_index()


def visits_of(
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
    drawn = np.array([stream.random((len(years), 4, 2)) for stream in streams(seed, roots, "visits")])
    # From the middle of a quarter's first month, so that the set of 13 July 2021 is in force at the first.
    offsets = (14 + 66 * drawn[..., 0]).astype("timedelta64[D]").reshape(len(roots), -1)
    days = np.busday_offset(quarters.to_numpy().astype("datetime64[D]") + offsets, 0, roll="forward")
    is_yearly = np.argmin(drawn[..., 1], axis=2)[..., None] == np.arange(4)
    residents = roots["residents"].to_numpy(dtype=np.float64)
    quality = 0.5 * np.array([stream.standard_normal() for stream in streams(seed, roots, "quality")])
    visits = []
    for position, descent in enumerate(descents):
        day = days[descent.lead]
        since = pilot_since[pilot_since["vintage"] == descent.vintage].set_index("ward_code")["pilot_since"]
        begun = since.reindex(descent.codes).to_numpy(dtype="datetime64[D]")[:, None]
        # A missing day is no pilot's: a comparison with it is false.
        is_pilot = begun <= day
        is_due = is_pilot | is_yearly.reshape(len(roots), -1)[descent.lead]
        is_over = (day >= FIRST_MONTH.start_time.to_datetime64()) & (day <= last.to_datetime64())
        ward, slot = np.nonzero(is_due & is_over & (vintage_at(descents, day) == position))
        own = descent.carry(residents * quality) / descent.carry(residents)
        readiness = 1 + own[ward] + 0.3 * years_since_first(day[ward, slot]) + 0.7 * is_pilot[ward, slot]
        visits.append(
            pd.DataFrame(
                {
                    "vintage": descent.vintage,
                    "ward_code": np.array(descent.codes, dtype=object)[ward],
                    "inspection_date": day[ward, slot].astype("datetime64[ns]"),
                    "lead": descent.lead[ward],
                    "slot": slot,
                    "met_share": special.expit(readiness),
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
    return visits[~are_among(visits[ward_day], inspection[ward_day])].reset_index(drop=True)


def _under_sets(visits: pd.DataFrame, criteria_set: pd.DataFrame) -> pd.DataFrame:
    """Return the visits with the criteria set in force on their day; one before the first set is left out."""
    begun = criteria_set.assign(valid_from=criteria_set["valid_from"].fillna(SECOND_SET_FROM))
    return pd.merge_asof(
        visits.sort_values("inspection_date", kind="stable"),
        begun[["valid_from", "criteria_set"]].sort_values("valid_from"),
        left_on="inspection_date",
        right_on="valid_from",
    ).dropna(subset="criteria_set")


def results_of(
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
        asked = np.array([s.random(len(codes)) for s in streams(seed, roots, f"{name}/asked")])
        shape = (slots, len(codes), 4)
        drawn = np.array([s.random(shape) for s in streams(seed, roots, f"{name}/drawn")])
        skipped, advised, progress, term = np.moveaxis(drawn[under["lead"], under["slot"]], -1, 0)
        is_assessed = skipped >= NOT_ASSESSED
        is_met = is_assessed & (asked[under["lead"]] < under["met_share"].to_numpy()[:, None])
        is_not_met = is_assessed & ~is_met
        parts["inspection"].append(
            under[["inspection_id", "vintage", "ward_code", "inspection_date", "criteria_set"]].assign(
                round_id=None,
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
    return {layer: stacked(layer, frames) for layer, frames in parts.items()}


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
