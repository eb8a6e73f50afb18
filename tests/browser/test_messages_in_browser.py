"""A choice sends what changes, and the page at rest holds little that is no ward."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import IDLE, Open
from tests.browser.test_period_in_browser import choose
from tests.small_city import OLD

MESSAGES = 15

ELEMENTS = 386
"""Of 500 the city's wards are 114."""


def test_a_choice_sends_few_messages_and_leaves_few_elements(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, f"?vintage={OLD}&facts=all&figure=days_since", path="ward_map")
    messages: list[Any] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.webSocketFrameReceived", lambda message: messages.append(message))
    devtools.send("Network.enable")
    choose(page, "1/1/2022", "31/12/2024")
    page.wait_for_url("**from=2022-01-01*")
    expect(page.locator(IDLE)).to_be_attached()
    assert 0 < len(messages) <= MESSAGES
    assert page.locator("*:not(path.pw-ward)").count() <= ELEMENTS
