"""What the reader chooses in a comparison: figure, units, and the periods that stand beside each other."""

import streamlit as st

from dashboard.shell.link import linked, one_of, some_of
from dashboard.subjects.comparison import measures
from dashboard.subjects.comparison.asked import Asked
from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.periods import has_year_before
from dashboard.subjects.comparison.units import MOST_UNITS, default_units, remaining_units
from geodata.indicators.comparison import period_a_year_before
from geodata.language import translate
from geodata.language.dates import read_day
from geodata.period import Period


def choose_measure(asked: Asked) -> tuple[str, str]:
    """Draw the choice of what is compared; return its code and what it is set against."""
    titles = measures.measure_titles(asked.catalogue, asked.language)
    usual = next((one for one in asked.catalogue.index if one in asked.with_values), measures.COVERAGES[0])
    code = linked(
        st.selectbox,
        "indicator",
        usual,
        one_of(list(titles)),
        asked.language,
        label=translate("What is compared", asked.language),
        options=list(titles),
        format_func=titles.__getitem__,
    )
    rates = measures.rates_of(code, asked.catalogue, is_only_partly=asked.is_partly)
    if not rates:
        return code, "value"
    rate = linked(
        st.segmented_control,
        "per",
        rates[0],
        one_of(rates),
        asked.language,
        label=translate("Per", asked.language),
        options=list(rates),
        format_func=lambda name: measures.RATE_NAMES[name].render(asked.language),
        required=True,
    )
    return code, rate


def choose_against(asked: Asked) -> str:
    """Draw the choice of what stands beside what: several units, or two periods of one."""
    names = {
        "units": translate("Several units", asked.language),
        "year": translate("With a year before", asked.language),
        "days": translate("With other days", asked.language),
    }
    return linked(
        st.segmented_control,
        "against",
        "units",
        one_of(list(names)),
        asked.language,
        label=translate("Compare", asked.language),
        options=list(names),
        format_func=names.__getitem__,
        required=True,
    )


def usual_units(asked: Asked) -> list[str]:
    """Return the units of a plain link; lead the chosen ones along with the frame's areas and vintage."""
    default = default_units(asked.units, asked.of_day, asked.selection.areas)
    before = st.session_state.get("compared_in")
    if before is not None and not st.session_state["link_is_new"] and "page_units" in st.session_state:
        if before[1] != asked.selection.areas:
            st.session_state["page_units"] = default
        elif before[0] != asked.vintage:
            kept = remaining_units(asked.units.index, st.session_state["page_units"], is_other_vintage=True)
            st.session_state["page_units"] = kept if len(kept) > 1 else default
    st.session_state["compared_in"] = asked.vintage, asked.selection.areas
    return default


def choose_units(asked: Asked, default: list[str], titles: dict[str, str]) -> list[str]:
    """Draw the choice of several units, and the button that adds the one most like the first."""
    with st.container(horizontal=True, key="compare_units", vertical_alignment="center"):
        codes = linked(
            st.multiselect,
            "units",
            default,
            some_of(list(asked.units.index)),
            asked.language,
            label=translate("Districts and wards, two to six", asked.language),
            label_visibility="collapsed",
            placeholder=translate("Districts and wards, two to six", asked.language),
            options=list(titles),
            format_func=titles.__getitem__,
            max_selections=MOST_UNITS,
        )
        others = [one for one in titles if one not in codes]
        st.button(
            translate("Add a like unit", asked.language),
            key="compare_like",
            icon=":material/add:",
            on_click=lambda: st.session_state.update(page_units=[*codes, others[0]]),
            disabled=len(codes) >= MOST_UNITS or not others,
            help=translate(
                "Adds the unit most like the first one: of its kind, with as many residents and as large. "
                "The list of units is in that order too.",
                asked.language,
            ),
        )
    return codes


def choose_periods(
    asked: Asked, first: str, titles: dict[str, str], against: str
) -> tuple[str, tuple[str, str]]:
    """Draw the choice of one unit, and of the other period's days as they are written."""
    ends = ("", "")
    with st.container(horizontal=True, key="compare_days", vertical_alignment="bottom"):
        unit = linked(
            st.selectbox,
            "unit",
            first,
            one_of(list(asked.units.index)),
            asked.language,
            label=translate("District or ward", asked.language),
            options=list(titles),
            format_func=titles.__getitem__,
        )
        if against == "days":
            usual = period_a_year_before(asked.period)
            since, until = (
                linked(
                    st.text_input,
                    name,
                    f"{end:%d/%m/%Y}",
                    str,
                    asked.language,
                    label=label,
                    placeholder=translate("dd/mm/yyyy", asked.language),
                    width=220,
                )
                for name, end, label in (
                    ("since2", usual.since, translate("Other range: first day", asked.language)),
                    ("until2", usual.until, translate("Other range: last day", asked.language)),
                )
            )
            ends = since, until
    return unit, ends


def other_period(asked: Asked, measure: Measure, against: str, ends: tuple[str, str]) -> list[Period]:
    """Return the period that stands beside the frame's; say why where there is none."""
    if against == "units":
        return []
    if against == "year":
        if measure.kind == "coverage" or has_year_before(measure, asked.period):
            return [period_a_year_before(asked.period)]
        st.info(
            translate(
                "The range is longer than a year and would overlap the one a year before: choose a shorter "
                "one above, or two ranges by their days.",
                asked.language,
            )
        )
        return []
    days = [read_day(text) for text in ends]
    for text, read in zip(ends, days, strict=True):
        if read is None:
            st.warning(
                translate(
                    "“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.",
                    asked.language,
                    value=text,
                )
            )
    since, until = days
    if since is None or until is None:
        return []
    if since > until:
        st.warning(translate("The last day lies before the first.", asked.language))
        return []
    return [Period(since, until)]
