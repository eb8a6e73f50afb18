"""The overview as its user sees it: shapes, clicks, switches, links, and room on every screen."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, serious
from tests.small_city import NEW, OLD
from tests.wording import SAID

SCREENS = [(1920, 1080), (1366, 768), (390, 844)]
VISITS = [[(1366, 768), (1920, 1080)], [(390, 844)]]
"""The same screens for a test that opens a page at the first one of a list and widens it to the next."""


def title(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def fill_of(page: Page, code: str) -> str:
    return str(page.locator(f'path[data-ward="{code}"]').evaluate("node => getComputedStyle(node).fill"))


def point_in(page: Page, code: str) -> tuple[float, float]:
    """Return a point on the screen where the pointer is over a ward."""
    x, y = page.locator(f'path[data-ward="{code}"]').evaluate(
        """node => {
          const box = node.getBoundingClientRect();
          for (let i = 1; i < 40; i++) for (let j = 1; j < 40; j++) {
            const at = [box.x + (box.width * i) / 40, box.y + (box.height * j) / 40];
            if (document.elementFromPoint(...at) === node) return at;
          }
        }"""
    )
    return x, y


def click_ward(page: Page, code: str) -> None:
    page.mouse.click(*point_in(page, code))


def repainted(page: Page, vintage: str) -> None:
    expect(page.locator(".pw-map")).to_have_attribute("data-vintage", vintage)


def test_the_small_city_is_drawn_with_a_legend(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    title(page).to_have_text(SAID["overview: one pilot ward, inspected"])
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("path.pw-ward")).to_have_count(5)
    expect(page.locator(".pw-legend li")).to_have_text(
        [
            "Thí điểm 2021–2023, đã kiểm tra (1)",
            SAID["legend: visit sites"],
            "Chưa có thông tin (2)",
            SAID["legend: inspected in the range"],
        ]
    )
    expect(page.locator("[data-label]")).to_have_text([re.compile("Bình"), "Thủy Tây"])
    assert fill_of(page, "00002") == "rgb(47, 111, 179)"
    assert "url(" in fill_of(page, "00001")


def test_a_plain_page_draws_older_wards_as_they_were_over_those_of_the_last_day(
    small_app: str, open_page: Open
) -> None:
    page = open_page(small_app)
    repainted(page, NEW)
    expect(page.locator("path.pw-ward")).to_have_count(4)
    expect(page.locator("path.pw-former")).to_have_count(2)
    expect(page.locator("[data-label]")).to_have_text(["Tây", "Hòa Bình 2021–2023", "Thủy Tây 2022"])
    expect(page.locator(".pw-legend li")).to_have_text(
        [
            SAID["legend: visit sites"],
            "Gồm một phần địa bàn cũ của chương trình (2)",
            "Chưa có thông tin (1)",
            "Địa bàn thí điểm 2021–2023, đã kiểm tra (1)",
            "Địa bàn điểm tham quan 2022 (1)",
            "Địa bàn cũ được kiểm tra trong kỳ (1)",
        ]
    )
    assert "url(" in page.locator("path.pw-former").first.evaluate("node => getComputedStyle(node).fill")
    tick = page.locator(".pw-labels .pw-tick").bounding_box()
    assert tick
    page.mouse.move(tick["x"] + tick["width"] / 2, tick["y"] + tick["height"] / 2)
    expect(page.locator(".pw-tip")).to_contain_text("phường Đông")
    expect(page.locator(".pw-tip")).to_contain_text("Địa bàn thí điểm 2021–2023, đã kiểm tra: Hòa Bình")
    page.get_by_role("radio", name="01/02/2020").click()
    repainted(page, OLD)
    expect(page.locator("path.pw-former")).to_have_count(0)


def test_a_click_opens_the_facts_of_the_ward_that_was_clicked(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    click_ward(page, "00002")
    expect(page.locator(".hp-ward")).to_have_text(re.compile("Phường .* Bình .quận Đông."))
    expect(page.locator("path.pw-selected")).to_have_attribute("data-ward", "00002")
    expect(page).to_have_url(re.compile(rf"\?vintage={OLD}&ward=00002$"))
    source = page.locator(".hp-facts details").first
    source.locator("summary").click()
    expect(source).to_contain_text("Bài báo về thí điểm")


def test_the_same_code_names_another_ward_in_the_other_vintage(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    page.get_by_role("radio", name="01/07/2025").click()
    repainted(page, NEW)
    assert page.locator(".leaflet-pan-anim, .leaflet-zoom-anim").count() == 0, "the map slides"
    expect(page.locator("path.pw-ward")).to_have_count(4)
    click_ward(page, "00002")
    expect(page.locator(".hp-ward")).to_contain_text("Xã Tây")


def test_english_reaches_page_and_map(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    page.get_by_role("radio", name="EN").click()
    title(page).to_have_text(SAID["overview: one pilot ward, inspected (en)"])
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    expect(page.locator(".pw-legend li").first).to_have_text("Pilot 2021–2023, inspected (1)")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_link_opens_the_same_page_elsewhere(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    page.get_by_role("radio", name="01/07/2025").click()
    repainted(page, NEW)
    page.get_by_role("radio", name="EN").click()
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    click_ward(page, "00001")
    expect(page).to_have_url(re.compile("ward=00001"))
    query = page.evaluate("location.search")
    other = open_page(small_app, query)
    repainted(other, NEW)
    expect(other.locator(".hp-ward")).to_contain_text("Phường Đông")
    title(other).to_have_text(SAID["overview: one pilot ward, inspected (en)"])


def test_back_and_forward_go_through_what_was_chosen(small_app: str, open_page: Open) -> None:
    page = open_page(small_app)
    page.get_by_role("radio", name="01/02/2020").click()
    repainted(page, OLD)
    expect(page).to_have_url(re.compile(OLD))
    click_ward(page, "00001")
    expect(page.locator(".hp-ward")).to_contain_text("Phường An Đông")
    # The address comes at the end of the run.
    expect(page).to_have_url(re.compile("ward=00001"))
    page.go_back()
    expect(page.locator(".hp-ward")).to_have_count(0)
    page.go_back()
    repainted(page, NEW)
    page.go_forward()
    repainted(page, OLD)


def test_a_wrong_link_says_so(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, "?vintage=1999-01-01")
    expect(page.get_by_role("alert")).to_contain_text("1999-01-01")
    repainted(page, NEW)


def test_the_keyboard_chooses_a_ward_and_moves_the_map(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    page.locator(".stSelectbox").get_by_role("combobox").focus()
    page.keyboard.type("Thủy")
    expect(page.get_by_role("option").first).to_contain_text("Thủy Tây")
    page.keyboard.press("Enter")
    expect(page.locator("path.pw-selected")).to_have_attribute("data-ward", "00003")
    before = page.locator(".pw-scale-bar").get_attribute("style")
    page.get_by_role("button", name="Phóng to").press("Enter")
    expect(page.locator(".pw-scale-bar")).not_to_have_attribute("style", before or "")


def test_the_pointer_names_the_ward_under_it(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?vintage={OLD}")
    page.mouse.move(*point_in(page, "00001"))
    expect(page.locator(".pw-tip")).to_contain_text("phường An Đông")
    expect(page.locator(".pw-tip")).to_contain_text("Chưa có thông tin")


def test_geometry_is_fetched_once(small_app: str, open_page: Open) -> None:
    page = open_page(small_app)
    for name, vintage in (("01/02/2020", OLD), ("01/07/2025", NEW), ("01/02/2020", OLD)):
        page.get_by_role("radio", name=name).click()
        repainted(page, vintage)
    fetched = "performance.getEntriesByType('resource').filter(e => e.name.includes('wards-')).length"
    assert page.evaluate(fetched) == 2
    page.reload()
    page.wait_for_selector(".pw-map[data-paints]")
    size = "performance.getEntriesByType('resource').find(e => e.name.includes('wards-')).transferSize"
    assert page.evaluate(size) == 0


def test_axe_finds_nothing_serious_in_what_we_draw(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, f"?ward=00002&vintage={OLD}")
    expect(page.locator(".hp-facts")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_nothing_is_wider_than_the_screen(small_app: str, open_page: Open, width: int, height: int) -> None:
    page = open_page(small_app, width=width, height=height)
    expect(page.locator(".pw-canvas")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    assert page.locator(".pw-stage").bounding_box()["width"] > 0.4 * width  # type: ignore[index]


@pytest.mark.parametrize("vintage", [OLD, NEW])
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_labels_of_the_city_are_all_there_and_clear_of_each_other(
    whole_app: str, open_page: Open, width: int, height: int, vintage: str
) -> None:
    page = open_page(whole_app, f"?vintage={vintage}", width=width, height=height)
    repainted(page, vintage)
    labels = page.locator("[data-label]")
    expect(labels).to_have_count(8)
    everything = page.locator("[data-label], .pw-inset, .pw-scale, .pw-buttons, .pw-stage")
    expect(everything).to_have_count(8 + 4)
    # On a busy machine the page may still be growing to its size, and the inset is not there yet.
    for at in range(8 + 4):
        expect(everything.nth(at)).to_be_visible()
    # All at once: labels are placed anew when a font comes.
    boxes = everything.evaluate_all(
        "found => found.map((one) => [one.className, one.getBoundingClientRect().toJSON()])"
    )
    stage = next(box for name, box in boxes if "pw-stage" in str(name).split())
    boxes = [box for _, box in boxes if box is not stage]
    assert len(boxes) == 8 + 3
    for number, one in enumerate(boxes):
        assert stage["x"] <= one["x"] and one["x"] + one["width"] <= stage["x"] + stage["width"]
        for other in boxes[number + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"] + 1
                or other["y"] + other["height"] <= one["y"] + 1
            )
            assert apart


def test_the_city_is_drawn_whole_in_both_vintages(city_app: str, open_page: Open) -> None:
    page = open_page(city_app, f"?vintage={OLD}", width=1920, height=1080)
    title(page).to_have_text(SAID["overview: six pilot wards"])
    expect(page.locator("path.pw-ward")).to_have_count(218)
    expect(page.locator(".pw-legend li")).to_contain_text(
        ["Chưa có thông tin (208)", "Được kiểm tra trong kỳ (5)"]
    )
    assert fill_of(page, "11422") == "rgb(47, 111, 179)"
    page.get_by_role("radio", name="01/07/2025").click()
    repainted(page, NEW)
    title(page).to_have_text(SAID["overview: six pilot wards"])
    expect(page.locator("path.pw-ward")).to_have_count(114)
    expect(page.locator("path.pw-former")).to_have_count(9)
    neutral = {
        fill_of(page, code) for code in ("11602", "11311", "11359", "11383", "11407", "11413", "11455")
    }
    assert neutral == {"rgb(234, 230, 218)"}


@pytest.mark.parametrize(
    ("vintage", "code", "name"),
    [(OLD, "11407", "Phường Vĩnh Niệm"), (NEW, "11407", "Phường An Biên"), (NEW, "11383", "Phường Lê Chân")],
)
def test_a_click_names_the_right_ward_of_the_city(
    city_app: str, open_page: Open, vintage: str, code: str, name: str
) -> None:
    page = open_page(city_app, f"?vintage={vintage}")
    repainted(page, vintage)
    click_ward(page, code)
    expect(page.locator(".hp-ward")).to_contain_text(name)


def test_the_real_city_fills_its_frame_on_a_laptop_without_scrolling(real_app: str, open_page: Open) -> None:
    page = open_page(real_app, f"?vintage={OLD}")
    assert page.evaluate("document.querySelector('.stMain').scrollHeight") <= 768
    shapes = [page.locator(f'path[data-ward="{code}"]').bounding_box() for code in ("11296", "11422")]
    stage = page.locator(".pw-stage").bounding_box()
    assert stage and shapes[0] and shapes[1]
    spread = shapes[1]["x"] + shapes[1]["width"] - shapes[0]["x"]
    assert spread > 0.6 * stage["width"]


def test_rivers_lie_over_bare_land_alone_and_cost_nothing_at_a_change(city_app: str, open_page: Open) -> None:
    page = open_page(city_app, f"?vintage={OLD}")
    rivers = page.locator("path.pw-river")
    expect(rivers).to_have_count(9)
    expect(page.locator(".hp-notes")).to_contain_text("OpenStreetMap")
    painted = page.evaluate(
        """() => [...document.querySelectorAll("path.pw-ward, .pw-rivers")].map((node) => {
          if (node.classList.contains("pw-rivers")) return "river";
          return node.style.fill.startsWith("url") ? "bare" : "class";
        })"""
    )
    at = painted.index("river")
    assert set(painted[:at]) == {"bare"}
    assert set(painted[at + 1 :]) == {"class"}
    expect(rivers.first).to_have_css("pointer-events", "none")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    headline = page.locator("h1").inner_text()
    page.locator(".hp-chip").click()
    # Days of the same boundaries: others would bring their own outlines.
    page.get_by_role("dialog").get_by_label("Từ ngày").fill("01/01/2023")
    page.get_by_role("dialog").get_by_label("Đến ngày").fill("31/12/2023")
    page.get_by_role("dialog").get_by_role("button", name="Xem").click()
    title(page).not_to_have_text(headline)
    expect(page).to_have_url(re.compile("from=2023-01-01"))
    expect(rivers).to_have_count(9)
    assert [url for url in asked if "/app/static/" in url] == []
