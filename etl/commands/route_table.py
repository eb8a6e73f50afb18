"""A planned day on the terminal: the stops of each team, what is left out, and what is to be said."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.terminal import told
from geodata.itinerary.document import Document, TeamDay
from geodata.itinerary.files.wording import clock, clock_or_nothing, order_text
from geodata.language import joined, message, number


def print_itinerary(made: Document) -> None:
    """Print the stops of each team, what is left out, and what is to be said."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if made.title:
        console.print(told(made.title))
    for team in made.teams:
        console.print(_table(team, is_one_of_several=len(made.teams) > 1))
        if team.lunch:
            ends = {name: clock(getattr(team.lunch, name), team.date) for name in ("begins", "ends")}
            console.print(told(message("Lunch {begins}–{ends} (estimated)", **ends)))
        totals = team.totals
        console.print(
            told(
                message(
                    "{distance} km; travel {travel} min, visits {visits} min, waiting {waiting} min",
                    distance=number(totals.distance_m / 1000, 1),
                    travel=number(totals.travel_min),
                    visits=number(totals.service_min),
                    waiting=number(totals.waiting_min),
                )
            )
        )
    gain = made.gain
    if gain:
        saved = message(
            "Against the order given: {travel} min, {distance} km saved",
            travel=number(gain.travel_min),
            distance=number(gain.distance_m / 1000, 1),
        )
        is_better = gain.travel_min or gain.distance_m
        console.print(told(saved if is_better else message("No order is shorter than the one given.")))
    order = joined(": ", [message("Order of the stops"), order_text(made)])
    console.print(told(order))
    for left in made.unassigned:
        console.print(told(message("Not visited: {name}: {reason}", name=left.name, reason=left.reason)))
    for broken in made.violations:
        reason = joined(": ", [broken.name, broken.reason]) if broken.name else broken.reason
        console.print(told(message("Not kept: {reason}", reason=reason)))
    for note in made.notes:
        console.print(f"- {told(note)}")


def _table(team: TeamDay, *, is_one_of_several: bool) -> Table:
    title = told(message("Team {team}", team=team.team)) if is_one_of_several else None
    table = Table(title=title, title_justify="left")
    table.add_column(told(message("No.")), justify="right")
    for heading in (
        message("Stop"),
        message("Code"),
        message("Arrival (estimate)"),
        message("Departure (estimate)"),
        message("Leg"),
    ):
        table.add_column(told(heading))
    legs = [None, *team.legs]
    for stop, leg in zip(team.stops, legs, strict=True):
        way = ""
        if leg is not None:
            sign = "" if leg.method == "network" else "≈ "
            distance, duration = number(leg.distance_m / 1000, 1), number(leg.duration_min)
            way = sign + told(message("{distance} km, {duration} min", distance=distance, duration=duration))
        table.add_row(
            "" if stop.number is None else str(stop.number),
            Text(stop.name),
            stop.ward_code or "",
            *(clock_or_nothing(moment, team.date) for moment in (stop.arrival, stop.departure)),
            way,
        )
    return table
