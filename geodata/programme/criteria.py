"""What inspections found of the criteria: met, not met, or not assessed."""

from dataclasses import dataclass

import pandas as pd

from geodata.contract.definition import Definition
from geodata.evidence import Evidence
from geodata.language import Words, message
from geodata.wards.units import KEY, percent_of

_SET_NAMES = {
    "Bộ tiêu chí thứ nhất (2021)": message("First set of criteria (2021)"),
    "Bộ tiêu chí thứ hai (2024)": message("Second set of criteria (2024)"),
}
"""Names of sets that only describe them, which each language has in its own words."""


def set_name(name: str) -> Words | str:
    """Return the name of a set of criteria: a description in the reader's language, else as it is given."""
    return _SET_NAMES.get(name, name)


def criteria_of(met: object, assessed: object) -> tuple[int, int] | None:
    """Return how many criteria were met and assessed; none where one of them is not known."""
    if pd.isna(met) or pd.isna(assessed):  # type: ignore[call-overload]
        return None
    return int(met), int(assessed)  # type: ignore[call-overload]


def criteria_words(criteria: tuple[int, int] | None) -> list[Words]:
    """Return how many criteria an inspection found met, nothing where that is not known."""
    if criteria is None:
        return []
    met, assessed = criteria
    return [message("{met} of {assessed} assessed criteria met", met=met, assessed=assessed)]


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


CRITERIA_MET = Definition(
    name=message("Criteria met"),
    formula=message(
        "Of the last inspection of each ward: Σ criteria met ÷ Σ criteria assessed, and Σ criteria met ÷ Σ "
        "criteria of the set. A criterion that was not assessed never counts as not met: it is left out of "
        "the first share and lowers only the second. An inspection whose counts are not published is left "
        "out; where only the results of single criteria are, these are counted"
    ),
    unit=message("% of assessed criteria, % of the set"),
    source=message(
        "layers inspection, criterion_result and criteria_set; results are published as 22/22 or 21/22"
    ),
)


def with_counted_results(inspection: pd.DataFrame, criterion_result: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with the criteria met and assessed counted from single results where not given.

    Parameters
    ----------
    inspection, criterion_result
        The layers of these names.
    """
    met = criterion_result["result"].eq("met").groupby(criterion_result["inspection_id"]).sum()
    assessed = criterion_result["result"].ne("not_assessed").groupby(criterion_result["inspection_id"]).sum()
    given = inspection["criteria_met"].notna() & inspection["criteria_assessed"].notna()
    # Both or neither: a given count and a counted one may be of different criteria.
    return inspection.assign(
        **{
            column: inspection[column].where(given, inspection["inspection_id"].map(counted).astype("Int64"))
            for column, counted in (("criteria_met", met), ("criteria_assessed", assessed))
        }
    )


@dataclass(frozen=True)
class CriteriaMet:
    """Criteria met at the last inspections of a unit's wards.

    Attributes
    ----------
    ward_count
        Wards inspected at least once.
    assessed_ward_count
        Those of them whose counts of criteria are known.
    met, assessed
        Σ over these.
    in_sets
        Σ criteria of their sets, over those whose set is known.
    of_assessed_pct
        met / assessed; NaN where nothing was assessed.
    of_set_pct
        Σ met / Σ criteria of the set, over the wards whose set is known; NaN where none is.
    """

    ward_count: int
    assessed_ward_count: int
    met: int
    assessed: int
    in_sets: int
    of_assessed_pct: float
    of_set_pct: float


def with_criteria_shares(inspections: pd.DataFrame, criteria_set: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with the size of their set, and the two shares of each.

    Parameters
    ----------
    inspections
        Rows with criteria_set, criteria_met and criteria_assessed: the layer ``inspection``, or
        `inspections_on`.
    criteria_set
        The layer of this name.

    Returns
    -------
    The rows with criteria_count, criteria_met_pct (of those assessed) and criteria_met_of_set_pct; missing
    where a part is, and where nothing was assessed.
    """
    sizes = criteria_set.set_index("criteria_set")["criteria_count"]
    met = inspections["criteria_met"].astype("float64")
    assessed = inspections["criteria_assessed"].astype("float64")
    count = inspections["criteria_set"].map(sizes).astype("Int64")
    in_set = count.astype("float64")
    return inspections.assign(
        criteria_count=count,
        criteria_met_pct=100 * met / assessed.where(assessed > 0),
        criteria_met_of_set_pct=100 * met / in_set.where(in_set > 0),
    )


@CRITERIA_MET.documents
def criteria_met(inspections: pd.DataFrame, criteria_set: pd.DataFrame) -> CriteriaMet:
    """Return the criteria met of a unit.

    Parameters
    ----------
    inspections
        The rows of the unit in `inspections_on`.
    criteria_set
        The layer of this name.
    """
    shares = with_criteria_shares(inspections, criteria_set)
    known = shares[shares["criteria_met"].notna() & shares["criteria_assessed"].notna()]
    of_known_set = known[known["criteria_count"].notna()]
    met, assessed = int(known["criteria_met"].sum()), int(known["criteria_assessed"].sum())
    in_sets = int(of_known_set["criteria_count"].sum())
    return CriteriaMet(
        ward_count=int((inspections["inspection_count"] > 0).sum()),
        assessed_ward_count=len(known),
        met=met,
        assessed=assessed,
        in_sets=in_sets,
        of_assessed_pct=percent_of(met, assessed),
        of_set_pct=percent_of(int(of_known_set["criteria_met"].sum()), in_sets),
    )
