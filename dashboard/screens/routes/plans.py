"""The plan that is shown: of the first search, or of a longer one that the reader may begin and stop."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.gate.identity import current
from dashboard.query.publication import Publication
from dashboard.screens.routes.choices import ChosenDay
from dashboard.subjects.visits import model
from dashboard.subjects.visits.queue import WAITS
from dashboard.subjects.visits.search import Search
from geodata.itinerary.itinerary import Itinerary
from geodata.itinerary.request import Request
from geodata.language import Language, Words, message, render, translate

LONGER_SECONDS = 20.0
TICK_SECONDS = 0.5


def found(chosen: ChosenDay, told: DeltaGenerator) -> tuple[Itinerary, Itinerary | None]:
    """Return the itinerary to show and, where an order is locked, the best one.

    Parameters
    ----------
    told
        Where it stands that, and behind how many others, the search waits.

    Raises
    ------
    GeodataError
        With every fault of what is asked.
    """
    published, line = chosen.query.published, told.empty()

    def tell(place: int) -> None:
        line.caption(render(_in_line(place), chosen.language))

    token = WAITS.set((_person(), tell))
    try:
        request = _request(chosen)
        if request.order is None:
            return _best(published, request), None
        return model.itinerary(published, request), _best(published, replace(request, order=None))
    finally:
        WAITS.reset(token)
        line.empty()


def _in_line(place: int) -> Words:
    return message("Others search for routes too: you are number {place} in line.", place=place)


def _person() -> str:
    """Return whose turn a search is: an account's, or that of an open page where nobody signs in."""
    context = get_script_run_ctx()
    return current().name or (context.session_id if context else "")


def planned(chosen: ChosenDay) -> Itinerary:
    """Return the itinerary of the first search; errors as of `found`."""
    return model.itinerary(chosen.query.published, _request(chosen))


def _request(chosen: ChosenDay) -> Request:
    return model.planned(chosen.query.published, chosen.form, verified_only=chosen.query.verified_only)


def _best(published: Publication, request: Request) -> Itinerary:
    """Return the best itinerary known: of the first search, or of a longer one."""
    first = model.itinerary(published, request)
    search: Search[Itinerary] | None = None
    searched, search = st.session_state.get("route_search", (None, None))
    if search is not None and searched != request:
        search.stop()
        del st.session_state["route_search"]
    elif search is not None and not search.is_running:
        longer = search.result()
        del st.session_state["route_search"]
        if longer is None:
            return first
        best = longer if model.is_better(longer, first) else first
        # What was found first is as good as it gets where the longer search has ended by itself.
        plan = replace(best.plan, is_searched_out=longer.plan.is_searched_out)
        st.session_state["route_longer"] = request, replace(best, plan=plan)
    kept, longer = st.session_state.get("route_longer", (None, None))
    return longer if kept == request and longer is not None else first


def draw_search(itinerary: Itinerary, language: Language) -> None:
    """Offer a longer search where the plan is not proven best; show how far one is."""
    if itinerary.plan.proven_optimal or itinerary.request.order is not None:
        return
    request = itinerary.request
    if itinerary.plan.is_searched_out:
        st.caption(translate("Stopped early: nothing better was found.", language))
        return
    with st.container(key="route_search", horizontal=True, vertical_alignment="center"):
        if "route_search" in st.session_state:
            st.fragment(_follow_search, run_every=TICK_SECONDS)(language)
            return
        # Outside the fragment, which would otherwise run alone and never again.
        st.button(
            translate("Search {seconds} s longer", language, seconds=round(LONGER_SECONDS)),
            key="route_search_begin",
            icon=":material/search:",
            on_click=_begin,
            args=(request,),
            help=translate("The page stays usable meanwhile.", language),
        )
        kept, _ = st.session_state.get("route_longer", (None, None))
        if kept == request:
            st.caption(translate("The longer search has ended; the best it found is shown.", language))


def _follow_search(language: Language) -> None:
    _, search = st.session_state.get("route_search", (None, None))
    if search is None or not search.is_running:
        st.rerun()
    if search.place:
        st.caption(render(_in_line(search.place), language))
    else:
        st.progress(
            search.share,
            text=translate(
                "Searching: {elapsed} of {seconds} s",
                language,
                elapsed=int(search.elapsed),
                seconds=int(search.seconds),
            ),
        )
    st.button(
        translate("Stop and show the best so far", language),
        key="route_search_stop",
        icon=":material/stop:",
        on_click=search.stop,
    )


def _begin(request: Request) -> None:
    st.session_state["route_search"] = (
        request,
        Search(model.searched(request, LONGER_SECONDS, _person()), LONGER_SECONDS),
    )
