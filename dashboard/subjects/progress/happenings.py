"""What happened on which day, to wards, to the programme and to the data: rows of one kind."""

import numpy as np
import pandas as pd

from dashboard.subjects.sources.citations import BATCH
from geodata.evidence import Evidence
from geodata.wards.units import KEY

_OF_STATUS = ["role", "stage", "period"]
_OF_INSPECTION = ["inspecting_body", "verdict"]
_FACT = ["day", "kind", "is_year_only", "is_illustrative", "source", "fact"]
HAPPENED = [*KEY, "label", *_FACT, *_OF_STATUS, *_OF_INSPECTION]
"""What is told of everything that happened: the ward, by its distinct name; day and kind (stage, visit,
ministry, inspection, event, import); and what tells one fact from another. The last five are of roles and
stages, and of inspections."""

INSPECTIONS = ("ministry", "inspection")
"""The kinds of happenings that are inspections."""


def happenings(evidence: Evidence, wards: pd.DataFrame) -> pd.DataFrame:
    """Return what happened to wards within the range: stages, visits and inspections, by day.

    Parameters
    ----------
    evidence
        What is known within the range of days.
    wards
        Wards with ``label``, by which each is told from the others.

    Returns
    -------
    Columns: `HAPPENED`.
    """
    status = evidence.pilot_status[evidence.period.holds(evidence.pilot_status["valid_from"])]
    begun = status.assign(
        day=status["valid_from"],
        kind=np.where(status["role"].eq("visit_site"), "visit", "stage"),
        is_year_only=status["valid_from_precision"].eq("year"),
        is_illustrative=False,
        fact=None,
    )
    within = evidence.inspections_within()
    inspected = within.assign(
        day=within["inspection_date"],
        kind=np.where(within["inspecting_body"].str.startswith("Bộ Công an"), "ministry", "inspection"),
        is_year_only=False,
        fact=within["inspection_id"],
    )
    facts = pd.concat(
        [
            begun[[*KEY, *_FACT, *_OF_STATUS]].astype("object"),
            inspected[[*KEY, *_FACT, *_OF_INSPECTION]].astype("object"),
        ],
        ignore_index=True,
    )
    found = wards[[*KEY, "ward_name", "label"]].merge(facts, on=KEY, how="inner", validate="one_to_many")
    # What is recorded of roles and stages has no id.
    found["fact"] = found["fact"].fillna(
        found["ward_name"] + " " + found["day"].astype("str") + " " + found["kind"]
    )
    return (
        found.assign(
            day=pd.to_datetime(found["day"]),
            is_year_only=found["is_year_only"].astype("bool"),
            is_illustrative=found["is_illustrative"].astype("bool"),
        )
        .sort_values(["day", "ward_name", "kind", "fact"], ignore_index=True)
        .loc[:, HAPPENED]
    )


def told_once(rows: pd.DataFrame) -> pd.DataFrame:
    """Return happenings without the stage of being inspected where the inspection itself is told.

    The latter carries role, stage and period instead: a list names a ward once for what is one event.
    """
    at = [*KEY, "day"]
    stages = rows[rows["kind"].eq("stage") & rows["stage"].eq("inspected")]
    inspections = rows[rows["kind"].isin(INSPECTIONS)].reset_index(names="place")
    both = (
        inspections[[*at, "place"]]
        .drop_duplicates(at)
        .merge(
            stages.reset_index(names="of_stage")[[*at, "of_stage"]],
            on=at,
            how="inner",
            validate="one_to_many",
        )
    )
    told = rows.copy()
    told.loc[both["place"], _OF_STATUS] = rows.loc[both["of_stage"], _OF_STATUS].to_numpy()
    left: pd.DataFrame = told[~told.index.isin(both["of_stage"])].reset_index(drop=True)
    return left


def of_events(evidence: Evidence) -> pd.DataFrame:
    """Return the events within the range, with event_name and event_name_en beside `HAPPENED`."""
    return _of_all_wards(
        evidence.event, "event", "event_date", "event_id", ["event_name", "event_name_en", "source"]
    )


def of_imports(evidence: Evidence) -> pd.DataFrame:
    """Return the files imported within the range, with title and publisher beside `HAPPENED`."""
    files = evidence.source
    files = files[files["source_id"].str.startswith(BATCH) & evidence.period.holds(files["published"])]
    return _of_all_wards(
        files.assign(source=files["source_id"]),
        "import",
        "published",
        "source_id",
        ["title", "publisher", "source"],
    )


def _of_all_wards(rows: pd.DataFrame, kind: str, day: str, fact: str, others: list[str]) -> pd.DataFrame:
    return (
        rows[[day, fact, *others]]
        .rename(columns={day: "day", fact: "fact"})
        .assign(kind=kind, is_year_only=False, is_illustrative=False)
        .reindex(columns=list(dict.fromkeys([*HAPPENED, *others])))
        .reset_index(drop=True)
    )
