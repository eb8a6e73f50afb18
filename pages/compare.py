"""Compare: two to six districts or wards, or one of them in two periods, on one scale and beside the city."""

import streamlit as st

from dashboard.screens.compare import drawing, widgets
from dashboard.shell.selection import current
from dashboard.subjects.comparison import cached, measures
from dashboard.subjects.comparison.asked import asked_of
from dashboard.subjects.comparison.units import LEAST_UNITS
from dashboard.ui.static_files import frontend_address
from geodata.language import translate

asked = asked_of(*current())
stylesheet = frontend_address("compare.css")
st.html(f'<style>@import url("{stylesheet}");</style>')
heading, under = st.empty(), st.empty()
usual = widgets.usual_units(asked)
with st.container(key="compare_choices", horizontal=True, vertical_alignment="bottom"):
    against = widgets.choose_against(asked)
    code, rate = widgets.choose_measure(asked)
measure = measures.measure_of(code, rate, asked.catalogue, asked.language)
chosen = st.session_state.get("page_units") or usual
first = chosen[0] if chosen[0] in asked.units.index else usual[0]
titles = cached.unit_titles(asked.published, asked.vintage, asked.language, first)
if against == "units":
    codes, ends = widgets.choose_units(asked, usual, titles), ("", "")
else:
    unit, ends = widgets.choose_periods(asked, first, titles, against)
    codes = [unit]
periods = [asked.period, *widgets.other_period(asked, measure, against, ends)]
if against == "units" and len(codes) < LEAST_UNITS:
    title = translate("Choose two to six districts or wards to compare", asked.language)
    heading.title(title, anchor=False)
else:
    drawing.show(asked, heading, under, codes, periods, measure, code, rate)
