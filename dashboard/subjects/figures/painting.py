"""The whole map of what was asked for: classes of every ward, months, texts and sources."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard.query import layers as data
from dashboard.query.caching import cached
from dashboard.query.publication import Publication
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import NONE, STAGE, Choice, Measure
from dashboard.subjects.figures.classification import MISSING, Bools, Floats, Ints
from dashboard.subjects.figures.figures import bounds_of, figures, measures, ranks, source_ids
from dashboard.subjects.figures.headlines import headline, headline_of_two, stage_headline, subline
from dashboard.subjects.figures.legends import (
    SQUARE_SIDE,
    bivariate_key,
    class_labels,
    legend_key,
    missing_class,
    square_labels,
)
from dashboard.subjects.figures.words import figure_text, plain_text
from dashboard.ui.citations import badge_text, credit, source_notes, water_sources
from dashboard.ui.formats import number
from dashboard.ui.map import MapClass, outside_class, programme_classes
from geodata.evidence import Evidence, within_areas
from geodata.language import Language, translate
from geodata.period import Period, whole_spans


@dataclass(frozen=True)
class Shown:
    """What the page shows; texts are in the reader's language, HTML is marked as such.

    Attributes
    ----------
    headline, subline, notes
        The sentence, the line under it and the line under the map; the latter two are HTML.
    credit
        Who answers for the sources in the notes.
    classes, numbers, values, outlined, labels, badge, key, frames
        See `dashboard.ui.map.map_state`.
    figures
        One row a ward that is shown: the ward, value, rank, class and what is known of the figure.
    """

    headline: str
    subline: Markup
    notes: Markup
    credit: str
    classes: list[MapClass]
    numbers: list[int]
    values: list[str]
    outlined: list[str]
    labels: list[str]
    badge: str
    key: dict[str, Any]
    frames: dict[str, Any] | None
    figures: pd.DataFrame


@dataclass(frozen=True)
class Asked:
    """What is asked for; see `choices.Choice` and the frame's selection."""

    published: Publication
    choice: Choice
    period: Period
    vintage: str
    areas: tuple[str, ...]
    language: Language
    verified_only: bool

    def measure(self) -> Measure:
        """Return the figure that is shown."""
        return measures(self.published)[self.choice.measure]

    def second(self) -> Measure | None:
        """Return the figure it is set against."""
        return None if self.choice.second == NONE else measures(self.published)[self.choice.second]

    def per(self, measure: Measure) -> str:
        """Return what a figure is set against; of what does not add up it is the value itself."""
        return self.choice.per if measure.adds_up else "value"

    def known(self, period: Period) -> Evidence:
        """Return what is known within a range of days."""
        return data.evidence(self.published, period, verified_only=self.verified_only)

    def figures(self, measure: Measure, period: Period) -> pd.DataFrame:
        """Return a figure of each ward within a range of days."""
        return figures(self.published, measure.code, period, self.vintage, verified_only=self.verified_only)

    def amounts(self, measure: Measure, period: Period) -> Floats:
        """Return the figures as they are shown."""
        return self.figures(measure, period)[self.per(measure)].to_numpy("float64")

    def bounds(self, measure: Measure, period: Period) -> tuple[list[float], str]:
        """Return bounds and span; of two figures each has three classes, with alike many wards."""
        is_one = self.choice.second == NONE
        method, class_count = (
            (self.choice.method, self.choice.class_count) if is_one else ("quantiles", SQUARE_SIDE)
        )
        return bounds_of(
            self.published,
            measure,
            self.per(measure),
            period,
            self.vintage,
            method,
            class_count,
            self.choice.own if is_one else (),
            verified_only=self.verified_only,
        )

    def moments(self) -> list[Period]:
        """Return the whole months of the range, or of the data where the range has fewer than two."""
        within = whole_spans(self.period, "M")
        return within if len(within) > 1 else whole_spans(data.extent(self.published), "M")

    def moment(self) -> Period:
        """Return the range that is shown: the chosen one, or its last month where months are played."""
        return self.moments()[-1] if self.choice.is_played else self.period


def show(asked: Asked) -> Shown:
    """Return the map of a figure, of two figures, or of the programme."""
    language, measure, second = asked.language, asked.measure(), asked.second()
    moment = asked.moment()
    wards = asked.known(moment).of_vintage(asked.vintage)
    chosen = within_areas(wards, asked.areas)
    inside = wards.index.isin(chosen.index)
    rows = wards[["ward_code", "ward_kind", "ward_name", "district_name"]].assign(
        second=np.nan, second_text=None
    )
    values: list[str] = []
    frames = None
    if measure.code == STAGE:
        classes, numbers, frames = _programme(asked, inside)
        rows = rows.assign(
            value=np.where(wards["role"].notna(), 1.0, np.nan),
            days_pct=np.nan,
            latest_day=np.datetime64("NaT", "ns"),
            is_apportioned=False,
            # Roles and stages are facts; that a ward outside the programme was inspected may be none.
            is_illustrative=wards["role"].isna()
            & (wards["is_inspected"] | wards["is_partly_inspected"])
            & wards["is_illustrative"],
        )
        key: dict[str, Any] = {"title": measure.title(language), "unit": "", "about": []}
    else:
        rows = _with_figures(asked, rows)
        painted = _paint_one(asked, rows, inside) if second is None else _paint_two(asked, second, rows)
        classes, numbers = _classes_of(painted, inside, language)
        rows, values, key = painted.rows, painted.values, painted.key
        if asked.choice.is_played:
            frames = _frames(asked, painted, inside)
    labels = np.array([entry.label for entry in classes], dtype="object")
    rows = rows[inside].assign(class_label=labels[numbers[inside]])
    ranked = rows["value"] if measure.code != STAGE else rows["value"] * np.nan
    rows = rows.assign(rank=ranks(ranked.to_numpy("float64"), measure.direction).to_numpy())
    is_illustrative = bool(rows["is_illustrative"].any())
    marked = wards["role"].notna() if measure.code == STAGE else wards["role"].eq("pilot").fillna(False)
    notes, credited = _cited(asked.published, tuple(_all_sources(asked)), language)
    pilots = wards.loc[inside & marked.to_numpy("bool"), "ward_code"]
    return Shown(
        headline=_sentence(asked, chosen, rows, is_illustrative=is_illustrative and measure.code != STAGE),
        subline=subline(rows, moment, asked.vintage, language, measure, is_illustrative=is_illustrative),
        notes=notes,
        credit=credited,
        classes=classes,
        numbers=[int(at) for at in numbers],
        values=values,
        outlined=list(pilots),
        labels=list(pilots),
        badge=badge_text(language) if is_illustrative else "",
        key=key,
        frames=frames,
        figures=rows,
    )


def _sentence(asked: Asked, wards: pd.DataFrame, rows: pd.DataFrame, *, is_illustrative: bool) -> str:
    """Return the headline."""
    measure, language = asked.measure(), asked.language
    if asked.choice.is_played:
        moments = asked.moments()
        told = translate(
            "{name}, month by month from {since} to {until}",
            language,
            name=measure.title(language),
            since=f"{moments[0].since:%m/%Y}",
            until=f"{moments[-1].since:%m/%Y}",
        )
        return translate("Illustrative: {told}", language, told=told) if is_illustrative else told
    if measure.code == STAGE:
        return stage_headline(wards, language)
    second = asked.second()
    if second is not None:
        return headline_of_two(
            (measure, second), int(rows["is_darkest"].sum()), language, is_illustrative=is_illustrative
        )
    return headline(measure, asked.per(measure), rows, language, is_illustrative=is_illustrative)


def _all_sources(asked: Asked) -> list[str]:
    """Return the sources of all figures that are shown, each once, and of rivers where there are any."""
    period = asked.moment()
    ids = [
        one
        for measure in (asked.measure(), asked.second())
        if measure is not None
        for one in source_ids(
            asked.published, measure, period, asked.vintage, verified_only=asked.verified_only
        )
    ]
    return [*dict.fromkeys(ids), *water_sources(data.layer(asked.published, "source"))]


@cached
def _cited(published: Publication, cited: tuple[str, ...], language: Language) -> tuple[Markup, str]:
    """Return the line of sources under the map, and who answers for them."""
    sources = data.layer(published, "source")
    notes = Markup('<div class="hp-notes">{}</div>').format(source_notes(cited, sources, language))
    return notes, credit(cited, sources, language)


def _with_figures(asked: Asked, rows: pd.DataFrame) -> pd.DataFrame:
    found = asked.figures(asked.measure(), asked.moment())
    columns = ["days_pct", "latest_day", "is_apportioned", "is_illustrative"]
    return rows.assign(
        value=found[asked.per(asked.measure())].to_numpy("float64"),
        **{column: found[column].to_numpy() for column in columns},
    )


@dataclass(frozen=True)
class _Painted:
    """The classes of all wards; ``numbers`` are `MISSING` where there is no figure."""

    labels: list[str]
    palette: list[str]
    numbers: Ints
    key: dict[str, Any]
    values: list[str]
    rows: pd.DataFrame


def _paint_one(asked: Asked, rows: pd.DataFrame, inside: Bools) -> _Painted:
    measure, language = asked.measure(), asked.language
    per, amounts = asked.per(measure), rows["value"].to_numpy("float64")
    between, span = asked.bounds(measure, asked.moment())
    has_classes = bool(between) or bool(np.isfinite(amounts).any())
    labels = class_labels(between, measure, language) if has_classes else []
    return _Painted(
        labels,
        classification.colours(measure.direction, len(labels)),
        classification.class_numbers(amounts, between),
        legend_key(measure, per, amounts[inside], between, span, asked.choice.method, language),
        [plain_text(float(amount), measure, per, language) for amount in amounts],
        rows,
    )


def _paint_two(asked: Asked, second: Measure, rows: pd.DataFrame) -> _Painted:
    language, pair = asked.language, (asked.measure(), second)
    pers = [asked.per(one) for one in pair]
    amounts = [asked.amounts(one, asked.period) for one in pair]
    betweens = [asked.bounds(one, asked.period)[0] for one in pair]
    labels = [class_labels(between, one, language) for between, one in zip(betweens, pair, strict=True)]
    first, other = (classification.class_numbers(*one) for one in zip(amounts, betweens, strict=True))
    texts = [
        [figure_text(float(amount), one, per, language) for amount in of_one]
        for of_one, one, per in zip(amounts, pair, pers, strict=True)
    ]
    darkest = (first == _worst(pair[0], len(labels[0]))) & (other == _worst(pair[1], len(labels[1])))
    illustrative = rows["is_illustrative"] | asked.figures(second, asked.period)["is_illustrative"].to_numpy()
    return _Painted(
        square_labels(pair, labels, language),
        classification.two_colours(pair[0].direction, pair[1].direction),
        np.where((first != MISSING) & (other != MISSING), SQUARE_SIDE * first + other, MISSING),
        bivariate_key(pair, pers, labels, language),
        [f"{one} · {two}" for one, two in zip(*texts, strict=True)],
        rows.assign(
            second=amounts[1], second_text=texts[1], is_illustrative=illustrative, is_darkest=darkest
        ),
    )


def _worst(measure: Measure, class_count: int) -> int:
    return 0 if measure.direction == "higher" else class_count - 1


def _classes_of(painted: _Painted, inside: Bools, language: Language) -> tuple[list[MapClass], Ints]:
    """Return the classes with their counts, missing and outside ones last, and the class of each ward."""
    numbers = painted.numbers
    counts = np.bincount(numbers[inside & (numbers != MISSING)], minlength=len(painted.labels))
    classes = [
        MapClass(label, number(count, language), colour, outlined=False)
        for label, count, colour in zip(painted.labels, counts, painted.palette, strict=True)
    ]
    classes.append(missing_class(int((numbers[inside] == MISSING).sum()), language))
    if not inside.all():
        classes.append(outside_class(language))
    return classes, _placed(numbers, len(painted.labels), inside)


def _placed(numbers: Ints, missing_at: int, inside: Bools) -> Ints:
    return np.where(inside, np.where(numbers == MISSING, missing_at, numbers), missing_at + 1)


def _programme(asked: Asked, inside: Bools) -> tuple[list[MapClass], Ints, dict[str, Any] | None]:
    """Return the classes of roles and stages, the class of each ward, and the months that are played."""
    language = asked.language
    moments = asked.moments() if asked.choice.is_played else [asked.period]
    drawn = []
    for moment in reversed(moments):
        wards = asked.known(moment).of_vintage(asked.vintage)
        drawn.append(programme_classes(within_areas(wards, asked.areas), language))
    # The classes of the last moment come first; what was before and is no more, behind them.
    found = {entry.label: entry for classes, _ in drawn for entry in reversed(classes[:-1])}
    order = list(dict.fromkeys(entry.label for classes, _ in drawn for entry in classes[:-1]))
    classes = [found[label] for label in order] + [drawn[0][0][-1]]
    place = {entry.label: at for at, entry in enumerate(classes)}
    numbers = []
    for own, of_wards in drawn:
        at = np.full(len(inside), len(classes), dtype="int64")
        at[inside] = [place[own[one].label] for one in of_wards]
        numbers.append(at)
    counts = np.bincount(numbers[0][inside], minlength=len(classes))
    classes = [
        replace(entry, count=number(count, language), outlined=False)
        for entry, count in zip(classes, counts, strict=True)
    ]
    frames = (
        played(moments, numbers[::-1], inside, len(classes), language) if asked.choice.is_played else None
    )
    if not inside.all():
        classes.append(outside_class(language))
    return classes, numbers[0], frames


def _frames(asked: Asked, painted: _Painted, inside: Bools) -> dict[str, Any]:
    """Return the months of a figure as they are played; see `dashboard.ui.map.map_state`."""
    moments, measure = asked.moments(), asked.measure()
    between, _ = asked.bounds(measure, asked.moment())
    missing_at = len(painted.labels)
    numbers = [
        _placed(classification.class_numbers(asked.amounts(measure, one), between), missing_at, inside)
        for one in moments
    ]
    return played(moments, numbers, inside, missing_at + 1, asked.language)


def played(
    moments: Sequence[Period], numbers: Sequence[Ints], inside: Bools, class_count: int, language: Language
) -> dict[str, Any]:
    """Return moments as the map plays them: a digit a ward, and how many wards each class has.

    Parameters
    ----------
    moments
        Their ranges of days, months.
    numbers
        The class of each ward at each moment.
    inside
        The wards that count.
    class_count
        How many classes are counted.
    language
        Language of the reader.
    """
    return {
        "labels": [f"{one.since:%m/%Y}" for one in moments],
        "classes": ["".join(np.base_repr(at, 36).lower() for at in of_one) for of_one in numbers],
        "counts": [
            [
                number(count, language)
                for count in np.bincount(of_one[inside], minlength=class_count)[:class_count]
            ]
            for of_one in numbers
        ],
    }
