"""Kill two writers at random moments, again and again: ``python -m tests.soak.kill --count 500``.

A small workbook is imported into the small city by a process of its own, while another one withdraws or
restores a batch, builds, or copies the store; both die by SIGKILL between the import's first step and its
last one. Each time the store has to have no fault, every earlier batch has to be as it was, the batch at hand
whole or not there, the GeoPackage readable and as it was before or as it should be after, and a copy that is
there can be restored.
"""

import argparse
import hashlib
import multiprocessing
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from etl.store import verify
from etl.store.audit import Actor
from etl.store.backup import restore
from etl.store.batch import Batch, rows_of
from etl.store.database import database_of
from etl.store.submissions import Store
from geodata.contract.layers import LAYERS, read_layer
from geodata.settings import Settings
from tests.small_city import site_of, write_small_city
from tests.soak.one_import import ROWS, change, import_file, write_workbook

BATCHES_PER_STORE, FILES_PER_STORE = 25, 100
"""So many kills happen to one store, each to what the last one left; then a new one begins."""

FIRST_GUESS = 2.0
"""Seconds that an import takes from its beginning, and from when its file is read."""


@dataclass(frozen=True)
class Trial:
    """What came of one kill.

    Attributes
    ----------
    was_killed
        The import had not come to its end.
    entered, published
        Whether the batch is in the store, and in the GeoPackage.
    """

    was_killed: bool
    entered: bool
    published: bool


def published_batches(site: Settings) -> set[str]:
    """Return the batches in the GeoPackage, readable in every layer and agreeing with them."""
    with closing(sqlite3.connect(f"file:{site.published}?mode=ro", uri=True)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    layers = {name: read_layer(site.published, name) for name in LAYERS}
    inputs = layers["build"]["input"].str.split(" ")
    shown = {words[1] for words in inputs if words[0] == "batch"}
    batches = [batch for batch in batches_of(site) if batch.batch_id in shown]
    assert {batch.batch_id for batch in batches} == shown
    values = layers["indicator_value"]
    real = values[~values["is_illustrative"]]
    expected = rows_of(batches, "indicator_value")
    pd.testing.assert_frame_equal(
        real.reset_index(drop=True),
        expected.sort_values(list(LAYERS["indicator_value"].key), ignore_index=True),
    )
    return shown


def batches_of(site: Settings) -> list[Batch]:
    """Return the batches of an installation's store, which has no fault."""
    database = database_of(site)
    faults = [fault.render("en") for fault in verify.faults(database, site.published)]
    assert not faults, faults
    return Store(database).batches()


def held(batch: Batch) -> tuple[bytes, ...]:
    """Return all that a batch holds."""
    return batch.received(), *(batch.content(layer)[0] for layer in sorted(batch.row_counts))


def contents(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Soak:
    """Kills upon kills, each on a store that has gone through the ones before it.

    Parameters
    ----------
    folder
        An empty folder to work in.
    seed
        The same seed draws the same moments.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.city = write_small_city(folder / "city")
        self.stores = 0
        self.seconds = {1: FIRST_GUESS, 2: FIRST_GUESS}
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.soak.one_import"])
        self.new_store()

    def new_store(self) -> None:
        """Begin a store with three batches."""
        self.stores += 1
        self.number = 0
        place = self.folder / str(self.stores)
        self.site = site_of(self.city, place)
        for _ in range(3):
            self.start(signals=2)
            self.process.join()
            assert self.process.exitcode == 0
        self.shown = published_batches(self.site)

    def start(self, signals: int) -> tuple[float, Path]:
        """Start an import of a new file in a process of its own.

        Returns when it had told so many of its steps, and the file.
        """
        self.number += 1
        path = self.folder / f"{self.stores}-{self.number}.xlsx"
        write_workbook(path, self.number)
        self.steps, there = self.context.Pipe(duplex=False)
        self.process = self.context.Process(target=import_file, args=(self.site, path, there))
        self.process.start()
        there.close()
        for _ in range(signals):
            self.steps.recv()
        return time.monotonic(), path

    def trial(self) -> Trial:
        """Kill an import and what another process does beside it, and check what they left.

        Raises
        ------
        AssertionError
            Something was lost, or is neither as before nor as after.
        """
        batches = batches_of(self.site)
        if len(batches) >= BATCHES_PER_STORE or self.number >= FILES_PER_STORE:
            self.new_store()
            batches = batches_of(self.site)
        before = {batch.batch_id: held(batch) for batch in batches}
        active = {batch.batch_id for batch in batches if not batch.is_withdrawn}
        what, batch_id = self.drawn_change(batches)
        copy = self.folder / f"copy-{self.stores}-{self.number}"
        other = self.context.Process(target=change, args=(self.site, what, batch_id, copy))
        # Half of the moments lie anywhere, half after the file is read, when there is something to lose.
        signals = self.random.choice([1, 2])
        other.start()
        began, path = self.start(signals)
        moment = self.random.uniform(0, self.seconds[signals])
        self.process.join(max(0.0, began + moment - time.monotonic()))
        taken = time.monotonic() - began
        for process in (self.process, other):
            process.kill()
        for process in (self.process, other):
            process.join()
            assert process.exitcode in (-signal.SIGKILL, 0)
        was_killed = self.process.exitcode != 0

        batches = batches_of(self.site)
        assert {b.batch_id: held(b) for b in batches if b.batch_id in before} == before
        new = [batch for batch in batches if batch.batch_id not in before]
        for batch in new:
            assert batch.received() == path.read_bytes()
            assert batch.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
            assert len(batch.rows("indicator_value")) == ROWS
        assert len(new) <= 1
        after = {batch.batch_id for batch in batches if not batch.is_withdrawn}
        changed = active ^ {batch_id} if what in ("withdraw", "restore") else active
        entered = {batch.batch_id for batch in new}
        assert after in (active | entered, changed | entered)
        shown = published_batches(self.site)
        assert shown in (self.shown, active, changed, active | entered, changed | entered)
        is_as_before, self.shown = shown == self.shown, shown
        # What was told to be done is done.
        if not was_killed:
            assert new
            assert entered <= shown
        if other.exitcode == 0:
            assert after == changed | entered
            if what == "backup":
                self.check_copy(copy)
        elif copy.exists():
            self.check_copy(copy)
        # What else runs on the machine makes imports longer and shorter; the moments follow.
        if not was_killed:
            self.seconds[signals] = 1.05 * taken
        elif not new:
            self.seconds[signals] *= 1.05
        return Trial(was_killed, bool(new), not is_as_before)

    def drawn_change(self, batches: list[Batch]) -> tuple[str, str]:
        """Return what the other process does, and with which batch."""
        batch = self.random.choice(batches)
        change = "restore" if batch.is_withdrawn else "withdraw"
        return self.random.choice([change, "build", "backup"]), batch.batch_id

    def check_copy(self, copy: Path) -> None:
        """Check that a copy that is there can be restored, every row compared."""
        home = copy.with_name(f"{copy.name}-home")
        restore(copy, "", home, Actor("kill"))
        shutil.rmtree(home)
        copy.unlink()

    def finish(self) -> None:
        """Import one more file undisturbed: it and everything before it is shown, and no litter stays."""
        self.start(signals=2)
        self.process.join()
        assert self.process.exitcode == 0
        shown = published_batches(self.site)
        assert shown == {b.batch_id for b in batches_of(self.site) if not b.is_withdrawn}
        for folder in (self.site.home, self.site.published.parent):
            assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def soak(folder: Path, count: int, seed: int, told: Callable[[int], None] = lambda _: None) -> Counter[Trial]:
    """Kill so many imports and return what came of them."""
    run = Soak(folder, seed)
    outcomes: Counter[Trial] = Counter()
    while sum(number for trial, number in outcomes.items() if trial.was_killed) < count:
        outcomes[run.trial()] += 1
        told(outcomes.total())
    run.finish()
    return outcomes


def main() -> None:
    """Read the command line and print what came of the kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = soak(
            Path(folder), arguments.count, arguments.seed, lambda n: print(f"\r{n}", end="", flush=True)
        )
    print()
    for trial, number in sorted(outcomes.items(), key=lambda item: -item[1]):
        print(f"{number:5} {trial}")


if __name__ == "__main__":
    main()
