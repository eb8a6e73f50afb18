"""Draws inspections: how many there were and where, what they found, the last ones, and what is advised."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.query.layers import extent
from dashboard.query.units import area_names
from dashboard.screens.inspections.charts import chosen_months, month_chart
from dashboard.screens.inspections.exports import (
    LIST_TITLES,
    criteria_export,
    recommendation_export,
    standing_export,
)
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, linked, linked_choice, number_from, one_of, value_of
from dashboard.subjects.inspections import words
from dashboard.subjects.inspections.criteria import criteria_matrix, default_set, shown_rows
from dashboard.subjects.inspections.model import (
    InspectionFindings,
    inspected_frame,
    inspection_findings,
    map_layer,
    matching,
    met_of_set,
    ordered,
    rounds_of,
    standing,
)
from dashboard.subjects.inspections.recommendations import by_owner, in_state, recommendations
from dashboard.subjects.programme.model import latest_fact
from dashboard.subjects.programme.words import ILLUSTRATIVE, as_of
from dashboard.subjects.sources.citations import cite
from dashboard.ui.chart import show_chart
from dashboard.ui.component import draw_map
from dashboard.ui.downloads import MapFiles, draw_downloads
from dashboard.ui.geometry import former_outlines, outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file, sheet_of
from dashboard.ui.published import draw_published_facts
from dashboard.ui.tables import listed
from geodata.language import Words, joined, message, render, translate
from geodata.programme.overdue import Limit, limit_of

CHART = "inspections_by_month"


def draw(selection: Selection) -> None:
    """Draw the page of inspections."""
    shown = inspection_findings(selection.query)
    _draw_summary(selection, shown, _criteria_set(selection, shown))
    with st.container(horizontal=True, vertical_alignment="center", key="inspection_tools"):
        choice, search, own = (st.container(width="content") for _ in range(3))
    language = selection.language
    searched = linked(
        search.text_input,
        "search",
        "",
        str,
        language,
        label=translate("Search", language),
        placeholder=translate("Search ward or verdict…", language),
        label_visibility="collapsed",
        width=230,
    )
    rows, recommended = matching(shown.rows, searched), matching(recommendations(shown.query), searched)
    counts = {"list": len(rows), "recommendations": len(recommended)}
    view = linked_choice(
        choice.segmented_control,
        "view",
        {name: words.view_title(name, counts) for name in words.VIEWS},
        message("Show"),
        language,
        required=True,
        label_visibility="collapsed",
    )
    if view in ("list", "matrix"):
        rows = ordered(rows, _choose(selection, own, "order", message("Order"), words.ORDERS))
    if view == "overdue":
        _draw_overdue(selection, own)
    elif view == "recommendations" and len(recommended):
        _draw_recommendations(selection, recommended, own)
    elif rows.empty:
        st.html(html("nothing", language, text=words.why_empty(shown, searched)))
    elif view == "recommendations":
        st.html(html("nothing", language, text=words.no_recommendation()))
    elif view == "matrix":
        _draw_matrix(selection, shown, rows)
    else:
        _draw_list(selection, shown, rows)
    draw_published_facts(selection.query, "inspections", language)


def _usual_set(shown: InspectionFindings) -> str:
    sets = shown.query.layer("criteria_set")
    return default_set(shown.rows, shown_rows(shown.query, "criterion_result"), sets)


def _criteria_set(selection: Selection, shown: InspectionFindings) -> str:
    """Return the set of criteria that is chosen beside the matrix, drawn later in the run."""
    sets = shown.query.layer("criteria_set")["criteria_set"].tolist()
    return value_of("set", _usual_set(shown), one_of(sets), selection.language)


def _draw_summary(selection: Selection, shown: InspectionFindings, criteria_set: str) -> None:
    query, language = selection.query, selection.language
    names = area_names(query.published, query.vintage)
    headline = words.headline(shown)
    st.title(plain(render(headline, language)), anchor=False)
    st.html(
        html(
            "subline",
            language,
            is_marked=not query.verified_only,
            text=as_of(
                query.period.until, query.vintage, shown.coverage.ward_count, latest_fact(shown.evidence)
            ),
            chosen=joined(", ", [names[code] for code in query.areas]) if query.areas else None,
        )
    )
    chart, city, side = st.columns([0.52, 0.27, 0.21], gap="small")
    with chart:
        show_chart(
            month_chart(shown.months, query.period, language, is_all=shown.evidence.is_all),
            query,
            language,
            CHART,
            message("Inspections by month. Drag over months to show these alone."),
            height=267,
            on_select=lambda: _show_months(selection),
        )
    with city:
        draw_map(_view(selection), lambda code: _search_ward(shown, code), language)
        ground = words.former_ground(shown)
        classes = words.map_classes(shown)
        st.html(html("inspections_legend", language, classes=classes, former=ground.classes))
    met = met_of_set(shown, criteria_set)
    sets = query.layer("criteria_set").set_index("criteria_set")
    set_name = str(sets.loc[criteria_set, "criteria_set_name"])
    with side, st.container(key="inspection_figures"):
        st.html(html("cards", language, groups=[words.cards(shown, met, set_name)]))


def _view(selection: Selection) -> MapView:
    """Return the map of the wards inspected."""
    query, shown = selection.query, inspection_findings(selection.query)
    ground = words.former_ground(shown)
    return MapView(
        about=words.headline(shown),
        geometry=outlines(query.published, query.vintage, ground.vintages),
        classes=words.map_classes(shown),
        numbers=shown.class_numbers,
        focus=inspected_frame(query.within(extent(query.published))),
        height="190px",
        labels=shown.labels,
        badge=ILLUSTRATIVE if shown.is_illustrative else "",
        selected=selection.ward_code,
        values=words.tooltips(shown),
        is_compact=True,
        former=former_outlines(query.published, ground),
    )


def map_sheet(selection: Selection, _: Read | None = None) -> MapSheet:
    """Return the map as it leaves the page."""
    sources = inspection_findings(selection.query).rows["source"]
    return sheet_of(_view(selection), selection.query, selection.language, sources)


def _show_months(selection: Selection) -> None:
    """Let the days follow what was dragged over."""
    chosen = chosen_months(st.session_state[CHART], extent(selection.query.published))
    if chosen is not None:
        st.session_state["period"] = chosen


def _search_ward(shown: InspectionFindings, code: str) -> None:
    """Search for a ward that was clicked on the map; a second click shows all again."""
    name = shown.wards.loc[shown.wards["ward_code"] == code, "ward_name"]
    asked = "" if name.empty else str(name.iloc[0])
    st.session_state["page_search"] = "" if asked == st.session_state.get("page_search") else asked


def _choose_limit(selection: Selection, own: DeltaGenerator) -> Limit | None:
    """Draw the limit of the reader and what it rests on; return it, none until both are there."""
    language, label = selection.language, translate("Overdue after days", selection.language)
    beside = own.container(horizontal=True, vertical_alignment="center", gap="small")
    beside.html(html("label", language, text=label))
    days = linked(
        beside.number_input,
        "limit",
        None,
        number_from(1, 3650),
        language,
        label=label,
        label_visibility="collapsed",
        min_value=1,
        max_value=3650,
        step=30,
        placeholder=translate("not set", language),
        width=120,
    )
    basis = linked(
        beside.text_input,
        "basis",
        "",
        str,
        language,
        label=translate("Basis of the limit", language),
        placeholder=translate("Basis: plan, decision…", language),
        label_visibility="collapsed",
        max_chars=200,
        width=260,
    )
    return limit_of(days, basis)


def _draw_overdue(selection: Selection, own: DeltaGenerator) -> None:
    query, language = selection.query, selection.language
    limit = _choose_limit(selection, own)
    found = standing(query, limit)
    rows = found.rows.sort_values("is_late", ascending=False, kind="stable")
    st.html(
        html(
            "inspections_overdue",
            language,
            standing=found,
            table=listed(rows, query.layer("source"), "inspection_source"),
            limit=limit,
            until=query.period.until,
            words=words,
        )
    )
    draw_downloads(
        query,
        language,
        "last-inspections",
        message("Last inspection of each ward"),
        lambda: standing_export(found, limit),
    )


def _draw_recommendations(selection: Selection, recommended: pd.DataFrame, own: DeltaGenerator) -> None:
    query, language = selection.query, selection.language
    state = _choose(selection, own, "state", message("State"), words.STATE_CHOICES)
    chosen = in_state(recommended, state)
    if len(chosen):
        table = listed(chosen, query.layer("source"))
        st.html(
            html("inspections_recommendations", language, table=table, vintage=query.vintage, words=words)
        )
    else:
        st.html(html("nothing", language, text=words.no_recommendation()))
    draw_downloads(
        query,
        language,
        "recommendations",
        message("Recommendations of the inspections"),
        lambda: recommendation_export(chosen),
    )
    with st.expander(translate("By owner and state", language)):
        st.html(html("inspections_owners", language, owners=by_owner(recommended), words=words))


def _draw_matrix(selection: Selection, shown: InspectionFindings, rows: pd.DataFrame) -> None:
    query, language = selection.query, selection.language
    sets = query.layer("criteria_set")
    head = st.container(horizontal=True, vertical_alignment="center")
    chosen = _choose(
        selection,
        head,
        "set",
        message("Criteria set"),
        {row["criteria_set"]: words.set_title(row) for row in sets.to_dict("records")},
        _usual_set(shown),
        width=300,
    )
    matrix, source = criteria_matrix(rows, query, chosen), query.layer("source")
    head.html(html("inspections_criteria_legend", language, matrix=matrix, words=words))
    table = listed(matrix.rows, source)
    st.html(
        html(
            "inspections_criteria",
            language,
            matrix=matrix,
            table=table,
            vintage=query.vintage,
            words=words,
        )
    )
    cited = cite(matrix.rows["source"].unique(), source)
    st.html(html("source_notes", language, cited=cited))
    draw_downloads(
        query,
        language,
        "criteria",
        message("Criteria by ward, at the last inspection of each in the range"),
        lambda: criteria_export(matrix),
        shown=message("Criteria by ward"),
    )


def _draw_list(selection: Selection, shown: InspectionFindings, rows: pd.DataFrame) -> None:
    query, language = selection.query, selection.language
    table = listed(rows, query.layer("source"))
    rounds = rounds_of(rows)
    st.html(
        html("inspections_list", language, table=table, rounds=rounds, vintage=query.vintage, words=words)
    )
    draw_downloads(
        query,
        language,
        "inspections",
        message("Inspections"),
        lambda: (rows, LIST_TITLES),
        MapFiles(lambda: map_layer(query.of_vintage("ward"), shown.wards)),
    )
    draw_map_file(map_sheet(selection))


def _choose(
    selection: Selection,
    where: DeltaGenerator,
    name: str,
    label: Words,
    options: Mapping[str, Words | str],
    default: str | None = None,
    width: int = 190,
) -> str:
    """Draw one of the choices of a view, by default on the first of its options; return what is chosen."""
    return linked_choice(
        where.selectbox,
        name,
        options,
        label,
        selection.language,
        default,
        label_visibility="collapsed",
        width=width,
    )
