"""Where neighbouring wards have figures that are alike: worked out in the background where wards are many."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from dashboard.query.caching import cached
from dashboard.query.layers import of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.figures.chance import chance, has_chance
from dashboard.subjects.figures.choices import NONE, Choice, measures
from dashboard.subjects.figures.classification import Ints
from geodata.indicators.clusters import LEFT_OUT, alike
from geodata.programme.symbols import BORDER, LAND, STAGE_COLOURS, VISIT_SITE_COLOUR
from geodata.wards.neighbours import touching

AT_ONCE = 500
"""For the classes of so many wards a page waits: a seventh of a second."""

_WORSE, _BETTER = (
    (STAGE_COLOURS["not_met"], VISIT_SITE_COLOUR),
    (STAGE_COLOURS["inspected"], STAGE_COLOURS["building"]),
)
"""Red-brown and blue, which hold for colour-blind eyes: of wards among their like, and of single ones."""

# One thread: the random state is NumPy's only one, and pages have the other processor.
_WORKER = ThreadPoolExecutor(1, "alike")


def may_be_alike(published: Publication, choice: Choice) -> bool:
    """Return whether a map can show where neighbours are alike: see `has_chance`; not played."""
    measure = measures(published)[choice.measure]
    is_one = choice.second == NONE and not choice.is_played
    return is_one and has_chance(measure) and not measure.is_total(choice.per)


def alike_colours(direction: str) -> list[str]:
    """Return the colours of `geodata.indicators.clusters` from `HIGH_HIGH` on; blue is better."""
    high, low = (_BETTER, _WORSE) if direction == "higher" else (_WORSE, _BETTER)
    return [high[0], low[0], high[1], low[1], LAND, BORDER]


@dataclass(frozen=True)
class _Begun:
    """What is being worked out, and since when by the clock of `time.monotonic`."""

    classes: Future[Ints]
    since: float


def alike_classes(query: Query, choice: Choice) -> Ints:
    """Return the class of each ward (`geodata.indicators.clusters.alike`), whatever the areas."""
    return _begun(query.of_city(), choice.measure, choice.per).classes.result()


def settled(query: Query, choice: Choice) -> Choice:
    """Return what can be shown now: without the classes of neighbours while they are being worked out."""
    if not choice.is_alike:
        return choice
    begun = _begun(query.of_city(), choice.measure, choice.per)
    return replace(choice, is_alike=len(query.of_vintage("ward")) <= AT_ONCE or begun.classes.done())


def seconds_of(query: Query, choice: Choice) -> int:
    """Return how many whole seconds they have been worked out for, or have waited for others."""
    return int(time.monotonic() - _begun(query.of_city(), choice.measure, choice.per).since)


@cached
def _begun(query: Query, code: str, per: str) -> _Begun:
    per = measures(query.published)[code].per(per)
    return _Begun(_WORKER.submit(_classes, query, code, per), time.monotonic())


def _classes(query: Query, code: str, per: str) -> Ints:
    found = chance(query, code, per, "ward")
    if found is None:
        return np.full(len(query.of_vintage("ward")), LEFT_OUT)
    units = found.units
    is_let_through = units["is_rankable"] & units["takes_part"]
    figures = units["figure"].where(is_let_through).to_numpy("float64")
    return alike(figures, _touching(query.published, query.vintage))


@cached
def _touching(published: Publication, vintage: str) -> Ints:
    return touching(of_vintage(published, "ward", vintage))
