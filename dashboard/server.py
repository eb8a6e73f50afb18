"""The app behind a server that warms up before its first visitor comes.

Run: streamlit run dashboard/server.py
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from dashboard.warm_up import warm_up


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Begin to warm up as the server starts."""
    warm_up()
    yield


app = st.App("app.py", lifespan=lifespan)
