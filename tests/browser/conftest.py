"""The real app in the real browser: Debian's Chromium, every other host blocked and every fault recorded."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from geodata.settings import ROOT
from tests.conftest import REAL_BOUNDARIES
from tests.serving import answered, free_port

START_SECONDS = 60

# A slow machine that tests with all its cores answers later than the 5 s that Playwright waits by itself.
expect.set_options(timeout=1000 * START_SECONDS)

Open = Callable[..., Page]
"""Opens a page: ``open_page(address, query, path=…, ready=…, width=…, height=…)``.

It returns the page once the selector ``ready`` is there, without one the map, painted, and all else was sent.
"""

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
"""The page once all of it was sent."""

LEFT = "net::ERR_ABORTED"
"""How a request ends that the browser itself breaks off, as when its page is closed or left."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Return how Chromium is started; fail with a remedy where it is missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail(
            "Chromium is missing and the browser tests need it: run “sudo apt-get install chromium”, "
            "then “make test” again.",
            pytrace=False,
        )
    # Blocked here and not by a route of Playwright, which would switch the browser's cache off.
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu", *alone, *quiet]}


@contextmanager
def served(gpkg: Path, port: int | None = None, module: str = "dashboard.server") -> Iterator[str]:
    """Serve the app, by a module, on a port, or on a free one, on a GeoPackage; yield its address."""
    port = port or free_port()
    command = [sys.executable, "-m", module, "--port", str(port)]
    environment = {**os.environ, "PILOT_WARDS_GPKG": str(gpkg)}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            answered(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """Return Chromium in which a test may evaluate text, as Playwright's waits do and no page of ours may."""
    browser.new_context = partial(browser.new_context, bypass_csp=True)  # type: ignore[method-assign]
    return browser


@pytest.fixture(scope="session")
def small_app(small_gpkg: Path) -> Iterator[str]:
    """Return the address of the app on the small city."""
    with served(small_gpkg) as address:
        yield address


@pytest.fixture(scope="session")
def inspected_app(inspected_gpkg: Path) -> Iterator[str]:
    """Return the address of the app on the small city with imported and illustrative inspections."""
    with served(inspected_gpkg) as address:
        yield address


@pytest.fixture(scope="session")
def judged_app(judged_gpkg: Path) -> Iterator[str]:
    """Return the address of the app on that city with results by criterion and a plan with gaps too."""
    with served(judged_gpkg) as address:
        yield address


@pytest.fixture(scope="session")
def city_app(sketched_gpkg: Path) -> Iterator[str]:
    """Return the address of the app on the sketched city."""
    with served(sketched_gpkg) as address:
        yield address


@pytest.fixture(scope="session")
def real_app(real_gpkg: Path) -> Iterator[str]:
    """Return the address of the app on the real city; skip where the real files are not there."""
    with served(real_gpkg) as address:
        yield address


@pytest.fixture(scope="session")
def whole_app(request: pytest.FixtureRequest) -> str:
    """Return the address of the app on the real city, or, without its files, on the sketched one."""
    is_real = any(REAL_BOUNDARIES.glob("wards_*.gpkg"))
    address: str = request.getfixturevalue("real_app" if is_real else "city_app")
    return address


@pytest.fixture(scope="session")
def browsing(browser: Browser) -> Iterator[BrowserContext]:
    """Return the one profile of all tests: what the browser has cached stays, as it does for a user."""
    with browser.new_context() as context:
        yield context


@pytest.fixture
def open_page(browsing: BrowserContext) -> Iterator[Open]:
    """Return what opens pages; when the test ends, any fault that a page met fails it.

    A fault is a request to another host (which is blocked), a request that failed, an answer of 400 or above,
    an error in the console or an uncaught one.
    """
    faults: list[str] = []
    pages = []

    def open_one(
        address: str,
        query: str = "",
        *,
        path: str = "",
        ready: str = ".pw-map[data-paints]",
        width: int = 1366,
        height: int = 768,
    ) -> Page:
        host = urlsplit(address).netloc
        page = browsing.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.on(
            "request",
            lambda request: (
                faults.append(f"another host was asked: {request.url}")
                if urlsplit(request.url).netloc not in ("", host)
                else None
            ),
        )
        page.on(
            "requestfailed",
            lambda request: (
                faults.append(f"request failed: {request.url}: {request.failure}")
                if request.failure != LEFT
                else None
            ),
        )
        page.on(
            "response",
            lambda answer: faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None,
        )
        page.on(
            "console",
            lambda message: faults.append(f"console: {message.text}") if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on(
            "websocket",
            lambda socket: (
                faults.append(f"another host was asked: {socket.url}")
                if urlsplit(socket.url).netloc != host
                else None
            ),
        )
        page.goto(f"{address}/{path}{query}")
        page.wait_for_selector(ready, timeout=START_SECONDS * 1000)
        # The controls come after the map.
        page.wait_for_selector(IDLE)
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    yield open_one
    for page in pages:
        page.close()
    assert faults == []


def downloaded(page: Page, button: str, *, exact: bool = False) -> Download:
    """Return the file of a button; as a reader would, click once more where the first click gave none.

    A file is made by the run that drew its button: a click that another run overtakes gives none.
    """
    pressed = page.get_by_role("button", name=button, exact=exact)
    page.wait_for_selector(IDLE)
    try:
        with page.expect_download(timeout=15_000) as file:
            pressed.click()
    except PlaywrightTimeout:
        with page.expect_download() as file:
            pressed.click()
    return file.value


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds serious or critical in what we draw: the rule, and each element as HTML.

    Streamlit's own bar above the page is left out.
    """
    result = Axe().run(page, context={"include": [[".stMain"]]})
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]])
        for fault in result.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
