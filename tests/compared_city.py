"""The small city with indicator values, few enough to work out every figure by hand.

Fires of 2020-02-01, each of a whole year, per ward:

| | An Đông | Hòa Bình | Thủy Tây | Núi Đèo |
|---|---|---|---|---|
| 2022 | 10 | 10 | 10 | |
| 2023 | 120 | 0 | 110 | |
| 2024 | 30 | 40 | 80 | 20 (illustrative) |
| residents | 1.000 | 1.500 | 2.000 | 800 |

Residents who are satisfied, 2024: An Đông 80 of 100, Hòa Bình 45 of 50.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.contract.layers import LAYERS, read_layer, write_layers
from tests.small_city import OLD

FIRES = [
    ("00001", 2022, 10, False),
    ("00002", 2022, 10, False),
    ("00003", 2022, 10, False),
    ("00001", 2023, 120, False),
    ("00002", 2023, 0, False),
    ("00003", 2023, 110, False),
    ("00001", 2024, 30, False),
    ("00002", 2024, 40, False),
    ("00003", 2024, 80, False),
    ("00004", 2024, 20, True),
]
SATISFIED = [("00001", 80, 100), ("00002", 45, 50)]

SCRIPT, FORMULA = "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0"


def write_compared_city(small_gpkg: Path, path: Path, *, is_hostile: bool = False) -> None:
    """Write the small city's GeoPackage with these values to a path.

    Parameters
    ----------
    small_gpkg
        The small city.
    path
        Where it goes.
    is_hostile
        Quận Đông and its ward An Đông bear names that a browser or a spreadsheet would run.
    """
    layers = {name: read_layer(small_gpkg, name) for name in LAYERS}
    rows = [
        (code, "fires", year, float(count), float("nan"), float("nan"), is_illustrative)
        for code, year, count, is_illustrative in FIRES
    ]
    rows += [
        (code, "satisfaction_pct", 2024, 100 * part / whole, float(part), float(whole), False)
        for code, part, whole in SATISFIED
    ]
    columns = ["ward_code", "indicator_code", "year", "value", "numerator", "denominator", "is_illustrative"]
    values = pd.DataFrame(rows, columns=columns)
    values = values.assign(
        vintage=OLD,
        period_start=pd.to_datetime(values["year"].astype(str) + "-01-01"),
        period_end=pd.to_datetime(values["year"].astype(str) + "-12-31"),
        source="article",
    )
    layers["indicator_value"] = values[list(LAYERS["indicator_value"].columns)]
    if is_hostile:
        for name in ("ward", "ward_summary", "district"):
            layers[name] = _renamed(layers[name])
    write_layers(path, layers)


def _renamed(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    is_district = layer["district_code"].eq("901").fillna(False).astype("bool")
    layer = layer.assign(district_name=layer["district_name"].mask(is_district, FORMULA))
    if "ward_name" not in layer:
        return layer
    is_ward = layer["ward_code"].eq("00001") & layer["vintage"].eq(OLD)
    return layer.assign(ward_name=layer["ward_name"].mask(is_ward, SCRIPT))
