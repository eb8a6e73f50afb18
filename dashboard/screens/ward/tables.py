"""What the page of a ward hands over as files."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.subjects.programme.words import ILLUSTRATIVE
from dashboard.subjects.ward.profile import Profile
from dashboard.subjects.ward.trends import Trends
from dashboard.subjects.ward.words import Fact, district, profile_facts
from geodata.language import Words, joined, message
from geodata.language.numbers import unit_name

Table = tuple[pd.DataFrame, Mapping[str, Words]]
"""Rows, and the headings of the columns that are written."""


def facts_table(shown: Profile) -> Table:
    """Return the facts of the page, with the district, as plain text."""
    facts = [Fact(message("District level"), [district(shown.ward)]), *profile_facts(shown)]
    titles = {"label": message("Fact"), "text": message("What is known"), "source": message("Source")}
    rows = [
        {
            "label": fact.label,
            "text": _listed([*fact.lines, fact.note, ILLUSTRATIVE if fact.is_illustrative else ""]),
            "source": joined(
                " ", [_listed([one.short, *(text for text, _ in one.texts)]) for one in fact.citations]
            ),
        }
        for fact in facts
    ]
    return pd.DataFrame(rows, columns=list(titles)), titles


def _listed(parts: Iterable[Words | str]) -> Words:
    return joined("; ", [part for part in parts if part != ""])


def inspections_table(shown: Profile) -> Table:
    """Return all inspections within the range, with the texts of their recommendations."""
    return shown.table, {
        "inspection_date": message("Day"),
        "inspecting_body": message("Who inspected"),
        "kind": message("Kind of inspection"),
        "verdict": message("Verdict on the ward"),
        "round_verdict": message("Said of the city's work in the round as a whole"),
        "criteria_met": message("Criteria met"),
        "criteria_assessed": message("Criteria assessed"),
        "recommendations": message("Recommendations"),
        "source": message("Source"),
        "is_illustrative": message("Illustrative"),
    }


def trends_table(shown: Trends) -> Table:
    """Return every value of the charts, one row an indicator and step."""
    rows = [
        {
            "indicator": trend.name,
            "unit": unit_name(trend.unit),
            "since": start,
            "until": end,
            "value": value,
            "before": before,
            "apportioned": apportioned,
            "redrawn": is_broken,
        }
        for trend in shown.shown
        for (start, end), value, before, apportioned, is_broken in zip(
            shown.spans, trend.values, trend.before, trend.apportioned, shown.breaks, strict=True
        )
    ]
    titles = {
        "indicator": message("Indicator"),
        "unit": message("Unit of measure"),
        "since": message("First day"),
        "until": message("Last day"),
        "value": message("Value"),
        "before": message("Same period a year before"),
        "apportioned": message("Estimated from other boundaries by residents"),
        "redrawn": message("Redrawn since the step before"),
    }
    return pd.DataFrame(rows, columns=list(titles)), titles
