"""Which columns of a boundary file name its units, and which unit of the official list each row is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from etl.boundaries.read import Delivered, find_column
from etl.received import some
from etl.text_encoding import is_odd
from geodata.contract.errors import Fault, JoinError
from geodata.contract.layers import WARD_KINDS
from geodata.language import message
from geodata.wards.names import (
    TAKEN,
    WARD_CODE_WIDTH,
    NameIndex,
    district_finder,
    fold,
    match_units,
    split_kind,
    tidy_code,
)

Role = Literal["name", "code", "kind", "district"]

LEAST_SHARE = 0.5
"""Share of an official list that a column must hold to be taken for its names or codes."""

LEAST_ROW_SHARE = 0.8
"""Share of rows that a column of districts or kinds must fill with known ones."""

LEAST_BETTER_SHARE = 0.5
"""Share of rows that another vintage's list must know to be named as the likely one."""


@dataclass(frozen=True)
class Column:
    """A column that was taken: its name in the file, and how many of so many values the list knows."""

    name: str
    known: int
    total: int


def list_of(lists: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return the official list of one vintage, its index from 0."""
    return lists[lists["vintage"] == vintage].reset_index(drop=True)


def unit_names(units: pd.DataFrame) -> dict[str, str]:
    """Return the names of units with their kind, by ward code."""
    full = units["ward_kind"].str.capitalize() + " " + units["ward_name"]
    return dict(zip(units["ward_code"], full, strict=True))


def take_columns(delivered: Delivered, given: Mapping[Role, str], units: pd.DataFrame) -> dict[Role, Column]:
    """Return the columns of names, codes, kinds and districts, found by what they hold unless they are given.

    Of several columns of names the one with the most known names is taken, then the one that carries the kind
    of unit; of several others the first.

    Raises
    ------
    SourceError
        A column that is given does not exist.
    """
    texts = {str(c): texts_of(delivered.frame[c]) for c in delivered.frame.columns if c != "geometry"}
    counts = {column: _Counts(values, units) for column, values in texts.items()}
    rows = len(delivered.frame)
    asked = min(rows, len(units))
    # In this order, for a code is the surest sign and a kind the weakest.
    rules: dict[Role, tuple[Callable[[_Counts], tuple[int, ...]], int, float]] = {
        "code": (lambda count: (count.codes,), asked, LEAST_SHARE),
        "name": (lambda count: (count.names, count.exact, count.kinds_before), asked, LEAST_SHARE),
        "district": (lambda count: (count.districts,), rows, LEAST_ROW_SHARE),
        "kind": (lambda count: (count.kinds,), rows, LEAST_ROW_SHARE),
    }
    chosen = {role: find_column(delivered.frame, column, delivered.file) for role, column in given.items()}
    for role, (figures, total, least) in rules.items():
        free = [column for column in texts if column not in chosen.values()]
        if role not in chosen and free:
            best = max(free, key=lambda column: figures(counts[column]))
            if figures(counts[best])[0] >= least * total:
                chosen[role] = best
    return {
        role: Column(chosen[role], figures(counts[chosen[role]])[0], total)
        for role, (figures, total, _) in rules.items()
        if role in chosen
    }


class _Counts:
    """What of an official list the values of a column name.

    Names and codes are counted by unit, for a column of districts fills many rows and names few units;
    districts and kinds by row.
    """

    def __init__(self, texts: pd.Series, units: pd.DataFrame) -> None:
        rows = texts[texts != ""].value_counts()
        index = NameIndex(units["ward_name"], units["ward_kind"])
        found = {text: index.find(text) for text in rows.index}
        find_district = district_finder(units)
        kinds = {fold(kind) for kind in WARD_KINDS}
        self.names = len({number for _, numbers in found.values() for number in numbers})
        self.exact = sum(how == "exact" for how, _ in found.values())
        self.kinds_before = sum(bool(numbers and split_kind(text)[0]) for text, (_, numbers) in found.items())
        codes = [tidy_code(text, WARD_CODE_WIDTH) for text in rows.index]
        # Among areas and shares some are whole numbers by chance.
        are_codes = sum(code.isdigit() for code in codes) >= LEAST_ROW_SHARE * len(codes)
        self.codes = len(set(codes) & set(units["ward_code"])) if are_codes else 0
        self.districts = int(sum(count for text, count in rows.items() if find_district(str(text))))
        self.kinds = int(sum(count for text, count in rows.items() if fold(str(text)) in kinds))


def texts_of(column: pd.Series) -> pd.Series:
    """Return the cells of a column as text, empty ones as ``""``."""
    return column.astype("object").map(lambda cell: "" if pd.isna(cell) else str(cell).strip()).astype("str")


def match_rows(frame: pd.DataFrame, columns: Mapping[Role, Column], units: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a file with the unit that each is matched to; see `match_units`."""
    roles: tuple[Role, ...] = ("name", "code", "kind", "district")
    asked = pd.DataFrame(
        {role: texts_of(frame[columns[role].name]) if role in columns else "" for role in roles},
        index=frame.index,
    ).reset_index(drop=True)
    matched = asked.join(match_units(asked, units, each_once=True), validate="one_to_one")
    return matched.set_index(frame.index)


def taken_units(matches: pd.DataFrame, *, accept: bool) -> pd.Series:
    """Return the ward code of each row whose unit is certain, or proposed and accepted; else missing."""
    allowed = [*TAKEN, "near"] if accept else list(TAKEN)
    return matches["ward_code"].where(matches["how"].isin(allowed))


def match_faults(file: str, matches: pd.DataFrame, taken: pd.Series, units: pd.DataFrame) -> list[Fault]:
    """Return a fault for each row without a certain unit, and one for all units that no row has.

    A huyện without communes may be absent: it lies 130 km off the coast, and many files leave it out.
    """
    names = unit_names(units)
    strangers = taken.index[taken.isna()]
    if len(strangers) > len(units):
        # More rows than the list has units: a file of a larger area, not one with mistakes.
        problem = message(
            "{count} of {rows} rows are not on the official list", count=len(strangers), rows=len(taken)
        )
        expected = message("the rows of the city alone, as with --only NAME_1=Hải Phòng")
        faults = [Fault(file, some(matches.loc[strangers, "name"].tolist(), 5), problem, expected)]
    else:
        faults = [_row_fault(file, int(str(row)), matches.loc[row], units) for row in strangers]
    missing = missing_units(taken, units)
    missing = missing[missing["ward_kind"] != "huyện"]
    if len(missing):
        faults.append(
            Fault(
                file,
                some([names[code] for code in missing["ward_code"]]),
                message("{count} units of the official list are missing", count=len(missing)),
                message("each unit of the list: {count}", count=len(units)),
            )
        )
    return faults


def missing_units(taken: pd.Series, units: pd.DataFrame) -> pd.DataFrame:
    """Return the units of the list that no row is matched to."""
    return units[~units["ward_code"].isin(taken.dropna())]


def _row_fault(file: str, row: int, match: pd.Series, units: pd.DataFrame) -> Fault:
    by_code = units.set_index("ward_code")
    names = unit_names(units)
    candidates = []
    for candidate in match["candidates"]:
        district = by_code.loc[candidate.ward_code, "district_name"]
        place = "" if pd.isna(district) else f", {district}"
        unit = f"{names[candidate.ward_code]} ({candidate.ward_code}{place})"
        candidates.append(f"{unit} {candidate.score:.0f} %")
    value = " ".join(part for part in (match["name"], match["code"]) if part)
    listed = "; ".join(candidates)
    if match["how"] == "near":
        problem = message("is not on the official list; near: {candidates}", candidates=listed)
        expected = message("the official spelling, or --accept to take what is proposed")
    elif match["how"] == "ambiguous":
        problem = message("may be several units: {candidates}", candidates=listed)
        expected = message("a column of codes or districts that tells them apart")
    elif candidates:
        problem = message("is not on the official list; most alike: {candidates}", candidates=listed)
        expected = message("a unit of the list")
    else:
        problem, expected = message("is not on the official list"), message("a unit of the list")
    return Fault(file, value, problem, expected, row=row + 1)


def check_vintage(delivered: Delivered, given: Mapping[Role, str], vintage: str, lists: pd.DataFrame) -> None:
    """Check that no other vintage's list fits a file better: codes and names were used again in 2025.

    Raises
    ------
    JoinError
        One does.
    """
    known = {}
    for other in sorted(set(lists["vintage"])):
        units = list_of(lists, other)
        columns = take_columns(delivered, given, units)
        if {"name", "code"} & set(columns):
            matches = match_rows(delivered.frame, columns, units)
            known[other] = int(matches["how"].isin(TAKEN).sum())
    rows = len(delivered.frame)
    here = known.get(vintage, 0)
    best = max(known, key=lambda other: (known[other], other == vintage), default=vintage)
    if best != vintage and known[best] > here and known[best] >= LEAST_BETTER_SHARE * rows:
        problem = message(
            "{known} of {rows} units are on the list of {vintage}, but {more} on that of {better}",
            known=here,
            rows=rows,
            vintage=vintage,
            more=known[best],
            better=best,
        )
        expected = message("the date from which its units hold, likely --valid-from {day}", day=best)
        raise JoinError.of(delivered.file, "", problem, expected)


def no_names(delivered: Delivered) -> Fault:
    """Return the fault that nothing in a file names its units."""
    columns = [str(column) for column in delivered.frame.columns if column != "geometry"]
    first = delivered.frame.iloc[0]
    sample = "; ".join(f"{column}={first[column]}" for column in columns[:8])
    problem = message("no column holds the names or codes of the official list")
    values = ", ".join(columns) or "–"
    expected = message("--name or --code with one of: {values}", values=values)
    if any(is_odd(text) for column in columns for text in texts_of(delivered.frame[column])):
        expected = message(
            "--name or --code with one of: {values} (text in TCVN3 or VNI is to be converted first)",
            values=values,
        )
    return Fault(delivered.file, sample, problem, expected)
