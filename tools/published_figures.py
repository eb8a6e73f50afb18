"""What is published of units and wards: points, extents, areas, and which became which."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from tools.official_lists import dataset, read_mapping
from tools.official_units import without_namesakes
from tools.raster import Floats

UNITS, WARDS = "2025-01-01", "2025-07-01"
"""The vintages: *unit* means one of the first here, *ward* one of the second."""

CITY, JOINED = "31", "30"
"""Hải Phòng, and Hải Dương that joined it."""

AROUND = ("22", "24", "27", "33", "34")
"""The provinces around: Quảng Ninh, Bắc Giang, Bắc Ninh, Hưng Yên, Thái Bình."""

FILL = 0.55
"""The usual share of its extent that a unit covers: an ellipse would cover 0.79, a triangle 0.5."""

MAIN_SHARE = 0.6
"""Share of a split unit that is taken to go to its main successor, before anything is drawn."""

SMALLEST_KM2 = {"xã": 1.0, "thị trấn": 1.0, "phường": 0.15}
"""A smaller extent is that of a street or a house within the unit."""

STRAY_RADII = 2.0
"""A point further than this from its ward's, in radii of the ward, is that of another place."""


def metres(longitude: pd.Series, latitude: pd.Series) -> tuple[Floats, Floats]:
    """Return degrees as metres in EPSG:9210."""
    transformer = Transformer.from_crs(STORAGE_CRS, METRIC_CRS, always_xy=True)
    x, y = transformer.transform(longitude.to_numpy(dtype=float), latitude.to_numpy(dtype=float))
    return np.asarray(x), np.asarray(y)


def read_units(folder: Path) -> pd.DataFrame:
    """Return the units of 2025-01-01 of the city, of Hải Dương and around, from vietnamadminunits' data.

    Columns: ``province_code``, ``ward_code``, ``key`` (in the mapping), ``ward_name``, ``ward_kind``; the
    extent's ``half_width``, ``half_height`` and middle ``x``, ``y``, metres in EPSG:9210; and ``basis``:

    - ``extent``: these are of the unit's extent;
    - ``point``: the extent is that of a house or street in it; the middle is the unit's reference point;
    - ``none``: extent and point are its district's or another unit's.

    ``is_merged``: the unit took over others. Its figures are of before that, so it is larger than they tell.
    """
    provinces = (CITY, JOINED, *AROUND)
    with dataset(folder) as connection:
        rows = pd.read_sql_query(
            f"SELECT * FROM admin_units_legacy WHERE provinceCode IN ({','.join('?' * len(provinces))}) "
            "ORDER BY provinceCode, districtCode, wardCode",
            connection,
            params=provinces,
        )
    is_ward = rows["wardCode"].notna()
    bounds = rows["wardBounds"].where(is_ward, rows["districtBounds"])
    degrees = bounds.str.extract(r"([\d.]+),([\d.]+) – ([\d.]+),([\d.]+)").astype(float)
    west, south = metres(degrees[1], degrees[0])
    east, north = metres(degrees[3], degrees[2])
    point_x, point_y = metres(rows["wardLon"], rows["wardLat"])
    kind = rows["wardType"].where(is_ward, rows["districtType"]).str.lower()
    half_width, half_height = (east - west) / 2, (north - south) / 2
    is_small = 4 * half_width * half_height / 1e6 < kind.map(SMALLEST_KM2).fillna(0).to_numpy()
    units = pd.DataFrame(
        {
            "province_code": rows["provinceCode"],
            "ward_code": rows["wardCode"].where(is_ward, rows["districtCode"]),
            "key": rows["provinceKey"] + "_" + rows["districtKey"] + "_" + rows["wardKey"].fillna(""),
            "ward_name": rows["wardShort"].where(is_ward, rows["districtShort"]),
            "ward_kind": kind,
            "x": np.where(is_small, point_x, (west + east) / 2),
            "y": np.where(is_small, point_y, (south + north) / 2),
            "half_width": half_width,
            "half_height": half_height,
            "is_merged": rows["wardAlias"].fillna("[]") != "[]",
        }
    )
    is_district = is_ward & (rows["wardBounds"] == rows["districtBounds"])
    # Two units of one name, or of like names, were given the place of one of them.
    twice = is_ward & rows.duplicated(["wardLat", "wardLon"], keep=False)
    address = rows["wardGeoAddress"].fillna("").str.split(", ")
    is_own = pd.Series(
        [
            parts[:1] == [name] and district in parts
            for parts, name, district in zip(address, rows["wardShort"], rows["districtShort"], strict=True)
        ],
        index=rows.index,
    )
    basis = pd.Series("extent", index=units.index).mask(is_small, "point")
    return units.assign(basis=basis.mask(is_district | (twice & ~is_own), "none"))


def box_km2(units: pd.DataFrame) -> pd.Series:
    """Return the area of each unit's extent in km²."""
    return 4 * units["half_width"] * units["half_height"] / 1e6


def read_wards(folder: Path) -> pd.DataFrame:
    """Return the wards of 2025-07-01 from vietnamadminunits' data.

    Columns: ``ward_code``, ``key``, ``ward_name``, ``area_km2`` (official), and the point ``x``, ``y``,
    metres in EPSG:9210.
    """
    with dataset(folder) as connection:
        rows = pd.read_sql_query(
            "SELECT wardCode, wardKey, wardShort, wardAreaKm2, wardLon, wardLat FROM admin_units "
            "WHERE provinceCode = ? ORDER BY wardCode",
            connection,
            params=(CITY,),
        )
    x, y = metres(rows["wardLon"], rows["wardLat"])
    names = {"wardCode": "ward_code", "wardKey": "key", "wardShort": "ward_name", "wardAreaKm2": "area_km2"}
    return rows.rename(columns=names)[list(names.values())].assign(x=x, y=y)


def read_parts(folder: Path, units: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each unit: a row for each ward that took it over or a part of it.

    Columns: ``unit``, ``ward`` (rows of the frames given; ward -1 for a unit of another province) and
    ``is_main`` (the unit went there whole, or the package's mapping prefers this successor).
    """
    divided = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    others = {
        (old, part["newWardKey"])
        for old, successors in divided["DICT_PROVINCE_WARD_DIVIDED"]["thanhphohaiphong"].items()
        for part in successors
        if not part["isDefaultNewWard"]
    }
    mapping = without_namesakes(read_mapping(folder))
    is_other = [pair in others for pair in zip(mapping["from_key"], mapping["to_key"], strict=True)]
    # A unit whose successors were put right may have lost the preferred one: the first stands for it.
    order = mapping.assign(is_other=is_other).sort_values(["is_other", "to_key"], kind="stable")
    order = order.assign(is_main=~order.duplicated("from_key"))
    rows = (
        units.reset_index(names="unit")[["unit", "key"]]
        .merge(order, left_on="key", right_on="from_key", how="left", validate="one_to_many")
        .merge(
            wards.reset_index(names="ward")[["ward", "key"]],
            left_on="to_key",
            right_on="key",
            how="left",
            validate="many_to_one",
        )
    )
    parts = rows[["unit", "ward", "is_main"]].sort_values(["unit", "ward"], ignore_index=True)
    return parts.assign(
        ward=parts["ward"].fillna(-1).astype(int), is_main=parts["is_main"].fillna(True).astype(bool)
    )


def swapped_points(units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame) -> list[tuple[int, int]]:
    """Return pairs of wards whose points the package confuses.

    Its mapping prefers the successor whose point is nearer. If of two split units each goes by preference
    to the namesake of the other rather than to its own, the points of these two wards are exchanged: Gia Lộc
    and Gia Phúc.
    """
    split = parts[parts.duplicated("unit", keep=False)]
    main = split[split["is_main"]].set_index("unit")["ward"]
    is_namesake = units["ward_name"].reindex(split["unit"]).to_numpy() == (
        wards["ward_name"].reindex(split["ward"]).to_numpy()
    )
    passed_over = split[is_namesake & ~split["is_main"]]
    pairs = set(zip(passed_over["ward"], main.reindex(passed_over["unit"]), strict=True))
    return sorted((one, other) for one, other in pairs if one < other and (other, one) in pairs)


def with_points_exchanged(
    wards: pd.DataFrame, parts: pd.DataFrame, pairs: Sequence[tuple[int, int]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return wards and parts with the points of each pair, and the preference between the two, exchanged."""
    wards, parts = wards.copy(), parts.copy()
    for one, other in pairs:
        wards.loc[[one, other], ["x", "y"]] = wards.loc[[other, one], ["x", "y"]].to_numpy()
        both = parts[parts["ward"].isin([one, other])]
        both = both[both.duplicated("unit", keep=False)]
        for _, rows in both.groupby("unit"):
            parts.loc[rows.index, "is_main"] = rows["is_main"].to_numpy()[::-1]
    return wards, parts


def shares(parts: pd.DataFrame) -> pd.Series:
    """Return the share of its unit that each part is taken to be, before anything is drawn."""
    count = parts.groupby("unit")["ward"].transform("size")
    other = (1 - MAIN_SHARE) / (count - 1).clip(lower=1)
    return other.where(~parts["is_main"], MAIN_SHARE).where(count > 1, 1.0)


def without_strays(units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the units with no point taken for theirs that lies in another place than their main ward."""
    main = parts[parts["is_main"] & (parts["ward"] >= 0)].set_index("unit")["ward"]
    points = units.loc[units["basis"] == "point", ["x", "y"]].join(main, how="inner")
    ward = wards.loc[points["ward"]].set_axis(points.index)
    radii = np.hypot(points["x"] - ward["x"], points["y"] - ward["y"]) / radius_m(ward)
    return units.assign(basis=units["basis"].mask(units.index.isin(radii.index[radii > STRAY_RADII]), "none"))


def radius_m(wards: pd.DataFrame) -> pd.Series:
    """Return the radius in metres of a circle of each ward's official area."""
    radius: pd.Series = np.sqrt(wards["area_km2"] * 1e6 / np.pi)
    return radius


def placed(units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the units with an extent each, and ``area_km2`` where their own extent tells it.

    A unit without a useful extent gets a square one, for the area that is left of its main ward's official
    area, shared among such units. It lies around the unit's point; or, where there is none, so that all
    units of the ward together have the ward's point in their middle, though not further from that point
    than the radius of the ward. Several such units of one ward stand in one place: only the ward is drawn.
    """
    has_extent = units["basis"] == "extent"
    told = (FILL * box_km2(units)).where(has_extent)
    inside = parts[parts["ward"] >= 0].assign(share=shares(parts))
    inside = inside.assign(basis=inside["unit"].map(units["basis"]), area=inside["unit"].map(told))
    left = wards["area_km2"] - (inside["area"] * inside["share"]).groupby(inside["ward"]).sum()
    vague = inside[(inside["basis"] != "extent") & inside["is_main"]]
    guessed = vague["ward"].map(left) / vague.groupby("ward")["unit"].transform("size")
    least = vague["unit"].map(units["ward_kind"]).map(SMALLEST_KM2)
    area = told.fillna(guessed.clip(lower=least).set_axis(vague["unit"]))

    middle = units[["x", "y"]].copy()
    for ward, rows in vague[vague["basis"] == "none"].groupby("ward"):
        own = rows["unit"]
        rest = inside[(inside["ward"] == ward) & (inside["basis"] != "none")]
        weight = (rest["unit"].map(area) * rest["share"]).to_numpy()
        point = wards.loc[ward, ["x", "y"]].to_numpy(dtype=float)
        offset = -weight @ (units.loc[rest["unit"], ["x", "y"]].to_numpy() - point) / area[own].sum()
        radius = radius_m(wards.loc[[ward]]).iloc[0]
        middle.loc[own] = point + offset * min(1.0, radius / max(float(np.hypot(*offset)), 1.0))
        area[own] = area[own].sum()
    half = np.sqrt(area * 1e6 / FILL) / 2
    return units.assign(
        x=middle["x"],
        y=middle["y"],
        half_width=units["half_width"].where(has_extent, half),
        half_height=units["half_height"].where(has_extent, half),
        area_km2=told,
    )
