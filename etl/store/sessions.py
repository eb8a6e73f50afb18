"""Sessions: who is signed in, from where, until when. The store knows only the hash of each token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from etl.store import audit, seals
from etl.store.accounts import Account, accounts_in, end_sessions, thing_of
from etl.store.audit import Actor
from etl.store.database import Database, stamp
from etl.store.tables import account, session
from geodata.clock import now

IDLE, IDLE_OF_ADMINISTRATORS = timedelta(minutes=15), timedelta(minutes=5)
LONGEST, LONGEST_OF_WALLS = timedelta(hours=12), timedelta(days=365)
NOTED_EVERY = timedelta(seconds=10)
"""A session that was seen less than so long ago is not noted again."""

Factor = Literal["password", "second", "proxy", "token"]
Kind = Literal["person", "wall"]


@dataclass(frozen=True)
class Session:
    """A session that holds at present, with its account as it stands.

    Attributes
    ----------
    token_hash
        Of the token, which only its holder knows.
    account
        The account.
    kind
        A person's, or a wall's, which only reads and is never idle.
    factor
        By what its holder has shown who they are.
    label
        Of a wall: where it hangs.
    created_at, seen_at, expires_at
        Times as `etl.store.database.stamp` writes them.
    address, agent
        From where and with what it was begun.
    """

    token_hash: str
    account: Account
    kind: Kind
    factor: Factor
    label: str
    created_at: str
    seen_at: str
    expires_at: str
    address: str
    agent: str


class Sessions:
    """The sessions of a store.

    Parameters
    ----------
    database
        The store.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, found: Account, factor: Factor, address: str, agent: str = "") -> str:
        """Begin a person's session and return its token."""
        actor = Actor(found.name, address)
        return self._begin(found, "person", factor, actor, LONGEST, agent=agent)

    def begin_wall(
        self, found: Account, label: str, actor: Actor, lasts: timedelta = LONGEST_OF_WALLS
    ) -> str:
        """Return the token of a wall that hangs somewhere."""
        return self._begin(found, "wall", "token", actor, lasts, label=label)

    def find(self, token: str, *, is_used: bool = True) -> Session | None:
        """Return the session of a token, if it holds and its account is active.

        Parameters
        ----------
        token
            As the client sent it.
        is_used
            A person does something, so the session is not idle; not so where a page asks by itself.
        """
        moment = now()
        key = hashed(token)
        with self.database.read() as connection:
            found = next(iter(_open(connection, moment, session.c.token_hash == key)), None)
            # Who writes themselves a session or a right past the program gains nothing by it.
            if found is not None and not (
                audit.is_intact(connection, seals.name_of("session", key))
                and audit.is_intact(connection, thing_of(found.account.account_id))
            ):
                return None
        if found is not None and is_used and found.seen_at < stamp(moment - NOTED_EVERY):
            with self.database.write() as connection:
                connection.execute(
                    session.update().where(session.c.token_hash == key).values(seen_at=stamp(moment))
                )
        return found

    def of(self, account_id: str) -> list[Session]:
        """Return the sessions of an account that hold, the newest first."""
        with self.database.read() as connection:
            return _open(connection, now(), session.c.account_id == account_id)

    def end(self, token_hash: str, actor: Actor, reason: str = "sign-out") -> None:
        """End a session by the hash of its token."""
        own = (session.c.token_hash == token_hash) & session.c.ended_at.is_(None)
        with audit.changing(self.database, seals.name_of("session", token_hash)) as connection:
            ended = connection.execute(session.update().where(own).values(ended_at=stamp()))
            if ended.rowcount:
                thing = seals.name_of("session", token_hash)
                audit.append(connection, actor, "session.end", thing, detail=reason)

    def end_all(self, account_id: str, actor: Actor, *, but: tuple[str, ...] = ()) -> None:
        """End all sessions of an account, but those of some hashes of tokens."""
        with audit.changing(self.database) as connection:
            end_sessions(connection, account_id, actor, "sign-out everywhere", but=but)

    def _begin(
        self,
        found: Account,
        kind: Kind,
        factor: Factor,
        actor: Actor,
        lasts: timedelta,
        *,
        label: str = "",
        agent: str = "",
    ) -> str:
        token, moment = secrets.token_urlsafe(32), now()
        key = hashed(token)
        with audit.changing(self.database, seals.name_of("session", key)) as connection:
            connection.execute(
                session.insert().values(
                    token_hash=key,
                    account_id=found.account_id,
                    kind=kind,
                    factor=factor,
                    label=label,
                    created_at=stamp(moment),
                    seen_at=stamp(moment),
                    expires_at=stamp(moment + lasts),
                    address=actor.address,
                    agent=agent[:200],
                )
            )
            thing = seals.name_of("session", key)
            audit.append(connection, actor, "session.begin", thing, detail=f"{kind} {factor} {label}".strip())
        return token


def hashed(token: str) -> str:
    """Return the hash by which the store knows a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _open(connection: sa.Connection, moment: datetime, condition: sa.ColumnElement[bool]) -> list[Session]:
    at = stamp(moment)
    rows = connection.execute(
        sa.select(session)
        .where(condition, session.c.ended_at.is_(None), session.c.expires_at > at, session.c.created_at <= at)
        .order_by(session.c.created_at.desc())
    ).all()
    owners = account.c.account_id.in_({row.account_id for row in rows})
    owned = {one.account_id: one for one in accounts_in(connection, owners)} if rows else {}
    found = []
    for row in rows:
        owner = owned[row.account_id]
        idle = IDLE_OF_ADMINISTRATORS if owner.is_administrator else IDLE
        is_idle = row.kind == "person" and row.seen_at < stamp(moment - idle)
        if owner.state == "active" and not is_idle:
            found.append(
                Session(
                    row.token_hash,
                    owner,
                    row.kind,
                    row.factor,
                    row.label,
                    row.created_at,
                    row.seen_at,
                    row.expires_at,
                    row.address,
                    row.agent,
                )
            )
    return found
