"""The view of what changed within the range: each fact once, and files that were imported."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.programme.overview import Figure, FigureGroup, figure_cards
from dashboard.subjects.progress.happenings import happening_titles, text_or_none, told_rows
from dashboard.subjects.progress.views import View, marked_headline, note_list
from dashboard.ui.citations import BATCH, badge, source_notes
from dashboard.ui.formats import day, missing, number, sentence
from geodata.evidence import Evidence
from geodata.language import Language, translate


def imports_within(known: Evidence, language: Language) -> pd.DataFrame:
    """Return the files that were imported within the range, in the columns of `happenings.happenings`."""
    source = known.source
    files = source[source["source_id"].str.startswith(BATCH) & known.period.holds(source["published"])]
    return pd.DataFrame(
        {
            "vintage": None,
            "ward_code": None,
            "label": None,
            "day": files["published"],
            "kind": "import",
            "stage": None,
            "what": [
                translate("{file}, by {name}", language, file=row["title"], name=row["publisher"])
                for row in files.to_dict("records")
            ],
            "of_ward": None,
            "is_year_only": False,
            "is_illustrative": False,
            "source": files["source_id"],
            "fact": files["source_id"],
        }
    ).reset_index(drop=True)


def recommendation_counts(recommendation: pd.DataFrame, inspection_ids: Sequence[str]) -> dict[str, int]:
    """Return how many recommendations some inspections made, and in which state they are now.

    Keys: all, done, in_progress, open, unknown.
    """
    rows = recommendation[recommendation["inspection_id"].isin(inspection_ids)]
    states = {state: int(rows["state"].eq(state).sum()) for state in ("done", "in_progress", "open")}
    return {"all": len(rows), **states, "unknown": int(rows["state"].isna().sum())}


def describe_changes(
    known: Evidence,
    marks: pd.DataFrame,
    recommendation: pd.DataFrame,
    language: Language,
) -> View:
    """Return what changed within the range.

    Parameters
    ----------
    known
        What is known within the range of days.
    marks
        See `happenings.happenings`; of all wards that are looked at.
    recommendation
        The layer of this name, the rows that are to be shown.
    language
        Language of the reader.
    """
    facts = marks
    imports = imports_within(known, language)
    inspected = facts[facts["kind"].isin(["ministry", "inspection"])]
    told = recommendation_counts(recommendation, list(inspected["fact"]))
    stages = int(facts["kind"].eq("stage").sum())
    is_illustrative = bool(facts["is_illustrative"].any())
    rows = pd.concat([part for part in (facts, imports) if len(part)] or [facts], ignore_index=True)
    rows = rows.sort_values(["day", "kind"], ascending=[False, True], kind="stable", ignore_index=True)
    nothing = ""
    if rows.empty:
        headline = translate("Nothing changed in this period", language)
        nothing = translate(
            "No stage began, nothing was inspected and no file was imported from {since} to {until} in what "
            "is shown. Choose a longer range of days or the whole city.",
            language,
            since=day(known.period.since, language),
            until=day(known.period.until, language),
        )
    else:
        headline = sentence(
            translate(
                "in this period: stages begun {stages}, inspections {inspections}, files imported {imports}",
                language,
                stages=number(stages, language),
                inspections=number(len(inspected), language),
                imports=number(len(imports), language),
            )
        )
    figures = [
        Figure(
            number(stages, language),
            translate("stages begun", language),
            translate("Stages of wards whose first day lies within the range", language),
        ),
        Figure(
            number(len(inspected), language),
            translate("inspections", language),
            translate("Inspections on record", language),
        ),
        Figure(
            f"{number(told['done'], language)} / {number(told['all'], language)}"
            if told["all"]
            else missing(language),
            translate("recommendations of these inspections closed", language),
            translate(
                "Recommendations of the inspections within the range that are done now; on which day one was "
                "closed is not recorded",
                language,
            ),
        ),
        Figure(
            number(len(imports), language),
            translate("files imported", language),
            translate("Spreadsheets of the whole city that entered the data within the range", language),
        ),
    ]
    lines = [
        Markup("{}").format(
            translate(
                "A recommendation has no day of closing on record, so its state is that of the data's day: "
                "{done} done, {going} in progress, {open} open, {unknown} not known.",
                language,
                done=number(told["done"], language),
                going=number(told["in_progress"], language),
                open=number(told["open"], language),
                unknown=number(told["unknown"], language),
            )
        )
    ] * bool(told["all"])
    return View(
        headline=marked_headline(headline, language, is_illustrative=is_illustrative),
        rows=rows,
        nothing=nothing,
        cards=figure_cards(
            [FigureGroup(translate("In this period", language), figures, is_illustrative)], language
        ),
        notes=note_list([*lines, source_notes(rows["source"].dropna().unique(), known.source, language)]),
        table=told_rows(rows, language),
        titles=happening_titles(language),
        is_illustrative=is_illustrative,
    )


def changes_list(view: View, language: Language, shown: int = 12) -> Markup:
    """Return the latest changes as a list, by day; of more than are shown the others are counted."""
    item = Markup("<li><time>{}</time> <b>{}</b> {}<p>{}</p></li>")
    items = [
        item.format(
            row["when"],
            row["label"] if text_or_none(row["label"]) else row["kind_name"],
            badge(language) if row["is_illustrative"] else "",
            " · ".join(
                [
                    *([row["kind_name"]] if text_or_none(row["label"]) else []),
                    row["what"],
                    *([row["of_ward"]] if text_or_none(row["of_ward"]) else []),
                ]
            ),
        )
        for row in view.table[:shown].to_dict("records")
    ]
    more = Markup("")
    if len(view.table) > shown:
        more = Markup("<p>{}</p>").format(
            translate(
                "and {count} more; the table holds them",
                language,
                count=number(len(view.table) - shown, language),
            )
        )
    return Markup('<div class="hp-list"><ol>{}</ol>{}</div>').format(Markup("").join(items), more)
