"""How the ground that was ever chosen for the pilot is said."""

from dashboard.subjects.programme.areas import PilotArea, PilotAreas
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import number, percent


def headline(shown: PilotAreas) -> Words:
    """Return what share of the city's area and residents was ever chosen for the pilot."""
    return message(
        "The ground ever chosen for the pilot is {area} of the city's area, with {people} of its residents",
        area=percent(shown.coverage.area_pct),
        people=percent(shown.coverage.population_pct),
    )


def base(shown: PilotAreas, vintage: str) -> Words:
    """Return what the shares are of: the whole city by the boundaries shown."""
    told: Words = message(
        "Shares are of the city by the boundaries of {day}: {units} units, {km2} km² by their outlines",
        day=day(vintage),
        units=number(shown.coverage.ward_count),
        km2=number(shown.city_km2),
    )
    if shown.population == shown.population:
        told = joined(", ", [told, message("{count} residents", count=number(shown.population))])
    if not shown.former.wards:
        return told
    then = message(
        "the wards had {km2} km² by their own outlines; {inside} km² of it lie within these units ({share})",
        km2=number(sum(one.area_km2 for one in shown.areas), 2),
        inside=number(shown.coverage.area_pct * shown.city_km2 / 100, 2),
        share=percent(shown.coverage.area_pct),
    )
    return joined("; ", [told, then])


def area_label(area: PilotArea) -> Words | str:
    """Return the name of a ward with the years for which it was chosen."""
    return message("{ward}, {years}", ward=area.name, years=area.years) if area.years else area.name


def size(area: PilotArea) -> Words:
    """Return how large the ground of a ward is."""
    return joined(" ", [number(area.area_km2, 2), "km²"])
