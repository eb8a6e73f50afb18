"""An itinerary as GPX 1.1, for the navigation of a phone."""

from typing import Any

import gpxpy.gpx

from geodata.itinerary.document import teams
from geodata.itinerary.files.wording import (
    label,
    leg_facts,
    leg_label,
    plain,
    team_name,
    times,
    title,
    way,
)
from geodata.language import DEFAULT_LANGUAGE, Language


def gpx(document: dict[str, Any], language: Language = DEFAULT_LANGUAGE) -> str:
    """Return an itinerary as GPX: stops as waypoints, a route of the stops a team, a track a leg.

    A route is what a phone computes its own way along; the tracks are the ways of the plan, and the name of
    one along a straight line says so.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    name = title(document, language)
    file = gpxpy.gpx.GPX()
    file.creator = "haiphong-pilot-wards"
    file.name = name
    file.description = " ".join(plain(note) for note in document["notes"]) or None
    several = teams(document)
    for team in several:
        before = f"{team_name(team, language)}: " if len(several) > 1 else ""
        route = gpxpy.gpx.GPXRoute(name=f"{before}{name}", number=team["team"])
        for stop in team["stops"]:
            called, told = f"{before}{label(stop, language)}", times(stop, language)
            file.waypoints.append(
                gpxpy.gpx.GPXWaypoint(
                    stop["lat"], stop["lon"], name=called, description=told, type=stop["kind"]
                )
            )
            route.points.append(
                gpxpy.gpx.GPXRoutePoint(stop["lat"], stop["lon"], name=called, description=told)
            )
        file.routes.append(route)
        for leg in team["legs"]:
            track = gpxpy.gpx.GPXTrack(
                name=f"{before}{leg_label(team['stops'], leg, language)}",
                description=leg_facts(leg, language),
            )
            track.type = leg["method"]
            points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in way(team["stops"], leg)]
            track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
            file.tracks.append(track)
    return file.to_xml(version="1.1")
