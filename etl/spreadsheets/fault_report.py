"""Faults of spreadsheets for those who mend them: lines, a csv file, or a marked copy of the workbook."""

import csv
import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from etl.confined import confined
from etl.spreadsheets.cells import Unread, read_text
from etl.spreadsheets.sheet_kinds import FAULTS_SHEET, NOTES_SHEET
from etl.spreadsheets.workbooks import Workbook, read_workbook
from geodata.contract.errors import Fault, Note, SourceError
from geodata.disk import write_whole
from geodata.language import Language, Message, message, number
from geodata.workbook import neutral

SHOWN = 100
"""Faults, or notes, that the terminal tells one by one at most; a workbook of the report holds all."""

MOST_SHOWN = 120
"""Characters of a value that the terminal shows; a report holds it whole."""

MOST_MARKED_CELLS = 3_000_000
"""Cells above which no copy is made: openpyxl holds some 50 times what the file takes."""

REPORT_COLUMNS = ("sheet", "row", "column", "value", "problem", "suggestion")

_FAULTY = PatternFill("solid", fgColor="FFFFC7CE")


def fault_rows(faults: Iterable[Fault], language: Language) -> list[tuple[str, str, str, str, str, str]]:
    """Return sheet (or file, where it is no sheet's), row, column, value, problem and suggestion of each."""
    return [
        (
            fault.sheet or fault.file,
            "" if fault.row is None else str(fault.row),
            fault.column,
            fault.value,
            fault.problem.render(language),
            fault.expected.render(language),
        )
        for fault in faults
    ]


def note_rows(notes: Iterable[Note], language: Language) -> list[tuple[str, str, str, str, str]]:
    """Return sheet (or file, where it is no sheet's), row, column, value and what was made of it of each."""
    return [
        (
            note.sheet or note.file,
            "" if note.row is None else str(note.row),
            note.column,
            note.value,
            note.told.render(language),
        )
        for note in notes
    ]


def lines(found: Sequence[Fault | Note], language: Language, most: int = SHOWN) -> list[str]:
    """Return what was found, one line each, and of all above a number how many of each kind there are."""
    shown = [replace(one, value=_shortened(one.value)).render(language) for one in found[:most]]
    rest = found[most:]
    if rest:
        kinds: dict[str, tuple[Message, int]] = {}
        for one in rest:
            said = one.told if isinstance(one, Note) else one.problem
            first, count = kinds.get(said.sentence, (said, 0))
            kinds[said.sentence] = (first, count + 1)
        shown.append(
            message("… and {count} more; “--report FILE.xlsx” lists all:", count=number(len(rest))).render(
                language
            )
        )
        ranked = sorted(kinds.values(), key=lambda kind: -kind[1])
        shown += [
            message("{count} × such as: {problem}", count=number(count), problem=first).render(language)
            for first, count in ranked
        ]
    return shown


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def write_report(
    path: Path,
    faults: Mapping[Path, Sequence[Fault]],
    language: Language,
    notes: Mapping[Path, Sequence[Note]] | None = None,
) -> list[Path]:
    """Write what is wrong with some files and return the reports: one csv file, or one workbook a file.

    Notes stand in workbooks, on a sheet of their own.

    Parameters
    ----------
    path
        The report; its name ends in csv or xlsx. With several faulty files each workbook bears the name of
        its file besides.
    faults
        The faults by file.
    language
        Language of problems and suggestions.
    notes
        The notes by file.

    Raises
    ------
    SourceError
        The report is of another kind, would overwrite one of the files, or can't be written.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise SourceError.of(
            str(path), "", message("is no report that can be written"), message("FILE.csv or FILE.xlsx")
        )
    noted = {file: found for file, found in (notes or {}).items() if found}
    files = list(dict.fromkeys([*faults, *noted]))
    if suffix == ".csv" or len(files) == 1:
        targets = [path]
    else:
        targets = [path.with_name(f"{path.stem}-{file.stem}{path.suffix}") for file in files]
    inputs = {file.resolve() for file in files}
    taken = [target for target in targets if target.resolve() in inputs]
    if taken:
        problem = message("is the file itself")
        raise SourceError([Fault(str(t), "", problem, message("another name for the report")) for t in taken])
    if suffix == ".csv":
        contents = [csv_report([fault for found in faults.values() for fault in found], language)]
    else:
        contents = [marked_copy(file, faults.get(file, ()), language, noted.get(file, ())) for file in files]
    for target, content in zip(targets, contents, strict=True):
        try:
            write_whole(target, content)
        except OSError as error:
            problem = message("can't be written")
            raise SourceError.of(str(target), "", problem, message("a folder to write into")) from error
    return targets


def csv_report(faults: Sequence[Fault], language: Language) -> bytes:
    """Return the faults as csv: `REPORT_COLUMNS`, UTF-8 with a mark so that Excel reads it, no formulas.

    With faults of several files the sheet is named after its file.
    """
    files = {fault.file for fault in faults}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")  # what Excel splits at on a Vietnamese Windows
    writer.writerow(REPORT_COLUMNS)
    for fault, (sheet, *rest) in zip(faults, fault_rows(faults, language), strict=True):
        place = sheet if len(files) == 1 or not fault.sheet else f"{fault.file} › {sheet}"
        writer.writerow([neutral(cell) for cell in (place, *rest)])
    return text.getvalue().encode("utf-8-sig")


def marked_copy(file: Path, faults: Sequence[Fault], language: Language, notes: Sequence[Note] = ()) -> bytes:
    """Return a copy of a workbook with its faulty cells coloured and commented, and a sheet that lists them.

    Notes stand on another sheet, and mark nothing.

    What openpyxl keeps of an xlsx is kept; an ods or csv file becomes a workbook of the same cells. Of a file
    that can't be read only the list is left.

    Raises
    ------
    SourceError
        The file is too large for a copy.
    """
    try:
        _, (made,) = confined(_marked, file, tuple(faults), language, tuple(notes), file=file.name)
    except TooLargeError:
        raise
    except SourceError:
        # Its faults say that it can't be read; they are listed on an otherwise empty workbook.
        return _content(openpyxl.Workbook(), faults, language, notes)
    content: bytes = made["content"][0].as_py()
    return content


class TooLargeError(SourceError):
    """A file of which no copy is made."""


def _marked(
    file: Path, faults: Sequence[Fault], language: Language, notes: Sequence[Note]
) -> tuple[None, list[pa.Table]]:
    content = _content(_copy(file), faults, language, notes)
    return None, [pa.table({"content": pa.array([content], pa.large_binary())})]


def _content(
    book: openpyxl.Workbook, faults: Sequence[Fault], language: Language, notes: Sequence[Note]
) -> bytes:
    marks: dict[tuple[str, int, int], list[str]] = {}
    for fault in faults:
        if fault.row is not None:
            column = getattr(fault, "column_number", None) or 1
            text = f"{fault.problem.render(language)} → {fault.expected.render(language)}"
            marks.setdefault((fault.sheet, fault.row, column), []).append(text)
    for (sheet, row, column), texts in marks.items():
        name = sheet or book.sheetnames[0]
        if name in book.sheetnames:
            _mark(book[name], row, column, "\n".join(texts))
    for name in (FAULTS_SHEET, NOTES_SHEET):
        if name in book.sheetnames:
            del book[name]
    place = [message("Sheet"), message("Row"), message("Column"), message("Value")]
    if faults:
        headings = [*place, message("Problem"), message("Suggestion")]
        _list(
            book.create_sheet(FAULTS_SHEET),
            [[one.render(language) for one in headings], *fault_rows(faults, language)],
        )
    if notes:
        headings = [*place, message("What was made of it")]
        _list(
            book.create_sheet(NOTES_SHEET),
            [[one.render(language) for one in headings], *note_rows(notes, language)],
        )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _list(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Fill a sheet with text below a row of headings."""
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            cell = _put(sheet, row, column, text)
            if row == 1:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCDEF", (22, 8, 28, 28, 44, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _copy(file: Path) -> openpyxl.Workbook:
    read = read_workbook(file)
    count = sum(len(grid.rows) * max((len(row) for row in grid.rows), default=0) for grid in read.grids)
    if count > MOST_MARKED_CELLS:
        problem = message("is too large for a marked copy")
        raise TooLargeError.of(file.name, "", problem, message("--report FILE.csv"))
    if file.suffix.lower() == ".xlsx":
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what openpyxl can't keep
                return openpyxl.load_workbook(file)
        except Exception:
            # It fails in many ways on what calamine still reads; the cells and their marks are left then.
            return _plain_copy(read)
    return _plain_copy(read)


def _plain_copy(read: Workbook) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for place, grid in enumerate(read.grids, start=1):
        sheet = book.create_sheet(_sheet_name(grid.sheet) or str(place))
        for row, cells in enumerate(grid.rows, start=1):
            for column, value in enumerate(cells, start=1):
                if isinstance(value, str | Unread):
                    _put(sheet, row, column, read_text(value))
                elif isinstance(value, datetime) and value.tzinfo:
                    _put(sheet, row, column, value.isoformat())  # a workbook has no zones
                elif value is not None:
                    sheet.cell(row, column).value = value
    return book


def _sheet_name(name: str) -> str:
    return "".join(" " if character in "[]:*?/\\" else character for character in name)[:31].strip("' ")


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell | MergedCell:
    """Write text that stays text, whatever it begins with."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_767]
        cell.data_type = "s"
    return cell


def _mark(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        held = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        cell = sheet.cell(held.min_row, held.min_col)
    cell.fill = _FAULTY
    cell.comment = Comment(text[:32_000], "pilot-wards", width=360, height=120)
