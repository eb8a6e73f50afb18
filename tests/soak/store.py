"""Forgeries of the store: each has to be noticed. ``python -m tests.soak.store --count 10000`` tries so many.

Each is made from a number, so that one that fails can be made again with ``--first``; ``--postgresql`` tries
them there. Whoever forges may do all that the database's administrator may: triggers and foreign keys are
switched off meanwhile. What is spared is when a session was last seen, which the program itself changes
without an entry.
"""

import argparse
import hashlib
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from etl.build import build_rows
from etl.store import audit, publications, second_factor, tables, triggers, verify
from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.backup import table_digests
from etl.store.database import HEAD_FILE, PRAGMAS, SQLITE_FILE, Database, open_database, stamp
from etl.store.seals import digest
from etl.store.sessions import Sessions
from etl.store.submissions import Store
from etl.store.tables import setting
from geodata.clock import now
from geodata.contract.errors import GeodataError
from geodata.contract.layers import write_layers
from tests.batch_files import fires, write_file
from tests.databases import Cluster, running_cluster

ME = Actor("system:soak")
SPARED = {"session.seen_at"}
NEW_TEXT, PASSWORD = "forged", "Hoa-phượng-2026"


@dataclass(frozen=True)
class Place:
    """A store that a forger has: where its database is, and its home."""

    url: str
    home: Path

    @property
    def published(self) -> Path:
        """Its published file."""
        return self.home / "built.gpkg"

    def opened(self) -> Database:
        """Return its database."""
        return open_database(self.url, self.home)


def fill(place: Place) -> None:
    """Fill a store with some of everything."""
    with closing(place.opened()) as database:
        store = Store(database)
        ids = []
        for number in range(3):
            rows = fires((f"2024-0{number + 1}", number), (f"2025-0{number + 1}", 7))
            file = write_file(place.home / f"{number}.csv", f"file {number}", indicator_value=rows)
            ids.append(store.add(*file, ME, body="Công an phường"))
        store.withdraw(ids[0], "x", ME)
        store.withdraw(ids[1], "x", ME)
        store.restore(ids[1], ME)
        accounts = Accounts(database)
        for name, right in (("an", Right("view")), ("bình", Right("administer")), ("chi", Right("submit"))):
            found = accounts.add(
                name, [right, Right("view", "ward", "v", "1")], ME, password="Hoa-phượng-2026"
            )
            second_factor.enrol(accounts, found, ME)
            Sessions(database).begin(found, "password", "10.0.0.1", "Firefox")
        for name in ("limit", "basis"):
            with audit.changing(database, f"setting:{name}") as connection:
                connection.execute(
                    setting.insert().values(name=name, value="30", at=stamp(), by_account="an")
                )
                audit.append(connection, ME, "setting.set", f"setting:{name}")
        for number in range(2):
            publish(database, place.published, number)
        shutil.copy(place.published, place.home / "newest.gpkg")
        # An older file and one that was never published, to be put in its place.
        write_layers(place.home / "other.gpkg", build_layer(str(verify.published_head(place.published)), 9))
        with database.write() as connection:
            audit.append(connection, Actor("an", "10.0.0.1"), "download", "view")


def build_layer(head: str, number: int) -> dict[str, pd.DataFrame]:
    """Return a build of one input, so that there is something to publish."""
    read = pd.DataFrame({"input": [f"input {number}"], "sha256": ["0" * 64]})
    return {"build": build_rows(read, now(), pd.Timestamp("2025-12-31")).assign(audit_head=head)}


def publish(database: Database, file: Path, number: int) -> None:
    """Publish a file as the program does."""
    with database.read() as connection:
        head = str(audit.head(connection))
    if file.exists():
        shutil.copy(file, file.with_name("older.gpkg"))
    noted = []

    def note(part: Path) -> None:
        inputs = [(f"input {number}", "0" * 64)]
        noted.append(publications.prepare(database, ME, file, part, f"build {number}", inputs))

    write_layers(file, build_layer(head, number), ready=note)
    publications.become(database, ME, noted[0], "published")


class Forger:
    """Forges one thing in a store.

    Parameters
    ----------
    place
        The store.
    draw
        Draws what is forged.
    """

    def __init__(self, place: Place, draw: random.Random) -> None:
        self.place = place
        self.draw = draw
        self.kinds: tuple[Callable[[sa.Connection], str], ...] = (
            self.change,
            self.change,
            self.change,
            self.cut,
            self.delete,
            self.insert,
            self.reorder,
            self.replace,
            self.promote,
            self.cut_tail,
        )

    def forge(self) -> str:
        """Forge something, and return what."""
        chance = self.draw.random()
        if chance < 0.1:
            return self.forge_file()
        if chance < 0.2 and not self.place.url:
            return self.flip_a_bit_on_the_disk()
        while True:
            try:
                return self.in_database(self.draw.choice(self.kinds))
            except (sa.exc.DBAPIError, IndexError):
                continue  # the database itself refuses it, or there is nothing to do it to

    def in_database(self, act: Callable[[sa.Connection], str]) -> str:
        """Act as an administrator to whom no trigger and no foreign key applies."""
        with closing(self.place.opened()) as database, database.engine.connect() as connection:
            if database.is_sqlite:
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA foreign_keys=OFF")
                cursor.execute("PRAGMA ignore_check_constraints=ON")
            with connection.begin():
                if database.is_sqlite:
                    triggers.drop(connection)
                    told = act(connection)
                    if self.draw.random() < 0.9:
                        triggers.make(connection)
                else:
                    connection.exec_driver_sql("SET session_replication_role = replica")
                    told = act(connection)
        return told

    def pick(self, connection: sa.Connection) -> tuple[sa.Table, sa.Column[Any], list[Any], Any]:
        """Return a table, a column of it, the keys of its rows, and one of those."""
        table = self.draw.choice(list(tables.metadata.sorted_tables))
        column = self.draw.choice([one for one in table.columns if str(one) not in SPARED])
        keys = list(table.primary_key.columns)
        rows = connection.execute(sa.select(*keys).order_by(*keys)).all()
        return table, column, list(rows), self.draw.choice(rows)

    def change(self, connection: sa.Connection) -> str:
        """Change one value a little."""
        table, column, _, key = self.pick(connection)
        value = connection.scalar(sa.select(column).where(at(table, key)))
        return self.put(connection, table, column, key, self.other(value, column))

    def cut(self, connection: sa.Connection) -> str:
        """Cut something off a text or a content."""
        table, column, _, key = self.pick(connection)
        value = connection.scalar(sa.select(column).where(at(table, key)))
        if not isinstance(value, str | bytes) or not value:
            raise IndexError
        return self.put(connection, table, column, key, value[: self.draw.randrange(len(value))])

    def delete(self, connection: sa.Connection) -> str:
        """Delete a row."""
        table, _, _, key = self.pick(connection)
        connection.execute(table.delete().where(at(table, key)))
        return f"delete {table.name} {tuple(key)}"

    def insert(self, connection: sa.Connection) -> str:
        """Insert a row like another one, under another key."""
        table, _, _, key = self.pick(connection)
        row = dict(connection.execute(sa.select(table).where(at(table, key))).mappings().one())
        column = self.draw.choice(list(table.primary_key.columns))
        row[column.name] = self.other(row[column.name], column)
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint):
                row |= {one.name: self.other(row[one.name], one) for one in constraint.columns}
        connection.execute(table.insert().values(row))
        return f"insert {table.name} {tuple(key)}"

    def reorder(self, connection: sa.Connection) -> str:
        """Let two rows change places, but for their keys."""
        table, column, keys, one = self.pick(connection)
        other = self.draw.choice([key for key in keys if key != one])
        values = [connection.scalar(sa.select(column).where(at(table, key))) for key in (one, other)]
        if values[0] == values[1] or column.primary_key or column.unique:
            raise IndexError
        self.put(connection, table, column, one, values[1])
        return self.put(connection, table, column, other, values[0])

    def replace(self, connection: sa.Connection) -> str:
        """Replace a content, and its SHA-256 with it."""
        table, name = self.draw.choice([(tables.submission, "file"), (tables.submission_rows, "content")])
        keys = connection.execute(sa.select(*table.primary_key.columns)).all()
        key = self.draw.choice(keys)
        content = NEW_TEXT.encode() + self.draw.randbytes(8)
        values = {name: content, "sha256": hashlib.sha256(content).hexdigest()}
        connection.execute(table.update().where(at(table, key)).values(values))
        return f"replace {table.name}.{name} {tuple(key)}"

    def promote(self, connection: sa.Connection) -> str:
        """Give an account a right, or a submission a state."""
        if self.draw.random() < 0.5:
            owner = self.draw.choice(connection.scalars(sa.select(tables.account.c.account_id)).all())
            right = {"account_id": owner, "role": "administer", "area": "city", "vintage": "", "code": "x"}
            connection.execute(tables.account_right.insert().values(right))
            return f"promote {owner}"
        key = self.draw.choice(connection.scalars(sa.select(tables.submission.c.submission_id)).all())
        own = tables.submission.c.submission_id == key
        before = connection.scalar(sa.select(tables.submission.c.state).where(own))
        state = "published" if before == "withdrawn" else "withdrawn"
        connection.execute(tables.submission.update().where(own).values(state=state))
        return f"promote {key} to {state}"

    def cut_tail(self, connection: sa.Connection) -> str:
        """Cut entries off the end of the log; sometimes what they tell of goes too."""
        head = audit.head(connection)
        first = self.draw.randint(max(2, head.number - 12), head.number)
        connection.execute(tables.audit.delete().where(tables.audit.c.number >= first))
        return f"cut the log from {first} of {head.number}"

    def put(
        self,
        connection: sa.Connection,
        table: sa.Table,
        column: sa.Column[Any],
        key: Sequence[Any],
        value: Any,
    ) -> str:
        """Put a value into a row."""
        connection.execute(table.update().where(at(table, key)).values({column.name: value}))
        return f"set {column} of {tuple(key)} to {value!r:.60}"

    def other(self, value: Any, column: sa.Column[Any]) -> Any:
        """Return a value that is another one."""
        if isinstance(value, bytes):
            place = self.draw.randrange(len(value))
            return value[:place] + bytes([value[place] ^ 1 << self.draw.randrange(8)]) + value[place + 1 :]
        if isinstance(value, int):
            return value + self.draw.choice([-1, 1, 1000])
        if value is None:
            return 7 if isinstance(column.type, sa.BigInteger) else NEW_TEXT
        if not value or self.draw.random() < 0.1:
            return value + NEW_TEXT
        place = self.draw.randrange(len(value))
        return value[:place] + self.draw.choice([c for c in "0aZ-" if c != value[place]]) + value[place + 1 :]

    def forge_file(self) -> str:
        """Forge a file beside the database."""
        published, noted = self.place.published, self.place.home / HEAD_FILE
        act = self.draw.randrange(6)
        if act == 0:
            flipped = bytearray(published.read_bytes())
            flipped[self.draw.randrange(len(flipped))] ^= 1 << self.draw.randrange(8)
            _rewrite(published, bytes(flipped))
        elif act == 1:
            content = published.read_bytes()
            _rewrite(published, content[: self.draw.randrange(len(content))])
        elif act == 2:
            shutil.copy(self.place.home / self.draw.choice(["older.gpkg", "other.gpkg"]), published)
        elif act == 3:
            published.unlink()
        elif act == 4:
            number, _, found = noted.read_text().partition(" ")
            place = self.draw.randrange(64)
            digit = self.draw.choice([c for c in "0123456789abcdef" if c != found[place]])
            noted.write_text(f"{number} {found[:place]}{digit}{found[place + 1 :]}")
        elif self.place.url:
            noted.write_text("nothing")
        else:
            noted.unlink()
        return f"file {act}"

    def flip_a_bit_on_the_disk(self) -> str:
        """Flip a bit of SQLite's file."""
        file = self.place.home / SQLITE_FILE
        content = bytearray(file.read_bytes())
        place = self.draw.randrange(len(content))
        content[place] ^= 1 << self.draw.randrange(8)
        file.write_bytes(content)
        return f"flip a bit of byte {place}"


def at(table: sa.Table, key: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that names one row."""
    return sa.and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))


def _rewrite(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def noticed(place: Place) -> bool:
    """Return whether the program notices that a store is not what it wrote."""
    try:
        with closing(place.opened()) as database:
            return bool(verify.faults(database, place.published))
    except (GeodataError, sa.exc.DBAPIError):
        return True  # it refuses to open it


def state_of(place: Place) -> tuple[object, ...]:
    """Return all that a store says: every row, and the tables themselves."""
    with closing(place.opened()) as database, database.read() as connection:
        seen = connection.scalars(sa.select(tables.session.c.seen_at)).all()
        return table_digests(connection), digest(connection, audit.SCHEMA), seen


class Soak:
    """Forgeries, each of a fresh copy of one store.

    Parameters
    ----------
    folder
        An empty folder to work in.
    cluster
        The PostgreSQL to work in; by default SQLite.
    """

    def __init__(self, folder: Path, cluster: Cluster | None = None) -> None:
        self.folder, self.cluster = folder, cluster
        url = "" if cluster is None else cluster.new()
        self.whole = Place(url, folder / "whole")
        fill(self.whole)
        assert not noticed(self.whole)
        self.state = state_of(self.whole)

    def trial(self, number: int) -> tuple[str, bool]:
        """Forge something; return what, and whether that changed anything.

        Raises
        ------
        AssertionError
            It was not noticed.
        """
        home = self.folder / "forged"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.whole.home, home)
        url = ""
        if self.cluster is not None:
            url = self.cluster.new(template=str(sa.make_url(self.whole.url).database))
        place = Place(url, home)
        told = Forger(place, random.Random(number)).forge()
        is_noticed = noticed(place)
        # A bit of a page that holds nothing changes nothing; no other forgery may pass so.
        is_harmless = not is_noticed and told.startswith("flip") and state_of(place) == self.state
        assert is_noticed or is_harmless, f"{number}: {told}"
        if self.cluster is not None:
            self.cluster.drop(url)
        return told, is_noticed


def main() -> None:
    """Read the command line and print what came of the forgeries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    PRAGMAS["synchronous"] = "OFF"  # nobody cuts the power
    outcomes: Counter[tuple[str, bool]] = Counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(running_cluster()) if arguments.postgresql else None
        run = Soak(folder, cluster)
        for number in range(arguments.first, arguments.first + arguments.count):
            told, is_noticed = run.trial(number)
            outcomes[told.split(" ")[0], is_noticed] += 1
            print(f"\r{number}", end="", flush=True)
    print()
    for (kind, is_noticed), count in sorted(outcomes.items()):
        print(f"{count:6} {kind:8} {'noticed' if is_noticed else 'changed nothing'}")


if __name__ == "__main__":
    main()
