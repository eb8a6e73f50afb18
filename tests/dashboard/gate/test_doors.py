"""Without a session nothing answers but the way in; with one, what its rights allow."""

import pyotp
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.gate import identity, signing_in
from dashboard.server import app
from etl.store import second_factor
from etl.store.accounts import Accounts, Right
from etl.store.sessions import Sessions, hashed
from tests.dashboard.gate.people import BY, HTML, NEW, OURS, fresh, made, said, sign_in


def asked(client: TestClient, stream: bool = True) -> dict[str, int]:
    """Return what each of the doors answers, a WebSocket that opens being 200."""
    paths = [
        *(
            "/",
            "/wall",
            "/ward_map",
            "/methods",
            "/app/ahead/overview",
            "/app/months",
            "/media/x.csv",
            "/accounts",
            "/audit",
        ),
        *(
            "/_stcore/health",
            "/_stcore/host-config",
            "/_stcore/metrics",
            "/_stcore/agent/openapi.json",
            "/component/x",
        ),
        *(
            "/_stcore/bidi-components/x",
            "/static/js/none.js",
            "//",
            "/%2e%2e/",
            "/sign-in/../ward_map",
            "/basemap",
        ),
    ]
    found = {path: client.get(path, headers=HTML).status_code for path in paths}
    found["PUT"] = client.put("/_stcore/upload_file/a/b", content=b"x").status_code
    if stream:
        try:
            with client.websocket_connect("/_stcore/stream", headers=OURS):
                found["stream"] = 200
        except WebSocketDisconnect as closed:
            found["stream"] = closed.code
    return found


def test_without_accounts_its_own_machine_reads_and_others_are_told(client: TestClient) -> None:
    assert client.get("/ward_map", headers=HTML).status_code == 200
    other = TestClient(app, base_url="http://10.0.0.7:8501")
    refused = other.get("/ward_map", headers={**HTML, "Host": "127.0.0.1:8501"})
    assert refused.status_code == 503 and "pilot-wards account add" in refused.text


def test_without_a_session_nothing_but_the_way_in_answers(client: TestClient) -> None:
    made("an", Right("view"))
    found = asked(client)
    assert found.pop("stream") == 4401
    assert found.pop("PUT") == 401
    closed = ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/component/x")
    assert {found.pop(path) for path in closed} == {404}
    assert set(found.values()) == {303}
    page = client.get("/sign-in", headers=HTML)
    assert page.status_code == 200 and "<script" not in page.text
    style = page.text.partition('stylesheet" href="')[2].partition('"')[0]
    assert client.get(style).status_code == 200
    for token in ("", "x", "0" * 43):
        client.cookies.set("pw-session", token)
        assert client.get("/ward_map").status_code == 401


def test_a_password_opens_what_the_rights_allow_and_sign_out_closes_it(client: TestClient) -> None:
    made("an", Right("view"))
    assert sign_in(client, "an", "sai") == 403
    assert sign_in(client, "ai đó", NEW) == 403
    assert sign_in(client, " AN ") == 303
    token = client.cookies["pw-session"]
    assert client.get("/ward_map", headers=HTML).status_code == 200
    found = asked(client, stream=False)
    assert (found["/accounts"], found["/audit"], found["PUT"]) == (403, 403, 403)
    # Signing in again is another session, and ends the one before.
    assert sign_in(client, "an") == 303
    assert client.cookies["pw-session"] != token
    assert identity.identity_of(token, is_fresh=True) is None
    kept = client.cookies["pw-session"]
    client.post("/sign-out", headers={"Origin": "http://127.0.0.1:8501"})
    client.cookies.set("pw-session", kept)
    assert client.get("/ward_map").status_code == 401
    assert [one for one in said() if one[0] == "sign-in"].count(("sign-in", "refused")) == 2


def test_a_form_of_another_page_is_none_of_ours(client: TestClient) -> None:
    made("an", Right("view"))
    for told in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/sign-in", data={"name": "an", "password": NEW}, headers=told)
        assert answer.status_code == 421
    for where in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nb",
    ):
        fields = {"name": "an", "password": NEW, "next": where}
        answer = client.post("/sign-in", data=fields, headers={"Origin": "http://127.0.0.1:8501"})
        assert answer.headers["location"] == "/"


def test_an_account_that_is_demoted_or_disabled_loses_its_pages(client: TestClient) -> None:
    account = made("an", Right("view"))
    sign_in(client, "an")
    Accounts(identity.store()).set_rights(account.account_id, [Right("administer")], BY)
    identity.forget()
    assert client.get("/ward_map").status_code == 403
    Accounts(identity.store()).disable(account.account_id, BY)
    identity.forget()
    assert client.get("/ward_map").status_code == 401
    assert sign_in(client, "an") == 403


def test_wrong_attempts_lock_an_account_and_then_an_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "MOST_FROM_ONE_ADDRESS", 8)
    made("an", Right("view"))
    assert [sign_in(client, "an", f"sai {number}") for number in range(5)] == [403] * 5
    assert sign_in(client, "an") == 403
    for number in range(3):
        sign_in(client, f"ai {number}", "sai")
    made("bình", Right("view"))
    assert sign_in(client, "bình") == 403


def test_who_administers_needs_a_second_factor_each_code_of_which_is_good_once(client: TestClient) -> None:
    account = made("quản trị", Right("administer"))
    assert sign_in(client, "quản trị") == 303
    assert client.get("/accounts", headers=HTML).headers["location"] == "/account"
    assert client.get("/_stcore/health").status_code == 403
    accounts = Accounts(identity.store())
    secret = pyotp.parse_uri(second_factor.enrol(accounts, account, BY)).secret
    totp = pyotp.TOTP(secret)
    codes = second_factor.confirm(accounts, account, totp.now(), BY)
    assert sign_in(client, "quản trị") == 403
    assert sign_in(client, "quản trị", code=codes[0]) == 303
    assert sign_in(client, "quản trị", code=codes[0]) == 403
    # No figures: who administers need not see any.
    assert client.get("/ward_map", headers=HTML).status_code == 403


def test_a_proxy_is_believed_from_its_own_address_alone(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("an", Right("view"))
    named = {**HTML, "X-Forwarded-User": "an", "X-Forwarded-For": "10.1.2.3"}
    assert client.get("/ward_map", headers=named).status_code == 303
    monkeypatch.setenv("PILOT_WARDS_PROXIES", "10.0.0.9")
    assert client.get("/ward_map", headers=named).status_code == 303
    proxied = fresh(client=("10.0.0.9", 1234))
    stranger = [*named.items(), ("X-Forwarded-User", "ai do")]
    assert proxied.get("/ward_map", headers=[*HTML.items(), *stranger[-1:]]).status_code == 403
    assert proxied.get("/ward_map", headers=named).status_code == 200
    token = proxied.cookies["pw-session"]
    found = identity.identity_of(token, is_fresh=True)
    assert found is not None and found.session is not None
    assert (found.name, found.session.factor, found.session.address) == ("an", "proxy", "10.1.2.3")


def test_a_wall_reads_the_wall_alone_and_never_shows_a_way_to_sign_in(client: TestClient) -> None:
    account = made("màn hình", Right("wall"))
    token = Sessions(identity.store()).begin_wall(account, "Phòng họp 1", BY)
    answer = client.get(f"/wall?facts=all&token={token}", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall?facts=all")
    assert client.get("/wall?facts=all", headers=HTML).status_code == 200
    found = asked(client, stream=False)
    assert {path for path, status in found.items() if status == 200} == {
        "/wall",
        "/_stcore/health",
        "/_stcore/host-config",
        "/static/js/none.js",
    }
    Sessions(identity.store()).end(hashed(token), BY)
    identity.forget()
    for path in ("/wall", f"/wall?token={token}"):
        ended = client.get(path, headers=HTML)
        assert ended.status_code == 403 and "<form" not in ended.text and "Refresh" in ended.headers


def test_what_is_published_may_be_public(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made("an", Right("view"))
    monkeypatch.setenv("PILOT_WARDS_PUBLIC", "yes")
    found = asked(client, stream=False)
    assert found["/ward_map"] == 200
    assert (found["/accounts"], found["/audit"], found["PUT"]) == (303, 303, 401)
