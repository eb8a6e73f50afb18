"""The layers of the programme: roles and stages of wards, stations, targets, and how it stands by ward."""

import pandera.geopandas as pandera

from geodata.contract.columns import ILLUSTRATIVE, Layer, count, date, flag, number, text, vintage
from geodata.contract.wards import BOUNDARY_QUALITIES, WARD

ROLES = ("pilot", "visit_site")
STAGES = ("registered", "building", "self_assessed", "inspected", "proposed", "recognised", "not_met")
"""The stages of a ward in their order; ``not_met`` is an outcome, not a further step."""
DATE_PRECISIONS = ("day", "year")
LOCATION_PRECISIONS = ("surveyed", "address", "ward_reference_point")

LAYERS = (
    Layer(
        "ward_summary",
        "Wards with role, stage, inspections and coverage on the day of the build; nothing generated",
        ("vintage", "ward_code"),
        {
            **WARD,
            "boundary_quality": text("how good the outline is", among=BOUNDARY_QUALITIES),
            "role": text("role for which the ward itself was chosen", nullable=True, among=ROLES),
            "stage": text("stage on the day of the build", nullable=True, among=STAGES),
            "stage_from": date("day from which role and stage hold", nullable=True),
            "stage_from_precision": text(
                "how exactly that day is known", nullable=True, among=DATE_PRECISIONS
            ),
            "period": text("years of the pilot or the visit, as published", nullable=True),
            "is_partly": flag(
                "it holds a part of the ground of wards of the programme, and has no role itself"
            ),
            "pilot_area_pct": number(
                "share of its outline that is, or lies in those of, pilot wards, %", most=100
            ),
            "pilot_population_pct": number(
                "share of its residents who are in or came from them, %", most=100
            ),
            "visit_site_area_pct": number("share of its outline, likewise of visit sites, %", most=100),
            "visit_site_population_pct": number("share of its residents, likewise, %", most=100),
            "from_wards": text("the predecessors in the programme: name (code)", nullable=True),
            "inspection_count": count(
                "inspections on record of the ward, or of a part of it; empty where none is"
            ),
            "last_inspection_date": date(
                "day of the last inspection of the ward, or of a part of it", nullable=True
            ),
            "last_verdict": text(
                "its verdict in words; like its criteria empty if it was of a part", nullable=True
            ),
            "criteria_met": count("criteria met at the last inspection"),
            "criteria_assessed": count("criteria assessed at the last inspection"),
            "criteria_count": count("criteria of the set of the last inspection"),
            "criteria_met_pct": number("share met of those assessed, %", most=100),
            "criteria_met_of_set_pct": number("share met of the whole set, %", most=100),
            "days_since_inspection": count(
                "days from the last inspection of the ward, or of a part of it, to the day of the build"
            ),
            "is_last_inspection_partly": flag("that inspection was one of a part of the ward only"),
            "inspected_12m_area_pct": number(
                "share of its outline in those of wards inspected in the 12 months up to the build, %; "
                "empty where no inspection in them is on record",
                most=100,
            ),
            "station_count": count("stations on record", nullable=False),
            "station_precision": text(
                "how exactly the best known of them is placed", nullable=True, among=LOCATION_PRECISIONS
            ),
            "station_access_pct": number(
                "share of its area, and so of residents spread evenly, within 2 km of a station, %; "
                "empty without a station on record",
                most=100,
            ),
            "source": text("source_id of role and stage", nullable=True),
        },
        "MultiPolygon",
    ),
    Layer(
        "pilot_status",
        "Role and stage of wards in the programme, each from a date until the next one",
        ("vintage", "ward_code", "valid_from", "role"),
        {
            "vintage": vintage(),
            "ward_code": text("ward"),
            "valid_from": date("day from which it holds"),
            "valid_from_precision": text("how exactly the day is known", among=DATE_PRECISIONS),
            "role": text("role in the programme", among=ROLES),
            "stage": text("stage; empty where unknown", nullable=True, among=STAGES),
            "period": text("years of the pilot or the visit, as published", nullable=True),
            "decision_number": text("the decision that recognises the ward", nullable=True),
            "note": text("what the source says and what it leaves open", nullable=True),
            "source": text("source_id"),
        },
    ),
    Layer(
        "station",
        "Ward police stations",
        ("station_id",),
        {
            "station_id": text("station"),
            "vintage": vintage(),
            "ward_code": text("ward"),
            "station_name": text("name"),
            "location_precision": text("how exactly the point is known", among=LOCATION_PRECISIONS),
            "source": text("source_id"),
            "is_illustrative": flag(ILLUSTRATIVE),
        },
        "Point",
    ),
    Layer(
        "target",
        "Targets of the programme; an empty value is a target that is not published",
        ("target_id",),
        {
            "target_id": text("target"),
            "scope": text("whose target it is", among=("city", "national")),
            "target_name": text("what is to be reached, Vietnamese"),
            "target_name_en": text("what is to be reached, English"),
            "value": number("value; empty where not published"),
            "unit": text("unit of the value", nullable=True),
            "due_date": date("by when", nullable=True),
            "due_date_precision": text("how exactly the day is known", nullable=True, among=("day", "year")),
            "note": text("what the source says and what it leaves open", nullable=True),
            "source": text("source_id; empty where nothing is published", nullable=True),
        },
    ),
    Layer(
        "fact",
        "What is published about the programme beyond events, roles and inspections",
        ("fact_id",),
        {
            "fact_id": text("fact"),
            "fact_date": date("day to which it refers", nullable=True),
            "scope": text("whom it concerns", among=("city", "national")),
            "fact": text("the fact, Vietnamese"),
            "fact_en": text("the fact, English"),
            "pages": text("pages that show it, by their names; the page of methods shows all", nullable=True),
            "wards": pandera.Column(
                "str",
                pandera.Check.str_matches(r"^\d{4}-\d{2}-\d{2}/\d+( \d{4}-\d{2}-\d{2}/\d+)*$"),
                nullable=True,
                description="wards that it concerns, each as vintage/ward_code",
            ),
            "source": text("source_id"),
        },
    ),
)
