"""Make the pictures of the documentation: what ships alone, with illustrative figures, in Chromium.

Run: python -m tools.pictures. Outlines other than the schematic ones that ship never enter a picture.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import IDLE, served
from tools.reference import COMMANDS, DOCS, ROOT

PICTURES = {
    "overview": ("?facts=all", ".pw-map[data-paints]", 860),
    "ward_map": (
        "ward_map?facts=all&figure=fires&vintage=2025-07-01&from=2026-01-01&to=2026-06-30",
        ".pw-map[data-paints]",
        780,
    ),
    "wall": ("wall?facts=all&hours=always&scenes=progress", ".hw-scene", 720),
}
"""Address, what tells that the picture is whole, and height of each, by its name; all are 1280 wide."""


def build(folder: Path) -> Path:
    """Build the data from what ships into a folder, with illustrative figures; return the GeoPackage."""
    made = folder / "haiphong.gpkg"
    own = {name: value for name, value in os.environ.items() if not name.startswith("PILOT_WARDS_")}
    call = f"from {COMMANDS} import app; app()"
    subprocess.run(
        [sys.executable, "-c", call, "build", "--quiet", "--out", str(made)],
        cwd=ROOT,
        env=own | {"PILOT_WARDS_HOME": str(folder)},
        check=True,
    )
    return made


def draw(page: Page, address: str, ready: str, place: Path) -> None:
    """Open a page and keep its picture."""
    page.goto(address)
    page.wait_for_selector(ready, timeout=60_000)
    page.wait_for_selector(IDLE)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
    # 128 colours are enough for flat ones, and a third of the bytes.
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128).save(place, optimize=True)


def main() -> None:
    """Make all pictures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(build(Path(folder))) as app,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (address, ready, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": 1280, "height": height})
            draw(page, f"{app}/{address}", ready, DOCS / "images" / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
