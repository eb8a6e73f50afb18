"""What is compared: an indicator or a coverage, in which of its columns, and how it is called."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.ui.formats import unit_name
from geodata.definitions import DEFINITIONS
from geodata.language import Language, message, translate

SHARES = {
    "pilot_coverage": {
        "wards_pct": message("Share of wards in the pilot"),
        "area_pct": message("Share of area in the pilot"),
        "population_pct": message("Share of residents in the pilot"),
    },
    "inspection_coverage": {
        "wards_pct": message("Share of wards inspected"),
        "pilot_wards_pct": message("Share of pilot wards inspected"),
        "area_pct": message("Share of area inspected"),
    },
}
"""The shares of each coverage by column: one leads, and the others stand beside it."""

COVERAGES = tuple(SHARES)

RATES = ("per_1000", "per_km2")

RATE_NAMES = {
    "per_1000": message("1,000 residents"),
    "per_km2": message("km²"),
    "wards_pct": message("By wards"),
    "pilot_wards_pct": message("By pilot wards"),
    "area_pct": message("By area"),
    "population_pct": message("By residents"),
}


@dataclass(frozen=True)
class Measure:
    """What is compared.

    Attributes
    ----------
    code
        Of the indicator, or one of `COVERAGES`.
    column
        The column that is compared: of `indicators.indicator_values` ``value`` or one of `RATES`; of a
        coverage one of its `SHARES`.
    name
        In the reader's language, without its unit.
    told
        The name as it stands within a sentence, with what it is set against.
    unit, count_unit
        Of the figure compared, and of the value it is reckoned from.
    direction
        ``higher`` or ``lower`` is better; ``context``: neither.
    kind
        ``count``, ``share`` or ``level``; ``coverage`` for one of `COVERAGES`.
    parts
        Names of the shares that stand beside the one compared, by column.
    """

    code: str
    column: str
    name: str
    told: str
    unit: str
    count_unit: str
    direction: str
    kind: str
    parts: Mapping[str, str]

    @property
    def is_rate(self) -> bool:
        """Whether a number is set against residents or area."""
        return self.column in RATES

    @property
    def is_percentage(self) -> bool:
        """Whether the figure is in per cent."""
        return self.unit == "%"


def measure_of(code: str, rate: str, catalogue: pd.DataFrame, language: Language) -> Measure:
    """Return what is compared.

    Parameters
    ----------
    code
        An indicator of the catalogue, or one of `COVERAGES`.
    rate
        One of `rates_of` it; anything where there is none.
    catalogue
        The layer ``indicator`` by its code.
    language
        Language of the reader.
    """
    if code in COVERAGES:
        names = {share: name.render(language) for share, name in SHARES[code].items()}
        first = names.pop(rate)
        return Measure(code, rate, first, _in_sentence(first), "%", "%", "higher", "coverage", names)
    entry = catalogue.loc[code]
    name = str(entry["indicator_name" if language == "vi" else "indicator_name_en"])
    unit = unit_name(str(entry["unit"]), language)
    column = rate if entry["adds_up"] else "value"
    told = name_in_sentence(name, str(entry["unit"]), language)
    shown = unit
    if column == "per_1000":
        told = translate("{measure} per 1,000 residents", language, measure=told)
        shown = translate("{unit} per 1,000 residents", language, unit=unit)
    elif column == "per_km2":
        told = translate("{measure} per km²", language, measure=told)
        shown = translate("{unit} per km²", language, unit=unit)
    return Measure(code, column, name, told, shown, unit, str(entry["direction"]), str(entry["kind"]), {})


def name_in_sentence(name: str, unit: str, language: Language) -> str:
    """Return the name of an indicator as it stands within a sentence.

    In Vietnamese a number is told as one (“số vụ cháy, nổ”) and a percentage as one (“tỷ lệ hồ sơ …”), which
    the catalogue's names leave out.
    """
    told = _in_sentence(name)
    if language == "en" or told.startswith(("số ", "tỷ lệ ", "tiến độ ")):
        return told
    if unit == "%":
        return f"tỷ lệ {told}"
    return f"số {told}" if told.startswith(unit) else f"số {unit} {told}"


def _in_sentence(name: str) -> str:
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def rates_of(code: str, catalogue: pd.DataFrame, *, is_only_partly: bool) -> tuple[str, ...]:
    """Return the columns in which a figure can be compared, the usual first; none where there is no choice.

    Parameters
    ----------
    code
        See `measure_of`.
    catalogue
        The layer ``indicator`` by its code.
    is_only_partly
        Wards of the vintage are in the programme in part only: their number then says nothing.
    """
    if code == "pilot_coverage" and is_only_partly:
        return ("area_pct", "population_pct", "wards_pct")
    if code in COVERAGES:
        return tuple(SHARES[code])
    return RATES if catalogue.loc[code, "adds_up"] else ()


def only_partly(wards: pd.DataFrame) -> bool:
    """Return whether wards are in the pilot, but each in part only.

    Parameters
    ----------
    wards
        The wards of a vintage, see `geodata.evidence.Evidence.of_vintage`.
    """
    pilots = wards["role"].eq("pilot")
    return bool(pilots.any() and wards.loc[pilots, "is_partly"].astype("bool").all())


def measure_titles(catalogue: pd.DataFrame, language: Language) -> dict[str, str]:
    """Return what can be compared by its code: both coverages, then the catalogue."""
    name = "indicator_name" if language == "vi" else "indicator_name_en"
    coverages = {code: DEFINITIONS[code].name.render(language) for code in COVERAGES}
    return coverages | {str(code): str(title) for code, title in catalogue[name].items()}
