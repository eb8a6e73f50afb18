"""The view of the timeline: what happened to each ward, and to the whole programme."""

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.progress.happenings import happening_titles, programme_label, told_rows
from dashboard.subjects.progress.views import View, marked_headline, note_list
from dashboard.subjects.progress.wards import ward_names
from dashboard.ui.citations import source_notes
from dashboard.ui.formats import day, in_words, sentence
from geodata.evidence import Evidence
from geodata.language import Language, translate


def describe_timeline(
    known: Evidence, wards: pd.DataFrame, marks: pd.DataFrame, language: Language, nothing: str
) -> View:
    """Return what is said of the timeline.

    Parameters
    ----------
    known
        What is known within the range of days.
    wards
        The wards of the programme that are looked at.
    marks
        See `happenings.happenings`; of the wards of the programme.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    events = _events(known, language)
    rows = pd.concat([events, marks], ignore_index=True) if len(events) else marks
    is_illustrative = bool(marks["is_illustrative"].any())
    if nothing:
        headline = translate("No ward of the programme to show", language)
    elif marks.empty:
        headline = translate("Nothing is on record of the wards of the programme in this period", language)
        if rows.empty:
            nothing = translate(
                "No stage, visit, inspection or event is on record from {since} to {until}. Choose a longer "
                "range of days.",
                language,
                since=day(known.period.since, language),
                until=day(known.period.until, language),
            )
    else:
        facts = marks.drop_duplicates("fact")
        headline = sentence(
            translate(
                "in this period, wards of the programme with something on record: {wards}; stages begun: "
                "{stages}; inspections: {inspections}",
                language,
                wards=in_words(marks["ward_code"].nunique(), language),
                stages=in_words(int(facts["kind"].eq("stage").sum()), language),
                inspections=in_words(int(facts["kind"].isin(["ministry", "inspection"]).sum()), language),
            )
        )
    lines = []
    if marks["is_year_only"].any():
        lines.append(
            translate(
                "A crossed mark: only the year is published; the mark stands on the day that stands for it.",
                language,
            )
        )
    if marks["of_ward"].notna().any():
        lines.append(
            translate(
                "In a ward that is partly in the programme the marks are those of the former wards that it "
                "holds a part of; pointing at one names it.",
                language,
            )
        )
    silent = wards[~wards["ward_code"].isin(marks["ward_code"])]
    if len(silent) and len(marks):
        lines.append(
            translate("Nothing in this period: {wards}.", language, wards=ward_names(silent, language))
        )
    return View(
        headline=marked_headline(headline, language, is_illustrative=is_illustrative),
        rows=rows,
        nothing=nothing,
        cards=Markup(""),
        notes=note_list(
            [
                *(Markup("{}").format(line) for line in lines),
                source_notes(rows["source"].dropna().unique(), known.source, language),
            ]
        ),
        table=told_rows(rows.sort_values("day", ascending=False, kind="stable", ignore_index=True), language),
        titles=happening_titles(language),
        is_illustrative=is_illustrative,
    )


def _events(known: Evidence, language: Language) -> pd.DataFrame:
    events = known.event
    return pd.DataFrame(
        {
            "vintage": None,
            "ward_code": None,
            "label": programme_label(language),
            "day": events["event_date"],
            "kind": "event",
            "stage": None,
            "what": events["event_name" if language == "vi" else "event_name_en"],
            "of_ward": None,
            "is_year_only": False,
            "is_illustrative": False,
            "source": events["source"],
            "fact": events["event_id"],
        }
    ).reset_index(drop=True)
