"""The wall as it hangs there: nothing cut, new data without a reload, back after a restart, keys, night."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import START_SECONDS, Open, served
from tests.serving import free_port
from tests.small_city import OLD

READY = ".hw-wall[data-shown]"
OUTAGE = ("ERR_CONNECTION_REFUSED", "disconnected from server", "server endpoint", "server is not responding")
"""What the console says while the server is away: the browser's own words and Streamlit's."""

FAULTS_OF_LAYOUT = """() => {
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const root = document.querySelector(".hw-wall");
  const faults = [];
  const page = document.documentElement;
  if (page.scrollWidth > width || page.scrollHeight > height) faults.push("the page scrolls");
  const foot = document.querySelector(".hw-foot").getBoundingClientRect().top;
  const boxes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    const isSeen = holder.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!node.data.trim() || !isSeen) continue;
    const told = `${holder.closest("[class]").getAttribute("class")}: “${node.data.trim().slice(0, 40)}”`;
    const range = document.createRange();
    range.selectNodeContents(node);
    const zoom = holder instanceof SVGElement ? holder.getScreenCTM().d : 1;
    const size = parseFloat(getComputedStyle(holder).fontSize) * zoom;
    if (size < height * 0.02 - 0.1 && !holder.closest(".pw-scale")) faults.push(`${size} px, ${told}`);
    for (const box of range.getClientRects()) {
      const floor = holder.closest(".hw-foot") ? height : foot;
      const isInside = box.left > -1 && box.right < width + 1 && box.top > -1 && box.bottom < floor + 1;
      if (!isInside) faults.push(`cut, ${told}`);
      const frame = holder.closest(".hw-body, .pw-stage, .hw-head")?.getBoundingClientRect();
      const leaves = frame && (box.left < frame.left - 1 || box.right > frame.right + 1);
      if (leaves) faults.push(`leaves its frame, ${told}`);
      // Lines stand closer than their boxes are high.
      const [top, bottom] = [box.top + box.height * 0.2, box.bottom - box.height * 0.2];
      boxes.push({ holder, told, left: box.left + 1, right: box.right - 1, top, bottom });
    }
    for (let one = holder; one !== root; one = one.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(one);
      const clips = overflowX !== "visible" || overflowY !== "visible";
      const isLarger = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
      const isDrawn = one.closest(".hw-map") || one instanceof SVGElement;
      if (clips && isLarger && !isDrawn) faults.push(`clipped, ${told}`);
    }
  }
  boxes.forEach((one, index) => boxes.slice(index + 1).forEach((other) => {
    const isBeside = one.right <= other.left || other.right <= one.left;
    const isAbove = one.bottom <= other.top || other.bottom <= one.top;
    if (isBeside || isAbove || one.holder === other.holder) return;
    faults.push(`${one.told} lies on ${other.told}`);
  }));
  return faults;
}"""

TURN = """async (times) => {
  const root = document.querySelector(".hw-wall");
  const frame = () => new Promise(requestAnimationFrame);
  for (let turned = 0; turned < times; turned++) {
    const before = root.dataset.shown;
    dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    while (root.dataset.shown === before) await frame();
  }
  while (root.classList.contains("hw-turning")) await frame();
}"""
"""Turn so many scenes, and wait until the last one has faded in."""


def scene(page: Page) -> str | None:
    return page.locator(".hw-wall").get_attribute("data-scene")


@pytest.mark.parametrize(("width", "height", "theme"), [(1920, 1080, "dark"), (3840, 2160, "light")])
def test_every_scene_fits_the_screen_and_is_read_from_afar(
    judged_app: str, open_page: Open, width: int, height: int, theme: str
) -> None:
    query = f"?facts=all&seconds=3600&theme={theme}&hours=always"
    page = open_page(judged_app, query, path="wall", ready=READY, width=width, height=height)
    count = page.locator(".hw-dots li").count()
    seen, faults, weak = [], {}, {}
    for _ in range(count):
        name = scene(page)
        seen.append(name)
        faults[name] = page.evaluate(FAULTS_OF_LAYOUT)
        found = Axe().run(page, context={"include": [[".hw-wall"]]}, options={"runOnly": ["color-contrast"]})
        weak[name] = [node["html"] for fault in found.response["violations"] for node in fault["nodes"]]
        page.evaluate(TURN, 1)
    assert seen[:4] == ["city", "coverage", "progress", "inspections"]
    assert faults == {name: [] for name in seen}
    assert weak == {name: [] for name in seen}


def test_keys_steer_and_each_press_counts_once(small_app: str, open_page: Open) -> None:
    page = open_page(
        small_app, "?seconds=1&scenes=city,coverage,progress&hours=always", path="wall", ready=READY
    )
    root = page.locator(".hw-wall")
    page.keyboard.press(" ")
    expect(page.locator(".hw-paused")).to_have_text("Tạm dừng")
    page.keyboard.press("Home")
    expect(root).to_have_attribute("data-scene", "city")
    page.keyboard.press("ArrowLeft")
    expect(root).to_have_attribute("data-scene", "progress")
    expect(page.locator(".hw-dots .hw-here")).to_have_count(1)
    # A key that is held down: the browser repeats it.
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    expect(root).to_have_attribute("data-scene", "city")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press(" ")
    expect(page.locator(".hw-paused")).to_have_count(0)
    expect(root).to_have_attribute("data-scene", "coverage")


def test_the_keys_are_told_and_escape_leaves_for_what_is_shown(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}&area=901&hours=always", path="wall", ready=READY)
    page.keyboard.press("?")
    expect(page.locator(".hw-help")).to_contain_text("thoát về các trang")
    page.keyboard.press("Escape")
    expect(page.locator(".hw-help")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"vintage={OLD}&area=901"))
    expect(page.locator("[data-testid=stHeading] h1")).to_be_visible()
    link = page.get_by_role("link", name="Màn hình chỉ huy")
    link.hover()
    expect(link).to_have_attribute("href", re.compile(rf"/wall\?area=901&vintage={OLD}"))


@pytest.mark.parametrize(("theme", "colour"), [("dark", "rgb(12, 21, 32)"), ("light", "rgb(250, 250, 247)")])
def test_its_ground_comes_with_its_page(browser: Browser, small_app: str, theme: str, colour: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{small_app}/wall?theme={theme}")
        assert page.locator("html").evaluate("node => getComputedStyle(node).backgroundColor") == colour
        page.goto(f"{small_app}/overview")
        assert page.locator("#wall-ground").count() == 0


def test_a_change_of_scene_leaves_nothing_behind(judged_app: str, open_page: Open) -> None:
    page = open_page(judged_app, "?facts=all&seconds=3600&hours=always", path="wall", ready=READY)
    count = page.locator(".hw-dots li").count()
    measuring = page.context.new_cdp_session(page)
    measuring.send("Performance.enable")

    def held() -> dict[str, float]:
        measuring.send("HeapProfiler.collectGarbage")
        metrics = measuring.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics if one["name"] in ("Nodes", "JSEventListeners")}

    page.evaluate(TURN, 2 * count)
    before, name = held(), scene(page)
    page.evaluate(TURN, (50 // count + 1) * count)
    assert scene(page) == name
    after = held()
    assert after["JSEventListeners"] <= before["JSEventListeners"]
    # Streamlit's own page around the wall holds a few more or less.
    assert after["Nodes"] <= before["Nodes"] + 20


def test_on_paper_it_is_one_light_sheet(small_app: str, open_page: Open) -> None:
    page = open_page(
        small_app,
        "?scenes=city&vintage=programme&hours=always",
        path="wall",
        ready=READY,
        width=1920,
        height=1080,
    )
    pilot = page.locator('path[data-ward="00002"]')
    on_screen = pilot.evaluate("node => node.style.fill")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(pilot).to_have_css("fill", "rgb(47, 111, 179)")
    expect(page.locator(".hw-headline")).to_have_css("color", "rgb(20, 33, 61)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(pilot).to_have_css("fill", on_screen)
    expect(page.locator(".hw-headline")).to_have_css("color", "rgb(244, 246, 248)")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", sheet)) == 1
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert box is not None
    assert float(box[1]) > float(box[2])


@pytest.fixture
def own_gpkg(small_gpkg: Path, tmp_path: Path) -> Path:
    path = tmp_path / "haiphong.gpkg"
    shutil.copy(small_gpkg, path)
    return path


@pytest.fixture
def hung(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Return a page on a box whose clock stands in New York, and the faults that it meets."""
    faults: list[str] = []
    with browser.new_context(
        timezone_id="America/New_York", viewport={"width": 1920, "height": 1080}
    ) as context:
        page = context.new_page()
        page.on(
            "console",
            lambda message: faults.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        yield page, faults


def publish(source: Path, path: Path) -> None:
    """Publish a file as a build does: whole, at once."""
    part = path.with_suffix(".part")
    shutil.copy(source, part)
    part.replace(path)


def test_new_data_appear_in_place_and_a_restarted_server_is_found(
    hung: tuple[Page, list[str]], own_gpkg: Path, small_gpkg: Path, inspected_gpkg: Path
) -> None:
    page, faults = hung
    port = free_port()
    page.clock.install(time="2026-11-21T07:05:00Z")
    root, headline = page.locator(".hw-wall"), page.locator(".hw-headline")
    with served(own_gpkg, port) as address:
        page.goto(f"{address}/wall?facts=all&scenes=city,inspections&seconds=3600")
        page.wait_for_selector(READY, timeout=1000 * START_SECONDS)
        expect(page.locator(".hw-clock")).to_have_text("Thứ Bảy, 21/11/2026 · 14:05")
        page.keyboard.press("ArrowRight")
        expect(root).to_have_attribute("data-scene", "inspections")
        page.evaluate("window.isSame = true")
        told = headline.inner_text()
        shown = root.get_attribute("data-shown")
        assert not [fault for fault in faults if "404" not in fault]
        publish(inspected_gpkg, own_gpkg)
        expect(headline).not_to_have_text(told)
        assert page.evaluate("window.isSame")
        assert root.get_attribute("data-shown") == shown
        assert scene(page) == "inspections"
    page.clock.fast_forward(16_000)
    expect(page.locator(".hw-lost")).to_have_text("Mất kết nối")
    expect(headline).to_be_visible()
    publish(small_gpkg, own_gpkg)
    with served(own_gpkg, port):
        expect(headline).to_have_text(told)
        expect(page.locator(".hw-lost")).to_have_count(0)
        assert scene(page) == "inspections"
    others = [fault for fault in faults if "404" not in fault and not any(word in fault for word in OUTAGE)]
    assert others == []


def test_at_night_only_the_clock_is_seen(browser: Browser, small_app: str) -> None:
    with browser.new_context(timezone_id="America/New_York", reduced_motion="reduce") as context:
        page = context.new_page()
        page.clock.install(time="2026-11-21T14:59:58Z")
        page.goto(f"{small_app}/wall?hours=06:00-22:00")
        page.wait_for_selector(READY, timeout=1000 * START_SECONDS)
        page.clock.set_system_time("2026-11-21T15:00:05Z")
        expect(page.locator(".hw-night time")).to_have_text("22:00")
        expect(page.locator(".hw-night")).to_be_visible()
        expect(page.locator(".hw-headline")).not_to_be_visible()
        page.clock.set_system_time("2026-11-21T23:00:05Z")
        expect(page.locator(".hw-headline")).to_be_visible()
        expect(page.locator(".hw-night")).not_to_be_visible()
