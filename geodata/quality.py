"""What the layers tell of themselves: what rests on each source, their faults, and what stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geodata.contract.events import WHOLE_EVENT
from geodata.language import Bilingual, Message, Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import number, percent
from geodata.wards.crosswalk import same_wards
from geodata.wards.units import KEY, are_among

LAYER_NAMES = {
    "ward": message("wards"),
    "pilot_status": message("roles and stages"),
    "inspection_round": message("rounds of inspections"),
    "inspection": message("inspections"),
    "criterion_result": message("results of criteria"),
    "recommendation": message("recommendations"),
    "indicator_value": message("values of indicators"),
    "station": message("stations"),
    "event": message("events"),
    "event_task": message("tasks of events"),
    "landmark": message("landmarks"),
    "water": message("parts of rivers"),
    "itinerary_case": message("published visits"),
    "itinerary_case_stop": message("wards of published visits"),
    "itinerary_stop": message("stops of itineraries"),
    "target": message("targets"),
    "fact": message("other facts"),
    "criteria_set": message("sets of criteria"),
    "criterion": message("criteria"),
}
"""The layers whose rows name a source, in the order in which they are told."""

QUALITY_NAMES = {
    "official": message("official outlines"),
    "public": message("public outlines"),
    "schematic": message("schematic outlines"),
    "derived": message("derived outlines"),
}
"""What outlines are called by their quality."""


def rows_by_source(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how many rows of each layer rest on each source.

    Keys: source_id, layer; ``rows``.
    """
    counts = []
    for name in LAYER_NAMES:
        frame = layers[name]
        column = "boundary_source" if name == "ward" else "source"
        for source, count in frame[column].dropna().value_counts().items():
            counts.append((source, name, int(count)))
    return pd.DataFrame(counts, columns=["source_id", "layer", "rows"])


@dataclass(frozen=True)
class Statement:
    """A fault of the data or something that is unknown.

    Attributes
    ----------
    text
        What it is, with its figures.
    reason
        Why, or what it means for a reader.
    """

    text: Words
    reason: Words


def known_faults(layers: Mapping[str, Any]) -> list[Statement]:
    """Return what the layers themselves tell of their faults; what is not the case is left out.

    Parameters
    ----------
    layers
        The layers by their name; ward_summary among them.
    """
    found: list[Statement] = []

    def add(count: int, text: Message, reason: Message, **values: object) -> None:
        if count:
            found.append(Statement(text.of(count=number(count), **values), reason))

    wards = layers["ward"]
    for vintage, units in wards.groupby("vintage", sort=True):
        on = {"vintage": day(str(vintage))}
        add(
            int(units["boundary_quality"].eq("derived").sum()),
            message("Boundaries of {vintage}: {count} outlines are derived from other boundaries."),
            message(
                "They are put together from those of another vintage, or cut by them; lengths and shapes "
                "along a cut are approximate."
            ),
            **on,
        )
        add(
            int(units["boundary_quality"].eq("schematic").sum()),
            message("Boundaries of {vintage}: {count} outlines are schematic."),
            message("They are right in place and size, not in shape; don't measure on them."),
            **on,
        )
        add(
            int(units["population"].isna().sum()),
            message("Boundaries of {vintage}: residents of {count} units are not known."),
            message("Shares of residents that need them are missing."),
            **on,
        )
    summary = layers["ward_summary"]
    for vintage, units in summary[summary["is_partly"]].groupby("vintage", sort=True):
        add(
            len(units),
            message("Boundaries of {vintage}: {count} wards are in the programme in part only."),
            message("A redrawing joined wards of the programme with others; they count apart as “partly”."),
            vintage=day(str(vintage)),
        )
    crosswalk = layers["crosswalk"]
    add(
        int(crosswalk["link_source"].eq("area").sum()),
        message("{count} links between boundaries follow from overlap of areas."),
        message(
            "The official lists leave several candidates there; figures carried along these links are "
            "estimates."
        ),
    )
    status = layers["pilot_status"]
    year_only = status[status["valid_from_precision"].eq("year")]
    add(
        len(year_only),
        message("{count} stages are dated to the year only."),
        message("A day of that year stands for the day, which is not published."),
    )
    inspection = layers["inspection"]
    add(
        int((inspection["criteria_met"].isna() | inspection["criteria_assessed"].isna()).sum()),
        message("{count} inspections have no number of criteria met and assessed."),
        message("Such numbers are not published, or only single results are on record."),
    )
    latest = wards["vintage"].max() if len(wards) else ""
    same = same_wards(crosswalk, wards)
    same = same[same["to_vintage"] == latest]
    older = inspection[inspection["vintage"] != latest]
    add(
        int((~are_among(older[KEY], same[["from_vintage", "from_ward_code"]])).sum()),
        message("{count} inspections are of wards that the latest boundaries don't have as they were."),
        message("They stay with the ward that was inspected and don't pass to what was made of it."),
    )
    task = layers["event_task"]
    is_silent = task["state"].eq("not_stated")
    add(
        int(is_silent.sum()),
        message("{count} tasks of events are not stated by their source."),
        message("That is no gap; only a plan that its author marked as complete can have gaps."),
    )
    add(
        int((task["unit"].isna() & ~is_silent).sum()),
        message("{count} tasks of events name no unit that is to do them."),
        message("The source does not say who; whether they are assigned is told by their state alone."),
    )
    add(
        int((task["ward_code"].isna() & task["site"].ne(WHOLE_EVENT)).sum()),
        message("{count} tasks of events are at a site whose ward is not published."),
        message("They stand in tables and on no map."),
    )
    target = layers["target"]
    without = target[target["value"].isna()]
    add(
        len(without),
        message("{count} targets have no published value: {names}."),
        message("Such a target has no line on a chart and no gap."),
        names=_names(without, "target_name"),
    )
    criterion = layers["criterion"]
    add(
        int((~criterion["is_name_official"].astype("bool")).sum()),
        message("{count} criteria bear default names."),
        message("The official names are not published; numbers stand for them."),
    )
    values, catalogue = layers["indicator_value"], layers["indicator"]
    shares = catalogue.loc[catalogue["unit"].eq("%"), "indicator_code"]
    of_shares = values[values["indicator_code"].isin(shares)]
    bare = of_shares[of_shares["numerator"].isna() | of_shares["denominator"].isna()]
    name = catalogue.set_index("indicator_code")
    add(
        len(bare),
        message("{count} percentages come without numerator and denominator: {names}."),
        message("They stand for one ward in one period; for anything larger they are missing."),
        names=_names(name.loc[sorted(bare["indicator_code"].unique())], "indicator_name"),
    )
    station = layers["station"]
    add(
        int(station["location_precision"].eq("ward_reference_point").sum()),
        message("{count} stations stand on a reference point of their ward."),
        message("Where the station is has not been entered; distances from it are rough."),
    )
    for layer_name in LAYER_NAMES:
        frame = layers[layer_name]
        if "is_illustrative" in frame:
            count = int(frame["is_illustrative"].sum())
            add(
                count,
                message("{count} of {all} rows of “{layer}” are illustrative ({share})."),
                message("A program made them to show the screens; “Verified facts only” leaves them out."),
                all=number(len(frame)),
                layer=LAYER_NAMES[layer_name],
                share=percent(100 * count / max(len(frame), 1)),
            )
    source = layers["source"]
    add(
        int(source["licence"].isna().sum()),
        message("{count} of {all} sources state no licence or terms."),
        message("Ask the publisher before passing their texts on; facts themselves are cited."),
        all=number(len(source)),
    )
    add(
        int(source["published"].isna().sum()),
        message("{count} of {all} sources have no day of publication on record."),
        message("The cell stays empty; a day is not guessed."),
        all=number(len(source)),
    )
    return found


def what_is_unknown(layers: Mapping[str, Any]) -> list[Statement]:
    """Return what is not published about the programme and so stays empty; what has become known is left out.

    Parameters
    ----------
    layers
        The layers by their name.
    """
    status, inspection, wards = layers["pilot_status"], layers["inspection"], layers["ward"]
    verified = inspection[~inspection["is_illustrative"]]
    name = wards.drop_duplicates(KEY).set_index(KEY)["ward_name"]

    def names(rows: pd.DataFrame) -> str:
        keys = rows[KEY].drop_duplicates().itertuples(index=False, name=None)
        return ", ".join(str(name.get(key, key[1])) for key in keys)

    criterion, target = layers["criterion"], layers["target"]
    visits = status[status["role"].eq("visit_site") & status["stage"].isna()]
    words = verified[verified["criteria_met"].isna()]
    last = max(status["valid_from"].max(), verified["inspection_date"].max(), key=_day_or_least)
    recommendation = layers["recommendation"]
    texts = recommendation[~recommendation["is_illustrative"]]
    candidates: list[tuple[bool, Words, Words]] = [
        (
            bool((~criterion["is_name_official"].astype("bool")).any()),
            message("The names of the criteria, their weights, points and pass marks."),
            message(
                "Not published. A result is met, not met or not assessed; no grade in points is made up.",
            ),
        ),
        (
            bool(target.loc[target["scope"].eq("city"), "value"].isna().all()),
            message("A target of Hải Phòng."),
            message("Not published; a national target is none of the city's."),
        ),
        (
            len(visits) > 0,
            message("The formal status of {wards} as visit sites.", wards=names(visits)),
            message("The source tells that delegates visited them, not whether they were pilot wards."),
        ),
        (
            len(words) > 0,
            message("The number of criteria that each of these wards met: {wards}.", wards=names(words)),
            message("No result of a single ward is published; what was said is said of the city's work."),
        ),
        (
            "inspection-proposals" in set(layers["fact"]["fact_id"]) and texts.empty,
            message("The text of the proposals of the city and the inspected wards."),
            message("The source says that the delegation noted them, and not what they say."),
        ),
        (
            len(status) > 0,
            message("What became of the wards of the programme after {day}.", day=day(last)),
            message(
                "That is the last day of a verified stage or inspection; nothing later is on record.",
            ),
        ),
        (
            bool(status["valid_from_precision"].eq("year").any()),
            message(
                "On which day these wards began: {wards}.",
                wards=names(status[status["valid_from_precision"].eq("year")]),
            ),
            message("Only the year is published."),
        ),
        (
            len(status) > 0 and not status["stage"].eq("recognised").any(),
            message("Whether a ward of the city was recognised."),
            message(
                "Recognition takes a decision of the Minister; none on record names a ward of the city.",
            ),
        ),
        (
            bool(layers["station"]["location_precision"].eq("ward_reference_point").any()),
            message("Where the ward police stations stand."),
            message(
                "Not published; a point inside the ward stands for each until one is imported.",
            ),
        ),
    ]
    return [Statement(text, reason) for is_unknown, text, reason in candidates if is_unknown]


def _day_or_least(value: Any) -> pd.Timestamp:
    return pd.Timestamp.min if pd.isna(value) else pd.Timestamp(value)


def _names(rows: pd.DataFrame, column: str) -> Words:
    return joined("; ", map(Bilingual, rows[column], rows[f"{column}_en"]))
