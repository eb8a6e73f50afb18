"""The map shows what is chosen before its page has run anew, and what stands there at the end is right."""

import random

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open
from tests.browser.test_period_in_browser import choose
from tests.hasty_reader import haste, shown
from tests.small_city import NEW, OLD

QUERY = f"?vintage={OLD}&facts=all&figure=days_since"
LATER = ("1/1/2022", "31/12/2024")


def opened(open_page: Open, address: str) -> Page:
    return open_page(address, QUERY, path="ward_map")


def fresh(open_page: Open, page: Page, address: str) -> dict[str, object]:
    """Return what a fresh page of the same address shows."""
    path, _, query = page.url.removeprefix(f"{address}/").partition("?")
    again = open_page(address, f"?{query}", path=path)
    told = shown(again)
    again.close()
    return told


def test_boundaries_chosen_in_the_page_are_asked_for_ahead(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app)
    with page.expect_response(lambda answer: "/ahead/ward_map" in answer.url) as answered:
        page.locator(".st-key-vintage [role=radio]").last.click()
    told = answered.value.json()
    expect(page.locator(f".pw-map[data-vintage='{NEW}']")).to_be_visible()
    assert told["asks"]["figure"] == "days_since"
    assert shown(page) == fresh(open_page, page, inspected_app)


def test_what_was_chosen_outlives_a_change_of_the_language(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app)
    for key, told in (("language", "lang=en"), ("vintage", f"vintage={NEW}")):
        with page.expect_response(lambda answer: "/ahead/ward_map" in answer.url):
            page.locator(f".st-key-{key} [role=radio]").last.click()
        page.wait_for_url(f"**{told}**" if key == "language" else lambda url: "vintage" not in url)
        assert "figure=days_since" in page.url
    with page.expect_response(lambda answer: "facts=verified" in answer.url):
        page.locator(".st-key-verified_only label").click()
    assert shown(page) == fresh(open_page, page, inspected_app)
    assert "figure=days_since" in page.url


@pytest.mark.parametrize("fault", ["cut off", "slow", "wrong"])
def test_whatever_the_route_answers_the_page_puts_it_right(
    inspected_app: str, open_page: Open, fault: str
) -> None:
    page = opened(open_page, inspected_app)
    before = shown(page)
    held: list[Route] = []

    def answer(route: Route) -> None:
        if fault == "cut off":
            route.fulfill(status=200, body="")
        elif fault == "slow":
            held.append(route)
        else:
            told = route.fetch().json()
            told["classes"] = [len(told["palette"]) - 1] * len(told["classes"])
            route.fulfill(json=told)

    page.route("**/ahead/*", answer)
    choose(page, *LATER)
    page.wait_for_url("**from=2022-01-01*")
    after = shown(page)
    assert after != before
    assert after == fresh(open_page, page, inspected_app)
    paints = page.locator(".pw-map").get_attribute("data-paints")
    for route in held:
        with page.expect_response("**/ahead/*") as late:
            route.continue_()
        late.value.finished()
        # What it brought would be painted by now.
        page.evaluate("new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve)))")
        assert page.locator(".pw-map").get_attribute("data-paints") == paints
    assert shown(page) == after


@pytest.mark.parametrize("seed", range(3))
def test_after_hasty_choices_map_and_words_are_those_of_the_address(
    inspected_app: str, open_page: Open, seed: int
) -> None:
    pages = [opened(open_page, inspected_app) for _ in range(2)]
    haste(pages, random.Random(seed), 12)
    for page in pages:
        assert shown(page) == fresh(open_page, page, inspected_app)
