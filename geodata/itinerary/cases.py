"""The real visits of the register as requests: what is published of them, and what has to be assumed."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geodata.itinerary.places import Gazetteer, Place, default_start, ward_places
from geodata.itinerary.request import Call, Premise, Request
from geodata.language import Message, message

NOT_HISTORY = message("A reckoned order, not history.")
"""What stands on every itinerary of a real visit: the order that was then taken is not published."""

DAY_OF_VISITS = message("Day of the visits")
"""What a day is called that no source states: a plan alone names it."""


@dataclass(frozen=True)
class Case:
    """A real visit of the register, ready to be planned.

    Attributes
    ----------
    case_id
        Its key in the layer ``itinerary_case``.
    title, title_en
        What it is called.
    request
        What is asked of the day.
    source
        source_id of where it is published.
    start_note
        Why it is reckoned from where it is: one of the notes of the request.
    """

    case_id: str
    title: str
    title_en: str
    request: Request
    source: str
    start_note: Message

    def starting_at(self, start: Place) -> Request:
        """Return the request with a start that someone chose."""
        notes = tuple(note for note in self.request.notes if note is not self.start_note)
        return replace(self.request, start=start, notes=notes)


def case_requests(cases: pd.DataFrame, stops: pd.DataFrame, known: Gazetteer) -> dict[str, Case]:
    """Return the real visits by their ``case_id``, oldest first.

    A case whose wards have no place in the gazetteer is left out.

    Parameters
    ----------
    cases, stops
        The layers ``itinerary_case`` and ``itinerary_case_stop``.
    known
        Where its places are looked up.
    """
    made = [
        _case(case, stops[stops["case_id"] == case["case_id"]], known)
        for case in cases.sort_values(["visit_date", "case_id"]).to_dict("records")
    ]
    return {case.case_id: case for case in made if case is not None}


def _case(case: Mapping[Any, Any], stops: pd.DataFrame, known: Gazetteer) -> Case | None:
    stops = stops.sort_values("stop_number")
    vintages = stops["vintage"].unique()
    if len(vintages) != 1:
        return None
    vintage = str(vintages[0])
    places = ward_places(known, vintage)
    if not set(stops["ward_code"]) <= set(places):
        return None
    calls = tuple(Call(places[code], case["service_min"]) for code in stops["ward_code"])
    is_assumed = bool(case["is_schedule_assumed"])
    seats = None if pd.isna(case["vehicle_seats"]) else int(case["vehicle_seats"])
    delegates = None if pd.isna(case["delegates"]) else int(case["delegates"])
    premises = []
    if case["is_day_assumed"]:
        premises.append(Premise(DAY_OF_VISITS, f"{case['visit_date']:%d/%m/%Y}"))
    if delegates is not None:
        premises += [
            Premise(message("Delegates planned"), delegates, "", case["source"], is_assumption=False),
            # How many were expected is published, not who went where.
            Premise(message("Delegates who visit the wards together"), delegates),
        ]
    start, said = _case_start(case, calls, known)
    notes = [NOT_HISTORY, said]
    if is_assumed:
        notes.append(
            message("No source states when the visit set out and how long it stayed: both are assumed.")
        )
    request = Request(
        date=case["visit_date"].date(),
        vintage=vintage,
        depart=datetime.time.fromisoformat(case["depart"]),
        start=start,
        calls=calls,
        capacity=seats,
        delegates=delegates,
        is_schedule_assumed=is_assumed,
        title=case["case_name"],
        title_en=case["case_name_en"],
        notes=tuple(notes),
        premises=tuple(premises),
    )
    return Case(case["case_id"], case["case_name"], case["case_name_en"], request, case["source"], said)


def _case_start(case: Mapping[Any, Any], calls: Sequence[Call], known: Gazetteer) -> tuple[Place, Message]:
    """Return where a case starts, and why there: where it really set out from is not known as a point."""
    start = default_start(known)
    place = calls[0].place if start is None else start
    if pd.isna(case["start_name"]):
        return place, message(
            "Where it set out from is not published; it is reckoned from {place}.", place=place.name
        )
    return place, message(
        "It is assumed to set out from {start}, whose address is not published; it is reckoned from {place}.",
        start=case["start_name"],
        place=place.name,
    )
