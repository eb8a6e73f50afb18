"""No page asks for anything that the policy of its answers forbids, and what it forbids does not happen."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import IDLE

PAGES = {
    "": ".pw-map[data-paints]",
    "ward_map?figure=inspections&facts=all": ".pw-map[data-paints]",
    "compare": ".js-plotly-plot",
    "inspections?facts=all": ".js-plotly-plot",
    "progress?facts=all": ".js-plotly-plot",
    "events": "h1",
    "routes": ".pw-map[data-paints]",
    "methods": "h1",
    "ward?ward=00002&vintage=2020-02-01": "h1",
    "wall?hours=always": ".hw-wall[data-shown]",
}


@pytest.mark.usefixtures("inspected_app")
def test_the_policy_forbids_nothing_that_pages_do(browser: Browser, inspected_app: str) -> None:
    faults: list[str] = []
    with browser.new_context(bypass_csp=False) as context:
        page = context.new_page()
        page.on("console", lambda told: faults.append(told.text) if "Security Policy" in told.text else None)
        for path, drawn in PAGES.items():
            page.goto(f"{inspected_app}/{path}")
            page.locator(drawn).first.wait_for()
            page.locator(IDLE).wait_for()
        assert faults == []
        # A script that somebody got into a page stays a text, and no frame holds one.
        page.goto(f"{inspected_app}/methods")
        page.locator("h1").wait_for()
        page.locator("body").evaluate(
            "node => { const one = document.createElement('script'); "
            "one.textContent = 'window.got = 1'; node.append(one); }"
        )
        assert page.locator("body").evaluate("() => window.got") is None
        assert len(faults) == 1
        page.locator("body").evaluate(
            "node => { const one = document.createElement('img'); "
            "one.src = 'http://evil.example/a.png'; node.append(one); }"
        )
        expect(page.locator("img[src*=evil]")).to_have_count(1)
        assert len(faults) == 2
