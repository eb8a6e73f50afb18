"""Where an installation keeps its files: named by the environment, else in one home; nothing old is lost."""

import os
from pathlib import Path

import pytest

import geodata.settings
from geodata.settings import settings


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a program on a machine that names nothing."""
    for name in [name for name in os.environ if name.startswith("PILOT_WARDS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(geodata.settings, "ROOT", tmp_path / "program")
    monkeypatch.setattr(geodata.settings, "SOURCES", tmp_path / "program" / "geodata" / "sources")
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    return tmp_path / "program"


def test_a_checkout_keeps_its_files_in_var_and_a_wheel_with_its_user(tree: Path, tmp_path: Path) -> None:
    assert settings().home == tmp_path / "user" / ".local" / "share" / "pilot-wards"
    tree.mkdir()
    (tree / "pyproject.toml").touch()
    assert settings().home == tree / "var"
    assert settings().published == tree / "var" / "built" / "haiphong.gpkg"
    assert settings().network == tree / "var" / "built" / "network.npz"


def test_what_an_earlier_version_kept_in_the_source_tree_is_used_as_long_as_it_is_there(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [tree / "geodata" / name for name in ("batches", "built", "sources/boundaries")]
    for folder in before:
        folder.mkdir(parents=True)
    kept = settings()
    assert [kept.store, kept.published.parent, kept.user_boundaries] == before
    assert kept.boundaries[0] == before[2]
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "home"))
    moved = settings()
    assert {moved.store.parent, moved.published.parent.parent, moved.user_boundaries.parent} == {moved.home}


def test_folders_that_are_named_come_after_the_adopted_and_before_the_shipped_boundaries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path))
    monkeypatch.setenv("PILOT_WARDS_BOUNDARIES", f"/a{os.pathsep}{os.pathsep}/b")
    assert settings().boundaries == (Path("/a"), Path("/b"), geodata.settings.SHIPPED_BOUNDARIES)
    (tmp_path / "boundaries").mkdir()
    assert settings().boundaries[0] == tmp_path / "boundaries"


def test_what_the_wall_shows_is_read_from_the_home_where_it_holds_the_file(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path))
    assert settings().wall == tree / "geodata" / "sources" / "wall.toml"
    (tmp_path / "wall.toml").touch()
    assert settings().wall == tmp_path / "wall.toml"
