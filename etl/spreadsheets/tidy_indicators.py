"""From tables of indicators, long or wide, to tidy rows of the contract."""

from datetime import date

import pandas as pd

from etl.spreadsheets.cell_rules import EMPTY, Wrong, count_cell, percentage_cell
from etl.spreadsheets.cells import Cell, read_text, show_date
from etl.spreadsheets.reading import Reading
from etl.spreadsheets.sheets import INDICATOR
from etl.spreadsheets.tidy_rows import Inspections, Rows, layer_rows
from geodata.contract.layers import LAYERS
from geodata.language import message, number

INDICATORS_START = date(2020, 1, 1)
"""First day of indicators: the year before the programme's first, to compare with."""

MOST_ROUNDING = 0.51
"""Points by which a percentage may be off its numerator and denominator: it may be rounded to a whole one."""


def _periods(reading: Reading) -> tuple[pd.Series, pd.Series]:
    """Return first and last day of each row's period."""
    today = reading.context.today
    first_list = date.fromisoformat(min(reading.context.by_vintage))
    starts = reading.dates("start", INDICATORS_START, today)
    ends = reading.dates("end", max(INDICATORS_START, first_list), today)
    reading.refuse(
        starts > ends,
        "end",
        lambda row: Wrong(
            message("the period ends before it begins"), message("from {day}", day=show_date(starts[row]))
        ),
    )
    return starts, ends


def _indicator_frame(
    wards: pd.DataFrame,
    codes: pd.Series | str,
    periods: tuple[pd.Series, pd.Series],
    values: pd.Series,
    sources: pd.Series,
) -> pd.DataFrame:
    return layer_rows(
        "indicator_value",
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        indicator_code=codes,
        period_start=periods[0],
        period_end=periods[1],
        value=values,
        source=sources,
    ).astype({"numerator": "float64", "denominator": "float64"})


_INDICATOR_KEY = list(LAYERS["indicator_value"].key)


def indicators(reading: Reading, _: Inspections) -> Rows:
    """Return the values of a table with one row a value."""
    periods = _periods(reading)
    wards = reading.wards(periods[1])
    catalogue = reading.context.indicators
    words = {
        str(code): (str(name), str(english))
        for code, name, english in catalogue[
            ["indicator_code", "indicator_name", "indicator_name_en"]
        ].itertuples(index=False, name=None)
    }
    codes = reading.words("indicator", words)
    values = _indicator_values(reading, "value", codes)
    frame = _indicator_frame(wards, codes, periods, values, reading.sources())
    frame = frame.assign(**_parts(reading, codes, values))
    reading.refuse_repeated(frame[_INDICATOR_KEY], reading.context.recorded("indicator_value"), "indicator")
    return {"indicator_value": frame}


def _parts(reading: Reading, codes: pd.Series, values: pd.Series) -> dict[str, pd.Series]:
    """Return numerator and denominator of each row; a percentage has both or neither, and they make it up."""
    counted, total = (reading.numbers(key, count_cell) for key in ("numerator", "denominator"))
    shares = reading.context.indicators.set_index("indicator_code")["kind"].eq("share")
    is_share = codes.isin(shares.index[shares])
    for key, part in (("numerator", counted), ("denominator", total)):
        other = message("only percentages that are shares have it")
        reading.refuse(~is_share & codes.notna() & part.notna(), key, Wrong(other, message("an empty cell")))
    reading.refuse(counted.isna() & total.notna(), "numerator", EMPTY)
    reading.refuse(counted.notna() & total.isna(), "denominator", EMPTY)
    reading.refuse(
        counted > total,
        "numerator",
        lambda row: Wrong(
            message("is more than the denominator"), message("at most {most}", most=int(total[row]))
        ),
    )
    share = 100 * counted / total.where(total > 0)
    reading.refuse(
        (values - share).abs() > MOST_ROUNDING,
        "value",
        lambda row: Wrong(
            message("is not numerator by denominator"),
            message("perhaps {value} %", value=number(float(share[row]), 2)),
        ),
    )
    return {"numerator": counted, "denominator": total}


def wide_indicators(reading: Reading, _: Inspections) -> Rows:
    """Return the values of a table with one column an indicator."""
    periods = _periods(reading)
    wards = reading.wards(periods[1])
    sources = reading.sources()
    recorded = reading.context.recorded("indicator_value")
    frames = [_indicator_frame(wards, "", periods, pd.Series(dtype="float64"), sources).iloc[:0]]
    for key in (key for key in reading.table.columns if key.startswith(INDICATOR)):
        code = key.removeprefix(INDICATOR)
        values = _indicator_values(reading, key, pd.Series([code] * len(reading), dtype="str"))
        frame = _indicator_frame(wards, code, periods, values, sources)
        is_told = values.notna()
        known = recorded[recorded["indicator_code"] == code]
        reading.refuse_repeated(frame.loc[is_told, _INDICATOR_KEY], known, key)
        frames.append(frame[is_told])
    return {"indicator_value": pd.concat(frames, ignore_index=True)}


def _indicator_values(reading: Reading, key: str, codes: pd.Series) -> pd.Series:
    """Return the values of a column, each in the unit of its row's indicator.

    A cell of a workbook that is shown as a percentage holds a hundredth of what is shown.
    """
    if key not in reading.table.columns:
        return pd.Series([None] * len(reading), dtype="float64")
    catalogue = reading.context.indicators
    shares = set(catalogue.loc[catalogue["unit"] == "%", "indicator_code"])
    is_share = [code in shares for code in codes]
    column, cells = reading.table.columns[key], list(reading.table.cells[key])
    small = [
        row
        for row, cell in enumerate(cells)
        if is_share[row] and cell.__class__ in (float, int) and 0 < cell <= 2
    ]
    suffix = reading.book.path.suffix.lower()
    if small and suffix == ".xlsx":
        shown = reading.book.percentages
        for row in small:
            if (reading.table.sheet, reading.table.numbers[row], column) in shown:
                cells[row] = round(float(cells[row]) * 100, 10)  # type: ignore[arg-type]
    known: dict[tuple[object, type, Cell], object] = {}
    values: list[object] = []
    is_required = not key.startswith(INDICATOR)
    for row, (cell, share) in enumerate(zip(cells, is_share, strict=True)):
        at = (share, cell.__class__, cell)
        if at not in known:
            is_empty = cell is None or not read_text(cell)
            read = percentage_cell if share else count_cell
            known[at] = (EMPTY if is_required else None) if is_empty else read(cell)
        value = known[at]
        if isinstance(value, Wrong):
            # Of a row whose indicator is not known nothing can be said of the value.
            if not pd.isna(codes[row]):
                reading.fault(row, key, value)
            value = None
        values.append(value)
    if suffix == ".ods":
        for row in small:
            if cells[row] < 1 and values[row] is not None:  # type: ignore[operator]
                reading.fault(row, key, _maybe_fraction(float(cells[row])))  # type: ignore[arg-type]
    return pd.Series(values, dtype="float64")


def _maybe_fraction(value: float) -> Wrong:
    """Return what is wrong with a number of an ods that may be shown as a percentage: it does not say so."""
    return Wrong(
        message("may be {small} % or {large} %", small=number(value, 6), large=number(value * 100, 4)),
        message("the percentage written as text, such as 97,5"),
    )
