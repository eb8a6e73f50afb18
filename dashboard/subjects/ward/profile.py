"""What stands on the page of one ward besides: kin, neighbours, stations, recommendations, sources."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.former import FormerGround, former_ground
from dashboard.subjects.sources.citations import BATCH, Citation, cite
from dashboard.subjects.ward.model import Kin, Ward, kin_of, known_or_none, text_of, ward_of
from dashboard.subjects.ward.trends import ward_trends
from geodata.language import message
from geodata.language.alphabet import alphabet_key
from geodata.language.dates import day
from geodata.programme.symbols import LAND, NEIGHBOUR_COLOUR, SECONDARY
from geodata.wards.frames import frame_bounds
from geodata.wards.names import ward_title
from geodata.wards.neighbours import TOUCH_M, neighbours


@dataclass(frozen=True)
class Station:
    """A police station of a ward."""

    name: str
    precision: str
    is_illustrative: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Advice:
    """A recommendation of an inspection; ``state`` is empty where it is not known."""

    text: str
    owner: str | None
    due: datetime.date | None
    state: str
    is_overdue: bool


@dataclass(frozen=True)
class Profile:
    """What stands on the page of a ward.

    Attributes
    ----------
    ward
        What is true of it.
    kin
        See `kin_of`.
    neighbours
        Name of each ward that touches it, by its code, in the order of the alphabet.
    stations
        Its police stations.
    advice
        Recommendations by the inspection that gave them.
    set_sizes
        How many criteria each set has.
    table
        All its inspections within the range, with the texts of their recommendations.
    sources
        Each source of the page, once and written out: on paper nothing opens.
    former
        Wards of other vintages of whose ground it holds a part.
    """

    ward: Ward
    kin: Mapping[str, tuple[Kin, ...]]
    neighbours: Mapping[str, str]
    stations: tuple[Station, ...]
    advice: Mapping[str, tuple[Advice, ...]]
    set_sizes: Mapping[str, int]
    table: pd.DataFrame
    sources: tuple[str, ...]
    former: FormerGround


@cached
def ward_profile(query: Query, code: str) -> Profile:
    """Return what stands on the page of a ward of the vintage."""
    evidence, key = query.evidence(), (query.vintage, code)
    row = evidence.ward(key)
    inspections = evidence.rows("inspection", key)
    inspections = inspections[evidence.period.holds(inspections["inspection_date"])]
    advice = query.layer("recommendation")
    advice = advice[advice["inspection_id"].isin(inspections["inspection_id"])]
    stations = query.of_vintage("station")
    stations = stations[stations["ward_code"] == code].sort_values("station_id")
    if query.verified_only:
        advice, stations = (frame[~frame["is_illustrative"]] for frame in (advice, stations))
    texts = advice.groupby("inspection_id")["text"].agg("; ".join)
    return Profile(
        ward=ward_of(evidence, key),
        kin=kin_of(evidence, key),
        neighbours={
            other: ward_title(evidence.ward((key[0], other)))
            for other in neighbours(key, query.of_vintage("ward"))
        },
        stations=tuple(
            Station(
                station["station_name"],
                station["location_precision"],
                bool(station["is_illustrative"]),
                cite([station["source"]], evidence.source),
            )
            for station in stations.to_dict("records")
        ),
        advice={
            str(inspection): _advice(rows, pd.Timestamp(query.period.until))
            for inspection, rows in advice.groupby("inspection_id")
        },
        set_sizes=query.layer("criteria_set").set_index("criteria_set")["criteria_count"].to_dict(),
        table=inspections.assign(recommendations=inspections["inspection_id"].map(texts)),
        sources=_written_out(
            [
                *evidence.rows("pilot_status", key)["source"],
                row["source"],
                row["boundary_source"],
                *inspections["source"],
                *advice["source"],
                *stations["source"],
                *ward_trends(query, code).sources,
            ],
            evidence.source,
        ),
        former=former_ground(evidence.of_areas(query.vintage, (code,)), query.vintage),
    )


def _advice(rows: pd.DataFrame, until: pd.Timestamp) -> tuple[Advice, ...]:
    ordered = rows.sort_values(["due_date", "recommendation_id"])
    return tuple(
        Advice(
            text=row["text"],
            owner=text_of(row["owner_unit"]),
            due=known_or_none(row["due_date"]),
            state=text_of(row["state"]) or "",
            is_overdue=bool(row["due_date"] < until) and row["state"] != "done",
        )
        for row in ordered.to_dict("records")
    )


def _written_out(wanted: Iterable[object], sources: pd.DataFrame) -> tuple[str, ...]:
    names = list(dict.fromkeys(str(one) for one in wanted if isinstance(one, str)))
    found = sources[sources["source_id"].isin(names)].to_dict("records")
    rows = {row["source_id"]: row for row in found}
    lines = []
    for name in filter(rows.__contains__, names):
        row = rows[name]
        published = day(row["published"]) if pd.notna(row["published"]) else None
        parts = [row["title"], row["publisher"], published, row["locator"]]
        label = "" if len(name) > 1 or name.startswith(BATCH) else f"{name}. "
        lines.append(label + ". ".join(part for part in parts if isinstance(part, str) and part))
    return tuple(lines)


@cached
def wards_in_programme(query: Query) -> list[tuple[tuple[str, str], str, str]]:
    """Return key, name and district of each ward of the programme that is looked at, by the alphabet.

    They are the wards of which it is recorded, as they were then: what a redrawing made of them is none.
    """
    evidence = query.evidence()
    wards = query.wards()
    keys = [
        (query.vintage, code) for code in wards.loc[wards["role"].notna() & ~wards["is_partly"], "ward_code"]
    ]
    former = former_ground(evidence.of_areas(query.vintage, query.areas), query.vintage)
    keys += [(ward.vintage, ward.ward_code) for ward in former.wards]
    rows = sorted(map(evidence.ward, keys), key=lambda row: alphabet_key(row["ward_name"]))
    return [
        ((row["vintage"], row["ward_code"]), ward_title(row), text_of(row["district_name"]) or "")
        for row in rows
    ]


def locator_classes(
    code: str, touching: Iterable[str], codes: Sequence[str]
) -> tuple[list[MapClass], list[int]]:
    """Return the classes of a small map (the ward, those that touch it, the others), and each ward's.

    Parameters
    ----------
    code
        Of the ward.
    touching
        Codes of those that touch it.
    codes
        Of all wards, in the order of the geometry.
    """
    place = dict.fromkeys(touching, 1) | {code: 0}
    numbers = [place.get(one, 2) for one in codes]
    labels = (
        (message("This ward"), SECONDARY),
        (message("Touches it"), NEIGHBOUR_COLOUR),
        (message("Another ward"), LAND),
    )
    classes = [MapClass(label, "", colour, outlined=at == 0) for at, (label, colour) in enumerate(labels)]
    return classes, numbers


@cached
def locator_frame(
    published: Publication, vintage: str, codes: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of some wards."""
    wards = of_vintage(published, "ward", vintage)
    return frame_bounds(wards, wards["ward_code"].isin(codes), gap_m=10 * TOUCH_M)
