"""Accounts: who may sign in, with what, and what they may do where. Every change is in the audit log."""

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa

from etl.store import audit, passwords, seals
from etl.store.audit import Actor
from etl.store.database import Database, stamp
from etl.store.tables import account, account_right, password_history, session
from geodata.clock import now
from geodata.contract.errors import SourceError
from geodata.language import message

MOST_WRONG = 5
"""After so many wrong attempts an account is locked for `LOCKED_FOR`."""
LOCKED_FOR = timedelta(minutes=15)
UNUSED_AFTER = timedelta(days=45)
"""An account that nobody has signed in with for so long is disabled."""
ADMINISTRATORS_PASSWORD_FOR = timedelta(days=60)

Role = Literal["view", "submit", "review", "administer", "wall"]
Area = Literal["city", "district", "ward"]
Outcome = Literal["right", "wrong", "locked", "disabled"]


@dataclass(frozen=True, order=True)
class Right:
    """A role, and where it holds.

    Attributes
    ----------
    role
        What may be done.
    area
        Whether it holds in the whole city, in a former district, or in a ward.
    vintage, code
        Of the district or ward; empty for the city.
    """

    role: Role
    area: Area = "city"
    vintage: str = ""
    code: str = ""


@dataclass(frozen=True)
class Account:
    """An account as it stands; see `etl.store.tables.account`."""

    account_id: str
    name: str
    body: str
    state: str
    rights: tuple[Right, ...]
    password_state: str
    password_set_at: str | None
    failed_count: int
    locked_until: str | None
    has_second_factor: bool
    created_at: str
    seen_at: str | None
    reviewed_at: str | None

    @property
    def roles(self) -> frozenset[str]:
        """Its roles, wherever they hold."""
        return frozenset(right.role for right in self.rights)

    @property
    def is_administrator(self) -> bool:
        """Whether it may administer."""
        return "administer" in self.roles

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong attempts lock it at present."""
        return self.locked_until is not None and self.locked_until > stamp()

    @property
    def must_change_password(self) -> bool:
        """Whether somebody else chose its password, or an administrator's is too old."""
        oldest = stamp(now() - ADMINISTRATORS_PASSWORD_FOR)
        return self.password_state == "temporary" or (
            self.is_administrator and self.password_set_at is not None and self.password_set_at < oldest
        )

    @property
    def is_unused(self) -> bool:
        """Whether nobody has signed in with it for `UNUSED_AFTER`."""
        return "wall" not in self.roles and (self.seen_at or self.created_at) < stamp(now() - UNUSED_AFTER)


class Accounts:
    """The accounts of a store.

    Parameters
    ----------
    database
        The store.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Account]:
        """Return every account, by name."""
        with self.database.read() as connection:
            return accounts_in(connection)

    def named(self, name: str) -> Account | None:
        """Return an account by its name, however it is written."""
        with self.database.read() as connection:
            return next(iter(accounts_in(connection, account.c.name == plain(name))), None)

    def of(self, account_id: str) -> Account | None:
        """Return an account by its id."""
        with self.database.read() as connection:
            return next(iter(accounts_in(connection, account.c.account_id == account_id)), None)

    def add(
        self, name: str, rights: Iterable[Right], actor: Actor, *, password: str | None = None, body: str = ""
    ) -> Account:
        """Make an account; a password that is given is one that its owner has to change.

        Raises
        ------
        SourceError
            The name is empty or taken, no right is given, or the password may not be chosen.
        """
        name, rights = plain(name), sorted(set(rights))
        if not name or not name.isprintable():
            raise SourceError.of(name, "", message("is no name of an account"), message("letters and digits"))
        _check_rights(name, rights)
        if password is not None:
            passwords.check_password(name, password, has_second_factor=False)
        hashed = None if password is None else passwords.hashed(password)
        account_id, at = secrets.token_hex(8), stamp()
        with audit.changing(self.database, thing_of(account_id)) as connection:
            if connection.scalar(sa.select(account.c.name).where(account.c.name == name)) is not None:
                problem, expected = message("is taken"), message("a name that no account has")
                raise SourceError.of(name, "", problem, expected)
            connection.execute(
                account.insert().values(
                    account_id=account_id,
                    name=name,
                    body=body,
                    state="active",
                    password_state="none" if hashed is None else "temporary",
                    password_hash=hashed,
                    password_set_at=None if hashed is None else at,
                    failed_count=0,
                    created_at=at,
                    reviewed_at=at,
                )
            )
            _set_rights(connection, account_id, rights)
            if hashed is not None:
                _remember(connection, account_id, hashed, at)
            self._note(connection, actor, "account.add", account_id, name)
        return self._known(account_id)

    def set_rights(self, account_id: str, rights: Iterable[Right], actor: Actor) -> None:
        """Give an account these rights, and no other.

        Raises
        ------
        SourceError
            There is none, or a screen is to do what people do.
        """
        rights = sorted(set(rights))
        _check_rights(self._known(account_id).name, rights)
        with audit.changing(self.database, thing_of(account_id)) as connection:
            connection.execute(account_right.delete().where(account_right.c.account_id == account_id))
            _set_rights(connection, account_id, rights)
            told = ", ".join(" ".join(filter(None, vars(right).values())) for right in rights)
            self._note(connection, actor, "account.rights", account_id, told)

    def disable(self, account_id: str, actor: Actor, reason: str = "") -> None:
        """Let nobody sign in with an account any more; its sessions end."""
        self._change(account_id, actor, "account.disable", reason, state="disabled")

    def enable(self, account_id: str, actor: Actor) -> None:
        """Let its owner sign in again; a lock goes too."""
        values = {"state": "active", "failed_count": 0, "locked_until": None, "seen_at": stamp()}
        self._change(account_id, actor, "account.enable", "", **values)

    def review(self, account_id: str, actor: Actor) -> None:
        """Note that somebody has looked at an account and its rights, and that they are right."""
        self._change(account_id, actor, "account.review", "", reviewed_at=stamp())

    def set_password(
        self, account_id: str, password: str, actor: Actor, *, is_temporary: bool = False
    ) -> None:
        """Set a password; the account's sessions end.

        Parameters
        ----------
        is_temporary
            Somebody else chose it, so its owner has to choose another one.

        Raises
        ------
        SourceError
            It may not be chosen, or is one of the last `etl.store.passwords.REMEMBERED`.
        """
        found = self._known(account_id)
        passwords.check_password(found.name, password, has_second_factor=found.has_second_factor)
        with self.database.read() as connection:
            newest = password_history.c.set_at.desc()
            asked = sa.select(password_history.c.password_hash).order_by(newest).limit(passwords.REMEMBERED)
            before = connection.scalars(asked.where(password_history.c.account_id == account_id)).all()
        if any(passwords.is_right(password, one) for one in before):
            problem = message("is one of the last {count} passwords", count=passwords.REMEMBERED)
            raise SourceError.of(found.name, "", problem, message("a password that is new"))
        hashed, at = passwords.hashed(password), stamp()
        with audit.changing(self.database, thing_of(account_id)) as connection:
            connection.execute(
                account.update()
                .where(account.c.account_id == account_id)
                .values(
                    password_hash=hashed,
                    password_state="temporary" if is_temporary else "own",
                    password_set_at=at,
                    failed_count=0,
                    locked_until=None,
                )
            )
            _remember(connection, account_id, hashed, at)
            self._note(connection, actor, "account.password", account_id)
            end_sessions(connection, account_id, actor, "password")

    def sign_in(self, name: str, password: str, address: str) -> tuple[Outcome, Account | None]:
        """Check a name and a password, and count what is wrong.

        Returns the outcome, and the account where it is right: whether a second factor is asked for, or
        another password, is up to who signs in.
        """
        with self.database.read() as connection:
            found = next(iter(accounts_in(connection, account.c.name == plain(name))), None)
            asked = sa.select(account.c.password_hash).where(account.c.name == plain(name))
            kept = connection.scalar(asked) or passwords.NOBODYS
        is_right = passwords.is_right(password, kept)  # takes as long whoever it is
        if found is None or found.password_state == "none":
            self.refuse(Actor("", address), "sign-in", "", "no such account")
            return "wrong", None
        return self.attempt(found, address, "password", is_right=is_right)

    def confirms(self, found: Account, password: str, address: str) -> Outcome:
        """Check the password of somebody who is signed in, before what only its owner may change."""
        with self.database.read() as connection:
            asked = sa.select(account.c.password_hash).where(account.c.account_id == found.account_id)
            kept = connection.scalar(asked) or passwords.NOBODYS
        return self.attempt(found, address, "own password", is_right=passwords.is_right(password, kept))[0]

    def attempt(
        self, found: Account, address: str, what: str, *, is_right: bool
    ) -> tuple[Outcome, Account | None]:
        """Note an attempt to sign in with an account; see `sign_in`."""
        thing, actor = thing_of(found.account_id), Actor(found.name, address)
        own = account.c.account_id == found.account_id
        with audit.changing(self.database, thing) as connection:
            if thing not in connection.info["changing"]:
                audit.append(connection, actor, "sign-in", thing, "refused", "changed past the program")
                return "disabled", None
            [found] = accounts_in(connection, own)
            if found.state == "active" and found.is_unused:
                connection.execute(account.update().where(own).values(state="disabled"))
                audit.append(connection, actor, "account.disable", thing, detail="unused")
                [found] = accounts_in(connection, own)
            if found.state != "active" or found.is_locked:
                outcome: Outcome = "locked" if found.state == "active" else "disabled"
                audit.append(connection, actor, "sign-in", thing, "refused", f"{what}: {outcome}")
                return outcome, None
            if is_right:
                values: dict[str, Any] = {"seen_at": stamp()}
                # Else who knows the password could try the second factor for ever.
                if what != "password" or not found.has_second_factor:
                    values |= {"failed_count": 0, "locked_until": None}
                connection.execute(account.update().where(own).values(values))
                audit.append(connection, actor, "sign-in", thing, detail=what)
                [found] = accounts_in(connection, own)
                return "right", found
            count = found.failed_count + 1
            is_full = count >= MOST_WRONG
            until = stamp(now() + LOCKED_FOR) if is_full else None
            connection.execute(
                account.update().where(own).values(failed_count=0 if is_full else count, locked_until=until)
            )
            detail = f"{what}: wrong, attempt {count}" + (f", locked until {until}" if until else "")
            audit.append(connection, actor, "sign-in", thing, "refused", detail)
            return ("locked" if is_full else "wrong"), None

    def refuse(self, actor: Actor, action: str, thing: str, detail: str) -> None:
        """Note that something was refused."""
        with self.database.write() as connection:
            audit.append(connection, actor, action, thing, "refused", detail)

    def _change(self, account_id: str, actor: Actor, action: str, detail: str, **values: Any) -> None:
        with audit.changing(self.database, thing_of(account_id)) as connection:
            connection.execute(account.update().where(account.c.account_id == account_id).values(**values))
            self._note(connection, actor, action, account_id, detail)
            if values.get("state") == "disabled":
                end_sessions(connection, account_id, actor, "disabled")

    def _note(
        self, connection: sa.Connection, actor: Actor, action: str, account_id: str, detail: str = ""
    ) -> None:
        audit.append(connection, actor, action, thing_of(account_id), detail=detail)

    def _known(self, account_id: str) -> Account:
        found = self.of(account_id)
        if found is None:
            problem, expected = message("is no account"), message("an account that is listed")
            raise SourceError.of(account_id, "", problem, expected)
        return found


def thing_of(account_id: str) -> str:
    """Return what the audit log calls an account."""
    return seals.name_of("account", account_id)


def plain(name: str) -> str:
    """Return a name of an account as it is kept."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def accounts_in(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Account]:
    """Return the accounts that meet conditions, by name."""
    rights: dict[str, list[Right]] = {}
    asked = sa.select(account_right).order_by(*account_right.primary_key.columns)
    owners = sa.select(account.c.account_id).where(*conditions)
    for row in connection.execute(asked.where(account_right.c.account_id.in_(owners))):
        rights.setdefault(row.account_id, []).append(Right(row.role, row.area, row.vintage, row.code))
    return [
        Account(
            account_id=row.account_id,
            name=row.name,
            body=row.body,
            state=row.state,
            rights=tuple(rights.get(row.account_id, ())),
            password_state=row.password_state,
            password_set_at=row.password_set_at,
            failed_count=row.failed_count,
            locked_until=row.locked_until,
            has_second_factor=row.totp_confirmed_at is not None,
            created_at=row.created_at,
            seen_at=row.seen_at,
            reviewed_at=row.reviewed_at,
        )
        for row in connection.execute(sa.select(account).where(*conditions).order_by(account.c.name))
    ]


def end_sessions(
    connection: sa.Connection, account_id: str, actor: Actor, reason: str, *, but: Sequence[str] = ()
) -> None:
    """End the sessions of an account, but those of some hashes of tokens; within `audit.changing`."""
    open_ones = (session.c.account_id == account_id) & session.c.ended_at.is_(None)
    hashes = connection.scalars(sa.select(session.c.token_hash).where(open_ones)).all()
    for token_hash in [one for one in hashes if one not in but]:
        thing = seals.name_of("session", token_hash)
        if audit.is_intact(connection, thing):
            connection.info["changing"].add(thing)
        connection.execute(
            session.update().where(session.c.token_hash == token_hash).values(ended_at=stamp())
        )
        audit.append(connection, actor, "session.end", thing, detail=reason)


def _check_rights(name: str, rights: Sequence[Right]) -> None:
    roles = {right.role for right in rights}
    if not roles:
        raise SourceError.of(name, "", message("has no right"), message("at least one role"))
    if "wall" in roles and len(roles) > 1:
        problem = message("is a screen and a person at once")
        raise SourceError.of(name, "", problem, message("an account of its own for screens"))


def _set_rights(connection: sa.Connection, account_id: str, rights: Sequence[Right]) -> None:
    if rights:
        rows = [{"account_id": account_id, **vars(right)} for right in rights]
        connection.execute(account_right.insert(), rows)


def _remember(connection: sa.Connection, account_id: str, hashed: str, at: str) -> None:
    row = {"account_id": account_id, "set_at": at, "password_hash": hashed}
    connection.execute(password_history.insert().values(row))
