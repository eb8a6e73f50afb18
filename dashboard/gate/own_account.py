"""The page of one's own account: password, second factor, sessions; what a session owes is done here."""

import segno
from markupsafe import Markup
from pyotp import parse_uri
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.gate import identity
from dashboard.gate.doing import Doing, form_route, moment
from dashboard.gate.frame import at, page
from dashboard.gate.places import named
from dashboard.gate.signing_in import TOLD, keep_token
from etl.store import second_factor
from etl.store.passwords import SHORTEST, SHORTEST_WITH_SECOND_FACTOR
from etl.store.sessions import Session
from geodata.contract.errors import Fault, SourceError
from geodata.language import Words, message

_SAID: dict[str, Words] = {
    "password": message("The new password holds. Other sessions of this account have ended."),
    "ended": message("The session has ended."),
    "everywhere": message("All other sessions have ended."),
}


def own_account_route() -> Route:
    """Return the route of the page."""
    acts = {
        "password": _set_password,
        "second-factor": _begin_second_factor,
        "code": _confirm_second_factor,
        "end": _end_session,
        "end-all": _end_all,
    }
    return form_route("account", _show, acts)


def _show(
    doing: Doing, told: Words | None = None, faults: list[Fault] | None = None, codes: list[str] | None = None
) -> Response:
    found = doing.accounts.of(doing.session.account.account_id) or doing.session.account
    begun = second_factor.begun(doing.accounts, found)
    has_own_password = found.password_state != "none" and doing.session.factor != "proxy"
    return page(
        doing.request,
        "gate_account",
        message("Own account"),
        422 if faults or (told and not codes) else 200,
        faults=faults or [],
        told=told,
        said=_SAID.get(doing.request.query_params.get("told", "")),
        account=found,
        rights=named(found.rights),
        is_password_owed=found.must_change_password and has_own_password,
        is_factor_owed=doing.who.owes and not found.has_second_factor,
        has_own_password=has_own_password,
        set_at=moment(found.password_set_at),
        shortest=SHORTEST_WITH_SECOND_FACTOR if found.has_second_factor else SHORTEST,
        secret=_grouped(parse_uri(begun).secret) if begun else "",
        picture=_picture(begun) if begun else None,
        codes=codes or [],
        sessions=[_told_session(one, doing) for one in doing.sessions.of(found.account_id)],
    )


def _told_session(one: Session, doing: Doing) -> dict[str, object]:
    return {
        "key": one.token_hash,
        "is_own": one.token_hash == doing.session.token_hash,
        "agent": one.label or one.agent,
        "address": one.address,
        "began": moment(one.created_at),
        "seen": moment(one.seen_at),
        "until": moment(one.expires_at),
    }


def _picture(uri: str) -> Markup:
    """Return an ``otpauth`` address as a QR code, in black on white however the page is printed."""
    drawn = segno.make(uri, error="m").svg_inline(scale=5, light="#fff", svgclass="gt-code")
    return Markup(drawn)


def _grouped(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _is_confirmed(doing: Doing) -> Words | None:
    """Return what is said where the password of who is signed in is not right."""
    found, address = doing.session.account, doing.actor.address
    outcome = doing.accounts.confirms(found, doing.fields.get("password", ""), address)
    if outcome == "right":
        return None
    identity.forget()
    return message("The present password is wrong.") if outcome == "wrong" else TOLD[outcome]


def _set_password(doing: Doing) -> Response:
    new, again = doing.fields.get("new", ""), doing.fields.get("again", "")
    if new != again:
        return _show(doing, message("The new password was typed in two different ways."))
    wrong = _is_confirmed(doing)
    if wrong is not None:
        return _show(doing, wrong)
    account = doing.session.account
    try:
        doing.accounts.set_password(account.account_id, new, doing.actor)
    except SourceError as error:
        return _show(doing, faults=list(error.faults))
    answer = doing.done("account", "password")
    _begin_anew(answer, doing)
    return answer


def _begin_anew(answer: Response, doing: Doing) -> None:
    """Give who has shown anew who they are another session: the token of the old one is worth nothing."""
    agent = doing.request.headers.get("user-agent", "")
    sessions, found, address = doing.sessions, doing.session.account, doing.actor.address
    sessions.end(doing.session.token_hash, doing.actor, "renewed")
    keep_token(answer.headers, sessions.begin(found, doing.session.factor, address, agent), doing.request)


def _begin_second_factor(doing: Doing) -> Response:
    if doing.session.account.password_state != "none" and doing.session.factor != "proxy":
        wrong = _is_confirmed(doing)
        if wrong is not None:
            return _show(doing, wrong)
    second_factor.enrol(doing.accounts, doing.session.account, doing.actor)
    return doing.done("account")


def _confirm_second_factor(doing: Doing) -> Response:
    found = doing.session.account
    if not second_factor.begun(doing.accounts, found):
        return doing.done("account")
    codes = second_factor.confirm(doing.accounts, found, doing.field("code"), doing.actor)
    if not codes:
        return _show(doing, message("The code is wrong. Is the clock of the telephone right?"))
    identity.forget()
    doing.sessions.end_all(found.account_id, doing.actor, but=(doing.session.token_hash,))
    return _show(doing, codes=codes)


def _end_session(doing: Doing) -> Response:
    key = doing.field("session")
    if any(one.token_hash == key for one in doing.sessions.of(doing.session.account.account_id)):
        doing.sessions.end(key, doing.actor)
    if key == doing.session.token_hash:
        answer: Response = RedirectResponse(at(doing.request, "sign-in"), 303)
        identity.forget()
        keep_token(answer.headers, "", doing.request)
        return answer
    return doing.done("account", "ended")


def _end_all(doing: Doing) -> Response:
    but = (doing.session.token_hash,)
    doing.sessions.end_all(doing.session.account.account_id, doing.actor, but=but)
    return doing.done("account", "everywhere")
