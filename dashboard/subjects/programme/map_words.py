"""How a map of roles and stages is said, with the totals that its legend has."""

from dashboard.subjects.programme.model import Programme
from dashboard.subjects.programme.words import sentence, unknown_since, years_in_figures
from geodata.language import Message, Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import number
from geodata.programme.pilot_wards import ChosenWards

_IN_CITY = message("The city has {told} among {count} commune-level units")
_IN_AREA = message("The chosen area has {told} among {count} commune-level units")

# Of one ward, and of several.
_EVER = (message("one ward ever chosen"), message("{count} wards ever chosen"))
_EVER_FOR_THE_PILOT = (
    message("one ward ever chosen for the pilot"),
    message("{count} wards ever chosen for the pilot"),
)


def map_headline(shown: Programme, *, is_city: bool) -> Words:
    """Return the sentence of a map of roles and stages, with the totals of its legend.

    Parameters
    ----------
    shown
        How the programme stands.
    is_city
        Of the whole city, not of some areas.
    """
    chosen = shown.chosen
    if not chosen.count and not chosen.visit_site_count:
        return sentence(chosen, shown.latest, shown.period, is_all=shown.is_all, is_illustrative=False)
    count = number(shown.unit_count)
    if shown.holder_count and not shown.programme_codes:
        told = message(
            "No pilot ward is as it was: {told}, whose ground {held} of {count} commune-level units "
            "hold in part",
            told=_with_visit_sites(_chosen_in_figures(chosen, _EVER), chosen),
            held=number(shown.holder_count),
            count=count,
        )
    else:
        named = _with_visit_sites(_chosen_in_figures(chosen, _EVER_FOR_THE_PILOT), chosen)
        told = (_IN_CITY if is_city else _IN_AREA).of(told=named, count=count)
    since = unknown_since(shown.latest, shown.period.until, is_all=shown.is_all)
    if not since or shown.latest.verified is None:
        return told
    if shown.latest.verified.is_exact:
        text = message("nothing known after {day} up to the end of the period")
        if shown.is_all:
            text = message("nothing known after {day}")
        since = [text.of(day=day(shown.latest.verified.day))]
    return joined("; ", [told, *since])


def _chosen_in_figures(chosen: ChosenWards, named: tuple[Message, Message]) -> list[Words]:
    """Return the wards ever chosen with the years, in figures; nothing where there are none."""
    if not chosen.count:
        return []
    told: Words = named[0] if chosen.count == 1 else named[1].of(count=number(chosen.count))
    years = years_in_figures(chosen)
    return [joined("", [told, " (", years, ")"]) if years else told]


def _with_visit_sites(told: list[Words], chosen: ChosenWards) -> Words:
    """Return the wards ever chosen and the visit sites, of which there are some."""
    visited: list[Words] = []
    if chosen.visit_site_count == 1:
        visited = [message("one visit site")]
    elif chosen.visit_site_count:
        visited = [message("{count} visit sites", count=number(chosen.visit_site_count))]
    parts = [*told, *visited]
    return message("{first} and {last}", first=parts[0], last=parts[1]) if len(parts) > 1 else parts[0]
