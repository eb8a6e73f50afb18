"""What the tidying of all kinds of tables shares."""

import hashlib
from collections.abc import Callable

import pandas as pd

from etl.spreadsheets.cell_rules import Wrong
from etl.spreadsheets.reading import Context, Reading
from geodata.contract.layers import LAYERS
from geodata.language import message
from geodata.wards.names import bare, fold


class Inspections:
    """The inspections that results and recommendations may name: those recorded, and those of the file."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.known = [context.recorded("inspection")]
        self.has_unread = context.has_unread

    def add(self, frame: pd.DataFrame, *, has_unread: bool) -> None:
        """Take in the inspections of a table of the file, some of which could perhaps not be read."""
        self.known.append(frame)
        self.has_unread = self.has_unread or has_unread

    def find(self, reading: Reading, days: pd.Series, wards: pd.DataFrame, sets: pd.Series) -> pd.Series:
        """Return the inspection_id of each row; a row that names none, or several, is a fault.

        Of a row that may name an inspection which could not be read itself nothing is said.
        """
        columns = ["vintage", "ward_code", "inspection_date", "kind", "criteria_set", "inspection_id"]
        known: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
        for frame in self.known:
            for vintage, code, day, *rest in frame[columns].itertuples(index=False, name=None):
                known.setdefault((vintage, code, day), []).append(tuple(rest))
        kinds = reading.words("kind") if "kind" in reading.table.columns else pd.Series([None] * len(reading))
        ids: list[object] = []
        rows = zip(wards["vintage"], wards["ward_code"], days, kinds, sets, strict=True)
        for row, (vintage, code, day, kind, criteria_set) in enumerate(rows):
            ids.append(None)
            if pd.isna(code) or pd.isna(day):
                continue
            held = known.get((vintage, code, day), [])
            if not pd.isna(kind):
                held = [inspection for inspection in held if inspection[0] == kind]
            if len(held) > 1 and not pd.isna(criteria_set):
                held = [inspection for inspection in held if inspection[1] == criteria_set]
            if len(held) == 1:
                ids[row] = held[0][2]
                self._check_set(reading, row, held[0][1], criteria_set)
            elif held:
                expected = message("a column “Hình thức” that says which one")
                reading.fault(
                    row, "date", Wrong(message("the ward had several inspections that day"), expected)
                )
            elif not self.has_unread:
                expected = message("the inspection in a sheet “Kiểm tra” of this file, or imported before")
                reading.fault(row, "date", Wrong(message("the ward had no inspection that day"), expected))
        return pd.Series(ids, dtype="str")

    @staticmethod
    def _check_set(reading: Reading, row: int, inspected: object, said: object) -> None:
        if pd.isna(said) or inspected == said:  # type: ignore[call-overload]
            return
        if pd.isna(inspected):  # type: ignore[call-overload]
            expected = message("the set of criteria in the row of the inspection")
            reading.fault(
                row, "criteria_set", Wrong(message("the inspection names no set of criteria"), expected)
            )
        else:
            problem = message("is not the set of criteria of the inspection")
            reading.fault(row, "criteria_set", Wrong(problem, message("{names}", names=inspected)))


Rows = dict[str, pd.DataFrame]


def layer_rows(layer: str, **columns: object) -> pd.DataFrame:
    """Return rows of a layer; columns that are not given are missing."""
    frame = pd.DataFrame(columns).assign(**{"is_illustrative": False})
    return frame.reindex(columns=list(LAYERS[layer].columns))


def each(texts: pd.Series, make: Callable[[str], str]) -> pd.Series:
    """Return what is made of each text; a missing one stays so."""
    return pd.Series([None if pd.isna(text) else make(text) for text in texts], dtype="str")


def slug(text: str) -> str:
    """Return the words of a text as a part of a key."""
    return "-".join(bare(word) for word in text.split())


def digest(text: str) -> str:
    """Return a short key of a text that is the same for all spellings that differ in nothing that matters."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:8]


def criteria_sets(reading: Reading) -> pd.Series:
    """Return the column of criteria sets: a set by its key, name or instrument."""
    sets = reading.context.criteria_sets
    words = {
        str(key): tuple(str(name) for name in (key, *names) if not pd.isna(name))
        for key, *names in sets[["criteria_set", "criteria_set_name", "instrument"]].itertuples(index=False)
    }
    return reading.words("criteria_set", words)
