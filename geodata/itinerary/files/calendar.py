"""An itinerary as iCalendar, for the calendars of those who travel and of those who receive them."""

import datetime
import uuid
from collections import Counter

from icalendar import Calendar, Event, Timezone, vText

from geodata.clock import VIETNAM
from geodata.itinerary.document import Document, TeamDay
from geodata.itinerary.files.wording import (
    background_lines,
    label,
    leg_facts,
    place,
    plain,
    team_name,
    times,
    title,
    told_legs,
)
from geodata.language import DEFAULT_LANGUAGE, Language, joined, message, render

_UIDS = uuid.UUID("5b0c4a3e-6a0f-5d5e-9f43-2f2d6c1f7c11")
"""The namespace of the entries' identifiers: changing it doubles the entries of whoever imports anew."""


def ics(document: Document, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return an itinerary as iCalendar with one entry a visit.

    Start and end are no entries of their own, nobody is visited there: the first entry tells the departure,
    the last one the return. An entry lasts as long as the visit. The same visit
    of the same day keeps its identifier in another order or at another time, so that a calendar moves the
    entry instead of doubling it.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//haiphong-pilot-wards//itinerary//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(title(document, language)))
    calendar.add("x-wr-caldesc", vText("\n".join(background_lines(document, language))))
    until = document.date + datetime.timedelta(days=2)
    calendar.add_component(Timezone.from_tzid(VIETNAM.key, first_date=document.date, last_date=until))
    named = plain(render(document.title, language))
    seen: Counter[str] = Counter()
    for team in document.teams:
        for position, stop in enumerate(team.stops):
            if stop.begins is None or stop.ends is None:
                continue
            visit = "|".join([document.date.isoformat(), named, stop.ward_code or place(stop)])
            seen[visit] += 1
            event = _event(document, team, position, (stop.begins, stop.ends), language)
            event.add("uid", f"{uuid.uuid5(_UIDS, f'{visit}|{seen[visit]}')}@haiphong-pilot-wards")
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _event(
    document: Document,
    team: TeamDay,
    position: int,
    span: tuple[datetime.datetime, datetime.datetime],
    language: Language,
) -> Event:
    stop, called = team.stops[position], team_name(team).render(language)
    is_one_of_several = len(document.teams) > 1
    begin, end = (moment.astimezone(VIETNAM) for moment in span)
    summary = message("Visit {number}: {place}", number=stop.number, place=place(stop)).render(language)
    event = Event()
    event.add("summary", f"{called}, {summary}" if is_one_of_several else summary)
    event.add("dtstart", begin)
    if end > begin:
        # RFC 5545 forbids an end that is not later; without one the entry is a moment.
        event.add("dtend", end)
    # Of the plan, not of the clock: the same itinerary is the same file.
    event.add("dtstamp", document.depart.astimezone(datetime.UTC))
    event.add("location", place(stop))
    event.add("geo", (stop.lat, stop.lon))
    # Calendars show what stands in an entry, few what stands in the file's head.
    told = [title(document, language), *_told(team, position, language)]
    said = [*told, "", *background_lines(document, language)]
    event.add("description", "\n".join(said))
    if is_one_of_several:
        event.add("categories", [called])
    return event


def _told(team: TeamDay, position: int, language: Language) -> list[str]:
    """Return what happens at a visit, before it and after it, a line each."""
    stops = team.stops
    legs = [joined(": ", [led, leg_facts(leg)]) for leg, led in told_legs(team)]
    ends = [joined(". ", [label(stop), times(stop, team.date)]) for stop in (stops[0], stops[-1])]
    lines = [
        *legs[position - 1 : position],
        times(stops[position], team.date),
        *legs[position : position + 1],
    ]
    if position == 1:
        lines.insert(0, ends[0])
    if position + 2 == len(stops) and stops[-1].kind == "end":
        lines.append(ends[1])
    return [line.render(language) for line in lines]
