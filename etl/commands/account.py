"""The commands on accounts, ``pilot-wards account add`` and others: they make the first administrator."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, get_args

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.batches import actor
from etl.commands.terminal import option, refusing, say, told
from geodata.clock import VIETNAM
from geodata.contract.errors import SourceError
from geodata.language import message
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.store.accounts import Account, Accounts, Right

account_app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help=told(message("Name of the account.")), metavar="NAME")]
Rights = Annotated[
    list[str] | None,
    option(
        message("ROLE, ROLE:district:VINTAGE:CODE or ROLE:ward:VINTAGE:CODE; may be given several times."),
        "--right",
        metavar="RIGHT",
    ),
]
Make = Annotated[
    bool, option(message("Make a password and print it once, instead of asking for one."), "--make")
]


@account_app.command(name="add", help=told(message("Make an account; the first one administers.")))
def add_command(
    name: Annotated[
        str,
        typer.Argument(help=told(message("Name of the account; asked for if left out.")), metavar="[NAME]"),
    ] = "",
    right: Rights = None,
    body: Annotated[str, option(message("Ward, department or office of its owner."), metavar="TEXT")] = "",
    make: Make = False,
    without_password: Annotated[
        bool, option(message("For who signs in at the office's gateway."), "--without-password")
    ] = False,
) -> None:
    """Make an account whose owner has to change the password given here."""
    from etl.store.accounts import Right

    name = name or typer.prompt(told(message("Name of the account")))
    with _accounts() as accounts:
        is_first = not any(one.is_administrator for one in accounts.all())
        rights = [_right(one) for one in right or []] or ([Right("administer")] if is_first else [])
        has_none = without_password or any(one.role == "wall" for one in rights)
        password = None if has_none else _password(make=make)
        added = accounts.add(name, rights, actor(None), password=password, body=body)
    say(message("Account {name} is made: {rights}", name=added.name, rights=_in_one_line(added)))
    _tell(password, is_made=make)


@account_app.command(name="list", help=told(message("List the accounts and their rights.")))
def list_command() -> None:
    """List every account."""
    with _accounts() as accounts:
        every = accounts.all()
    headings = (message("Account name"), message("Body"), message("Rights"), message("State"))
    more = (message("Second factor"), message("Last signed in"), message("Reviewed"))
    table = Table(*(told(heading) for heading in (*headings, *more)))
    for one in every:
        state = message("may sign in") if one.state == "active" else message("disabled")
        factor = message("yes") if one.has_second_factor else message("no")
        texts = (one.name, one.body, _in_one_line(one), told(state), told(factor))
        table.add_row(
            *(Text(text, overflow="fold") for text in (*texts, _time(one.seen_at), _time(one.reviewed_at)))
        )
    Console(highlight=False).print(table)


@account_app.command(name="rights", help=told(message("Give an account these rights, and no other.")))
def rights_command(name: Name, right: Rights = None) -> None:
    """Set the rights of an account."""
    with _accounts() as accounts:
        found = _found(accounts, name)
        accounts.set_rights(found.account_id, [_right(one) for one in right or []], actor(None))
        found = _found(accounts, name)
    say(message("Account {name}: {rights}", name=found.name, rights=_in_one_line(found)))


@account_app.command(name="password", help=told(message("Set a temporary password; all sessions end.")))
def password_command(name: Name, make: Make = False) -> None:
    """Set a password that its owner has to change."""
    with _accounts() as accounts:
        found = _found(accounts, name)
        password = _password(make=make)
        accounts.set_password(found.account_id, password, actor(None), is_temporary=True)
    say(message("The password of {name} is set; its owner has to change it.", name=found.name))
    _tell(password, is_made=make)


@account_app.command(name="disable", help=told(message("Let nobody sign in with an account; sessions end.")))
def disable_command(
    name: Name, reason: Annotated[str, option(message("Why; it is kept."), metavar="TEXT")] = ""
) -> None:
    """Disable an account."""
    with _accounts() as accounts:
        found = _found(accounts, name)
        accounts.disable(found.account_id, actor(None), reason)
    say(message("Account {name} is disabled.", name=found.name))


@account_app.command(name="enable", help=told(message("Let its owner sign in again; a lock goes too.")))
def enable_command(name: Name) -> None:
    """Enable an account."""
    with _accounts() as accounts:
        found = _found(accounts, name)
        accounts.enable(found.account_id, actor(None))
    say(message("Account {name} may sign in again.", name=found.name))


@account_app.command(
    name="second-factor-remove", help=told(message("Remove a second factor that is lost; all sessions end."))
)
def second_factor_remove_command(name: Name) -> None:
    """Remove the second factor of an account; who administers has to set up another one."""
    from etl.store import second_factor
    from etl.store.sessions import Sessions

    with _accounts() as accounts:
        found = _found(accounts, name)
        second_factor.remove(accounts, found, actor(None))
        Sessions(accounts.database).end_all(found.account_id, actor(None))
    say(message("The second factor of {name} is removed.", name=found.name))


@account_app.command(name="wall", help=told(message("Make the address by which a screen shows the wall.")))
def wall_command(
    name: Name,
    place: Annotated[str, option(message("Where the screen hangs."), metavar="TEXT")],
    server: Annotated[
        str, option(message("How browsers reach the server."), metavar="ADDRESS")
    ] = "http://127.0.0.1:8501",
    days: Annotated[int, option(message("So many days it holds."), min=1, max=365)] = 365,
) -> None:
    """Make an address with a token, which is printed once, for an account of screens."""
    from etl.store.sessions import Sessions

    with _accounts() as accounts:
        found = _found(accounts, name)
        if "wall" not in found.roles:
            problem, expected = message("is no account of screens"), message("one with the right “wall”")
            raise SourceError.of(found.name, "", problem, expected)
        token = Sessions(accounts.database).begin_wall(found, place, actor(None), timedelta(days=days))
    say(message("Whoever has this address sees the wall; it is shown this one time:"))
    typer.echo(f"{server.rstrip('/')}/wall?token={token}")


@contextmanager
def _accounts() -> "Iterator[Accounts]":
    from etl.store.accounts import Accounts
    from etl.store.database import database_of

    with (
        refusing(lambda count: message("Nothing was changed. Faults: {count}", count=count)),
        closing(database_of(settings())) as database,
    ):
        yield Accounts(database)


def _found(accounts: "Accounts", name: str) -> "Account":
    found = accounts.named(name)
    if found is None:
        expected = message("one that “pilot-wards account list” lists")
        raise SourceError.of(name, "", message("is no account"), expected)
    return found


def _right(text: str) -> "Right":
    """Return the right that an option names; its place has to be a published one, where anything is."""
    from etl.store.accounts import Area, Right, Role
    from geodata.contract.layers import read_layer

    role, _, place = text.partition(":")
    area, _, rest = place.partition(":")
    vintage, _, code = rest.partition(":")
    roles: dict[str, Role] = {one: one for one in get_args(Role)}
    areas: dict[str, Area] = {one: one for one in get_args(Area)}
    problem, areas[""] = message("is no right"), "city"
    if role not in roles or area not in areas or (areas[area] == "city") != (not rest):
        expected = message("{roles}, each with “:district:VINTAGE:CODE” or “:ward:VINTAGE:CODE” if need be")
        raise SourceError.of("--right", text, problem, expected.of(roles=", ".join(roles)))
    if areas[area] != "city":
        wards = read_layer(settings().published, "ward")
        known = wards.loc[wards["vintage"] == vintage, f"{area}_code"]
        if code not in set(known.dropna()):
            expected = message("vintage and code of a ward or district that is published")
            raise SourceError.of("--right", text, problem, expected)
    return Right(roles[role], areas[area], vintage, code)


def _password(*, make: bool) -> str:
    from etl.store import passwords

    if make:
        return passwords.made()
    return str(typer.prompt(told(message("Password")), hide_input=True, confirmation_prompt=True))


def _tell(password: str | None, *, is_made: bool) -> None:
    if password is not None and is_made:
        say(message("Its password, shown this one time: {password}", password=password))


def _in_one_line(account: "Account") -> str:
    return ", ".join(":".join(filter(None, vars(right).values())) for right in account.rights)


def _time(at: str | None) -> str:
    return f"{datetime.fromisoformat(at).astimezone(VIETNAM):%d/%m/%Y %H:%M}" if at else ""
