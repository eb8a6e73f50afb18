"""How it is said what the data rest on: the sections of the page of sources and methods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.subjects.sources.citations import web_address
from dashboard.subjects.sources.facts import PublishedFact
from dashboard.subjects.sources.model import Outlines, Provenance, SourceUse
from geodata.contract.provenance import input_name
from geodata.definitions import DEFINITIONS
from geodata.itinerary.definitions import DEFINITIONS as ITINERARY_DEFINITIONS
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number
from geodata.quality import LAYER_NAMES, QUALITY_NAMES, Statement

SECTION_NAMES = {
    "sources": message("Sources"),
    "facts": message("Published facts"),
    "definitions": message("Definitions"),
    "build": message("Build"),
    "boundaries": message("Boundaries"),
    "faults": message("Known faults"),
    "unknown": message("What is unknown"),
}
"""What the page shows, one at a time."""

_KINDS = {
    "published": message("published"),
    "imported": message("imported file"),
    "cited": message("cited in an imported file"),
}


@dataclass(frozen=True)
class Section:
    """One section of the page.

    Attributes
    ----------
    titles
        Headings of the columns of its table, by their names.
    entries
        Its rows: the columns, and what else the page shows of them; what is not known is none.
    facts
        What stands above them.
    """

    titles: Mapping[str, Words | str]
    entries: Sequence[Mapping[str, Any]]
    facts: Words | None = None


def sections(shown: Provenance) -> dict[str, Section]:
    """Return all sections by their names."""
    return {
        "sources": _sources(shown.sources),
        "facts": _facts(shown.facts),
        "definitions": _definitions(),
        "build": _build(shown.build, is_proven=shown.is_proven),
        "boundaries": _boundaries(shown.outlines),
        "faults": _statements(shown.faults),
        "unknown": _statements(shown.unknown),
    }


def headline(source_count: int, file_count: int, fault_count: int, unknown_count: int) -> Words:
    """Return the sentence that says what the page holds."""
    clause = message(
        "{sources} sources carry all figures; {faults} faults of the data are known and {unknown} questions "
        "open",
        sources=in_words(source_count),
        faults=in_words(fault_count),
        unknown=in_words(unknown_count),
    )
    if file_count:
        clause = message("{told}; files imported: {files}", told=clause, files=in_words(file_count))
    return capitalised(clause)


def about_all_data(latest: Words) -> Words:
    """Return that the page is about all the data, whose latest facts are told."""
    return message(
        "This page is about all the data, whatever days, boundaries or areas are chosen; {latest}.",
        latest=latest,
    )


def _sources(sources: Iterable[SourceUse]) -> Section:
    titles = {
        "source_id": message("Code"),
        "kind": message("Kind"),
        "title": message("Title"),
        "publisher": message("Publisher"),
        "published": message("Published on"),
        "licence": message("Licence"),
        "locator": message("Number or file"),
        "url": message("Address"),
        "rests": message("Rows that rest on it"),
    }
    entries = [
        {
            **one.row,
            "kind": _KINDS[one.kind],
            "is_file": one.kind != "published",
            "published": day(one.row["published"]) if one.row["published"] is not None else None,
            "address": web_address(one.row["url"]),
            "rests": _listed((LAYER_NAMES[name], number(count)) for name, count in one.rows),
        }
        for one in sources
    ]
    return Section(titles, entries)


def _listed(pairs: Iterable[tuple[Words | str, Words | str]]) -> Words | None:
    """Return pairs as one line; none where there are none."""
    parts = [joined(" ", pair) for pair in pairs]
    return joined(", ", parts) if parts else None


def _facts(facts: Iterable[PublishedFact]) -> Section:
    titles = {
        "day": message("Day"),
        "text": message("Fact"),
        "scope": message("Whom it concerns"),
        "source": message("Source"),
    }
    entries = [
        {
            "day": None if one.day is None else day(one.day),
            "text": one.text,
            "scope": message("nationwide") if one.scope == "national" else message("the city"),
            "source": one.source,
            "citations": one.citations,
        }
        for one in facts
    ]
    return Section(titles, entries)


def _definitions() -> Section:
    titles = {
        "name": message("Figure"),
        "formula": message("Formula"),
        "unit": message("Unit"),
        "source": message("Source"),
    }
    definitions = {**DEFINITIONS, **ITINERARY_DEFINITIONS}
    return Section(titles, [{"code": code, **vars(one)} for code, one in definitions.items()])


def _build(build: Sequence[Mapping[Any, Any]], *, is_proven: bool) -> Section:
    titles: dict[str, Words | str] = {
        "input": message("Input"),
        "sha256": "SHA-256",
        "built_at": message("Built at"),
        "program_version": message("Version of the program"),
        "as_of": message("Day of reference"),
    }
    if not build:
        return Section(titles, build)
    built = datetime.fromisoformat(build[0]["built_at"])
    facts: Words = message(
        "Built on {day} at {time}, by version {version} of the program, for the day {as_of}, from {count} "
        "inputs.",
        day=day(built),
        time=f"{built:%H:%M %Z}".strip(),
        version=build[0]["program_version"],
        as_of=day(build[0]["as_of"]),
        count=number(len(build)),
    )
    head = build[0]["audit_head"]
    if isinstance(head, str):
        facts = joined(" ", (facts, message("The newest entry of the audit log was then {head}.", head=head)))
    if not is_proven:
        facts = joined(
            " ",
            [
                facts,
                message(
                    "No checksum stands beside the file, so that it is not known whether it is as it was "
                    "built; “pilot-wards build” makes one."
                ),
            ],
        )
    return Section(titles, [{**row, "input": input_name(row["input"])} for row in build], facts)


def _boundaries(outlines: Iterable[Outlines]) -> Section:
    titles = {
        "vintage": message("Boundaries from"),
        "units": message("Units"),
        "quality": message("Outlines"),
        "population": message("Residents of the year"),
        "instrument": message("Instrument"),
        "licence": message("Licence"),
        "source": message("Source"),
    }
    entries = [
        {
            "vintage": day(one.vintage),
            "units": _listed((number(count), kind) for kind, count in one.kinds),
            "quality": _listed((QUALITY_NAMES[quality], number(count)) for quality, count in one.qualities),
            "population": ", ".join(map(str, one.population_years)) or None,
            "instrument": "; ".join(one.instruments) or None,
            "licence": "; ".join(one.licences) or None,
            "source": "; ".join(one.sources),
            "citations": one.citations,
        }
        for one in outlines
    ]
    return Section(titles, entries)


def _statements(statements: Iterable[Statement]) -> Section:
    titles = {"text": message("Statement"), "reason": message("Reason or meaning")}
    return Section(titles, [vars(one) for one in statements])
