"""The view of criteria: what each ward's latest inspection found met, not met, and not assessed."""

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.progress.views import View, marked_headline, note_list
from dashboard.subjects.progress.wards import ward_labels, ward_names
from dashboard.ui.citations import source_notes
from dashboard.ui.formats import day, in_words, number, percent, sentence
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.programme.criteria import criteria_met
from geodata.wards.names import ward_title


def describe_criteria(
    known: Evidence, latest: pd.DataFrame, criteria_set: pd.DataFrame, language: Language, nothing: str
) -> View:
    """Return what is said of the criteria met.

    Parameters
    ----------
    known
        What is known within the range of days.
    latest
        See `latest_inspections`.
    criteria_set
        The layer of this name.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    inspected = latest[latest["inspection_date"].notna()]
    counted = inspected[inspected["not_met"].notna()]
    is_illustrative = bool(inspected["is_illustrative"].any())
    if nothing:
        headline = translate("No ward of the programme to show", language)
    elif inspected.empty:
        headline = translate("No ward of the programme was inspected in this period", language)
        nothing = translate(
            "No inspection of these wards is on record from {since} to {until}. Choose a longer range of "
            "days.",
            language,
            since=day(known.period.since, language),
            until=day(known.period.until, language),
        )
    elif counted.empty:
        headline = sentence(
            translate("one ward inspected, how many criteria it met is not published", language)
            if len(inspected) == 1
            else translate(
                "{count} wards inspected, how many criteria each met is not published",
                language,
                count=in_words(len(inspected), language),
            )
        )
        nothing = translate(
            "The verdicts of these inspections are published in words only; the table has them. A number of "
            "criteria appears here once a file with results is imported.",
            language,
        )
    else:
        figures = criteria_met(counted.assign(inspection_count=1), criteria_set)
        values = {
            "count": in_words(len(counted), language),
            "met": number(figures.met, language),
            "assessed": number(figures.assessed, language),
            "share": percent(figures.of_assessed_pct, language),
        }
        headline = sentence(
            translate(
                "at its latest inspection one ward met {met} of {assessed} criteria assessed ({share})",
                language,
                **values,
            )
            if len(counted) == 1
            else translate(
                "at their latest inspection {count} wards met {met} of {assessed} criteria assessed "
                "({share})",
                language,
                **values,
            )
        )
    titles = {
        "ward": translate("Ward", language),
        "inspection_date": translate("Inspected on", language),
        "inspecting_body": translate("Inspected by", language),
        "verdict": translate("Verdict", language),
        "criteria_met": translate("Criteria met", language),
        "not_met": translate("Not met", language),
        "not_assessed": translate("Not assessed", language),
        "criteria_count": translate("Criteria of the set", language),
        "criteria_set": translate("Criteria set", language),
        "is_illustrative": translate("Illustrative", language),
    }
    table = latest.assign(ward=[ward_title(row) for row in latest.to_dict("records")])
    return View(
        headline=marked_headline(headline, language, is_illustrative=is_illustrative),
        rows=counted.assign(label=ward_labels(counted, language)),
        nothing=nothing,
        cards=Markup(""),
        notes=_criteria_notes(known, latest, counted, criteria_set, language),
        table=table,
        titles=titles,
        is_illustrative=is_illustrative,
    )


def _criteria_notes(
    known: Evidence,
    latest: pd.DataFrame,
    counted: pd.DataFrame,
    criteria_set: pd.DataFrame,
    language: Language,
) -> Markup:
    lines = []
    none = latest[latest["inspection_date"].isna()]
    words = latest[latest["inspection_date"].notna() & latest["not_met"].isna()]
    for rows, text in (
        (none, message("No inspection in this period: {wards}.")),
        (words, message("Inspected, without a published number of criteria: {wards}.")),
    ):
        if len(rows):
            lines.append(
                Markup("{}").format(translate(text.sentence, language, wards=ward_names(rows, language)))
            )
    sets = criteria_set[criteria_set["criteria_set"].isin(counted["criteria_set"].dropna())]
    for row in sets.to_dict("records"):
        lines.append(
            Markup("{} {}").format(
                translate(
                    "{name}: {count} criteria.",
                    language,
                    name=row["criteria_set_name"],
                    count=number(row["criteria_count"], language),
                ),
                source_notes([row["source"]], known.source, language),
            )
        )
    sources = latest["source"].dropna().unique()
    if len(sources):
        lines.append(
            Markup("{} {}").format(
                translate("Inspections as recorded:", language), source_notes(sources, known.source, language)
            )
        )
    return note_list(lines)
