"""Sources and methods."""

import streamlit as st

from dashboard.selection import current
from geodata.language import translate

published, selection = current()
st.title(translate("Sources and methods", selection.language), anchor=False)
