"""How events and the security plan of one of them are said."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from dashboard.subjects.events.model import EMPTY, OTHER, SILENT, RecordedEvent, SiteMap, SitePlan
from dashboard.subjects.programme.classes import MapClass
from geodata.contract.events import PHASES, WHOLE_EVENT
from geodata.events.coverage import EventCoverage
from geodata.events.plan import SecurityPlan
from geodata.language import Message, Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number, percent
from geodata.period import Period
from geodata.programme.symbols import LAND, SECONDARY, STAGE_COLOURS

PHASE_NAMES = {"before": message("before"), "during": message("during"), "after": message("after")}
STATES = {
    "done": ("d", "✓", message("done"), message("Done")),
    "assigned": ("a", "●", message("given"), message("Assigned")),
    "planned": ("p", "○", message("planned"), message("Planned, not assigned yet")),
    "not_stated": ("u", "–", message("silent"), message("The source does not say")),
    "": ("g", "✕", message("open"), message("Not assigned: no task on record")),
}
"""Class, sign, short and full name of each state; the last one stands for a cell without a task
in a plan that its author marked as complete."""

NAMED_SITES = 6
"""So many sites are named in a sentence."""

NO_EVENT = message("No event on record yet")
OUTSIDE = message("outside the range of days")


def title(event: RecordedEvent) -> Words:
    """Return what an event is called where it is chosen: with its day, and whether it has a plan."""
    notes = [message("with a plan") if event.has_plan else message("without a plan")]
    if not event.is_within:
        notes.append(OUTSIDE)
    return joined("", [day(event.day), " · ", event.name, " (", joined(", ", notes), ")"])


def headline(event: RecordedEvent, plan: SecurityPlan) -> Words:
    """Return the sentence that says how far the plan of an event is assigned and done."""
    on = day(event.day)
    if plan.cells.empty and (plan.elsewhere_count or plan.placeless_count):
        return message("Event of {day}: no site of its plan in the chosen area", day=on)
    if plan.cells.empty:
        return message("Event of {day}: no security plan on record", day=on)
    coverage, silent = plan.coverage, len(plan.silent_sites)
    if plan.whole_unit and silent == len(plan.sites) - 1:
        told = message(
            "Event of {day}: {unit} together secure the event as a whole", day=on, unit=plan.whole_unit
        )
        return message(
            "{told}; of {count} sites the source states no task", told=told, count=in_words(silent)
        )
    assigned, stated = number(coverage.assigned_count), number(coverage.stated_count)
    told = (
        message("Event of {day}: {assigned} of {cells} tasks assigned")
        if plan.is_complete
        else message("Event of {day}: {assigned} of {cells} tasks that the source states are assigned")
    )
    clauses = [told.of(day=on, assigned=assigned, cells=stated)]
    if coverage.done_count == coverage.cell_count:
        clauses.append(message("all recorded as done"))
    elif coverage.done_count:
        clauses.append(message("{count} recorded as done", count=number(coverage.done_count)))
    if plan.open_site_count == 1:
        clauses.append(message("gaps at one site"))
    elif plan.open_site_count:
        clauses.append(message("gaps at {count} sites", count=in_words(plan.open_site_count)))
    if coverage.unstated_count:
        clauses.append(
            message("{count} tasks not stated by the source", count=number(coverage.unstated_count))
        )
    return joined(", ", clauses)


def outside_of(period: Period) -> Message:
    """Return that an event lies outside the range of days."""
    return message(
        "outside the chosen range, which runs from {since} to {until}",
        since=day(period.since),
        until=day(period.until),
    )


def gaps_of(site: SitePlan) -> Words:
    """Return what of a site is not assigned, by phase and field."""
    if len(site.gaps) == len(site.cells):
        return message("all {count} tasks, in every phase and field", count=len(site.cells))
    fields = {phase: [cell["field"] for cell in site.gaps if cell["phase"] == phase] for phase in PHASES}
    return joined(
        "; ",
        [joined(": ", [PHASE_NAMES[phase], ", ".join(names)]) for phase, names in fields.items() if names],
    )


def listed_sites(sites: Sequence[str]) -> Words:
    """Return the names of some sites, and how many more there are."""
    named = joined(", ", sites[:NAMED_SITES])
    if len(sites) <= NAMED_SITES:
        return named
    more = message("and {count} more sites", count=number(len(sites) - NAMED_SITES))
    return joined(" ", [named, more])


def unit_of(cell: Mapping[Hashable, Any]) -> Words | str:
    """Return who secures a cell."""
    if isinstance(cell["unit"], str):
        return cell["unit"]
    return message("not stated") if cell["state"] == "not_stated" else message("unit not known")


def site_name(site: str) -> Words | str:
    """Return the name of a site of a plan."""
    return message("The event as a whole") if site == WHOLE_EVENT else site


def assigned_of(coverage: EventCoverage) -> Words:
    """Return how many tasks are assigned of those that the source states."""
    if not coverage.stated_count:
        return message("not stated")
    return joined("/", [number(coverage.assigned_count), number(coverage.stated_count)])


def assigned_share(coverage: EventCoverage) -> Words:
    """Return how many tasks are assigned; a percentage only where the source states every task."""
    assigned, stated = number(coverage.assigned_count), number(coverage.stated_count)
    if not coverage.stated_count:
        return message("not stated")
    if not coverage.unstated_count:
        return joined("", [percent(coverage.assigned_pct), " (", assigned, "/", stated, ")"])
    if coverage.assigned_count == coverage.stated_count:
        return message("{count} tasks stated by the source, all assigned", count=stated)
    return message(
        "{assigned} of {count} tasks stated by the source assigned", assigned=assigned, count=stated
    )


def not_stated(plan: SecurityPlan) -> Message | None:
    """Return of how many tasks the source says nothing; none where it says something of each."""
    count = plan.coverage.unstated_count
    if not count:
        return None
    return message(
        "Of {count} of {all} tasks the source says nothing.",
        count=number(count),
        all=number(plan.coverage.cell_count),
    )


def done_of(coverage: EventCoverage) -> Words:
    """Return how many tasks are done of those that the source states, where anybody reported on it."""
    if not coverage.done_count:
        return message("not on record")
    counts = f"{coverage.done_count}/{coverage.stated_count}"
    if coverage.unstated_count:
        return message("{counts} tasks stated by the source", counts=counts)
    return joined("", [percent(coverage.done_pct), f" ({counts})"])


def part_name(part: str) -> Words | str:
    """Return the name of a part of the plan; see `model.shares`."""
    if not part:
        return message("Whole plan")
    return capitalised(PHASE_NAMES[part]) if part in PHASE_NAMES else part


def map_classes(drawn: SiteMap) -> list[MapClass]:
    """Return the classes of the map of sites."""
    site, gap = STAGE_COLOURS["inspected"], STAGE_COLOURS["not_met"]
    counts = [number(count) for count in drawn.class_counts]
    return [
        MapClass(message("Site, all tasks assigned"), counts[0], site),
        MapClass(message("Site with gaps"), counts[1], site, "hatch"),
        MapClass(message("Site, no task assigned"), counts[EMPTY], gap, "hatch"),
        MapClass(message("Site, tasks not all stated by the source"), counts[SILENT], SECONDARY, "dots"),
        MapClass(message("No site of the plan"), counts[OTHER], LAND, outlined=False),
    ]


def tooltips(drawn: SiteMap) -> list[Words | str]:
    """Return what the map says of each ward, in the order of the layer."""
    return ["" if held is None else _tooltip(*held) for held in drawn.held]


def _tooltip(sites: list[str], coverage: EventCoverage) -> Words:
    if not coverage.stated_count:
        return joined(": ", [", ".join(sites), message("the source states no task")])
    told = [
        message(
            "assigned {assigned} of {cells}", assigned=coverage.assigned_count, cells=coverage.stated_count
        )
    ]
    if coverage.done_count:
        told.append(message("done {done}", done=coverage.done_count))
    if coverage.unstated_count:
        told.append(message("{count} not stated", count=coverage.unstated_count))
    return joined(": ", [", ".join(sites), joined(", ", told)])


def not_on_map(sites: list[str]) -> Message:
    """Return which sites are not on the map, since their address is not known."""
    return message("Not on the map, address not known: {sites}.", sites=", ".join(sites))


def map_notes(plan: SecurityPlan, drawn: SiteMap, chosen: str) -> list[Message]:
    """Return what stands under the map: its vintage if another one is chosen, and what is not on it."""
    lines = []
    if drawn.vintage != chosen:
        lines.append(
            message(
                "The map shows the boundaries of {drawn}, in which the sites were recorded; the page is set "
                "to those of {chosen}.",
                drawn=day(drawn.vintage),
                chosen=day(chosen),
            )
        )
    if drawn.placeless:
        lines.append(not_on_map(drawn.placeless))
    if drawn.others:
        sites = ", ".join(drawn.others)
        lines.append(message("Not on the map, recorded in other boundaries: {sites}.", sites=sites))
    if plan.elsewhere_count or plan.placeless_count:
        lines.append(
            message(
                "Left out: {elsewhere} sites outside the chosen area, {placeless} whose address is not "
                "known.",
                elsewhere=plan.elsewhere_count,
                placeless=plan.placeless_count,
            )
        )
    return lines


def no_plan(plan: SecurityPlan) -> Message:
    """Return why there is no matrix, and what to change."""
    if plan.elsewhere_count or plan.placeless_count:
        return message(
            "Left out: {elsewhere} sites outside the chosen area, {placeless} whose address is not "
            "known. Choose another area or the whole city.",
            elsewhere=plan.elsewhere_count,
            placeless=plan.placeless_count,
        )
    return message(
        "No security plan of this event is on record. Choose an event with a plan above, or import the plan."
    )
