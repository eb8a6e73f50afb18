"""Inspections: how many there were and where, what they found, what is overdue and what they recommend."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard.query import layers as data
from dashboard.screens.inspections import small_map
from dashboard.screens.inspections.charts import chosen_months, month_chart
from dashboard.shell.link import linked, number_from, one_of
from dashboard.shell.selection import current
from dashboard.subjects.inspections import cached, criteria_matrix, listing, overdue, recommendations, summary
from dashboard.ui import map as maps
from dashboard.ui.chart import draw_chart
from dashboard.ui.component import ward_map
from dashboard.ui.downloads import download_buttons
from dashboard.ui.geometry import geometry_address
from geodata.language import translate
from geodata.programme.overdue import OVERDUE_DAYS, overdue_wards

CHART = "inspections_by_month"

published, selection = current()
language, vintage, areas, period = selection.language, selection.vintage, selection.areas, selection.period
facts = {"verified_only": selection.verified_only}
shown = cached.inspections(published, period, vintage, areas, language, **facts)
known = shown.known
recommended = recommendations.recommendations_of(
    shown.rows,
    cached.results(published, "recommendation", **facts),
    pd.Timestamp(period.until),
    language,
)


def show_months() -> None:
    """Let the days follow what was dragged over."""
    chosen = chosen_months(st.session_state[CHART], data.extent(published))
    if chosen is not None:
        st.session_state["period"] = chosen


def search_ward(code: str) -> None:
    """Search for a ward that was clicked on the map; a second click shows all again."""
    name = shown.wards.loc[shown.wards["ward_code"] == code, "ward_name"]
    asked = "" if name.empty else str(name.iloc[0])
    st.session_state["page_search"] = "" if asked == st.session_state.get("page_search") else asked


st.title(shown.headline, anchor=False)
st.html(shown.subline)
chart, city, side = st.columns([0.52, 0.27, 0.21], gap="small")
with chart:
    draw_chart(
        month_chart(shown.months, period, language, is_all=known.is_all),
        CHART,
        translate("Inspections by month. Drag over months to show these alone.", language),
        height=250,
        on_select=show_months,
        line_length=80,
    )
with city:
    ward_map(
        maps.map_state(
            geometry_address(published, vintage),
            shown.classes,
            shown.class_numbers,
            labels=shown.labels,
            ticks=[],
            badge=summary.map_badge(shown, language),
            selected=selection.ward_code,
            focus=cached.frame(published, vintage, areas, **facts),
            height="190px",
            texts=maps.map_texts(shown.headline, language),
            values=shown.values,
            is_compact=True,
        ),
        on_ward=search_ward,
    )
    st.html(shown.legend)
with side, st.container(key="inspection_figures"):
    st.html(shown.cards)

with st.container(horizontal=True, vertical_alignment="center", key="inspection_tools"):
    choice, search, own = (st.container(width="content") for _ in range(3))
words = linked(
    search.text_input,
    "search",
    "",
    str,
    language,
    label=translate("Search", language),
    placeholder=translate("Search ward or verdict…", language),
    label_visibility="collapsed",
    width=190,
)
rows = listing.found(shown.rows, words)
recommended = listing.found(recommended, words)
counts = {"list": len(rows), "recommendations": len(recommended)}
view = linked(
    choice.segmented_control,
    "view",
    "list",
    one_of(list(summary.VIEWS)),
    language,
    label=translate("Show", language),
    options=list(summary.VIEWS),
    format_func=lambda name: summary.view_title(name, counts, language),
    required=True,
    label_visibility="collapsed",
)
if view in ("list", "matrix"):
    order = linked(
        own.selectbox,
        "order",
        "date",
        one_of(list(listing.ORDERS)),
        language,
        label=translate("Order", language),
        options=list(listing.ORDERS),
        format_func=lambda name: listing.ORDERS[name].render(language),
        label_visibility="collapsed",
        width=190,
    )
    rows = listing.ordered(rows, order)

if view == "overdue":
    label = translate("Overdue after days", language)
    beside = own.container(horizontal=True, vertical_alignment="center", gap="small")
    beside.html(Markup('<span class="hp-label" aria-hidden="true">{}</span>').format(label))
    days = linked(
        beside.number_input,
        "days",
        OVERDUE_DAYS,
        number_from(1, 3650),
        language,
        label=label,
        label_visibility="collapsed",
        min_value=1,
        max_value=3650,
        step=30,
        width=120,
    )
    late = overdue_wards(shown.wards, known, days)
    st.html(overdue.overdue_table(late, known, days, language))
    about = translate("Wards not inspected for more than {limit} days", language, limit=days)
    download_buttons("overdue", about, lambda: overdue.overdue_export(late, days, language))
elif view == "recommendations" and len(recommended):
    state = linked(
        own.selectbox,
        "state",
        "all",
        one_of(["all", *recommendations.STATES]),
        language,
        label=translate("State", language),
        options=["all", *recommendations.STATES],
        format_func=lambda name: recommendations.state_title(name, language),
        label_visibility="collapsed",
        width=190,
    )
    chosen = recommendations.in_state(recommended, state)
    st.html(
        recommendations.recommendation_table(chosen, known, vintage, language)
        if len(chosen)
        else recommendations.no_recommendation(language)
    )
    about = translate("Recommendations of the inspections", language)
    download_buttons(
        "recommendations", about, lambda: recommendations.recommendation_export(chosen, language)
    )
    with st.expander(translate("By owner and state", language)):
        st.html(recommendations.owner_table(recommended, language))
elif rows.empty:
    st.html(listing.why_empty(known, words, language))
elif view == "recommendations":
    st.html(recommendations.no_recommendation(language))
elif view == "matrix":
    sets, criterion = data.layer(published, "criteria_set"), data.layer(published, "criterion")
    results = cached.results(published, "criterion_result", **facts)
    names = {row["criteria_set"]: criteria_matrix.set_title(row) for row in sets.to_dict("records")}
    head = st.container(horizontal=True, vertical_alignment="center")
    chosen_set = linked(
        head.selectbox,
        "set",
        criteria_matrix.default_set(shown.rows, results, sets),
        one_of(list(names)),
        language,
        label=translate("Criteria set", language),
        options=list(names),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        width=300,
    )
    matrix = criteria_matrix.matrix(rows, results, criterion, chosen_set)
    head.html(criteria_matrix.matrix_legend(matrix, criterion, chosen_set, language))
    st.html(criteria_matrix.matrix_table(matrix, criterion, chosen_set, vintage, language))
    st.html(summary.data_sources(matrix, known, language))
    about = translate("Criteria by ward, at the last inspection of each in the range", language)
    download_buttons(
        "criteria", about, lambda: criteria_matrix.matrix_export(matrix, criterion, chosen_set, language)
    )
else:
    st.html(listing.inspection_table(rows, known, vintage, language))
    download_buttons(
        "inspections",
        translate("Inspections", language),
        lambda: listing.inspection_export(rows, language),
        lambda: small_map.map_layer(data.of_vintage(published, "ward", vintage), shown.wards),
    )
