"""Whether the published file is as it was published: its checksum, and the contract where there is none."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from geodata.contract.checksum import checksum_file
from geodata.contract.errors import SourceError
from geodata.contract.standing import is_proven, read_published


@pytest.fixture
def published(small_gpkg: Path, tmp_path: Path) -> Path:
    """Return a copy of the small city with its checksum."""
    path = tmp_path / "haiphong.gpkg"
    shutil.copyfile(small_gpkg, path)
    shutil.copyfile(checksum_file(small_gpkg), checksum_file(path))
    return path


def damage(path: Path, at: int = 50_000) -> None:
    """Change a byte of a file, and its time of change even where the clock is coarse."""
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.write_bytes(content)
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1))


def told(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        is_proven(path)
    return caught.value.faults[0].render("en")


def test_the_checksum_is_one_that_others_read(published: Path) -> None:
    checked = subprocess.run(
        ["sha256sum", "-c", f"{published.name}.sha256"], cwd=published.parent, check=False
    )
    assert checked.returncode == 0
    assert is_proven(published)


def test_bytes_that_changed_in_place_are_damage_until_they_are_as_before(published: Path) -> None:
    assert is_proven(published)
    whole = published.read_bytes()
    damage(published)
    assert told(published) == (
        "haiphong.gpkg: is damaged: it is not as it was published → “pilot-wards build” makes it anew; "
        "nothing that was imported is lost"
    )
    with pytest.raises(SourceError):
        read_published(published, "ward")
    published.write_bytes(whole)
    assert is_proven(published)
    checksum_file(published).write_text("no sum", encoding="utf-8")
    assert "is damaged" in told(published)


@pytest.mark.parametrize("has_checksum", [True, False])
def test_a_layer_that_is_lost_is_damage_with_a_checksum_and_without(
    published: Path, has_checksum: bool
) -> None:
    with closing(sqlite3.connect(published)) as file, file:
        file.execute("DROP TABLE inspection")
        file.execute("DELETE FROM gpkg_contents WHERE table_name = 'inspection'")
    if not has_checksum:
        checksum_file(published).unlink()
    assert ("it is not as it was" if has_checksum else "it lacks inspection") in told(published)


def test_without_a_checksum_the_contract_has_to_hold(published: Path) -> None:
    checksum_file(published).unlink()
    assert not is_proven(published)
    with closing(sqlite3.connect(published)) as file, file:
        file.execute("UPDATE indicator SET direction = 'sideways'")
    assert "it breaks the contract of its layers" in told(published)


def test_a_file_that_is_cut_off_or_none_is_told(published: Path) -> None:
    for has_checksum in (True, False):
        if not has_checksum:
            checksum_file(published).unlink()
        os.truncate(published, 30_000)
        assert "is damaged" in told(published)
    published.unlink()
    assert "is missing" in told(published)
