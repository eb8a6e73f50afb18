"""What inspections found of the criteria: met, not met, and not assessed."""

import pandas as pd

from geodata.evidence import Evidence
from geodata.programme.inspections import with_criteria_shares
from geodata.wards.units import KEY


def latest_inspections(known: Evidence, wards: pd.DataFrame, criteria_set: pd.DataFrame) -> pd.DataFrame:
    """Return the latest inspection within the range of each ward, in the order of the wards.

    Parameters
    ----------
    known
        What is known within the range of days.
    wards
        Wards of one vintage.
    criteria_set
        The layer of this name.

    Returns
    -------
    The columns of ``wards`` and of the inspection, missing where there is none; criteria_count, the size of
    its set; not_met and not_assessed.
    """
    within = known.inspections_within()
    columns = ["inspection_date", "inspecting_body", "kind", "verdict", "criteria_set", "criteria_met"]
    columns += ["criteria_assessed", "is_illustrative", "source", "inspection_id"]
    latest = within.drop_duplicates(KEY)[[*KEY, *columns]]
    rows = wards[[*KEY, "ward_kind", "ward_name", "district_name", "role", "is_partly"]].merge(
        latest, on=KEY, how="left", validate="one_to_one"
    )
    rows = with_criteria_shares(rows, criteria_set)
    known_counts = rows["criteria_met"].notna() & rows["criteria_assessed"].notna()
    return rows.assign(
        is_illustrative=rows["is_illustrative"].astype("boolean").fillna(False).astype("bool"),
        not_met=(rows["criteria_assessed"] - rows["criteria_met"]).where(known_counts),
        not_assessed=(rows["criteria_count"] - rows["criteria_assessed"]).where(known_counts),
    )
