"""The inspected city with indicators of one ward, and with text that would be markup or a formula.

Of Thủy Tây (00003 of 2020-02-01, split 75 : 25 in 2025), all from the article:

- fires: in month m of 2022 m cases, March not reported; in month m of 2023 twice m;
- satisfaction: 80 of 100 in December 2022, 90 of 100 in December 2023;
- fire safety teams: 5 at the end of June 2023, and no other report.

It was inspected on 5/5/2023, with two recommendations. Of Núi Đèo illustrative fires: 3 in May 2023.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from geodata.contract.layers import LAYERS, read_layer, write_layers
from tests.small_city import OLD

SCRIPT = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"


def indicator_rows() -> list[dict[str, object]]:
    """Return the rows of the layer ``indicator_value``."""
    found = [
        _row("fires", year, month, month * times, code="00003")
        for year, times in ((2022, 1), (2023, 2))
        for month in range(1, 13)
        if (year, month) != (2022, 3)
    ]
    for year, part in ((2022, 80), (2023, 90)):
        found.append(_row("satisfaction_pct", year, 12, part) | {"numerator": part, "denominator": 100})
    found.append(_row("fire_safety_teams", 2023, 6, 5))
    found.append(
        _row("fires", 2023, 5, 3, code="00004") | {"source": "illustrative", "is_illustrative": True}
    )
    return found


def _row(indicator: str, year: int, month: int, value: float, code: str = "00003") -> dict[str, object]:
    start = pd.Timestamp(year, month, 1)
    return {
        "vintage": OLD,
        "ward_code": code,
        "indicator_code": indicator,
        "period_start": start,
        "period_end": start + pd.offsets.MonthEnd(0),
        "value": float(value),
        "source": "article",
        "is_illustrative": False,
    }


def write_ward_city(inspected_gpkg: Path, path: Path) -> None:
    """Write the inspected city's GeoPackage with all this to a path."""
    layers = {name: read_layer(inspected_gpkg, name) for name in LAYERS}
    inspection = {
        "inspection_id": "hostile",
        "vintage": OLD,
        "ward_code": "00003",
        "inspection_date": pd.Timestamp("2023-05-05"),
        "inspecting_body": FORMULA,
        "kind": "định kỳ",
        "verdict": SCRIPT,
        "criteria_set": "v1",
        "criteria_met": 2,
        "criteria_assessed": 3,
        "source": "article",
        "is_illustrative": False,
    }
    advice = [
        {
            "recommendation_id": f"hostile-{state}",
            "inspection_id": "hostile",
            "text": f"{state} {SCRIPT}",
            "owner_unit": FORMULA,
            "due_date": pd.Timestamp("2023-08-01"),
            "state": state,
            "source": "article",
            "is_illustrative": False,
        }
        for state in ("open", "done")
    ]
    added: dict[str, list[Any]] = {
        "inspection": [inspection],
        "recommendation": advice,
        "indicator_value": indicator_rows(),
    }
    for name, rows in added.items():
        known: list[Any] = layers[name].to_dict("records")
        layers[name] = pd.DataFrame([*known, *rows], columns=list(LAYERS[name].columns))
    for name in ("ward", "ward_summary"):
        frame = layers[name]
        is_hostile = (frame["vintage"] == OLD) & (frame["ward_code"] == "00002")
        layers[name] = frame.assign(ward_name=frame["ward_name"].mask(is_hostile, SCRIPT))
    write_layers(path, layers)
