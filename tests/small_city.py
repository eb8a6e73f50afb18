"""A city small enough to check by hand: squares of 1 km, three vintages, and a register of the programme.

All of it is made up; it stands inside Hải Phòng's bounds because the build checks them. Distances are
km east and north of one corner, drawn in EPSG:9210::

    2020-02-01                                   2025-07-01
                                                 +-----+
                                                 |Bắc  |  no old ward lies under it
    +-----+-----+-----+-----+                    +-----+-----+----+------+
    |An   |Hoà  |Thủy |Núi  |   +-----+          |Đông       |Tây |Núi   |
    |Đông |Bình |Tây  |Đèo  |   |Hòn  |          |           |    |Đèo   |
    |00001|00002|00003|00004|   |Vọng |          |00001      |0002|00003 |
    +-----+-----+-----+-----+   +-----+          +-----------+----+------+
    0     1     2     3     4   6     7          0           2   2,75    4

There is no file of the vintage between the two, 2025-01-01. Its units follow from the official lists: Đông
(00001), which An Đông and Hoà Bình were joined into, and the others as they were, under their codes.

- merge: An Đông and Hoà Bình (a pilot ward) became Đông, on 2025-01-01;
- split: Thủy Tây (a visit site) went 75 : 25 to Tây and Núi Đèo, on 2025-07-01;
- reused codes: 00002 was Hoà Bình and is Tây now, 00003 was Thủy Tây and is Núi Đèo now;
- no match: Hòn Vọng, an island without ward code or last successor, and Bắc, which has no predecessor;
- the name Núi Đèo occurs in all vintages, in the last one for another area;
- the file of 2020-02-01 spells Hoà Bình, the official list Hòa Bình.
"""

import csv
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.settings import Settings, settings

OLD = "2020-02-01"
MID = "2025-01-01"
NEW = "2025-07-01"

CORNER = (594_000, 2_306_000)
"""South-west corner of the city in EPSG:9210, metres."""


@dataclass(frozen=True)
class SmallCity:
    """The folders of the small city: what a build takes as its input."""

    boundaries: Path
    sources: Path


def site_of(city: SmallCity, folder: Path) -> Settings:
    """Return an installation in an empty folder that builds the small city and knows of nothing else."""
    return replace(
        settings().publishing_to(folder / "built" / "city.gpkg"),
        boundaries=(city.boundaries,),
        sources=city.sources,
        home=folder / "home",
        database="",
        store=folder / "batches",
        state=folder / "state.json",
    )


def box(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    """Return a rectangle in EPSG:9210; its sides are given in km from the city's corner."""
    x, y = CORNER
    return shapely.MultiPolygon(
        [shapely.box(x + west * 1000, y + south * 1000, x + east * 1000, y + north * 1000)]
    )


def old_wards() -> gpd.GeoDataFrame:
    """Return the wards of 2020-02-01 in EPSG:4326, in the columns of the public file of that vintage."""
    rows = [
        ("00001", "Phường An Đông", "An Đông", "901", "Quận Đông", 1000, 1.0, box(0, 0, 1, 1)),
        ("00002", "Phường Hoà Bình", "Hoà Bình", "901", "Quận Đông", 1500, 1.0, box(1, 0, 2, 1)),
        ("00003", "Xã Thủy Tây", "Thủy Tây", "902", "Huyện Tây", 2000, 1.0, box(2, 0, 3, 1)),
        ("00004", "Thị trấn Núi Đèo", "Núi Đèo", "902", "Huyện Tây", 800, 1.0, box(3, 0, 4, 1)),
        (None, "Huyện đảo Hòn Vọng", "đảo Hòn Vọng", "903", "Huyện Hòn Vọng", 100, 1.0, box(6, 0, 7, 1)),
    ]
    columns = [
        "gso_code",
        "ward",
        "ward_name",
        "district_code",
        "district",
        "pop_2019",
        "area_km2",
        "geometry",
    ]
    return gpd.GeoDataFrame(rows, columns=columns, crs=METRIC_CRS).to_crs(STORAGE_CRS)


def new_wards() -> gpd.GeoDataFrame:
    """Return the wards of 2025-07-01 in EPSG:4326, in the columns of the public file of that vintage.

    Bắc's official area is larger than its outline, as where the official figure counts water.
    """
    rows = [
        ("00001", "Phường Đông", "Đông", "Dong", "phường", 2600, 2.0, 2.0, box(0, 0, 2, 1)),
        ("00002", "Xã Tây", "Tây", "Tay", "xã", 1600, 0.75, 0.75, box(2, 0, 2.75, 1)),
        ("00003", "Xã Núi Đèo", "Núi Đèo", "Nui Deo", "xã", 1400, 1.25, 1.25, box(2.75, 0, 4, 1)),
        ("00005", "Phường Bắc", "Bắc", "Bac", "phường", 500, 1.2, 1.0, box(0, 1, 1, 2)),
    ]
    columns = ["gso_code", "ward", "ward_name", "name_en", "loai", "population_2025", "area_km2_official",
               "area_km2_geom", "geometry"]  # fmt: skip
    wards = gpd.GeoDataFrame(rows, columns=columns, crs=METRIC_CRS).to_crs(STORAGE_CRS)
    return wards.assign(admin_centre="", predecessors="")


REGISTER: dict[str, list[dict[str, str]]] = {
    "source": [
        {
            "source_id": "article",
            "title": "Bài báo về thí điểm",
            "publisher": "Báo",
            "published": "2023-11-24",
            "licence": "",
            "redistribution": "",
            "locator": "1",
            "url": "",
        },
        {
            "source_id": "outlines",
            "title": "Ranh giới phường, xã",
            "publisher": "Cơ quan bản đồ",
            "published": "",
            "licence": "MIT",
            "redistribution": "allowed",
            "locator": "",
            "url": "",
        },
    ],
    "event": [
        {
            "event_id": "review-2022",
            "event_date": "2022-09-12",
            "scope": "city",
            "event_name": "Hội nghị sơ kết",
            "event_name_en": "Review conference",
            "place": "Hội trường",
            "is_plan_complete": "true",
            "source": "article",
        }
    ],
    "event_task": [
        {
            "event_id": "review-2022",
            "site": "Thủy Tây",
            "vintage": OLD,
            "ward_code": "00003",
            "phase": phase,
            "field": "ANTT",
            "unit": "Công an huyện Tây",
            "state": state,
            "note": "",
            "source": "article",
        }
        for phase, state in (("before", "done"), ("during", "assigned"), ("after", "planned"))
    ],
    "pilot_status": [
        {
            "vintage": OLD,
            "ward_code": code,
            "valid_from": valid_from,
            "valid_from_precision": "day",
            "role": role,
            "stage": stage,
            "period": period,
            "decision_number": "",
            "note": "",
            "source": "article",
        }
        for code, valid_from, role, stage, period in (
            ("00002", "2021-03-17", "pilot", "building", "2021–2023"),
            ("00002", "2023-11-23", "pilot", "inspected", "2021–2023"),
            ("00003", "2022-09-12", "visit_site", "", "2022"),
        )
    ],
    "inspection_round": [
        {
            "round_id": "2023-11-23",
            "round_date": "2023-11-23",
            "inspecting_body": "Bộ Công an",
            "verdict": "Thành phố triển khai đúng tiến độ",
            "source": "article",
        }
    ],
    "inspection": [
        {
            "inspection_id": "2023-11-23-00002",
            "round_id": "2023-11-23",
            "vintage": OLD,
            "ward_code": "00002",
            "inspection_date": "2023-11-23",
            "inspecting_body": "Bộ Công an",
            "kind": "thực địa",
            "verdict": "Đạt yêu cầu",
            "criteria_set": "v1",
            "criteria_met": "2",
            "criteria_assessed": "3",
            "classification": "",
            "source": "article",
            "is_illustrative": "false",
        }
    ],
    "target": [
        {
            "target_id": "all-wards-2030",
            "scope": "national",
            "target_name": "Công an phường đạt chuẩn",
            "target_name_en": "Ward police that meet the model",
            "value": "100",
            "unit": "%",
            "due_date": "2030-12-31",
            "due_date_precision": "year",
            "note": "",
            "source": "article",
        },
        {
            "target_id": "city",
            "scope": "city",
            "target_name": "Mục tiêu của thành phố",
            "target_name_en": "The city's target",
            "value": "",
            "unit": "",
            "due_date": "",
            "due_date_precision": "",
            "note": "",
            "source": "",
        },
    ],
    "fact": [
        {
            "fact_id": "five-cities",
            "fact_date": "2021-03-17",
            "scope": "national",
            "fact": "Năm thành phố thí điểm",
            "fact_en": "Five cities take part",
            "pages": "overview ward",
            "wards": f"{OLD}/00002",
            "source": "article",
        }
    ],
    "criteria_set": [
        {
            "criteria_set": "v1",
            "criteria_set_name": "Bộ tiêu chí 1",
            "instrument": "Quyết định 1",
            "valid_from": "2021-07-13",
            "criteria_count": "3",
            "source": "article",
        }
    ],
    "criterion": [
        {
            "criteria_set": "v1",
            "criterion_code": f"{number:02}",
            "criterion_name": f"Tiêu chí {number}",
            "is_name_official": "false",
            "source": "",
        }
        for number in (1, 2, 3)
    ],
    "indicator": [
        {
            "indicator_code": code,
            "indicator_name": name,
            "indicator_name_en": name_en,
            "unit": unit,
            "direction": direction,
            "kind": kind,
            "adds_up": adds_up,
        }
        for code, name, name_en, unit, direction, kind, adds_up in (
            ("criteria_met", "Số tiêu chí đạt", "Criteria met", "tiêu chí", "higher", "level", "false"),
            ("fires", "Vụ cháy, nổ", "Fires", "vụ", "lower", "count", "true"),
            ("fire_safety_teams", "Tổ liên gia", "Fire safety teams", "tổ", "higher", "level", "true"),
            ("headquarters_ready_pct", "Tiến độ trụ sở", "Headquarters", "%", "higher", "level", "false"),
            ("satisfaction_pct", "Tỷ lệ hài lòng", "Satisfied", "%", "higher", "share", "false"),
        )
    ],
    "itinerary_case": [
        {
            "case_id": "visit-2022",
            "visit_date": "2022-09-12",
            "case_name": "Đại biểu tham quan hai nơi",
            "case_name_en": "Delegates visit two places",
            "start_name": "Hội trường",
            "delegates": "100",
            "depart": "08:00",
            "service_min": "30",
            "vehicle_seats": "45",
            "is_schedule_assumed": "true",
            "is_day_assumed": "true",
            "note": "",
            "source": "article",
        }
    ],
    "itinerary_case_stop": [
        {
            "case_id": "visit-2022",
            "stop_number": number,
            "vintage": OLD,
            "ward_code": code,
            "source": "article",
        }
        for number, code in (("1", "00003"), ("2", "00004"))
    ],
    "official_successor": [
        {
            "from_vintage": OLD,
            "from_ward_code": from_code,
            "to_vintage": NEW,
            "to_ward_code": to_code,
            "source": "article",
        }
        for from_code, to_code in (("00002", "00001"), ("00003", "00002"), ("00003", "00003"))
    ],
    "unit": [
        {
            "vintage": vintage,
            "ward_code": code,
            "ward_name": name,
            "ward_kind": kind,
            "district_code": district_code,
            "district_name": district_name,
            "valid_from": vintage,
            "valid_to": {OLD: "2024-12-31", MID: "2025-06-30", NEW: ""}[vintage],
            "instrument": "1/NQ",
            "source": "article",
        }
        for vintage, code, name, kind, district_code, district_name in (
            (OLD, "00001", "An Đông", "phường", "901", "Quận Đông"),
            (OLD, "00002", "Hòa Bình", "phường", "901", "Quận Đông"),
            (OLD, "00003", "Thủy Tây", "xã", "902", "Huyện Tây"),
            (OLD, "00004", "Núi Đèo", "thị trấn", "902", "Huyện Tây"),
            (OLD, "903", "Hòn Vọng", "huyện", "903", "Huyện Hòn Vọng"),
            (MID, "00001", "Đông", "phường", "901", "Quận Đông"),
            (MID, "00003", "Thủy Tây", "xã", "902", "Huyện Tây"),
            (MID, "00004", "Núi Đèo", "thị trấn", "902", "Huyện Tây"),
            (MID, "903", "Hòn Vọng", "huyện", "903", "Huyện Hòn Vọng"),
            (NEW, "00001", "Đông", "phường", "", ""),
            (NEW, "00002", "Tây", "xã", "", ""),
            (NEW, "00003", "Núi Đèo", "xã", "", ""),
            (NEW, "00005", "Bắc", "phường", "", ""),
        )
    ],
    "unit_succession": [
        {
            "from_vintage": from_vintage,
            "from_ward_code": from_code,
            "to_vintage": to_vintage,
            "to_ward_code": to_code,
            "kind": kind,
            "basis": "mapping",
            "source": "article",
        }
        for from_vintage, from_code, to_vintage, to_code, kind in (
            (OLD, "00001", MID, "00001", "whole"),
            (OLD, "00002", MID, "00001", "whole"),
            (OLD, "00003", MID, "00003", "whole"),
            (OLD, "00004", MID, "00004", "whole"),
            (OLD, "903", MID, "903", "whole"),
            (MID, "00001", NEW, "00001", "whole"),
            (MID, "00003", NEW, "00002", "part"),
            (MID, "00003", NEW, "00003", "part"),
            (MID, "00004", NEW, "00003", "whole"),
        )
    ],
}
"""The register by file, as text, in the columns of the layers."""


def write_boundaries(folder: Path) -> None:
    """Write ``wards_<vintage>.gpkg`` of both vintages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for vintage, wards in ((OLD, old_wards()), (NEW, new_wards())):
        wards.to_file(folder / f"wards_{vintage}.gpkg", layer="ward")


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows of text as csv; the columns are those of the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_sources(folder: Path, boundaries: Path) -> None:
    """Write the register into a folder; of the boundary files it knows the one of 2020-02-01 only."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in REGISTER.items():
        write_csv(folder / f"{name}.csv", rows)
    known = boundaries / f"wards_{OLD}.gpkg"
    write_csv(
        folder / "boundary_file.csv",
        [
            {
                "sha256": hashlib.sha256(known.read_bytes()).hexdigest(),
                "file": known.name,
                "source": "outlines",
                "quality": "public",
            }
        ],
    )


def write_small_city(folder: Path) -> SmallCity:
    """Write the whole city below a folder and return where it lies."""
    city = SmallCity(folder / "boundaries", folder / "sources")
    write_boundaries(city.boundaries)
    write_sources(city.sources, city.boundaries)
    return city
