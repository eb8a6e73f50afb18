"""A short run of the long tests: kills amid an import, and two imports at once."""

import multiprocessing
from pathlib import Path

from tests.small_city import SmallCity, site_of
from tests.soak.kill import batches_of, published_batches, soak
from tests.soak.one_import import import_file, write_workbook


def test_a_killed_import_leaves_store_and_geopackage_before_or_after_and_never_between(
    tmp_path: Path,
) -> None:
    outcomes = soak(tmp_path, count=3, seed=3)
    assert sum(number for trial, number in outcomes.items() if trial.was_killed) == 3


def test_two_imports_at_once_both_end_up_in(small_city: SmallCity, tmp_path: Path) -> None:
    site = site_of(small_city, tmp_path)
    processes = []
    for number in (1, 2):
        path = tmp_path / f"{number}.xlsx"
        write_workbook(path, number)
        processes.append(
            multiprocessing.get_context("forkserver").Process(target=import_file, args=(site, path))
        )
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    names = {batch.file for batch in batches_of(site)}
    assert names == {"1.xlsx", "2.xlsx"}
    assert len(published_batches(site)) == 2
