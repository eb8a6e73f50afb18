"""Compare."""

import streamlit as st

from dashboard.selection import current
from geodata.language import translate

published, selection = current()
st.title(translate("Compare", selection.language), anchor=False)
