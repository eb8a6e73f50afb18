"""How an itinerary is reckoned, in the words that the page of methods shows."""

from collections.abc import Mapping

from geodata.contract.definition import Definition
from geodata.language import message

DEFINITIONS: Mapping[str, Definition] = {
    "itinerary_order": Definition(
        name=message("Order of an itinerary"),
        formula=message(
            "Of all plans that visit the most stops and keep to windows, seats and the length of the day, "
            "the one that travels least, by time and then by distance. Up to 12 stops all of them are "
            "weighed, so it is proven best; beyond, a search of a few seconds gives the best that it "
            "finds, and it says whether that is proven. What does not fit is listed with its reason. The "
            "gain is what the order given would take, less what this one takes; it is missing with "
            "several teams, or where a stop is left out"
        ),
        unit=message("minutes, metres"),
        source=message("the stops and terms that were asked for; program PyVRP beyond 12 stops"),
    ),
    "itinerary_travel": Definition(
        name=message("Travel times of an itinerary"),
        formula=message(
            "Along the street network where both ends of a leg lie within 400 m of one connected part of "
            "it. Otherwise the straight line × a detour factor ÷ a speed by the time of departure: an "
            "estimate, drawn dashed. Factor and speeds are assumptions unless a source is named with "
            "them; all times of arrival follow from them and are estimates"
        ),
        unit=message("minutes, metres"),
        source=message(
            "travel_assumption.csv; layer station, where a point inside the ward may stand for a station; "
            "distances in EPSG:9210"
        ),
    ),
    "itinerary_case": Definition(
        name=message("Real visits"),
        formula=message(
            "The wards that delegates or inspectors visited are published, the order and the times are "
            "not. The order shown is reckoned, not history. Departure, length of the visits and seats are "
            "assumed; a start whose address is not published is replaced by the former seat of the city's "
            "People's Committee, or by the first ward named where no landmarks are on record"
        ),
        unit=message("minutes, metres"),
        source=message("layers itinerary_case and itinerary_case_stop"),
    ),
}
"""What an itinerary's figures mean, in the order in which the page of methods shows them."""
