"""How long the import of a million indicator rows takes, from the command's start to its end.

``python -m tests.benchmarks.bench_import`` writes a csv with daily values of five indicators for every ward
of 2020, and imports it with the command that staff use, into a store and a GeoPackage of its own: in turn
with the file read in the command's own process, and in another as staff have it. Then it imports a small
file on top of it, and builds once more. The rows are noise; nothing of them is kept. Beside the time stands
the processor's, which other programs on the machine lengthen less. The memory is of all processes together.
"""

import argparse
import csv
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
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


PLAIN = "from etl.cli import app; app()"
UNCONFINED = f"import etl.spreadsheets.importing as i; i.opened_workbook = i.read_workbook; {PLAIN}"
SAMPLED_S = 0.05


@dataclass(frozen=True)
class Measured:
    """What a command took: seconds by the clock and of processors, and bytes at most."""

    seconds: float
    processor_s: float
    peak: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.1f} s ({self.processor_s:.1f} s of the processor, {self.peak >> 20} MB at most)"
        )


def measured(place: Path, *arguments: str, program: str = PLAIN) -> Measured:
    """Run a command of the program on a site of its own, and return what it took."""
    began, worked = time.perf_counter(), _processor_time()
    peak = 0
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=os.environ | {"PILOT_WARDS_HOME": str(place)},
        stdout=subprocess.DEVNULL,
    ) as command:
        while command.poll() is None:
            peak = max(peak, sum(map(_memory, _family(command.pid))))
            time.sleep(SAMPLED_S)
    assert command.returncode == 0
    return Measured(time.perf_counter() - began, _processor_time() - worked, peak)


def _family(process: int) -> list[int]:
    """Return a process with all that it started, and those that these started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [process, *(one for child in children for one in _family(int(child)))]


def _memory(process: int) -> int:
    """Return the bytes that a process has in memory, of what it shares with others its part."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^Pss: +(\d+) kB", told, re.M)
    return int(found[1]) << 10 if found else 0


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read the command line and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.csv"), Path(folder, "small.csv")
        write_values(large, arguments.rows)
        write_values(small, 100, arguments.rows)
        took: dict[str, list[Measured]] = {PLAIN: [], UNCONFINED: []}
        for turn in range(arguments.turns):
            for program, of in took.items():
                place = Path(folder, f"{turn}-{len(of)}-{program == PLAIN}")
                of.append(measured(place, "import", str(large), program=program))
                how = "in a process of its own" if program == PLAIN else "read by the command itself"
                print(f"{of[-1]}  import {arguments.rows} rows, {how}", flush=True)
                if turn < arguments.turns - 1 or program == UNCONFINED:
                    shutil.rmtree(place)
        place = Path(folder, f"{arguments.turns - 1}-{arguments.turns - 1}-True")
        for name in ("seconds", "processor_s", "peak"):
            own, plain = (min(getattr(one, name) for one in took[key]) for key in (PLAIN, UNCONFINED))
            print(f"{own / plain:6.2f} times the {name} of reading by the command itself")
        print(f"{measured(place, 'import', str(small))}  import 100 rows more")
        print(f"{measured(place, 'build', '--quiet')}  build")
        print(f"{measured(place, 'build', '--quiet', '--if-changed')}  build --if-changed, nothing changed")


if __name__ == "__main__":
    main()
