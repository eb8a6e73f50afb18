"""From tables of indicators, long or wide, to tidy rows of the contract."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from etl.spreadsheets.cell_rules import EMPTY, Wrong, count_cell, percentage_cell, unread_cell
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


def _refuse_straddling(
    reading: Reading, periods: tuple[pd.Series, pd.Series], wards: pd.DataFrame, is_summed: pd.Series
) -> None:
    """Refuse sums of a period on both sides of a redrawing: they don't tell of which wards they are.

    A ward that passed undivided is the same on both sides; of a level the last day counts alone.
    """
    vintages = sorted(reading.context.by_vintage)
    for before, after in pairwise(vintages):
        redrawn = pd.Timestamp(after)
        straddles = (
            (periods[0] < redrawn) & (periods[0] >= pd.Timestamp(vintages[0])) & (periods[1] >= redrawn)
        )
        if not straddles.any():
            continue
        undivided = reading.context.undivided(before, after)
        # A ward of a later vintage stands for none of this one, and was redrawn at least once since.
        is_same = (wards["vintage"] == after) & wards["ward_code"].isin(undivided)
        last = show_date(date.fromisoformat(after) - timedelta(days=1))
        reading.refuse(
            straddles & is_summed & wards["ward_code"].notna() & ~is_same,
            "start",
            Wrong(
                message("the wards were redrawn on {day}, within this period", day=show_date(redrawn)),
                message(
                    "two rows: up to {last} by the wards of then, from {day} by those of now; "
                    "the pages reckon older figures for the wards of now where asked (≈)",
                    last=last,
                    day=show_date(redrawn),
                ),
            ),
        )


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
    parts = _parts(reading, codes, values)
    frame = frame.assign(**parts)
    _refuse_fractions(reading, "value", codes.where(parts["denominator"].isna()), values)
    _refuse_straddling(reading, periods, wards, _is_summed(reading, codes))
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
    is_summed = pd.Series(False, index=range(len(reading)))
    frames = [_indicator_frame(wards, "", periods, pd.Series(dtype="float64"), sources).iloc[:0]]
    for key in (key for key in reading.table.columns if key.startswith(INDICATOR)):
        code = key.removeprefix(INDICATOR)
        codes = pd.Series([code] * len(reading), dtype="str")
        values = _indicator_values(reading, key, codes)
        _refuse_fractions(reading, key, codes, values)
        is_summed |= _is_summed(reading, codes) & values.notna()
        frame = _indicator_frame(wards, code, periods, values, sources)
        is_told = values.notna()
        known = recorded[recorded["indicator_code"] == code]
        reading.refuse_repeated(frame.loc[is_told, _INDICATOR_KEY], known, key)
        frames.append(frame[is_told])
    _refuse_straddling(reading, periods, wards, is_summed)
    return {"indicator_value": pd.concat(frames, ignore_index=True)}


def _is_summed(reading: Reading, codes: pd.Series) -> pd.Series:
    """Return whether the values of rows are of what happened within their period."""
    catalogue = reading.context.indicators
    return codes.isin(catalogue.loc[catalogue["kind"] != "level", "indicator_code"])


def _is_percentage(reading: Reading, codes: pd.Series) -> pd.Series:
    catalogue = reading.context.indicators
    return codes.isin(catalogue.loc[catalogue["unit"] == "%", "indicator_code"])


def _indicator_values(reading: Reading, key: str, codes: pd.Series) -> pd.Series:
    """Return the values of a column, each in the unit of its row's indicator.

    A cell of a workbook that is shown as a percentage holds a hundredth of what is shown.
    """
    if key not in reading.table.columns:
        return pd.Series([None] * len(reading), dtype="float64")
    is_share = _is_percentage(reading, codes).tolist()
    column, cells = reading.table.columns[key], list(reading.table.cells[key])
    shown = {row for row, at in reading.table.grid.percent_cells if at == column}
    for row, place in enumerate(reading.table.numbers if shown else ()):
        if place in shown and is_share[row] and cells[row].__class__ in (float, int):
            cells[row] = round(float(cells[row]) * 100, 10)  # type: ignore[arg-type]
    known: dict[tuple[object, type, Cell], object] = {}
    values: list[object] = []
    is_required = not key.startswith(INDICATOR)
    for row, (cell, share) in enumerate(zip(cells, is_share, strict=True)):
        at = (share, cell.__class__, cell)
        if at not in known:
            is_empty = cell is None or not read_text(cell)
            read = percentage_cell if share else count_cell
            known[at] = (EMPTY if is_required else None) if is_empty else unread_cell(cell) or read(cell)
        value = known[at]
        if isinstance(value, Wrong):
            # Of a row whose indicator is not known nothing can be said of the value.
            if not pd.isna(codes[row]):
                reading.fault(row, key, value)
            value = None
        values.append(value)
    return pd.Series(values, dtype="float64")


def _refuse_fractions(reading: Reading, key: str, codes: pd.Series, values: pd.Series) -> None:
    """Refuse percentages below 1 that do not say whether they are hundredths: a sign or a format would.

    A 1 is refused beside them: where the column holds hundredths, it stands for all.
    """
    if key not in reading.table.columns:
        return
    column, cells = reading.table.columns[key], reading.table.cells[key]
    is_open = _is_percentage(reading, codes) & values.gt(0) & values.le(1)
    for row in is_open.to_numpy().nonzero()[0].tolist():
        place = (reading.table.numbers[row], column)
        is_open[row] = not (place in reading.table.grid.percent_cells or "%" in read_text(cells[row]))
    is_fraction = is_open & values.lt(1)
    is_beside = is_open & codes.isin(codes[is_fraction])
    reading.refuse(is_fraction | is_beside, key, lambda row: _maybe_fraction(float(values[row])))


def _maybe_fraction(value: float) -> Wrong:
    """Return what is wrong with a number that may be a hundredth of the percentage that is meant."""
    return Wrong(
        message("may be {small} % or {large} %", small=number(value, 6), large=number(value * 100, 4)),
        message("the percentage with its sign, such as 97,5 % or 0,5 %"),
    )
