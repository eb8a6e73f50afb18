"""An itinerary as GPX 1.1, for the navigation of a phone."""

import gpxpy.gpx

from geodata.itinerary.document import Document
from geodata.itinerary.files.wording import (
    background_lines,
    label,
    leg_facts,
    team_name,
    times,
    title,
    told_legs,
)
from geodata.language import DEFAULT_LANGUAGE, Language, Words, render


def gpx(document: Document, language: Language = DEFAULT_LANGUAGE) -> str:
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
    file.description = "\n".join(background_lines(document, language))
    for team in document.teams:
        before = f"{team_name(team).render(language)}: " if len(document.teams) > 1 else ""

        def named(words: Words | str, before: str = before) -> str:
            return f"{before}{render(words, language)}"

        route = gpxpy.gpx.GPXRoute(name=named(name), number=team.team)
        for stop in team.stops:
            called, told = named(label(stop)), times(stop).render(language)
            waypoint = gpxpy.gpx.GPXWaypoint(
                stop.lat, stop.lon, name=called, description=told, type=stop.kind
            )
            file.waypoints.append(waypoint)
            route.points.append(gpxpy.gpx.GPXRoutePoint(stop.lat, stop.lon, name=called, description=told))
        file.routes.append(route)
        for leg, led in told_legs(team):
            track = gpxpy.gpx.GPXTrack(name=named(led), description=leg_facts(leg).render(language))
            track.type = leg.method  # type: ignore[assignment]  # gpxpy starts with None and says no more
            points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in leg.way]
            track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
            file.tracks.append(track)
    return file.to_xml(version="1.1")
