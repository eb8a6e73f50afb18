"""The one form from which an itinerary is shown and handed over: a plain dict that is also its JSON."""

from typing import Any

from geodata.itinerary.itinerary import Itinerary
from geodata.language import DEFAULT_LANGUAGE, Language


def document(itinerary: Itinerary, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return an itinerary as a plain dict, its sentences in a language.

    Times are ISO 8601 with +07:00, distances metres, durations minutes, coordinates degrees (EPSG:4326)::

        title           str | None
        date, vintage   ISO dates
        depart          time of departure
        teams           a list of teams, where there are several; of one team its keys stand here
        unassigned      [{name, ward_code, reason}]
        proven_optimal  bool
        gain            {distance_m, travel_min} saved against the order given | None
        assumptions     [{what, value, unit, source, is_assumption}]
        notes           [sentence]

    A team::

        team            1 for the first
        stops           [{kind: start | visit | end, number: 0 | 1.. | None for the end, name, lat, lon,
                          ward_code | None, precision, arrival | None, departure | None, service_min,
                          waiting_min, load, is_estimate}]; an open end has no stop
        legs            [{from, to: places in stops, distance_m, duration_min,
                          method: network | straight_line, geometry: GeoJSON LineString}]
        lunch           {after: place in stops, begins, ends} | None
        totals          {distance_m, travel_min, service_min, waiting_min, duration_min}

    ``is_estimate`` holds for every time that follows from reckoned travel: all but the departure.
    """
    raise NotImplementedError


def teams(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the teams of a document, of one or of several teams alike."""
    if "teams" in document:
        listed: list[dict[str, Any]] = document["teams"]
        return listed
    return [{key: document[key] for key in ("team", "stops", "legs", "lunch", "totals")}]
