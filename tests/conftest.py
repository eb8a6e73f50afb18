"""Fixtures that several test folders share: the small city, its GeoPackage, and where the real files lie."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from etl.build import build
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES
from tests.inspected_city import write_inspected_city
from tests.judged_city import write_judged_city
from tests.sketched_city import write_sketched_city
from tests.small_city import SmallCity, write_small_city

REAL_BOUNDARIES = Path(os.environ.get("PILOT_WARDS_BOUNDARIES") or "none")
"""Where the real boundary files lie that some tests measure against, if they are there at all."""

MAY_SKIP = set((Path(__file__).parent / "may_skip.txt").read_text(encoding="utf-8").split())
"""The tests that measure against real files, without their parameters: no other one may skip."""

AS_OF = pd.Timestamp("2025-12-31")
"""The day for which the builds of the tests hold."""

# How long an example takes is a matter of the machine. CONTRIBUTING.md tells how to try more of them.
settings.register_profile("suite", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("suite")

REGISTER_WARDS = {
    "11296": "Quán Toan",
    "11299": "Hùng Vương",
    "11305": "Thượng Lý",
    "11359": "Đằng Giang",
    "11404": "Dư Hàng Kênh",
    "11405": "Kênh Dương",
    "11407": "Vĩnh Niệm",
    "11422": "Cát Bi",
    "11455": "Ngọc Xuyên",
}
"""The wards of the register by their code until 30/6/2025."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that skips without being on the list of those that may."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.nodeid.split("[")[0] not in MAY_SKIP:
        report.outcome = "failed"
        report.longrepr = f"it skipped and is not in tests/may_skip.txt: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the tests away from what this machine has and is set to; their home is empty at first."""
    with pytest.MonkeyPatch.context() as machine:
        for name in [name for name in os.environ if name.startswith("PILOT_WARDS_")]:
            machine.delenv(name)
        home = tmp_path_factory.mktemp("home")
        machine.setenv("PILOT_WARDS_HOME", str(home))
        yield home


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> SmallCity:
    """Return the folders of the small city."""
    return write_small_city(tmp_path_factory.mktemp("small_city"))


@pytest.fixture(scope="session")
def small_gpkg(small_city: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the GeoPackage that the program builds from the small city."""
    path = tmp_path_factory.mktemp("built") / "haiphong.gpkg"
    build([small_city.boundaries], small_city.sources, path, AS_OF)
    return path


@pytest.fixture(scope="session")
def inspected_gpkg(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the GeoPackage of the small city with imported and illustrative inspections."""
    path = tmp_path_factory.mktemp("inspected") / "haiphong.gpkg"
    write_inspected_city(small_gpkg, path)
    return path


@pytest.fixture(scope="session")
def judged_gpkg(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return that GeoPackage with results by criterion, recommendations and a plan with gaps too."""
    path = tmp_path_factory.mktemp("judged") / "haiphong.gpkg"
    write_judged_city(inspected_gpkg, path)
    return path


@pytest.fixture(scope="session")
def shipped_gpkg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the GeoPackage that the program builds from the shipped boundaries, a sketch of the city."""
    path = tmp_path_factory.mktemp("shipped") / "haiphong.gpkg"
    build([SHIPPED_BOUNDARIES], SOURCES, path, AS_OF)
    return path


@pytest.fixture(scope="session")
def sketched_boundaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the sketched city."""
    return write_sketched_city(tmp_path_factory.mktemp("sketched"))


@pytest.fixture(scope="session", params=["sketched", "real"])
def city_boundaries(request: pytest.FixtureRequest) -> Path:
    """Return a folder with boundary files of the whole city: made up ones, then the real ones."""
    folder: Path = request.getfixturevalue(f"{request.param}_boundaries")
    return folder


on_real_outlines = pytest.mark.parametrize("city_boundaries", ["real"], indirect=True)
"""For a test that measures against the real outlines: with those alone."""


@pytest.fixture(scope="session")
def real_boundaries() -> Path:
    """Return the folder of the real boundary files; skip the test where they are not there."""
    if not list(REAL_BOUNDARIES.glob("wards_*.gpkg")):
        pytest.skip("PILOT_WARDS_BOUNDARIES names no folder with the real files wards_<vintage>.gpkg")
    return REAL_BOUNDARIES
