"""Without any boundary file but the shipped ones the build works, and the page says that it is a sketch."""

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import etl.cli
from geodata.contract.layers import read_layer
from geodata.settings import ROOT
from tests.pages.opened import boundaries, html, opened
from tests.small_city import MID, NEW


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the GeoPackage that ``pilot-wards build`` makes there, and what it prints."""
    out = tmp_path_factory.mktemp("shipped") / "haiphong.gpkg"
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("PILOT_WARDS_HOME", str(out.parent / "home"))
        machine.setenv("COLUMNS", "200")
        machine.delenv("PILOT_WARDS_LANG", raising=False)
        result = CliRunner().invoke(etl.cli.app, ["build", "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out, result.stdout


def test_the_build_says_that_its_boundaries_are_schematic(told: tuple[Path, str]) -> None:
    lines = [line for line in told[1].splitlines() if line.rstrip("│ ").endswith("sơ đồ")]
    assert [line.replace("│", " ").split()[:2] for line in lines] == [[MID, "168"], [NEW, "114"]]


def test_the_nine_wards_stand_under_the_units_that_carry_on_their_names(told: tuple[Path, str]) -> None:
    summary = read_layer(told[0], "ward_summary")
    held = summary[summary["role"].notna() | summary["is_partly"]]
    assert held.groupby(["vintage", "is_partly"]).size().to_dict() == {(MID, False): 9, (NEW, True): 8}
    status = read_layer(told[0], "pilot_status")
    assert set(status["vintage"]) == {MID}
    grown = status.loc[status["ward_code"] == "11305", "note"].iloc[0]
    assert grown.endswith("gồm cả Hạ Lý, Trại Chuối.")


@pytest.mark.parametrize("vintage", [MID, NEW])
def test_the_page_says_that_the_map_is_a_sketch(
    told: tuple[Path, str], vintage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(told[0]))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["vintage"] = vintage
    app.run()
    assert not app.exception
    assert not app.warning
    assert boundaries(app).options == ["01/01/2025", "01/07/2025"]
    assert "Ranh giới sơ đồ" in html(app)


def maps(app: AppTest) -> list[dict[str, Any]]:
    """Return what the maps of a page show, and those of the scenes of the wall."""
    packed = [element.proto.bytes for element in app.get("bidi_component") if element.proto.bytes]
    states = [json.loads(zlib.decompress(one)) for one in packed]
    scenes = [scene for state in states for scene in state.get("scenes", [])]
    return [
        state for state in (*states, *(scene["map"] for scene in scenes)) if state and "geometry" in state
    ]


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("overview", {}),
        ("ward_map", {}),
        ("compare", {}),
        ("ward", {"ward": "11602", "vintage": NEW}),
        ("inspections", {}),
        ("events", {"vintage": MID}),
        ("routes", {"stops": "11602"}),
        ("wall", {"scenes": "city,inspections,coverage,ward,event,visit"}),
    ],
)
def test_every_map_of_every_page_says_that_its_outlines_are_schematic(
    told: tuple[Path, str], page: str, link: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(told[0]))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    shown = maps(opened(app, page, **link))
    assert shown
    assert {one["schematic"] for one in shown} == {"Ranh giới sơ đồ"}
