"""The project for QGIS: well-formed, beside its data by a relative path, and with the classes of the page.

What QGIS itself makes of it is tested in tests/heavy.
"""

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
import shapely

from dashboard.query.layers import extent, layer, vintages
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.figures import legend_words, words
from dashboard.subjects.figures.choices import PER, Choice, measures
from dashboard.subjects.figures.model import classify
from dashboard.ui.qgis_project import QgisProject
from geodata.contract.layers import LAYERS, read_layer, write_layers
from geodata.language import render
from geodata.settings import ROOT

HOSTILE = "\"Cháy\" & 'nổ' <b>|</b> \x07]]>"


def published(path: Path) -> Publication:
    state = path.stat()
    return Publication(path, state.st_mtime_ns, state.st_size)


def project(path: Path, *, verified_only: bool = False) -> QgisProject:
    known = published(path)
    return QgisProject(known, extent(known), verified_only, "vi")


@pytest.fixture(scope="module")
def hostile(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small city whose figures and wards bear hostile names."""
    path = tmp_path_factory.mktemp("hostile") / "haiphong.gpkg"
    layers = {name: read_layer(inspected_gpkg, name) for name in LAYERS}
    fires = layers["indicator"]["indicator_code"] == "fires"
    layers["indicator"].loc[fires, ["indicator_name", "indicator_name_en"]] = HOSTILE
    layers["ward"].loc[0, "ward_name"] = HOSTILE
    write_layers(path, layers)
    return path


@pytest.fixture(scope="module")
def written(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project of that city, unpacked from the zip that is downloaded."""
    folder = tmp_path_factory.mktemp("project")
    with zipfile.ZipFile(io.BytesIO(project(hostile).zipped("thành-phố"))) as packed:
        assert sorted(packed.namelist()) == ["thành-phố.gpkg", "thành-phố.qgz"]
        packed.extractall(folder)
    with zipfile.ZipFile(folder / "thành-phố.qgz") as packed:
        assert packed.namelist() == ["thành-phố.qgs"]
        packed.extractall(folder)
    return folder / "thành-phố.qgs"


def test_its_data_lie_beside_it_and_every_layer_is_in_them(written: Path) -> None:
    root = ET.parse(written).getroot()
    there = {name for name, _ in pyogrio.list_layers(written.with_suffix(".gpkg"))}
    sources = [one.text or "" for one in root.iterfind("projectlayers/maplayer/datasource")]
    named = [re.fullmatch(r"\./thành-phố\.gpkg\|layername=(\w+)", source) for source in sources]
    assert {one[1] for one in named if one} <= there
    assert all(named)
    assert root.findtext("properties/Paths/Absolute") == "false"
    text = written.read_text(encoding="utf-8")
    assert not re.search(r"(file://|[A-Z]:\\|\"/(home|tmp|root|usr|work)/)", text)
    listed = {one.text for one in root.iterfind("projectlayers/maplayer/id")}
    for path, name in (
        (".//layer-tree-layer", "id"),
        ("visibility-presets//layer", "id"),
        ("relations/relation", "referencingLayer"),
        ("relations/relation", "referencedLayer"),
        ("Layouts//Atlas", "coverageLayer"),
    ):
        found = {one.get(name) for one in root.iterfind(path)}
        assert found, path
        assert found <= listed, path


def test_each_figure_has_a_style_a_theme_and_the_classes_of_the_page(hostile: Path, written: Path) -> None:
    root, known = ET.parse(written).getroot(), published(hostile)
    shown = project(hostile)
    data = written.with_suffix(".gpkg")
    themes = {one.get("name"): one for one in root.iterfind("visibility-presets/visibility-preset")}
    figures = [
        (code, per) for code, one in measures(known).items() for per in (PER if one.adds_up else PER[:1])
    ]
    assert len(themes) == len(vintages(known)) * len(figures)
    assert set(pyogrio.read_dataframe(data, layer="theme")["theme"]) == set(themes)
    assert len(root.findall("Layouts/Layout")) == 2 * len(vintages(known))
    for vintage in vintages(known):
        name = f"map_{vintage.replace('-', '_')}"
        wards = pyogrio.read_dataframe(data, layer=name)
        [drawn] = [
            one
            for one in root.iterfind("projectlayers/maplayer")
            if one.findtext("id") == f"pilot_wards_{name}"
        ]
        manager = drawn.find("map-layer-style-manager")
        assert manager is not None
        styles = {
            one.get("name"): one.find("qgis/renderer-v2") if len(one) else drawn.find("renderer-v2")
            for one in manager
        }
        assert len(styles) == len(figures)
        for code, per in figures:
            query = Query(known, shown.period, vintage, verified_only=False)
            classes = classify(query, Choice(code, per=per))
            entries = legend_words.map_classes(classes)
            rules = styles[render(words.shown_figure(classes), "vi").replace("\x07", "")]
            assert rules is not None
            told = [rule.get("label") for rule in rules.iterfind("rules/rule")][: len(entries)]
            assert told == [f"{render(one.label, 'vi')} ({render(one.count, 'vi')})" for one in entries]
            column = code if classes.pers[0] == "value" else f"{code}_{per}"
            assert wards[f"{column}_class"].tolist() == classes.numbers.tolist()


def test_hostile_names_are_text(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert "<b>" not in text
    said = HOSTILE.replace("\x07", "")
    themes = [one.get("name") for one in ET.parse(written).getroot().iterfind("visibility-presets/*")]
    assert any(name and name.startswith(said) for name in themes)


def test_facts_alone_leave_out_what_was_generated(inspected_gpkg: Path, tmp_path: Path) -> None:
    assert layer(published(inspected_gpkg), "inspection")["is_illustrative"].any()
    project(inspected_gpkg, verified_only=True).write(tmp_path / "facts.qgz")
    rows = pyogrio.read_dataframe(tmp_path / "facts.gpkg", layer="inspection")
    assert len(rows)
    assert not rows["is_illustrative"].any()
    marks = pyogrio.read_dataframe(tmp_path / "facts.gpkg", layer="theme")["mark"]
    assert not marks.str.contains("MINH HỌA").any()


def test_outlines_that_may_not_be_passed_on_stay(shipped_gpkg: Path, tmp_path: Path) -> None:
    """Of the shipped city one vintage claims to be of others: its outlines are replaced, its facts stay."""
    layers = {name: read_layer(shipped_gpkg, name) for name in LAYERS}
    of = layers["ward"]["vintage"] == "2025-01-01"
    layers["ward"].loc[of, ["boundary_source", "boundary_quality"]] = ["theirs", "public"]
    layers["ward"].loc[of, "geometry"] = shapely.buffer(layers["ward"].geometry[of], 0.001)
    theirs = (
        layers["source"]
        .iloc[[0]]
        .assign(source_id="theirs", publisher="Họ & con", redistribution="forbidden")
    )
    layers["source"] = pd.concat([layers["source"], theirs])
    path = tmp_path / "haiphong.gpkg"
    write_layers(path, layers)
    project(path).write(tmp_path / "city.qgz")
    own = read_layer(shipped_gpkg, "ward")
    own = own[own["vintage"] == "2025-01-01"].reset_index(drop=True)
    wards = pyogrio.read_dataframe(tmp_path / "city.gpkg", layer="map_2025_01_01")
    assert wards.geometry.geom_equals_exact(own.geometry, 1e-6).all()
    written = pyogrio.read_dataframe(tmp_path / "city.gpkg", layer="ward")
    assert "theirs" not in set(written["boundary_source"])
    themes = pyogrio.read_dataframe(tmp_path / "city.gpkg", layer="theme").set_index("vintage")
    assert (
        themes.loc["2025-01-01", "sources"]
        .str.contains("ranh giới sơ đồ thay cho ranh giới của Họ & con")
        .all()
    )
    assert themes.loc["2025-01-01", "mark"].str.contains("Ranh giới sơ đồ").all()


def test_a_project_is_of_its_days(inspected_gpkg: Path, tmp_path: Path) -> None:
    whole = project(inspected_gpkg)
    first = replace(whole, period=replace(whole.period, until=whole.period.since))
    tables = []
    for name, one in (("whole", whole), ("first", first)):
        one.write(tmp_path / f"{name}.qgz")
        tables.append(pyogrio.read_dataframe(tmp_path / f"{name}.gpkg", layer="map_2020_02_01"))
    assert tables[0]["inspections"].sum() > tables[1]["inspections"].sum()


def test_without_any_outlines_that_may_be_passed_on_there_is_none(small_gpkg: Path, tmp_path: Path) -> None:
    assert project(small_gpkg).hindrance() is None
    layers = {name: read_layer(small_gpkg, name) for name in LAYERS}
    layers["source"]["redistribution"] = "forbidden"
    path = tmp_path / "haiphong.gpkg"
    write_layers(path, layers)
    hindrance = project(path).hindrance()
    assert hindrance is not None
    assert "Không kèm địa giới 01/02/2020" in render(hindrance, "vi")
    maker = [sys.executable, "-m", "dashboard.ui.qgis_project", str(tmp_path / "city.qgz")]
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "PILOT_WARDS_GPKG": str(path)}
    made = subprocess.run(maker, env=environment, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert made.returncode == 1
    assert "Không kèm địa giới" in made.stderr
    assert not list(tmp_path.glob("city.*"))
