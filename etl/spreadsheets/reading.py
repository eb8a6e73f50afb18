"""One table while its cells are read: values column by column, and every fault at its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from etl.register.tables import read_register
from etl.spreadsheets.cell_rules import (
    EMPTY,
    Wrong,
    date_cell,
    free_text,
    person_cell,
    unread_cell,
    word_cell,
)
from etl.spreadsheets.cells import Cell, read_each, read_text
from etl.spreadsheets.date_columns import day_notes, doubtful_days
from etl.spreadsheets.persons import is_money_heading, is_personal_heading
from etl.spreadsheets.sheet_words import Words
from etl.spreadsheets.sheets import INDICATOR, HiddenRows, Recogniser
from etl.spreadsheets.tables import Table
from etl.spreadsheets.ward_cells import SUCCESSION, FoundWard, WrongWard, find_wards
from etl.spreadsheets.workbooks import Workbook
from etl.store.entering import THIS_BATCH
from etl.store.submissions import BATCH_LAYERS, Store
from geodata.contract.errors import Fault, Note
from geodata.contract.layers import empty
from geodata.language import Message, message
from geodata.wards.names import bare, vintage_on


@dataclass(frozen=True)
class Context:
    """What a file is read against.

    Attributes
    ----------
    units
        The official lists of all vintages (``unit`` of the register).
    criteria_sets, criteria
        The layers ``criteria_set`` and ``criterion``.
    indicators
        The layer ``indicator``.
    today
        The day after which nothing can have happened.
    existing
        What is recorded already, by layer; a layer may be left out.
    has_unread
        Inspections that results may name stand in another file, which could not be read.
    outlines_from
        Returns the layer ``ward`` that stations are held against, read once one is met; ``None`` for none.
    succession
        ``unit_succession`` of the register, which tells the wards that passed undivided.
    hidden, is_skipping
        See `etl.spreadsheets.sheets.Recogniser`.
    """

    units: pd.DataFrame
    criteria_sets: pd.DataFrame
    criteria: pd.DataFrame
    indicators: pd.DataFrame
    today: date
    existing: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    outlines_from: Callable[[], gpd.GeoDataFrame] | None = None
    has_unread: bool = False
    succession: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SUCCESSION))
    hidden: HiddenRows = ""
    is_skipping: bool = False

    def recorded(self, layer: str) -> pd.DataFrame:
        """Return what is recorded of a layer already."""
        return self.existing.get(layer, empty(layer))

    def with_rows(self, rows: Mapping[str, pd.DataFrame]) -> "Context":
        """Return the context once these rows are recorded too."""
        more = {
            name: pd.concat([self.existing[name], frame], ignore_index=True)
            if name in self.existing
            else frame
            for name, frame in rows.items()
        }
        return replace(self, existing={**self.existing, **more})

    @cached_property
    def by_vintage(self) -> dict[str, pd.DataFrame]:
        """The official lists by vintage, in their order."""
        return {str(vintage): units for vintage, units in self.units.groupby("vintage", sort=True)}

    def undivided(self, before: str, after: str) -> set[str]:
        """Return the codes of a vintage's wards each of which is one whole ward of the vintage before."""
        links = self.succession
        links = links[links["from_vintage"].eq(before) & links["to_vintage"].eq(after)]
        return set(
            links.loc[
                ~links["from_ward_code"].duplicated(keep=False)
                & ~links["to_ward_code"].duplicated(keep=False)
                & links["kind"].eq("whole"),
                "to_ward_code",
            ]
        )

    @cached_property
    def outlines(self) -> gpd.GeoDataFrame | None:
        """The layer ``ward``; ``None`` where stations are held against the city's bounds alone."""
        return None if self.outlines_from is None else self.outlines_from()

    def find_wards(self, asked: pd.DataFrame) -> dict[tuple[str, str, str], FoundWard | WrongWard]:
        """Do as `etl.spreadsheets.ward_cells.find_wards`; what was asked for before is known."""
        keys = asked[["ward", "district", "vintage"]].itertuples(index=False, name=None)
        new = asked[[key not in self._found for key in keys]]
        if len(new):
            self._found.update(find_wards(new, self.by_vintage, self.succession))
        return self._found

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], FoundWard | WrongWard]:
        return {}

    @cached_property
    def recogniser(self) -> Recogniser:
        """What finds tables in this context's terms."""
        return Recogniser(self.indicators, self.hidden, is_skipping=self.is_skipping)


def read_context(
    sources_dir: Path,
    store: Store,
    today: date,
    outlines_from: Callable[[], gpd.GeoDataFrame] | None = None,
) -> Context:
    """Return what files are read against: the register, and the batches in force.

    Parameters
    ----------
    sources_dir
        Folder of the register.
    store
        The batches.
    today
        The day after which nothing can have happened.
    outlines_from
        See `Context`.

    Raises
    ------
    GeodataError
        The register or a batch can't be read.
    """
    register = read_register(sources_dir)
    recorded = {}
    for layer in BATCH_LAYERS:
        frames = [
            frame for frame in (register.get(layer), store.rows(layer)) if frame is not None and len(frame)
        ]
        recorded[layer] = pd.concat(frames, ignore_index=True) if frames else empty(layer)
    return Context(
        register["unit"],
        register["criteria_set"],
        register["criterion"],
        register["indicator"],
        today,
        recorded,
        outlines_from,
        succession=register["unit_succession"],
    )


class Reading:
    """One table while its cells are read: the faults found so far, and which rows they leave unread.

    Parameters
    ----------
    table
        The table.
    book
        The file that holds it.
    context
        What it is read against.
    """

    def __init__(self, table: Table, book: Workbook, context: Context) -> None:
        self.table = table
        self.book = book
        self.context = context
        self.faults: list[Fault] = []
        self.notes: list[Note] = [*table.notes]
        self.bad: set[int] = set()
        self._told: set[tuple[int, str]] = set()

    def __len__(self) -> int:
        return len(self.table.numbers)

    def fault(self, row: int, key: str, wrong: Wrong) -> None:
        """Note a fault of a row (from 0) in the column of a key; of one cell the first is enough."""
        if (row, key) in self._told:
            return
        self._told.add((row, key))
        column = self.table.columns.get(key)
        cell = self.table.cells[key][row] if column else ""
        self.faults.append(
            self.table.fault(
                wrong.problem, wrong.expected, row=self.table.numbers[row], column=column, value=cell
            )
        )
        self.bad.add(row)

    def read(self, key: str, reader: Callable[[Cell], object]) -> list[object]:
        """Return what a reader makes of a column's cells; a missing column is all ``None``.

        A reader is told only of cells that hold something, and returns a value or a :class:`Wrong`.
        """
        if key not in self.table.columns:
            return [None] * len(self)
        is_required = self._is_required(key)

        def outcome(cell: Cell) -> object:
            if cell is None or (isinstance(cell, str) and not read_text(cell)):
                return EMPTY if is_required else None
            return unread_cell(cell) or reader(cell)

        values = read_each(self.table.cells[key], outcome)
        for row, value in enumerate(values):
            if isinstance(value, Wrong):
                self.fault(row, key, value)
                values[row] = None
        return values

    def _is_required(self, key: str) -> bool:
        kind = self.table.kind
        if key.startswith(INDICATOR):
            return False
        begun = [group for group in kind.either if key in group and set(group) <= set(self.table.columns)]
        return kind.column(key).is_required or bool(begun and begun[0] == self.position_columns())

    def position_columns(self) -> tuple[str, ...]:
        """Return the group of columns that gives positions: the first that is there in full."""
        there = set(self.table.columns)
        return next((group for group in self.table.kind.either if there.issuperset(group)), ())

    def dates(self, key: str, first: date, last: date | None) -> pd.Series:
        """Return a column as dates from a first to a last day; the column is judged as a whole besides."""
        epoch, is_end = self.table.grid.epoch, key in ("end", "due")
        days = self.read(key, lambda cell: date_cell(cell, first, last, epoch, is_end=is_end))
        cells = self.table.cells.get(key, ())
        for row, wrong in doubtful_days(cells, epoch):
            self.fault(row, key, wrong)
        for row, told in day_notes(cells, is_end=is_end):
            self.note(row, key, told)
        # pandas looks at every single Timestamp of a list; their nanoseconds go in as one array.
        stamps = [pd.NaT.value if day is None else day.value for day in days]  # type: ignore[attr-defined]
        return pd.Series(np.array(stamps, dtype="int64").view("datetime64[ns]"))

    def note(self, row: int, key: str, told: Message) -> None:
        """Note what was made of a cell of a row (from 0) in the column of a key."""
        column, number = self.table.columns[key], self.table.numbers[row]
        self.notes.append(self.table.note(told, row=number, column=column, value=self.table.cells[key][row]))

    def numbers(self, key: str, reader: Callable[[Cell], object]) -> pd.Series:
        """Return a column as numbers."""
        return pd.Series(self.read(key, reader), dtype="float64")

    def texts(self, key: str) -> pd.Series:
        """Return a column as free text without data of persons."""
        return pd.Series(self.read(key, free_text), dtype="str")

    def words(self, key: str, words: Words | None = None) -> pd.Series:
        """Return a column as values of the contract, by the words that stand for them."""
        among = words or self.table.kind.column(key).words
        known = {bare(word): value for value, spellings in among.items() for word in (value, *spellings)}
        shown = [spellings[0] for spellings in among.values()]
        return pd.Series(self.read(key, lambda cell: word_cell(cell, known, shown)), dtype="str")

    def sources(self) -> pd.Series:
        """Return each row's own source, or what stands for the batch."""
        return self.texts("source").fillna(THIS_BATCH)

    def wards(self, days: pd.Series) -> pd.DataFrame:
        """Return vintage and ward_code of each row for its day; missing where the row has a fault."""
        texts, districts = (pd.Series(self.read(key, read_text)).fillna("") for key in ("ward", "district"))
        iso = days.dt.strftime("%Y-%m-%d").astype("object")
        vintages = read_each(
            iso.where(iso.notna(), ""), lambda day: vintage_on(str(day), self.context.by_vintage)
        )
        asked = pd.DataFrame({"ward": texts, "district": districts, "vintage": vintages}, dtype="object")
        wanted = asked[(asked["ward"] != "") & asked["vintage"].notna()].drop_duplicates()
        found = self.context.find_wards(wanted)
        codes: list[str | None] = []
        told: set[FoundWard] = set()
        for row, key in enumerate(asked.itertuples(index=False, name=None)):
            outcome = found.get(key)
            if isinstance(outcome, WrongWard):
                self.fault(row, "district" if outcome.is_district and districts[row] else "ward", outcome)
            elif outcome is not None and outcome.told is not None and outcome not in told:
                told.add(outcome)
                self.note(row, "ward", outcome.told)
            codes.append(outcome.ward_code if isinstance(outcome, FoundWard) else None)
        return pd.DataFrame({"vintage": vintages, "ward_code": codes}, dtype="str")

    def refuse(self, rows: pd.Series, key: str, wrong: Callable[[int], Wrong] | Wrong) -> None:
        """Note a fault for each row of a mask."""
        for row in rows.fillna(False).to_numpy(dtype=bool).nonzero()[0].tolist():
            self.fault(row, key, wrong(row) if callable(wrong) else wrong)

    def refuse_repeated(self, keys: pd.DataFrame, recorded: pd.DataFrame, column: str) -> None:
        """Refuse rows whose key an earlier row has, or one that is recorded; rows with faults don't count."""
        good = keys[~keys.index.isin(self.bad)]
        first = good.reset_index().groupby(list(keys.columns), dropna=False)["index"].transform("min")
        earlier = pd.Series(first.to_numpy(), index=good.index)
        for row, origin in earlier[earlier.to_numpy() != good.index.to_numpy()].items():
            number = self.table.numbers[int(origin)]
            self.fault(
                int(str(row)), column, Wrong(message("repeats row {row}", row=number), message("once"))
            )
        if recorded.empty or good.empty:
            return
        both = pd.concat([recorded[list(keys.columns)].astype(keys.dtypes.to_dict()), good])
        is_double = pd.Series(both.duplicated().to_numpy()[len(recorded) :], index=good.index)
        problem = message("is recorded already")
        expected = message("only what is new; a file that was wrong is withdrawn first")
        self.refuse(is_double.reindex(keys.index, fill_value=False), column, Wrong(problem, expected))

    def check_persons(self) -> None:
        """Note columns that identify persons, and such texts in columns that are not read."""
        told = set(self.table.columns.values())
        for number, heading in self.table.headings.items():
            if number not in told and is_personal_heading(heading):
                self.faults.append(
                    self.table.fault(
                        message("is a column of personal data"),
                        message("sums by ward only; delete the column"),
                        row=self.table.heading_row,
                        column=number,
                        value=heading,
                    )
                )
                told.add(number)
        for number, cells in self.table.others.items():
            if number in told:
                continue
            is_money = is_money_heading(self.table.headings.get(number, ""))
            for row, outcome in enumerate(read_each(cells, partial(person_cell, is_money=is_money))):
                if isinstance(outcome, Wrong):
                    self.faults.append(
                        self.table.fault(
                            outcome.problem,
                            outcome.expected,
                            row=self.table.numbers[row],
                            column=number,
                            value=cells[row],
                        )
                    )
