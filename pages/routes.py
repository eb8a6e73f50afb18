"""Routes: from a list of wards to the order, the times and the way that a delegation can follow."""

import streamlit as st

from dashboard.query import layers as data
from dashboard.screens.routes import details, drawing, widgets
from dashboard.shell.selection import current
from dashboard.subjects.visits import cached, words
from dashboard.ui.static_files import frontend_address
from geodata.contract.errors import GeodataError
from geodata.language import translate

published, selection = current()
language = selection.language
stylesheet = frontend_address("routes.css")
st.html(f'<style>@import url("{stylesheet}");</style>')
heading = st.container(gap="xsmall")
asked = widgets.ask(published, selection, st.container(key="route_controls"))
itinerary = best = document = None
is_illustrative = False
if asked.form.stops:
    try:
        itinerary, best = drawing.found(asked)
        document = cached.told(itinerary)
    except GeodataError as error:
        st.error(words.faults_text(error.faults, language))

if document is None:
    title = (
        translate("This route can't be made", language)
        if asked.form.stops
        else translate("Choose wards to make a route of a day's visits", language)
    )
else:
    kinds = cached.ward_kinds(published, asked.vintage)
    is_illustrative = words.is_illustrative(itinerary.request)
    title = words.headline(document, kinds, language, is_generated=is_illustrative)
heading.title(title, anchor=False)
if document is None:
    heading.html(words.empty_subline(asked.form.day, asked.vintage, language))
else:
    heading.html(words.subline(document, itinerary.request, language))
city, side = st.columns([0.53, 0.47], gap="small")
with city:
    drawing.draw_map(asked, document, title, is_illustrative=is_illustrative)
    if document is not None:
        drawing.draw_timeline(asked, document)
with side, st.container(key="route_side", gap="small"):
    widgets.add_stop(asked)
    if document is None:
        if asked.form.stops:
            drawing.draw_stops(asked, None)
        else:
            st.html(words.empty_note(language))
        widgets.case_buttons(published, selection, "empty")
    else:
        drawing.draw_stops(asked, document)
        widgets.lock_order(asked)
        st.html(words.told(document, None if best is None else cached.told(best), language))
        drawing.draw_search(asked, itinerary)
        drawing.draw_files(asked, document)
if document is not None:
    details.edit_stops(asked)
    st.html(words.notes(document, data.layer(published, "source"), language))
