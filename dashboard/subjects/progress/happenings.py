"""What happened to wards on which day: the rows of the timeline and of what changed."""

from typing import Any

import numpy as np
import pandas as pd

from dashboard.subjects.progress.wards import ward_labels
from dashboard.ui.formats import day
from dashboard.ui.map import status_label
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.wards.units import KEY

KINDS = {
    "stage": message("Stage begins"),
    "visit": message("Visit of delegates"),
    "ministry": message("Inspection by the Ministry"),
    "inspection": message("Other inspection"),
    "event": message("Event of the programme"),
    "import": message("File imported"),
}
"""What can happen, in the order in which it is named."""

_HAPPENED = [
    "label",
    "day",
    "kind",
    "stage",
    "what",
    "of_ward",
    "is_year_only",
    "is_illustrative",
    "source",
    "fact",
]


def happenings(known: Evidence, wards: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return what happened to wards within the range: stages, visits and inspections, by day.

    Of a ward that is partly in the programme it is what happened to the wards of before that went into it.

    Parameters
    ----------
    known
        What is known within the range of days.
    wards
        Wards of one vintage.
    language
        Language of the reader.

    Returns
    -------
    Columns: vintage and ward_code of the ward shown, label, day, kind (see `KINDS`), stage, what, of_ward
    (the former ward concerned; missing where it is the ward itself), is_year_only, is_illustrative, source,
    fact (what tells one fact from another).
    """
    links = _own_and_former(known, wards)
    status = known.pilot_status[known.period.holds(known.pilot_status["valid_from"])]
    begun = status.assign(
        day=status["valid_from"],
        kind=np.where(status["role"].eq("visit_site"), "visit", "stage"),
        what=[
            status_label(row["role"], text_or_none(row["stage"]), text_or_none(row["period"]), language)
            for row in status.to_dict("records")
        ],
        is_year_only=status["valid_from_precision"].eq("year"),
        is_illustrative=False,
        fact=None,
    )
    within = known.inspections_within()
    seen = within.assign(
        day=within["inspection_date"],
        kind=np.where(within["inspecting_body"].str.startswith("Bộ Công an"), "ministry", "inspection"),
        stage=None,
        what=[
            " · ".join(
                dict.fromkeys(
                    [row["inspecting_body"], *([row["verdict"]] if text_or_none(row["verdict"]) else [])]
                )
            )
            for row in within.to_dict("records")
        ],
        is_year_only=False,
        fact=within["inspection_id"],
    )
    columns = [*KEY, "day", "kind", "stage", "what", "is_year_only", "is_illustrative", "source", "fact"]
    facts = pd.concat([begun[columns].astype("object"), seen[columns].astype("object")], ignore_index=True)
    found = links.merge(
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
        .loc[
            :,
            [*KEY, *_HAPPENED],
        ]
    )


def text_or_none(value: Any) -> str | None:
    """Return a value where it is text, else none."""
    return value if isinstance(value, str) else None


def _own_and_former(known: Evidence, wards: pd.DataFrame) -> pd.DataFrame:
    """Return wards with themselves, and those held partly with the wards of before that went into them."""
    shown = wards[[*KEY, "ward_name", "is_partly"]].assign(label=ward_labels(wards, "vi"))
    own = shown.assign(
        from_vintage=shown["vintage"],
        from_ward_code=shown["ward_code"],
        from_name=shown["ward_name"],
        is_former=False,
    )
    names = known.wards[[*KEY, "ward_name"]].set_axis(
        ["from_vintage", "from_ward_code", "from_name"], axis="columns"
    )
    former = (
        shown[shown["is_partly"].astype("bool")]
        .merge(
            known.crosswalk[["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"]],
            left_on=KEY,
            right_on=["to_vintage", "to_ward_code"],
            how="inner",
            validate="one_to_many",
        )
        .merge(names, on=["from_vintage", "from_ward_code"], how="inner", validate="many_to_one")
        .assign(is_former=True)
    )
    return pd.concat([own, former[own.columns]], ignore_index=True)


def happening_titles(language: Language) -> dict[str, str]:
    """Return the headings of a table of what happened."""
    return {
        "when": translate("Day", language),
        "kind_name": translate("Kind", language),
        "label": translate("Ward", language),
        "what": translate("What", language),
        "of_ward": translate("Former ward concerned", language),
        "is_illustrative": translate("Illustrative", language),
        "source": translate("Source", language),
    }


def told_rows(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return what happened with its day and kind in words."""
    when = [
        str(row["day"].year) if row["is_year_only"] else day(row["day"], language)
        for row in rows[["day", "is_year_only"]].to_dict("records")
    ]
    return rows.assign(when=when, kind_name=[KINDS[kind].render(language) for kind in rows["kind"]])


def programme_label(language: Language) -> str:
    """Return the name of the row of a timeline that holds what concerns all wards."""
    return translate("Whole programme", language)
