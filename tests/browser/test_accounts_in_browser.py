"""Accounts as people meet them: sign in, second factor, who sees a part, a screen, and what ends."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.database import database_of
from geodata.settings import settings
from tests.browser.conftest import served
from tests.serving import free_port
from tests.small_city import OLD

FIRST, OWN = "Xa lạ 2026 nhé!", "Con đường 88 cây!"
HOSTILE = 'an "><img src=x onerror=alert(1)>'
READY = ".pw-map[data-paints]"


def check(page: Page) -> None:
    """Check a page of the gate at both widths: nothing sticks out, axe finds nothing, no script."""
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page.url
    assert page.locator("script:not([src^='data:'])").count() <= 1  # axe's own


@contextmanager
def person(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser of somebody's own; an error of a script fails the test."""
    errors: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        yield page
    assert errors == []


def sign_in(page: Page, name: str, password: str, code: str = "") -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("[name=code]").fill(code)
    page.locator("[name=code]").press("Enter")


def choose_password(page: Page, present: str) -> None:
    form = page.locator("form:has([name=do][value=password])")
    form.locator("[name=password]").fill(present)
    form.locator("[name=new]").fill(OWN)
    form.locator("[name=again]").fill(OWN)
    form.locator("button").press("Enter")
    expect(page.locator(".gt-said")).to_be_visible()


def act(page: Page, what: str) -> None:
    page.locator(f"form:has([name=do][value={what}]) button").first.click()


def test_doors_open_to_those_who_may(
    browser: Browser, tmp_path: Path, inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path))
    with closing(database_of(settings())) as database:
        rights = [Right("administer"), Right("view")]
        Accounts(database).add("quản trị", rights, Actor("system:test"), password=FIRST)
    port = free_port()
    with person(browser) as boss, person(browser) as guest, person(browser) as screen:
        with served(inspected_gpkg, port) as address:
            # Nothing but the way in; then a password of one's own and a second factor, and back to the link.
            boss.goto(f"{address}/ward_map?vintage={OLD}")
            check(boss)
            sign_in(boss, "quản trị", FIRST)
            check(boss)
            choose_password(boss, FIRST)
            form = boss.locator("form:has([name=do][value='second-factor'])")
            form.locator("[name=password]").fill(OWN)
            form.locator("button").click()
            check(boss)
            totp = pyotp.TOTP(boss.locator(".gt-secret").inner_text().replace(" ", ""))
            boss.locator("[name=code]").fill(totp.now())
            boss.locator("[name=code]").press("Enter")
            expect(boss.locator(".gt-codes li")).to_have_count(10)
            check(boss)
            boss.emulate_media(media="print")
            expect(boss.locator(".gt-codes")).to_be_visible()
            expect(boss.locator("form:visible")).to_have_count(0)
            boss.emulate_media(media="screen")

            # A colleague with a name that means harm, who sees a former district.
            boss.goto(f"{address}/accounts/new")
            check(boss)
            boss.locator("[name=name]").fill(HOSTILE)
            boss.locator("[name=place]").select_option(f"district|{OLD}|901")
            boss.locator("main button").click()
            check(boss)
            password = boss.locator(".gt-secret").inner_text()
            guest.goto(f"{address}/ward_map?vintage={OLD}")
            sign_in(guest, HOSTILE, password)
            choose_password(guest, password)
            link = f"{address}/ward_map?vintage={OLD}"
            guest.goto(link)
            expect(guest.locator(READY)).to_be_visible()
            expect(guest.locator(".hp-account p")).to_have_text(HOSTILE)
            expect(guest.locator(".hp-account a")).to_have_count(1)
            boss.goto(link)
            expect(boss.locator(READY)).to_be_visible()
            expect(boss.locator(".hp-account a")).to_have_count(3)
            assert guest.locator("h1").inner_text() != boss.locator("h1").inner_text()

            # What they take away is in the log.
            guest.goto(f"{address}/methods")
            with guest.expect_download():
                guest.get_by_role("button", name="CSV").first.click()
            boss.goto(f"{address}/audit?action=download")
            expect(boss.locator("tbody tr")).to_have_count(1)
            expect(boss.locator("tbody tr")).to_contain_text(HOSTILE)
            boss.goto(f"{address}/audit?action=view&text=methods")
            expect(boss.locator("tbody tr")).to_have_count(1)
            guest.goto(link)
            expect(guest.locator(READY)).to_be_visible()

            # A screen, whose address is shown once.
            boss.goto(f"{address}/accounts/new?lang=en")
            boss.locator("[name=name]").fill("màn hình")
            boss.locator("[name=role]").select_option("wall")
            boss.locator("main button").click()
            boss.locator("[name=label]").fill("Phòng họp <1>")
            act(boss, "wall")
            check(boss)
            screen.goto(boss.locator(".gt-secret").inner_text())
            expect(screen.locator(".hw-wall[data-shown]")).to_be_visible()
            for path in ("accounts", "accounts/review", "audit"):
                boss.goto(f"{address}/{path}")
                check(boss)
            expect(boss.locator("tbody tr").first).to_be_visible()

        # The server goes and comes again: sessions are rows, so nobody has to sign in.
        with served(inspected_gpkg, port) as address:
            expect(guest.locator('[data-test-connection-state="CONNECTED"]')).to_be_visible()
            expect(screen.locator(".hw-wall[data-shown]")).to_be_visible()

            # Sessions end: the open page goes to sign in and comes back, the screen tells why it is dark.
            boss.goto(f"{address}/accounts?q=img")
            boss.locator("tbody a").click()
            act(boss, "end")
            guest.wait_for_url("**/sign-in?**")
            sign_in(guest, HOSTILE, OWN)
            guest.wait_for_url("**/ward_map?**")
            expect(guest.locator(READY)).to_be_visible()
            boss.goto(f"{address}/accounts?role=wall")
            boss.locator("tbody a").click()
            act(boss, "end")
            expect(screen.locator(".hw-wall")).to_have_count(0)
            expect(screen.locator("h1")).to_have_text("Mã của màn hình này đã hết hiệu lực")
            expect(screen.locator("form")).to_have_count(0)

            # Sign out from the sidebar, by keyboard.
            guest.locator(".hp-account button").focus()
            guest.keyboard.press("Enter")
            guest.wait_for_url("**/sign-in**")
            guest.goto(link)
            guest.wait_for_url("**/sign-in?**")
