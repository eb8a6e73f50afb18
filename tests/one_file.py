"""What a map shows, read back from a page or from a file in the same words, and files made of links."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

from dashboard.map_file import read_link, sheet_of_link
from dashboard.ui.one_file_map import one_file

SHOWN = """(at) => {
  const probe = document.createElement("i");
  const colour = (text) => {
    probe.style.color = "";
    probe.style.color = text;
    return probe.style.color;
  };
  // A pattern is what it is made of, whatever it is called.
  const fill = (text) => {
    const id = /url\\("?#([^")]+)"?\\)/.exec(text)?.[1];
    if (!id) return colour(text);
    const parts = document.getElementById(id).children;
    return [...parts].map((part) => `${part.tagName} ${colour(part.getAttribute("fill") ?? "")}`).join(", ");
  };
  const figure = document.querySelectorAll(".pw-map")[at];
  const all = (selector) => [...figure.querySelectorAll(selector)];
  const wards = all("path.pw-ward[data-ward]").filter((path) => path.getAttribute("d").length > 9);
  const boxes = wards.map((path) => path.getBBox());
  const sorted = (rows) => rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return {
    wards: sorted(wards.map((path) => [
      path.dataset.ward,
      fill(path.style.fill || path.getAttribute("fill")),
      ...["pw-outlined", "pw-faded", "pw-selected"].map((name) => path.classList.contains(name)),
    ])),
    shapes: sorted(wards.map((path, at) => {
      const { x, y, width, height } = boxes[at];
      return [path.dataset.ward, x, y, x + width, y + height];
    })),
    legend: all(".pw-legend li").map((item) => [
      item.textContent.trim(),
      [...item.querySelectorAll("rect")].map((one) => fill(one.getAttribute("fill"))).join(),
    ]),
    key: all(".pw-key").map((one) => one.textContent),
    bars: all(".pw-bar").map((one) => [one.getAttribute("height"), colour(one.getAttribute("fill"))]),
    former: all("path.pw-former").map((path) => fill(path.style.fill || path.getAttribute("fill"))).sort(),
    circles: sorted(all(".pw-circles circle").map((one) => [one.dataset.circle])),
    badges: all(".pw-badges > div:not([hidden])").map((one) => one.textContent),
    moment: figure.dataset.moment ?? "",
  };
}"""


def made(gpkg: Path, link: str, path: Path) -> Path:
    """Write the map of a link, page and parameters, as one file; return its path."""
    before = os.environ.get("PILOT_WARDS_GPKG")
    os.environ["PILOT_WARDS_GPKG"] = str(gpkg)
    try:
        sheet, wrong = sheet_of_link(*read_link(link))
        assert sheet is not None, wrong
        path.write_bytes(one_file(sheet))
    finally:
        del os.environ["PILOT_WARDS_GPKG"]
        if before is not None:
            os.environ["PILOT_WARDS_GPKG"] = before
    return path


def shown(page: Page, moment: int | None = None, at: int = 0) -> dict[str, Any]:
    """Return what a map shows, the first or another one, at one of the moments that it plays."""
    if moment is not None:
        page.locator(".pw-player input").fill(str(moment))
    found: dict[str, Any] = page.evaluate(SHOWN, at)
    return found


def differences(live: Mapping[str, Any], file: Mapping[str, Any], *, of_city: bool) -> list[str]:
    """Return in what a file differs from its page.

    Parameters
    ----------
    live, file
        See `shown`.
    of_city
        Both show the whole city, so each ward has its place in it; elsewhere what is not seen is cut off.
    """
    parts = [name for name in live if name not in ("wards", "shapes") and live[name] != file[name]]
    looks = {code: look for code, *look in file["wards"]}
    seen = [(code, look) for code, *look in live["wards"] if code in looks]
    # An island far off may be seen on one of them alone.
    assert len(seen) > (len(live["wards"]) - 3 if of_city else 9)
    parts += [f"ward {code}: {look}" for code, look in seen if look != looks[code]]
    if of_city:
        common = [code for code, _ in seen]
        off = np.abs(places(live, common) - places(file, common)).max(axis=1)
        parts += [f"place of {code}: {by:.4f}" for code, by in zip(common, off, strict=True) if by > 0.004]
    return parts


def places(of_map: Mapping[str, Any], codes: Sequence[str]) -> Any:
    """Return left, top, right and bottom of wards, in widths of all of them from their left top corner."""
    boxes = {code: box for code, *box in of_map["shapes"]}
    found = np.array([boxes[code] for code in codes])
    first = found[:, :2].min(axis=0)
    return (found - np.tile(first, 2)) / (found[:, 2].max() - first[0])
