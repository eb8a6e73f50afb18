"""What the reader chooses of a day of visits; all of it stands in the page's link."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.query.units import ward_titles
from dashboard.screens.routes.ready_lists import choose_list
from dashboard.shell.frame_link import LANGUAGES, Selection
from dashboard.shell.link import Read, flag, keep, linked, number_from, one_of, value_of
from dashboard.subjects.visits import model
from dashboard.subjects.visits.form import (
    MOST_TEAMS,
    OPEN,
    SAME,
    Form,
    case_form,
    day_of,
    keeps_wards,
    place_titles,
    plain_form,
)
from dashboard.subjects.visits.stop_list import MOST_LOAD, MOST_MINUTES, is_stops, places
from dashboard.ui.markdown import plain
from geodata import clock
from geodata.contract.errors import GeodataError
from geodata.itinerary.places import Gazetteer, vintage_of
from geodata.language import Language, message, render, translate
from geodata.language.dates import day

LONGEST_SHIFT = 24 * 60

OPEN_ENDS = {SAME: message("back to the start"), OPEN: message("at the last stop")}
"""Where a day may end but at a place."""


@dataclass(frozen=True)
class ChosenDay:
    """What the page starts from.

    Attributes
    ----------
    query
        The frame's choice.
    language
        Language of the reader.
    form
        What the widgets hold.
    vintage
        Vintage of the day's wards.
    areas
        The frame's districts and wards; none where they are those of another vintage.
    titles
        Names of landmarks and wards by what a form calls them.
    """

    query: Query
    language: Language
    form: Form
    vintage: str
    areas: tuple[str, ...]
    titles: Mapping[str, str]


def choose_day(selection: Selection, bar: DeltaGenerator) -> ChosenDay:
    """Draw the choices of the day; return what they hold.

    Parameters
    ----------
    selection
        The frame's choice.
    bar
        Where they stand.
    """
    language, query = selection.language, selection.query
    published, facts = query.published, {"verified_only": query.verified_only}
    known, cases = model.places(published, **facts), model.cases(published, **facts)
    today = clock.today()
    case = value_of("case", "", one_of(["", *cases]), language)
    usual = case_form(cases[case], today, known) if case else plain_form(today, known)
    stops = value_of("stops", usual.stops, is_stops, language)
    asked_day = value_of("day", usual.day, str, language)
    vintage = _vintage(known, asked_day, st.session_state.get("route_vintage") or query.vintage)
    if st.session_state["link_is_new"]:
        # The wards of a real visit are those of its own day, whatever day a link asks for.
        is_as_loaded = bool(case) and stops == usual.stops
        st.session_state["route_vintage"] = cases[case].request.vintage if is_as_loaded else None
    stops = _follow(published, vintage, stops, language)
    names = ward_titles(published, vintage)
    titles = place_titles(names, known)
    first, *columns = bar.columns(
        [1.05, 1, 0.85, 1.9, 1.6, 0.95, 1.05], gap="small", vertical_alignment="bottom"
    )
    with first.popover(translate("Ready lists", language), width="stretch"):
        choose_list(query, vintage, plain_form(today, known), language)
    label = translate("Day", language)
    typed = linked(columns[0].text_input, "day", usual.day, str, language, label=label)
    depart = linked(
        columns[1].time_input,
        "depart",
        usual.depart,
        datetime.time.fromisoformat,
        language,
        label=translate("Sets out at", language),
    )
    # The ward from which a real visit is reckoned may be one of other boundaries.
    begun = [cases[case].request.start] if case else []
    starts = {place.ward_code: place.name for place in begun} | titles
    start = linked(
        columns[2].selectbox,
        "start",
        usual.start or None,
        str,
        language,
        label=translate("From", language),
        options=list(titles),
        format_func=lambda place: starts.get(place, place),
        accept_new_options=True,
        **({} if usual.start else {"index": None}),
        placeholder=translate("Ward, landmark or lat,lon", language),
    )
    ends = {end: render(words, language) for end, words in OPEN_ENDS.items()} | titles
    # A choice that takes other words than its own keeps the words of the language in which it was made.
    spoken = {render(words, one): end for one in LANGUAGES for end, words in OPEN_ENDS.items()}
    ended = value_of("end", usual.end, str, language)
    st.session_state["page_end"] = spoken.get(ended, ended)
    end = linked(
        columns[3].selectbox,
        "end",
        usual.end,
        str,
        language,
        label=translate("Ends", language),
        options=list(ends),
        format_func=lambda place: ends.get(place, place),
        accept_new_options=True,
    )
    service = linked(
        columns[4].number_input,
        "service",
        usual.service_min,
        number_from(0, MOST_MINUTES),
        language,
        label=translate("Minutes a stop", language),
        min_value=0,
        max_value=MOST_MINUTES,
        step=5,
    )
    with columns[5].popover(translate("Options", language), width="stretch"):
        terms = _choose_terms(usual, language)
    is_locked = value_of("lock", False, flag, language) and terms["teams"] == 1
    keep("case", case, "")
    keep("stops", stops, usual.stops)
    if stops and not case:
        # Today is another day tomorrow: a link to a plan holds its day.
        keep("day", typed, None)
    form = Form(case, typed, depart or usual.depart, start or "", end, service, stops, is_locked, **terms)  # type: ignore[arg-type]
    areas = query.areas if vintage == query.vintage else ()
    return ChosenDay(query, language, form, vintage, areas, titles)


def read_day(selection: Selection, value: Read) -> ChosenDay:
    """Return what a link asks for, without drawing the choices."""
    query = selection.query
    published, facts = query.published, {"verified_only": query.verified_only}
    known, cases = model.places(published, **facts), model.cases(published, **facts)
    today = clock.today()
    case = value("case", "", one_of(["", *cases]))
    usual = case_form(cases[case], today, known) if case else plain_form(today, known)
    form = Form(
        case,
        value("day", usual.day, str),
        value("depart", usual.depart, datetime.time.fromisoformat),
        value("start", usual.start, str),
        value("end", usual.end, str),
        value("service", usual.service_min, number_from(0, MOST_MINUTES)),
        value("stops", usual.stops, is_stops),
        value("lock", False, flag),
        value("teams", usual.teams, number_from(1, MOST_TEAMS)),
        value("capacity", usual.capacity, number_from(1, MOST_LOAD)),
        value("delegates", usual.delegates, number_from(1, MOST_LOAD)),
        value("shift", usual.shift_min, number_from(1, LONGEST_SHIFT)),
        value("lunch", usual.has_lunch, flag),
    )
    vintage = _vintage(known, form.day, query.vintage)
    areas = query.areas if vintage == query.vintage else ()
    return ChosenDay(query, selection.language, form, vintage, areas, {})


def _vintage(known: Gazetteer, typed: str, otherwise: str) -> str:
    """Return the vintage of a day as it was typed; another one where it is no day with wards on record."""
    try:
        day_typed = day_of(Form("", typed, datetime.time(), "", SAME, 0, ""))
        return vintage_of(day_typed.isoformat(), known)
    except GeodataError:
        return otherwise


def _follow(published: Publication, vintage: str, stops: str, language: Language) -> str:
    """Return the stops that the vintage of the day has; tell which are left behind."""
    before = st.session_state.get("route_vintage")
    st.session_state["route_vintage"] = vintage
    if before in (None, vintage):
        return stops
    of_before = model.ward_names(published, before)
    kept = keeps_wards(of_before, model.ward_names(published, vintage), stops)
    st.session_state["page_stops"] = kept
    gone = [of_before[place] for place in places(stops) if place not in places(kept)]
    if gone:
        st.info(
            plain(
                translate(
                    "On the boundaries from {day} these wards are no longer there and are left out: {names}. "
                    "Their codes may mean other wards now.",
                    language,
                    day=day(vintage),
                    names=", ".join(gone),
                )
            )
        )
    return kept


def _choose_terms(usual: Form, language: Language) -> dict[str, int | bool | None]:
    """Draw what binds the whole day."""

    def count(
        name: str, default: int | None, least: int, most: int, label: str, about: str = ""
    ) -> int | None:
        return linked(
            st.number_input,
            name,
            default,
            number_from(least, most),
            language,
            label=label,
            min_value=least,
            max_value=most,
            step=1,
            help=about or None,
            **({"placeholder": translate("no limit", language)} if default is None else {}),
        )

    lunch = linked(
        st.toggle,
        "lunch",
        usual.has_lunch,
        flag,
        language,
        label=translate("Lunch of an hour, begun between 11:00 and 12:30", language),
    )
    teams = count("teams", usual.teams, 1, MOST_TEAMS, translate("Teams, each on a way of its own", language))
    shift = count(
        "shift", usual.shift_min, 1, LONGEST_SHIFT, translate("Longest shift of a team, minutes", language)
    )
    capacity = count(
        "capacity",
        usual.capacity,
        1,
        MOST_LOAD,
        translate("Capacity of a team's vehicle", language),
        translate(
            "Binds where stops take up load (see “Edit each stop”); a party that stays together drives in "
            "several vehicles.",
            language,
        ),
    )
    delegates = count(
        "delegates",
        usual.delegates,
        1,
        MOST_LOAD,
        translate("Delegates who go everywhere together", language),
    )
    return {
        "teams": teams or 1,
        "capacity": capacity,
        "delegates": delegates,
        "shift_min": shift,
        "has_lunch": lunch,
    }
