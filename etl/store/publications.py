"""Publications: which file was published when, from which inputs, so that another one in its place shows.

A publication is noted before its file takes the place of the old one, and once more when it has; whatever is
killed between, the file that lies there is one of the two.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from etl.store import audit, seals
from etl.store.audit import Actor
from etl.store.database import Database, stamp
from etl.store.tables import publication, publication_input
from etl.version import program_version
from geodata.disk import sha256


@dataclass(frozen=True)
class Published:
    """A publication; see `etl.store.tables.publication`."""

    publication_id: str
    build_id: str
    place: str
    state: str
    sha256: str
    at: str
    audit_head: str


def place_of(database: Database, file: Path) -> str:
    """Return what the store calls the place of a file: where the home moves, its files move with it."""
    file, home = file.resolve(), database.home.resolve()
    return str(file.relative_to(home) if file.is_relative_to(home) else file)


def latest(database: Database, file: Path | None = None) -> list[Published]:
    """Return the publications, the newest first: of one file, or all."""
    asked = sa.select(
        *(publication.c[name] for name in Published.__dataclass_fields__)  # in their order
    ).order_by(publication.c.at.desc())
    if file is not None:
        asked = asked.where(publication.c.place == place_of(database, file))
    with database.read() as connection:
        return [Published(*row) for row in connection.execute(asked)]


def prepare(
    database: Database, actor: Actor, file: Path, part: Path, build_id: str, inputs: Iterable[tuple[str, str]]
) -> str:
    """Note that a new file is about to take its place, and return the publication's id.

    Parameters
    ----------
    file
        The place.
    part
        The new file, whole.
    build_id
        Its build.
    inputs
        What it was built from: name and SHA-256.
    """
    publication_id, digest = secrets.token_hex(8), sha256(part)
    with audit.changing(database, _thing(publication_id)) as connection:
        connection.execute(
            publication.insert().values(
                publication_id=publication_id,
                build_id=build_id,
                place=place_of(database, file),
                state="prepared",
                sha256=digest,
                at=stamp(),
                program_version=program_version(),
                audit_head=str(audit.head(connection)),
            )
        )
        rows = [{"publication_id": publication_id, "input": one, "sha256": by} for one, by in inputs]
        connection.execute(publication_input.insert(), rows)
        _note(connection, actor, publication_id, "publication.prepare", f"{build_id} {digest}")
    return publication_id


def become(database: Database, actor: Actor, publication_id: str, state: str) -> None:
    """Note that a publication's file has taken its place (``published``), or has not (``abandoned``)."""
    own = publication.c.publication_id == publication_id
    with audit.changing(database, _thing(publication_id)) as connection:
        connection.execute(publication.update().where(own).values(state=state))
        _note(connection, actor, publication_id, f"publication.{state}", "")
        head = audit.head(connection)
    audit.tell_system(head)


def settle(database: Database, actor: Actor, file: Path) -> None:
    """Say of publications whose process was killed whether their file took its place."""
    for found in latest(database, file):
        if found.state == "published":
            break
        if found.state == "prepared":
            has_come = file.is_file() and sha256(file) == found.sha256
            become(database, actor, found.publication_id, "published" if has_come else "abandoned")


def is_published(database: Database, file: Path) -> bool:
    """Return whether a file is there and is the one that was published last.

    Where a process was killed as it published, it may be that one's too.
    """
    known = latest(database, file)
    digest = sha256(file) if file.is_file() else ""
    if latest(database, file) != known:  # somebody publishes just now
        return is_published(database, file)
    allowed = set()
    for found in known:
        if found.state != "abandoned":
            allowed.add(found.sha256)
        if found.state == "published":
            break
    return digest in allowed


def _note(connection: sa.Connection, actor: Actor, publication_id: str, action: str, detail: str) -> None:
    audit.append(connection, actor, action, _thing(publication_id), detail=detail)


def _thing(publication_id: str) -> str:
    return seals.name_of("publication", publication_id)
