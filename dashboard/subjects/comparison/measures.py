"""What is compared: an indicator or a coverage, in which of its columns, and how it is called."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.subjects.figures.chance import has_chance
from dashboard.subjects.figures.choices import Measure
from geodata.definitions import DEFINITIONS
from geodata.indicators.comparison import period_a_year_before
from geodata.language import Bilingual, Words, message
from geodata.period import Period, last_whole_years

SHARES: Mapping[str, Mapping[str, Words]] = {
    "pilot_coverage": {
        "wards_pct": message("Share of wards ever chosen for the pilot"),
        "area_pct": message("Share of area ever chosen for the pilot"),
        "population_pct": message("Share of residents where the pilot was ever chosen"),
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


@dataclass(frozen=True)
class ComparedMeasure:
    """What is compared.

    Attributes
    ----------
    code
        Of the indicator, or one of `COVERAGES`.
    column
        The column that is compared: of `indicators.indicator_values` ``value`` or one of `RATES`; of a
        coverage one of its `SHARES`.
    name
        Without its unit.
    unit
        Of the value; a rate sets it against residents or area.
    direction
        ``higher`` or ``lower`` is better; ``context``: neither.
    kind
        ``count``, ``share`` or ``level``; ``coverage`` for one of `COVERAGES`.
    """

    code: str
    column: str
    name: Words
    unit: str
    direction: str
    kind: str

    @property
    def is_rate(self) -> bool:
        """Whether a number is set against residents or area."""
        return self.column in RATES

    @property
    def is_percentage(self) -> bool:
        """Whether the figure is in per cent."""
        return self.unit == "%" and not self.is_rate

    @property
    def parts(self) -> dict[str, Words]:
        """Names of the shares that stand beside the one compared, by column."""
        shares = SHARES.get(self.code, {})
        return {column: name for column, name in shares.items() if column != self.column}

    @property
    def has_limits(self) -> bool:
        """Whether chance moves the figure, so that it has limits and an interval."""
        return has_chance(self.as_figure())

    def as_figure(self) -> Measure:
        """Return it as the ward map has it."""
        return Measure(self.code, self.name, self.unit, self.direction, self.kind, self.is_rate)

    def has_year_before(self, period: Period) -> bool:
        """Return whether a range can be set beside the same one a year before.

        A longer range than a year would overlap it. Of a level only the last day counts.
        """
        return self.kind == "level" or period_a_year_before(period).until < period.since


def periods_beside(
    period: Period, data: Period, measure: ComparedMeasure, *, is_of_page: bool
) -> tuple[Period, Period] | None:
    """Return two ranges of days to set beside each other: neither overlaps, nor lies before the data.

    Parameters
    ----------
    period
        The range of the page.
    data
        All days of which there are data.
    measure
        What is compared.
    is_of_page
        The range of the page and the same one a year before are wanted, where these will do; else, and where
        they won't, the last whole year of the data and the one before.

    Returns
    -------
    The range and the other one; nothing where the data hold no two years.
    """
    before = period_a_year_before(period)
    if is_of_page and measure.has_year_before(period) and before.since >= data.since:
        return period, before
    return last_whole_years(data)


def measure_of(code: str, rate: str, catalogue: pd.DataFrame) -> ComparedMeasure:
    """Return what is compared.

    Parameters
    ----------
    code
        An indicator of the catalogue, or one of `COVERAGES`.
    rate
        One of `rates_of` it; anything where there is none.
    catalogue
        The layer ``indicator`` by its code.
    """
    if code in COVERAGES:
        # Of what is on record of few wards nothing follows for better or worse.
        return ComparedMeasure(code, rate, SHARES[code][rate], "%", "context", "coverage")
    entry = catalogue.loc[code]
    name = Bilingual(str(entry["indicator_name"]), str(entry["indicator_name_en"]))
    column = rate if entry["adds_up"] else "value"
    texts = (str(entry[field]) for field in ("unit", "direction", "kind"))
    return ComparedMeasure(code, column, name, *texts)


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


def measure_names(catalogue: pd.DataFrame) -> dict[str, Words]:
    """Return what can be compared by its code: both coverages, then the catalogue."""
    coverages: dict[str, Words] = {code: DEFINITIONS[code].name for code in COVERAGES}
    names = catalogue[["indicator_name", "indicator_name_en"]].itertuples()
    return coverages | {str(code): Bilingual(str(vi), str(en)) for code, vi, en in names}
