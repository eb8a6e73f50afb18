"""What QGIS makes of our projects, Debian's without a screen: run by ``make test-heavy``."""

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from PIL import Image

from dashboard.query.layers import extent, vintages
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.figures import legend_words, words
from dashboard.subjects.figures.choices import PER, Choice, measures
from dashboard.subjects.figures.model import classify
from dashboard.ui.qgis_project import PAPERS, QgisProject
from geodata.language import render
from geodata.programme.symbols import LAND

FIGURES = 20


@pytest.fixture(scope="module")
def project(inspected_gpkg: Path) -> QgisProject:
    state = inspected_gpkg.stat()
    published = Publication(inspected_gpkg, state.st_mtime_ns, state.st_size)
    return QgisProject(published, extent(published), False, "vi")


@pytest.fixture(scope="module")
def folder(project: QgisProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project and of what QGIS found in it."""
    folder = tmp_path_factory.mktemp("qgis")
    project.write(folder / "city.qgz")
    [theme] = [one for one in _themes(folder) if one.startswith("Vai trò") and "01/02/2020" in one]
    opening = Path(__file__).with_name("open_project.py")
    command = ["/usr/bin/python3", str(opening), str(folder / "city.qgz"), str(folder), theme]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(command, check=True, env=plain, capture_output=True)
    return folder


def _themes(folder: Path) -> list[str]:
    return list(pyogrio.read_dataframe(folder / "city.gpkg", layer="theme")["theme"])


def _figures(project: QgisProject) -> list[Choice]:
    return [
        Choice(code, per=per)
        for code, measure in measures(project.published).items()
        for per in (PER if measure.adds_up else PER[:1])
    ]


@pytest.fixture(scope="module")
def found(folder: Path) -> Any:
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


def test_it_opens_whole(project: QgisProject, folder: Path, found: Any) -> None:
    assert found["read"]
    assert found["crs"] == "EPSG:9210"
    assert found["invalid"] == []
    assert found["outside"] == []
    assert sorted(found["themes"]) == sorted(_themes(folder))
    assert all(found["relations"].values())
    for vintage in vintages(project.published):
        assert f"inspection_of_map_{vintage.replace('-', '_')}" in found["relations"]


def test_the_classes_of_random_figures_are_those_of_the_page(project: QgisProject, found: Any) -> None:
    published = project.published
    every = [(vintage, choice) for vintage in vintages(published) for choice in _figures(project)]
    chosen = random.Random(16).sample(every, FIGURES)
    assert {choice.per for _, choice in chosen} == set(PER)
    for vintage, choice in chosen:
        query = Query(published, project.period, vintage, verified_only=False)
        shown = classify(query, choice)
        style = render(words.shown_figure(shown), "vi")
        drawn = found["styles"][f"pilot_wards_map_{vintage.replace('-', '_')}"][style]
        entries = legend_words.map_classes(shown)
        drawn = drawn[: len(entries)]
        assert [one["label"] for one in drawn] == [
            f"{render(one.label, 'vi')} ({render(one.count, 'vi')})" for one in entries
        ]
        assert [one["count"] for one in drawn] == np.bincount(shown.numbers, minlength=len(entries)).tolist()
        for one, entry in zip(drawn, entries, strict=True):
            base, *over = one["symbol"]
            assert base[:2] == ["SimpleFill", (LAND if entry.pattern else entry.colour).lower()]
            if entry.pattern:
                kind = {"hatch": "LinePatternFill", "dots": "PointPatternFill"}[entry.pattern]
                assert [over[0][0], over[0][2]] == [kind, entry.colour.lower()]


def test_its_pages_are_printed(folder: Path, found: Any) -> None:
    assert found["pages"] == {name: [0, 0] for name in PAPERS}
    for name, (width, height) in PAPERS.items():
        with Image.open(folder / f"{name}.png") as page:
            assert page.size == pytest.approx((width / 25.4 * 110, height / 25.4 * 110), abs=2)
            # The map's frame holds the water around the city, and its legend stands beside it.
            drawn = np.asarray(page.convert("RGB"))
        map_part = drawn[
            int(0.2 * len(drawn)) : int(0.8 * len(drawn)),
            int(0.05 * drawn.shape[1]) : int(0.68 * drawn.shape[1]),
        ]
        assert len(np.unique(map_part.reshape(-1, 3), axis=0)) > 50
        assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_an_atlas_shows_each_figure_with_its_own_words(
    project: QgisProject, folder: Path, found: Any
) -> None:
    told = pyogrio.read_dataframe(folder / "city.gpkg", layer="theme").set_index("figure")
    told = told[told["vintage"] == "2020-02-01"]
    assert len(found["series"]) == len(PAPERS)
    for pages in found["series"].values():
        assert len(pages) == len(_figures(project))
        for number, (name, theme, texts) in enumerate(pages):
            row = told.loc[name.rpartition("-")[2]]
            assert {row["headline"], row["subtitle"], row["legend"], row["sources"], row["mark"]} <= set(
                texts
            )
            # The page stands at the first theme when its atlas begins.
            assert theme == (row["theme"] if number else "")
