"""How the figure of one ward is said beside the map, and what heads the columns of the table."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.subjects.figures.choices import DAYS_SINCE, STAGE, Measure
from dashboard.subjects.figures.model import WardClasses, WardFigure
from dashboard.subjects.figures.words import digits_of, figure_words, unit_words
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import approximately, interval_words, is_missing, number, percent, unit_name


def ward_value(shown: WardClasses, figure: WardFigure) -> Words | str:
    """Return the figure of one ward, or its class in the programme."""
    if shown.measure.code == STAGE:
        return shown.stages[int(figure.ward["class_number"])].label
    return figure_words(figure.ward["value"], shown.measure, shown.pers[0])


def why_unranked(ward: Mapping[Any, Any], measure: Measure) -> Words | None:
    """Return why a unit with a figure has no rank; nothing where it has one, or no figure."""
    if not ward["is_reported"] and not is_missing(ward["days_pct"]):
        return message("Reported too little, below {least}% of days: no rank", least=LEAST_REPORTED_PCT)
    if is_uncertain(ward):
        return message("Its band is wider than the figure: no rank")
    if ward["is_few"]:
        return message(
            "Fewer than {few} {unit}: no rank, no percentage", few=LEAST_EVENTS, unit=unit_name(measure.unit)
        )
    return None


def _certainty(ward: Mapping[Any, Any], measure: Measure, per: str) -> list[Words]:
    lines: list[Words] = []
    if not is_missing(ward["low"]):
        lines.append(
            message(
                "95% interval {interval}",
                interval=interval_words(ward["low"], ward["high"], digits_of(ward["high"], per)),
            )
        )
    if ward["outside"]:
        lines.append(capitalised(outside_words(int(ward["outside"]))))
    elif not is_missing(ward["low"]) and not is_missing(ward["rank"]):
        lines.append(message("Against the whole city: within what chance explains"))
    return lines


_OUTSIDE = {
    2: message("high, outside 99.8%"),
    1: message("high, outside 95%"),
    0: message("within the limits"),
    -1: message("low, outside 95%"),
    -2: message("low, outside 99.8%"),
}


def outside_words(outside: int) -> Words:
    """Return how a unit stands to the limits of chance, see `geodata.indicators.statistics.Funnel`."""
    return _OUTSIDE[outside]


def ward_lines(figure: WardFigure, measures: Sequence[Measure], pers: Sequence[str]) -> list[Words]:
    """Return what is known of the figure of one ward, a line each: rank, share of days, day, second figure.

    Parameters
    ----------
    figure
        The ward.
    measures, pers
        See `dashboard.subjects.figures.model.WardClasses`.
    """
    ward, lines = figure.ward, _certainty(figure.ward, measures[0], pers[0])
    unranked = why_unranked(ward, measures[0])
    if unranked is not None:
        lines.append(unranked)
    if not is_missing(ward["rank"]):
        is_lowest = measures[0].direction == "lower"
        lines.append(
            message(
                "Rank {rank} of {count} ({order})",
                rank=number(ward["rank"]),
                count=number(figure.ranked_count),
                order=message("1 is the lowest") if is_lowest else message("1 is the highest"),
            )
        )
    if not is_missing(ward["days_pct"]):
        lines.append(message("Reported {share} of the days", share=percent(ward["days_pct"])))
    if not is_missing(ward["latest_day"]):
        lines.append(message("Figure of {day}", day=day(ward["latest_day"])))
    if ward["is_apportioned"]:
        lines.append(_carried(ward, measures[0]))
    if len(measures) > 1:
        lines.append(joined(": ", [measures[1].name, figure_words(ward["second"], measures[1], pers[1])]))
    return lines


def is_uncertain(row: Mapping[Any, Any]) -> bool:
    """Return whether the band that unknown shares leave is wider than the figure itself."""
    return bool(row["is_wide"])


def _carried(ward: Mapping[Any, Any], measure: Measure) -> Words:
    """Return the band of a count that was carried across a redrawing."""
    if measure.code == DAYS_SINCE:
        return message("Of a part of it only")
    if is_missing(ward["least"]) or measure.unit == "%":
        return message("Carried across a redrawing: not a figure of its own")
    return message(
        "Carried across a redrawing: {value} {unit}, between {least} and {most}",
        value=approximately(ward["total"]),
        unit=unit_name(measure.unit),
        least=number(ward["least"]),
        most=number(ward["most"]),
    )


def with_limits(table: Any) -> Any:
    """Return the table that is handed over in the order of ranks, with how each ward stands to the limits."""
    told = [
        outside_words(int(row["outside"])) if not is_missing(row["rank"]) else ""
        for row in table.to_dict("records")
    ]
    return table.assign(outside_words=told).sort_values("rank", kind="stable")


def table_titles(shown: WardClasses) -> dict[str, Words | str]:
    """Return the headings of the columns of the table that is handed over."""

    def titled(measure: Measure, per: str) -> Words:
        if not measure.unit:
            return measure.name
        return joined("", [measure.name, " (", unit_words(measure.unit, per, measure.kind), ")"])

    measured = [titled(*one) for one in zip(shown.measures, shown.pers, strict=True)]
    titles: dict[str, Words | str] = {
        "ward_code": message("Code"),
        "ward_kind": message("Kind of unit"),
        "ward_name": message("Unit"),
        "district_name": message("District"),
    }
    if shown.measure.code != STAGE:
        titles |= {"value": measured[0], "rank": message("Rank")}
    if shown.chance is not None:
        titles |= interval_titles(shown.measure, shown.chance.per)
        titles |= {
            "population_year": message("Year of the number of residents"),
            "outside_words": message("Against the limits"),
        }
    titles["class_label"] = message("Class")
    if len(measured) > 1:
        titles["second"] = measured[1]
    return titles | {
        "days_pct": message("Share of days reported (%)"),
        "latest_day": message("Day of the figure"),
        "is_apportioned": message("Carried across a redrawing"),
        "least": message("At least"),
        "most": message("At most"),
        "is_illustrative": message("Illustrative"),
    }


def interval_titles(measure: Measure, per: str) -> dict[str, Words | str]:
    """Return the headings of the columns behind a rate or a share: its interval, and what it is made of."""
    if per == "value":
        made_of: tuple[Words, Words] = message("Counted"), message("Out of")
    else:
        unit = (
            message("1,000 residents × reported years")
            if per == "per_1000"
            else message("km² × reported years")
        )
        made_of = joined("", [measure.name, " (", unit_name(measure.unit), ")"]), unit
    return {
        "low": message("95% interval, from"),
        "high": message("95% interval, to"),
        "events": made_of[0],
        "exposure": made_of[1],
    }
