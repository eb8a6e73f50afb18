"""What is looked for in the audit log: by whom, of what, with what result, when, a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from etl.store.audit import Entry
from etl.store.database import stamp
from etl.store.tables import audit
from geodata.clock import VIETNAM


@dataclass(frozen=True)
class Search:
    """What entries have to meet; what is empty is met by all.

    Attributes
    ----------
    account
        Part of the name of the account.
    action, result
        These exactly.
    since, until
        First and last day, in Vietnam.
    text
        Part of what was acted on, of the detail or the address.
    """

    account: str = ""
    action: str = ""
    result: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return what is asked of `etl.store.tables.audit`."""
        told = audit.c
        texts = (told.object, told.detail, told.address)
        found = (
            told.account.icontains(self.account, autoescape=True) if self.account else None,
            told.action == self.action if self.action else None,
            told.result == self.result if self.result else None,
            told.at >= _beginning(self.since) if self.since else None,
            told.at < _beginning(self.until + timedelta(days=1)) if self.until else None,
            sa.or_(*(one.icontains(self.text, autoescape=True) for one in texts)) if self.text else None,
        )
        return [one for one in found if one is not None]


def newest(
    connection: sa.Connection, conditions: Sequence[sa.ColumnElement[bool]], before: int | None, count: int
) -> list[Entry]:
    """Return so many entries before one of a number, the newest first."""
    asked = sa.select(audit).where(*conditions).order_by(audit.c.number.desc()).limit(count)
    if before is not None:
        asked = asked.where(audit.c.number < before)
    return [Entry(*row) for row in connection.execute(asked)]


def count(connection: sa.Connection, conditions: Sequence[sa.ColumnElement[bool]]) -> int:
    """Return how many entries meet conditions."""
    asked = sa.select(sa.func.count()).select_from(audit).where(*conditions)
    return connection.scalar(asked) or 0


def actions(connection: sa.Connection) -> list[str]:
    """Return every action that the log tells of."""
    return list(connection.scalars(sa.select(audit.c.action).distinct().order_by(audit.c.action)))


def last_by(connection: sa.Connection, action: str) -> dict[str, str]:
    """Return by each thing who last did something to it."""
    last = sa.select(sa.func.max(audit.c.number)).where(audit.c.action == action).group_by(audit.c.object)
    asked = sa.select(audit.c.object, audit.c.account).where(audit.c.number.in_(last))
    return {row.object: row.account for row in connection.execute(asked)}


def _beginning(day: date) -> str:
    return stamp(datetime.combine(day, time(), VIETNAM))
