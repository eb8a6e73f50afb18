"""How a page comes to stand: our files are named with the answer, and the map is drawn first and stays."""

import http.client
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import IDLE

TIMES = 15
MOST_MS = 25
"""How much longer a file may take than its head alone, which waits for nothing on any machine. One that waits
for an acknowledgement takes 40 ms longer, one that does not less than 1."""


@pytest.fixture
def connection(small_app: str) -> Iterator[http.client.HTTPConnection]:
    """Return a connection to the server that stays open from file to file."""
    with closing(http.client.HTTPConnection(urlsplit(small_app).netloc)) as opened:
        yield opened


def answer(
    connection: http.client.HTTPConnection, path: str, method: str = "GET"
) -> http.client.HTTPResponse:
    connection.request(method, path, headers={"Accept": "text/html"})
    found = connection.getresponse()
    found.read()
    return found


def test_a_file_does_not_wait_until_the_one_before_is_acknowledged(
    connection: http.client.HTTPConnection,
) -> None:
    taken: dict[str, list[float]] = {"HEAD": [], "GET": []}
    for _ in range(TIMES):
        for method, times in taken.items():
            begun = time.perf_counter()
            assert answer(connection, "/favicon.png", method).status == 200
            times.append(1000 * (time.perf_counter() - begun))
    assert statistics.median(taken["GET"]) < statistics.median(taken["HEAD"]) + MOST_MS


@pytest.mark.parametrize("path", ["", "ward_map", "wall?hours=always"])
def test_a_page_asks_for_no_module_stylesheet_or_main_font_that_was_not_named_with_it(
    browser: Browser, small_app: str, connection: http.client.HTTPConnection, path: str
) -> None:
    asked = set()
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.add(urlsplit(request.url).path))
        answered = page.goto(f"{small_app}/{path}")
        assert answered is not None
        # What waits for the first frame stands in the page itself.
        named = set(re.findall(r'<link href="(/app/static/[^"]+)"', answered.text()))
        page.wait_for_selector(".pw-map[data-paints]")
        page.wait_for_selector(IDLE)
    for link in named:
        assert answer(connection, link).status == 200, link
    ours = {one for one in asked if one.startswith("/app/static/") and one.endswith((".js", ".css", ".ttf"))}
    assert {one.rpartition(".")[2] for one in ours} == {"js", "css", "ttf"}
    # The medium weight stands in a few labels alone.
    assert {one for one in ours if not one.endswith("-Medium.ttf")} <= named


@pytest.mark.parametrize(("path", "query"), [("", ""), ("ward_map", "?figure=inspections&facts=all")])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_map_stays_where_it_was_drawn_when_the_controls_come(
    browser: Browser, inspected_app: str, path: str, query: str, width: int, height: int
) -> None:
    # What lies above the heading, and between it and the map; the heading's own lines may break anew when its
    # font comes.
    above = """(() => {
      const box = (selector) => document.querySelector(selector).getBoundingClientRect();
      return [box("h1").top, box(".pw-map .pw-canvas").top - box(".hp-sub").bottom];
    })()"""
    # Read in the browser, at the moment when the map is there and its first view is gone.
    first = f"""new MutationObserver(() => {{
      if (window.first === undefined && document.querySelector(".pw-map[data-paints]")
          && !document.querySelector("#pw-first")) {{
        window.first = {above};
      }}
    }}).observe(document, {{ subtree: true, childList: true, attributes: true }})"""
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        # With its fonts in the browser: the controls too break into other lines when theirs come.
        page = context.new_page()
        page.goto(f"{inspected_app}/{path}{query}")
        page.wait_for_selector(IDLE)
        page.add_init_script(first)
        page.goto(f"{inspected_app}/{path}{query}")
        page.wait_for_selector(".st-key-vintage button")
        page.wait_for_selector(IDLE)
        assert page.evaluate(above) == pytest.approx(page.evaluate("window.first"), abs=2)
