"""The documentation as its tests read it: files, links and the blocks of commands."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LANGUAGES = ("vi", "en")

_BLOCK = re.compile(r"^ *```(?P<info>[^\n]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Commands of a document.

    Attributes
    ----------
    text
        The lines to type.
    is_run
        The test runs them; those marked ``norun`` take long, ask back, or need a file that is not there.
    """

    text: str
    is_run: bool


def documents() -> list[Path]:
    """Return all files of the documentation, README and CONTRIBUTING too."""
    return [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
        DOCS.rglob("*.md")
    )


def commands(document: Path) -> list[Block]:
    """Return the blocks of commands of a document, in their order."""
    text = document.read_text(encoding="utf-8")
    found = [(match["info"].split(), match["text"]) for match in _BLOCK.finditer(text)]
    return [Block(text, "norun" not in info) for info, text in found if info[:1] == ["sh"]]


def links(document: Path) -> list[str]:
    """Return the targets of a document's links and pictures."""
    text = _BLOCK.sub("", document.read_text(encoding="utf-8"))
    return [match["target"] for match in _LINK.finditer(text)]


def anchors(document: Path) -> set[str]:
    """Return the names that links give to the headings of a document."""
    text = _BLOCK.sub("", document.read_text(encoding="utf-8"))
    kept = [re.sub(r"[^\w\- ]", "", match["text"].lower()) for match in _HEADING.finditer(text)]
    return {heading.strip().replace(" ", "-") for heading in kept}
