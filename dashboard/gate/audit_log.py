"""The audit log as a page: looked through by who, what, result and days, and handed over as looked at."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from starlette.responses import Response
from starlette.routing import Route

from dashboard.gate import identity
from dashboard.gate.actions import ACTIONS, RESULTS
from dashboard.gate.doing import Doing, csv_of, form_route, moment
from dashboard.gate.frame import page
from etl.store import audit, audit_search
from etl.store.audit_search import Search
from etl.store.tables import audit as log
from geodata.language import Words, message

ON_A_PAGE = 50


def audit_route() -> Route:
    """Return the route of the page."""
    return form_route("audit", _show, {"csv": _csv})


def _search(doing: Doing) -> Search:
    return Search(
        account=doing.field("account"),
        action=doing.field("action"),
        result=doing.field("result"),
        since=_day(doing.field("since")),
        until=_day(doing.field("until")),
        text=doing.field("text"),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _show(doing: Doing) -> Response:
    search, before = _search(doing), doing.field("before")
    chosen = {name: str(value) for name, value in vars(search).items() if value}
    with identity.store().read() as connection:
        head = audit.head(connection)
        actions = audit_search.actions(connection)
        until = int(before) if before.isdecimal() and len(before) < 16 else None
        found = audit_search.newest(connection, search.conditions(), until, ON_A_PAGE + 1)
        count = audit_search.count(connection, search.conditions())
    shown = found[:ON_A_PAGE]
    return page(
        doing.request,
        "gate_audit",
        message("Audit log"),
        entries=[
            {**vars(one), "at": moment(one.at, "seconds"), "is_fine": one.result == "done"} for one in shown
        ],
        search=search,
        chosen=chosen,
        older=str(shown[-1].number) if len(found) > ON_A_PAGE else "",
        is_newest=until is None,
        count=count,
        head=head,
        actions=actions,
        names=ACTIONS,
        results=RESULTS,
    )


def _csv(doing: Doing) -> Response:
    """Hand over what is looked at; that is an entry itself, which is not in it."""
    search = _search(doing)
    with identity.store().read() as connection:
        last = audit.head(connection)
    told = "; ".join(f"{name}={value}" for name, value in vars(search).items() if value)
    with identity.store().write() as connection:
        audit.append(
            connection, doing.actor, "audit.export", "log:audit", detail=f"to {last.number} {told}".strip()
        )
    return csv_of(doing, "audit", _rows([*search.conditions(), log.c.number <= last.number]))


def _rows(conditions: list[sa.ColumnElement[bool]]) -> Iterator[list[Words | str]]:
    names = [*audit.FIELDS, "hash"]
    yield list(names)
    with identity.store().read() as connection:
        for entry in audit.entries(connection, *conditions):
            yield [str(getattr(entry, name)) for name in names]
