"""What happened on which day, to wards, to the programme and to the data: rows of one kind."""

import numpy as np
import pandas as pd

from dashboard.subjects.progress.wards import distinct_names
from dashboard.subjects.sources.citations import BATCH
from geodata.evidence import Evidence
from geodata.wards.units import KEY

_OF_STATUS = ["role", "stage", "period"]
_OF_INSPECTION = ["inspecting_body", "verdict"]
_FACT = ["day", "kind", "is_year_only", "is_illustrative", "source", "fact"]
HAPPENED = [*KEY, "label", "is_partly", "of_ward", *_FACT, *_OF_STATUS, *_OF_INSPECTION]
"""What is told of everything that happened: the ward shown, by its distinct name; the former ward that it
concerns, missing where it is the ward itself; day and kind (stage, visit, ministry, inspection, event,
import); and what tells one fact from another. The last five are of roles and stages, and of inspections."""


def happenings(evidence: Evidence, wards: pd.DataFrame) -> pd.DataFrame:
    """Return what happened to wards within the range: stages, visits and inspections, by day.

    Of a ward that is partly in the programme it is what happened to the wards of before that went into it.

    Parameters
    ----------
    evidence
        What is known within the range of days.
    wards
        Wards of one vintage.

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
    found = _own_and_former(evidence, wards).merge(
        facts,
        left_on=["from_vintage", "from_ward_code"],
        right_on=KEY,
        how="inner",
        validate="many_to_many",
        suffixes=("", "_of_fact"),
    )
    # What is recorded of roles and stages has no id.
    found["fact"] = found["fact"].fillna(
        found["from_name"] + " " + found["day"].astype("str") + " " + found["kind"]
    )
    # A fact stands under every vintage in which its ward is the same; of these its own counts.
    found = found.sort_values("is_former", kind="stable").drop_duplicates([*KEY, "fact", "kind"])
    return (
        found.assign(
            day=pd.to_datetime(found["day"]),
            of_ward=found["from_name"].where(found["is_former"]),
            is_year_only=found["is_year_only"].astype("bool"),
            is_illustrative=found["is_illustrative"].astype("bool"),
        )
        .sort_values(["day", "ward_name", "kind", "fact"], ignore_index=True)
        .loc[:, HAPPENED]
    )


def _own_and_former(evidence: Evidence, wards: pd.DataFrame) -> pd.DataFrame:
    """Return wards with themselves, and those held partly with the wards of before that went into them."""
    shown = wards[[*KEY, "ward_name", "is_partly"]].assign(label=distinct_names(wards))
    own = shown.assign(
        from_vintage=shown["vintage"],
        from_ward_code=shown["ward_code"],
        from_name=shown["ward_name"],
        is_former=False,
    )
    names = evidence.wards[[*KEY, "ward_name"]].set_axis(
        ["from_vintage", "from_ward_code", "from_name"], axis="columns"
    )
    former = (
        shown[shown["is_partly"].astype("bool")]
        .merge(
            evidence.crosswalk[["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"]],
            left_on=KEY,
            right_on=["to_vintage", "to_ward_code"],
            how="inner",
            validate="one_to_many",
        )
        .merge(names, on=["from_vintage", "from_ward_code"], how="inner", validate="many_to_one")
        .assign(is_former=True)
    )
    return pd.concat([own, former[own.columns]], ignore_index=True)


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
