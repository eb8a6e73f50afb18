"""Columns of days judged as a whole: what a cell alone does not show.

A program that takes the month first turns 08/09 into the 9th of August and leaves 23/09 as text. A program
that drops the zone of a day writes midnight in Hải Phòng as 17:00 of the day before.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from etl.spreadsheets.cell_rules import Wrong
from etl.spreadsheets.cells import Cell, has_zone, read_date, read_moment, read_text, show_date
from geodata.language import Message, message
from geodata.language.dates import read_day

_MOST_TURNED = 12
"""The last day of a month that may be a month."""

_MIDNIGHT_IN_UTC = time(17)


def doubtful_days(cells: Sequence[Cell], epoch: date) -> list[tuple[int, Wrong]]:
    """Return the rows (from 0) of days that may be other ones, as the whole column shows."""
    distinct = set(cells) - {None, ""}
    days = {cell: day for cell in distinct if (day := read_date(cell, epoch)) is not None}
    dates = {cell: day for cell, day in days.items() if _is_date(cell)}
    typed = [day for cell, day in days.items() if cell not in dates]
    wrong: dict[Cell, Wrong] = {}
    if typed and all(day.day > _MOST_TURNED for day in typed):
        if all(day.day <= _MOST_TURNED for day in dates.values()):
            wrong = {cell: _turned(day) for cell, day in dates.items() if day.day != day.month}
    elif len(days) > 1 and all(_moment(cell) == _MIDNIGHT_IN_UTC for cell in days):
        wrong = {cell: _without_zone(day) for cell, day in days.items()}
    return [(row, wrong[cell]) for row, cell in enumerate(cells) if cell in wrong] if wrong else []


def _is_date(cell: Cell) -> bool:
    """Return whether a cell is a date of a program, not a text that someone typed."""
    return not isinstance(cell, str) or read_text(cell)[:4].isdecimal()


def _turned(day: date) -> Wrong:
    return Wrong(
        message("day and month may be exchanged: this column has days up to 12 as dates, later ones as text"),
        message(
            "perhaps {day}; all days as dates, or all as text",
            day=show_date(day.replace(month=day.day, day=day.month)),
        ),
    )


def _without_zone(day: date) -> Wrong:
    later = show_date(day + timedelta(days=1))
    return Wrong(
        message("is at 17:00 as all days of the column, which is midnight in Hải Phòng written in UTC"),
        message("the day alone; perhaps {day}", day=later),
    )


def _moment(cell: Cell) -> time | None:
    if isinstance(cell, datetime):
        return cell.time()
    if not isinstance(cell, str) or has_zone(read_text(cell)):
        return None
    moment = read_moment(read_text(cell))
    return None if moment is None else moment.time()


_OTHER_ZONE = message(
    "an instant, taken for {day}, its day in Hải Phòng; cells like it in the column: {count}"
)
_NEAR_MIDNIGHT = message(
    "less than a minute before midnight, taken for {day}; cells like it in the column: {count}"
)


def day_notes(cells: Sequence[Cell], *, is_end: bool) -> Iterator[tuple[int, Message]]:
    """Return the first row (from 0) of days that are taken for another one than is written, and for which.

    For ``is_end`` see `etl.spreadsheets.cells.read_date`.
    """
    taken: dict[Cell, Message] = {
        cell: told
        for cell in set(cells)
        if isinstance(cell, datetime | str) and (told := _taken_for(cell, is_end=is_end)) is not None
    }
    rows: dict[str, list[int]] = {}
    for row, cell in enumerate(cells) if taken else ():
        if cell in taken:
            rows.setdefault(taken[cell].sentence, []).append(row)
    for first, *others in rows.values():
        yield first, taken[cells[first]].of(count=1 + len(others))


def _taken_for(cell: datetime | str, *, is_end: bool) -> Message | None:
    text = read_text(cell) if isinstance(cell, str) else ""
    moment = cell if isinstance(cell, datetime) else read_moment(text) if ":" in text else None
    day = None if moment is None else read_date(moment, is_end=is_end)
    if moment is None or day is None:
        return None
    if day != moment.date():
        return _NEAR_MIDNIGHT.of(day=show_date(day))
    # The day that is written, without its time and zone.
    return _OTHER_ZONE.of(day=show_date(day)) if has_zone(text) and not _begins_with(text, day) else None


def _begins_with(text: str, day: date) -> bool:
    return any(read_day(text[:length]) == day for length in (8, 9, 10))
