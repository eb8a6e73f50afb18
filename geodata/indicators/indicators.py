"""Indicator values of any unit, date range and vintage, from an index that is made once per publication.

Missing is never 0: where no row says anything the value is NaN, and every figure says what
share of its wards and days reported.
"""

from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from geodata.contract.definition import Definition
from geodata.indicators.bands import count_band, open_records, share_band
from geodata.indicators.index import Bools, Floats, IndicatorIndex, Ints
from geodata.indicators.parts import Parts, day_number, entry_of, parts_of
from geodata.language import message
from geodata.wards.units import area_basis, is_commune

UnitLevel = Literal["ward", "district", "city"]


INDICATOR_COUNT = Definition(
    name=message("Counts: cases, fires, inspections"),
    formula=message(
        "Σ of the values whose whole period lies within the range, over the unit's wards. A period that "
        "begins before the range or ends after it is left out; where periods overlap the longest one within "
        "the range counts. Into another vintage a count moves with the residents: Σ (share of residents × "
        "count) over what went into a ward, missing for that ward and period where a part did not report; "
        "the band beside it takes none, or all, of each count whose ward was divided, since no source gives "
        "the shares. Rates are per reported time: Σ count ÷ Σ (residents × reported days ÷ 365.25) over the "
        "wards that reported, likewise per km² and year, so that ranges and wards with gaps are alike; the "
        "area is the official one where every ward of the vintage has one, else that of the outlines. No row "
        "at all is missing, not 0; the share of wards and of their days that reported stands beside each "
        "figure"
    ),
    unit=message("cases or actions; per 1,000 residents and year; per km² and year"),
    source=message("layers indicator_value, indicator, ward and crosswalk"),
)

INDICATOR_SHARE = Definition(
    name=message("Shares: percentages with numerator and denominator"),
    formula=message(
        "100 × Σ numerator ÷ Σ denominator over the unit's wards and the periods that lie whole within the "
        "range, both carried with the residents; percentages are never averaged. Where neither is reported, "
        "only the percentage of one ward in one period stands, as it was recorded; everything else is missing"
    ),
    unit=message("%"),
    source=message("layers indicator_value, indicator and crosswalk"),
)

INDICATOR_LEVEL = Definition(
    name=message("Levels: teams, points, progress"),
    formula=message(
        "The last known value of each ward whose period ends on or before the last day of the range, however "
        "long ago, and its day; where the last one can't be carried across a redrawing, the one before. "
        "Numbers of teams and points add up over wards, and move with the residents; percentages are "
        "recomputed as 100 × Σ numerator ÷ Σ denominator; the number of criteria met is told of single wards "
        "only"
    ),
    unit=message("as the catalogue says; per 1,000 residents and per km² where values add up"),
    source=message("layers indicator_value, indicator, ward and crosswalk"),
)


def indicator_values(
    index: IndicatorIndex,
    indicator_code: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    by: UnitLevel = "ward",
) -> pd.DataFrame:
    """Return the figures of an indicator for every ward, every district or the city.

    Reckoned by the kind of the indicator, see `INDICATOR_COUNT`, `INDICATOR_SHARE` and `INDICATOR_LEVEL`.

    Parameters
    ----------
    index
        See `index_indicators`.
    indicator_code
        An indicator of the catalogue.
    start, end
        First and last day of the range; of a level only the last counts.
    vintage
        The vintage of the wards.
    by
        What a row stands for: a ward; a district, or former one, leaving out wards without; the city.

    Returns
    -------
    One row a unit, by its code in ``unit_code`` (``""`` for the city), in the order of the codes:

    value
        In the indicator's unit, NaN where missing.
    per_1000, per_km2
        Where values add up, else NaN: by 1.000 residents, and by km², of the wards that reported; of a count
        in a year.
    thousand_resident_years, km2_years
        What these two are divided by: over the reported days; of a level in one year.
    numerator, denominator
        Σ of the parts of a percentage; NaN where none are reported.
    ward_count, reporting_count
        Wards of the unit, and those whose rows count here.
    wards_pct, days_pct
        Share of wards that reported; share of all their days within the range (NaN for a level).
    reported_days
        Ward-days that reported; NaN for a level.
    latest_day
        Of a level the day of the oldest value that counts, else NaT.
    least, most
        Between which it lies, whatever share of the divided wards went to the unit
        (`geodata.indicators.bands`); the value itself where nothing was divided.
    is_apportioned
        Part of the value was divided, so it is an estimate and need not be a whole number.
    is_illustrative
        Part of it was generated.

    Raises
    ------
    KeyError
        The indicator or the vintage is not there.
    """
    parts = parts_of(index, indicator_code, start, end, vintage)
    return pd.DataFrame(unit_columns(index, indicator_code, parts, (start, end), vintage, by))


INDICATOR_COUNT.documents(indicator_values)
INDICATOR_SHARE.documents(indicator_values)
INDICATOR_LEVEL.documents(indicator_values)


DAYS_OF_YEAR = 365.25

_NEVER = np.iinfo("int64").max


@dataclass(frozen=True, eq=False)
class Units:
    """The units of a level, which no range of days changes; arrays by ward but for ``codes``.

    ``unit`` is the place of each ward's unit among the codes, -1 for a ward without.
    """

    codes: Any
    unit: Ints
    population: Floats
    area_km2: Floats
    is_commune: Bools


_units: WeakKeyDictionary[IndicatorIndex, dict[tuple[str, str], Units]] = WeakKeyDictionary()


def units_of(index: IndicatorIndex, vintage: str, by: UnitLevel) -> Units:
    """Return the units of a level; each change of the range asks for the same ones again."""
    known = _units.setdefault(index, {})
    if (vintage, by) not in known:
        wards = index.wards[index.ward_vintage == index.vintages.index(vintage)]
        names = {"ward": wards["ward_code"], "district": wards["district_code"]}
        unit, codes = pd.factorize(names[by] if by in names else np.repeat("", len(wards)), sort=True)
        known[vintage, by] = Units(
            codes,
            unit.astype("int64"),
            wards["population"].to_numpy(dtype="float64", na_value=np.nan),
            wards[area_basis(wards)].to_numpy(dtype="float64", na_value=np.nan),
            is_commune(wards).to_numpy("bool"),
        )
    return known[vintage, by]


def unit_columns(
    index: IndicatorIndex,
    code: str,
    parts: Parts,
    span: tuple[pd.Timestamp, pd.Timestamp],
    vintage: str,
    by: UnitLevel,
) -> dict[str, Any]:
    """Return the columns of `indicator_values` as arrays, from what wards add to their units."""
    entry = entry_of(index, code)
    is_percentage = entry["unit"] == "%"
    units = units_of(index, vintage, by)
    unit, unit_codes = units.unit, units.codes
    in_unit = unit >= 0

    def total(amounts: Any) -> Floats:
        """Return the sum of each unit, NaN where an amount is."""
        amounts = np.asarray(amounts, dtype="float64")
        sums = np.bincount(unit[in_unit], weights=amounts[in_unit], minlength=len(unit_codes))
        return sums.astype("float64", copy=False)

    has_parts = ~np.isnan(parts.numerator) & ~np.isnan(parts.denominator)
    counts = ~np.isnan(parts.amount)
    is_alone = np.append(total(in_unit), 0)[unit] == 1  # a ward without a unit is the 0 at the end
    if not entry["adds_up"]:
        among_others = has_parts if is_percentage else counts
        counts = np.where(is_alone, has_parts | ~np.isnan(parts.recorded), among_others)
    reporting = total(counts)
    numerator, denominator = (
        _or_nan(total(np.where(has_parts, of, 0)), total(has_parts))
        for of in (parts.numerator, parts.denominator)
    )
    added = _or_nan(total(np.where(counts, parts.amount, 0)), reporting)
    if entry["adds_up"]:
        value, rated = added, added
    else:
        rated = np.full(len(unit_codes), np.nan)
        value = 100 * numerator / _or_nan(denominator, denominator) if is_percentage else rated
        recorded = total(np.where(is_alone, parts.recorded, np.nan))
        value = np.where(np.isnan(recorded), value, recorded)
    divided = open_records(parts.split, unit, counts)
    if is_percentage:
        least, most = share_band(numerator, denominator, divided)
    else:
        least, most = count_band(value, divided)
    is_apportioned = np.bincount(divided.unit, minlength=len(unit_codes)) > 0
    is_level = entry["kind"] == "level"
    years = np.ones(len(unit)) if is_level else parts.days / DAYS_OF_YEAR
    resident_years, km2_years = (
        total(np.where(counts, years * of, 0)) for of in (units.population, units.area_km2)
    )
    # A huyện without communes is no ward of the city, but on its own it has days like one.
    is_ward = units.is_commune
    has_days = is_ward | (by == "ward")
    reporting_count = total(is_ward & counts)
    ward_count, dated_count = total(is_ward), total(has_days)
    reported_days = total(np.where(has_days & counts, parts.days, 0))
    days = np.nan if is_level else day_number(span[1]) - day_number(span[0]) + 1
    oldest = np.full(len(unit_codes), _NEVER)
    dated = in_unit & counts & (parts.latest >= 0)
    np.minimum.at(oldest, unit[dated], parts.latest[dated])
    is_dated = oldest < _NEVER
    latest_day = np.where(is_dated, oldest, 0).astype("datetime64[D]").astype("datetime64[ns]")
    latest_day[~is_dated] = np.datetime64("NaT")
    return {
        "unit_code": unit_codes,
        "value": value,
        "per_1000": 1000 * rated / _or_nan(resident_years, resident_years),
        "per_km2": rated / _or_nan(km2_years, km2_years),
        "thousand_resident_years": resident_years / 1000,
        "km2_years": km2_years,
        "numerator": numerator,
        "denominator": denominator,
        "least": np.where(is_apportioned, least, value),
        "most": np.where(is_apportioned, most, value),
        "ward_count": ward_count.astype("int64"),
        "reporting_count": reporting_count.astype("int64"),
        "wards_pct": 100 * reporting_count / _or_nan(ward_count, ward_count),
        "days_pct": 100 * reported_days / _or_nan(dated_count * days, dated_count),
        "reported_days": reported_days,
        "latest_day": latest_day,
        "is_apportioned": is_apportioned,
        "is_illustrative": total(counts & parts.is_illustrative) > 0,
    }


def _or_nan(amounts: Floats, count: Floats) -> Floats:
    """Return amounts where a count is above 0, else NaN."""
    return np.where(count > 0, amounts, np.nan)
