"""What the reader chooses in a comparison: figure, units, and the periods that stand beside each other."""

import streamlit as st

from dashboard.shell.frame_link import Selection
from dashboard.shell.link import linked, one_of, some_of
from dashboard.subjects.comparison import measures
from dashboard.subjects.comparison.basis import Basis
from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.units import MOST_UNITS, default_units, remaining_units
from dashboard.subjects.comparison.words import RATE_NAMES
from geodata.indicators.comparison import period_a_year_before
from geodata.language import render, translate
from geodata.language.dates import read_day
from geodata.period import Period


def choose_measure(basis: Basis, selection: Selection) -> tuple[str, str]:
    """Draw the choice of what is compared; return its code and what it is set against."""
    language = selection.language
    titles = measures.measure_names(basis.catalogue)
    usual = next((one for one in basis.catalogue.index if one in basis.with_values), measures.COVERAGES[0])
    code = linked(
        st.selectbox,
        "indicator",
        usual,
        one_of(list(titles)),
        language,
        label=translate("What is compared", language),
        options=list(titles),
        format_func=lambda one: render(titles[one], language),
    )
    rates = measures.rates_of(code, basis.catalogue, is_only_partly=basis.is_partly)
    if not rates:
        return code, "value"
    rate = linked(
        st.segmented_control,
        "per",
        rates[0],
        one_of(rates),
        language,
        label=translate("Per", language),
        options=list(rates),
        format_func=lambda name: render(RATE_NAMES[name], language),
        required=True,
    )
    return code, rate


def choose_against(selection: Selection) -> str:
    """Draw the choice of what stands beside what: several units, or two periods of one."""
    language = selection.language
    names = {
        "units": translate("Several units", language),
        "year": translate("With a year before", language),
        "days": translate("With other days", language),
    }
    return linked(
        st.segmented_control,
        "against",
        "units",
        one_of(list(names)),
        language,
        label=translate("Compare", language),
        options=list(names),
        format_func=names.__getitem__,
        required=True,
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


def choose_periods(
    first: str, titles: dict[str, str], against: str, selection: Selection
) -> tuple[str, tuple[str, str]]:
    """Draw the choice of one unit, and of the other period's days as they are written."""
    language = selection.language
    ends = ("", "")
    with st.container(horizontal=True, key="compare_days", vertical_alignment="bottom"):
        unit = linked(
            st.selectbox,
            "unit",
            first,
            one_of(list(titles)),
            language,
            label=translate("District or ward", language),
            options=list(titles),
            format_func=titles.__getitem__,
        )
        if against == "days":
            usual = period_a_year_before(selection.query.period)
            since, until = (
                linked(
                    st.text_input,
                    name,
                    f"{end:%d/%m/%Y}",
                    str,
                    language,
                    label=label,
                    placeholder=translate("dd/mm/yyyy", language),
                    width=220,
                )
                for name, end, label in (
                    ("since2", usual.since, translate("Other range: first day", language)),
                    ("until2", usual.until, translate("Other range: last day", language)),
                )
            )
            ends = since, until
    return unit, ends


def other_period(
    measure: ComparedMeasure, against: str, ends: tuple[str, str], selection: Selection
) -> list[Period]:
    """Return the period that stands beside the frame's; say why where there is none."""
    language, period = selection.language, selection.query.period
    if against == "units":
        return []
    if against == "year":
        if measure.kind == "coverage" or measure.has_year_before(period):
            return [period_a_year_before(period)]
        st.info(
            translate(
                "The range is longer than a year and would overlap the one a year before: choose a shorter "
                "one above, or two ranges by their days.",
                language,
            )
        )
        return []
    days = [read_day(text) for text in ends]
    for text, read in zip(ends, days, strict=True):
        if read is None:
            st.warning(
                translate(
                    "“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.",
                    language,
                    value=text,
                )
            )
    since, until = days
    if since is None or until is None:
        return []
    if since > until:
        st.warning(translate("The last day lies before the first.", language))
        return []
    return [Period(since, until)]
