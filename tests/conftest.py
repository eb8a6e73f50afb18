"""Fixtures that several test folders share: the small city, its GeoPackage, and where the real files lie."""

import fcntl
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pandas as pd
import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from etl.build import build
from etl.store.database import PRAGMAS, Database, open_database
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES
from tests.databases import Cluster, running_cluster
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

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
"""Gives the folder of a name; what fills it is called only where nobody has filled it yet."""

NewPlace = Callable[[], tuple[str, Path]]

GPKG = "haiphong.gpkg"

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
        # No test cuts the power: nothing need wait for the disk, half a second for each GeoPackage.
        machine.setenv("OGR_SQLITE_SYNCHRONOUS", "OFF")
        machine.setitem(PRAGMAS, "synchronous", "OFF")
        # Nobody guesses the passwords of the tests: hashing them need not be slow.
        machine.setattr(
            "etl.store.passwords.hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        yield home


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Return what gives the folder of a name; of the workers of a run only the first one fills it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = shared / f"made-{name}", shared / f"made-{name}.done"
        with (shared / f"made-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir(exist_ok=True)
                fill(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def small_city(made_once: MadeOnce) -> SmallCity:
    """Return the folders of the small city."""
    folder = made_once("small-city", write_small_city)
    return SmallCity(folder / "boundaries", folder / "sources")


@pytest.fixture(scope="session")
def small_gpkg(small_city: SmallCity, made_once: MadeOnce) -> Path:
    """Return the GeoPackage that the program builds from the small city."""
    return made_once("small", builds(small_city.boundaries, small_city.sources)) / GPKG


@pytest.fixture(scope="session")
def inspected_gpkg(small_gpkg: Path, made_once: MadeOnce) -> Path:
    """Return the GeoPackage of the small city with imported and illustrative inspections."""
    return made_once("inspected", lambda folder: write_inspected_city(small_gpkg, folder / GPKG)) / GPKG


@pytest.fixture(scope="session")
def judged_gpkg(inspected_gpkg: Path, made_once: MadeOnce) -> Path:
    """Return that GeoPackage with results by criterion, recommendations and a plan with gaps too."""
    return made_once("judged", lambda folder: write_judged_city(inspected_gpkg, folder / GPKG)) / GPKG


@pytest.fixture(scope="session")
def shipped_gpkg(made_once: MadeOnce) -> Path:
    """Return the GeoPackage that the program builds from the shipped boundaries, a sketch of the city."""
    return made_once("shipped", builds(SHIPPED_BOUNDARIES, SOURCES)) / GPKG


@pytest.fixture(scope="session")
def sketched_gpkg(sketched_boundaries: Path, made_once: MadeOnce) -> Path:
    """Return the GeoPackage of the sketched city."""
    return made_once("sketched", builds(sketched_boundaries, SOURCES)) / GPKG


@pytest.fixture(scope="session")
def real_gpkg(real_boundaries: Path, made_once: MadeOnce) -> Path:
    """Return the GeoPackage of the real city; skip where the real files are not there."""
    return made_once("real", builds(real_boundaries, SOURCES)) / GPKG


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return a PostgreSQL that runs for these tests alone."""
    with running_cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the setting that names an empty store: of each database in turn."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("cluster").new())


@pytest.fixture
def new_place(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> NewPlace:
    """Return what gives an empty place for another store of the same kind: its setting and its home."""

    def made() -> tuple[str, Path]:
        url = request.getfixturevalue("cluster").new(is_empty=True) if database_url else ""
        return url, tmp_path / "new home"

    return made


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """Return an empty store in either database."""
    opened = open_database(database_url, tmp_path / "home")
    yield opened
    opened.close()


def builds(boundaries: Path, sources: Path) -> Callable[[Path], object]:
    """Return what builds boundaries and sources into a folder."""
    return lambda folder: build([boundaries], sources, folder / GPKG, AS_OF)


@pytest.fixture(scope="session")
def sketched_boundaries(made_once: MadeOnce) -> Path:
    """Return a folder with the files of the sketched city."""
    return made_once("sketched-boundaries", write_sketched_city)


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
