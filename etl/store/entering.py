"""What rows must be to enter the store: new, and each with its source."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from etl.store.batch import Batch
from geodata.clock import VIETNAM
from geodata.contract.errors import Fault, JoinError
from geodata.contract.layers import LAYERS, check
from geodata.language import message

NOT_STATED = "Chưa khai báo"
"""The publisher of a source that names none."""

THIS_BATCH = "batch"
"""What stands in the column ``source`` of an imported row that names no source of its own."""


def shown_value(value: object) -> str:
    """Return a value of a key as a fault shows it."""
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def with_sources(rows: Mapping[str, pd.DataFrame], batch: Batch) -> dict[str, pd.DataFrame]:
    """Return rows whose ``source`` names rows of the layer ``source``, these included.

    The batch itself is one source, and every text that rows give as theirs is one more.

    Parameters
    ----------
    rows
        Tidy rows by layer, as `Imported` has them.
    batch
        The batch that they are to be.
    """
    texts = pd.concat([frame["source"] for frame in rows.values()] or [pd.Series(dtype="str")])
    named = [text for text in texts.dropna().unique() if text != THIS_BATCH]
    own = f"batch-{batch.batch_id}"
    ids = {THIS_BATCH: own} | {text: f"{own}-{number}" for number, text in enumerate(named, start=1)}
    sources = pd.DataFrame(
        {
            "source_id": list(ids.values()),
            "title": [batch.file, *named],
            "publisher": batch.body or NOT_STATED,
            "published": pd.Timestamp(datetime.fromisoformat(batch.at).astimezone(VIETNAM).date()),
            "locator": f"{batch.file}, SHA-256 {batch.sha256}",
        }
    ).reindex(columns=list(LAYERS["source"].columns))
    # What a row cites was published by somebody else, on a day that the file does not say.
    cited = sources["source_id"] != own
    sources.loc[cited, "publisher"] = NOT_STATED
    sources.loc[cited, "published"] = pd.NaT
    pointed = {name: frame.assign(source=frame["source"].map(ids)) for name, frame in rows.items()}
    return pointed | {"source": check("source", sources)}


def imported_before(file: str, batch: Batch) -> Fault:
    """Return the fault of a file that is a batch already."""
    day = f"{datetime.fromisoformat(batch.at).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    if batch.is_withdrawn:
        return Fault(
            file,
            "",
            message(
                "was imported on {day} as batch {batch} and withdrawn since", day=day, batch=batch.batch_id
            ),
            message("“pilot-wards restore {batch}”, if it is to count again", batch=batch.batch_id),
        )
    problem = message("was imported on {day} as batch {batch}", day=day, batch=batch.batch_id)
    return Fault(file, "", problem, message("a file that has not been imported yet"))


def refuse_doubles(file: str, rows: Mapping[str, pd.DataFrame], active: Sequence[Batch]) -> None:
    """Check that no batch in force holds a key of these rows.

    Raises
    ------
    JoinError
        With a fault for each batch and layer; it names the first of the keys.
    """
    faults: list[Fault] = []
    for name, frame in rows.items():
        key = list(LAYERS[name].key)
        ours = frame[key]
        for batch in active:
            theirs = batch.keys(name)
            double = pd.concat([theirs, ours], ignore_index=True).duplicated(key).iloc[len(theirs) :]
            if double.any():
                first = ours.loc[double.to_numpy()].iloc[0]
                faults.append(
                    Fault(
                        file,
                        "/".join(map(shown_value, first)),
                        message(
                            "rows of {layer} that batch {batch} holds already: {count}",
                            layer=name,
                            batch=batch.title,
                            count=int(double.sum()),
                        ),
                        message("rows that are new; withdraw that batch first to replace it"),
                        column=", ".join(key),
                    )
                )
    if faults:
        raise JoinError(faults)
