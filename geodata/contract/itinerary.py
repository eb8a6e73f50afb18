"""The layers of itineraries: landmarks, real visits, and the order that is reckoned for them."""

import pandera.geopandas as pandera

from geodata.contract.columns import Layer, clock, count, date, flag, number, text, vintage
from geodata.contract.programme import LOCATION_PRECISIONS

PLACE_PRECISIONS = (*LOCATION_PRECISIONS, "landmark", "given")
"""How exactly a place of an itinerary is known: that of a station, or a landmark, or given as coordinates."""
STOP_KINDS = ("start", "visit", "end")
LEG_METHODS = ("network", "straight_line")

LAYERS = (
    Layer(
        "landmark",
        "Landmarks for labels and for the start of an itinerary",
        ("landmark_id",),
        {
            "landmark_id": text("landmark"),
            "landmark_name": text("name"),
            "kind": text("kind of landmark", nullable=True),
            "is_uncertain": flag("it is not certain that the name is right"),
            "source": text("source_id"),
        },
        "Point",
    ),
    Layer(
        "itinerary_case",
        "Real visits of several wards in one day, as far as they are published",
        ("case_id",),
        {
            "case_id": text("visit"),
            "visit_date": date("day"),
            "is_day_assumed": flag("no source states the day"),
            "case_name": text("what it is called, Vietnamese"),
            "case_name_en": text("what it is called, English"),
            "start_name": text("where it set out from; empty where not published", nullable=True),
            "delegates": count("people who take part; empty where not published"),
            "depart": clock("time of departure"),
            "service_min": number("length of each visit, minutes", nullable=False),
            "vehicle_seats": count("seats of one vehicle; empty where none is reckoned"),
            "is_schedule_assumed": flag("no source states depart, service_min and vehicle_seats"),
            "note": text("what the source says and what it leaves open", nullable=True),
            "source": text("source_id"),
        },
    ),
    Layer(
        "itinerary_case_stop",
        "The wards of real visits",
        ("case_id", "stop_number"),
        {
            "case_id": text("visit"),
            "stop_number": count("place in the order in which the source names them", nullable=False),
            "vintage": vintage(),
            "ward_code": text("ward"),
            "source": text("source_id"),
        },
    ),
    Layer(
        "itinerary_stop",
        "Stops of the real visits, in an order that is reckoned and not history",
        ("itinerary_id", "team", "position"),
        {
            "itinerary_id": text("case_id of the visit"),
            "team": count("team, 1 for the first", nullable=False),
            "position": count("place in the itinerary, 0 the start", nullable=False),
            "kind": text("start, visit or end", among=STOP_KINDS),
            "stop_number": count("number of the visit; empty for the end"),
            "name": text("name"),
            "vintage": pandera.Column("str", nullable=True, description="vintage of its ward"),
            "ward_code": text("ward; empty where it is none", nullable=True),
            "location_precision": text("how exactly the point is known", among=PLACE_PRECISIONS),
            "arrival": text("reckoned time, ISO 8601 with offset; empty at the start", nullable=True),
            "departure": text("reckoned time, likewise; empty at the end", nullable=True),
            "service_min": number("length of the visit, minutes", nullable=False),
            "waiting_min": number("waiting before it, minutes", nullable=False),
            "note": text("what these times are"),
            "source": text("source_id of the visit"),
        },
        "Point",
    ),
    Layer(
        "itinerary_leg",
        "Ways between the stops of the real visits",
        ("itinerary_id", "team", "from_position"),
        {
            "itinerary_id": text("case_id of the visit"),
            "team": count("team, 1 for the first", nullable=False),
            "from_position": count("position of the stop where it begins", nullable=False),
            "to_position": count("position of the stop where it ends", nullable=False),
            "distance_m": number("length, metres", nullable=False),
            "duration_min": number("time, minutes", nullable=False),
            "method": text("along streets, or a straight line: an estimate", among=LEG_METHODS),
            "note": text("what this order is"),
        },
        "LineString",
    ),
)
