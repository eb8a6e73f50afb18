"""An itinerary as GPX 1.1, for the navigation of a phone: a file a team, since OsmAnd merges those of one."""

import io
import zipfile

import gpxpy.gpx

from geodata.itinerary.document import Document, TeamDay
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


def gpx(document: Document, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return an itinerary as GPX: stops as waypoints, a route of the stops, a track a leg.

    Of several teams it is a zip with a file each (`gpx_ending`). A route is what a phone computes its own
    way along; the tracks are the ways of the plan, and the name of one along a straight line says so.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    if len(document.teams) == 1:
        return _of_team(document, document.teams[0], language).encode()
    made = io.BytesIO()
    # Of the plan, not of the clock: the same itinerary is the same file.
    moment = document.depart.timetuple()[:6]
    with zipfile.ZipFile(made, "w") as archive:
        for team in document.teams:
            name = f"{document.date.isoformat()} {team_name(team).render(language)}.gpx"
            member = zipfile.ZipInfo(name, moment)
            archive.writestr(member, _of_team(document, team, language), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def gpx_ending(document: Document) -> str:
    """Return what the name of the file ends in: ``gpx``, or ``zip`` of several teams."""
    return "gpx" if len(document.teams) == 1 else "zip"


def _of_team(document: Document, team: TeamDay, language: Language) -> str:
    before = f"{team_name(team).render(language)}: " if len(document.teams) > 1 else ""

    def named(words: Words | str) -> str:
        return f"{before}{render(words, language)}"

    file = gpxpy.gpx.GPX()
    file.creator = "haiphong-pilot-wards"
    file.name = named(title(document, language))
    file.description = "\n".join(background_lines(document, language))
    route = gpxpy.gpx.GPXRoute(name=file.name, number=team.team)
    for stop in team.stops:
        called, told = named(label(stop)), times(stop, team.date).render(language)
        file.waypoints.append(
            gpxpy.gpx.GPXWaypoint(stop.lat, stop.lon, name=called, description=told, type=stop.kind)
        )
        route.points.append(gpxpy.gpx.GPXRoutePoint(stop.lat, stop.lon, name=called, description=told))
    file.routes.append(route)
    for leg, led in told_legs(team):
        track = gpxpy.gpx.GPXTrack(name=named(led), description=leg_facts(leg).render(language))
        track.type = leg.method  # type: ignore[assignment]  # gpxpy starts with None and says no more
        points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in leg.way]
        track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
        file.tracks.append(track)
    return file.to_xml(version="1.1")
