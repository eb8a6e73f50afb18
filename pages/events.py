"""Events."""

import streamlit as st

from dashboard.selection import current
from geodata.language import translate

published, selection = current()
st.title(translate("Events", selection.language), anchor=False)
