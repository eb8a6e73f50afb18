"""Progress: how far the wards are, against the target, the criteria and their headquarters, since when."""

import plotly.graph_objects as go
import streamlit as st

from dashboard.query import layers as data
from dashboard.query.units import area_titles
from dashboard.screens.progress import charts
from dashboard.shell.link import flag, linked, one_of
from dashboard.shell.selection import current
from dashboard.subjects.programme.overview import subline
from dashboard.subjects.progress import cached, changes, views, wards
from dashboard.ui.chart import draw_chart
from dashboard.ui.citations import badge
from dashboard.ui.downloads import download_buttons
from dashboard.ui.tables import LISTED, Heading, html_table, more_rows
from geodata.language import translate
from geodata.wards.units import is_commune

published, selection = current()
language, vintage, areas = selection.language, selection.vintage, selection.areas
known = data.evidence(published, selection.period, verified_only=selection.verified_only)
heading, choice = st.container(), st.container(horizontal=True, vertical_alignment="center")

with choice:
    chosen = linked(
        st.segmented_control,
        "view",
        "stages",
        one_of(views.VIEWS),
        language,
        label=translate("What to show", language),
        options=views.VIEWS,
        format_func=lambda name: views.VIEW_NAMES[name].render(language),
        required=True,
        wrap=True,
        label_visibility="collapsed",
    )
    every_ward = False
    if chosen == "criteria":
        every_ward = linked(
            st.toggle,
            "outside",
            False,
            flag,
            language,
            label=translate("Also wards outside the programme", language),
        )

view = cached.view(
    published,
    chosen,
    selection.period,
    vintage,
    areas,
    language,
    verified_only=selection.verified_only,
    every_ward=every_ward,
)
with heading:
    st.title(view.headline, anchor=False)
    titles = area_titles(published, vintage, language)
    unit_count = int(is_commune(known.of_vintage(vintage, areas)).sum())
    st.html(subline(known, vintage, unit_count, language, [titles[code] for code in areas]))


def draw_rows(figure: go.Figure, count: int) -> None:
    """Draw a chart that has a row for each ward."""
    draw_chart(figure, chosen, view.headline, max(230, 110 + count * charts.ROW_PX))


if view.is_illustrative and chosen != "changes":
    choice.html(badge(language), width="content")
if view.nothing:
    st.info(view.nothing)
elif chosen == "stages":
    _, of_wards = cached.counts_over_time(published, selection.period, vintage, areas)
    steps, target = st.columns([0.55, 0.45], gap="medium")
    with steps:
        st.subheader(translate("Wards by stage", language), anchor=False)
        draw_chart(charts.stage_steps(view.rows, language), "stages", view.headline, 300)
    with target:
        st.subheader(translate("Share of phường, against the national target", language), anchor=False)
        line = charts.target_lines(
            of_wards, data.layer(published, "target"), data.extent(published).since, language
        )
        draw_chart(line, "target", view.headline, 300)
    st.html(view.cards)
elif chosen == "criteria":
    rows = view.rows[: views.SHOWN_WARDS]
    draw_rows(charts.criteria_bullets(rows, language), len(rows))
elif chosen == "headquarters":
    draw_rows(charts.headquarters_dots(view.rows, language), len(view.rows))
elif chosen == "timeline":
    labels = list(wards.ward_labels(wards.programme_wards(known.of_vintage(vintage, areas)), language))
    draw_rows(charts.ward_timeline(view.rows, labels, selection.period, language), len(labels) + 1)
else:
    with st.container(key="changes"):
        st.html(view.cards)
        st.html(changes.changes_list(view, language))
st.html(view.notes)

if len(view.table):
    with st.expander(translate("Table and download", language), expanded=bool(view.nothing)):
        st.html(
            html_table(
                view.headline,
                [Heading(title) for title in view.titles.values()],
                views.table_cells(view, LISTED, language),
                "hp-whole",
            )
            + more_rows(len(view.table), language)
        )
        download_buttons(f"progress-{chosen}", view.headline, lambda: (view.table, view.titles))
