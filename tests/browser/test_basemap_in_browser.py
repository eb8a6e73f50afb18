"""A basemap in the browser: streets over wards, from our own host alone, and no class in another colour."""

import io
import statistics
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response, expect

from etl.basemap import adopt_basemap, remove_basemap
from geodata.contract.crs import METRIC_CRS
from tests.basemap_files import write_basemap
from tests.browser.conftest import Open, served
from tests.small_city import CORNER, OLD

TURNS = 12
SLOWER = 1.5
"""How much longer a change of days may take with streets over the wards, on a machine of any speed."""

MEASURED = """async (since) => {
    const figure = document.querySelector(".pw-map"), before = figure.dataset.paints;
    const begun = performance.now();
    document.dispatchEvent(new CustomEvent("pw-choice", { detail: { from: since, to: "2024-12-31" } }));
    while (figure.dataset.paints === before) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - begun;
}"""


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """Return a basemap of the small city: two streets along its wards and one across, and a place."""
    x, y = CORNER
    lines = [((-500, 300), (8000, 300)), ((-500, 700), (8000, 700)), ((1400, -500), (1700, 1500))]
    shapes = [shapely.LineString([(x + east, y + north) for east, north in line]) for line in lines]
    named = {"kind": ["major_road", "minor_road", "major_road"], "name": ["Trần Phú", "<i>Ngõ</i>", "Lê Lợi"]}
    place = gpd.GeoDataFrame(
        {"kind": ["locality"], "name": ["Chợ Mới"]},
        geometry=[shapely.Point(x + 3500, y + 500)],
        crs=METRIC_CRS,
    )
    roads = gpd.GeoDataFrame(named, geometry=shapes, crs=METRIC_CRS)
    return write_basemap(tmp_path / "brought.pmtiles", {"roads": roads, "places": place})


def drawn(page: Page) -> np.ndarray:
    """Return the pixels of the map, which shows what it shows to the end."""
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    picture = page.locator(".pw-canvas").screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


def classes(page: Page, pixels: np.ndarray) -> dict[str, tuple[int, ...]]:
    """Return the colour that most of each ward has on the screen."""
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("path.pw-ward")].map((ward) => {
            const box = ward.getBoundingClientRect();
            const origin = document.querySelector(".pw-canvas").getBoundingClientRect();
            const [x, y] = [box.left - origin.left, box.top - origin.top].map(Math.round);
            return [ward.dataset.ward, x, y, x + Math.round(box.width), y + Math.round(box.height)];
        })"""
    )
    found = {}
    for code, left, top, right, bottom in boxes:
        colours = Counter(map(tuple, pixels[top:bottom, left:right].reshape(-1, 3)))
        found[code] = colours.most_common(1)[0][0]
    return found


def settled(page: Page) -> None:
    """Wait until all tiles are there."""
    page.wait_for_function(
        """() => {
            const tiles = [...document.querySelectorAll(".leaflet-pw-basemap-pane canvas")];
            const isThere = (tile) => tile.matches(".leaflet-tile-loaded") && tile.style.opacity === "1";
            return tiles.length && tiles.every(isThere);
        }"""
    )


def test_streets_lie_over_the_wards_and_change_no_class(
    inspected_gpkg: Path,
    brought: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_page: Open,
    browsing: BrowserContext,
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("PILOT_WARDS_HOME", str(home))
    query = f"?vintage={OLD}&figure=days_since&lang=en"
    answers: list[Response] = []
    browsing.on("response", lambda answer: answers.append(answer))
    with served(inspected_gpkg) as address:

        def visit() -> Page:
            return open_page(address, query, path="ward_map")

        def asked() -> list[tuple[int, str]]:
            named = [(one.status, urlsplit(one.url).path) for one in answers]
            return [one for one in named if "basemap" in one[1] or "protomaps" in one[1]]

        plain = visit()
        expect(plain.locator(".pw-credit, .leaflet-pw-basemap-pane")).to_have_count(0)
        before = drawn(plain)
        colours = classes(plain, before)
        assert asked() == []

        adopted = adopt_basemap(brought, home)
        page = visit()
        settled(page)
        expect(page.locator(".pw-credit")).to_have_text("Basemap: © OpenStreetMap ODbL")
        after = drawn(page)
        assert classes(page, after) == colours
        changed = (before != after).any(axis=2).mean()
        assert 0.001 < changed < 0.2
        ranges = [one for one in asked() if "pmtiles" in one[1]]
        assert set(ranges) == {(206, f"/app/basemap/{adopted.name}")}
        scripts = {path.rpartition("/")[2] for _, path in asked() if "pmtiles" not in path}
        assert scripts == {"basemap.js", "protomaps-leaflet.js"}

        page.get_by_role("button", name="Zoom in").click()
        settled(page)
        with page.expect_download() as file:
            page.get_by_role("button", name="Save the map as a picture").click()
        assert Path(file.value.path()).stat().st_size > 0

        taken: dict[str, list[float]] = {"plain": [], "streets": []}
        for turn in range(TURNS):
            for name, one in (("plain", plain), ("streets", page)):
                one.bring_to_front()
                taken[name].append(one.evaluate(MEASURED, f"2022-{turn + 1:02}-01"))
        assert statistics.median(taken["streets"]) < SLOWER * statistics.median(taken["plain"]), taken

        remove_basemap(home)
        answers.clear()
        gone = visit()
        expect(gone.locator(".pw-credit, .leaflet-pw-basemap-pane")).to_have_count(0)
        assert classes(gone, drawn(gone)) == colours
        assert asked() == []
        for one in (plain, page, gone):
            one.close()
