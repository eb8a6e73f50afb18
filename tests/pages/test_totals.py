"""Legends, headlines, ranks and exports of all pages agree on how many commune-level units there are."""

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.query import layers
from dashboard.query.publication import publication
from dashboard.query.query import Query
from dashboard.shell.navigation import PAGES
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.model import classify
from etl.build import Illustrative, build
from geodata.settings import ROOT, SOURCES
from geodata.wards.units import is_commune
from tests.conftest import AS_OF
from tests.pages.opened import html, opened
from tests.small_city import MID, NEW, OLD

UNITS = {"small": {OLD: 4, MID: 3, NEW: 4}, "real": {OLD: 217, MID: 167, NEW: 114}}
"""How many commune-level units each vintage has, by the resolutions; the small city is made up."""

FIGURES = ("stage", "days_since", "inspections")

LINKS = [
    *((page, {}) for page in PAGES),
    *(("ward_map", {"figure": figure, "ward": "first"}) for figure in FIGURES[1:]),
    ("ward", {"ward": "first"}),
]
"""The pages, and what else stands in a link to them."""

TOLD = [
    re.compile(pattern)
    for pattern in (
        r"([\d.]+) đơn vị cấp xã",
        r"/([\d.]+) đơn vị có số liệu",
        r"/ ([\d.]+)</b><span>(?:đơn vị|phường: )",
    )
]
"""How the number of all units is told."""

RANK = re.compile(r"Hạng ([\d.]+)/([\d.]+)")


@pytest.fixture(scope="session", params=["small", "real"])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return a city and its GeoPackage, with illustrative figures."""
    if request.param == "small":
        return "small", request.getfixturevalue("inspected_gpkg")
    path = tmp_path_factory.mktemp("totals") / "haiphong.gpkg"
    made = Illustrative(AS_OF)
    build([request.getfixturevalue("real_boundaries")], SOURCES, path, AS_OF, illustrative=made)
    return "real", path


def numbers(texts: list[str]) -> list[int]:
    return [int(text.replace(".", "")) for text in texts]


def maps(app: AppTest) -> Iterator[dict[str, Any]]:
    """Yield the maps that a page sent, those of the wall's scenes too."""
    for element in app.get("bidi_component"):
        if not element.proto.bytes:
            continue
        state = json.loads(zlib.decompress(element.proto.bytes))
        for shown in (state, *(scene["map"] or {} for scene in state.get("scenes", []))):
            if "palette" in shown:
                yield shown


def legend_totals(shown: dict[str, Any]) -> list[int]:
    """Return how many units a legend counts, at every moment that is played; nothing where it counts some."""
    entries = [entry for entry in shown["palette"] if not entry["faded"]]
    if not all(entry["count"] for entry in entries):
        return []
    played = (shown["frames"] or {}).get("counts", [])
    return [sum(numbers(of)) for of in ([entry["count"] for entry in entries], *played)]


def vintage_of(shown: dict[str, Any]) -> str:
    """Return the boundaries of a map: those of an event are those of its sites, whatever is chosen."""
    found = re.search(r"wards-(\d{4}-\d{2}-\d{2})", shown["geometry"])
    assert found
    return found[1]


@pytest.mark.parametrize("facts", ["verified", "all"])
@pytest.mark.parametrize("vintage", [OLD, MID, NEW])
def test_all_pages_agree_on_how_many_units_there_are(
    city: tuple[str, Path], vintage: str, facts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, gpkg = city
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    count = UNITS[name][vintage]
    first = layers.of_vintage(publication(), "ward", vintage)["ward_code"].iloc[0]
    seen: dict[str, list[int]] = {}
    for page, own in LINKS:
        app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=120)
        link = {"vintage": vintage, "facts": facts} | {
            key: first if value == "first" else value for key, value in own.items()
        }
        opened(app, page, **link)
        text = " ".join([*(title.value for title in app.title), html(app)])
        told = numbers([found for pattern in TOLD for found in pattern.findall(text)])
        for shown in maps(app):
            for total in legend_totals(shown):
                assert total == UNITS[name][vintage_of(shown)], f"{page} {own}: {shown['palette']}"
        seen[f"{page} {own}"] = told
        for rank, ranked in RANK.findall(text):
            assert 1 <= int(rank.replace(".", "")) <= int(ranked.replace(".", "")) <= count, page
    # A number that differs is named with its page.
    assert {page: set(found) - {count} for page, found in seen.items() if set(found) - {count}} == {}
    assert all(seen[f"{page} {{}}"] for page in ("overview", "ward_map", "inspections", "progress"))


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("vintage", [OLD, MID, NEW])
def test_what_is_handed_over_counts_and_ranks_the_same_units(
    city: tuple[str, Path], vintage: str, figure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, gpkg = city
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    published = publication()
    query = Query(published, layers.extent(published), vintage, (), verified_only=False)
    shown = classify(query, Choice(figure))
    table = shown.table([str(at) for at in range(len(shown.palette) + 3)])
    communes = is_commune(table)
    count = UNITS[name][vintage]
    assert int(communes.sum()) == sum(shown.counts) == count
    assert table.loc[~communes, "rank"].isna().all()
    assert table["rank"].notna().sum() <= count
