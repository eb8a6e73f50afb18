"""A map as one HTML file, opened by file:// where no host answers: it shows what its page shows."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Open, downloaded
from tests.compared_city import SCRIPT, write_compared_city
from tests.one_file import differences, made, shown
from tests.small_city import NEW, OLD

MOST_BYTES = 1_500_000
RATE = "facts=all&figure=crime_cases"
BESIDE = {
    "inspections": ("legend", "key"),
    "events": ("legend", "key"),
    "ward": ("legend", "key"),
    "compare": ("legend", "key", "badges"),
    "wall": ("legend", "key", "badges"),
}
"""What stands beside the map of a page, in words of its own."""

TIPS = """() => [...document.querySelectorAll("path.pw-ward")].map((path) => {
  path.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 200, clientY: 300 }));
  return document.querySelector(".pw-tip").innerText;
})"""
"""What is told of each ward that is pointed at."""


@pytest.fixture
def opened(browsing: BrowserContext) -> Iterator[Page]:
    """Return an empty page; when the test ends, a fault of a file, or a request that it made, fails it."""
    page, faults = browsing.new_page(), []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    asked = re.compile("file:|data:")
    page.on("request", lambda one: None if asked.match(one.url) else faults.append(one.url))
    yield page
    page.close()
    assert faults == []


def open_file(page: Page, path: Path) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(path.as_uri())
    page.wait_for_selector("figure[data-paints]")


@pytest.mark.parametrize(
    ("path", "query", "moments"),
    [
        ("ward_map", f"{RATE}&from=2023-02-01&to=2025-03-15&method=natural&classes=6", [None]),
        ("ward_map", f"{RATE}&per=value&play=yes", [0, 17]),
        ("ward_map", "facts=all&figure=satisfaction_pct&second=fires&lang=en", [None]),
        ("", "facts=all", [None]),
        ("inspections", "facts=all&lang=en", [None]),
        ("routes", "stops=11407,11411&day=28/11/2025", [None]),
        ("events", "", [None]),
        ("ward", "facts=all&ward=11407&lang=en", [None]),
        ("compare", f"facts=all&vintage={NEW}&view=maps", [None]),
        ("wall", "theme=light&facts=all&scenes=city", [None]),
    ],
)
def test_a_file_shows_what_its_page_shows(
    path: str,
    query: str,
    moments: list[int | None],
    city_app: str,
    sketched_gpkg: Path,
    open_page: Open,
    opened: Page,
    tmp_path: Path,
) -> None:
    ready = ".hw-wall[data-shown]" if path == "wall" else ".pw-map[data-paints]"
    live = open_page(city_app, f"?{query}", path=path, ready=ready)
    file = made(sketched_gpkg, f"{city_app}/{path}?{query}", tmp_path / "map.html")
    assert file.stat().st_size < MOST_BYTES
    open_file(opened, file)
    maps = opened.locator("figure.pw-map").count()
    assert maps == (4 if path == "compare" else 1)
    live.wait_for_function(f"document.querySelectorAll('figure[data-paints]').length >= {maps}")
    for moment, at in product(moments, range(maps)):
        told = differences(shown(live, moment, at), shown(opened, moment, at), of_city=path == "ward_map")
        assert [one for one in told if one not in BESIDE.get(path, ())] == []


def test_months_leave_nothing_behind_and_paper_holds_the_map(
    sketched_gpkg: Path, opened: Page, tmp_path: Path
) -> None:
    open_file(opened, made(sketched_gpkg, f"ward_map?{RATE}&per=value&play=yes", tmp_path / "map.html"))
    client = opened.context.new_cdp_session(opened)
    client.send("Performance.enable")

    def held() -> dict[str, float]:
        client.send("HeapProfiler.collectGarbage")
        metrics = client.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics if one["name"] in ("Nodes", "JSHeapUsedSize")}

    def turn(count: int) -> None:
        for at in range(count):
            opened.locator(".pw-player input").fill(str(at % 40))

    turn(40)
    before = held()
    turn(240)
    after = held()
    # A turn that left one node would leave 240; some of the browser's own come and go.
    assert after["Nodes"] < before["Nodes"] + 24
    assert after["JSHeapUsedSize"] < 1.1 * before["JSHeapUsedSize"]
    for name in ("Sông", "Vòng tròn"):
        opened.get_by_label(name).uncheck()
    assert opened.locator(".pw-rivers path, .pw-circles circle").count() == 0
    opened.get_by_label("Phường, xã").uncheck()
    assert opened.locator("path.pw-ward").count() == 0
    opened.get_by_label("Phường, xã").check()
    assert opened.locator("path.pw-ward[data-ward]").count() == 114
    assert len(re.findall(rb"/Type\s*/Page\b", opened.pdf(prefer_css_page_size=True))) == 1
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_names_are_text(small_gpkg: Path, opened: Page, tmp_path: Path) -> None:
    gpkg = tmp_path / "haiphong.gpkg"
    write_compared_city(small_gpkg, gpkg, is_hostile=True)
    open_file(opened, made(gpkg, f"ward_map?vintage={OLD}&figure=fires&per=value", tmp_path / "map.html"))
    tips = opened.evaluate(TIPS)
    assert any(SCRIPT in tip for tip in tips), tips
    names = opened.evaluate("JSON.stringify([...document.querySelectorAll('script')].at(-1).textContent)")
    assert SCRIPT not in names
    assert opened.locator("img").count() == 0


def test_the_page_hands_it_over(city_app: str, open_page: Open, opened: Page, tmp_path: Path) -> None:
    page = open_page(city_app)
    file = tmp_path / "map.html"
    downloaded(page, "Bản đồ (một tệp HTML)").save_as(file)
    open_file(opened, file)
    assert opened.locator("h1").inner_text() == page.locator("h1").first.inner_text()
