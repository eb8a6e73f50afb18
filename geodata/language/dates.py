"""Dates as they are written, alike in both languages, and read."""

import datetime
from typing import Any

import pandas as pd

from geodata.language.messages import Words
from geodata.language.numbers import MISSING


def day(value: Any) -> Words | str:
    """Return a date as dd/mm/yyyy; ISO text, a date or a timestamp."""
    if pd.isna(value):
        return MISSING
    date = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{date:%d/%m/%Y}"


def read_day(text: str) -> datetime.date | None:
    """Return the day that a reader wrote: dd/mm/yyyy, or as it stands in a link."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None
