"""How little a page asks of the browser: messages of a change, elements of a page at rest."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import IDLE, Open
from tests.browser.test_period_in_browser import choose

MOST_MESSAGES = 32
"""Seven are of Streamlit's run itself, one is of each element and each container."""

MOST_ELEMENTS = 310
"""Of the page, its head and the map's drawing left out."""

ELEMENTS = "() => document.body.querySelectorAll(':not(.leaflet-container *)').length"


def counted(page: Page) -> list[str | bytes]:
    """Return what collects the messages that a page receives from its next load on."""
    received: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: received.append(payload)))
    return received


def test_a_change_of_days_takes_few_messages(small_app: str, open_page: Open) -> None:
    page = open_page(small_app, path="ward_map")
    received = counted(page)
    page.reload()
    expect(page.locator(IDLE)).to_be_visible()
    # The first change follows the first run closely, and may be told with it.
    choose(page, "1/1/2022", "31/12/2023")
    expect(page).to_have_url(re.compile("from=2022-01-01"))
    expect(page.locator(IDLE)).to_be_visible()
    received.clear()
    choose(page, "1/2/2022", "30/11/2023")
    expect(page).to_have_url(re.compile("from=2022-02-01"))
    expect(page.locator(IDLE)).to_be_visible()
    assert 0 < len(received) <= MOST_MESSAGES


def test_a_page_at_rest_has_few_elements_and_again_once_its_dialog_is_closed(
    small_app: str, open_page: Open
) -> None:
    page = open_page(small_app, path="ward_map", width=1920, height=1080)
    at_rest = page.evaluate(ELEMENTS)
    assert at_rest <= MOST_ELEMENTS
    page.locator(".hp-chip").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".hp-period > *")).to_have_count(0)
    assert page.evaluate(ELEMENTS) == at_rest
