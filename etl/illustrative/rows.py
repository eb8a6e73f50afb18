"""Illustrative figures from a seed, so that a fresh install shows what the program can do; none is a fact.

Every draw has a stream of its own, named by the seed, the ward and what is drawn, and runs forward in time:
neither another ward nor a later month changes a row. A ward whose predecessors are known takes its level
from theirs, by the crosswalk, so that a redrawing makes no jump in the city's totals.
"""

from collections.abc import Mapping

import pandas as pd

from etl.illustrative.draws import FIRST_MONTH, SOURCE, stacked
from etl.illustrative.indicators import criteria_met_in, measured_in, reports_of
from etl.illustrative.inspections import pilot_days, results_of, visits_of
from geodata.contract.layers import LAYERS, empty
from geodata.wards.descent import trace_descent

LAYERS_MADE = ("inspection", "criterion_result", "recommendation", "indicator_value", "source")

SOURCE_ROW = {
    "source_id": SOURCE,
    "title": "Số liệu minh họa do chương trình tạo, không phải số liệu thật",
    "publisher": "Dự án haiphong-pilot-wards",
    "published": None,
    "licence": None,
    "redistribution": None,
    "locator": None,
    "url": None,
}


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
    visits = visits_of(roots, descents, since, register, ends[-1], seed)
    rows = results_of(visits, roots, register["criterion"], seed)
    reports = reports_of(descents, ends, seed)
    measured = measured_in(reports, roots, descents, register["indicator"], ends, seed)
    if "criteria_met" in set(register["indicator"]["indicator_code"]):
        measured.append(criteria_met_in(pd.concat(reports), rows["inspection"], register["inspection"]))
    rows["indicator_value"] = stacked("indicator_value", measured)
    rows["source"] = pd.DataFrame([SOURCE_ROW])
    return {name: rows[name][list(LAYERS[name].columns)] for name in LAYERS_MADE}
