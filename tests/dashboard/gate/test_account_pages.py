"""Own account, administration and audit log: what each form does, to whom, and what it never does."""

import re
from html import unescape

import pyotp
import pytest
from starlette.testclient import TestClient

from dashboard.gate import identity, notes
from etl.store import audit, second_factor
from etl.store.accounts import Account, Accounts, Right
from etl.store.sessions import Sessions
from etl.store.tables import audit as log
from tests.dashboard.gate.people import BY, HTML, NEW, OURS, fresh, made, said, sign_in
from tests.small_city import NEW as NOW

HOSTILE = 'an"><img src=x onerror=alert(1)>'
OTHER = "Một mật khẩu khác 7!"


def post(client: TestClient, path: str, **fields: str) -> str:
    """Send a form of a page; return what is shown after it."""
    answer = client.post(path, data=fields, headers=HTML | {"Origin": OURS["Origin"]})
    if answer.status_code == 303:
        return client.get(answer.headers["location"], headers=HTML).text
    return answer.text


def once(text: str) -> str:
    """Return the secret that a page shows once."""
    found = re.search(r'class="gt-secret">([^<]+)<', text)
    assert found, text
    return unescape(found[1])


@pytest.fixture
def boss(client: TestClient) -> TestClient:
    """Return the browser of an administrator."""
    account = made("quản trị", Right("administer"))
    accounts = Accounts(identity.store())
    totp = pyotp.parse_uri(second_factor.enrol(accounts, account, BY))
    assert isinstance(totp, pyotp.TOTP)
    codes = second_factor.confirm(accounts, account, totp.now(), BY)
    assert sign_in(client, "quản trị", code=codes[0]) == 303
    return client


def known(name: str) -> Account:
    found = Accounts(identity.store()).named(name)
    assert found is not None
    return found


def test_a_password_of_ones_own_ends_other_sessions_and_renews_this_one(client: TestClient) -> None:
    made("an", Right("view"))
    other = fresh()
    sign_in(client, "an")
    sign_in(other, "an")
    before = client.cookies["pw-session"]
    fields = {"do": "password", "new": OTHER}
    assert "không đúng" in post(client, "/account", **fields, password="sai", again=OTHER)
    assert "không giống nhau" in post(client, "/account", **fields, password=NEW, again="x")
    assert "quá ngắn" in post(client, "/account", do="password", password=NEW, new="ngắn", again="ngắn")
    assert client.get("/ward_map", headers=HTML).status_code == 200
    assert "đã có hiệu lực" in post(client, "/account", **fields, password=NEW, again=OTHER)
    assert client.cookies["pw-session"] != before
    assert identity.identity_of(before, is_fresh=True) is None
    assert other.get("/ward_map").status_code == 401
    assert client.get("/ward_map", headers=HTML).status_code == 200


def test_wrong_passwords_on_ones_own_page_lock_too(client: TestClient) -> None:
    made("an", Right("view"))
    sign_in(client, "an")
    for _ in range(4):
        post(client, "/account", do="second-factor", password="sai")
    assert "15 phút" in post(client, "/account", do="second-factor", password="sai")
    assert "15 phút" in post(client, "/account", do="second-factor", password=NEW)
    assert second_factor.begun(Accounts(identity.store()), known("an")) == ""


def test_a_second_factor_is_begun_with_the_password_and_shown_as_key_and_code(client: TestClient) -> None:
    made("an", Right("view"))
    other = fresh()
    sign_in(client, "an")
    sign_in(other, "an")
    assert "gt-secret" not in post(client, "/account", do="second-factor", password="sai")
    page = post(client, "/account", do="second-factor", password=NEW)
    totp = pyotp.TOTP(once(page).replace(" ", ""))
    assert "<svg" in page and "<script" not in page
    assert "Mã không đúng" in post(client, "/account", do="code", code="x")
    page = post(client, "/account", do="code", code=totp.now())
    codes = re.findall(r"<li><code>(\w{10})</code>", page)
    assert len(codes) == 10
    assert other.get("/ward_map").status_code == 401
    assert codes[0] not in client.get("/account", headers=HTML).text
    assert sign_in(fresh(), "an", code=codes[0]) == 303


def test_sessions_are_ended_by_their_owner_alone(client: TestClient) -> None:
    made("an", Right("view"))
    stranger = Sessions(identity.store())
    token = stranger.begin(made("bình", Right("view")), "password", "", "<b>Trình duyệt</b>")
    sign_in(client, "an")
    other = fresh()
    sign_in(other, "an")
    keys = re.findall(r'name="session" value="(\w+)"', client.get("/account", headers=HTML).text)
    assert len(keys) == 2
    [theirs] = stranger.of(known("bình").account_id)
    assert "&lt;b&gt;" not in client.get("/account", headers=HTML).text
    post(client, "/account", do="end", session=theirs.token_hash)
    assert identity.identity_of(token, is_fresh=True) is not None
    post(client, "/account", do="end-all")
    assert other.get("/ward_map").status_code == 401
    [own] = Sessions(identity.store()).of(known("an").account_id)
    post(client, "/account", do="end", session=own.token_hash)
    assert client.get("/ward_map").status_code == 401


def test_an_account_is_made_with_a_right_in_a_place_and_a_password_that_is_shown_once(
    boss: TestClient,
) -> None:
    page = boss.get("/accounts/new", headers=HTML).text
    place = re.findall(rf'value="(ward\|{NOW}\|\w+)"', page)[0]
    name = re.search(rf'value="{re.escape(place)}">([^<]+)', page)
    assert name is not None
    page = post(boss, "/accounts/new", do="add", name=HOSTILE, body="=1+1<b>", role="view", place=place)
    password = once(page)
    assert "<img" not in page and "<b>" not in page.replace("<b>đến hạn", "")
    account = known(HOSTILE)
    [right] = account.rights
    assert (right.role, f"{right.area}|{right.vintage}|{right.code}") == ("view", place)
    page = boss.get(f"/accounts/{account.account_id}", headers=HTML).text
    assert password not in page and name[1].partition(" ·")[0] in page
    assert "<img" not in boss.get("/accounts", headers=HTML).text
    assert "gt-secret" not in post(boss, "/accounts/new", do="add", name=HOSTILE, role="view", place="city")
    # Its owner has to choose another password before anything else.
    owner = fresh()
    assert sign_in(owner, HOSTILE, password) == 303
    assert owner.get("/ward_map", headers=HTML).headers["location"] == "/account"
    post(owner, "/account", do="password", password=password, new=NEW, again=NEW)
    assert owner.get("/ward_map", headers=HTML).status_code == 200
    for path in (
        "/accounts",
        "/accounts/new",
        f"/accounts/{account.account_id}",
        "/accounts/review",
        "/audit",
    ):
        assert owner.get(path, headers=HTML).status_code == 403
        refused = owner.post(path, data={"do": "add"}, headers=HTML | {"Origin": OURS["Origin"]})
        assert refused.status_code == 403


def test_places_and_roles_that_are_not_there_give_no_right(boss: TestClient) -> None:
    for role, place in (("view", f"ward|{NOW}|nowhere"), ("emperor", "city"), ("view", "moon"), ("", "")):
        post(boss, "/accounts/new", do="add", name="bình", role=role, place=place)
        assert Accounts(identity.store()).named("bình") is None


def test_what_an_administrator_does_to_others_and_never_to_themselves(boss: TestClient) -> None:
    an, own = made("an", Right("view")), known("quản trị")
    page, mine = f"/accounts/{an.account_id}", f"/accounts/{own.account_id}"
    post(boss, page, do="add-right", role="review", place="city")
    assert known("an").roles == {"view", "review"}
    post(boss, page, do="remove-right", right="view|city||")
    assert known("an").roles == {"review"}
    post(boss, page, do="remove-right", right="review|city||")
    assert known("an").roles == {"review"}
    guest = fresh()
    sign_in(guest, "an")
    post(boss, page, do="disable", reason="nghỉ việc")
    assert guest.get("/ward_map").status_code == 401
    post(boss, page, do="enable")
    password = once(post(boss, page, do="password"))
    assert known("an").password_state == "temporary"
    assert sign_in(fresh(), "an", password) == 303
    for act in ("disable", "remove-factor", "password", "remove-right"):
        assert "chính mình" in post(boss, mine, do=act, right="administer|city||")
    assert known("quản trị").is_administrator and known("quản trị").has_second_factor
    assert boss.get("/accounts/none", headers=HTML).status_code == 404


def test_a_wall_gets_an_address_that_is_shown_once_and_ended(boss: TestClient) -> None:
    post(boss, "/accounts/new", do="add", name="màn hình", role="wall", place="city")
    wall = known("màn hình")
    assert wall.password_state == "none"
    page = f"/accounts/{wall.account_id}"
    assert "gt-secret" not in post(boss, page, do="wall", label="", days="3")
    assert "gt-secret" not in post(boss, page, do="wall", label="Phòng họp", days="9999")
    assert "gt-secret" not in post(boss, page, do="password")
    post(boss, page, do="add-right", role="view", place="city")
    assert known("màn hình").roles == {"wall"}
    shown = post(boss, page, do="wall", label="Phòng <họp>", days="3")
    address = once(shown)
    assert "<họp>" not in shown
    assert address.startswith("http://127.0.0.1:8501/wall?token=")
    assert address.partition("=")[2] not in boss.get(page, headers=HTML).text
    screen = fresh()
    assert screen.get(address, headers=HTML).headers["location"] == "/wall"
    assert screen.get("/wall", headers=HTML).status_code == 200
    [session] = Sessions(identity.store()).of(wall.account_id)
    post(boss, page, do="end", session=session.token_hash)
    ended = screen.get("/wall", headers=HTML)
    assert ended.status_code == 403 and "<form" not in ended.text


def test_the_review_tells_who_was_reviewed_by_whom_and_is_handed_over(boss: TestClient) -> None:
    an = made("an", Right("view"))
    page = post(boss, "/accounts/review", do="review", account=an.account_id)
    row = page.partition(an.account_id)[2].partition("</tr>")[0]
    assert "quản trị" in row
    text = post(boss, "/accounts/review", do="csv")
    assert text.startswith("\ufeff") and "xem số liệu đã công bố: toàn thành phố" in text
    assert ("account.export", "done") in said()


def test_the_log_is_looked_through_and_handed_over_as_it_is_looked_at(boss: TestClient) -> None:
    sign_in(fresh(), "ai đó", "sai")
    made("=cmd|'/c calc'!a", Right("view"))
    for number in range(60):
        with identity.store().write() as connection:
            audit.append(connection, BY, "view", f"page:{number}")
    first = boss.get("/audit", headers=HTML).text
    assert first.count("<tr><td>") == 50
    with identity.store().read() as connection:
        head = audit.head(connection)
    assert f"{head.number} {head.hash}" in first
    older = re.search(r'href="(/audit\?[^"]*before=[^"]*)"', first)
    assert older is not None
    second = boss.get(unescape(older[1]), headers=HTML).text
    numbers = [int(one) for one in re.findall(r"<tr><td>(\d+)", first + second)]
    assert numbers == sorted(numbers, reverse=True) and len(set(numbers)) == len(numbers)
    assert numbers[-1] == 1
    refused = boss.get("/audit?result=refused&action=sign-in", headers=HTML).text
    assert refused.count("<tr><td>") == 1
    assert boss.get("/audit?text=%25", headers=HTML).text.count("<tr><td>") == 0
    assert boss.get("/audit?since=2999-01-01&until=x&before=x", headers=HTML).text.count("<tr><td>") == 50
    assert boss.get("/audit?since=2199-01-01", headers=HTML).text.count("<tr><td>") == 0
    text = post(boss, "/audit", do="csv", action="account.add", text="cmd")
    lines = text.splitlines()
    assert len(lines) == 2 and "'=cmd" in lines[1]
    assert said()[-1] == ("audit.export", "done")
    with identity.store().read() as connection:
        entry = connection.execute(log.select().order_by(log.c.number.desc()).limit(1)).one()
    assert "action=account.add" in entry.detail


FOREIGN = ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})

FORMS = {
    "/sign-in": ("",),
    "/sign-out": ("",),
    "/account": ("password", "second-factor", "code", "end", "end-all"),
    "/accounts/new": ("add",),
    "/accounts/review": ("review", "csv"),
    "/accounts/{}": (
        *(
            "add-right",
            "remove-right",
            "disable",
            "enable",
            "password",
            "remove-factor",
            "wall",
            "end",
            "review",
        ),
    ),
    "/audit": ("csv",),
}


def test_no_form_of_another_page_does_anything(boss: TestClient) -> None:
    an = made("an", Right("view"))
    before = said()
    for path, acts in FORMS.items():
        for act in acts:
            for told in FOREIGN:
                fields = {"do": act, "name": "x", "role": "view", "place": "city", "account": an.account_id}
                answer = boss.post(path.format(an.account_id), data=fields, headers=HTML | told)
                assert answer.status_code == 421, (path, act)
    assert said() == before
    assert boss.get("/account", headers=HTML).status_code == 200


def test_forms_of_nobody_in_particular_lead_to_sign_in(client: TestClient) -> None:
    made("an", Right("view"))
    for path in ("/account", "/accounts", "/accounts/new", "/audit"):
        answer = client.post(path, data={"do": "csv"}, headers=HTML | {"Origin": OURS["Origin"]})
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


def test_views_of_what_is_restricted_are_entries_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("an", Right("view"))
    sign_in(client, "an")
    for path in ("/ward_map", "/ward_map?figure=x", "/account", "/app/ahead/overview"):
        client.get(path, headers=HTML)
    assert said().count(("view", "done")) == 2
    monkeypatch.setenv("PILOT_WARDS_PUBLIC", "yes")
    client.get("/progress", headers=HTML)
    assert said().count(("view", "done")) == 2
    notes.downloading()("x.csv")
    assert ("download", "done") not in said()
