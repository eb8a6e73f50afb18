"""Ward."""

import streamlit as st

from dashboard.selection import current
from geodata.language import translate

published, selection = current()
st.title(translate("Ward", selection.language), anchor=False)
