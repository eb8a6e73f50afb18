"""The app on a machine without any boundary file but the shipped ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, served
from tests.small_city import MID, NEW


@pytest.fixture(scope="module")
def shipped_app(shipped_gpkg: Path) -> Iterator[str]:
    """Return the address of the app on the shipped boundaries alone."""
    with served(shipped_gpkg) as address:
        yield address


def test_the_sketch_of_the_city_is_drawn_and_said_to_be_one(shipped_app: str, open_page: Open) -> None:
    page = open_page(shipped_app)
    expect(page.locator(".pw-map")).to_have_attribute("data-vintage", NEW)
    expect(page.locator("path.pw-ward")).to_have_count(114)
    expect(page.get_by_text("Ranh giới sơ đồ").first).to_be_visible()
    page.get_by_role("radio", name="01/01/2025").click()
    expect(page.locator(".pw-map")).to_have_attribute("data-vintage", MID)
    expect(page.locator("path.pw-ward")).to_have_count(168)
    expect(page.get_by_text("Ranh giới sơ đồ").first).to_be_visible()


def test_a_figure_that_is_not_known_fits_in_its_card(shipped_app: str, open_page: Open) -> None:
    for width, height in ((1366, 768), (390, 844)):
        page = open_page(shipped_app, width=width, height=height)
        card = page.locator(".hp-card").nth(2)
        expect(card.locator("b")).to_have_text("chưa có thông tin")
        assert card.evaluate("node => node.scrollWidth <= node.clientWidth")
