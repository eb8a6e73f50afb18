"""How a figure, its unit, a bound and the name of a ward are written."""

import math
from typing import Any

from dashboard.subjects.figures.choices import Measure
from dashboard.ui.formats import number, percent, unit_name
from geodata.language import Language, message, translate


def figure_text(value: float, measure: Measure, per: str, language: Language) -> str:
    """Return a figure with its unit; never a missing one as 0."""
    if math.isnan(value):
        return translate("no figure", language)
    if measure.unit == "%":
        return plain_text(value, measure, per, language)
    return f"{plain_text(value, measure, per, language)} {unit_text(measure, per, language)}"


def plain_text(value: float, measure: Measure, per: str, language: Language) -> str:
    """Return a figure without its unit, but for the sign of a percentage; empty where it is missing."""
    if math.isnan(value):
        return ""
    if measure.unit == "%":
        return percent(value, language)
    return number(value, language, _digits(value, per))


def _digits(value: float, per: str) -> int:
    return 1 if per == "value" else 2 if value >= 0.1 else 3


_PER_UNIT = {"per_1000": message("{unit} per 1,000 residents"), "per_km2": message("{unit} per km²")}


def unit_text(measure: Measure, per: str, language: Language) -> str:
    """Return the unit of a figure, with what it is set against."""
    unit = unit_name(measure.unit, language)
    return translate(_PER_UNIT[per].sentence, language, unit=unit) if per in _PER_UNIT else unit


def bound_text(bound: float, measure: Measure, language: Language) -> str:
    """Return a bound as the legend writes it, with all of its digits."""
    text = number(bound, language, 3)
    return (
        f"{text}\N{NO-BREAK SPACE}%"
        if measure.unit == "%" and language == "vi"
        else (f"{text}%" if measure.unit == "%" else text)
    )


def ward_name(ward: Any) -> str:
    """Return kind and name of a ward."""
    return f"{ward['ward_kind']} {ward['ward_name']}"
