"""A page shows its map before its scripts have loaded; the live map takes its place, and nothing moves."""

import urllib.request

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import IDLE

# Boxes of the outlines and of what stands around them, in the first view while it stands and in the page at
# the moment when it is gone.
WATCH = """(() => {
  const named = "path[data-ward], h1, .hp-sub, .pw-stage, .pw-legend, .pw-badges";
  const boxes = (root) => Object.fromEntries([...root.querySelectorAll(named)].map((node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [node.dataset.ward ?? (node.className || "h1"), [left, top, right, bottom]];
  }));
  // As it stands in a frame that the reader sees: while the page is being parsed, half of it is there.
  const look = () => {
    const first = document.getElementById("pw-first");
    const isWhole = document.readyState !== "loading" && document.fonts.status === "loaded";
    if (first && isWhole) window.first = boxes(first);
    if (!window.live) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const attributeFilter = ["data-paints", "class"];
  const what = { subtree: true, childList: true, attributes: true, attributeFilter };
  new MutationObserver(() => {
    const live = document.querySelector("figure[data-paints]");
    if (!live || document.getElementById("pw-first") || window.live) return;
    window.live = boxes(live.closest(".hw-wall") ?? document.getElementById("root"));
  }).observe(document, what);
})()"""


def watched(page: Page, address: str) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the boxes of the first view and those of the page when its map is painted."""
    page.goto(address)
    page.wait_for_selector(IDLE)
    # Again with its fonts in the browser: text that is drawn in another one first breaks into other lines.
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("window.live !== undefined")
    page.wait_for_selector(IDLE)
    assert page.locator("h1").count() == 1
    return page.evaluate("window.first"), page.evaluate("window.live")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 800), (390, 844)])
@pytest.mark.parametrize(
    "path", ["", "ward_map?figure=inspections&facts=all", "ward_map?figure=days_since&facts=all&lang=en"]
)
def test_the_live_map_takes_the_place_of_the_first_view_and_nothing_moves(
    browser: Browser, inspected_app: str, path: str, width: int, height: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        first, live = watched(context.new_page(), f"{inspected_app}/{path}")
    left, top, right, bottom = first["pw-stage"]
    # Leaflet cuts off what reaches far out of the map.
    within = {
        name: box
        for name, box in first.items()
        if name in live and box[0] >= left and box[1] >= top and box[2] <= right and box[3] <= bottom
    }
    assert sum(name.isdigit() for name in within) >= (3 if path else 1)
    for name in {*within, "h1", "hp-sub", "pw-stage", "pw-legend"}:
        assert live[name] == pytest.approx(first[name], abs=1), name


def test_the_first_scene_of_the_wall_does_not_move(browser: Browser, inspected_app: str) -> None:
    with browser.new_context(viewport={"width": 1920, "height": 1080}) as context:
        first, live = watched(context.new_page(), f"{inspected_app}/wall?facts=all&hours=always")
    for name in ("hw-headline", "pw-stage"):
        assert live[name] == pytest.approx(first[name], abs=1), name


@pytest.mark.parametrize("path", ["", "ward_map", "wall?hours=always"])
@pytest.mark.parametrize("width", [1366, 390])
def test_without_scripts_a_page_shows_map_headline_legend_and_a_table(
    browser: Browser, inspected_app: str, path: str, width: int
) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{inspected_app}/{path}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".hw-legend" if path.startswith("wall") else ".pw-legend").first).to_be_visible()
        assert page.locator("path.pw-ward").count() == 4
        first = page.locator("path.pw-ward").first
        assert first.evaluate("node => getComputedStyle(node).fill") != "none"
        row = page.locator("noscript tbody tr, tbody tr").last
        row.scroll_into_view_if_needed()
        expect(row).to_be_visible()


def test_it_stands_while_streamlit_does_not_come(browser: Browser, inspected_app: str) -> None:
    with browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.route("**/static/js/**", lambda route: route.abort())
        page.goto(f"{inspected_app}/ward_map")
        expect(page.locator("#pw-first path.pw-ward")).to_have_count(4)
        assert page.evaluate("document.getAnimations().length") == 0
        # Nothing of it takes what is meant for the page below.
        assert page.evaluate("!document.elementFromPoint(700, 400)?.closest('#pw-first')")


def test_a_page_of_the_city_takes_no_more_than_60_kb(real_app: str) -> None:
    for path in ("", "ward_map", "wall", "?area=313&facts=all", "ward_map?figure=inspections&facts=all"):
        asked = urllib.request.Request(
            f"{real_app}/{path}", headers={"Accept": "text/html", "Accept-Encoding": "gzip"}
        )
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["content-encoding"] == "gzip"
            assert 20_000 < len(answer.read()) <= 60_000, path
