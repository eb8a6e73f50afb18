"""What the page of events says, as pure functions: the security plan of an event, its gaps first.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from dashboard.query import layers as data
from dashboard.query.caching import cached
from dashboard.query.publication import Publication
from dashboard.ui.abbreviations import meanings
from dashboard.ui.citations import source_note
from dashboard.ui.formats import day, in_words, number, percent, sentence
from dashboard.ui.map import MapClass
from dashboard.ui.tables import (
    LISTED,
    Heading,
    abbreviation,
    framed_table,
    html_table,
    more_rows,
    nothing,
)
from geodata.contract.layers import FIELDS, PHASES
from geodata.events.coverage import event_coverage
from geodata.events.plan import SecurityPlan, plan_of
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.period import Period
from geodata.programme.symbols import LAND, STAGE_COLOURS
from geodata.wards.frames import frame_bounds
from geodata.wards.units import KEY

PHASE_NAMES = {"before": message("before"), "during": message("during"), "after": message("after")}
STATE_SIGNS = {
    "done": ("d", "✓", message("done"), message("Done")),
    "assigned": ("a", "●", message("given"), message("Assigned")),
    "planned": ("p", "○", message("planned"), message("Planned, not assigned yet")),
    "": ("g", "✕", message("open"), message("Not assigned: no task on record")),
}
"""Class, sign, short and full name of each state; the last one stands for a cell without a task."""


NAMED_GAPS = 4
"""The gaps of so many sites are named above the matrix; the other sites are counted."""

SITES = 15
"""So many sites stand in the matrix, those with most gaps; the downloads hold all."""

GAP_COLOUR = STAGE_COLOURS["not_met"]


def event_text(row: Mapping[Hashable, Any], language: Language) -> str:
    """Return what happened, in the reader's language."""
    return str(row["event_name"] if language == "vi" else row["event_name_en"])


def event_titles(
    event: pd.DataFrame, event_task: pd.DataFrame, period: Period, language: Language
) -> dict[str, str]:
    """Return what each event is called where it is chosen, those with a plan first, then the latest first.

    That it has a plan, and that it lies outside the range of days, is told.
    """
    has_plan = event["event_id"].isin(event_task["event_id"])
    rows = event.assign(has_plan=has_plan, is_within=period.holds(event["event_date"])).sort_values(
        ["has_plan", "event_date", "event_id"], ascending=[False, False, True]
    )
    titles = {}
    for row in rows.to_dict("records"):
        told = [
            translate("with a plan", language) if row["has_plan"] else translate("without a plan", language)
        ]
        if not row["is_within"]:
            told.append(translate("outside the range of days", language))
        name = f"{day(row['event_date'], language)} · {event_text(row, language)}"
        titles[str(row["event_id"])] = f"{name} ({', '.join(told)})"
    return titles


def headline(event: Mapping[Hashable, Any] | None, plan: SecurityPlan, language: Language) -> str:
    """Return the sentence that says how far the plan of an event is assigned and done.

    Parameters
    ----------
    event
        Its row in the layer; ``None`` where there is no event at all.
    plan
        See `plan_of`.
    language
        Language of the reader.
    """
    if event is None:
        return translate("No event on record yet", language)
    told = {"day": day(event["event_date"], language)}
    if plan.cells.empty and (plan.elsewhere_count or plan.placeless_count):
        return translate("Event of {day}: no site of its plan in the chosen area", language, **told)
    if plan.cells.empty:
        return translate("Event of {day}: no security plan on record", language, **told)
    coverage = event_coverage(plan.cells)
    counts = {
        "assigned": number(coverage.assigned_count, language),
        "cells": number(coverage.cell_count, language),
    }
    clauses = [translate("Event of {day}: {assigned} of {cells} tasks assigned", language, **told, **counts)]
    if coverage.done_count == coverage.cell_count:
        clauses.append(translate("all recorded as done", language))
    elif coverage.done_count:
        done = number(coverage.done_count, language)
        clauses.append(translate("{count} recorded as done", language, count=done))
    with_gaps = int((plan.sites["gaps"] > 0).sum())
    if with_gaps == 1:
        clauses.append(translate("gaps at one site", language))
    elif with_gaps:
        clauses.append(translate("gaps at {count} sites", language, count=in_words(with_gaps, language)))
    return ", ".join(clauses)


def subline(event: Mapping[Hashable, Any], known: Evidence, language: Language) -> Markup:
    """Return the line under the headline: where it was, whether it is in the range, and its source."""
    place = event["place"] if isinstance(event["place"], str) else translate("place not published", language)
    outside = ""
    if not known.period.since <= event["event_date"].date() <= known.period.until:
        outside = Markup(" · <b>{}</b>").format(
            translate(
                "outside the chosen range, which runs from {since} to {until}",
                language,
                since=day(known.period.since, language),
                until=day(known.period.until, language),
            )
        )
    return Markup('<div class="hp-sub">{}: {}{} {}</div>').format(
        translate("Place", language),
        place,
        outside,
        source_note(event["source"], known.source, language),
    )


def gap_list(plan: SecurityPlan, language: Language) -> Markup:
    """Return what is not assigned, site by site, those with most gaps first."""
    sites = plan.sites[plan.sites["gaps"] > 0]
    if sites.empty:
        return Markup('<div class="hp-gaps hp-full">{}</div>').format(
            translate("Every task of the plan is assigned.", language)
        )
    lines = [
        Markup("<li><b>{}</b>: {}</li>").format(site["site"], _gaps_of(plan.cells, site, language))
        for site in sites[:NAMED_GAPS].to_dict("records")
    ]
    if len(sites) > NAMED_GAPS:
        more = number(len(sites) - NAMED_GAPS, language)
        lines.append(Markup("<li>{}</li>").format(translate("and {count} more sites", language, count=more)))
    total = number(sites["gaps"].sum(), language)
    return Markup('<div class="hp-gaps"><b>{}</b><ul>{}</ul></div>').format(
        translate("Not assigned: {count} tasks", language, count=total), Markup("").join(lines)
    )


def _gaps_of(cells: pd.DataFrame, site: Mapping[Hashable, Any], language: Language) -> str:
    if site["gaps"] == site["cells"]:
        return translate("all {count} tasks, in every phase and field", language, count=site["cells"])
    gaps = cells[cells["site"].eq(site["site"]) & cells["is_gap"]]
    phases = [
        f"{PHASE_NAMES[phase].render(language)}: {', '.join(rows['field'])}"
        for phase in PHASES
        if len(rows := gaps[gaps["phase"] == phase])
    ]
    return "; ".join(phases)


def plan_table(plan: SecurityPlan, language: Language) -> Markup:
    """Return the plan as a matrix: sites by phase and field, those with most gaps first."""
    edges = ['class="b"' if field == FIELDS[0] else "" for _ in PHASES for field in FIELDS]
    head = Markup("<tr><th scope=col rowspan=2>{}{}<th class=b scope=col rowspan=2>{}<tr>{}").format(
        translate("Site", language),
        Markup("").join(
            Markup('<th scope=colgroup colspan="{}" class=b>{}').format(
                len(FIELDS), sentence(PHASE_NAMES[phase].render(language))
            )
            for phase in PHASES
        ),
        Heading(
            translate("Assigned", language), translate("Tasks assigned or done, of all of the site", language)
        ),
        Markup("").join(
            Markup("<th scope=col {}>{}").format(Markup(edge), abbreviation(field, meanings(field, language)))
            for edge, field in zip(edges, FIELDS * len(PHASES), strict=True)
        ),
    )
    of_site = dict(iter(plan.cells.groupby("site", sort=False)))
    body = Markup("").join(
        Markup("<tr><th scope=row>{}{}<td class=b>{}/{}").format(
            site["site"],
            Markup("").join(_cell(cell, language) for cell in of_site[site["site"]].to_dict("records")),
            site["cells"] - site["gaps"],
            site["cells"],
        )
        for site in plan.sites[:SITES].to_dict("records")
    )
    assigned = (~plan.cells["is_gap"]).groupby([plan.cells["phase"], plan.cells["field"]]).sum()
    body += Markup("<tr><th scope=row>{}{}<td class=b>{}/{}").format(
        translate("Sites where it is assigned", language),
        Markup("").join(
            Markup("<td {}>{}/{}").format(Markup(edge), assigned[phase, field], len(plan.sites))
            for (phase, field), edge in zip(
                [(phase, field) for phase in PHASES for field in FIELDS], edges, strict=True
            )
        ),
        int((~plan.cells["is_gap"]).sum()),
        len(plan.cells),
    )
    left = len(plan.sites) - SITES
    more = (
        Markup('<p class="hp-more">{}</p>').format(
            translate(
                "and {count} more sites; the downloads hold all of them",
                language,
                count=number(left, language),
            )
        )
        if left > 0
        else ""
    )
    about = translate("Security plan by site, phase and field", language)
    return framed_table(about, head, body, "hp-matrix hp-plan") + more


def _cell(cell: Mapping[Hashable, Any], language: Language) -> Markup:
    look, sign, short, full = STATE_SIGNS[cell["state"]]
    edge = " b" if cell["field"] == FIELDS[0] else ""
    return Markup('<td class="{}{}"><abbr title="{}"><b>{}</b>{}</abbr>').format(
        look,
        edge,
        f"{full.render(language)} · {unit_text(cell['unit'], language)}",
        sign,
        short.render(language),
    )


def unit_text(unit: object, language: Language) -> str:
    """Return who secures a cell."""
    return unit if isinstance(unit, str) else translate("unit not known", language)


def share_table(plan: SecurityPlan, language: Language) -> Markup:
    """Return the shares of tasks assigned and done, of the whole plan, by field and by phase."""
    groups: list[tuple[Any, pd.DataFrame]] = [(translate("Whole plan", language), plan.cells)]
    groups += [
        (abbreviation(field, meanings(field, language)), plan.cells[plan.cells["field"] == field])
        for field in FIELDS
    ]
    groups += [
        (sentence(PHASE_NAMES[phase].render(language)), plan.cells[plan.cells["phase"] == phase])
        for phase in PHASES
    ]
    bar = Markup('<span class="hp-bar"><span style="width: {:.1f}%"></span></span>')
    rows = []
    for name, cells in groups:
        coverage = event_coverage(cells)
        shares = [
            f"{percent(share, language)} ({count}/{coverage.cell_count})"
            for share, count in (
                (coverage.assigned_pct, coverage.assigned_count),
                (coverage.done_pct, coverage.done_count),
            )
        ]
        rows.append([name, bar.format(coverage.assigned_pct), *shares])
    hint = translate("Tasks assigned or done, of all sites × phases × fields", language)
    headings = [
        Heading(translate("Part of the plan", language)),
        Heading(""),
        Heading(translate("Assigned", language), hint),
        Heading(translate("Done", language), translate("As recorded; sources seldom tell it", language)),
    ]
    about = translate("Shares of tasks assigned and done", language)
    return html_table(about, headings, rows, "hp-whole")


def map_classes(
    plan: SecurityPlan, wards: pd.DataFrame, language: Language
) -> tuple[list[MapClass], list[int], list[str]]:
    """Return the classes of the map of sites, and class and tooltip of each ward.

    Parameters
    ----------
    plan
        See `plan_of`.
    wards
        The wards of `map_vintage`, in the order of the layer.
    language
        Language of the reader.
    """
    here = plan.cells[plan.cells["vintage"].isin(wards["vintage"].unique())]
    numbers, values = [], []
    of_ward = dict(iter(here.groupby("ward_code")))
    for code in wards["ward_code"]:
        cells = of_ward.get(code)
        if cells is None:
            numbers.append(3)
            values.append("")
            continue
        coverage = event_coverage(cells)
        numbers.append(
            0 if coverage.assigned_count == coverage.cell_count else 1 if coverage.assigned_count else 2
        )
        shares = translate(
            "assigned {assigned} of {cells}, done {done}",
            language,
            assigned=coverage.assigned_count,
            done=coverage.done_count,
            cells=coverage.cell_count,
        )
        values.append(f"{', '.join(cells['site'].unique())}: {shares}")
    names = (
        (translate("Site, all tasks assigned", language), STAGE_COLOURS["inspected"], ""),
        (translate("Site with gaps", language), STAGE_COLOURS["inspected"], "hatch"),
        (translate("Site, no task assigned", language), GAP_COLOUR, "hatch"),
        (translate("No site of the plan", language), LAND, ""),
    )
    classes = [
        MapClass(label, number(numbers.count(at), language), colour, pattern, outlined=at < 3)  # type: ignore[arg-type]
        for at, (label, colour, pattern) in enumerate(names)
    ]
    return classes, numbers, values


def map_notes(
    plan: SecurityPlan, classes: list[MapClass], drawn: str, chosen: str, language: Language
) -> Markup:
    """Return what stands under the map: its legend, its vintage if another one is chosen, what is not on it.

    Parameters
    ----------
    plan, classes
        See `plan_of` and `map_classes`.
    drawn
        Vintage of the map.
    chosen
        Vintage chosen for all pages.
    language
        Language of the reader.
    """
    legend = Markup("").join(
        Markup('<li><i class="{}"></i>{} ({})</li>').format(look, entry.label, entry.count)
        for look, entry in zip(("whole", "part", "none"), classes, strict=False)
        if entry.count != "0"
    )
    lines = []
    if drawn != chosen:
        lines.append(
            translate(
                "The map shows the boundaries of {drawn}, in which the sites were recorded; the page is set "
                "to those of {chosen}.",
                language,
                drawn=day(drawn, language),
                chosen=day(chosen, language),
            )
        )
    placeless = plan.sites[plan.sites["ward_code"].isna()]["site"]
    if len(placeless):
        lines.append(
            translate("Not on the map, address not known: {sites}.", language, sites=", ".join(placeless))
        )
    others = plan.sites[plan.sites["ward_code"].notna() & plan.sites["vintage"].ne(drawn)]["site"]
    if len(others):
        lines.append(
            translate(
                "Not on the map, recorded in other boundaries: {sites}.", language, sites=", ".join(others)
            )
        )
    if plan.elsewhere_count or plan.placeless_count:
        lines.append(
            translate(
                "Left out: {elsewhere} sites outside the chosen area, {placeless} whose address is not "
                "known.",
                language,
                elsewhere=plan.elsewhere_count,
                placeless=plan.placeless_count,
            )
        )
    return Markup('<ul class="hp-legend">{}</ul>{}').format(
        legend, Markup("").join(Markup('<p class="hp-more">{}</p>').format(line) for line in lines)
    )


def no_plan(plan: SecurityPlan, language: Language) -> Markup:
    """Return why there is no matrix, and what to change."""
    if plan.elsewhere_count or plan.placeless_count:
        return nothing(
            translate(
                "Left out: {elsewhere} sites outside the chosen area, {placeless} whose address is not "
                "known. Choose another area or the whole city.",
                language,
                elsewhere=plan.elsewhere_count,
                placeless=plan.placeless_count,
            )
        )
    return nothing(
        translate(
            "No security plan of this event is on record. Choose an event with a plan above, or import the "
            "plan.",
            language,
        )
    )


def task_table(plan: SecurityPlan, sources: pd.DataFrame, language: Language) -> Markup:
    """Return the cells of a plan with their unit, note and source, gaps first."""
    rows = plan.cells.sort_values("is_gap", ascending=False, kind="stable")
    notes = {name: source_note(name, sources, language) for name in rows["source"].dropna().unique()}
    cells = [
        [
            row["site"],
            PHASE_NAMES[row["phase"]].render(language),
            abbreviation(row["field"], meanings(row["field"], language)),
            STATE_SIGNS[row["state"]][3].render(language),
            unit_text(row["unit"], language),
            row["note"] if isinstance(row["note"], str) else "",
            notes.get(row["source"], ""),
        ]
        for row in rows[:LISTED].to_dict("records")
    ]
    headings = [
        Heading(translate("Site", language)),
        Heading(translate("Phase", language)),
        Heading(translate("Field", language)),
        Heading(translate("State", language)),
        Heading(translate("Unit", language), translate("Who secures it", language)),
        Heading(translate("Note", language)),
        Heading(translate("Source", language)),
    ]
    about = translate("Tasks of the plan and their sources", language)
    return html_table(about, headings, cells) + more_rows(len(rows), language)


def plan_export(plan: SecurityPlan, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the cells of a plan for a file, and the headings of its columns."""
    told = plan.cells.assign(
        phase_name=[PHASE_NAMES[phase].render(language) for phase in plan.cells["phase"]],
        state_name=[STATE_SIGNS[state][3].render(language) for state in plan.cells["state"]],
    )
    return told, {
        "site": translate("Site", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "phase_name": translate("Phase", language),
        "field": translate("Field", language),
        "state_name": translate("State", language),
        "unit": translate("Unit", language),
        "note": translate("Note", language),
        "source": translate("Source", language),
    }


def events_list(event: pd.DataFrame, event_task: pd.DataFrame, known: Evidence, language: Language) -> Markup:
    """Return the events without a plan, latest first: day, place, text and source."""
    rows = event[~event["event_id"].isin(event_task["event_id"])]
    if rows.empty:
        return nothing(translate("Every event on record has a plan.", language))
    item = Markup('<li class="hp-{}"><time datetime="{:%Y-%m-%d}">{}</time><p>{}</p>{}</li>')
    ordered = rows.sort_values(["event_date", "event_id"], ascending=False)
    return Markup('<ol class="hp-events">{}</ol>').format(
        Markup("").join(
            item.format(
                row["scope"],
                row["event_date"],
                " · ".join(
                    [day(row["event_date"], language)]
                    + ([row["place"]] if isinstance(row["place"], str) else [])
                    + (
                        []
                        if known.period.since <= row["event_date"].date() <= known.period.until
                        else [translate("outside the range of days", language)]
                    )
                ),
                event_text(row, language),
                source_note(row["source"], known.source, language),
            )
            for row in ordered[:LISTED].to_dict("records")
        )
    ) + more_rows(len(rows), language)


def event_export(event: pd.DataFrame, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the events for a file, and the headings of its columns."""
    return event, {
        "event_date": translate("Date", language),
        "event_name" if language == "vi" else "event_name_en": translate("Event", language),
        "place": translate("Place", language),
        "source": translate("Source", language),
    }


def map_layer(plan: SecurityPlan, wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the sites with their tasks counted, for a GeoPackage."""
    counted = (
        plan.cells.dropna(subset=["ward_code"])
        .assign(is_done=lambda cells: cells["state"].eq("done"))
        .groupby(KEY)
        .agg(
            sites=("site", lambda names: ", ".join(dict.fromkeys(names))),
            cells=("is_gap", "size"),
            gaps=("is_gap", "sum"),
            done=("is_done", "sum"),
        )
        .reset_index()
    )
    joined: gpd.GeoDataFrame = wards.merge(counted, on=KEY, how="inner", validate="one_to_one")
    return joined


@cached
def plan(
    published: Publication, event_id: str, vintage: str, areas: tuple[str, ...], period: Period
) -> SecurityPlan:
    """Return the plan of an event in the areas that are looked at."""
    wards = None
    if areas:
        wards = data.evidence(published, period, verified_only=True).of_areas(vintage, areas).wards
    return plan_of(data.layer(published, "event_task"), event_id, wards)


@cached
def frame(published: Publication, vintage: str, codes: tuple[str, ...]) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the largest group of wards with sites."""
    wards = data.of_vintage(published, "ward", vintage)
    return frame_bounds(wards, wards["ward_code"].isin(codes))
