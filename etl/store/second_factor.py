"""The second factor of an account: codes of an authenticator (TOTP), and codes on paper where it is lost."""

import hashlib
import secrets
import time
from collections.abc import Mapping

import pyotp
import sqlalchemy as sa

from etl.store import audit
from etl.store.accounts import Account, Accounts, Outcome, thing_of
from etl.store.audit import Actor
from etl.store.database import stamp
from etl.store.secret import decrypt, encrypt
from etl.store.tables import account, recovery_code

RECOVERY_CODES = 10
DRIFT = 1
"""By so many steps of 30 seconds a clock may go wrong."""
ISSUER = "Pilot wards"


def enrol(accounts: Accounts, found: Account, actor: Actor) -> str:
    """Begin a new second factor; return the ``otpauth`` address of it. `confirm` makes it count."""
    secret = pyotp.random_base32()
    sealed = encrypt(accounts.database.home, secret)
    with audit.changing(accounts.database, _thing(found)) as connection:
        values: dict[str, object] = {"totp_secret": sealed, "totp_confirmed_at": None, "totp_counter": None}
        _set(connection, found, values)
        connection.execute(recovery_code.delete().where(recovery_code.c.account_id == found.account_id))
        audit.append(connection, actor, "account.second-factor.begin", _thing(found))
    return _address(found, secret)


def begun(accounts: Accounts, found: Account) -> str:
    """Return the ``otpauth`` address of a second factor that doesn't count yet; empty where none is begun."""
    with accounts.database.read() as connection:
        asked = sa.select(account.c.totp_secret, account.c.totp_confirmed_at)
        row = connection.execute(asked.where(account.c.account_id == found.account_id)).one()
    if row.totp_secret is None or row.totp_confirmed_at is not None:
        return ""
    return _address(found, decrypt(accounts.database.home, row.totp_secret))


def _address(found: Account, secret: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=found.name, issuer_name=ISSUER)


def confirm(accounts: Accounts, found: Account, code: str, actor: Actor) -> list[str]:
    """Let the second factor count once a code of it is right; return the recovery codes, else none."""
    counter = _counter_of(accounts, found, code)
    if counter is None:
        accounts.refuse(actor, "account.second-factor.confirm", _thing(found), "wrong code")
        return []
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    with audit.changing(accounts.database, _thing(found)) as connection:
        _set(connection, found, {"totp_confirmed_at": stamp(), "totp_counter": counter})
        connection.execute(
            recovery_code.insert(),
            [{"account_id": found.account_id, "code_hash": _hash(found, one)} for one in codes],
        )
        audit.append(connection, actor, "account.second-factor.confirm", _thing(found))
    return codes


def check_code(accounts: Accounts, found: Account, code: str, address: str) -> tuple[Outcome, Account | None]:
    """Check a code of the authenticator or a recovery code, each good once; see `Accounts.sign_in`."""
    code = code.replace(" ", "").lower()
    is_right = False
    with audit.changing(accounts.database, _thing(found)) as connection:
        counter = _counter(connection, accounts, found, code)
        if counter is not None:
            _set(connection, found, {"totp_counter": counter})
            is_right = True
        else:
            used = connection.execute(
                recovery_code.update()
                .where(
                    recovery_code.c.account_id == found.account_id,
                    recovery_code.c.code_hash == _hash(found, code),
                    recovery_code.c.used_at.is_(None),
                )
                .values(used_at=stamp())
            )
            is_right = used.rowcount == 1
        if is_right:
            audit.append(connection, Actor(found.name, address), "account.second-factor.use", _thing(found))
    return accounts.attempt(found, address, "second factor", is_right=is_right)


def remove(accounts: Accounts, found: Account, actor: Actor) -> None:
    """Take the second factor away, as where the authenticator and the codes are lost."""
    with audit.changing(accounts.database, _thing(found)) as connection:
        _set(connection, found, {"totp_secret": None, "totp_confirmed_at": None, "totp_counter": None})
        connection.execute(recovery_code.delete().where(recovery_code.c.account_id == found.account_id))
        audit.append(connection, actor, "account.second-factor.remove", _thing(found))


def _counter_of(accounts: Accounts, found: Account, code: str) -> int | None:
    with accounts.database.read() as connection:
        return _counter(connection, accounts, found, code.replace(" ", ""))


def _counter(connection: sa.Connection, accounts: Accounts, found: Account, code: str) -> int | None:
    """Return the step of time that a code is of, if it is later than that of the last one used."""
    row = connection.execute(sa.select(account).where(account.c.account_id == found.account_id)).one()
    if row.totp_secret is None:
        return None
    totp = pyotp.TOTP(decrypt(accounts.database.home, row.totp_secret))
    this = int(time.time()) // totp.interval
    last = -1 if row.totp_counter is None else row.totp_counter
    steps = range(max(this - DRIFT, last + 1), this + DRIFT + 1)
    return next((step for step in steps if secrets.compare_digest(totp.generate_otp(step), code)), None)


def _set(connection: sa.Connection, found: Account, values: Mapping[str, object]) -> None:
    connection.execute(account.update().where(account.c.account_id == found.account_id).values(values))


def _hash(found: Account, code: str) -> str:
    return hashlib.sha256(f"{found.account_id} {code}".encode()).hexdigest()


def _thing(found: Account) -> str:
    return thing_of(found.account_id)
