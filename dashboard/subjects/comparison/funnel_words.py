"""How the funnel of all units of a level is said: who lies outside the limits, and how they were made."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.subjects.comparison.model import Comparison
from dashboard.subjects.comparison.words import marked, within_sentence
from dashboard.subjects.figures.chance import Chance
from dashboard.subjects.figures.panel_words import outside_words
from dashboard.subjects.figures.words import beyond_chance, plain_words, with_interval
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.language import Words, capitalised, joined, message, uncapitalised
from geodata.language.dates import day
from geodata.language.numbers import is_missing, number


def funnel_headline(of_level: Chance, shown: Comparison) -> Words:
    """Return which of all units of a level lie outside the limits of chance.

    Parameters
    ----------
    of_level
        All units of the level.
    shown
        What is compared.
    """
    name = capitalised(within_sentence(shown.measure))
    units = of_level.units
    titles = {
        code: uncapitalised(str(shown.basis.units.loc[code, "name"]))
        for code in units["unit_code"]
        if code in shown.basis.units.index
    }
    is_illustrative = bool(units.loc[units["figure"].notna(), "is_illustrative"].any())
    count = int((units["takes_part"] & units["figure"].notna()).sum())
    if not units["figure"].notna().any():
        return message("{name}: no figure in this range of days", name=name)
    if count < 2 or is_missing(of_level.mean):
        text: Words = (
            message("{name}: too few data to compare units", name=name)
            if count
            else message(
                "{name}: no unit reported at least {least}% of the days", name=name, least=LEAST_REPORTED_PCT
            )
        )
        return marked(text, is_illustrative=is_illustrative)
    high, low = (
        [titles[code] for code in units.loc[units["outside"] == side, "unit_code"] if code in titles]
        for side in (2, -2)
    )
    if high or low:
        # The chart has all units of the level, not those alone that are compared.
        name = message("{name}, all {count} units that reported enough", name=name, count=number(count))
    return marked(beyond_chance(name, high, low), is_illustrative=is_illustrative)


def ground_note(grounds: Mapping[str, Sequence[date]], names: Mapping[str, Words | str]) -> Words | None:
    """Return of which units the ground changed and when; nothing where it stayed.

    Parameters
    ----------
    grounds
        By code of the unit the days from which its ground was another one.
    names
        Of the units by code.
    """
    told = [
        joined("", [names[code], " (", joined(", ", [day(one) for one in days]), ")"])
        for code, days in grounds.items()
        if days
    ]
    if not told:
        return None
    return message(
        "The ground changed: {units}. Figures on other boundaries are not directly comparable.",
        units=joined("; ", told),
    )


def funnel_note(of_level: Chance) -> Words:
    """Return how many units lie outside, how many chance would put there, and how the limits were made."""
    units = of_level.units
    ranked = units[units["is_rankable"] & units["takes_part"]]
    parts: list[Words] = [
        message(
            "Of {all} units {enough} reported enough: the mean is theirs as wholes, the city's counts every "
            "ward that did. {ranked} of them have a rank.",
            all=number(len(units)),
            enough=number(units["takes_part"].sum()),
            ranked=number(len(ranked)),
        ),
    ]
    if is_missing(of_level.mean):
        # Without a mean there are no limits to lie outside of.
        return parts[0]
    parts += [
        message(
            "Outside 95% lie {outside} of {count} units; chance alone would put about {expected} there. So "
            "the headline names only units outside 99.8%.",
            outside=number((ranked["outside"] != 0).sum()),
            count=number(len(ranked)),
            expected=number(round(0.05 * len(ranked))),
        ),
        message(
            "Limits around the mean {mean}, adjusted for dispersion φ = {dispersion} (Spiegelhalter); "
            "intervals by {method}. Units that reported less than {least}% of days have no rank and no part "
            "in the mean.",
            mean=plain_words(of_level.mean, of_level.measure, of_level.per),
            dispersion=number(of_level.funnel.dispersion, 2),
            method="Wilson" if of_level.funnel.kind == "share" else "Byar",
            least=LEAST_REPORTED_PCT,
        ),
    ]
    return joined(" ", parts)


OUTSIDE_HEADINGS = ("", message("Rank"), message("Figure"), message("Against the limits"))
MOST_LISTED = 10


def outside_rows(of_level: Chance, shown: Comparison) -> list[tuple[Words | str, list[Words | str]]]:
    """Return the units outside the limits, the highest first: name, rank, figure with interval, and side."""
    units, known = of_level.units, shown.basis.units
    rows = units[(units["outside"] != 0) & units["unit_code"].isin(known.index)]
    rows = rows.sort_values("figure", ascending=False)[:MOST_LISTED]
    ranked = int(units["rank"].notna().sum())
    return [
        (
            str(known.loc[row["unit_code"], "name"]),
            [
                message("{rank} of {count}", rank=number(row["rank"]), count=number(ranked)),
                with_interval(row["figure"], row["low"], row["high"], of_level.measure, of_level.per),
                outside_words(row["outside"]),
            ],
        )
        for row in rows.to_dict("records")
    ]
