"""The facts of a build: the register's, those of the batches, and illustrative ones where neither has any.

Tables are frames by the name of their layer.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from etl.register.tables import Register
from etl.store.batch import Batch, rows_of
from etl.store.entering import shown_value
from etl.store.submissions import BATCH_LAYERS
from geodata.contract.errors import Fault, JoinError
from geodata.contract.layers import LAYERS, empty
from geodata.language import message
from geodata.wards.succession import heirs, last_heir
from geodata.wards.units import are_among

IMPORTED = ("source", *BATCH_LAYERS)
"""The layers of which batches hold rows."""

REFERENCES = (
    *((name, "source", "source", "source_id") for name in BATCH_LAYERS),
    ("inspection", "criteria_set", "criteria_set", "criteria_set"),
    ("inspection", "round_id", "inspection_round", "round_id"),
    ("criterion_result", "inspection_id", "inspection", "inspection_id"),
    ("recommendation", "inspection_id", "inspection", "inspection_id"),
    ("indicator_value", "indicator_code", "indicator", "indicator_code"),
    ("event_task", "event_id", "event", "event_id"),
)
"""Columns that name a row of another layer: layer, column, other layer, its column. Empty cells name none."""

WARD = ["vintage", "ward_code"]
INDICATOR = [*WARD, "indicator_code"]

SUBJECTS = {"inspection": [*WARD, "inspection_date"], "station": WARD}
"""What an illustrative row would show a second time, were there a real one of the same."""


def with_batches(register: Register, batches: Sequence[Batch], vintages: Sequence[str]) -> Register:
    """Return the register with the rows of batches, every reference checked.

    A row on a ward of a vintage without boundaries goes to the next vintage that has some, if its ward
    passed into it undivided and under its name: an indicator only if nothing was joined to the ward besides.
    Else it keeps its own vintage, where no map shows it until there are boundaries.

    Parameters
    ----------
    register
        See `etl.register.tables.read_register`; its own facts are in their places.
    batches
        The batches in force.
    vintages
        The vintages that have boundaries.

    Raises
    ------
    JoinError
        With a fault for each value that names a row that is not there, and each key that occurs twice.
    """
    rows = {name: rows_of(batches, name) for name in IMPORTED}
    owner = {
        name: np.repeat([batch.title for batch in batches], [b.row_counts.get(name, 0) for b in batches])
        for name in IMPORTED
    }
    facts = dict(register)
    for name in IMPORTED:
        facts[name] = joined(register.get(name, empty(name)), rows[name])
    faults = [
        *_reference_faults(rows, owner, facts),
        *_ward_faults(rows, owner, register["unit"]),
        *_key_faults(register, rows, owner),
    ]
    if faults:
        raise JoinError(faults)
    for name, frame in rows.items():
        if "ward_code" in frame and len(frame):
            placed = _placed(frame, register, vintages, alone=name == "indicator_value")
            facts[name] = joined(register.get(name, empty(name)), placed)
    return facts


def with_illustrative(facts: Register, illustrative: Mapping[str, pd.DataFrame]) -> Register:
    """Return facts with illustrative rows where there are no real ones.

    An illustrative row goes if a real one has its key or its subject (`SUBJECTS`), an indicator if a real
    value of the ward covers a part of its period, and with an inspection goes what hangs on it.
    """
    rows = dict(illustrative)
    for name, frame in rows.items():
        rows[name] = _without(frame, facts[name], list(LAYERS[name].key))
    for name, subject in SUBJECTS.items():
        if name in rows:
            rows[name] = _without(rows[name], facts[name], subject)
    if "indicator_value" in rows:
        rows["indicator_value"] = _without_overlap(rows["indicator_value"], facts["indicator_value"])
    if "inspection" in rows:
        kept = rows["inspection"]["inspection_id"]
        for name in ("criterion_result", "recommendation"):
            if name in rows:
                rows[name] = rows[name][rows[name]["inspection_id"].isin(kept)]
    return facts | {name: joined(facts[name], frame) for name, frame in rows.items()}


def joined(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of two frames of one layer, one after the other."""
    frames = [frame for frame in (first, second) if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else first


def _without(rows: pd.DataFrame, real: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return the rows whose key no real row has."""
    if real.empty:
        return rows
    return rows[~are_among(rows[key], real[key])]


def _without_overlap(rows: pd.DataFrame, real: pd.DataFrame) -> pd.DataFrame:
    """Return the values whose period no real value of the same ward and indicator touches."""
    if real.empty or rows.empty:
        return rows
    begun = real[[*INDICATOR, "period_start", "period_end"]].sort_values("period_start")
    # The last day covered by any of the periods that began up to here, not just by the latest of them.
    covered = begun.assign(covered_to=begun.groupby(INDICATOR)["period_end"].cummax())
    asked = rows[[*INDICATOR, "period_start", "period_end"]].assign(row=np.arange(len(rows)))
    found = pd.merge_asof(
        asked.sort_values("period_end"),
        covered.drop(columns="period_end").rename(columns={"period_start": "began"}),
        left_on="period_end",
        right_on="began",
        by=INDICATOR,
    ).sort_values("row")
    return rows[~(found["covered_to"] >= found["period_start"]).to_numpy()]


def _placed(frame: pd.DataFrame, register: Register, vintages: Sequence[str], *, alone: bool) -> pd.DataFrame:
    away = frame["vintage"].notna() & frame["ward_code"].notna() & ~frame["vintage"].isin(vintages)
    if not away.any():
        return frame
    heir_of = heirs(register["unit_succession"], register["unit"])
    moves = {}
    for ward in frame.loc[away, WARD].drop_duplicates().itertuples(index=False, name=None):
        heir = last_heir(heir_of, ward, vintages)
        moves[ward] = ward if heir is None or (alone and heir[2]) else heir[:2]
    wards = [moves[ward] for ward in frame.loc[away, WARD].itertuples(index=False, name=None)]
    placed = frame.copy()
    placed.loc[away, WARD] = np.array(wards, dtype=object)
    return placed


def _reference_faults(
    rows: Mapping[str, pd.DataFrame], owner: Mapping[str, np.ndarray], facts: Register
) -> list[Fault]:
    faults: list[Fault] = []
    for name, column, other, other_column in REFERENCES:
        values = rows[name][column]
        lost = (values.notna() & ~values.isin(facts[other][other_column])).to_numpy()
        for title, value in _distinct(owner[name][lost], values[lost].tolist()):
            faults.append(
                Fault(
                    title,
                    value,
                    message("is not in {file}", file=other),
                    message("a row of {layer} in the register or in a batch in force", layer=other),
                    column=f"{name}.{column}",
                )
            )
    return faults


def _ward_faults(
    rows: Mapping[str, pd.DataFrame], owner: Mapping[str, np.ndarray], units: pd.DataFrame
) -> list[Fault]:
    known = set(units[WARD].itertuples(index=False, name=None))
    faults: list[Fault] = []
    for name, frame in rows.items():
        if "ward_code" not in frame:
            continue
        named = frame[WARD].assign(title=owner[name]).dropna().drop_duplicates()
        faults += [
            Fault(
                title,
                code,
                message("is no ward of the vintage {vintage}", vintage=vintage),
                message("a ward code of that vintage"),
                column=f"{name}.ward_code",
            )
            for vintage, code, title in named.itertuples(index=False, name=None)
            if (vintage, code) not in known
        ]
    return faults


def _key_faults(
    register: Register, rows: Mapping[str, pd.DataFrame], owner: Mapping[str, np.ndarray]
) -> list[Fault]:
    faults: list[Fault] = []
    for name, frame in rows.items():
        key = list(LAYERS[name].key)
        before = register.get(name, empty(name))[key]
        double = pd.concat([before, frame[key]]).duplicated().to_numpy()[len(before) :]
        shown = ["/".join(map(shown_value, values)) for values in frame.loc[double, key].to_numpy()]
        for title, value in _distinct(owner[name][double], shown):
            problem = message("stands in the register or in another batch already")
            column = f"{name}.{', '.join(key)}"
            faults.append(Fault(title, value, problem, message("a key that occurs once"), column=column))
    return faults


def _distinct(titles: np.ndarray, values: Sequence[str]) -> list[tuple[str, str]]:
    return sorted(set(zip(titles.tolist(), values, strict=True)))
