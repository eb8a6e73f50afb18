"""Parts of a scene's body as HTML: numbers, legends, bars, tables and the line of sources.

Text becomes HTML through ``Markup.format`` alone, which escapes it. Looks: ``frontend/wall_scenes.css``.
"""

from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup

from dashboard.maps import MapClass
from dashboard.notes import publisher
from geodata.language import Language, translate


def big_number(value: str, caption: str, of: str = "") -> Markup:
    """Return a number that is read across the room, with what it counts; ``of`` what it is a part of."""
    part = Markup(" <small>/ {}</small>").format(of) if of else Markup("")
    return Markup('<div class="hw-number"><b>{}{}</b><p>{}</p></div>').format(value, part, caption)


def legend(classes: Sequence[MapClass]) -> Markup:
    """Return what the colours and patterns of a map mean, each with its count of wards."""
    entry = Markup('<li><i class="hw-swatch {}" style="--colour: {}"></i><span>{}</span><b>{}</b></li>')
    return Markup('<ul class="hw-legend">{}</ul>').format(
        Markup("").join(
            entry.format(f"hw-{one.pattern}" if one.pattern else "", one.colour, one.label, one.count)
            for one in classes
        )
    )


def source_line(source_ids: Iterable[object], sources: pd.DataFrame, language: Language) -> Markup:
    """Return the line that names where the facts of a scene come from."""
    names = dict.fromkeys(publisher(source_id, sources, language) for source_id in source_ids)
    return Markup('<p class="hw-source">{}</p>').format(
        translate("Source: {name}", language, name="; ".join(names))
    )
