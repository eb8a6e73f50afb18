"""The pages on which accounts are administered: the list, one account, and the review of who may do what."""

from collections.abc import Callable
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from dashboard.gate import identity
from dashboard.gate.doing import Doing, Handler, csv_of, form_route, moment
from dashboard.gate.frame import language_of, page
from dashboard.gate.places import CITY, ROLES, choices, named, right_of, written
from dashboard.gate.signing_in import is_secure
from dashboard.ui.static_files import base_address
from etl.store import audit, audit_search, passwords, seals, second_factor
from etl.store.accounts import Account
from etl.store.database import stamp
from etl.store.sessions import LONGEST_OF_WALLS
from geodata.clock import now, today
from geodata.contract.errors import Fault, SourceError
from geodata.language import Words, message
from geodata.language.spelling import without_marks

REVIEWED_EVERY = timedelta(days=182)
"""So often somebody has to look at each account and its rights."""

_STATES: dict[str, Words] = {
    "active": message("may sign in"),
    "disabled": message("disabled"),
    "locked": message("locked for a quarter of an hour"),
    "unused": message("unused for 45 days: the next attempt disables it"),
}

_SAID: dict[str, Words] = {
    "rights": message("The rights hold from now on."),
    "disabled": message("The account is disabled and its sessions have ended."),
    "enabled": message("The account may sign in again."),
    "factor": message("The second factor is removed."),
    "ended": message("The session has ended."),
    "reviewed": message("Noted as reviewed."),
}


def administration_routes() -> list[Route]:
    """Return the routes of these pages."""
    acts = {
        "add-right": _to(_add_right),
        "remove-right": _to(_remove_right, is_for_others=True),
        "disable": _to(_disable, is_for_others=True),
        "enable": _to(_enable),
        "password": _to(_make_password, is_for_others=True),
        "remove-factor": _to(_remove_factor, is_for_others=True),
        "wall": _to(_make_wall),
        "end": _to(_end_session),
        "review": _to(_review),
    }
    return [
        form_route("accounts", _list, {}),
        form_route("accounts/new", _ask_new, {"add": _add}),
        form_route("accounts/review", _list_review, {"review": _to(_review), "csv": _review_csv}),
        form_route("accounts/{account_id}", _show, acts),
    ]


def _state(account: Account) -> str:
    if account.state == "active" and account.is_locked:
        return "locked"
    return "unused" if account.state == "active" and account.is_unused else account.state


def _told_account(account: Account) -> dict[str, object]:
    return {
        "id": account.account_id,
        "name": account.name,
        "body": account.body,
        "rights": named(account.rights),
        "state": _STATES[_state(account)],
        "is_open": account.state == "active",
        "has_second_factor": account.has_second_factor,
        "seen": moment(account.seen_at),
        "reviewed": moment(account.reviewed_at),
        "is_due": (account.reviewed_at or "") < stamp(now() - REVIEWED_EVERY),
    }


def _list(doing: Doing) -> Response:
    searched, role, state = (doing.field(name) for name in ("q", "role", "state"))
    every = doing.accounts.all()
    found = [
        account
        for account in every
        if _folded(searched) in _folded(f"{account.name} {account.body}")
        and (not role or role in account.roles)
        and (not state or state == _state(account))
    ]
    return page(
        doing.request,
        "gate_accounts",
        message("Accounts"),
        accounts=[_told_account(one) for one in found],
        counts=(len(found), len(every)),
        due=sum((one.reviewed_at or "") < stamp(now() - REVIEWED_EVERY) for one in every),
        searched=searched,
        role=role,
        state=state,
        roles=ROLES,
        states=_STATES,
    )


def _folded(text: str) -> str:
    return without_marks(text).casefold()


def _ask_new(doing: Doing, faults: list[Fault] | None = None) -> Response:
    return page(
        doing.request,
        "gate_new_account",
        message("New account"),
        422 if faults else 200,
        faults=faults or [],
        name=doing.field("name"),
        body=doing.field("body"),
        role=doing.field("role"),
        place=doing.field("place"),
        roles=ROLES,
        city=CITY,
        groups=choices(),
    )


def _add(doing: Doing) -> Response:
    right = right_of(doing.field("role"), doing.field("place"))
    password = passwords.made() if right and right.role != "wall" and not doing.field("by-proxy") else None
    try:
        rights = [right] if right else []
        name = doing.field("name")[:100]
        added = doing.accounts.add(
            name, rights, doing.actor, password=password, body=doing.field("body")[:200]
        )
    except SourceError as error:
        return _ask_new(doing, list(error.faults))
    if password is None:
        return doing.done(f"accounts/{added.account_id}")
    return _show(doing, added, shown_password=password)


def _asked(doing: Doing) -> Account | None:
    account_id = doing.request.path_params.get("account_id") or doing.field("account")
    return doing.accounts.of(account_id)


def _show(
    doing: Doing,
    account: Account | None = None,
    faults: list[Fault] | None = None,
    shown_password: str = "",
    shown_wall: str = "",
) -> Response:
    account = account or _asked(doing)
    if account is None:
        return page(doing.request, "gate_no_such", message("There is no such account"), 404)
    return page(
        doing.request,
        "gate_one_account",
        account.name,
        422 if faults else 200,
        faults=faults or [],
        said=_SAID.get(doing.request.query_params.get("told", "")),
        one=_told_account(account),
        path=f"accounts/{account.account_id}",
        is_own=account.account_id == doing.session.account.account_id,
        is_wall="wall" in account.roles,
        has_password=account.password_state != "none",
        is_temporary=account.password_state == "temporary",
        created=moment(account.created_at),
        shown_password=shown_password,
        shown_wall=shown_wall,
        most_days=LONGEST_OF_WALLS.days,
        sessions=[
            {
                "key": one.token_hash,
                "label": one.label or one.agent,
                "address": one.address,
                "began": moment(one.created_at),
                "seen": moment(one.seen_at),
                "until": moment(one.expires_at),
            }
            for one in doing.sessions.of(account.account_id)
        ],
        roles=ROLES,
        city=CITY,
        groups=choices(),
    )


def _to(act: Callable[[Doing, Account], Response], *, is_for_others: bool = False) -> Handler:
    """Return what does something to the account that a form names.

    Parameters
    ----------
    act
        Does it.
    is_for_others
        Nobody does it to themselves: so there is always somebody left who administers.
    """

    def handler(doing: Doing) -> Response:
        account = _asked(doing)
        if account is None:
            return _show(doing)
        if is_for_others and account.account_id == doing.session.account.account_id:
            problem, expected = message("is your own account"), message("another administrator, who does it")
            return _show(doing, account, [Fault(account.name, "", problem, expected)])
        try:
            return act(doing, account)
        except SourceError as error:
            return _show(doing, account, list(error.faults))

    return handler


def _done(doing: Doing, account: Account, told: str) -> Response:
    return doing.done(f"accounts/{account.account_id}", told)


def _add_right(doing: Doing, account: Account) -> Response:
    right = right_of(doing.field("role"), doing.field("place"))
    if right is None:
        return _show(doing, account)
    doing.accounts.set_rights(account.account_id, {*account.rights, right}, doing.actor)
    return _done(doing, account, "rights")


def _remove_right(doing: Doing, account: Account) -> Response:
    kept = [right for right in account.rights if written(right) != doing.field("right")]
    doing.accounts.set_rights(account.account_id, kept, doing.actor)
    return _done(doing, account, "rights")


def _disable(doing: Doing, account: Account) -> Response:
    doing.accounts.disable(account.account_id, doing.actor, doing.field("reason")[:500])
    return _done(doing, account, "disabled")


def _enable(doing: Doing, account: Account) -> Response:
    doing.accounts.enable(account.account_id, doing.actor)
    return _done(doing, account, "enabled")


def _make_password(doing: Doing, account: Account) -> Response:
    if "wall" in account.roles:
        return _show(doing, account)
    password = passwords.made()
    doing.accounts.set_password(account.account_id, password, doing.actor, is_temporary=True)
    identity.forget()
    return _show(doing, shown_password=password)


def _remove_factor(doing: Doing, account: Account) -> Response:
    second_factor.remove(doing.accounts, account, doing.actor)
    doing.sessions.end_all(account.account_id, doing.actor)
    return _done(doing, account, "factor")


def _make_wall(doing: Doing, account: Account) -> Response:
    label, days = doing.field("label")[:100], doing.field("days")
    if "wall" not in account.roles:
        return _show(doing, account)
    if not label or not days.isdecimal() or not 0 < int(days) <= LONGEST_OF_WALLS.days:
        problem = message("names no place, or a number of days that can't be")
        expected = message("where the screen hangs, and 1 to {count} days", count=LONGEST_OF_WALLS.days)
        raise SourceError.of(account.name, f"{label} {days}", problem, expected)
    token = doing.sessions.begin_wall(account, label, doing.actor, timedelta(days=int(days)))
    origin = f"{'https' if is_secure(doing.request) else 'http'}://{doing.request.headers.get('host', '')}"
    return _show(doing, account, shown_wall=f"{origin}{base_address()}/wall?token={token}")


def _end_session(doing: Doing, account: Account) -> Response:
    key = doing.field("session")
    if any(one.token_hash == key for one in doing.sessions.of(account.account_id)):
        doing.sessions.end(key, doing.actor, "ended by an administrator")
    return _done(doing, account, "ended")


def _review(doing: Doing, account: Account) -> Response:
    doing.accounts.review(account.account_id, doing.actor)
    is_listed = "account_id" not in doing.request.path_params
    return doing.done("accounts/review" if is_listed else f"accounts/{account.account_id}", "reviewed")


def _reviewed(doing: Doing) -> list[tuple[Account, str]]:
    """Return all accounts with who last reviewed them, those first that wait longest."""
    with doing.accounts.database.read() as connection:
        by = audit_search.last_by(connection, "account.review")
    every = sorted(doing.accounts.all(), key=lambda one: one.reviewed_at or "")
    return [(one, by.get(seals.name_of("account", one.account_id), "")) for one in every]


def _list_review(doing: Doing) -> Response:
    accounts = [{**_told_account(one), "by": by} for one, by in _reviewed(doing)]
    return page(
        doing.request,
        "gate_review",
        message("Half-yearly review of accounts"),
        said=_SAID.get(doing.request.query_params.get("told", "")),
        accounts=accounts,
        due=sum(bool(one["is_due"]) for one in accounts),
        today=today(),
        by=doing.who.name,
    )


def _review_csv(doing: Doing) -> Response:
    language = language_of(doing.request)
    titles: tuple[Words, ...] = (
        *(message("Account name"), message("Body"), message("Rights"), message("State")),
        *(message("Second factor"), message("Last signed in"), message("Reviewed"), message("Reviewed by")),
    )
    rows = [
        (
            *(
                one.name,
                one.body,
                "; ".join(
                    f"{do.render(language)}: {where.render(language)}" for do, where, _ in named(one.rights)
                ),
            ),
            *(_STATES[_state(one)], message("yes") if one.has_second_factor else message("no")),
            *(moment(one.seen_at), moment(one.reviewed_at), by),
        )
        for one, by in _reviewed(doing)
    ]
    with doing.accounts.database.write() as connection:
        audit.append(connection, doing.actor, "account.export", "log:accounts")
    return csv_of(doing, "accounts", [titles, *rows])
