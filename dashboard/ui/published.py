"""Draws the published facts that concern a page, folded, each with its source."""

import streamlit as st

from dashboard.query.query import Query
from dashboard.subjects.sources.facts import published_facts
from dashboard.ui.html import html
from geodata.language import Language


def draw_published_facts(query: Query, page: str, language: Language, ward_code: str | None = None) -> None:
    """Draw the facts of a page, or of a ward on it; nothing where there are none."""
    facts = published_facts(query, page, ward_code)
    if facts:
        st.html(html("published_facts", language, facts=facts))
