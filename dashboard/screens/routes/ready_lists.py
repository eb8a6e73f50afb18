"""Lists of stops that can be loaded: the real visits, and the wards that wait longest for an inspection."""

from dataclasses import replace

import streamlit as st

from dashboard.query.query import Query
from dashboard.subjects.visits import model
from dashboard.subjects.visits.form import Form, case_form
from dashboard.subjects.visits.stop_list import MOST_STOPS, Wanted, write_stops
from geodata import clock
from geodata.language import Language, translate
from geodata.language.dates import day
from geodata.programme.overdue import limit_of

FIELDS = {
    "case": "case",
    "day": "day",
    "depart": "depart",
    "start": "start",
    "end": "end",
    "service": "service_min",
    "stops": "stops",
    "lock": "is_locked",
    "teams": "teams",
    "capacity": "capacity",
    "delegates": "delegates",
    "shift": "shift_min",
    "lunch": "has_lunch",
}
"""Attributes of a form by the parameter of the link that holds them."""


def load(form: Form, vintage: str | None = None) -> None:
    """Put a form into the widgets; ``vintage`` is that of its stops."""
    for name, attribute in FIELDS.items():
        st.session_state[f"page_{name}"] = getattr(form, attribute)
    st.session_state["route_vintage"] = vintage


def choose_list(query: Query, vintage: str, plain: Form, language: Language) -> None:
    """Draw the lists that can be loaded; ``vintage`` is that of the day, ``plain`` the empty form."""
    case_buttons(query, "list", language)
    days = st.number_input(
        translate("Not inspected for more than so many days", language),
        min_value=1,
        max_value=3650,
        value=None,
        step=30,
        key="route_late_days",
        placeholder=translate("not set", language),
    )
    basis = st.text_input(
        translate("Basis of the limit", language),
        key="route_late_basis",
        placeholder=translate("Basis: plan, decision…", language),
        max_chars=200,
    )
    limit = limit_of(days, basis)
    areas = query.areas if vintage == query.vintage else ()
    late = model.late_wards(replace(query, vintage=vintage, areas=areas), limit)
    st.button(
        translate("Load {count} of {all} wards", language, count=min(len(late), MOST_STOPS), all=len(late)),
        on_click=_load_wards,
        args=(late[:MOST_STOPS],),
        disabled=not late,
        width="stretch",
        help=translate(
            "Units of {day}, the last day of the range above, past the limit: areas of the pilot first, then "
            "the longest without an inspection on record. Without a limit and its basis none is overdue.",
            language,
            day=day(query.period.until),
        ),
    )
    st.button(
        translate("Empty the list", language),
        on_click=load,
        args=(plain,),
        width="stretch",
    )


def _load_wards(codes: tuple[str, ...]) -> None:
    st.session_state["page_stops"] = write_stops([Wanted(code) for code in codes])
    st.session_state["page_case"] = ""
    st.session_state["page_lock"] = False


def case_buttons(query: Query, where: str, language: Language) -> None:
    """Draw the buttons that load the real visits; ``where`` tells several rows of them apart."""
    published, facts = query.published, {"verified_only": query.verified_only}
    known = model.places(published, **facts)
    for case in model.cases(published, **facts).values():
        st.button(
            case.title_en if language == "en" else case.title,
            key=f"route_case_{where}_{case.case_id}",
            on_click=load,
            args=(case_form(case, clock.today(), known), case.request.vintage),
            icon=":material/route:",
            width="stretch",
        )
