"""How long the import of a million indicator rows takes, from the command's start to its end.

``python -m tests.benchmarks.bench_import`` writes a csv with daily values of five indicators for every ward
of 2020, and imports it with the command that staff use, into a store and a GeoPackage of its own. Then it
imports a small file on top of it, and builds once more. The rows are noise; nothing of them is kept. Beside
the time stands the processor's, which other programs on the machine lengthen less.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import islice, product
from pathlib import Path

from etl.register.tables import read_table
from geodata.settings import ROOT, SOURCES

INDICATORS = ("crime_cases", "social_vice_cases", "traffic_accidents", "fires", "urban_order_violations")
VINTAGE = "2020-02-01"
FIRST_DAY = date(2021, 7, 1)


def write_values(path: Path, count: int, skip: int = 0) -> None:
    """Write so many rows of the template *Chỉ số*, the same ones for the same ``skip``."""
    units = read_table(SOURCES / "unit.csv")
    wards = units[(units["vintage"] == VINTAGE) & (units["ward_kind"] != "huyện")]
    names = list(zip(wards["ward_name"], wards["district_name"], strict=True))
    days = (FIRST_DAY + timedelta(days=number) for number in range((date(2025, 1, 1) - FIRST_DAY).days))
    rows = (
        [f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}", ward, district, code, (day.day + len(ward)) % 7]
        for day in days
        for (ward, district), code in product(names, INDICATORS)
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Từ ngày", "Đến ngày", "Phường/xã", "Quận/huyện", "Chỉ số", "Giá trị"])
        writer.writerows(islice(rows, skip, skip + count))


def timed(place: Path, *arguments: str) -> str:
    """Run a command of the program on a site of its own, and return how long it took."""
    environment = os.environ | {
        "PILOT_WARDS_HOME": str(place),
    }
    began, worked = time.perf_counter(), _processor_time()
    subprocess.run(
        [sys.executable, "-c", "from etl.cli import app; app()", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return f"{time.perf_counter() - began:6.1f} s ({_processor_time() - worked:.1f} s of the processor)"


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read the command line and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        large, small = place / "large.csv", place / "small.csv"
        write_values(large, arguments.rows)
        write_values(small, 100, arguments.rows)
        print(f"{timed(place, 'import', str(large))}  import {arguments.rows} rows")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"{peak / 1024:6.0f} MB of memory at most")
        print(f"{timed(place, 'import', str(small))}  import 100 rows more")
        print(f"{timed(place, 'build', '--quiet')}  build")
        print(f"{timed(place, 'build', '--quiet', '--if-changed')}  build --if-changed, nothing changed")


if __name__ == "__main__":
    main()
