"""What inspections recommended, who owns it, and whether it is done or overdue."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.inspections.listing import records, ward_cell, with_sources
from dashboard.ui.citations import source_note
from dashboard.ui.formats import day, number, sentence
from dashboard.ui.tables import LISTED, Heading, html_table, more_rows, nothing
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.programme.inspections import days_since
from geodata.wards.units import KEY

STATE_NAMES = {
    "open": message("not begun"),
    "in_progress": message("under way"),
    "done": message("settled"),
    "": message("state not known"),
}
"""What states of recommendations are called; the last one stands for a state that is missing."""

OVERDUE = "overdue"
"""What may be asked of recommendations beside their state."""

STATES = (OVERDUE, *(state for state in STATE_NAMES if state))

OWNERS = 6
"""So many owners of recommendations are named in the summary; the others are counted."""


def state_title(state: str, language: Language) -> str:
    """Return the name of a state of recommendations, of ``all`` and of `OVERDUE`."""
    if state == "all":
        return translate("All states", language)
    return (
        translate("Overdue", language) if state == OVERDUE else sentence(STATE_NAMES[state].render(language))
    )


def no_recommendation(language: Language) -> Markup:
    """Return that there is no recommendation, and why."""
    return nothing(
        translate(
            "No recommendation is on record for this choice. The text of proposals that an inspection took "
            "note of is not always published. Choose other days or another state, or show illustrative "
            "figures.",
            language,
        )
    )


def recommendations_of(
    rows: pd.DataFrame, recommendation: pd.DataFrame, until: pd.Timestamp, language: Language
) -> pd.DataFrame:
    """Return what the inspections recommend: first what is overdue, then what is not settled, by due date.

    Parameters
    ----------
    rows
        Inspections; see `listing.named_rows`.
    recommendation
        The rows of the layer of this name that are to be shown.
    until
        Day of reference.
    language
        Language of the reader.

    Returns
    -------
    The columns of the layer with those of the inspection, days_late (days from the due date to the day of
    reference where it is not settled; missing where it is, or has no due date, or is not due yet) and
    state_name.
    """
    told = ["inspection_id", *KEY, "inspection_date", "ward_kind", "ward_name", "district_name", "searched"]
    joined = recommendation.merge(rows[told], on="inspection_id", how="inner", validate="many_to_one")
    state = joined["state"].astype("object").where(joined["state"].notna(), "")
    days = days_since(until, joined["due_date"])
    late = days.where((days > 0) & state.ne("done"))
    order = (
        joined.assign(
            state=state,
            state_name=[STATE_NAMES[one].render(language) for one in state],
            days_late=late,
            rank=state.eq("done").astype(int),
        )
        .sort_values(
            ["days_late", "rank", "due_date", "recommendation_id"], ascending=[False, True, True, True]
        )
        .drop(columns="rank")
    )
    return order.reset_index(drop=True)


def in_state(rows: pd.DataFrame, state: str) -> pd.DataFrame:
    """Return recommendations in a state, the overdue ones for `OVERDUE`, all of them for ``all``."""
    if state == "all":
        return rows
    chosen: pd.DataFrame = rows[rows["days_late"].notna() if state == OVERDUE else rows["state"].eq(state)]
    return chosen


def owner_table(rows: pd.DataFrame, language: Language) -> Markup:
    """Return how many recommendations each owner has, by state, those with most unsettled ones first."""
    owners = rows["owner_unit"].astype("object").where(rows["owner_unit"].notna(), "")
    counts = pd.crosstab(owners, rows["state"]).reindex(columns=list(STATE_NAMES), fill_value=0)
    counts = counts.assign(late=rows["days_late"].notna().groupby(owners).sum())
    unsettled = counts.drop(columns=["done", "late"]).sum(axis="columns")
    shown = counts.loc[unsettled.sort_values(ascending=False, kind="stable").index]
    states = [state for state in STATE_NAMES if counts[state].any() or state]
    headings = [
        Heading(translate("Owner", language), translate("Who is to settle it", language)),
        *(Heading(sentence(STATE_NAMES[state].render(language))) for state in states),
        Heading(translate("Of these overdue", language)),
    ]
    cells = [
        [
            owner or translate("owner not known", language),
            *(number(row[state], language) for state in [*states, "late"]),
        ]
        for owner, row in zip(shown.index[:OWNERS], records(shown[:OWNERS]), strict=True)
    ]
    others = len(shown) - len(cells)
    more = (
        Markup('<p class="hp-more">{}</p>').format(
            translate("and {count} more owners", language, count=number(others, language))
        )
        if others
        else ""
    )
    return html_table(translate("Recommendations by owner", language), headings, cells, "hp-whole") + more


def recommendation_table(rows: pd.DataFrame, known: Evidence, vintage: str, language: Language) -> Markup:
    """Return recommendations as a table; what is overdue says so in words."""
    notes = {
        source: source_note(source, known.source, language) for source in rows["source"][:LISTED].unique()
    }
    cells = [
        [
            day(row["due_date"], language),
            _state_cell(row, language),
            row["text"],
            row["owner_unit"]
            if isinstance(row["owner_unit"], str)
            else translate("owner not known", language),
            Markup("{}<small>{}</small>").format(
                ward_cell(row, vintage, language),
                translate("inspected on {day}", language, day=day(row["inspection_date"], language)),
            ),
            notes[row["source"]],
        ]
        for row in records(rows[:LISTED])
    ]
    headings = [
        Heading(translate("Due", language)),
        Heading(translate("State", language), translate("As recorded on the day of the data", language)),
        Heading(translate("Recommendation", language)),
        Heading(translate("Owner", language), translate("Who is to settle it", language)),
        Heading(translate("Ward", language)),
        Heading(translate("Source", language)),
    ]
    about = translate("Recommendations", language)
    return with_sources(about, headings, cells, notes) + more_rows(len(rows), language)


def _state_cell(row: Mapping[Hashable, Any], language: Language) -> Markup:
    if pd.isna(row["days_late"]):
        return Markup("{}").format(sentence(row["state_name"]))
    late = translate("overdue by {count} days", language, count=number(row["days_late"], language))
    return Markup('{} <span class="hp-late">({})</span>').format(sentence(row["state_name"]), late)


def recommendation_export(rows: pd.DataFrame, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return recommendations for a file, and the headings of its columns."""
    return rows, {
        "due_date": translate("Due", language),
        "state_name": translate("State", language),
        "days_late": translate("Days overdue", language),
        "text": translate("Recommendation", language),
        "category": translate("Category", language),
        "owner_unit": translate("Owner", language),
        "ward_name": translate("Ward", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "inspection_date": translate("Date of the inspection", language),
        "source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }
