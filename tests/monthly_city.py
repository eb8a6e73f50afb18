"""The small city with fires by month, in the boundaries of each time: noise, with gaps."""

import random
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.contract.layers import LAYERS, read_layer, write_layers
from tests.small_city import MID, NEW, OLD

MONTHS = pd.period_range("2024-03", "2025-11", freq="M")
WARDS = {
    OLD: ("00001", "00002", "00003", "00004"),
    MID: ("00001", "00003", "00004"),
    NEW: ("00001", "00002", "00003"),
}
"""Those that report."""


def vintage_of(month: pd.Period) -> str:
    """Return the boundaries in force in a month."""
    return max(vintage for vintage in WARDS if vintage <= month.start_time.date().isoformat())


def write_monthly_city(small_gpkg: Path, path: Path) -> None:
    """Write the small city's GeoPackage with these values to a path."""
    noise = random.Random(15)
    rows: list[dict[str, Any]] = [
        {
            "vintage": vintage_of(month),
            "ward_code": code,
            "indicator_code": "fires",
            "period_start": month.start_time,
            "period_end": month.end_time.normalize(),
            "value": float(noise.randrange(30)),
            "numerator": float("nan"),
            "denominator": float("nan"),
            "source": "article",
            "is_illustrative": month.year == 2024 and code == "00001",
        }
        for month in MONTHS
        for code in WARDS[vintage_of(month)]
        if noise.random() < 0.85
    ]
    layers = {name: read_layer(small_gpkg, name) for name in LAYERS}
    layers["indicator_value"] = pd.DataFrame(rows)[list(LAYERS["indicator_value"].columns)]
    write_layers(path, layers)
