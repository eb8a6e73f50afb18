"""Legends, headlines, ranks and exports of all pages agree on how many commune-level units there are.

The city is that of the real outlines where they are there, else one of true units on made up outlines.
"""

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.query import layers
from dashboard.query.publication import publication
from dashboard.query.query import Query
from dashboard.shell.navigation import PAGES
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.model import classify
from dashboard.subjects.inspections.words import VIEWS as INSPECTION_VIEWS
from dashboard.subjects.progress.model import VIEWS as PROGRESS_VIEWS
from dashboard.subjects.sources.words import SECTION_NAMES
from dashboard.ui.downloads import MAP_FORMATS
from etl.build import Illustrative, build
from geodata.language.numbers import percent
from geodata.settings import ROOT, SOURCES
from geodata.wards.units import is_commune
from tests.conftest import AS_OF, REAL_BOUNDARIES
from tests.geodata.test_figures_in_sql import MONTHS, PAIRED
from tests.geodata.test_figures_in_sql import VIEWS as SQL_VIEWS
from tests.pages.handed_over import (
    CODE,
    ILLUSTRATIVE,
    RANK,
    Ground,
    Sheet,
    Shelf,
    check_map,
    check_table,
    never_offered,
    sheet_of,
    title,
)
from tests.pages.opened import html, opened
from tests.small_city import MID, NEW, OLD

UNITS = {OLD: 217, MID: 167, NEW: 114}
"""How many commune-level units each vintage has, by the resolutions."""

FIGURES = ("stage", "days_since", "inspections")

LINKS: list[tuple[str, dict[str, str]]] = [
    *((page, {}) for page in PAGES),
    *(("ward_map", {"figure": figure, "ward": "first"}) for figure in FIGURES[1:]),
    ("ward", {"ward": "first"}),
]
"""The pages, and what else stands in a link to them: ``first`` is the code of the first ward."""

YEAR = {"from": "2025-01-01", "to": "2025-12-31"}
VIEWS: list[tuple[str, dict[str, str]]] = [
    *(("inspections", {"view": view}) for view in INSPECTION_VIEWS if view != "list"),
    *(("progress", {"view": view}) for view in PROGRESS_VIEWS if view != "stages"),
    *(("methods", {"section": section}) for section in SECTION_NAMES if section != "sources"),
    *(("ward_map", {"figure": code, **YEAR}) for code in ("crime_cases", "satisfaction_pct")),
    ("compare", {"units": "first,second", **YEAR}),
    ("compare", {"indicator": "satisfaction_pct", **YEAR}),
    ("compare", {"indicator": "eid_activated_pct", **YEAR}),
    ("compare", {"indicator": "pilot_coverage"}),
    ("compare", {"against": "year"}),
    ("routes", {"case": "2022-09-12"}),
]
"""What hands over other files than the pages do at first."""

ONCE = "methods"
"""The page whose files do not hang on the boundaries that are chosen."""

TOLD = [
    re.compile(pattern)
    for pattern in (
        r"([\d.]+) đơn vị cấp xã",
        r"/([\d.]+) đơn vị có số liệu",
        r"/ ([\d.]+)</b><span>(?:đơn vị|phường: )",
    )
]
"""How the number of all units is told."""

RANKED = re.compile(r"Hạng ([\d.]+)/([\d.]+)")


def app_with_files() -> AppTest:
    """Return the app, whose menu of downloads is open: files are made once it is."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=120)
    app.session_state["downloads_menu"] = True
    return app


@pytest.fixture(scope="module")
def gpkg(sketched_boundaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the GeoPackage of the whole city, with illustrative figures."""
    path = tmp_path_factory.mktemp("totals") / "haiphong.gpkg"
    boundaries = REAL_BOUNDARIES if [*REAL_BOUNDARIES.glob("wards_*.gpkg")] else sketched_boundaries
    build([boundaries], SOURCES, path, AS_OF, illustrative=Illustrative(AS_OF))
    return path


@pytest.fixture(scope="module")
def grounds(gpkg: Path) -> dict[str, Ground]:
    """Return the wards of each vintage as SQL finds them."""
    columns = "vintage, ward_code, ward_kind, district_code, population, population_year, outline_area_km2"
    with closing(sqlite3.connect(gpkg)) as connection:
        wards = pd.read_sql(f"SELECT {columns} FROM ward", connection)
    return {str(vintage): Ground(str(vintage), own) for vintage, own in wards.groupby("vintage")}


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


def check_files(
    app: AppTest, shelf: Shelf, grounds: dict[str, Ground], folder: Path, *, is_all: bool
) -> None:
    """Check every file of a page: on which ground, of how many units, of whose residents and which facts."""
    assert len(shelf.files) == len(app.get("download_button")), (
        "two files of one name, or one made beforehand"
    )
    chosen = [group.formatted_values for group in app.button_group]
    listed = numbers([found for of in chosen for one in of for found in re.findall(r"\(([\d.]+)\)$", one)])
    sheets: dict[str, Sheet] = {}
    for name, make in shelf.files.items():
        stem, ending = name.rsplit(".", 1)
        assert stem.split("-")[0] not in PAGES, f"{name}: not in the language of the page"
        assert stem.endswith("minh-hoa") or not is_all or "lo-trinh" in name, name
        vintage = re.findall(r"dia-gioi-(\d{4})(\d{2})(\d{2})", name)[0]
        if ending == "zip":
            # A project of all figures, whatever the page shows: tests/dashboard/test_qgis_project.py.
            continue
        made = make()
        if ending in MAP_FORMATS:
            check_map(name, made, folder, sheets[stem], grounds["-".join(vintage)])
        elif ending == "xlsx" and f"{stem}.csv" in shelf.files:
            csv = shelf.files[f"{stem}.csv"]()
            sheets[stem] = check_table(name, made, csv, "-".join(vintage), grounds)
            if ILLUSTRATIVE in sheets[stem].rows and not is_all:
                assert title("yes") not in set(sheets[stem].rows[ILLUSTRATIVE]), name
    # What a choice counts is what its file holds.
    assert not listed or not sheets or listed[0] == len(next(iter(sheets.values())).rows), listed


@pytest.mark.parametrize("facts", ["verified", "all"])
@pytest.mark.parametrize("vintage", [OLD, MID, NEW])
def test_all_pages_agree_on_how_many_units_there_are(
    gpkg: Path,
    grounds: dict[str, Ground],
    vintage: str,
    facts: str,
    shelf: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    assert {of: len(ground.communes) for of, ground in grounds.items()} == UNITS
    count = UNITS[vintage]
    codes = grounds[vintage].communes["ward_code"]
    named = {"first": codes.iloc[0], "second": codes.iloc[1]}
    seen: dict[str, list[int]] = {}
    views = [view for view in VIEWS if facts == "all" and (vintage == NEW or view[0] != ONCE)]
    for page, own in LINKS + views:
        app = app_with_files()
        asked = {key: ",".join(named.get(one, one) for one in value.split(",")) for key, value in own.items()}
        shelf.files.clear()
        opened(app, page, vintage=vintage, facts=facts, **asked)
        text = " ".join([*(title.value for title in app.title), html(app)])
        told = numbers([found for pattern in TOLD for found in pattern.findall(text)])
        for shown in maps(app):
            for total in legend_totals(shown):
                assert total == UNITS[vintage_of(shown)], f"{page} {own}: {shown['palette']}"
        seen[f"{page} {own}"] = told
        for rank, ranked in RANKED.findall(text):
            assert 1 <= int(rank.replace(".", "")) <= int(ranked.replace(".", "")) <= count, page
        check_files(app, shelf, grounds, tmp_path, is_all=facts == "all")
    # A number that differs is named with its page.
    assert {page: set(found) - {count} for page, found in seen.items() if set(found) - {count}} == {}
    assert all(seen[f"{page} {{}}"] for page in ("overview", "ward_map", "inspections", "progress"))
    assert facts == "verified" or never_offered(shelf.sites) == []


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("vintage", [OLD, MID, NEW])
def test_what_is_handed_over_counts_and_ranks_the_same_units(
    gpkg: Path, vintage: str, figure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    published = publication()
    query = Query(published, layers.extent(published), vintage, (), verified_only=False)
    shown = classify(query, Choice(figure))
    table = shown.table([str(at) for at in range(len(shown.palette) + 3)])
    communes = is_commune(table)
    count = UNITS[vintage]
    assert int(communes.sum()) == sum(shown.counts) == count
    assert table.loc[~communes, "rank"].isna().all()
    assert table["rank"].notna().sum() <= count


PAIRS = [
    ("crime_cases", NEW, {"from": "2025-07-01", "to": "2025-12-31"}, 1),
    ("traffic_accidents", NEW, {"from": "2025-01-01", "to": "2025-12-31"}, 1),
    ("crime_cases", OLD, {"from": "2024-09-01", "to": "2025-08-31"}, 1),
    ("fires", MID, {"from": "2023-01-01", "to": "2023-12-31"}, 1),
    ("crime_cases", NEW, {"from": "2025-03-01", "to": "2025-10-31"}, 2),
]
"""Indicator, boundaries, a range of days, and by how many years the other one lies before."""


@pytest.mark.parametrize(("indicator", "vintage", "days", "years"), PAIRS)
def test_the_city_is_set_beside_another_period_month_by_month_as_sql_finds(
    gpkg: Path,
    indicator: str,
    vintage: str,
    days: dict[str, str],
    years: int,
    shelf: Shelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    first, last = days["from"], days["to"]
    before = {end: f"{int(day[:4]) - years}{day[4:]}" for end, day in days.items()}
    with closing(sqlite3.connect(gpkg)) as connection:
        connection.executescript(SQL_VIEWS)
        told = {"code": indicator, "vintage": vintage, "district": None, "ward": None}
        for name, span, shift in (("now", days, 0), ("before", before, years)):
            asked = {"first": span["from"], "last": span["to"], "years": f"+{shift} years"}
            connection.execute(f"CREATE TEMP TABLE months_{name} AS {MONTHS}", told | asked)
        value, previous, wards, change = connection.execute(PAIRED).fetchone()
        shares = [
            connection.execute(f"SELECT SUM(days) FROM months_{name}").fetchone()[0]
            / (
                UNITS[vintage]
                * ((date.fromisoformat(span["to"]) - date.fromisoformat(span["from"])).days + 1)
            )
            for name, span in (("now", days), ("before", before))
        ]
    link = {"vintage": vintage, "facts": "all", "indicator": indicator, **days}
    if years > 1:
        ends = {"since1": first, "until1": last, "since2": before["from"], "until2": before["to"]}
        link |= {"against": "days"} | {
            end: f"{date.fromisoformat(day):%d/%m/%Y}" for end, day in ends.items()
        }
    app = opened(app_with_files(), "compare", **link)
    (make,) = (make for name, make in shelf.files.items() if name.endswith("xlsx"))
    rows = sheet_of(make()).rows
    city = rows[rows[CODE] == ""].iloc[0]
    found = [city[title(f"Over the same months: {one}")] for one in ("now", "before")]
    assert found == pytest.approx([value, previous], abs=0.5)
    assert city[title("Wards that are compared")] == wards
    row = re.findall(r'<tr class="cp-city">.*?</tr>', html(app))[0]
    if min(shares) >= 0.75:
        assert city[title("Change per reported day, %")] == pytest.approx(change)
        assert percent(abs(change)).render("vi") in row
        assert re.search("tăng" if change > 0 else "giảm", row, re.IGNORECASE)
    else:
        assert pd.isna(city[title("Change per reported day, %")])
        assert not re.search("tăng|giảm", row, re.IGNORECASE)


LITTLE = f"""
WITH reported AS ({MONTHS})
SELECT ward, ward NOT IN (SELECT to_ward_code FROM crosswalk WHERE to_vintage = :vintage) AS is_late
FROM reported GROUP BY ward HAVING SUM(days) < 0.75 * (julianday(:last) - julianday(:first) + 1)
"""


@pytest.mark.parametrize("indicator", ["crime_cases", "fire_inspections"])
def test_where_half_the_city_reports_too_little_it_has_neither_class_nor_rank(
    gpkg: Path, indicator: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    days = {"from": "2024-07-01", "to": "2025-12-31"}
    asked = {"code": indicator, "vintage": NEW, "district": None, "ward": None, "years": "+0 years"}
    with closing(sqlite3.connect(gpkg)) as connection:
        connection.executescript(SQL_VIEWS)
        found = connection.execute(LITTLE, asked | {"first": days["from"], "last": days["to"]})
        little = {code: bool(is_late) for code, is_late in found}
    assert sum(little.values()) > 50, "the area of the former Hải Dương reports from 2025-07-01"
    link = {"vintage": NEW, "facts": "all", "figure": indicator, **days}
    app = opened(app_with_files(), "ward_map", **link)
    (make,) = (make for name, make in shelf.files.items() if name.endswith("xlsx"))
    rows = sheet_of(make()).rows.set_index(CODE)
    (shown,) = maps(app)
    hatched = [entry for entry in shown["palette"] if entry["pattern"] == "hatch"]
    (told,) = (entry for entry in hatched if entry["label"] in set(rows[title("Class")]))
    assert set(rows.index[rows[title("Class")] == told["label"]]) == set(little)
    assert int(told["count"]) == len(little)
    assert rows.loc[sorted(little), [RANK, title("Against the limits")]].isna().all(axis=None)
    assert rows[RANK].notna().any()
