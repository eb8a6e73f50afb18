"""The sheet of an itinerary on paper: one page of A4 a team, nothing cut, nothing fetched."""

import re
from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from geodata.itinerary.files.sheet import sheet_html
from tests.planned_day import HOSTILE, NAMES, START, day_of, lunch_after, said, team_of

LONG = "Trụ sở Công an phường Trần Nguyên Hãn và phường Lam Sơn"
TWELVE = [f"Công an phường {name}" for name in (*NAMES, *NAMES[::-1])] + [LONG, LONG]
NOTE = "Chưa có vị trí trụ sở, tạm dùng điểm tham chiếu trong địa bàn cho từng phường ở trên. "


@pytest.fixture
def paper(browsing: BrowserContext) -> Iterator[Page]:
    """Return an empty page."""
    page = browsing.new_page()
    yield page
    page.close()


def pages(paper: Page, html: str) -> int:
    """Return on how many pages of A4 a sheet is printed."""
    paper.set_content(html)
    return len(re.findall(rb"/Type\s*/Page\b", paper.pdf(prefer_css_page_size=True)))


def test_a_team_with_up_to_12_stops_fits_on_one_page(paper: Page) -> None:
    asked: list[str] = []
    paper.on("request", lambda request: asked.append(request.url))
    lat, lon = START
    wards = gpd.GeoDataFrame(
        {"ward_code": ["11299"]}, geometry=[shapely.box(lon - 0.1, lat - 0.1, lon, lat)], crs="EPSG:4326"
    )
    team = replace(team_of(TWELVE), lunch=lunch_after(6))
    assert pages(paper, sheet_html(replace(day_of(team), notes=(said(NOTE),) * 5), wards=wards)) == 1
    assert asked == []


@pytest.mark.parametrize("count", [1, 5, 8])
def test_fewer_stops_leave_the_page_to_the_map(paper: Page, count: int) -> None:
    assert pages(paper, sheet_html(day_of(team_of(TWELVE[:count])))) == 1


def test_each_team_has_its_page(paper: Page) -> None:
    assert pages(paper, sheet_html(day_of(team_of(NAMES), team_of(NAMES, 2)))) == 2


def test_nothing_is_cut_and_nothing_bars_a_reader(paper: Page) -> None:
    paper.on("dialog", lambda dialog: pytest.fail(dialog.message))
    paper.set_viewport_size({"width": 794, "height": 1123})
    paper.set_content(sheet_html(replace(day_of(team_of([*HOSTILE, LONG])), title=said(HOSTILE[0]))))
    assert paper.evaluate("document.documentElement.scrollWidth") <= 794
    loaded = "document.fonts.ready.then(fonts => [...fonts].map(font => font.status))"
    assert paper.evaluate(loaded) == ["loaded", "loaded"]
    cut = (
        "[...document.querySelectorAll('td:not(.contact)')].filter(e => e.scrollWidth > e.clientWidth).length"
    )
    assert paper.evaluate(cut) == 0
    faults = Axe().run(paper).response["violations"]
    assert [fault["id"] for fault in faults if fault["impact"] in ("serious", "critical")] == []
