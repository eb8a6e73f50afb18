"""What the page of inspections says, as pure functions: a sentence, key figures, map, list, matrix and dues.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from dashboard import data
from dashboard.abbreviations import explained
from dashboard.data import Publication, cached
from dashboard.formats import alphabet_key, day, in_words, missing, number, percent, sentence
from dashboard.html_tables import LISTED, Heading, framed_table, html_table, more_rows, nothing
from dashboard.inspection_charts import by_month
from dashboard.known import Known
from dashboard.maps import MapClass, frame_bounds, outside_class
from dashboard.notes import badge, badge_text, source_note, source_notes
from dashboard.overview import Figure, FigureGroup, figure_cards, subline
from dashboard.period import Period
from dashboard.ward_facts import ward_title
from geodata.language import Language, message, translate
from geodata.metrics import KEY, CriteriaMet, criteria_met, days_since, inspection_coverage, is_commune
from geodata.metrics.status import is_pilot
from geodata.names import bare
from geodata.symbols import BORDER, STAGE_COLOURS

VIEWS = {
    "list": message("List"),
    "matrix": message("Criteria × ward"),
    "overdue": message("Overdue"),
    "recommendations": message("Recommendations"),
}
"""What the lower half of the page may show."""

ORDERS = {
    "date": message("Latest first"),
    "ward": message("By name of ward"),
    "criteria": message("Fewest criteria met first"),
}
"""The orders of the list and of the matrix."""

OVERDUE_DAYS = 365
"""After so many days without an inspection a ward shows as overdue, unless the reader chooses otherwise."""

RESULT_SIGNS = {
    "met": ("m", "✓", message("met")),
    "not_met": ("f", "✗", message("not met")),
    "not_assessed": ("n", "–", message("not assessed")),
    "": ("u", "·", message("not known")),
}
"""Class, sign and name of each result; the last one stands for a result that is missing."""

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

NAMED = 9
"""So many wards bear their name on the small map; of more none does."""

OWNERS = 6
"""So many owners of recommendations are named in the summary; the others are counted."""


@dataclass(frozen=True)
class Inspections:
    """What the page says within a range of days, in some areas of one vintage, in one language.

    Attributes
    ----------
    rows
        The inspections within the range, each once, under the ward that was inspected; see `named_rows`.
    months
        The inspections of all days by month; see `dashboard.inspection_charts.by_month`.
    wards
        The wards of the vintage with the day of their last inspection; see `dashboard.known.Known`.
    headline
        The sentence that says what the screen shows.
    subline, cards, legend
        HTML.
    classes, class_numbers, values
        Classes of the map, and the class and the tooltip of each ward in the order of the layer.
    labels
        Codes of the wards of the map that bear a label.
    is_illustrative
        An inspection of the range is illustrative.
    known
        What is known of the areas.
    """

    rows: pd.DataFrame
    months: pd.DataFrame
    wards: pd.DataFrame
    headline: str
    subline: Markup
    cards: Markup
    legend: Markup
    classes: list[MapClass]
    class_numbers: list[int]
    values: list[str]
    labels: list[str]
    is_illustrative: bool
    known: Known


def view_title(view: str, counts: Mapping[str, int], language: Language) -> str:
    """Return the name of a view, with the number of rows in it where it is known."""
    name = VIEWS[view].render(language)
    return f"{name} ({number(counts[view], language)})" if view in counts else name


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


def named_rows(known: Known) -> pd.DataFrame:
    """Return the inspections within the range, each once, latest first.

    Returns
    -------
    The columns of the layer, under the vintage in which it was recorded, with ward_kind, ward_name and
    district_name of the ward, and ``searched``: what a search looks in, by `geodata.names.bare`.
    """
    rows = known.inspections_within().drop_duplicates("inspection_id")
    named = rows.merge(
        known.wards[[*KEY, "ward_kind", "ward_name", "district_name"]],
        on=KEY,
        how="left",
        validate="many_to_one",
    )
    parts = ["ward_name", "district_name", "inspecting_body", "kind", "verdict"]
    texts = [
        [f"{row['ward_kind']} {row['ward_name']}", *(row[part] for part in parts)] for row in _records(named)
    ]
    searched = [" ".join(bare(text) for text in row if isinstance(text, str)) for row in texts]
    # Of no rows the type would be a number's.
    return named.assign(searched=pd.Series(searched, index=named.index, dtype="str"))


def found(rows: pd.DataFrame, words: str) -> pd.DataFrame:
    """Return the rows that hold some words, with or without diacritics, in ward, body or verdict."""
    matching: pd.DataFrame = rows[rows["searched"].str.contains(bare(words), regex=False)]
    return matching


def ordered(rows: pd.DataFrame, order: str) -> pd.DataFrame:
    """Return inspections in one of `ORDERS`; of equal ones the latest first."""
    if order == "ward":
        return rows.sort_values("ward_name", key=lambda names: names.map(alphabet_key), kind="stable")
    if order == "criteria":
        share = rows["criteria_met"].astype("float64") / rows["criteria_assessed"].astype("float64")
        return rows.loc[share.sort_values(kind="stable", na_position="last").index]
    return rows


def describe(
    known: Known,
    every: Known,
    vintage: str,
    areas: Mapping[str, str],
    criteria_set: pd.DataFrame,
    language: Language,
) -> Inspections:
    """Return what the page says.

    Parameters
    ----------
    known
        What is known within the range of days.
    every
        What is known of all days.
    vintage
        Vintage shown.
    areas
        Names of the districts and wards that are looked at, by their code; none for the whole city.
    criteria_set
        The layer of this name.
    language
        Language of the reader.
    """
    city = known.of_vintage(vintage)
    known = known.of_areas(vintage, list(areas))
    wards, rows = known.of_vintage(vintage), named_rows(known)
    is_illustrative = known.is_illustrative()
    classes, class_numbers, values = map_classes(city, wards, rows, known, language)
    all_rows = every.of_areas(vintage, list(areas)).inspection.drop_duplicates("inspection_id")
    return Inspections(
        rows=rows,
        months=by_month(all_rows, every.period),
        wards=wards,
        headline=headline(rows, ward_count(rows, wards), known, language),
        subline=subline(known, vintage, int(is_commune(wards).sum()), language, list(areas.values())),
        cards=figure_cards([figures(rows, wards, known, criteria_set, language)], language),
        legend=map_legend(classes, language),
        classes=classes,
        class_numbers=class_numbers,
        values=values,
        labels=_labelled(wards),
        is_illustrative=is_illustrative,
        known=known,
    )


def ward_count(rows: pd.DataFrame, wards: pd.DataFrame) -> int:
    """Return how many wards were inspected: those of the register, or of a vintage where they are of several.

    Parameters
    ----------
    rows
        See `named_rows`.
    wards
        Wards of the vintage shown: of those inspected a part of whose area was counts too.
    """
    if len(rows["vintage"].drop_duplicates()) <= 1:
        return len(latest_of_each(rows))
    seen = wards["is_inspected"] | wards["is_partly_inspected"]
    return int((seen & is_commune(wards)).sum()) or len(latest_of_each(rows))


def headline(rows: pd.DataFrame, wards: int, known: Known, language: Language) -> str:
    """Return the sentence that says how many inspections there were, where, and when the last one was.

    Parameters
    ----------
    rows
        See `named_rows`.
    wards
        See `ward_count`.
    known
        What is known of the areas within the range of days.
    language
        Language of the reader.
    """
    if rows.empty:
        if known.is_all:
            return translate("No inspection on record yet", language)
        return translate("No inspection on record in this period", language)
    last = day(rows["inspection_date"].max(), language)
    counts = {"wards": in_words(wards, language), "count": in_words(len(rows), language), "day": last}
    if len(rows) == 1:
        told = translate("one inspection, on {day}", language, day=last)
    elif wards == 1:
        told = translate("{count} inspections of one ward, the last one on {day}", language, **counts)
    elif rows["inspection_date"].min() == rows["inspection_date"].max():
        told = translate("{count} inspections of {wards} wards, all on {day}", language, **counts)
    else:
        told = translate("{count} inspections of {wards} wards, the last one on {day}", language, **counts)
    if rows["is_illustrative"].any():
        return translate("Illustrative: {told}", language, told=told)
    return sentence(told)


def latest_of_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the latest inspection of each ward; rows are latest first."""
    return rows.drop_duplicates(KEY)


def figures(
    rows: pd.DataFrame, wards: pd.DataFrame, known: Known, criteria_set: pd.DataFrame, language: Language
) -> FigureGroup:
    """Return the key figures: inspections, units inspected, and criteria met at the last ones."""
    coverage = inspection_coverage(pd.Timestamp(known.period.until), wards)
    met = criteria_met(latest_of_each(rows).assign(inspection_count=1), criteria_set)
    partly = coverage.partly_inspected_count
    return FigureGroup(
        translate("Inspected", language) if known.is_all else translate("Inspected in this period", language),
        [
            Figure(
                number(len(rows), language),
                translate("inspections", language),
                translate("Inspections on record", language),
            ),
            Figure(
                f"{number(coverage.inspected_count, language)} / {number(coverage.ward_count, language)}",
                translate("units; {count} in part", language, count=number(partly, language))
                if partly
                else translate("units", language),
                translate("Commune-level units inspected at least once", language),
            ),
            _criteria_figure(met, language),
        ],
        known.is_illustrative(),
    )


def _criteria_figure(met: CriteriaMet, language: Language) -> Figure:
    hint = translate(
        "At the last inspection of each ward in the range; not assessed is not “not met”", language
    )
    caption = translate("criteria met of those assessed", language)
    if not met.assessed:
        return Figure(missing(language), caption, hint)
    counts = f"{number(met.met, language)}/{number(met.assessed, language)}"
    return Figure(percent(met.of_assessed_pct, language), f"{caption} ({counts})", hint)


def _records(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return rows.to_dict("records")


def map_classes(
    city: pd.DataFrame, wards: pd.DataFrame, rows: pd.DataFrame, known: Known, language: Language
) -> tuple[list[MapClass], list[int], list[str]]:
    """Return the classes of the map, and class and tooltip of each ward of the city.

    Parameters
    ----------
    city
        The wards of the vintage, in the order of the layer.
    wards
        Those of them that are looked at.
    rows
        See `named_rows`.
    known
        What is known of the areas within the range of days.
    language
        Language of the reader.
    """
    within = known.inspections_within()
    counts = within[within["vintage"].isin(wards["vintage"])].groupby("ward_code").size()
    looked_at = city["ward_code"].isin(wards["ward_code"])
    numbers = [
        3 if not inside else 0 if whole else 1 if part else 2
        for inside, whole, part in zip(
            looked_at, city["is_inspected"], city["is_partly_inspected"], strict=True
        )
    ]

    def told(code: str, last: object, place: int) -> str:
        if place not in (0, 1):
            return ""
        if counts.get(code, 0) < 2:
            return day(last, language)
        times = number(counts[code], language)
        return translate("{count} times, last on {day}", language, count=times, day=day(last, language))

    colour = STAGE_COLOURS["inspected"]
    entries = [
        MapClass(
            translate("Inspected", language), number(numbers.count(0), language), colour, outlined=False
        ),
        MapClass(
            translate("Inspected in part", language),
            number(numbers.count(1), language),
            colour,
            "hatch",
            outlined=False,
        ),
        MapClass(
            translate("No inspection on record", language),
            number(numbers.count(2), language),
            BORDER,
            "dots",
            outlined=False,
        ),
        outside_class(numbers.count(3), language),
    ]
    values = [
        told(code, last, place)
        for code, last, place in zip(city["ward_code"], city["last_inspection"], numbers, strict=True)
    ]
    return entries, numbers, values


def map_legend(classes: Sequence[MapClass], language: Language) -> Markup:
    """Return the legend of the small map; a class without wards is left out."""
    looks = ("whole", "part", "u")
    item = Markup('<li><i class="{}"></i>{} ({})</li>')
    return Markup('<ul class="hp-legend">{}</ul>').format(
        Markup("").join(
            item.format(look, entry.label, entry.count)
            for look, entry in zip(looks, classes, strict=False)
            if entry.count != "0"
        )
    )


def _labelled(wards: pd.DataFrame) -> list[str]:
    """Return the wards that were inspected; none where they are more than the map has room to name."""
    named = wards.loc[wards["is_inspected"] | wards["is_partly_inspected"], "ward_code"]
    return list(named) if len(named) <= NAMED else []


def ward_cell(row: Mapping[Hashable, Any], vintage: str, language: Language) -> Markup:
    """Return the name of a ward in a table: with its district, and its vintage where another one is shown."""
    notes = [str(row["district_name"])] if isinstance(row["district_name"], str) else []
    if row["vintage"] != vintage:
        notes.append(translate("boundaries of {day}", language, day=day(row["vintage"], language)))
    return Markup("{}{}{}").format(
        ward_title(row),
        Markup(" {}").format(badge(language)) if row["is_illustrative"] else "",
        Markup("<small>{}</small>").format(" · ".join(notes)) if notes else "",
    )


def criteria_cell(row: Mapping[Hashable, Any], language: Language) -> str:
    """Return how many criteria an inspection found met of those assessed, which the heading explains."""
    if pd.isna(row["criteria_met"]) or pd.isna(row["criteria_assessed"]):
        return translate("not published", language)
    return f"{int(row['criteria_met'])}/{int(row['criteria_assessed'])}"


def list_headings(language: Language) -> list[Heading]:
    """Return the headings of the list."""
    return [
        Heading(translate("Date", language)),
        Heading(translate("Ward", language)),
        Heading(
            translate("Inspected by", language),
            translate(
                "BCA: the Ministry of Public Security; V05: its department for the people's movement to "
                "protect national security",
                language,
            ),
        ),
        Heading(translate("Kind", language)),
        Heading(translate("Verdict", language), translate("In words, as published", language)),
        Heading(
            translate("Criteria met", language),
            translate("Met ÷ assessed; a criterion that was not assessed is not “not met”", language),
        ),
        Heading(translate("Source", language)),
    ]


def _notes(rows: pd.DataFrame, known: Known, language: Language) -> dict[Hashable, Markup]:
    return {name: source_note(name, known.source, language) for name in rows["source"][:LISTED].unique()}


def inspection_table(rows: pd.DataFrame, known: Known, vintage: str, language: Language) -> Markup:
    """Return the list of inspections as a table.

    Parameters
    ----------
    rows
        Inspections in their order; see `named_rows`.
    known
        What is known of the areas within the range of days.
    vintage
        Vintage shown.
    language
        Language of the reader.
    """
    notes = _notes(rows, known, language)
    cells = [
        [
            day(row["inspection_date"], language),
            ward_cell(row, vintage, language),
            explained(row["inspecting_body"], language),
            row["kind"] if isinstance(row["kind"], str) else missing(language),
            row["verdict"]
            if isinstance(row["verdict"], str)
            else translate("no verdict published", language),
            criteria_cell(row, language),
            notes[row["source"]],
        ]
        for row in _records(rows[:LISTED])
    ]
    about = translate("Inspections", language)
    return _with_sources(about, list_headings(language), cells, notes) + more_rows(len(rows), language)


def _with_sources(
    about: str, headings: list[Heading], cells: list[list[Any]], notes: Mapping[Hashable, Markup]
) -> Markup:
    """Return a table whose last column holds sources; a source that all rows share stands once below it."""
    if len(notes) > 1:
        return html_table(about, headings, cells)
    note = Markup('<div class="hp-notes">{}</div>').format(Markup(" ").join(notes.values()))
    return html_table(about, headings[:-1], [row[:-1] for row in cells]) + note


def inspection_export(rows: pd.DataFrame, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the list of inspections for a file, and the headings of its columns."""
    return rows, {
        "inspection_date": translate("Date", language),
        "ward_kind": translate("Kind of unit", language),
        "ward_name": translate("Ward", language),
        "district_name": translate("District", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "inspecting_body": translate("Inspected by", language),
        "kind": translate("Kind", language),
        "verdict": translate("Verdict", language),
        "criteria_set": translate("Criteria set", language),
        "criteria_met": translate("Criteria met", language),
        "criteria_assessed": translate("Criteria assessed", language),
        "source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }


def default_set(rows: pd.DataFrame, results: pd.DataFrame, criteria_set: pd.DataFrame) -> str:
    """Return the set of criteria of the latest inspection with results; the first set without any."""
    with_results = rows[rows["inspection_id"].isin(results["inspection_id"]) & rows["criteria_set"].notna()]
    return str((with_results if len(with_results) else criteria_set)["criteria_set"].iloc[0])


def matrix(rows: pd.DataFrame, results: pd.DataFrame, criterion: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """Return what each ward met at its latest inspection by a set of criteria.

    Parameters
    ----------
    rows
        Inspections in their order; see `named_rows`.
    results
        The rows of the layer ``criterion_result`` that are to be shown.
    criterion
        The layer of this name.
    chosen
        The set of criteria.

    Returns
    -------
    One row a ward, in the order of ``rows``: its latest inspection by that set with results, or, of a ward
    whose inspections in the range have no results by any set, the latest one; and a column for each
    criterion of the set with the result, missing where there is none.
    """
    codes = criterion.loc[criterion["criteria_set"] == chosen, "criterion_code"].tolist()
    has_results = rows["inspection_id"].isin(results["inspection_id"])
    by_set = rows[has_results & rows["criteria_set"].eq(chosen)]
    keys = pd.MultiIndex.from_frame(rows[KEY])
    with_any = keys.isin(pd.MultiIndex.from_frame(rows.loc[has_results, KEY]))
    shown = pd.concat([by_set, rows[~with_any]]).sort_values(
        ["inspection_date", "inspection_id"], ascending=[False, True]
    )
    latest = latest_of_each(shown)
    own = results[results["inspection_id"].isin(latest["inspection_id"])]
    wide = own.set_index(["inspection_id", "criterion_code"])["result"].unstack().reindex(columns=codes)  # noqa: PD010
    kept = rows.loc[rows.index.isin(latest.index)]
    return kept.merge(wide, left_on="inspection_id", right_index=True, how="left", validate="one_to_one")


def matrix_table(
    found_results: pd.DataFrame, criterion: pd.DataFrame, chosen: str, vintage: str, language: Language
) -> Markup:
    """Return the matrix of criteria and wards as a table with its legend.

    Parameters
    ----------
    found_results
        See `matrix`.
    criterion
        The layer of this name.
    chosen
        The set of criteria.
    vintage
        Vintage shown.
    language
        Language of the reader.
    """
    criteria = _records(criterion[criterion["criteria_set"] == chosen])
    codes = [row["criterion_code"] for row in criteria]
    results = found_results[codes].astype("object").where(found_results[codes].notna(), "")
    head = Markup("<tr><th scope=col>{}<th scope=col>{}{}").format(
        translate("Ward", language),
        Heading(translate("Met", language), translate("Met ÷ assessed of the shown inspection", language)),
        Markup("").join(
            Markup('<th scope=col><abbr title="{}">{}{}</abbr>').format(
                criterion_name(row, language),
                int(row["criterion_code"]),
                "" if row["is_name_official"] else "*",
            )
            for row in criteria
        ),
    )
    totals = Markup("<tr><th scope=row>{}<td class=s>{}").format(
        translate("Wards that do not meet it", language),
        Markup("").join(
            Markup("<td class=s>{}").format(number(results[code].eq("not_met").sum(), language))
            if results[code].isin(["met", "not_met"]).any()
            else Markup("<td class=s>·")
            for code in codes
        ),
    )
    body = [
        Markup("<tr><th scope=row>{}<small>{}</small><td class=s>{}{}").format(
            Markup("{}{}").format(
                ward_title(row), Markup(" ") + badge(language) if row["is_illustrative"] else ""
            ),
            _matrix_note(row, vintage, language),
            _met_of_shown(cells),
            Markup("").join(Markup("<td class={}>{}").format(*RESULT_SIGNS[result][:2]) for result in cells),
        )
        for row, cells in zip(
            _records(found_results[:LISTED]), results.to_numpy()[:LISTED].tolist(), strict=True
        )
    ]
    return framed_table(
        translate("Criteria by ward", language), head, totals + Markup("").join(body), "hp-matrix"
    ) + more_rows(len(found_results), language)


def matrix_legend(
    found_results: pd.DataFrame, criterion: pd.DataFrame, chosen: str, language: Language
) -> Markup:
    """Return the legend of the matrix, with the number of cells of each result; parameters as its own."""
    criteria = criterion[criterion["criteria_set"] == chosen]
    results = found_results[criteria["criterion_code"].tolist()]
    counts = results.astype("object").where(results.notna(), "").melt()["value"].value_counts()
    legend = Markup("").join(
        Markup('<li><i class="{}">{}</i>{} ({})</li>').format(
            look, sign, name.render(language), number(counts.get(result, 0), language)
        )
        for result, (look, sign, name) in RESULT_SIGNS.items()
    )
    unofficial = (
        Markup("<li>{}</li>").format(translate("* default name: the official one is not published", language))
        if not criteria["is_name_official"].all()
        else ""
    )
    return Markup('<ul class="hp-legend">{}{}</ul>').format(legend, unofficial)


def criterion_name(row: Mapping[Hashable, Any], language: Language) -> str:
    """Return the name of a criterion, and that it is a default where the official one is not published."""
    if row["is_name_official"]:
        return str(row["criterion_name"])
    return translate(
        "{name} (default name, the official one is not published)", language, name=row["criterion_name"]
    )


def _matrix_note(row: Mapping[Hashable, Any], vintage: str, language: Language) -> str:
    told = day(row["inspection_date"], language)
    if row["vintage"] == vintage:
        return told
    other = translate("boundaries of {day}", language, day=day(row["vintage"], language))
    return f"{told} · {other}"


def _met_of_shown(cells: Sequence[str]) -> str:
    assessed = sum(result in ("met", "not_met") for result in cells)
    return f"{cells.count('met')}/{assessed}" if assessed else "·"


def matrix_export(
    found_results: pd.DataFrame, criterion: pd.DataFrame, chosen: str, language: Language
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the matrix for a file, with results in words, and the headings of its columns."""
    criteria = _records(criterion[criterion["criteria_set"] == chosen])
    codes = [row["criterion_code"] for row in criteria]
    words = {result: name.render(language) for result, (_, _, name) in RESULT_SIGNS.items()}
    told = found_results.assign(**{code: found_results[code].map(words).fillna(words[""]) for code in codes})
    titles = {
        "ward_name": translate("Ward", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "inspection_date": translate("Date", language),
        **{row["criterion_code"]: criterion_name(row, language) for row in criteria},
        "source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }
    return told, titles


@dataclass(frozen=True)
class Overdue:
    """Wards by the time since their last inspection.

    Attributes
    ----------
    late
        Wards whose last inspection is longer ago than the limit, and pilot wards, whole or in part, that
        have none on record; pilot wards first, those without inspection before the others, then by days.
        The columns of the wards with group (0 pilot, 1 pilot in part, 2 other), days and source.
    in_time_count
        Wards inspected within the limit.
    unknown_count
        Wards outside the pilot without an inspection on record.
    """

    late: pd.DataFrame
    in_time_count: int
    unknown_count: int


def overdue_wards(wards: pd.DataFrame, known: Known, limit: int) -> Overdue:
    """Return the wards that were not inspected for longer than a limit.

    Parameters
    ----------
    wards
        Wards of one vintage; see `Known.of_vintage`.
    known
        What is known of the areas within the range of days.
    limit
        Days.
    """
    communes = wards[is_commune(wards)]
    days = days_since(pd.Timestamp(known.period.until), communes["last_inspection"])
    group = pd.Series(2, index=communes.index).mask(is_pilot(communes), 1)
    group = group.mask(is_pilot(communes) & ~communes["is_partly"], 0)
    dated = communes.assign(days=days, group=group)
    is_late = (days > limit).fillna(False).astype("bool")
    never = days.isna()
    late = dated[is_late | (never & (group < 2))]
    late = late.sort_values(
        ["group", "days", "ward_code"], ascending=[True, False, True], na_position="first", ignore_index=True
    )
    return Overdue(
        late=_with_last_source(late, known),
        in_time_count=int((~is_late & ~never).sum()),
        unknown_count=int((never & (group == 2)).sum()),
    )


def _with_last_source(wards: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Return wards with the source of their last inspection, which may be one of a ward in them."""
    ends = [f"{end}_{column}" for end in ("from", "to") for column in KEY]
    same = pd.DataFrame({end: wards[end.split("_", 1)[1]] for end in ends})
    came = known.crosswalk.loc[known.crosswalk["to_vintage"].isin(wards["vintage"].unique()), ends]
    inspected = known.inspection.drop_duplicates("inspection_id")
    last = pd.concat([same, came], ignore_index=True).merge(
        inspected[[*KEY, "inspection_date", "source"]],
        left_on=ends[:2],
        right_on=KEY,
        how="inner",
        validate="many_to_many",
        suffixes=("", "_inspected"),
    )
    first = last.drop_duplicates(["to_ward_code", "inspection_date"])
    return wards.merge(
        first[["to_ward_code", "inspection_date", "source"]].rename(columns={"source": "inspection_source"}),
        left_on=["ward_code", "last_inspection"],
        right_on=["to_ward_code", "inspection_date"],
        how="left",
        validate="many_to_one",
    )


GROUP_NAMES = (message("pilot ward"), message("pilot ward in part"), message("outside the pilot"))


def overdue_table(overdue: Overdue, known: Known, limit: int, language: Language) -> Markup:
    """Return the wards that were not inspected for longer than a limit, as a table."""
    counts = {
        "in_time": number(overdue.in_time_count, language),
        "unknown": number(overdue.unknown_count, language),
        "limit": number(limit, language),
        "day": day(known.period.until, language),
    }
    rest = translate(
        "On {day}, by a limit of {limit} days, which is the reader's choice and no rule of the programme. "
        "Inspected within it: {in_time} units. Outside the pilot without any inspection on record: {unknown} "
        "units.",
        language,
        **counts,
    )
    note = Markup('<p class="hp-more">{}</p>').format(rest)
    if overdue.late.empty:
        return nothing(translate("No unit is overdue by this limit.", language)) + note
    cells = [
        [
            Markup("{}{}").format(
                ward_title(row), Markup(" {}").format(badge(language)) if row["is_illustrative"] else ""
            ),
            row["district_name"] if isinstance(row["district_name"], str) else "",
            GROUP_NAMES[row["group"]].render(language),
            _last_day(row, language),
            _late_text(row["days"], limit, language),
            source_note(row["inspection_source"], known.source, language) if pd.notna(row["days"]) else "",
        ]
        for row in _records(overdue.late[:LISTED])
    ]
    headings = [
        Heading(translate("Ward", language)),
        Heading(translate("District", language)),
        Heading(translate("Role", language), translate("On the last day of the range", language)),
        Heading(
            translate("Last inspection", language),
            translate("Of the ward or of a part of its area, however long ago", language),
        ),
        Heading(translate("Time since", language)),
        Heading(translate("Source", language)),
    ]
    about = translate("Overdue wards", language)
    return html_table(about, headings, cells) + more_rows(len(overdue.late), language) + note


def _last_day(row: Mapping[Hashable, Any], language: Language) -> str:
    if pd.isna(row["days"]):
        return translate("none on record", language)
    return day(row["last_inspection"], language)


def _late_text(days: Any, limit: int, language: Language) -> Markup:
    if pd.isna(days):
        return Markup('<span class="hp-late">{}</span>').format(translate("never inspected", language))
    return Markup('{} <span class="hp-late">({})</span>').format(
        translate("{count} days", language, count=number(days, language)),
        translate("{count} over", language, count=number(int(days) - limit, language)),
    )


def overdue_export(overdue: Overdue, limit: int, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the overdue wards for a file, and the headings of its columns."""
    late = overdue.late
    told = late.assign(
        role_name=[GROUP_NAMES[group].render(language) for group in late["group"]], over=late["days"] - limit
    )
    return told, {
        "ward_kind": translate("Kind of unit", language),
        "ward_name": translate("Ward", language),
        "district_name": translate("District", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "role_name": translate("Role", language),
        "last_inspection": translate("Last inspection", language),
        "days": translate("Days since", language),
        "over": translate("Days over the limit of {limit}", language, limit=number(limit, language)),
        "inspection_source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }


def recommendations_of(
    rows: pd.DataFrame, recommendation: pd.DataFrame, until: pd.Timestamp, language: Language
) -> pd.DataFrame:
    """Return what the inspections recommend: first what is overdue, then what is not settled, by due date.

    Parameters
    ----------
    rows
        Inspections; see `named_rows`.
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
        for owner, row in zip(shown.index[:OWNERS], _records(shown[:OWNERS]), strict=True)
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


def recommendation_table(rows: pd.DataFrame, known: Known, vintage: str, language: Language) -> Markup:
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
        for row in _records(rows[:LISTED])
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
    return _with_sources(about, headings, cells, notes) + more_rows(len(rows), language)


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


def why_empty(known: Known, words: str, language: Language) -> Markup:
    """Return why a table has no row, and what to change."""
    if words.strip():
        return nothing(
            translate(
                "Nothing in this period holds “{words}”. Search for less, or clear the search.",
                language,
                words=words.strip(),
            )
        )
    last = known.inspection["inspection_date"].max()
    span = {"since": day(known.period.since, language), "until": day(known.period.until, language)}
    told = (
        translate("No inspection is on record from {since} to {until}.", language, **span)
        if pd.isna(last)
        else translate(
            "No inspection is on record from {since} to {until}; the last one before was on {day}.",
            language,
            **span,
            day=day(last, language),
        )
    )
    remedy = translate("Choose other days above, another area, or show illustrative figures too.", language)
    return nothing(f"{told} {remedy}")


def set_title(row: Mapping[Hashable, Any]) -> str:
    """Return the name of a set of criteria, with its instrument where that is published."""
    instrument = row["instrument"]
    return (
        f"{row['criteria_set_name']} · {instrument}"
        if isinstance(instrument, str)
        else row["criteria_set_name"]
    )


def data_sources(rows: pd.DataFrame, known: Known, language: Language) -> Markup:
    """Return the sources of what is shown, as links that open in place."""
    return Markup('<div class="hp-notes">{}</div>').format(
        source_notes(rows["source"].unique(), known.source, language)
    )


def map_layer(wards: gpd.GeoDataFrame, known_wards: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the map with what is known of their inspections, for a GeoPackage."""
    columns = [
        "is_inspected",
        "is_partly_inspected",
        "inspected_area_pct",
        "last_inspection",
        "is_illustrative",
    ]
    joined: gpd.GeoDataFrame = wards.merge(
        known_wards[[*KEY, *columns]], on=KEY, how="inner", validate="one_to_one"
    )
    return joined


def map_badge(shown: Inspections, language: Language) -> str:
    """Return what stands in the map's corner."""
    return badge_text(language) if shown.is_illustrative else ""


@cached
def inspections(
    published: Publication,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    language: Language,
    *,
    verified_only: bool,
) -> Inspections:
    """Return what the page says."""
    titles = data.area_titles(published, vintage, language)
    return describe(
        data.known(published, period, verified_only=verified_only),
        data.known(published, data.extent(published), verified_only=verified_only),
        vintage,
        {code: titles[code] for code in areas},
        data.layer(published, "criteria_set"),
        language,
    )


@cached
def results(published: Publication, name: str, *, verified_only: bool) -> pd.DataFrame:
    """Return the rows of ``criterion_result`` or ``recommendation`` that are to be shown."""
    rows: pd.DataFrame = data.layer(published, name)
    return rows[~rows["is_illustrative"]] if verified_only else rows


@cached
def frame(
    published: Publication, vintage: str, areas: tuple[str, ...], *, verified_only: bool
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas, or of the largest group of wards ever inspected.

    They do not depend on the range of days: the map stays where it is while the days move.
    """
    wards = data.known(published, data.extent(published), verified_only=verified_only).of_vintage(vintage)
    inspected = wards["is_inspected"] | wards["is_partly_inspected"]
    if areas or not inspected.any():
        return data.programme_frame(published, vintage, areas)
    return frame_bounds(data.of_vintage(published, "ward", vintage), inspected)
