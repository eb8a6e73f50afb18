"""The words that all forms of the hand-over share: names, times, legs."""

import datetime
import math
import re
from collections.abc import Sequence
from typing import Any

from geodata.language import Language, number, translate

_NOT_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Line ends, and what XML forbids or advises against."""


def plain(text: str | None) -> str:
    """Return a text on one line, without characters that XML forbids."""
    return " ".join(_NOT_PLAIN.sub(" ", text or "").split())


def title(document: dict[str, Any], language: Language) -> str:
    """Return the itinerary's title, or one made from its date."""
    return plain(document["title"]) or translate("Site visits on {day}", language, day=day(document["date"]))


def day(iso: str) -> str:
    """Return the date of an ISO date or time as dd/mm/yyyy."""
    return f"{datetime.date.fromisoformat(iso[:10]):%d/%m/%Y}"


def clock(moment: str | datetime.datetime) -> str:
    """Return the time of day of an ISO time as hh:mm, to the nearest minute."""
    time = datetime.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{time + datetime.timedelta(seconds=30):%H:%M}"


def begins(visit: dict[str, Any]) -> datetime.datetime:
    """Return when a visit begins: after waiting or lunch, where a team arrives before."""
    return datetime.datetime.fromisoformat(visit["begins"])


def ends(visit: dict[str, Any]) -> datetime.datetime:
    """Return when a visit ends; who has lunch there leaves later."""
    return begins(visit) + datetime.timedelta(minutes=visit["service_min"])


def kilometres(distance_m: float, language: Language) -> str:
    """Return a distance in km with at most one digit."""
    return f"{number(distance_m / 1000, 1).render(language)} km"


def minutes(length_min: float, language: Language) -> str:
    """Return a length of time in minutes, from one hour on in hours and minutes."""
    whole = math.floor(length_min + 0.5)
    if whole < 60:
        return translate("{minutes} min", language, minutes=whole)
    hours, rest = divmod(whole, 60)
    return translate("{hours} h {minutes:02d} min", language, hours=hours, minutes=rest)


def team_name(team: dict[str, Any], language: Language) -> str:
    """Return what a team is called."""
    return translate("Team {team}", language, team=team["team"])


def place(stop: dict[str, Any]) -> str:
    """Return the name of a stop, or its coordinates where it has none."""
    return plain(stop["name"]) or f"{stop['lat']:.5f}, {stop['lon']:.5f}"


def label(stop: dict[str, Any], language: Language) -> str:
    """Return the name of a stop with its number, or with what it is."""
    if stop["kind"] == "start":
        return translate("Start: {place}", language, place=place(stop))
    if stop["kind"] == "end":
        return translate("End: {place}", language, place=place(stop))
    return f"{stop['number']}. {place(stop)}"


def times(stop: dict[str, Any], language: Language) -> str:
    """Return when a team is at a stop, and whether that is an estimate."""
    if stop["kind"] == "start":
        text = translate("Departure {departure}", language, departure=clock(stop["departure"]))
    elif stop["kind"] == "end":
        text = translate("Arrival {arrival}", language, arrival=clock(stop["arrival"]))
    else:
        text = translate(
            "Arrival {arrival}, visit {begins}–{ends}, departure {departure}",
            language,
            arrival=clock(stop["arrival"]),
            begins=clock(begins(stop)),
            ends=clock(ends(stop)),
            departure=clock(stop["departure"]),
        )
    return translate("{times} (estimated)", language, times=text) if stop["is_estimate"] else text


def leg_label(stops: Sequence[dict[str, Any]], leg: dict[str, Any], language: Language) -> str:
    """Return from where to where a leg leads, and whether its way is an estimate."""
    text = f"{place(stops[leg['from']])} → {place(stops[leg['to']])}"
    if leg["method"] == "straight_line":
        return translate("{leg} (straight line, estimated)", language, leg=text)
    return text


def leg_facts(leg: dict[str, Any], language: Language) -> str:
    """Return the length of a leg and how long it takes."""
    return f"{kilometres(leg['distance_m'], language)}, {minutes(leg['duration_min'], language)}"


def way(stops: Sequence[dict[str, Any]], leg: dict[str, Any]) -> list[tuple[float, float]]:
    """Return the (lon, lat) of a leg; a straight line between its stops where it has no other."""
    drawn = (leg["geometry"] or {}).get("coordinates", [])
    if len(drawn) >= 2:
        return [(float(point[0]), float(point[1])) for point in drawn]
    return [(stops[leg[end]]["lon"], stops[leg[end]]["lat"]) for end in ("from", "to")]


def lunch(team: dict[str, Any], language: Language) -> str:
    """Return from when to when a team has lunch, and after which stop."""
    told = team["lunch"]
    return translate(
        "{begins}–{ends} (estimated), after: {stop}",
        language,
        begins=clock(told["begins"]),
        ends=clock(told["ends"]),
        stop=label(team["stops"][told["after"]], language),
    )
