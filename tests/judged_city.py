"""The inspected small city with results of single criteria, recommendations, and an event's plan with gaps.

Results by set v1, of three criteria:

- Hoà Bình, 23/11/2023: met, met, not met; 20/5/2024: met, not assessed, and nothing known of the third;
- Núi Đèo, 3/3/2023, illustrative: all met; An Đông, 10/6/2022: none of single criteria.

The plan of the conference of 12/9/2022 has two sites of nine cells: Thủy Tây, of which one is done, one
assigned and one planned, and a hall without address, of which one is assigned. Some texts would be markup or
formulas.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from geodata.contract.layers import LAYERS, read_layer, write_layers
from tests.inspected_city import BATCH

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"

RESULTS = [
    ("2023-11-23-00002", "01", "met", False),
    ("2023-11-23-00002", "02", "met", False),
    ("2023-11-23-00002", "03", "not_met", False),
    ("imported-2", "01", "met", False),
    ("imported-2", "02", "not_assessed", False),
    *(("illustrative-1", code, "met", True) for code in ("01", "02", "03")),
]

RECOMMENDATIONS = [
    ("r1", "2023-11-23-00002", f"Xây trụ sở {MARKUP}", FORMULA, "2024-06-30", "open", False),
    ("r2", "imported-2", "Lắp máy lấy số", "Công an thành phố", "2026-06-30", "in_progress", False),
    ("r3", "imported-2", "Niêm yết thủ tục", "Công an thành phố", "2024-07-01", "done", False),
    ("r4", "imported-1", "Kiện toàn ban chỉ đạo", None, None, None, False),
    ("r5", "illustrative-1", "Minh họa", "Minh họa", "2023-06-01", "open", True),
]


def write_judged_city(inspected_gpkg: Path, path: Path) -> None:
    """Write the inspected city's GeoPackage with these results to a path."""
    layers: dict[str, Any] = {name: read_layer(inspected_gpkg, name) for name in LAYERS}
    inspection = layers["inspection"].set_index("inspection_id")
    inspection.loc["imported-1", ["inspecting_body", "verdict"]] = [MARKUP, FORMULA]
    inspection.loc[["imported-2", "illustrative-1"], "criteria_set"] = "v1"
    layers["inspection"] = inspection.reset_index()
    results = pd.DataFrame(RESULTS, columns=["inspection_id", "criterion_code", "result", "is_illustrative"])
    layers["criterion_result"] = results.assign(source=BATCH)
    columns = [
        "recommendation_id",
        "inspection_id",
        "text",
        "owner_unit",
        "due_date",
        "state",
        "is_illustrative",
    ]
    recommended = pd.DataFrame(RECOMMENDATIONS, columns=columns)
    layers["recommendation"] = recommended.assign(
        due_date=pd.to_datetime(recommended["due_date"]), category=None, source=BATCH
    )
    hall = {
        "event_id": "review-2022",
        "site": f"Hội trường {MARKUP}",
        "phase": "before",
        "field": "PCCC",
        "unit": FORMULA,
        "state": "assigned",
        "note": MARKUP,
        "source": "article",
    }
    milestone = {
        "event_id": "milestone-2024",
        "event_date": pd.Timestamp("2024-01-05"),
        "scope": "national",
        "event_name": f"Ban hành kế hoạch {MARKUP}",
        "event_name_en": "A plan is issued",
        "source": "article",
    }
    for name, row in (("event_task", hall), ("event", milestone)):
        rows = [*layers[name].to_dict("records"), row]
        layers[name] = pd.DataFrame(rows, columns=list(LAYERS[name].columns))
    write_layers(path, layers)
