"""The layers of the published GeoPackage: columns, types, keys, units, and how they are read and written.

This is the contract between the ETL, which writes these layers, and the dashboard, which reads them and
nothing else. A ward is always (vintage, ward_code): codes were reused with another meaning in 2025.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import pandera.geopandas as pandera
import pyarrow as pa
import pyogrio
import pyogrio.errors
from pandera.errors import SchemaErrors

from geodata.contract.crs import STORAGE_CRS
from geodata.contract.errors import Fault, SchemaError, SourceError
from geodata.language import message

WATER_SOURCE = "osm-rivers"
"""The source_id of rivers from OpenStreetMap, whose licence wants to be told beside each map."""

GeometryType = Literal["MultiPolygon", "Point", "LineString"]

WARD_KINDS = ("phường", "xã", "thị trấn", "đặc khu", "huyện")
ROLES = ("pilot", "visit_site")
STAGES = ("registered", "building", "self_assessed", "inspected", "proposed", "recognised", "not_met")
"""The stages of a ward in their order; ``not_met`` is an outcome, not a further step."""
PHASES = ("before", "during", "after")
FIELDS = ("ANTT", "TTATGT", "PCCC")
TASK_STATES = ("planned", "assigned", "done")
RESULTS = ("met", "not_met", "not_assessed")
INSPECTION_KINDS = ("định kỳ", "đột xuất", "phúc tra", "thực địa")
RECOMMENDATION_STATES = ("open", "in_progress", "done")
LOCATION_PRECISIONS = ("surveyed", "address", "ward_reference_point")
PLACE_PRECISIONS = (*LOCATION_PRECISIONS, "landmark", "given")
"""How exactly a place of an itinerary is known: that of a station, or a landmark, or given as coordinates."""
STOP_KINDS = ("start", "visit", "end")
LEG_METHODS = ("network", "straight_line")
DIRECTIONS = ("higher", "lower", "context")
INDICATOR_KINDS = ("count", "share", "level")
BOUNDARY_QUALITIES = ("official", "public", "schematic", "derived")

_ILLUSTRATIVE = "generated to show the program, not a fact"
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


@dataclass(frozen=True)
class Layer:
    """One layer of the GeoPackage.

    Attributes
    ----------
    name
        Its table in the file.
    title
        What it holds, in English; the text stands in the file as the layer's description.
    key
        The columns that name one row. Rows are written in the order of the key.
    columns
        The columns by name, in the order in which they are written.
    geometry
        The type of its geometry in EPSG:4326, or ``None`` for a table without one.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: Mapping[str, pandera.Column]
    geometry: GeometryType | None = None

    @property
    def schema(self) -> pandera.DataFrameSchema:
        """The pandera schema of a frame of this layer, the geometry column left out."""
        return pandera.DataFrameSchema(dict(self.columns), strict=True, coerce=True)


def _text(
    description: str, *, nullable: bool = False, among: tuple[str, ...] | None = None
) -> pandera.Column:
    check = pandera.Check.isin(among) if among else pandera.Check.str_length(min_value=1)
    return pandera.Column("str", check, nullable=nullable, description=description)


def _vintage(description: str = "ISO date from which the units hold") -> pandera.Column:
    return pandera.Column("str", pandera.Check.str_matches(_ISO_DATE), description=description)


def _clock(description: str) -> pandera.Column:
    return pandera.Column("str", pandera.Check.str_matches(_CLOCK), description=description)


def _number(
    description: str, *, least: float = 0, most: float | None = None, nullable: bool = True
) -> pandera.Column:
    checks = [pandera.Check.ge(least)] + ([] if most is None else [pandera.Check.le(most)])
    return pandera.Column("float64", checks, nullable=nullable, description=description)


def _count(description: str, *, nullable: bool = True) -> pandera.Column:
    return pandera.Column("Int64", pandera.Check.ge(0), nullable=nullable, description=description)


def _date(description: str, *, nullable: bool = False) -> pandera.Column:
    return pandera.Column("datetime64[ns]", nullable=nullable, description=description)


def _flag(description: str) -> pandera.Column:
    return pandera.Column("bool", description=description)


_WARD = {
    "vintage": _vintage(),
    "ward_code": _text("code of the unit within its vintage; text"),
    "ward_name": _text("official name without the kind of unit, NFC"),
    "ward_kind": _text("kind of unit", among=WARD_KINDS),
    "district_code": _text("district, or former district where the vintage has none", nullable=True),
    "district_name": _text("its name with the kind of unit", nullable=True),
    "area_km2": _number("official area, km²; measured in EPSG:9210 where no official one is known"),
    "population": _count("residents"),
    "population_year": _count("year of the population figure"),
}

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer(
            "ward_summary",
            "Wards with pilot role and stage, inspections and coverage on the day of the build",
            ("vintage", "ward_code"),
            {
                **_WARD,
                "boundary_quality": _text("how good the outline is", among=BOUNDARY_QUALITIES),
                "role": _text("role in the programme, or its predecessors' one", nullable=True, among=ROLES),
                "stage": _text("stage on the day of the build", nullable=True, among=STAGES),
                "stage_from": _date("day from which role and stage hold", nullable=True),
                "period": _text("years of the pilot or the visit, as published", nullable=True),
                "is_partly": _flag("role and stage come from predecessors that make up a part of the ward"),
                "pilot_area_pct": _number(
                    "share of its area that is in or came from pilot wards, %", most=100
                ),
                "pilot_population_pct": _number("share of its residents, likewise, %", most=100),
                "visit_site_area_pct": _number("share of its area from visit sites, %", most=100),
                "visit_site_population_pct": _number("share of its residents, likewise, %", most=100),
                "from_wards": _text("the predecessors in the programme: name (code)", nullable=True),
                "inspection_count": _count("inspections on record", nullable=False),
                "last_inspection_date": _date("day of the last inspection", nullable=True),
                "last_verdict": _text("its verdict in words", nullable=True),
                "criteria_met": _count("criteria met at the last inspection"),
                "criteria_assessed": _count("criteria assessed at the last inspection"),
                "criteria_count": _count("criteria of the set of the last inspection"),
                "criteria_met_pct": _number("share met of those assessed, %", most=100),
                "criteria_met_of_set_pct": _number("share met of the whole set, %", most=100),
                "days_since_inspection": _count("days from the last inspection to the day of the build"),
                "inspected_12m_area_pct": _number(
                    "share of its area in or from wards inspected in the 12 months up to the build, %",
                    most=100,
                ),
                "station_count": _count("stations on record", nullable=False),
                "station_precision": _text(
                    "how exactly the best known of them is placed", nullable=True, among=LOCATION_PRECISIONS
                ),
                "station_access_pct": _number(
                    "share of its area, and so of residents spread evenly, within 2 km of a station, %; "
                    "empty without a station on record",
                    most=100,
                ),
                "is_illustrative": _flag("an inspection or a station behind these figures was generated"),
                "source": _text("source_id of role and stage", nullable=True),
            },
            "MultiPolygon",
        ),
        Layer(
            "ward",
            "Wards (phường, xã, thị trấn, đặc khu, huyện without communes) by vintage",
            ("vintage", "ward_code"),
            {
                **_WARD,
                "boundary_source": _text("source_id of the outline"),
                "boundary_quality": _text("how good the outline is", among=BOUNDARY_QUALITIES),
            },
            "MultiPolygon",
        ),
        Layer(
            "district",
            "Districts by vintage; for a vintage without districts the former ones",
            ("vintage", "district_code"),
            {
                "vintage": _vintage(),
                "district_code": _text("code of the district"),
                "district_name": _text("name with the kind of unit"),
                "area_km2": _number("area, km²: the sum over its wards"),
                "population": _count("residents: the sum over its wards, empty if one is unknown"),
                "is_former": _flag("the vintage has no districts; this one was abolished"),
            },
            "MultiPolygon",
        ),
        Layer(
            "crosswalk",
            "Where each ward's area goes in another vintage",
            ("from_vintage", "from_ward_code", "to_vintage", "to_ward_code"),
            {
                "from_vintage": _vintage("vintage of the source ward"),
                "from_ward_code": _text("source ward"),
                "to_vintage": _vintage("vintage of the target ward"),
                "to_ward_code": _text("target ward"),
                "weight": _number(
                    "share of the source ward that goes to the target; sums to 1", most=1, nullable=False
                ),
                "method": _text("official mapping, or overlap of areas", among=("official", "area")),
            },
        ),
        Layer(
            "pilot_status",
            "Role and stage of wards in the programme, each from a date until the next one",
            ("vintage", "ward_code", "valid_from", "role"),
            {
                "vintage": _vintage(),
                "ward_code": _text("ward"),
                "valid_from": _date("day from which it holds"),
                "valid_from_precision": _text("how exactly the day is known", among=("day", "year")),
                "role": _text("role in the programme", among=ROLES),
                "stage": _text("stage; empty where unknown", nullable=True, among=STAGES),
                "period": _text("years of the pilot or the visit, as published", nullable=True),
                "decision_number": _text("the decision that recognises the ward", nullable=True),
                "note": _text("what the source says and what it leaves open", nullable=True),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "inspection",
            "Inspections of wards",
            ("inspection_id",),
            {
                "inspection_id": _text("inspection"),
                "vintage": _vintage(),
                "ward_code": _text("ward inspected"),
                "inspection_date": _date("day of the inspection"),
                "inspecting_body": _text("who inspected"),
                "kind": _text("kind of inspection", nullable=True, among=INSPECTION_KINDS),
                "verdict": _text("verdict in words, as published", nullable=True),
                "criteria_set": _text(
                    "criteria_set of the criteria; empty where not published", nullable=True
                ),
                "criteria_met": _count("criteria met"),
                "criteria_assessed": _count("criteria assessed"),
                "classification": _text("grade of secrecy; the secret grades are refused", nullable=True),
                "source": _text("source_id"),
                "is_illustrative": _flag(_ILLUSTRATIVE),
            },
        ),
        Layer(
            "criterion_result",
            "The result of each criterion at an inspection",
            ("inspection_id", "criterion_code"),
            {
                "inspection_id": _text("inspection"),
                "criterion_code": _text("number of the criterion within the inspection's set, two digits"),
                "result": _text("result", among=RESULTS),
                "source": _text("source_id"),
                "is_illustrative": _flag(_ILLUSTRATIVE),
            },
        ),
        Layer(
            "recommendation",
            "What an inspection recommends, or a ward proposes, and what became of it",
            ("recommendation_id",),
            {
                "recommendation_id": _text("recommendation"),
                "inspection_id": _text("inspection"),
                "text": _text("its text"),
                "category": _text("category", nullable=True),
                "owner_unit": _text("who is to settle it", nullable=True),
                "due_date": _date("by when", nullable=True),
                "state": _text("state; empty where not known", nullable=True, among=RECOMMENDATION_STATES),
                "source": _text("source_id"),
                "is_illustrative": _flag(_ILLUSTRATIVE),
            },
        ),
        Layer(
            "indicator",
            "The catalogue of indicators",
            ("indicator_code",),
            {
                "indicator_code": _text("indicator"),
                "indicator_name": _text("name, Vietnamese"),
                "indicator_name_en": _text("name, English"),
                "unit": _text("unit of the value, Vietnamese"),
                "direction": _text("whether higher or lower is better", among=DIRECTIONS),
                "kind": _text(
                    "over time: a count adds up, a share is recomputed from its parts, "
                    "of a level the latest counts",
                    among=INDICATOR_KINDS,
                ),
                "adds_up": _flag(
                    "the values of several wards add up; else only a percentage's numerators and "
                    "denominators do"
                ),
            },
        ),
        Layer(
            "indicator_value",
            "Indicators by ward and period",
            ("vintage", "ward_code", "indicator_code", "period_start", "period_end"),
            {
                "vintage": _vintage(),
                "ward_code": _text("ward"),
                "indicator_code": _text("indicator"),
                "period_start": _date("first day of the period"),
                "period_end": _date("last day of the period"),
                "value": _number("value in the indicator's unit", nullable=False),
                "numerator": _number("of a share: what is counted; empty where not reported"),
                "denominator": _number("of a share: out of how many; empty where not reported"),
                "source": _text("source_id"),
                "is_illustrative": _flag(_ILLUSTRATIVE),
            },
        ),
        Layer(
            "station",
            "Ward police stations",
            ("station_id",),
            {
                "station_id": _text("station"),
                "vintage": _vintage(),
                "ward_code": _text("ward"),
                "station_name": _text("name"),
                "location_precision": _text("how exactly the point is known", among=LOCATION_PRECISIONS),
                "source": _text("source_id"),
                "is_illustrative": _flag(_ILLUSTRATIVE),
            },
            "Point",
        ),
        Layer(
            "event",
            "Events and milestones of the programme",
            ("event_id",),
            {
                "event_id": _text("event"),
                "event_date": _date("day"),
                "scope": _text("whose event it is", among=("city", "national")),
                "event_name": _text("what happened, Vietnamese"),
                "event_name_en": _text("what happened, English"),
                "place": _text("where; empty where not published", nullable=True),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "event_task",
            "The security plan of an event: one row a site, phase and field",
            ("event_id", "site", "phase", "field"),
            {
                "event_id": _text("event"),
                "site": _text("site, by name"),
                "vintage": pandera.Column("str", nullable=True, description="vintage of the site's ward"),
                "ward_code": _text("ward of the site; empty where its place is not published", nullable=True),
                "phase": _text("phase", among=PHASES),
                "field": _text("security and order, traffic, or fire", among=FIELDS),
                "unit": _text("who secures it; empty where not published", nullable=True),
                "state": _text("state of the task", among=TASK_STATES),
                "note": _text("what the source says and what it leaves open", nullable=True),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "landmark",
            "Landmarks for labels and for the start of an itinerary",
            ("landmark_id",),
            {
                "landmark_id": _text("landmark"),
                "landmark_name": _text("name"),
                "kind": _text("kind of landmark", nullable=True),
                "is_uncertain": _flag("it is not certain that the name is right"),
                "source": _text("source_id"),
            },
            "Point",
        ),
        Layer(
            "water",
            "Rivers, as the quiet ground of maps",
            ("water_id",),
            {
                "water_id": _text("part of a river"),
                "water_name": _text("name of the river", nullable=True),
                "width_m": _number("width, metres"),
                "source": _text("source_id"),
            },
            "LineString",
        ),
        Layer(
            "itinerary_case",
            "Real visits of several wards in one day, as far as they are published",
            ("case_id",),
            {
                "case_id": _text("visit"),
                "visit_date": _date("day"),
                "case_name": _text("what it is called, Vietnamese"),
                "case_name_en": _text("what it is called, English"),
                "start_name": _text("where it set out from; empty where not published", nullable=True),
                "delegates": _count("people who take part; empty where not published"),
                "depart": _clock("time of departure"),
                "service_min": _number("length of each visit, minutes", nullable=False),
                "vehicle_seats": _count("seats of one vehicle; empty where none is reckoned"),
                "is_schedule_assumed": _flag("no source states depart, service_min and vehicle_seats"),
                "note": _text("what the source says and what it leaves open", nullable=True),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "itinerary_case_stop",
            "The wards of real visits",
            ("case_id", "stop_number"),
            {
                "case_id": _text("visit"),
                "stop_number": _count("place in the order in which the source names them", nullable=False),
                "vintage": _vintage(),
                "ward_code": _text("ward"),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "itinerary_stop",
            "Stops of the real visits, in an order that is reckoned and not history",
            ("itinerary_id", "team", "position"),
            {
                "itinerary_id": _text("case_id of the visit"),
                "team": _count("team, 1 for the first", nullable=False),
                "position": _count("place in the itinerary, 0 the start", nullable=False),
                "kind": _text("start, visit or end", among=STOP_KINDS),
                "stop_number": _count("number of the visit; empty for the end"),
                "name": _text("name"),
                "vintage": pandera.Column("str", nullable=True, description="vintage of its ward"),
                "ward_code": _text("ward; empty where it is none", nullable=True),
                "location_precision": _text("how exactly the point is known", among=PLACE_PRECISIONS),
                "arrival": _text("reckoned time, ISO 8601 with offset; empty at the start", nullable=True),
                "departure": _text("reckoned time, likewise; empty at the end", nullable=True),
                "service_min": _number("length of the visit, minutes", nullable=False),
                "waiting_min": _number("waiting before it, minutes", nullable=False),
                "note": _text("what these times are"),
                "source": _text("source_id of the visit"),
            },
            "Point",
        ),
        Layer(
            "itinerary_leg",
            "Ways between the stops of the real visits",
            ("itinerary_id", "team", "from_position"),
            {
                "itinerary_id": _text("case_id of the visit"),
                "team": _count("team, 1 for the first", nullable=False),
                "from_position": _count("position of the stop where it begins", nullable=False),
                "to_position": _count("position of the stop where it ends", nullable=False),
                "distance_m": _number("length, metres", nullable=False),
                "duration_min": _number("time, minutes", nullable=False),
                "method": _text("along streets, or a straight line: an estimate", among=LEG_METHODS),
                "note": _text("what this order is"),
            },
            "LineString",
        ),
        Layer(
            "target",
            "Targets of the programme; an empty value is a target that is not published",
            ("target_id",),
            {
                "target_id": _text("target"),
                "scope": _text("whose target it is", among=("city", "national")),
                "target_name": _text("what is to be reached, Vietnamese"),
                "target_name_en": _text("what is to be reached, English"),
                "value": _number("value; empty where not published"),
                "unit": _text("unit of the value", nullable=True),
                "due_date": _date("by when", nullable=True),
                "note": _text("what the source says and what it leaves open", nullable=True),
                "source": _text("source_id; empty where nothing is published", nullable=True),
            },
        ),
        Layer(
            "fact",
            "What is published about the programme beyond events, roles and inspections",
            ("fact_id",),
            {
                "fact_id": _text("fact"),
                "fact_date": _date("day to which it refers", nullable=True),
                "scope": _text("whom it concerns", among=("city", "national")),
                "fact": _text("the fact, Vietnamese"),
                "fact_en": _text("the fact, English"),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "criteria_set",
            "Versions of the programme's criteria",
            ("criteria_set",),
            {
                "criteria_set": _text("criteria set"),
                "criteria_set_name": _text("name"),
                "instrument": _text("the decision that sets it; empty where not published", nullable=True),
                "valid_from": _date("day of the decision", nullable=True),
                "criteria_count": _count("number of criteria", nullable=False),
                "source": _text("source_id"),
            },
        ),
        Layer(
            "criterion",
            "The criteria of each set; a default name where the official one is not published",
            ("criteria_set", "criterion_code"),
            {
                "criteria_set": _text("criteria set"),
                "criterion_code": _text("number of the criterion within the set, two digits"),
                "criterion_name": _text("name"),
                "is_name_official": _flag("the name is published; otherwise it is a default"),
                "source": _text("source_id of the name", nullable=True),
            },
        ),
        Layer(
            "source",
            "Where the figures come from",
            ("source_id",),
            {
                "source_id": _text("source"),
                "title": _text("title or description"),
                "publisher": _text("publisher"),
                "published": _date("day of publication", nullable=True),
                "licence": _text("licence or terms", nullable=True),
                "locator": _text("number of the article or instrument, or the file's name", nullable=True),
                "url": _text("address, where known", nullable=True),
            },
        ),
        Layer(
            "build",
            "Inputs of the build, one row each",
            ("build_id", "input"),
            {
                "build_id": _text("build: its time in UTC"),
                "built_at": _text("time of the build, ISO 8601 with offset"),
                "program_version": _text("version of the program"),
                "as_of": _date("day for which ward_summary holds"),
                "input": _text("file that was read, by name"),
                "sha256": _text("its SHA-256"),
            },
        ),
    )
}


def empty(name: str) -> pd.DataFrame:
    """Return a frame of a layer with its columns and no rows."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    layer = LAYERS[name]
    frame = pd.DataFrame(columns=list(layer.columns))
    if layer.geometry is not None:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=STORAGE_CRS), crs=STORAGE_CRS)
    return check(name, frame)


def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in the layer's types and columns, in the order of its key.

    Raises
    ------
    SchemaError
        With every fault: a column missing or unknown, a wrong type or value, a key that occurs twice, and
        for polygons an empty or invalid geometry or another CRS than EPSG:4326.
    """
    layer = LAYERS[name]
    faults: list[Fault] = []
    frame = frame.reset_index(drop=True)
    attributes = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    try:
        attributes = layer.schema.validate(attributes, lazy=True)
        faults += _key_faults(layer, attributes)
    except SchemaErrors as errors:
        faults += _schema_faults(name, errors.failure_cases)
    if layer.geometry is not None:
        faults += _geometry_faults(layer, frame)
    if faults:
        raise SchemaError(faults)
    attributes = attributes[list(layer.columns)]
    if layer.geometry is not None:
        attributes = gpd.GeoDataFrame(attributes, geometry=frame.geometry, crs=STORAGE_CRS)
    return attributes.sort_values(list(layer.key), ignore_index=True)


def _schema_faults(name: str, cases: pd.DataFrame) -> list[Fault]:
    faults = []
    for case in cases.to_dict("records"):
        faults.append(
            Fault(
                name,
                str(case["failure_case"]),
                message("breaks the contract"),
                message("{rule}", rule=str(case["check"])),
                row=None if pd.isna(case["index"]) else int(case["index"]) + 1,
                column=str(case["column"]) if case["schema_context"] == "Column" else "",
            )
        )
    return faults


def _key_faults(layer: Layer, frame: pd.DataFrame) -> list[Fault]:
    key = list(layer.key)
    counts = frame[frame.duplicated(key, keep=False)].groupby(key, sort=True).size()
    return [
        Fault(
            layer.name,
            "/".join(str(part) for part in (value if isinstance(value, tuple) else (value,))),
            message("occurs {count} times", count=count),
            message("once"),
            column=", ".join(key),
        )
        for value, count in counts.items()
    ]


def _geometry_faults(layer: Layer, frame: pd.DataFrame) -> list[Fault]:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None or frame.crs != STORAGE_CRS:
        found = str(getattr(frame, "crs", None))
        return [Fault(layer.name, found, message("has another reference system"), message("EPSG:4326"))]
    broken = frame[~frame.geometry.is_valid | frame.geometry.is_empty | frame.geometry.isna()]
    return [
        Fault(
            layer.name,
            "/".join(str(row[k]) for k in layer.key),
            message("has an invalid or empty geometry"),
            message("a valid geometry"),
        )
        for _, row in broken.iterrows()
    ]


def read_layer(path: Path, name: str) -> Any:
    """Return one layer of a published GeoPackage in the contract's types.

    A ``GeoDataFrame`` in EPSG:4326 for a layer with geometry, else a ``DataFrame``. A layer of the contract
    that the file does not hold (it had no data when the file was built) comes back empty.

    Raises
    ------
    SourceError
        The file is missing or no GeoPackage.
    SchemaError
        The layer breaks the contract.
    """
    if not path.is_file():
        raise SourceError(
            [Fault(path.name, "", message("is missing"), message("run “pilot-wards build” first"))]
        )
    try:
        if name not in pyogrio.list_layers(path)[:, 0]:
            return empty(name)
        frame = gpd.read_file(path, layer=name, use_arrow=True)
    except pyogrio.errors.DataSourceError as error:
        raise SourceError(
            [Fault(path.name, "", message("is no readable GeoPackage"), message("a GeoPackage"))]
        ) from error
    return check(name, frame)


def write_layers(
    path: Path, layers: Mapping[str, pd.DataFrame], styles: pd.DataFrame | None = None
) -> dict[str, pd.DataFrame]:
    """Write a whole GeoPackage, or leave what was there as it was; return its layers, in their order.

    Every layer is checked against the contract first; the file is written beside the target, flushed to disk
    and put in the target's place in one step. Layers without rows are left out.

    Parameters
    ----------
    path
        Target; its folder is made where it is missing.
    layers
        Frames by the layer's name, in any order.
    styles
        Rows of QGIS's ``layer_styles`` table, where the file is to carry styles.

    Raises
    ------
    SchemaError
        With the faults of all layers.
    """
    faults: list[Fault] = []
    checked: dict[str, pd.DataFrame] = {}
    for name, frame in layers.items():
        try:
            checked[name] = check(name, frame)
        except SchemaError as error:
            faults += error.faults
    if faults:
        raise SchemaError(faults)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
        part = Path(folder) / path.name
        for name in [n for n in LAYERS if n in checked and len(checked[n])]:
            _write(part, LAYERS[name], checked[name])
        if styles is not None:
            pyogrio.write_dataframe(
                styles, part, layer="layer_styles", driver="GPKG", append=True, layer_options={"FID": "id"}
            )
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    folder_fd = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder_fd)
    finally:
        os.close(folder_fd)
    return {name: checked[name] for name in LAYERS if name in checked}


def _write(path: Path, layer: Layer, frame: pd.DataFrame) -> None:
    dates = [c for c, column in layer.columns.items() if str(column.dtype).startswith("datetime")]
    frame = frame.assign(**{c: frame[c].astype(pd.ArrowDtype(pa.date32())) for c in dates})
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer.name,
        driver="GPKG",
        append=path.exists(),
        # Debian's GDAL 3.6 warns of any GeoPackage newer than this.
        dataset_options=None if path.exists() else {"VERSION": "1.3"},
        use_arrow=True,
        geometry_type=layer.geometry,
        promote_to_multi=layer.geometry == "MultiPolygon" or None,
        layer_options={"DESCRIPTION": layer.title, **({"SPATIAL_INDEX": "YES"} if layer.geometry else {})},
    )
