"""The layers of wards: their outlines by vintage, districts, where area went, and rivers as their ground."""

from geodata.contract.columns import Layer, count, flag, number, text, vintage

WATER_SOURCE = "osm-rivers"
"""The source_id of rivers from OpenStreetMap, whose licence wants to be told beside each map."""
WARD_KINDS = ("phường", "xã", "thị trấn", "đặc khu", "huyện")
BOUNDARY_QUALITIES = ("official", "public", "schematic", "derived")

WARD = {
    "vintage": vintage(),
    "ward_code": text("code of the unit within its vintage; text"),
    "ward_name": text("official name without the kind of unit, NFC"),
    "ward_kind": text("kind of unit", among=WARD_KINDS),
    "district_code": text("district, or former district where the vintage has none", nullable=True),
    "district_name": text("its name with the kind of unit", nullable=True),
    "area_km2": number("official area, km²; measured in EPSG:9210 where no official one is known"),
    "population": count("residents"),
    "population_year": count("year of the population figure"),
}

LAYERS = (
    Layer(
        "ward",
        "Wards (phường, xã, thị trấn, đặc khu, huyện without communes) by vintage",
        ("vintage", "ward_code"),
        {
            **WARD,
            "boundary_source": text("source_id of the outline"),
            "boundary_quality": text("how good the outline is", among=BOUNDARY_QUALITIES),
        },
        "MultiPolygon",
    ),
    Layer(
        "district",
        "Districts by vintage; for a vintage without districts the former ones",
        ("vintage", "district_code"),
        {
            "vintage": vintage(),
            "district_code": text("code of the district"),
            "district_name": text("name with the kind of unit"),
            "area_km2": number("area, km²: the sum over its wards"),
            "population": count("residents: the sum over its wards, empty if one is unknown"),
            "is_former": flag("the vintage has no districts; this one was abolished"),
        },
        "MultiPolygon",
    ),
    Layer(
        "crosswalk",
        "Where each ward's area goes in another vintage",
        ("from_vintage", "from_ward_code", "to_vintage", "to_ward_code"),
        {
            "from_vintage": vintage("vintage of the source ward"),
            "from_ward_code": text("source ward"),
            "to_vintage": vintage("vintage of the target ward"),
            "to_ward_code": text("target ward"),
            "weight": number(
                "share of the source ward that goes to the target; sums to 1", most=1, nullable=False
            ),
            "method": text("official mapping, or overlap of areas", among=("official", "area")),
        },
    ),
    Layer(
        "water",
        "Rivers, as the quiet ground of maps",
        ("water_id",),
        {
            "water_id": text("part of a river"),
            "water_name": text("name of the river", nullable=True),
            "width_m": number("width, metres"),
            "source": text("source_id"),
        },
        "LineString",
    ),
)
