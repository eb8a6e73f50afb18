"""The layers of wards: their outlines by vintage, districts, where area went, and rivers as their ground."""

from geodata.contract.columns import Layer, count, flag, number, text, vintage

WATER_SOURCE = "osm-rivers"
"""The source_id of rivers from OpenStreetMap, whose licence wants to be told beside each map."""
WARD_KINDS = ("phường", "xã", "thị trấn", "đặc khu", "huyện")
LINKS = ("whole", "part", "land_only")
"""How a ward goes to another: as a whole; in part; or only land of it, without residents, as the law says."""
WEIGHT_SOURCES = ("whole", "overlay", "residents")
"""How the weights of a link were reckoned: the ward went whole, so nothing was; by laying the outlines over
each other, residents in proportion to area; back in time by the residents that had come."""
BOUNDARY_QUALITIES = ("official", "public", "schematic", "derived")

WARD = {
    "vintage": vintage(),
    "ward_code": text("code of the unit within its vintage; text"),
    "ward_name": text("official name without the kind of unit, NFC"),
    "ward_kind": text("kind of unit", among=WARD_KINDS),
    "district_code": text("district, or former district where the vintage has none", nullable=True),
    "district_name": text("its name with the kind of unit", nullable=True),
    "area_km2": number("official area, km²; empty where none is known"),
    "outline_area_km2": number("area of the outline, km², measured in EPSG:9210", nullable=False),
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
            "area_km2": number("official area, km²: the sum over its wards, empty if one is unknown"),
            "outline_area_km2": number("area of the outlines of its wards, km²", nullable=False),
            "population": count("residents: the sum over its wards, empty if one is unknown"),
            "is_former": flag("the vintage has no districts; this one was abolished"),
        },
        "MultiPolygon",
    ),
    Layer(
        "crosswalk",
        "Where each ward's area and residents go in another vintage",
        ("from_vintage", "from_ward_code", "to_vintage", "to_ward_code"),
        {
            "from_vintage": vintage("vintage of the source ward"),
            "from_ward_code": text("source ward"),
            "to_vintage": vintage("vintage of the target ward"),
            "to_ward_code": text("target ward"),
            "area_weight": number(
                "share of the source ward's area that goes to the target; sums to 1", most=1, nullable=False
            ),
            "population_weight": number(
                "share of its residents that go there, and of counts about them; sums to 1",
                most=1,
                nullable=False,
            ),
            "overlap_km2": number("area that the two outlines share, km²", nullable=False),
            "link": text("the ward as a whole, a part of it, or land without residents", among=LINKS),
            "link_source": text(
                "what says that the target succeeds it: an official mapping, or the overlap of areas",
                among=("official", "area"),
            ),
            "weight_source": text(
                "how the weights were reckoned: goes whole, overlay of outlines, or residents that had come",
                among=WEIGHT_SOURCES,
            ),
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
