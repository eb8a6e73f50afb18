"""What the reader chooses in a comparison: figure, units, and the periods that stand beside each other."""

import datetime
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.query.units import area_names
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, linked, linked_choice, one_of, some_of
from dashboard.subjects.comparison import measures
from dashboard.subjects.comparison.basis import Basis
from dashboard.subjects.comparison.measures import ComparedMeasure, measure_of, periods_beside
from dashboard.subjects.comparison.unit_figures import data_extent
from dashboard.subjects.comparison.units import LEAST_UNITS, MOST_UNITS, default_units, remaining_units
from dashboard.subjects.comparison.words import RATE_NAMES
from dashboard.ui.markdown import plain
from geodata.language import Language, Words, message, render, translate
from geodata.language.dates import read_day
from geodata.period import Period

Choose = Callable[..., str]
"""Returns one of several, as `linked_choice` does: drawn on the page, or read from a link."""


def asked(
    start: Basis, selection: Selection, value: Read
) -> tuple[ComparedMeasure, tuple[Period, ...], tuple[str, ...]] | None:
    """Return the figure, periods and units that a link asks for; nothing where it compares nothing."""

    def choice(_: object, name: str, titles: Any, *_told: Any, default: str = "", **_widget: Any) -> str:
        return value(name, default or next(iter(titles)), one_of([*titles]))

    against = choose_against(selection, choice)
    measure = measure_of(*choose_measure(start, selection, choice), start.catalogue)
    usual, query = default_units(start.units, start.of_day, selection.query.areas), selection.query
    titles = area_names(query.published, query.vintage)
    codes = value("units", usual, some_of([*titles]))
    if against == "units":
        return (measure, (query.period,), tuple(codes)) if LEAST_UNITS <= len(codes) <= MOST_UNITS else None
    data = data_extent(query.of_city(), measure)
    beside = periods_beside(query.period, data, measure, is_of_page=against == "year")
    if beside is None:
        return None
    unit = value("unit", codes[0] if codes else usual[0], one_of([*titles]))
    if against == "year":
        return measure, beside, (unit,)
    found = _read([value(name, f"{end:%d/%m/%Y}", str) for name, end, _ in _ends(beside)])
    return (measure, found, (unit,)) if isinstance(found, tuple) else None


def choose_measure(basis: Basis, selection: Selection, choice: Choose = linked_choice) -> tuple[str, str]:
    """Draw the choice of what is compared; return its code and what it is set against."""
    language = selection.language
    titles = measures.measure_names(basis.catalogue)
    usual = next((one for one in basis.catalogue.index if one in basis.with_values), measures.COVERAGES[0])
    code = choice(st.selectbox, "indicator", titles, message("What is compared"), language, default=usual)
    rates = measures.rates_of(code, basis.catalogue, is_only_partly=basis.is_partly)
    if not rates:
        return code, "value"
    titles = {rate: RATE_NAMES[rate] for rate in rates}
    return code, choice(st.segmented_control, "per", titles, message("Per"), language, required=True)


def choose_against(selection: Selection, choice: Choose = linked_choice) -> str:
    """Draw the choice of what stands beside what: several units, or two periods of one."""
    names = {
        "units": message("Several units"),
        "year": message("With a year before"),
        "days": message("With other days"),
    }
    return choice(
        st.segmented_control, "against", names, message("Compare"), selection.language, required=True
    )


def usual_units(basis: Basis) -> list[str]:
    """Return the units of a plain link; lead the chosen ones along with the frame's areas and vintage."""
    query = basis.query
    default = default_units(basis.units, basis.of_day, query.areas)
    before = st.session_state.get("compared_in")
    if before is not None and not st.session_state["link_is_new"] and "page_units" in st.session_state:
        if before[1] != query.areas:
            st.session_state["page_units"] = default
        elif before[0] != query.vintage:
            kept = remaining_units(basis.units.index, st.session_state["page_units"], is_other_vintage=True)
            st.session_state["page_units"] = kept if len(kept) > 1 else default
    st.session_state["compared_in"] = query.vintage, query.areas
    return default


def choose_units(default: list[str], titles: dict[str, str], selection: Selection) -> list[str]:
    """Draw the choice of several units, and the button that adds the one most like the first."""
    language = selection.language
    with st.container(horizontal=True, key="compare_units", vertical_alignment="center"):
        codes = linked(
            st.multiselect,
            "units",
            default,
            some_of(list(titles)),
            language,
            label=translate("Districts and wards, two to six", language),
            label_visibility="collapsed",
            placeholder=translate("Districts and wards, two to six", language),
            options=list(titles),
            format_func=titles.__getitem__,
            max_selections=MOST_UNITS,
        )
        others = [one for one in titles if one not in codes]
        st.button(
            translate("Add a like unit", language),
            key="compare_like",
            icon=":material/add:",
            on_click=lambda: st.session_state.update(page_units=[*codes, others[0]]),
            disabled=len(codes) >= MOST_UNITS or not others,
            help=translate(
                "Adds the unit most like the first one: of its kind, with as many residents and as large. "
                "The list of units is in that order too.",
                language,
            ),
        )
    return codes


def choose_view(selection: Selection) -> str:
    """Draw the choice of how several units are seen: in the funnel of chance, or on small maps."""
    names = {"funnel": message("Funnel plot"), "maps": message("Small maps")}
    return linked_choice(
        st.segmented_control, "view", names, message("Seen as"), selection.language, required=True
    )


def choose_periods(
    first: str, titles: dict[str, str], against: str, usual: tuple[Period, Period], selection: Selection
) -> tuple[str, tuple[Period, Period] | None]:
    """Draw the choice of one unit and of two periods; return it and them, none where they won't do.

    Parameters
    ----------
    first
        Code of the unit of a plain link.
    titles
        Names of the units by code.
    against
        ``year``: the usual periods stand; ``days``: others can be chosen.
    usual
        The periods of a plain link.
    selection
        What is chosen in the frame.
    """
    language = selection.language
    with st.container(horizontal=True, key="compare_days", vertical_alignment="bottom"):
        unit = linked_choice(
            st.selectbox, "unit", titles, message("District or ward"), language, default=first
        )
        if against == "year":
            return unit, usual
        ends = [
            linked(
                st.text_input,
                name,
                f"{end:%d/%m/%Y}",
                str,
                language,
                label=render(label, language),
                placeholder=translate("dd/mm/yyyy", language),
                width=170,
            )
            for name, end, label in _ends(usual)
        ]
    found = _read(ends)
    if isinstance(found, tuple):
        return unit, found
    for fault in found:
        st.warning(plain(render(fault, language)))
    return unit, None


def _ends(usual: tuple[Period, Period]) -> list[tuple[str, datetime.date, Words]]:
    return [
        ("since1", usual[0].since, message("First day")),
        ("until1", usual[0].until, message("Last day")),
        ("since2", usual[1].since, message("Other range: first day")),
        ("until2", usual[1].until, message("Other range: last day")),
    ]


def _read(ends: list[str]) -> tuple[Period, Period] | list[Words]:
    """Return the two periods that were typed, or what is wrong with them."""
    no_day = message("“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.")
    days = [day for text in ends if (day := read_day(text)) is not None]
    if len(days) < len(ends):
        return [no_day.of(value=text) for text in ends if read_day(text) is None]
    since, until, other_since, other_until = days
    if since > until or other_since > other_until:
        return [message("The last day lies before the first.")]
    if since <= other_until and other_since <= until:
        return [message("The two periods overlap: choose others.")]
    return Period(since, until), Period(other_since, other_until)


def periods_of(
    against: str, measure: ComparedMeasure, start: Basis, language: Language
) -> tuple[Period, Period] | None:
    """Return the two periods of a plain link; say where they are not those of the page, or where none are."""
    period = start.query.period
    found = periods_beside(
        period, data_extent(start.query.of_city(), measure), measure, is_of_page=against == "year"
    )
    if found is None:
        st.info(translate("The data hold no two whole years to set beside each other.", language))
    elif against == "year" and found[0] != period:
        st.info(
            plain(
                translate(
                    "The same range a year before would overlap this one or lie before the data, so the last "
                    "whole year stands beside the one before.",
                    language,
                )
            )
        )
    return found
