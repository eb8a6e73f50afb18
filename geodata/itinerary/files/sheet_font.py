"""Be Vietnam Pro inside a sheet: it is printed where neither a network nor the font may be at hand."""

import base64
import io
from functools import cache
from importlib.resources import files

_WEIGHTS = {400: "Regular", 600: "SemiBold"}

_LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(ord(letter) for letter in "ƠơƯư₫–—‘’“”…→×≈−"),
    *range(0x1EA0, 0x1EFA),
]
"""What Vietnamese and English are written with; other letters come from the reader's own fonts."""


@cache
def fonts() -> dict[int, str]:
    """Return the font by its weight: WOFF in base64, its letters reduced to those of the two languages."""
    return {weight: _letters(name) for weight, name in _WEIGHTS.items()}


def _letters(name: str) -> str:
    # Takes half a second to import, which only who prints should wait for.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    path = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{name}.ttf"
    font = TTFont(io.BytesIO(path.read_bytes()), recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp", "tnum"])
    reduced = subset.Subsetter(options)
    reduced.populate(unicodes=_LETTERS)
    reduced.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=None)
    return base64.b64encode(buffer.getvalue()).decode()
