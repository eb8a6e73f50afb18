"""What the page that compares says, as pure functions: which units, their figures, and both in words.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

import datetime
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard import classification, ward_map
from dashboard.abbreviations import explained
from dashboard.data import (
    Publication,
    area_titles,
    cached,
    extent,
    indicator_index,
    known,
    layer,
    of_vintage,
)
from dashboard.formats import day, in_words, missing, number, percent, sentence
from dashboard.known import Known
from dashboard.maps import MapClass, programme_classes
from dashboard.notes import badge, source_notes
from dashboard.period import Period
from geodata.language import Language, message, translate
from geodata.metrics import (
    DEFINITIONS,
    IndicatorIndex,
    Unit,
    UnitLevel,
    compare_with_year_before,
    inspection_coverage,
    pilot_coverage,
    year_before,
)
from geodata.symbols import BORDER, LAND

LEAST_UNITS, MOST_UNITS = 2, 6
PEERS = 3
"""So many units like it stand beside a single one."""

CITY = ""
"""The code that stands for the whole city."""
DISTRICT, WARD = "district", "ward"

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
Against = Literal["units", "year", "days"]

MAP_CLASSES = 5
MOST_WINDOWS = 24
"""So many of the latest ranges make the bounds of classes."""

DAYS_A_MONTH = 30.4
LONGEST_FOR_YEAR = datetime.timedelta(days=366)
"""Longer ranges overlap the same range a year before."""


@dataclass(frozen=True)
class Measure:
    """What is compared.

    Attributes
    ----------
    code
        Of the indicator, or one of `COVERAGES`.
    column
        The column that is compared: of `geodata.metrics.indicator_values` ``value`` or one of `RATES`; of a
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
    unit = unit_text(entry["unit"], language)
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
        The wards of a vintage, see `dashboard.known.Known.of_vintage`.
    """
    pilots = wards["role"].eq("pilot")
    return bool(pilots.any() and wards.loc[pilots, "is_partly"].astype("bool").all())


def unit_text(unit: object, language: Language) -> str:
    """Return an indicator's unit in a language; one that is not known as it is."""
    told = ward_map.UNITS.get(str(unit))
    return str(unit) if language == "vi" or told is None else told.render(language)


def measure_titles(catalogue: pd.DataFrame, language: Language) -> dict[str, str]:
    """Return what can be compared by its code: both coverages, then the catalogue."""
    name = "indicator_name" if language == "vi" else "indicator_name_en"
    coverages = {code: DEFINITIONS[code].name.render(language) for code in COVERAGES}
    return coverages | {str(code): str(title) for code, title in catalogue[name].items()}


# Which units.


def units_of(wards: pd.DataFrame, district: pd.DataFrame) -> pd.DataFrame:
    """Return the districts and wards of one vintage that can be compared.

    Parameters
    ----------
    wards, district
        Rows of the layers of these names, of one vintage.

    Returns
    -------
    One row a unit by its code: level, name, kind, population, area_km2.
    """
    districts = pd.DataFrame(
        {
            "code": district["district_code"],
            "level": DISTRICT,
            "name": district["district_name"],
            "kind": district["district_name"].str.split(n=1).str[0].str.lower(),
            "population": district["population"],
            "area_km2": district["area_km2"],
        }
    )
    # A huyện without communes is a district already.
    named = wards[~wards["ward_code"].isin(districts["code"])]
    single = pd.DataFrame(
        {
            "code": named["ward_code"],
            "level": WARD,
            "name": (named["ward_kind"] + " " + named["ward_name"]).map(sentence),
            "kind": named["ward_kind"],
            "population": named["population"],
            "area_km2": named["area_km2"],
        }
    )
    rows = pd.concat([districts, single], ignore_index=True)
    return rows.astype({"population": "float64", "area_km2": "float64"}).set_index("code")


RURAL = ("huyện", "xã")


def by_nearness(units: pd.DataFrame, code: str) -> list[str]:
    """Return the codes of all units, those most like one first: of its level, as urban, and of its size.

    Size is near where the residents and the area differ by small factors: |ln(ratio)| of both, added up. What
    has no such figure comes after what has.

    Parameters
    ----------
    units
        See `units_of`.
    code
        The unit that the others are like; it comes first.
    """
    one = dict(units.loc[code])
    with np.errstate(divide="ignore", invalid="ignore"):
        far = sum(
            np.abs(np.log(units[column].to_numpy("float64") / float(one[column])))
            for column in ("population", "area_km2")
        )
    order = pd.DataFrame(
        {
            "is_other": units.index != code,
            "other_level": units["level"] != one["level"],
            "other_kind": units["kind"].isin(RURAL) != (one["kind"] in RURAL),
            "far": far,
        },
        index=units.index,
    )
    return list(order.sort_values(list(order.columns), kind="stable").index)


def default_units(units: pd.DataFrame, wards: pd.DataFrame, areas: Sequence[str]) -> list[str]:
    """Return which units are compared unless others are chosen.

    The areas that are looked at; without any the districts with wards in the programme. A single one is set
    beside those most like it.

    Parameters
    ----------
    units
        See `units_of`.
    wards
        Wards of the vintage with district_code and role.
    areas
        Codes of districts and wards.
    """
    chosen = [code for code in areas if code in units.index]
    if not chosen:
        in_programme = wards.loc[wards["role"].eq("pilot"), "district_code"].dropna()
        chosen = [code for code in units.index if code in set(in_programme)]
    if not chosen:
        chosen = list(units.index[:1])
    if len(chosen) == 1:
        alike = units[units["level"] == units.loc[chosen[0], "level"]]
        return by_nearness(alike, chosen[0])[: 1 + PEERS]
    return chosen[:MOST_UNITS]


def short_titles(codes: Sequence[str], units: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the units that are compared: wards without their code, where it is not needed.

    Parameters
    ----------
    codes
        The units.
    units
        See `units_of`.
    titles
        Their full names by code.
    """
    is_one = ~units.loc[list(codes), "name"].duplicated(keep=False)
    is_ward = units.loc[list(codes), "level"] == WARD
    return {
        code: str(units.loc[code, "name"]) if is_one[code] and is_ward[code] else titles[code]
        for code in codes
    }


def remaining_units(units: Collection[str], before: Sequence[str], *, is_other_vintage: bool) -> list[str]:
    """Return those chosen units that there still are: codes of wards were reused, those of districts not."""
    return [code for code in before if code in units and not (is_other_vintage and len(code) > 3)]


# Their figures.


def indicator_figures(index: IndicatorIndex, measure: Measure, period: Period, vintage: str) -> pd.DataFrame:
    """Return the figures of an indicator for the city, every district and every ward.

    Returns
    -------
    The columns of `geodata.metrics.compare_with_year_before` with level; shown, the figure that is compared;
    rank, 1 for the best of its level (the highest, where neither way is better), and rank_count.
    """
    start, end = pd.Timestamp(period.since), pd.Timestamp(period.until)
    levels: tuple[UnitLevel, ...] = ("city", "district", "ward")
    frame: pd.DataFrame = pd.concat(
        [
            compare_with_year_before(index, measure.code, start, end, vintage, by=level).assign(level=level)
            for level in levels
        ],
        ignore_index=True,
    )
    return _ranked(frame.assign(shown=frame[measure.column]), measure)


def coverage_figures(
    known: Known, vintage: str, measure: Measure, units: pd.DataFrame, ward_codes: Collection[str]
) -> pd.DataFrame:
    """Return a coverage of the city, every district, and some wards, in the columns of `indicator_figures`.

    Parameters
    ----------
    known
        What is known within the range.
    vintage
        Vintage of the units.
    measure
        One of `COVERAGES`.
    units
        See `units_of`.
    ward_codes
        The wards that are compared; to reckon all of them would take long, and rank nothing.
    """
    wards = known.of_vintage(vintage)
    asked = [(CITY, "city", Unit(vintage))]
    asked += [
        (code, DISTRICT, Unit(vintage, district_code=code))
        for code in units.index[units["level"] == DISTRICT]
    ]
    asked += [(code, WARD, Unit(vintage, ward_code=code)) for code in ward_codes]
    end = pd.Timestamp(known.period.until)
    rows: list[dict[str, Any]] = []
    for code, level, unit in asked:
        of_unit = unit.rows(wards)
        row: dict[str, Any] = {"unit_code": code, "level": level, "is_illustrative": False}
        if measure.code == "pilot_coverage":
            pilot = pilot_coverage(of_unit)
            row |= {"reached_count": pilot.pilot_ward_count, "partly_count": pilot.partly_ward_count}
            row |= {"ward_count": pilot.ward_count, "wards_pct": pilot.wards_pct}
            row |= {"area_pct": pilot.area_pct, "population_pct": pilot.population_pct}
        else:
            seen = inspection_coverage(end, of_unit)
            row |= {"reached_count": seen.inspected_count, "partly_count": seen.partly_inspected_count}
            row |= {"ward_count": seen.ward_count, "wards_pct": seen.wards_pct}
            row |= {"area_pct": seen.area_pct, "pilot_wards_pct": seen.pilot_wards_pct}
            row["is_illustrative"] = bool(of_unit["is_illustrative"].any())
        rows.append(row)
    frame = pd.DataFrame(rows)
    return _ranked(frame.assign(shown=frame[measure.column]), measure)


def _ranked(frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    of_level = frame.groupby("level")["shown"]
    return frame.assign(
        rank=of_level.rank(method="min", ascending=measure.direction == "lower"),
        rank_count=of_level.transform("count"),
    )


def compared_rows(
    spans: Sequence[tuple[Period, pd.DataFrame]],
    codes: Sequence[str],
    titles: Mapping[str, str],
    language: Language,
) -> pd.DataFrame:
    """Return what is compared: a row for each unit, or for each period of one unit.

    Parameters
    ----------
    spans
        The periods, each with its figures (`indicator_figures` or `coverage_figures`).
    codes
        The units.
    titles
        Names of the units by code.
    language
        Language of the reader.

    Returns
    -------
    The columns of the figures with title, period, ``city`` (the city's figure) and ``city_difference``; of a
    period with another one after it ``other_difference``.
    """
    rows = []
    for period, figures in spans:
        by_code = figures.drop_duplicates("unit_code").set_index("unit_code")
        city = by_code["shown"].get(CITY, np.nan)
        for code in codes:
            row = dict(by_code.loc[code]) if code in by_code.index else {"shown": np.nan, "rank": np.nan}
            title = titles[code] if len(spans) == 1 else period_text(period, language)
            rows.append({**row, "unit_code": code, "title": title, "period": period, "city": city})
    frame = pd.DataFrame(rows)
    shown = frame["shown"].astype("float64")
    other = shown - (shown.shift(-1) if len(spans) > 1 else np.nan)
    return frame.assign(city_difference=shown - frame["city"].astype("float64"), other_difference=other)


def city_rows(spans: Sequence[tuple[Period, pd.DataFrame]], language: Language) -> list[dict[Hashable, Any]]:
    """Return the city's own figures, one row a period, with title and period; see `compared_rows`."""
    name = translate("Whole city", language)
    return [
        {
            **figures[figures["unit_code"] == CITY].iloc[0].to_dict(),
            "title": name if len(spans) == 1 else f"{name}, {period_text(period, language)}",
            "period": period,
        }
        for period, figures in spans
    ]


def best_first(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return what is compared with the best on top; what is missing comes last."""
    return rows.sort_values("shown", ascending=measure.direction == "lower", kind="stable")


def period_text(period: Period, language: Language) -> str:
    """Return a range of days as it is written."""
    return f"{day(period.since, language)} – {day(period.until, language)}"


def has_year_before(measure: Measure, period: Period) -> bool:
    """Return whether a range can be set beside the same one a year before.

    A longer range than a year would overlap it. Of a level only the last day counts.
    """
    is_short = period.until - period.since <= LONGEST_FOR_YEAR
    return measure.kind == "level" or (measure.kind != "coverage" and is_short)


def period_a_year_before(period: Period) -> Period:
    """Return the same range a year before (`geodata.metrics.year_before`)."""
    start, end = year_before(pd.Timestamp(period.since), pd.Timestamp(period.until))
    return Period(start.date(), end.date())


def read_day(text: str) -> datetime.date | None:
    """Return the day that a reader wrote: dd/mm/yyyy, or as it stands in a link."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def windows_like(period: Period, extent: Period) -> list[Period]:
    """Return the latest ranges of whole months that are about as long as a range, one after another.

    Where the data hold none of that length it is all of the data.

    Parameters
    ----------
    period
        The range.
    extent
        All days there are.
    """
    months = max(round(((period.until - period.since).days + 1) / DAYS_A_MONTH), 1)
    last = pd.Timestamp(extent.until)
    end = pd.Period(last, "M") if last.is_month_end else pd.Period(last, "M") - 1
    found: list[Period] = []
    while len(found) < MOST_WINDOWS:
        first = end - (months - 1)
        if first.start_time.date() < extent.since:
            break
        found.append(Period(first.start_time.date(), end.end_time.date()))
        end = first - 1
    return found or [extent]


# How they are written.


def figure_text(value: float, measure: Measure, language: Language) -> str:
    """Return a figure as it is written; what is not 0 never shows as 0."""
    if pd.isna(value):
        return missing(language)
    if measure.is_percentage:
        return percent(value, language)
    digits = 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    if 0 < value < 0.001:
        return f"< {number(0.001, language, 3)}"
    return number(value, language, digits)


def count_text(value: float, measure: Measure, language: Language) -> str:
    """Return a number of cases with its unit; parts of one come from wards that were divided."""
    if pd.isna(value):
        return missing(language)
    return f"{number(value, language, 1)} {measure.count_unit}"


_JUDGED = {
    ("higher", True): message("better"),
    ("higher", False): message("worse"),
    ("lower", True): message("worse"),
    ("lower", False): message("better"),
}


def difference_text(difference: float, measure: Measure, language: Language) -> Markup:
    """Return how far a figure lies from the city's: an arrow, the distance, and whether that is better."""
    if pd.isna(difference):
        return Markup("{}").format(missing(language))
    if abs(difference) < 1e-9:
        return Markup("{}").format(translate("the same", language))
    size = figure_text(abs(difference), measure, language)
    if measure.is_percentage:
        size = _points(difference, language)
    told = (
        translate("{size} higher", language, size=size)
        if difference > 0
        else translate("{size} lower", language, size=size)
    )
    return _judged(difference, told, measure, language)


def year_text(row: Mapping[Any, Any], measure: Measure, period: Period, language: Language) -> Markup:
    """Return a figure's change against the same period a year before, and over which wards."""
    if not has_year_before(measure, period):
        return Markup('<span class="cp-quiet">{}</span>').format(
            translate("for a range of up to a year", language)
        )
    difference = row.get("difference", np.nan)
    if pd.isna(difference):
        return Markup("{}").format(missing(language))
    change = change_text(difference, row.get("change_pct", np.nan), measure, language)
    hint = translate(
        "{before} a year before, {now} now, over the {count} wards that reported both times",
        language,
        before=_plain(row["compared_previous"], measure, language),
        now=_plain(row["compared_value"], measure, language),
        count=number(row["compared_count"], language),
    )
    return Markup('<span title="{}">{}</span>').format(hint, change)


def _plain(value: float, measure: Measure, language: Language) -> str:
    return percent(value, language) if measure.is_percentage else count_text(value, measure, language)


def change_text(difference: float, change_pct: float, measure: Measure, language: Language) -> Markup:
    """Return a change of a value: an arrow, the words, a percentage where one is given, and a judgement."""
    if abs(difference) < 1e-9:
        return Markup("{}").format(translate("unchanged", language))
    size = (
        _points(difference, language)
        if measure.is_percentage
        else count_text(abs(difference), measure, language)
    )
    if pd.notna(change_pct):
        size += f" ({percent(abs(change_pct), language)})"
    told = (
        translate("up by {size}", language, size=size)
        if difference > 0
        else translate("down by {size}", language, size=size)
    )
    return _judged(difference, told, measure, language)


def _points(difference: float, language: Language) -> str:
    size = abs(difference)
    shown = number(size, language, 2 if size < 1 else 1) if size >= 0.01 else f"< {number(0.01, language, 2)}"
    return translate("{count} percentage points", language, count=shown)


def _judged(difference: float, told: str, measure: Measure, language: Language) -> Markup:
    judged = _JUDGED.get((measure.direction, difference > 0))
    arrow = "▲" if difference > 0 else "▼"
    if judged is None:
        return Markup('<span aria-hidden="true">{}</span> {}').format(arrow, told)
    name = {"better": "cp-better", "worse": "cp-worse"}[judged.sentence]
    return Markup('<span aria-hidden="true">{}</span> {} · <b class="{}">{}</b>').format(
        arrow, told, name, judged.render(language)
    )


def rank_text(row: Mapping[Any, Any], language: Language) -> str:
    """Return a unit's rank among all of its level; nothing where it has none."""
    if pd.isna(row.get("rank", np.nan)) or row["rank_count"] < 2:
        return ""
    return translate(
        "{rank} of {count}",
        language,
        rank=number(row["rank"], language),
        count=number(row["rank_count"], language),
    )


def reported_text(row: Mapping[Any, Any], measure: Measure, language: Language) -> str:
    """Return what of a unit stands behind its figure: wards and days that reported."""
    if measure.kind == "coverage":
        return ""
    if pd.isna(row.get("reporting_count", np.nan)):
        return missing(language)
    wards = translate(
        "{count} of {all} wards",
        language,
        count=number(row["reporting_count"], language),
        all=number(row["ward_count"], language),
    )
    if measure.kind == "level":
        if pd.isna(row["latest_day"]):
            return wards
        return f"{wards} · " + translate("oldest of {day}", language, day=day(row["latest_day"], language))
    share = row["days_pct"]
    return (
        wards
        if pd.isna(share)
        else f"{wards} · " + translate("{share} of days", language, share=percent(share, language))
    )


_NOUNS = {
    frozenset({"quận"}): message("urban districts"),
    frozenset({"huyện"}): message("rural districts"),
    frozenset({"phường"}): message("urban wards"),
    frozenset({"xã"}): message("communes"),
}


def noun_of(units: pd.DataFrame, language: Language) -> str:
    """Return what units are called together: by their kind where they share one, else by their level."""
    noun = _NOUNS.get(frozenset(units["kind"]))
    if noun is None:
        levels = set(units["level"])
        noun = (
            message("districts")
            if levels == {DISTRICT}
            else message("wards and communes")
            if levels == {WARD}
            else message("units")
        )
    return noun.render(language)


_OUTSTANDING = {
    (True, False): message("{unit} is lowest of {count} {noun} in {measure}"),
    (True, True): message("{unit} are jointly lowest of {count} {noun} in {measure}"),
    (False, False): message("{unit} is highest of {count} {noun} in {measure}"),
    (False, True): message("{unit} are jointly highest of {count} {noun} in {measure}"),
}
"""By whether it is the lowest, and whether there are several."""


def headline(
    rows: pd.DataFrame, units: pd.DataFrame, measure: Measure, language: Language, *, is_illustrative: bool
) -> str:
    """Return the sentence that says which unit stands out, and how it stands to the city.

    Parameters
    ----------
    rows
        See `compared_rows`, of one period.
    units
        Those of `units_of` that are compared.
    measure
        What is compared.
    language
        Language of the reader.
    is_illustrative
        A figure of it was generated: the sentence then begins with that word, since it may be quoted alone.
    """
    noun = noun_of(units, language)
    told = rows[rows["shown"].notna()]
    of = {"measure": measure.told, "count": in_words(len(rows), language), "noun": noun}
    if told.empty:
        return translate("No figure on record of {measure} for these {count} {noun}", language, **of)
    if len(told) == 1:
        text = translate(
            "Of {count} {noun} only {unit} has a figure on record of {measure}: {value}",
            language,
            **of,
            unit=told["title"].iloc[0],
            value=_with_unit(told["shown"].iloc[0], measure, language),
        )
        return _marked(text, language, is_illustrative=is_illustrative)
    is_lowest = measure.direction == "lower"
    end = told["shown"].min() if is_lowest else told["shown"].max()
    first = told[np.isclose(told["shown"].astype("float64"), end, rtol=1e-9, atol=0)]
    if len(first) == len(told):
        text = translate(
            "{measure} is the same in all {count} {noun}: {value}",
            language,
            **{
                **of,
                "count": in_words(len(told), language),
            },
            value=_with_unit(end, measure, language),
        )
        return _marked(sentence(text), language, is_illustrative=is_illustrative)
    of["count"] = in_words(len(told), language)
    names = _listed([str(title) for title in first["title"]], language)
    told_of = _OUTSTANDING[is_lowest, len(first) > 1]
    text = translate(told_of.sentence, language, **of, unit=names)
    text += _against_city(end, first["city"].iloc[0], language)
    return _marked(text, language, is_illustrative=is_illustrative)


def _with_unit(value: float, measure: Measure, language: Language) -> str:
    text = figure_text(value, measure, language)
    return text if measure.is_percentage else f"{text} {measure.unit}"


def _against_city(value: float, city: float, language: Language) -> str:
    if pd.isna(city):
        return ""
    if np.isclose(value, city, rtol=1e-9):
        return ", " + translate("equal to the city's mean", language)
    if value < city:
        return ", " + translate("below the city's mean", language)
    return ", " + translate("above the city's mean", language)


def _listed(names: Sequence[str], language: Language) -> str:
    if len(names) == 1:
        return names[0]
    return translate("{names} and {last}", language, names=", ".join(names[:-1]), last=names[-1])


def _marked(text: str, language: Language, *, is_illustrative: bool) -> str:
    return translate("Illustrative: {told}", language, told=text) if is_illustrative else text


def period_headline(
    rows: pd.DataFrame,
    unit: str,
    measure: Measure,
    language: Language,
    *,
    is_year_before: bool,
    is_illustrative: bool,
) -> str:
    """Return the sentence that says how a figure of one unit differs between two periods.

    Parameters
    ----------
    rows
        See `compared_rows`, of two periods, the one of the page first.
    unit
        Name of the unit.
    measure, language, is_illustrative
        See `headline`.
    is_year_before
        The other period is the same one a year before.
    """
    now, before = (float(value) for value in rows["shown"].iloc[:2])
    of = {"unit": unit, "measure": measure.told}
    if pd.isna(now) or pd.isna(before):
        known_count = int(rows["shown"].notna().sum())
        text = (
            translate("{unit}: {measure} is on record for one of the two periods only", language, **of)
            if known_count
            else translate("{unit}: no figure on record of {measure} in either period", language, **of)
        )
        return _marked(text, language, is_illustrative=is_illustrative and bool(known_count))
    of |= {"now": figure_text(now, measure, language), "before": figure_text(before, measure, language)}
    if np.isclose(now, before, rtol=1e-9):
        text = translate("{unit}: {measure} is {now}, as in the other period", language, **of)
    elif now > before:
        text = translate("{unit}: {measure} is {now}, up from {before}", language, **of)
    else:
        text = translate("{unit}: {measure} is {now}, down from {before}", language, **of)
    if is_year_before:
        text += " " + translate("in the same period a year before", language)
    return _marked(text, language, is_illustrative=is_illustrative)


# The maps.


def map_classes(
    between: Sequence[float], labels: Sequence[str], direction: str, language: Language
) -> list[MapClass]:
    """Return the classes that all small maps share; those without a figure, and other units, come last.

    Parameters
    ----------
    between
        The bounds between the classes (`dashboard.classification.bounds`).
    labels
        What each class holds.
    direction
        See `Measure`.
    language
        Language of the reader.
    """
    colours = classification.colours(direction, len(between) + 1)
    return [
        *(MapClass(label, "", colour, outlined=False) for label, colour in zip(labels, colours, strict=True)),
        MapClass(translate("no figure on record", language), "", BORDER, pattern="dots", outlined=False),
        _other_units(language),
    ]


def _other_units(language: Language) -> MapClass:
    return MapClass(translate("another unit", language), "", LAND, outlined=False, faded=True)


def class_numbers(values: pd.Series, is_inside: pd.Series, between: Sequence[float]) -> list[int]:
    """Return the class of each ward (`map_classes`); wards outside the unit have the last one."""
    numbers = classification.class_numbers(values.to_numpy("float64"), between)
    without = len(between) + 1
    numbers = np.where(numbers == classification.MISSING, without, numbers)
    return [int(one) for one in np.where(is_inside, numbers, without + 1)]


def programme_map(
    wards: pd.DataFrame, is_inside: pd.Series, language: Language
) -> tuple[list[MapClass], list[int]]:
    """Return the classes of a map of the programme, and the class of each ward, likewise."""
    classes, numbers = programme_classes(wards, language)
    classes = [replace(one, count="") for one in classes]
    inside = [number if is_in else len(classes) for number, is_in in zip(numbers, is_inside, strict=True)]
    return [*classes, _other_units(language)], inside


def ward_values(figures: pd.DataFrame, wards: pd.DataFrame) -> pd.Series:
    """Return the figure of each ward in the order of the layer.

    Parameters
    ----------
    figures
        See `indicator_figures`.
    wards
        Rows of the layer ``ward`` of one vintage.
    """
    by_code = figures[figures["level"] == WARD].set_index("unit_code")["shown"]
    return wards["ward_code"].map(by_code).astype("float64")


def of_unit(wards: pd.DataFrame, code: str, units: pd.DataFrame) -> pd.Series:
    """Return which wards belong to a unit."""
    column = "district_code" if units.loc[code, "level"] == DISTRICT else "ward_code"
    return wards[column].eq(code).fillna(False).astype("bool")


def value_lines(values: pd.Series, is_inside: pd.Series, measure: Measure, language: Language) -> list[str]:
    """Return what the tooltip says of each ward of a unit; nothing of the others."""
    return [
        _with_unit(value, measure, language) if inside and pd.notna(value) else ""
        for value, inside in zip(values, is_inside, strict=True)
    ]


def legend(classes: Sequence[MapClass], used: Collection[int], unit: str, language: Language) -> Markup:
    """Return the legend that all small maps share.

    Parameters
    ----------
    classes
        See `map_classes` and `programme_map`; the last one, of other units, needs no entry.
    used
        Numbers of the classes that occur; missing and hatched ones stand in the legend only then.
    unit
        Unit of the figures.
    language
        Language of the reader.
    """
    has_figures = any(not classes[number].pattern for number in used if number < len(classes) - 1)
    swatch = Markup('<li><i class="cp-swatch cp-{}" style="--cp-colour:{}"></i>{}</li>')
    return Markup('<ul class="cp-legend">{}{}</ul>').format(
        Markup('<li class="cp-unit">{}</li>').format(explained(unit, language)) if unit else "",
        Markup("").join(
            swatch.format(entry.pattern or "plain", entry.colour, entry.label)
            for number, entry in enumerate(classes[:-1])
            if number in used or (has_figures and not (entry.pattern or entry.outlined))
        ),
    )


def map_caption(row: Mapping[Any, Any], measure: Measure, language: Language) -> Markup:
    """Return what stands above a small map: the unit or the period, and its figure."""
    return Markup('<p class="cp-caption">{} <b>{}</b></p>').format(
        row["title"], figure_text(row["shown"], measure, language)
    )


# The table.


def table_html(
    rows: pd.DataFrame, city: Sequence[Mapping[Any, Any]], measure: Measure, language: Language
) -> Markup:
    """Return the table: figure, rank, distance from the city, change in a year, and what reported.

    Parameters
    ----------
    rows
        See `compared_rows`.
    city
        The city's own figures, one row a period.
    measure
        What is compared.
    language
        Language of the reader.
    """
    headings: list[Markup] = [Markup("")]
    headings.append(explained(sentence(measure.told), language))
    for name in measure.parts.values():
        headings.append(Markup("{}").format(sentence(name)))
    if measure.kind == "coverage":
        headings.append(Markup("{}").format(translate("Wards", language)))
    elif measure.is_rate:
        headings.append(Markup("{}").format(translate("Number", language)))
    headings.append(
        Markup('<abbr title="{}">{}</abbr>').format(
            _rank_hint(measure, language), translate("Rank", language)
        )
    )
    headings.append(
        Markup('<abbr title="{}">{}</abbr>').format(
            translate(
                "The city's figure is reckoned from all its wards together, it is no mean of districts",
                language,
            ),
            translate("Against the city", language),
        )
    )
    has_other = bool(rows["other_difference"].notna().any())
    if has_other:
        headings.append(Markup("{}").format(translate("Against the other period", language)))
    if measure.kind != "coverage":
        headings.append(
            Markup('<abbr title="{}">{}</abbr>').format(
                DEFINITIONS["year_before"].formula.render(language),
                translate("Against the same period a year before", language),
            )
        )
        headings.append(Markup("{}").format(translate("Reported", language)))
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in headings)
    body = Markup("").join(
        _table_row(row, measure, language, has_other=has_other) for row in rows.to_dict("records")
    )
    foot = Markup("").join(
        _table_row(row, measure, language, has_other=has_other, is_city=True) for row in city
    )
    return Markup(
        '<div class="cp-scroll" tabindex="0" role="region" aria-label="{}">'
        '<table class="cp-table"><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table></div>'
    ).format(translate("Table", language), head, body, foot)


def _rank_hint(measure: Measure, language: Language) -> str:
    if measure.direction == "lower":
        return translate("1 is the lowest, which is best, of all units of the level with a figure", language)
    if measure.direction == "higher":
        return translate("1 is the highest, which is best, of all units of the level with a figure", language)
    return translate("1 is the highest of all units of the level with a figure", language)


def _table_row(
    row: Mapping[Any, Any], measure: Measure, language: Language, *, has_other: bool, is_city: bool = False
) -> Markup:
    cells: list[object] = [figure_text(row["shown"], measure, language)]
    cells += [percent(row.get(part, np.nan), language) for part in measure.parts]
    if measure.kind == "coverage":
        cells.append(_reached_text(row, language))
    elif measure.is_rate:
        cells.append(count_text(row.get("value", np.nan), measure, language))
    cells.append("" if is_city else rank_text(row, language))
    cells.append("" if is_city else difference_text(row["city_difference"], measure, language))
    if has_other:
        other = row.get("other_difference", np.nan)
        cells.append("" if pd.isna(other) else difference_text(other, measure, language))
    if measure.kind != "coverage":
        cells.append(year_text(row, measure, row["period"], language))
        cells.append(reported_text(row, measure, language))
    return Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(
        Markup(' class="cp-city"') if is_city else "",
        str(row["title"]),
        Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells),
    )


def _reached_text(row: Mapping[Any, Any], language: Language) -> str:
    if pd.isna(row.get("reached_count", np.nan)):
        return missing(language)
    text = f"{number(row['reached_count'], language)} / {number(row['ward_count'], language)}"
    if row["partly_count"]:
        text += "; " + translate("{count} in part", language, count=number(row["partly_count"], language))
    return text


def export_table(
    rows: pd.DataFrame, units: pd.DataFrame, measure: Measure, language: Language
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table as it is exported: plain figures, and the headings of its columns."""
    frame = rows.assign(
        since=rows["period"].map(lambda period: period.since),
        until=rows["period"].map(lambda period: period.until),
        name=[units.loc[code, "name"] for code in rows["unit_code"]],
        population=[units.loc[code, "population"] for code in rows["unit_code"]],
        area_km2=[units.loc[code, "area_km2"] for code in rows["unit_code"]],
    )
    titles = {
        "unit_code": translate("Code", language),
        "name": translate("Unit", language),
        "since": translate("First day", language),
        "until": translate("Last day", language),
        "shown": sentence(measure.told),
        **{part: sentence(name) for part, name in measure.parts.items()},
        "reached_count": translate("Wards reached", language),
        "value": f"{measure.name} ({measure.count_unit})",
        "rank": translate("Rank", language),
        "rank_count": translate("Units ranked", language),
        "city": translate("City", language),
        "city_difference": translate("Against the city", language),
        "other_difference": translate("Against the other period", language),
        "previous": translate("A year before", language),
        "difference": translate("Difference from a year before", language),
        "change_pct": translate("Change in a year, %", language),
        "reporting_count": translate("Wards that reported", language),
        "ward_count": translate("Wards", language),
        "days_pct": translate("Share of days reported, %", language),
        "population": translate("Residents", language),
        "area_km2": translate("Area, km²", language),
        "is_illustrative": translate("Illustrative", language),
    }
    if not measure.is_rate:
        titles.pop("value")
    if rows["other_difference"].isna().all():
        titles.pop("other_difference")
    return frame, {name: title for name, title in titles.items() if name in frame}


def export_map(
    wards: gpd.GeoDataFrame, units: pd.DataFrame, codes: Sequence[str], figures: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return the wards of the compared units with their figure.

    Parameters
    ----------
    wards
        Rows of the layer ``ward`` of one vintage.
    units
        See `units_of`.
    codes
        The units that are compared.
    figures
        See `indicator_figures` and `coverage_figures`; of a coverage those wards that are compared only.
    """
    inside = np.logical_or.reduce([of_unit(wards, code, units).to_numpy() for code in codes])
    columns = ["shown", "value", "reporting_count", "days_pct", "is_illustrative"]
    of_wards = figures.loc[
        figures["level"] == WARD, ["unit_code", *[one for one in columns if one in figures]]
    ]
    chosen: gpd.GeoDataFrame = wards[inside].merge(
        of_wards.rename(columns={"unit_code": "ward_code", "shown": "figure"}),
        on="ward_code",
        how="left",
        validate="one_to_one",
    )
    return chosen


# The lines around them.


def subline(
    spans: Sequence[Period], measure: Measure, language: Language, *, is_illustrative: bool
) -> Markup:
    """Return the line under the headline: which days, and what the figure means."""
    mark = badge(language) if is_illustrative else Markup("")
    line = " · ".join(
        translate(
            "from {since} to {until}",
            language,
            since=day(one.since, language),
            until=day(one.until, language),
        )
        for one in spans
    )
    lengths = [(one.until - one.since).days + 1 for one in spans]
    if measure.kind == "count" and len(set(lengths)) > 1 and abs(lengths[0] - lengths[-1]) > 1:
        line += " · " + translate(
            "the periods differ in length: {now} and {before} days",
            language,
            now=number(lengths[0], language),
            before=number(lengths[1], language),
        )
    definition = DEFINITIONS[measure.code if measure.kind == "coverage" else f"indicator_{measure.kind}"]
    how = Markup('<abbr tabindex="0" title="{}">{}</abbr>').format(
        definition.formula.render(language), translate("How it is reckoned", language)
    )
    return Markup('<p class="hp-sub">{} {} · {}</p>').format(mark, sentence(line), how)


def no_figures_note(language: Language, *, verified_only: bool, has_illustrative: bool) -> Markup:
    """Return why no indicator has a figure and what to do about it."""
    told = translate("No indicator values are on record with these filters.", language)
    if verified_only and has_illustrative:
        told += " " + translate(
            "Illustrative figures come with the switch “Verified facts only” above turned off.", language
        )
    told += " " + translate(
        "Staff bring in real ones with “pilot-wards template” and “pilot-wards import”.", language
    )
    return Markup('<p class="hp-none">{}</p>').format(told)


# What the page asks for, kept while it is shown.


@cached
def comparable_units(published: Publication, vintage: str) -> pd.DataFrame:
    """Return `units_of` a vintage."""
    return units_of(
        pd.DataFrame(of_vintage(published, "ward", vintage).drop(columns="geometry")),
        pd.DataFrame(of_vintage(published, "district", vintage).drop(columns="geometry")),
    )


@cached
def unit_titles(published: Publication, vintage: str, language: Language, first: str) -> dict[str, str]:
    """Return names of districts and wards by code, those most like the first one first."""
    titles = area_titles(published, vintage, language)
    order = by_nearness(comparable_units(published, vintage), first)
    return {code: titles[code] for code in order if code in titles}


@cached
def unit_bounds(published: Publication, vintage: str, code: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north in degrees of a unit."""
    wards = of_vintage(published, "ward", vintage)
    inside = of_unit(wards, code, comparable_units(published, vintage))
    west, south, east, north = (float(side) for side in wards[inside].total_bounds)
    return west, south, east, north


@cached
def indicators_with_values(published: Publication, period: Period, *, verified_only: bool) -> frozenset[str]:
    """Return the indicators of which any value is known up to the last day of a range."""
    values = layer(published, "indicator_value")
    there = values["period_end"] <= pd.Timestamp(period.until)
    if verified_only:
        there &= ~values["is_illustrative"]
    return frozenset(values.loc[there, "indicator_code"].unique())


@cached
def figures_of(
    published: Publication,
    period: Period,
    vintage: str,
    measure_code: str,
    rate: str,
    language: Language,
    ward_codes: tuple[str, ...],
    *,
    verified_only: bool,
) -> pd.DataFrame:
    """Return `indicator_figures` or `coverage_figures`."""
    index = indicator_index(published, verified_only=verified_only)
    measure = measure_of(measure_code, rate, index.catalogue, language)
    if measure.kind == "coverage":
        units = comparable_units(published, vintage)
        facts = known(published, period, verified_only=verified_only)
        return coverage_figures(facts, vintage, measure, units, ward_codes)
    return indicator_figures(index, measure, period, vintage)


@cached
def sources_of(
    published: Publication, measure_code: str, period: Period, vintage: str, *, verified_only: bool
) -> tuple[str, ...]:
    """Return the sources of what a figure rests on within a range."""
    if measure_code == "pilot_coverage":
        rows = known(published, period, verified_only=verified_only).pilot_status
    elif measure_code == "inspection_coverage":
        rows = known(published, period, verified_only=verified_only).inspections_within()
    else:
        values = layer(published, "indicator_value")
        chosen = values["indicator_code"].eq(measure_code)
        chosen &= values["period_end"] <= pd.Timestamp(period.until)
        if verified_only:
            chosen &= ~values["is_illustrative"]
        rows = values[chosen]
    return tuple(sorted(set(rows["source"].dropna())))


def sources_html(
    sources: Iterable[str], wards: pd.DataFrame, source: pd.DataFrame, language: Language
) -> Markup:
    """Return the sources of figures and outlines, as links that open in place."""
    return Markup('<div class="hp-notes">{}</div>').format(
        source_notes([*sources, *wards["boundary_source"].unique()], source, language)
    )


@cached
def class_bounds(
    published: Publication,
    period: Period,
    vintage: str,
    measure_code: str,
    rate: str,
    language: Language,
    *,
    verified_only: bool,
) -> tuple[list[float], list[str]]:
    """Return the bounds between the classes of the maps, and what each class holds.

    They rest on the wards' figures in all `windows_like` the range, so a colour means the same while the
    range moves; only counts grow with its length.
    """
    on_map = ward_map.measures(published)[measure_code]
    windows = windows_like(period, extent(published)) if on_map.kind == "count" else [extent(published)]
    per = rate if on_map.adds_up else "value"
    figures = ward_map.pool(
        published, measure_code, per, tuple(windows), vintage, verified_only=verified_only
    )
    between = classification.bounds(figures, "quantiles", MAP_CLASSES)
    return between, ward_map.class_labels(between, on_map, language)
