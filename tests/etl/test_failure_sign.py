"""A build that fails leaves a sign beside the published file; one that succeeds takes it away."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from etl.publish import publishing
from geodata.contract.build_failure import BuildFailure, failure_sign, read_failure
from geodata.contract.errors import GeodataError
from geodata.settings import Settings
from tests.conftest import AS_OF
from tests.small_city import NEW, SmallCity, site_of


@pytest.fixture
def site(small_city: SmallCity, tmp_path: Path) -> Settings:
    boundaries = Path(shutil.copytree(small_city.boundaries, tmp_path / "boundaries"))
    return replace(site_of(small_city, tmp_path), boundaries=(boundaries,))


def build(site: Settings, *, if_changed: bool = False) -> bool:
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        return publisher.build(if_changed=if_changed)


def test_a_failed_build_leaves_a_sign_until_one_succeeds(site: Settings) -> None:
    build(site)
    assert read_failure(site.published) is None
    before = site.published.read_bytes()
    file = site.boundaries[0] / f"wards_{NEW}.gpkg"
    whole = file.read_bytes()
    file.write_bytes(b"no map")
    with pytest.raises(GeodataError) as error:
        build(site)
    failure = read_failure(site.published)
    assert failure is not None
    assert failure.failed_at.endswith("+07:00")
    assert failure.faults == tuple(fault.render("vi") for fault in error.value.faults)
    assert site.published.read_bytes() == before
    assert {path.name for path in site.published.parent.iterdir()} == {
        site.published.name,
        f"{site.published.name}.sha256",
        failure_sign(site.published).name,
    }

    file.write_bytes(whole)
    # What is published is current again, so nothing is built.
    assert not build(site, if_changed=True)
    assert read_failure(site.published) is None


def test_the_first_build_that_fails_leaves_a_sign_too(site: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nowhere = replace(site, boundaries=(tmp_path / "empty",))
    with pytest.raises(GeodataError):
        build(nowhere)
    assert read_failure(site.published) is not None
    build(site)
    assert read_failure(site.published) is None


@pytest.mark.parametrize("content", ["", "half a fi", "[]", '{"failed_at": "soon", "faults": []}'])
def test_a_sign_that_cannot_be_read_is_still_a_sign(content: str, tmp_path: Path) -> None:
    published = tmp_path / "haiphong.gpkg"
    failure_sign(published).write_text(content, encoding="utf-8")
    assert read_failure(published) == BuildFailure("", ())
