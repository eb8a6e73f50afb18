"""People of the gate's tests: their accounts, how they sign in, and what the log says of it."""

from starlette.testclient import TestClient

from dashboard.gate import identity
from dashboard.server import app
from etl.store.accounts import Account, Accounts, Right
from etl.store.audit import Actor
from etl.store.tables import audit as log

BY = Actor("system:test")
PASSWORD, NEW = "Xa lạ 2026 nhé!", "Con đường 88 cây!"
HTML = {"Accept": "text/html"}
OURS = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


def fresh(**options: object) -> TestClient:
    """Return a browser that knows nothing yet."""
    return TestClient(app, base_url="http://127.0.0.1:8501", follow_redirects=False, **options)  # type: ignore[arg-type]


def made(name: str, *rights: Right) -> Account:
    """Return an account whose owner has chosen the password."""
    accounts = Accounts(identity.store())
    account = accounts.add(name, rights, BY, password=PASSWORD)
    accounts.set_password(account.account_id, NEW, BY)
    identity.forget()
    return accounts.of(account.account_id) or account


def sign_in(client: TestClient, name: str, password: str = NEW, code: str = "", goes_to: str = "/") -> int:
    """Sign in; return the status of the answer."""
    fields = {"name": name, "password": password, "code": code, "next": goes_to}
    return client.post("/sign-in", data=fields, headers={"Origin": OURS["Origin"]}).status_code


def said() -> list[tuple[str, str]]:
    """Return what the audit log says was done, and what came of it."""
    with identity.store().read() as connection:
        return [(row.action, row.result) for row in connection.execute(log.select().order_by(log.c.number))]
