"""How it is said what is known of one ward: its sentence, its facts, its inspections and its kin."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

from dashboard.subjects.programme.classes import status_words
from dashboard.subjects.sources.citations import Citation
from dashboard.subjects.ward.model import (
    NAMED_INSPECTIONS,
    Crossing,
    Kin,
    RecordedStatus,
    Ward,
    WardInspection,
)
from dashboard.subjects.ward.profile import Advice, Profile, Station
from geodata.language import Words, capitalised, joined, message, uncapitalised
from geodata.language.dates import day
from geodata.language.numbers import MISSING, in_words, number, percent
from geodata.programme.criteria import criteria_words
from geodata.programme.symbols import STAGE_NAMES
from geodata.quality import QUALITY_NAMES

_PRECISIONS = {
    "surveyed": message("surveyed position"),
    "address": message("position of its address"),
    "ward_reference_point": message("position not known: a reference point inside the ward stands for it"),
}
_STATES = {
    "done": message("{count} done"),
    "in_progress": message("{count} in progress"),
    "open": message("{count} open"),
    "": message("{count} of unknown state"),
}
_FORMER_GROUND = {
    "pilot": (message("former pilot ground"), message("pilot ground of {years}")),
    "visit_site": (message("former ground of a visit site"), message("ground of a visit site of {years}")),
}
"""The ground of wards that held a role, without their years and with them."""


@dataclass(frozen=True)
class Fact:
    """A fact of a ward as it stands in a list.

    Attributes
    ----------
    label, lines, note
        What it is, what is known, and how well.
    is_illustrative
        It rests on what is illustrative.
    citations
        Its sources.
    more
        How many facts like it are not told.
    """

    label: Words
    lines: Sequence[Words | str]
    note: Words | str = ""
    is_illustrative: bool = False
    citations: tuple[Citation, ...] = ()
    more: Words | str = ""


# The sentence ----------------------------------------------------------------------------------------------


def headline(ward: Ward, kin: Mapping[str, Sequence[Kin]]) -> Words:
    """Return the sentence that says what a ward is in the programme, how it was inspected, what became of it.

    One that rests on illustrative inspections begins with that word, since it may be quoted without its page.
    """
    told = joined(
        "; ",
        [
            _role_clause(ward),
            _inspected_clause(ward),
            *_unknown_since(ward),
            *_later_clauses(ward.key[0], kin),
        ],
    )
    if ward.has_illustrative or (not ward.inspections and ward.is_illustrative):
        return message("Illustrative: {told}", told=told)
    return capitalised(told)


def _unknown_since(ward: Ward) -> list[Words]:
    """Return that nothing follows the last record of a pilot ward; of a shorter range, up to its end."""
    known = [one.since for one in ward.statuses] + [one.day for one in ward.inspections]
    if ward.role != "pilot" or not ward.statuses or max(known) >= ward.period.until:
        return []
    of_range = message("no more information up to the end of the period")
    return [message("no information since") if ward.is_all else of_range]


def _role_clause(ward: Ward) -> Words:
    if ward.role is None and ward.is_all:
        return message("of {ward} nothing is known in the programme yet", ward=ward.name)
    if ward.role is None:
        return message(
            "of {ward} nothing is on record in the programme up to the end of the period", ward=ward.name
        )
    # What a ward was joined of may all hold a role; it is still theirs, not its own.
    if ward.is_partly or not ward.statuses:
        return message(
            "By overlay of outlines, {share} of the area of {ward} is {ground}",
            share=percent(ward.shares[ward.role][0]),
            ward=ward.name,
            ground=_former_ground(ward, ward.role),
        )
    if ward.role == "visit_site":
        if not ward.years:
            return message("{ward} is a visit site", ward=ward.title)
        return message("{ward} is a visit site of {period}", ward=ward.title, period=ward.years)
    told = (
        message("{ward} was chosen for the pilot of {period}", ward=ward.title, period=ward.years)
        if ward.years
        else message("{ward} was chosen for the pilot", ward=ward.title)
    )
    # The stage “inspected” goes without saying where the inspections are told.
    if ward.stage in (None, "building") or (ward.stage == "inspected" and ward.inspections):
        return told
    return joined(", ", [told, STAGE_NAMES[ward.stage]])


def _former_ground(ward: Ward, role: str) -> Words:
    plain, of_years = _FORMER_GROUND[role]
    return of_years.of(years=ward.years) if ward.years and role == ward.role else plain


def _inspected_clause(ward: Ward) -> Words:
    if not ward.inspections:
        if ward.is_inspected or ward.is_partly_inspected:
            return _inspected_area(ward)
        if ward.is_all:
            return message("no inspection on record")
        return message("no inspection on record in this period")
    last = day(ward.inspections[0].day)
    if ward.inspection_count == 1:
        return message("inspected on {day}", day=last)
    count = in_words(ward.inspection_count)
    if ward.is_all:
        return message("inspected {count} times, last on {day}", count=count, day=last)
    return message("inspected {count} times in this period, last on {day}", count=count, day=last)


def _inspected_area(ward: Ward) -> Words:
    return message(
        "{area} of its area, by overlay of outlines, is former ground of ward police inspected in this "
        "period",
        area=percent(ward.inspected_area_pct),
    )


def _later_clauses(own: str, kin: Mapping[str, Sequence[Kin]]) -> list[Words]:
    later = {
        vintage: names
        for vintage, units in kin.items()
        if vintage > own and (names := [unit.name for unit in units if not unit.is_same])
    }
    if not later:
        return []
    vintage = max(later)
    *first, last = later[vintage]
    wards = message("{first} and {last}", first=", ".join(first), last=last) if first else last
    return [message("since {day} in {wards}", day=day(vintage), wards=wards)]


def district(ward: Ward) -> Words | str:
    """Return the district of a ward, or the former one in whose area it lies; empty without either."""
    if ward.district is None:
        return ""
    name = uncapitalised(ward.district)
    return message("in the area of former {district}", district=name) if ward.is_former_district else name


# The facts -------------------------------------------------------------------------------------------------


def facts(ward: Ward) -> list[Fact]:
    """Return what is known of a ward, for a list beside a map."""
    outline = Fact(message("Outline"), [_quality(ward)], citations=ward.outline)
    told = [*programme_facts(ward), *_inspection_facts(ward), *_elsewhere_facts(ward)]
    return [*(told or [_NOTHING_KNOWN]), _size_fact(ward), *_crossing_facts(ward), outline]


def profile_facts(shown: Profile) -> list[Fact]:
    """Return role and stage, size, outline and station of a ward, for its page."""
    ward = shown.ward
    programme = programme_facts(ward) or [_NOTHING_KNOWN]
    place = replace(_size_fact(ward), note=_quality(ward))
    stations = [_station_fact(one) for one in shown.stations] or [Fact(message("Station"), [MISSING])]
    return [*programme, *_elsewhere_facts(ward), *_waiting_facts(ward), place, *stations]


def _waiting_facts(ward: Ward) -> list[Fact]:
    """Return how many days lie between the last inspection and the last day, by the rule of map and list."""
    if ward.days_since is None:
        return []
    told = message(
        "{count} days up to {day}, none on record since",
        count=number(ward.days_since),
        day=day(ward.period.until),
    )
    if ward.is_last_partly:
        told = message("{told} (in part)", told=told)
    return [
        Fact(message("Since the last inspection on record"), [told], is_illustrative=ward.is_illustrative)
    ]


_NOTHING_KNOWN = Fact(message("Programme"), [message("No information yet")])


def programme_facts(ward: Ward) -> list[Fact]:
    """Return role and stage of a ward, or what it has of them."""
    told = [_status_fact(one) for one in ward.statuses]
    if ward.is_partly:
        shares = [
            message(
                "{area} of its area is {ground}, by overlay of outlines",
                area=percent(area),
                ground=_former_ground(ward, role),
            )
            if isnan(people)
            else message(
                "{area} of its area is {ground} and ≈ {population} of its residents came from there, "
                "by overlay of outlines",
                area=percent(area),
                ground=_former_ground(ward, role),
                population=percent(people),
            )
            for role, (area, people) in ward.shares.items()
            if area != 0
        ]
        lines = [*shares, message("From: {wards}", wards=ward.from_wards)]
        told.append(Fact(message("Partly in the programme"), lines, citations=ward.role_citations))
    elif not ward.statuses and ward.role is not None:
        # It was joined of wards which all held the role.
        role = status_words(ward.role, ward.stage, ward.years)
        origin = message("Joined of: {wards}", wards=ward.from_wards)
        told.append(Fact(message("Role and stage"), [role, origin], citations=ward.role_citations))
    return told


def _status_fact(status: RecordedStatus) -> Fact:
    since = (
        message("from the year {year}", year=status.since.year)
        if status.is_year
        else message("from {day}", day=day(status.since))
    )
    role = joined(", ", [status_words(status.role, status.stage, status.years), since])
    return Fact(message("Role and stage"), [role], status.note or "", citations=status.citations)


def _inspection_facts(ward: Ward) -> list[Fact]:
    """Return the inspections within the range, latest first; without any, the last one before."""
    if ward.last_before is not None:
        last = ward.last_before
        before = message("None in this period; the last one before it was on {day}", day=day(last.day))
        return [Fact(message("Inspection"), [before], "", last.is_illustrative, last.citations)]
    told = [_inspection_fact(one) for one in ward.inspections[:NAMED_INSPECTIONS]]
    others = ward.inspection_count - len(told)
    if others:
        told[-1] = replace(told[-1], more=message("and {count} earlier ones in this period", count=others))
    return told


def _inspection_fact(inspection: WardInspection) -> Fact:
    lines = [
        joined(", ", [day(inspection.day), inspection.body]),
        message("Verdict: {verdict}", verdict=inspection.verdict or message("not stated")),
        *round_remark(inspection),
        *criteria_words(inspection.criteria),
    ]
    return Fact(message("Inspection"), lines, "", inspection.is_illustrative, inspection.citations)


def round_remark(inspection: WardInspection) -> list[Words]:
    """Return what was said of the round of an inspection as a whole, if anything was."""
    if inspection.round_verdict is None:
        return []
    return [message("Said of the city's work as a whole: {verdict}", verdict=inspection.round_verdict)]


def _elsewhere_facts(ward: Ward) -> list[Fact]:
    """Return what inspections of others say of a ward: of the wards that it was made of or went to."""
    seen = ward.elsewhere
    if seen is None:
        return []
    lines: list[Words | str] = [
        joined(" · ", [joined(", ", [title, day(last)]), message("boundaries of {day}", day=day(vintage))])
        for title, last, vintage in seen.units
    ]
    if seen.other_count:
        lines.append(message("and {count} more", count=seen.other_count))
    if ward.is_partly_inspected and not isnan(ward.inspected_area_pct):
        lines.append(_inspected_area(ward))
    label = message("Inspected in other boundaries")
    return [Fact(label, lines, "", seen.is_illustrative, seen.citations)]


def _size_fact(ward: Ward) -> Fact:
    basis = message("official area") if ward.is_area_official else message("measured on the outline")
    area = joined("", [number(ward.area_km2, 2), " km² (", basis, ")"])
    residents: Words = MISSING
    if ward.population is not None:
        year = "" if ward.population_year is None else f" ({ward.population_year})"
        residents = joined("", [message("{count} residents", count=number(ward.population)), year])
    size = joined(" · ", [area, residents])
    return Fact(message("Area, population"), [size], citations=ward.outline)


def _quality(ward: Ward) -> Words:
    return capitalised(QUALITY_NAMES[ward.boundary_quality])


def _crossing_facts(ward: Ward) -> list[Fact]:
    told = [
        _crossing_fact(
            message("From {day}", day=day(to.vintage)),
            [joined("", [title, " (", percent(share), ")"]) for title, share in to.units],
            to,
        )
        for to in ward.successors
    ]
    if ward.origin is not None:
        origin = ward.origin
        parts: list[Words] = [
            message("{share} of {name}", share=percent(share), name=title) for title, share in origin.units
        ]
        if origin.other_count:
            parts.append(message("and {count} more", count=origin.other_count))
        label = message("Made of the units of {day}", day=day(origin.vintage))
        told.append(_crossing_fact(label, parts, origin))
    return told


def _crossing_fact(label: Words, parts: Sequence[Words], crossing: Crossing) -> Fact:
    return Fact(label, [joined(", ", parts)], citations=(Citation(share_words(crossing.link_sources)),))


def _station_fact(station: Station) -> Fact:
    precision = capitalised(_PRECISIONS[station.precision])
    return Fact(message("Station"), [station.name], precision, station.is_illustrative, station.citations)


# Inspections and kin ---------------------------------------------------------------------------------------


def no_inspection(ward: Ward) -> Words:
    """Return what stands where no inspection lies within the range, and what may be changed."""
    span = {"since": day(ward.period.since), "until": day(ward.period.until)}
    if ward.verified_only:
        return message(
            "No inspection of this ward is on record from {since} to {until}. Choose other days, or show "
            "illustrative figures too where there are any.",
            **span,
        )
    return message(
        "No inspection of this ward is on record from {since} to {until}. Choose other days.", **span
    )


def advice_counts(advice: Sequence[Advice]) -> Words:
    """Return how many recommendations are in each state, and how many are overdue."""
    states = [one.state for one in advice]
    counts = [told.of(count=states.count(state)) for state, told in _STATES.items() if state in states]
    overdue = sum(one.is_overdue for one in advice)
    if overdue:
        counts.append(message("{count} overdue", count=overdue))
    return joined(", ", counts)


def advice_note(advice: Advice) -> Words:
    """Return who is to follow a recommendation, and until when."""
    owner = [] if advice.owner is None else [advice.owner]
    due = [] if advice.due is None else [message("due {day}", day=day(advice.due))]
    return joined(" · ", [*owner, *due])


def generation(vintage: str, own: str) -> Words:
    """Return what units of another vintage are to those of a ward's own."""
    if vintage < own:
        return message("Before: units of {day}", day=day(vintage))
    return message("After: units from {day}", day=day(vintage))


def share_words(link_sources: Collection[str]) -> Words:
    """Return what says who succeeds whom, and how shares were found: no instrument gives any."""
    official = [source == "official" for source in link_sources]
    if all(official):
        return message("successors by the official mapping; shares by overlay of outlines")
    if any(official):
        return message(
            "successors by the official mapping and overlap of areas; shares by overlay of outlines"
        )
    return message("successors and shares by overlay of outlines")
