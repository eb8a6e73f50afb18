"""The register of the programme: facts as csv, each with its source, checked as a whole."""

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pandera.geopandas as pandera
from pandera.errors import SchemaErrors

from etl.store.entering import shown_value
from geodata.contract.errors import Fault, GeodataError, SchemaError, SourceError
from geodata.contract.layers import BOUNDARY_QUALITIES, LAYERS, Layer
from geodata.contract.wards import LINKS
from geodata.language import Message, message
from geodata.wards.units import named_wards

_TEXT = pandera.Column("str", pandera.Check.str_length(min_value=1))

SUCCESSION_KINDS = LINKS
"""A unit goes wholly to its one successor, or in part to each of several; or land of it without residents."""

SUCCESSION_BASES = ("code", "alias", "name", "article", "resolution", "mapping", "district")
"""How a successor is known.

``code``: it kept code and name. ``alias``: it lists the name among those that it took over. ``name``: it
bears the name, in the same district. ``article``: an article on the resolution says so; ``resolution``: its
own text does. ``mapping``: a published mapping says so. ``district``: of a mapping's successors that two
namesakes share, it is the one that took over another unit of the same district.
"""

TABLES: dict[str, Layer] = {
    **{
        name: LAYERS[name]
        for name in (
            "source",
            "event",
            "event_task",
            "pilot_status",
            "inspection_round",
            "inspection",
            "target",
            "fact",
            "criteria_set",
            "criterion",
            "indicator",
            "itinerary_case",
            "itinerary_case_stop",
        )
    },
    "official_successor": Layer(
        "official_successor",
        "Which wards succeed a ward, by the instrument that redrew them",
        ("from_vintage", "from_ward_code", "to_vintage", "to_ward_code"),
        {
            "from_vintage": LAYERS["crosswalk"].columns["from_vintage"],
            "from_ward_code": _TEXT,
            "to_vintage": LAYERS["crosswalk"].columns["to_vintage"],
            "to_ward_code": _TEXT,
            "source": _TEXT,
        },
    ),
    "unit": Layer(
        "unit",
        "The official lists of units, one a vintage",
        ("vintage", "ward_code"),
        {
            "vintage": LAYERS["ward"].columns["vintage"],
            "ward_code": _TEXT,
            "ward_name": _TEXT,
            "ward_kind": LAYERS["ward"].columns["ward_kind"],
            "district_code": LAYERS["ward"].columns["district_code"],
            "district_name": LAYERS["ward"].columns["district_name"],
            "valid_from": pandera.Column("datetime64[ns]"),
            "valid_to": pandera.Column("datetime64[ns]", nullable=True),
            "instrument": _TEXT,
            "source": _TEXT,
        },
    ),
    "unit_succession": Layer(
        "unit_succession",
        "What became of each unit in the next vintage, and how that is known",
        ("from_vintage", "from_ward_code", "to_vintage", "to_ward_code"),
        {
            "from_vintage": LAYERS["crosswalk"].columns["from_vintage"],
            "from_ward_code": _TEXT,
            "to_vintage": LAYERS["crosswalk"].columns["to_vintage"],
            "to_ward_code": _TEXT,
            "kind": pandera.Column("str", pandera.Check.isin(SUCCESSION_KINDS)),
            "basis": pandera.Column("str", pandera.Check.isin(SUCCESSION_BASES)),
            "source": _TEXT,
        },
    ),
    "boundary_file": Layer(
        "boundary_file",
        "Boundary files whose origin is known",
        ("sha256",),
        {
            "sha256": pandera.Column("str", pandera.Check.str_matches(r"^[0-9a-f]{64}$")),
            "file": _TEXT,
            "source": _TEXT,
            "quality": pandera.Column("str", pandera.Check.isin(BOUNDARY_QUALITIES)),
        },
    ),
}
"""The files of the register by name: each is ``<name>.csv`` in exactly the columns given here."""

REFERENCES = (
    *((name, "source", "source", "source_id") for name, table in TABLES.items() if "source" in table.columns),
    ("event_task", "event_id", "event", "event_id"),
    ("inspection", "criteria_set", "criteria_set", "criteria_set"),
    ("inspection", "round_id", "inspection_round", "round_id"),
    ("criterion", "criteria_set", "criteria_set", "criteria_set"),
    ("itinerary_case_stop", "case_id", "itinerary_case", "case_id"),
)
"""Columns that name a row of another table: table, column, other table, its column. Empty cells name none."""

UNIT_REFERENCES = (
    ("pilot_status", "vintage", "ward_code"),
    ("inspection", "vintage", "ward_code"),
    ("event_task", "vintage", "ward_code"),
    ("itinerary_case_stop", "vintage", "ward_code"),
    ("official_successor", "from_vintage", "from_ward_code"),
    ("official_successor", "to_vintage", "to_ward_code"),
    ("unit_succession", "from_vintage", "from_ward_code"),
    ("unit_succession", "to_vintage", "to_ward_code"),
)
"""Columns that name a unit of the official lists: table, column of the vintage, column of the code."""

Register = dict[str, pd.DataFrame]
"""The tables of the register by name. The index counts the rows of the file from 0, its header left out."""


def read_register(folder: Path) -> Register:
    """Return the register, typed by the contract and checked as a whole.

    Raises
    ------
    GeodataError
        With the faults of all files: a file or column that is missing, a cell that breaks the contract, a key
        that occurs twice, a reference to a row that does not exist.
    """
    register: Register = {}
    faults: list[Fault] = []
    for name, table in TABLES.items():
        try:
            register[name] = tidy_table(read_table(folder / f"{name}.csv"), table)
        except GeodataError as error:
            faults += error.faults
    faults += reference_faults(register)
    if faults:
        raise GeodataError(faults)
    return register


def empty_table(name: str) -> pd.DataFrame:
    """Return a table of the register without rows."""
    columns = TABLES[name].columns
    return pd.DataFrame({column: pd.Series(dtype=str(of.dtype)) for column, of in columns.items()})


def read_table(path: Path) -> pd.DataFrame:
    """Return a csv file as text, in NFC without outer spaces; an empty cell is ``""``.

    Raises
    ------
    SourceError
        The file is missing, no UTF-8 text or empty, or a row has not as many cells as the header.
    """
    if not path.is_file():
        raise SourceError.of(path.name, "", message("is missing"), message("a csv file of the register"))
    try:
        # Excel puts a byte order mark before UTF-8.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError.of(
            path.name, "", message("is no UTF-8 text"), message("csv saved as UTF-8")
        ) from error
    header, *rows = list(csv.reader(text.splitlines(keepends=True))) or [[]]
    if not header:
        raise SourceError.of(path.name, "", message("is empty"), message("a header and its rows"))
    faults = [
        Fault(
            path.name,
            ",".join(row)[:60],
            message("has {count} cells", count=len(row)),
            message("{count} cells, as the header has", count=len(header)),
            row=number,
        )
        for number, row in enumerate(rows, start=2)
        if row and len(row) != len(header)
    ]
    if faults:
        raise SourceError(faults)
    cells = [[unicodedata.normalize("NFC", cell.strip()) for cell in row] for row in rows if row]
    # A blank line still counts as a row of the sheet.
    numbers = [number for number, row in enumerate(rows) if row]
    return pd.DataFrame(cells, columns=[name.strip() for name in header], index=numbers, dtype="str")


def tidy_table(raw: pd.DataFrame, table: Layer) -> pd.DataFrame:
    """Return a table of text in the types of the contract; empty cells are missing.

    Raises
    ------
    SchemaError
        With every fault; its place is the row as a spreadsheet counts, where the header is row 1.
    """
    faults = _column_faults(raw, table)
    if faults:
        raise SchemaError(faults)
    typed = {}
    unread: set[tuple[int, str]] = set()
    for name, column in table.columns.items():
        values, wrong = _typed(raw[name], str(column.dtype))
        typed[name] = values
        for row in wrong:
            unread.add((row, name))
            expected = _TYPES[_kind(str(column.dtype))][1]
            faults.append(_cell_fault(table.name, row, name, raw, message("can't be read"), expected))
    frame = pd.DataFrame(typed, index=raw.index)
    try:
        frame = pandera.DataFrameSchema(dict(table.columns)).validate(frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            row, name = int(case.index), str(case.column)
            if (row, name) not in unread:
                problem, expected = _broken_rule(str(case.check))
                faults.append(_cell_fault(table.name, row, name, raw, problem, expected))
    faults += _key_faults(frame, table)
    if faults:
        raise SchemaError(sorted(faults, key=lambda fault: fault.row or 0))
    return frame


def _column_faults(raw: pd.DataFrame, table: Layer) -> list[Fault]:
    file, expected = f"{table.name}.csv", message("the columns {names}", names=", ".join(table.columns))
    problems = [
        *((name, message("the column is missing")) for name in table.columns if name not in raw),
        *((name, message("the column is not known")) for name in raw if name not in table.columns),
        *((name, message("the column occurs twice")) for name in raw.columns[raw.columns.duplicated()]),
    ]
    return [Fault(file, str(name), problem, expected, row=1) for name, problem in problems]


def _cell_fault(
    table: str, row: int, column: str, raw: pd.DataFrame, problem: Message, expected: Message
) -> Fault:
    value = str(raw.loc[row, column])
    return Fault(f"{table}.csv", value, problem, expected, row=row + 2, column=column)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):  # float() would take “nan” and “1_000”
        raise ValueError(text)
    return float(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError(text)
    return int(text)


def _date(text: str) -> pd.Timestamp:
    return pd.Timestamp(date.fromisoformat(text))


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text]


_TYPES: Mapping[str, tuple[Callable[[str], object], Message]] = {
    "float": (_number, message("a number such as 12.5")),
    "int": (_count, message("a whole number")),
    "datetime": (_date, message("a date such as 2023-11-23")),
    "bool": (_flag, message("true or false")),
    "str": (str, message("text")),
}
"""How a cell is read, and what it should look like, by the start of the type's name."""


def _kind(dtype: str) -> str:
    return next(kind for kind in _TYPES if dtype.lower().startswith(kind))


def _typed(column: pd.Series, dtype: str) -> tuple[pd.Series, list[int]]:
    """Return a column of text in a type, and the rows whose cells can't be read; these are missing.

    A flag has no missing value: an empty one counts as unread and is false until its fault is mended.
    """
    is_flag = _kind(dtype) == "bool"
    read = _TYPES[_kind(dtype)][0]
    values: list[object] = []
    wrong: list[int] = []
    for row, text in column.items():
        try:
            values.append(read(text) if text or is_flag else None)
        except (ValueError, KeyError):
            values.append(False if is_flag else None)
            wrong.append(int(str(row)))
    return pd.Series(values, index=column.index, dtype=dtype), wrong


def _broken_rule(check: str) -> tuple[Message, Message]:
    """Return problem and remedy for a rule of the contract, by the name that pandera gives it."""
    name, _, argument = check.partition("(")
    argument = argument.rstrip(")")
    if name == "not_nullable":
        return message("is empty"), message("a value")
    if name == "isin":
        values = ", ".join(re.findall(r"'([^']+)'", argument))
        return message("is not among the values of this column"), message("one of: {values}", values=values)
    if name == "greater_than_or_equal_to":
        return message("is too small"), message("at least {least}", least=argument)
    if name == "less_than_or_equal_to":
        return message("is too large"), message("at most {most}", most=argument)
    return message("breaks the contract"), message("{rule}", rule=check)


def _key_faults(frame: pd.DataFrame, table: Layer) -> list[Fault]:
    key = list(table.key)
    return [
        Fault(
            f"{table.name}.csv",
            "/".join(shown_value(frame.loc[row, column]) for column in key),
            message("stands in an earlier row already"),
            message("a key that occurs once"),
            row=int(str(row)) + 2,
            column=", ".join(key),
        )
        for row in frame.index[frame.duplicated(key)]
    ]


def reference_faults(register: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Return a fault for each cell that names a row that is not there.

    A table that could not be read is left out: its own faults come first.
    """
    faults = [
        Fault(
            f"{table}.csv",
            str(value),
            message("is not in {file}", file=f"{other}.csv"),
            message("a value of its column {column}", column=other_column),
            row=int(str(row)) + 2,
            column=column,
        )
        for table, column, other, other_column in REFERENCES
        if table in register and other in register
        for row, value in register[table][column].dropna().items()
        if value not in set(register[other][other_column])
    ]
    return faults + _unit_faults(register)


def _unit_faults(register: Mapping[str, pd.DataFrame]) -> list[Fault]:
    if "unit" not in register:
        return []
    known = set(zip(register["unit"]["vintage"], register["unit"]["ward_code"], strict=True))
    named = [
        ("fact", "wards", row, *ward)
        for row, wards in (register["fact"]["wards"].dropna().items() if "fact" in register else ())
        for ward in named_wards(wards)
    ]
    named += [
        (table, code_column, row, vintage, code)
        for table, vintage_column, code_column in UNIT_REFERENCES
        if table in register
        for row, vintage, code in register[table][[vintage_column, code_column]]
        .dropna()
        .itertuples(name=None)
    ]
    return [
        Fault(
            f"{table}.csv",
            str(code),
            message("is no ward of the vintage {vintage}", vintage=vintage),
            message("a ward code of that vintage"),
            row=int(str(row)) + 2,
            column=column,
        )
        for table, column, row, vintage, code in named
        if (vintage, code) not in known
    ]
