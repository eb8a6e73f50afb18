"""The workbooks that staff fill in: one a kind of table, with lists to choose from and an example.

Headings and words come from `etl.spreadsheets.sheet_kinds`, wards from the official list in force, criteria
and indicators from the register; what these workbooks ask for is what `etl.spreadsheets.importing` reads.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from etl.spreadsheets.reading import Context
from etl.spreadsheets.sheet_kinds import (
    EXAMPLE_MARK,
    INSTRUCTIONS_SHEET,
    KINDS,
    LISTS_SHEET,
    NUMBERING,
    Column,
    Kind,
)
from etl.spreadsheets.sheet_words import CLASSIFICATION_WORDS
from etl.spreadsheets.sheets import INDICATOR
from etl.spreadsheets.tidy_tables import PROGRAMME_START
from geodata.contract.errors import Fault, SourceError
from geodata.language import Language, Message, message, translate
from geodata.wards.names import vintage_on

FONT = "Arial"
"""A plain font that every office machine has with all Vietnamese letters."""

HEADING_ROW = 2
EXAMPLE_ROW = HEADING_ROW + 2
"""Rows from 0: title, note, headings, English headings, example; what staff fill in follows."""

FILLED_ROWS = 2000
"""Rows below the example that have lists and formats."""

DATE_FORMAT = "dd/mm/yyyy"

_DATES = {"date", "start", "end", "from", "due"}
_COUNTS = {"criteria_met", "criteria_assessed"}
_AHEAD = {("event_task", "date"), ("recommendation", "due"), ("target", "due")}
"""Days that may lie in the future."""

_WIDTHS = {
    "text": 48,
    "verdict": 40,
    "name": 32,
    "event": 36,
    "site": 30,
    "ward": 30,
    "indicator": 38,
    "source": 28,
}
_USUAL_WIDTH = 20

INSTRUCTIONS = (
    message("Fill in one row for each record, from the row below the example. Do not change the headings."),
    message("A star marks what must be filled in. What is not known stays empty: never write 0 for it."),
    message("Dates: day/month/year, such as 08/09/2022. Numbers: a comma before decimals, such as 97,5."),
    message(
        "Wards: those that existed on the day of the record. The list offers today's; for an earlier day "
        "type the name of that time, with its district if several bear it."
    ),
    message("Sums by ward only. No names, identity numbers, telephone numbers or birth dates of persons."),
    message("Nothing that is classified Mật, Tối mật or Tuyệt mật: such a file is refused as a whole."),
    message("The row marked “Ví dụ” is an example and is not read; total rows are not read either."),
    message(
        "Check before you send it: pilot-wards check FILE. Every fault is listed with its row and column."
    ),
)


def write_templates(folder: Path, context: Context) -> list[Path]:
    """Write the templates into a folder and return their paths; a file that is there is not overwritten.

    Parameters
    ----------
    folder
        Made where it is missing.
    context
        Wards, criteria and indicators to choose from, and the day whose wards are in force.

    Raises
    ------
    SourceError
        Files that are there already, or a folder that can't be written into; nothing is written then.
    """
    paths = [folder / kind.file for kind in KINDS.values()]
    faults = [
        Fault(str(path), "", message("is there already"), message("a folder without it; it may be filled in"))
        for path in paths
        if path.exists()
    ]
    if faults:
        raise SourceError(faults)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, path in zip(KINDS.values(), paths, strict=True):
            write_template(path, kind, context)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        problem = message("can't be written")
        raise SourceError.of(str(folder), "", problem, message("a folder to write into")) from error
    return paths


def write_template(path: Path, kind: Kind, context: Context) -> None:
    """Write the template of one kind."""
    columns = offered_columns(kind, context.indicators)
    choices = {column.key: given for column in columns if (given := choices_of(kind, column, context))}
    with xlsxwriter.Workbook(path) as book:
        book.formats[0].set_font_name(FONT)
        book.set_properties({"title": kind.title, "comments": kind.english})
        formats = {name: book.add_format({"font_name": FONT, **style}) for name, style in _STYLES.items()}
        sheet = book.add_worksheet(kind.title)
        guide = book.add_worksheet(INSTRUCTIONS_SHEET)
        lists = book.add_worksheet(LISTS_SHEET)
        _write_table(sheet, kind, columns, formats, _example(kind, columns, choices, context))
        for number, column in enumerate(columns, start=1):
            rule = _rule(kind, column, choices)
            if rule is not None:
                sheet.data_validation(EXAMPLE_ROW, number, EXAMPLE_ROW + FILLED_ROWS, number, rule)
        _write_guide(guide, kind, columns, choices, formats)
        for number, values in enumerate(choices.values()):
            lists.write_column(0, number, values, formats["body"])
            lists.set_column(number, number, 34)
        lists.hide()


_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"italic": True, "font_color": "#595959"},
    "heading": {"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True, "valign": "vcenter"},
    "english": {
        "italic": True,
        "bg_color": "#EEF3F8",
        "border": 1,
        "text_wrap": True,
        "font_color": "#404040",
    },
    "example": {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F7F7F7"},
    "example_date": {
        "italic": True,
        "font_color": "#7F7F7F",
        "bg_color": "#F7F7F7",
        "num_format": DATE_FORMAT,
        "align": "left",
    },
    "body": {},
    "date": {"num_format": DATE_FORMAT, "align": "left"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "wrapped_english": {"text_wrap": True, "valign": "top", "italic": True, "font_color": "#404040"},
}


def offered_columns(kind: Kind, indicators: pd.DataFrame) -> list[Column]:
    """Return the columns of a kind's template; in the wide form each indicator is one, before the source."""
    columns = [column for column in kind.columns if column.is_offered]
    if not kind.has_indicator_columns:
        return columns
    wide = [
        Column(INDICATOR + code, f"{name} ({unit})", english)
        for code, name, english, unit in indicators[
            ["indicator_code", "indicator_name", "indicator_name_en", "unit"]
        ].itertuples(index=False, name=None)
    ]
    last = [column for column in columns if column.key == "source"]
    return [*(column for column in columns if column not in last), *wide, *last]


def starred(kind: Kind, column: Column) -> str:
    """Return a column's heading, with a star where it must be filled in."""
    must = column.is_required or any(column.key in group for group in kind.either[:1])
    return column.heading + ("*" if must else "")


def choices_of(kind: Kind, column: Column, context: Context) -> list[str]:
    """Return what a column may hold, where that is a list."""
    if column.words:
        return [spellings[0] for spellings in column.words.values()]
    if column.key == "ward":
        vintage = vintage_on(context.today.isoformat(), context.by_vintage) or min(context.by_vintage)
        units = context.by_vintage[vintage]
        titles = (
            units["ward_kind"].str.capitalize() + " " + units["ward_name"] + " (" + units["ward_code"] + ")"
        )
        return titles.tolist()
    if column.key == "criteria_set":
        return context.criteria_sets["criteria_set_name"].tolist()
    if column.key == "criterion":
        return [str(number) for number in range(1, int(context.criteria_sets["criteria_count"].max()) + 1)]
    if column.key == "indicator":
        return context.indicators["indicator_name"].tolist()
    if column.key == "classification":
        return list(CLASSIFICATION_WORDS)
    return []


def _rule(kind: Kind, column: Column, choices: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """Return the rule of a column's cells. It warns: an earlier ward, or a date in words, is right too."""
    if column.key in choices:
        letter = xl_col_to_name(list(choices).index(column.key))
        last = len(choices[column.key])
        rule: dict[str, Any] = {
            "validate": "list",
            "source": f"='{LISTS_SHEET}'!${letter}$1:${letter}${last}",
        }
    elif column.key in _DATES:
        start = datetime.combine(PROGRAMME_START, datetime.min.time())
        if kind.name.startswith("indicator"):
            start = datetime(2020, 1, 1)
        ahead = (kind.name, column.key) in _AHEAD
        rule = {"validate": "date", "criteria": ">=", "value": start}
        if not ahead:
            rule = {"validate": "date", "criteria": "between", "minimum": start, "maximum": "=TODAY()"}
    elif column.key in _COUNTS:
        rule = {"validate": "integer", "criteria": ">=", "value": 0}
    elif column.key.startswith(INDICATOR):
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    else:
        return None
    return rule | {
        "error_type": "warning",
        "error_title": column.heading[:32],
        "error_message": _two_lines(
            message("This value is not in the list or not of the usual form. Keep it?")
        ),
    }


def _two_lines(sentence: Message) -> str:
    return f"{sentence.render('vi')}\n{sentence.render('en')}"


def _write_table(
    sheet: xlsxwriter.worksheet.Worksheet,
    kind: Kind,
    columns: Sequence[Column],
    formats: Mapping[str, xlsxwriter.format.Format],
    example: Mapping[str, object],
) -> None:
    sheet.write(0, 0, f"{kind.title} / {kind.english}", formats["title"])
    note = message("* must be filled in; instructions on the next sheet")
    sheet.write(1, 0, f"{note.render('vi')} / {note.render('en')}", formats["note"])
    sheet.set_row(HEADING_ROW, 34)
    sheet.set_column(0, 0, 8, formats["body"])
    sheet.write(HEADING_ROW, 0, NUMBERING.heading, formats["heading"])
    sheet.write(HEADING_ROW + 1, 0, NUMBERING.english, formats["english"])
    sheet.write(EXAMPLE_ROW, 0, EXAMPLE_MARK, formats["example"])
    for number, column in enumerate(columns, start=1):
        is_date = column.key in _DATES
        sheet.set_column(
            number, number, _WIDTHS.get(column.key, _USUAL_WIDTH), formats["date" if is_date else "body"]
        )
        sheet.write(HEADING_ROW, number, starred(kind, column), formats["heading"])
        sheet.write(HEADING_ROW + 1, number, column.english, formats["english"])
        value = example.get(column.key)
        if isinstance(value, date):
            sheet.write_datetime(
                EXAMPLE_ROW, number, datetime.combine(value, datetime.min.time()), formats["example_date"]
            )
        else:
            sheet.write(EXAMPLE_ROW, number, value, formats["example"])
    sheet.freeze_panes(HEADING_ROW + 2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW, HEADING_ROW + 1)


def _example(
    kind: Kind, columns: Sequence[Column], choices: Mapping[str, Sequence[str]], context: Context
) -> dict[str, object]:
    """Return the cells of the example row: made up, to show the form alone."""
    start = context.today.replace(day=1)
    example: dict[str, object] = {
        column.key: choices[column.key][0] for column in columns if column.key in choices
    }
    example |= {
        "date": context.today,
        "start": start,
        "end": context.today,
        "from": start,
        "due": context.today,
    }
    example |= {
        "inspecting_body": "Công an thành phố Hải Phòng",
        "criteria_met": 18,
        "criteria_assessed": 20,
        "verdict": "Cơ bản đạt; cần hoàn thiện trụ sở",
        "value": 97.5,
        "text": "Bổ sung trang thiết bị tiếp công dân",
        "category": "Cơ sở vật chất",
        "owner_unit": "Công an thành phố Hải Phòng",
        "name": "Trụ sở Công an phường" if kind.name == "station" else "Tỷ lệ phường được công nhận",
        "latitude": 20.8561,
        "longitude": 106.6822,
        "event": "Hội nghị sơ kết",
        "site": "Trung tâm Hội nghị thành phố",
        "unit": "Công an thành phố Hải Phòng",
        "decision_number": "01/QĐ-BCA",
        "source": "Báo cáo số 01/BC-CAP",
    }
    for column in columns:
        if column.key.startswith(INDICATOR):
            example[column.key] = 97.5 if "%" in column.heading else 12
    return example


def _write_guide(
    sheet: xlsxwriter.worksheet.Worksheet,
    kind: Kind,
    columns: Sequence[Column],
    choices: Mapping[str, Sequence[str]],
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    languages: tuple[Language, ...] = ("vi", "en")
    sheet.set_column(0, 0, 62, formats["wrapped"])
    sheet.set_column(1, 1, 62, formats["wrapped_english"])
    sheet.write(0, 0, f"{INSTRUCTIONS_SHEET}: {kind.title}", formats["title"])
    row = 2
    for sentence in INSTRUCTIONS:
        for number, language in enumerate(languages):
            style = formats["wrapped_english" if number else "wrapped"]
            sheet.write(row, number, f"{row - 1}. {sentence.render(language)}", style)
        sheet.set_row(row, 32)
        row += 1
    row += 1
    for number, language in enumerate(languages):
        sheet.write(row, number, translate("Columns and what they hold", language), formats["heading"])
    for column in columns:
        row += 1
        given = choices.get(column.key, ())
        listed = "" if not given or len(given) > 12 else ": " + "; ".join(given)
        sheet.write(row, 0, starred(kind, column) + listed, formats["wrapped"])
        sheet.write(row, 1, column.english, formats["wrapped_english"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
