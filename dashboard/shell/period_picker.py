"""Hosts the choice of a range of days in Streamlit, as `dashboard.ui.component` hosts the map."""

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from dashboard.ui.component import module_script, packed
from geodata.period import Period

KEY = "period_picker"


@cache
def _component() -> Callable[..., Any]:
    script = module_script("period.js")
    return st.components.v2.component("haiphong_period_picker", js=script, isolate_styles=False)


def period_picker(state: Mapping[str, object], on_period: Callable[[Period], None]) -> None:
    """Draw the choice of a range of days.

    Parameters
    ----------
    state
        From `dashboard.shell.period.picker_state`.
    on_period
        Called with the range that was chosen, before the page runs anew.
    """

    def chosen() -> None:
        ends = st.session_state[KEY]["period"]
        on_period(Period(*(datetime.date.fromisoformat(ends[end]) for end in ("since", "until"))))

    _component()(key=KEY, data=packed(state), on_period_change=chosen)
