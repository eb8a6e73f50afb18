"""A disk that is full, read-only or limited, and folders with strangers in them."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from etl.publish import publishing
from etl.store.database import database_of
from etl.store.submissions import Store
from geodata.contract.build_failure import failure_sign
from geodata.contract.errors import GeodataError
from geodata.settings import ROOT
from tests.conftest import AS_OF
from tests.small_city import SmallCity, site_of


def may_mount(folder: Path) -> bool:
    """Whether a process without rights may mount a disk of its own."""
    tried = [*UNSHARED, "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    return shutil.which("unshare") is not None and not subprocess.run(tried, check=False).returncode


UNSHARED = ["unshare", "-Urm"]


def test_at_whichever_write_a_disk_refuses_nothing_is_lost_or_half_done(
    small_city: SmallCity, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    is_own = may_mount(disk)
    walk = ["-m", "tests.etl.disk_walk", f"refused,{'full' if is_own else 'large'}"]
    command = [
        *(UNSHARED if is_own else ()),
        sys.executable,
        *walk,
        str(small_city.boundaries.parent),
        str(disk),
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.stderr == ""
    [last] = done.stdout.splitlines()
    failed = int(last.split()[3])
    assert failed > 15


def test_a_full_disk_behind_the_output_is_told_without_a_traceback() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "etl.cli", "batches"]
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Lệnh đã dừng.",
        "- đầu ra chuẩn: ổ đĩa đã đầy → giải phóng chỗ trống trên ổ đĩa rồi làm lại",
    ]


def test_where_even_the_sign_cannot_be_left_the_error_says_so(small_city: SmallCity, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    site = replace(site_of(small_city, tmp_path), boundaries=(tmp_path / "empty",))
    failure_sign(site.published).mkdir(parents=True)
    with publishing(site, AS_OF, with_illustrative=False) as publisher, pytest.raises(GeodataError) as caught:
        publisher.build()
    told = [fault.render("en") for fault in caught.value.faults]
    assert len(told) == 2
    assert "is missing for every vintage" in told[0]
    assert "no sign can be left that the data are behind" in told[1]


def test_strangers_in_the_folders_are_passed_over(small_city: SmallCity, tmp_path: Path) -> None:
    boundaries = Path(shutil.copytree(small_city.boundaries, tmp_path / "boundaries"))
    site = replace(site_of(small_city, tmp_path), boundaries=(boundaries,))
    for folder in (boundaries, site.home, site.published.parent, tmp_path):
        (folder / "lost+found").mkdir(parents=True, mode=0)
        (folder / "System Volume Information").mkdir()
        (folder / ".building-x").touch()
        (folder / ".adding-x").touch()
        (folder / "Thumbs.db").write_bytes(b"x")
        (folder / "._wards_2025-07-01.gpkg").write_bytes(b"x")
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        assert publisher.build()
    with publishing(site, AS_OF, with_illustrative=False) as publisher:
        assert not publisher.build(if_changed=True)
    assert Store(database_of(site)).batches() == []
