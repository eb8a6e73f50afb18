"""Imports, withdraws and publishes the small city on a disk that refuses, a little later at each attempt.

Run: python -m tests.etl.disk_walk KINDS CITY FOLDER, where KINDS are some of these with commas:

`full` mounts a small disk over the folder, which needs a namespace of its own (``unshare -Urm``); `large`
limits the size of files; `refused` lets each opening for writing and each renaming fail in turn. What is
wrong is printed, a line each, and in the last line how many attempts failed and how many were done.
"""

import contextlib
import errno
import io
import os
import resource
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import typer

from etl.build import assemble
from etl.commands.terminal import BAD_INPUT, refusing
from etl.publish import publishing
from etl.store.audit import Actor
from etl.store.backup import table_digests
from etl.store.batch import Batch
from etl.store.database import database_of
from etl.store.submissions import Store
from geodata.contract.build_failure import read_failure
from geodata.contract.layers import write_layers
from geodata.contract.standing import is_proven
from geodata.disk import sha256, write_whole
from geodata.language import message
from tests.batch_files import inspections, write_file
from tests.conftest import AS_OF
from tests.small_city import SmallCity, site_of

A = Actor("a")
PAGE = 4096
DISK = 24 << 20
FULL = [one * PAGE for one in (0, 1, 3, 7)]
LARGE = [0, 300, 5000]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

Limit = Callable[[int], contextlib.AbstractContextManager[object]]


def main(kinds: str, city: Path, folder: Path) -> None:
    """Walk until everything has room, of each kind in turn."""
    if "full" in kinds:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
    site = site_of(SmallCity(city / "boundaries", city / "sources"), folder)
    (folder / "store" / "lost+found").mkdir(parents=True, mode=0o700)
    files = {
        name: write_file(folder / f"{name}.csv", name, inspection=inspections((f"2024-03-0{day}", "00001")))
        for day, name in enumerate(("full", "large", "refused", "whole"), start=1)
    }
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        publisher.build()
        ground = publisher.ground
    store = Store(database_of(site))
    walk = Walk(folder, site.published, store)
    layers: dict[str, pd.DataFrame] = {}
    for kind in kinds.split(","):
        limit = {"full": room(folder), "large": size_of_files, "refused": refused(folder)}[kind]
        sizes = {"full": FULL, "large": LARGE, "refused": range(99)}[kind]
        batch = changed(
            store, partial(walk.until_done, kind, limit, sizes), partial(store.add, *files[kind], A)
        )
        layers = layers or assemble(ground, AS_OF, batches=[batch])
        end = site.published.stat().st_size
        levels = sizes if kind == "refused" else [0, end // 3, end - PAGE]
        walk.until_done(kind, limit, levels, partial(write_layers, site.published, layers))
        walk.until_done(kind, limit, sizes, lambda: write_whole(site.state, b"{}" * 99))
        store.withdraw(batch.batch_id, "x", A)

    # The whole way, which has room for the batch alone: it stays, and the sign says that the map is behind.
    def whole() -> None:
        with publishing(site, AS_OF, with_illustrative=False) as publisher:
            publisher.add(*files["whole"], A)

    assert not walk.attempt(kind, limit, 60 if kind == "refused" else end // 2, whole)
    assert len(store.active()) == 1
    failure = read_failure(site.published)
    assert failure is not None
    assert " → " in failure.faults[0]
    print("failed and done:", walk.failed, walk.done)


def changed(
    store: Store, until_done: Callable[[Callable[[], object]], None], add: Callable[[], object]
) -> Batch:
    """Add, withdraw and restore a batch, and return it."""
    until_done(add)
    [batch] = store.active()
    until_done(lambda: store.withdraw(batch.batch_id, "x", A))
    assert not store.active()
    until_done(lambda: store.restore(batch.batch_id, A))
    [again] = store.active()
    assert again.received() == batch.received()
    assert len(batch.rows("inspection")) == 1
    return batch


class Walk:
    """Attempts on a disk that refuses: how many failed, and how many were done."""

    def __init__(self, folder: Path, published: Path, store: Store) -> None:
        self.folder, self.published, self.store = folder, published, store
        self.failed = self.done = 0

    def until_done(self, kind: str, limit: Limit, sizes: Iterable[int], change: Callable[[], object]) -> None:
        """Attempt a change with ever more room; each that fails leaves all as it was."""
        for size in [*sizes, DISK // 2]:
            before = self.state()
            if self.attempt(kind, limit, size, change):
                return
            after = self.state()
            if after != before:
                print(kind, size, "changed", set(after.items()) ^ set(before.items()))
        print(kind, "never done")

    def attempt(self, kind: str, limit: Limit, size: int, change: Callable[[], object]) -> bool:
        """Attempt a change, and return whether it was done; what is not right is printed."""
        told = io.StringIO()
        try:
            heading = partial(message, "Faults: {count}")
            with contextlib.redirect_stderr(told), refusing(lambda count: heading(count=count)), limit(size):
                change()
            self.done += 1
        except typer.Exit as end:
            self.failed += 1
            lines = told.getvalue().splitlines()
            is_right = end.exit_code == BAD_INPUT and lines[1:] and all(" → " in one for one in lines[1:])
            if not is_right or "Errno" in told.getvalue():
                print(kind, size, "told", lines)
            return False
        except BaseException:
            print(kind, size, traceback.format_exc().replace("\n", " | "))
            return False
        finally:
            for one in self.folder.rglob(".*"):
                print(kind, size, "left", one)
            is_proven(self.published)
        return True

    def state(self) -> dict[str, str]:
        """Return what all files hold that hold anything; not the checksum, which may list a sum too many."""
        home = self.store.database.home
        files = (one for one in self.folder.rglob("*") if one.is_file() and one.suffix != ".sha256")
        held = {str(one): sha256(one) for one in files if one.stat().st_size and one.parent != home}
        with self.store.database.read() as connection:
            return held | table_digests(connection)[1]


def room(folder: Path) -> Limit:
    """Return what leaves a disk so many bytes, by a file that takes the rest."""

    @contextlib.contextmanager
    def limit(size: int) -> Iterator[None]:
        filler = folder / "filler"
        free = shutil.disk_usage(folder).free
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - size, 1))
        try:
            yield
        finally:
            filler.unlink()

    return limit


@contextlib.contextmanager
def size_of_files(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refused(folder: Path) -> Limit:
    """Return what refuses the next change of a folder after so many, and all that follow."""
    left: list[int] = []

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if not left or not str(arguments[0] if arguments else "").startswith(str(folder)):
            return
        is_write = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITES)
        if is_write or event in ("os.rename", "os.mkdir", "tempfile.mkstemp", "os.chmod"):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.EROFS, "read-only", str(arguments[0]))

    sys.addaudithook(look)

    @contextlib.contextmanager
    def limit(count: int) -> Iterator[None]:
        left.append(count)
        try:
            yield
        finally:
            left.clear()

    return limit


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
