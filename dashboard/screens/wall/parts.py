"""Parts of a scene's body as HTML: numbers, legends, bars, lists and the line of sources.

Text becomes HTML through ``Markup.format`` alone, which escapes it. Looks: ``frontend/wall_scenes.css``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.programme.classes import MapClass
from dashboard.ui.citations import publishers
from geodata.language import Language, translate

NAMED_SOURCES = 3
"""So many sources are named on a scene; the others are counted."""


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes
    ----------
    label
        Of what it is.
    told
        Its figure as it is written, at its end.
    share
        Its length as a share of the longest one that there may be, 0 to 1.
    colour
        Its colour; empty for that of the theme.
    """

    label: str
    told: str
    share: float
    colour: str = ""


def column(*parts: Markup) -> Markup:
    """Return parts one below the other; a line of sources at the end stands at the foot."""
    return Markup('<div class="hw-column">{}</div>').format(Markup("").join(parts))


def beside(left: Markup, right: Markup) -> Markup:
    """Return a chart with what stands beside it."""
    return Markup('<div class="hw-beside"><div>{}</div><div>{}</div></div>').format(left, right)


def big_number(value: str, caption: str, of: str = "") -> Markup:
    """Return a number that is read across the room, with what it counts; ``of`` what it is a part of."""
    part = Markup(" <small>/ {}</small>").format(of) if of else Markup("")
    return Markup('<div class="hw-number"><b>{}{}</b><p>{}</p></div>').format(value, part, caption)


def small_numbers(numbers: Iterable[tuple[str, str]]) -> Markup:
    """Return numbers of less weight in a row, each with what it counts."""
    one = Markup("<li><b>{}</b><span>{}</span></li>")
    return Markup('<ul class="hw-row">{}</ul>').format(
        Markup("").join(one.format(value, caption) for value, caption in numbers)
    )


def heading(text: str) -> Markup:
    """Return what stands above a list or bars."""
    return Markup('<h3 class="hw-heading">{}</h3>').format(text)


def legend(classes: Sequence[MapClass]) -> Markup:
    """Return what the colours and patterns of a map mean, each with its count of wards."""
    entry = Markup('<li><i class="hw-swatch {}" style="--colour: {}"></i><span>{}</span><b>{}</b></li>')
    return Markup('<ul class="hw-legend">{}</ul>').format(
        Markup("").join(
            entry.format(f"hw-{one.pattern}" if one.pattern else "", one.colour, one.label, one.count)
            for one in classes
        )
    )


def bars(rows: Sequence[Bar], *, of_whole: bool = False) -> Markup:
    """Return bars, each with its name above and its figure at its end.

    Parameters
    ----------
    rows
        The bars.
    of_whole
        The longest one that there may be is a whole, which is shown too.
    """
    row = Markup('<li><span>{}</span><div><em><i style="width: {:.1f}%;{}"></i></em><b>{}</b></div></li>')
    return Markup('<ul class="hw-bars {}">{}</ul>').format(
        "hw-whole" if of_whole else "",
        Markup("").join(
            row.format(
                one.label,
                100 * min(max(one.share, 0), 1),
                Markup(" background: {}").format(one.colour) if one.colour else "",
                one.told,
            )
            for one in rows
        ),
    )


def lines(rows: Iterable[tuple[str, str]], look: Literal["", "short", "stops"] = "") -> Markup:
    """Return lines of two parts: what leads in bold, and what is said of it.

    Parameters
    ----------
    rows
        Both parts of each.
    look
        Both parts on one line: ``short`` apart from each other, ``stops`` with times in front; else one below
        the other.
    """
    one = Markup("<li><b>{}</b><span>{}</span></li>")
    return Markup('<ul class="hw-lines {}">{}</ul>').format(
        f"hw-{look}" if look else "",
        Markup("").join(one.format(first, told) for first, told in rows),
    )


def note(text: str) -> Markup:
    """Return a line of less weight."""
    return Markup('<p class="hw-note">{}</p>').format(text)


def source_line(source_ids: Iterable[object], sources: pd.DataFrame, language: Language) -> Markup:
    """Return the line that names where the facts of a scene come from."""
    names = publishers(source_ids, sources, language)
    named = "; ".join(names[:NAMED_SOURCES])
    if len(names) > NAMED_SOURCES:
        named = translate(
            "{names} and {count} more sources", language, names=named, count=len(names) - NAMED_SOURCES
        )
    return Markup('<p class="hw-source">{}</p>').format(
        translate("Source: {name}", language, name=named or translate("source not known", language))
    )
