"""The small city with more inspections: imported ones beside the register's, and illustrative ones.

By ward of 2020-02-01 where not said otherwise:

- An Đông, no ward of the programme: 10/6/2022 by the district's police, from the file kiem-tra.xlsx;
- Hoà Bình, the pilot ward: 23/11/2023 by the Ministry (the register), 20/5/2024 by the city's police, from
  the same file, whose row cites a report;
- illustrative: Núi Đèo on 3/3/2023, and Tây (of 2025-07-01) on 9/9/2025.
"""

from pathlib import Path

import pandas as pd

from geodata.contract.layers import LAYERS, read_layer, write_layers
from tests.small_city import NEW, OLD

BATCH = "batch-20260101-120000-ab12"

INSPECTIONS = [
    ("imported-1", OLD, "00001", "2022-06-10", "Công an quận Đông", "định kỳ", 1, 2, BATCH, False),
    (
        "imported-2",
        OLD,
        "00002",
        "2024-05-20",
        "Công an thành phố",
        "phúc tra",
        None,
        None,
        f"{BATCH}-1",
        False,
    ),
    ("illustrative-1", OLD, "00004", "2023-03-03", "Minh họa", "định kỳ", 3, 3, "illustrative", True),
    ("illustrative-2", NEW, "00002", "2025-09-09", "Minh họa", "định kỳ", 2, 3, "illustrative", True),
]

SOURCES = [
    (BATCH, "kiem-tra.xlsx", "Lan", "2026-01-01", "kiem-tra.xlsx, SHA-256 0f"),
    (f"{BATCH}-1", "Biên bản số 7", "Chưa khai báo", None, "kiem-tra.xlsx, SHA-256 0f"),
    ("illustrative", "Số liệu minh họa", "Dự án", None, None),
]


def write_inspected_city(small_gpkg: Path, path: Path) -> None:
    """Write the small city's GeoPackage with these inspections to a path."""
    layers = {name: read_layer(small_gpkg, name) for name in LAYERS}
    columns = ["inspection_id", "vintage", "ward_code", "inspection_date", "inspecting_body", "kind"]
    columns += ["criteria_met", "criteria_assessed", "source", "is_illustrative"]
    inspections = pd.DataFrame(INSPECTIONS, columns=columns)
    inspections["inspection_date"] = pd.to_datetime(inspections["inspection_date"])
    sources = pd.DataFrame(SOURCES, columns=["source_id", "title", "publisher", "published", "locator"])
    sources["published"] = pd.to_datetime(sources["published"])
    for name, rows in (("inspection", inspections), ("source", sources)):
        known = layers[name].to_dict("records")
        layers[name] = pd.DataFrame([*known, *rows.to_dict("records")], columns=list(LAYERS[name].columns))
    write_layers(path, layers)
