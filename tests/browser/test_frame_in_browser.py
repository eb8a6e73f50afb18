"""The frame as its user goes through it: from page to page, with what is chosen on each."""

import re
import time

from playwright.sync_api import Browser, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import IDLE, START_SECONDS, Open
from tests.browser.test_overview_in_browser import title
from tests.browser.test_period_in_browser import choose
from tests.small_city import OLD


def test_the_choice_goes_along_from_page_to_page(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, "?lang=en&facts=all&from=2024-01-01&to=2024-12-31")
    pages = {"Ward map": "ward_map", "Sources and methods": "methods", "Progress": "progress"}
    for name, path in pages.items():
        page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
        expect(page).to_have_url(
            re.compile(rf"/{path}\?(?=.*lang=en)(?=.*facts=all)(?=.*from=2024-01-01)(?=.*to=2024-12-31)")
        )
        # What a page needs is loaded at its first visit.
        title(page).not_to_be_empty(timeout=1000 * START_SECONDS)
        expect(page.locator(".hp-chip")).to_have_text("From 01/01/2024 to 31/12/2024")
    page.go_back()
    expect(page).to_have_url(re.compile("/methods"))
    expect(page.locator(".hp-chip")).to_have_text("From 01/01/2024 to 31/12/2024")


def test_areas_are_chosen_beside_the_pages_and_stand_in_the_link(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, f"?vintage={OLD}")
    headline = page.locator("h1").inner_text()
    areas = page.get_by_test_id("stSidebar").get_by_role("button", name="Khu vực")
    expect(areas).to_have_text(re.compile("Khu vực: toàn thành phố"))
    areas.press("Enter")
    page.get_by_role("combobox", name="Quận, huyện và phường, xã").click()
    page.get_by_role("option", name="Phường An Đông (00001)").click()
    expect(page).to_have_url(re.compile(rf"\?vintage={OLD}&area=00001$"))
    expect(areas).to_have_text(re.compile("Khu vực: phường An Đông", re.IGNORECASE))
    title(page).not_to_have_text(headline)
    # Closed, the list is gone, and what was chosen stays.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(areas).to_have_attribute("aria-expanded", "false")
    expect(page).to_have_url(re.compile(rf"\?vintage={OLD}&area=00001$"))
    title(page).not_to_have_text(headline)
    page.go_back()
    title(page).to_have_text(headline)
    expect(areas).to_have_text(re.compile("Khu vực: toàn thành phố"))


class SlowLine:
    """A line whose messages to the browser can be held back."""

    def __init__(self) -> None:
        self.held: list[str | bytes] | None = None
        self.browser: WebSocketRoute | None = None

    def connect(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        browser.connect_to_server().on_message(self.pass_on)

    def pass_on(self, message: str | bytes) -> None:
        if self.held is not None:
            self.held.append(message)
        elif self.browser is not None:
            self.browser.send(message)

    def has_finished(self) -> bool:
        """Whether the end of a run is among what is held back."""
        sent = [one.encode() if isinstance(one, str) else one for one in self.held or []]
        return any(ForwardMsg.FromString(one).HasField("script_finished") for one in sent)

    def go_on(self) -> None:
        """Send what was held back, and hold back no more."""
        messages, self.held = self.held or [], None
        for message in messages:
            self.pass_on(message)


def test_a_second_choice_before_the_answer_to_the_first_keeps_both(
    browser: Browser, inspected_app: str
) -> None:
    line = SlowLine()
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        context.route_web_socket("**/_stcore/stream", line.connect)
        page = context.new_page()
        page.goto(f"{inspected_app}/ward_map")
        expect(page.locator(".pw-map[data-paints]")).to_be_visible()
        page.wait_for_selector(IDLE)
        line.held = []
        choose(page, "1/8/2025", "31/12/2025")
        until = time.monotonic() + START_SECONDS
        while not line.has_finished() and time.monotonic() < until:
            # Nothing in the page tells what it was not sent.
            page.wait_for_timeout(50)
        # The server has written the link of the first choice, and the browser still stands at the plain one.
        expect(page).to_have_url(re.compile("/ward_map$"))
        page.get_by_role("radio", name="EN").click()
        line.go_on()
        expect(page.locator(".hp-chip")).to_have_text("From 01/08/2025 to 31/12/2025")
        expect(page).to_have_url(re.compile(r"\?lang=en&from=2025-08-01&to=2025-12-31$"))
        page.go_back()
        expect(page.locator(".hp-chip")).to_have_text("Từ 01/08/2025 đến 31/12/2025")
