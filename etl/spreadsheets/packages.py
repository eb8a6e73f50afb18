"""The zip archive of a workbook: its parts by their names, and their XML piece by piece.

The XML is read by expat: what is not well formed is refused at the place where it breaks, and how a thing is
spelled – prefixes, quotes, spaces, entities – makes no difference. Declared entities are refused, and so is
text that would not fit into the memory.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Protocol
from xml.etree import ElementTree
from xml.parsers import expat

from etl.spreadsheets.grids import refused
from geodata.language import message

MOST_BYTES = 1 << 30
"""Size of a workbook's parts that are read, once unpacked, above which it is not read."""

LONGEST_TEXT = 1_000_000
"""Characters above which a cell is refused; Excel keeps 32.767."""

_SMALL_PART = 1 << 26
_CHUNK = 1 << 18
_LONGEST_TAG = 1 << 22
_MOST_NAMES = 10_000

Start = Callable[[str, Mapping[str, str]], None]


class UnusualNamesError(Exception):
    """The prefixes of the XML are not the usual ones: it is to be read again by its namespaces."""


class TooLongError(ValueError):
    """A tag or a text that no spreadsheet has."""


class Package:
    """The parts of a zip archive.

    Parameters
    ----------
    file
        Its name, for faults.
    content
        Its bytes.
    """

    def __init__(self, file: str, content: bytes) -> None:
        self.file = file
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._members = {_plain(member.filename): member for member in self._archive.infolist()}
        self._read = 0

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part; it gives no more bytes than the archive says of it."""
        member = self._members[_plain(name)]
        self._read += member.file_size
        if self._read > MOST_BYTES:
            raise refused(
                self.file,
                message("is too large"),
                message("at most {count} bytes once unpacked", count=MOST_BYTES),
            )
        with self._archive.open(member) as stream:
            yield stream

    def elements(self, name: str) -> Iterator[tuple[str, dict[str, str], str]]:
        """Yield the elements of a small part: local name, attributes by local name, text."""
        if name not in self:
            return
        builder = ElementTree.TreeBuilder()
        size = 0

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            nonlocal size
            size += 1
            if size > 1_000_000:
                raise TooLongError
            builder.start(_local(tag), {_local(key): value for key, value in attributes.items()})

        with self.open(name) as stream:
            parser = _parser(start, builder.data, " ")
            parser.EndElementHandler = lambda tag: builder.end(_local(tag))
            _feed(parser, stream, lambda: 0)
        for element in builder.close().iter():
            yield element.tag, dict(element.attrib), (element.text or "").strip()

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part points to, by id: the kind (last word of its type) and the part's name."""
        folder, _, base = _plain(name).rpartition("/")
        found = {}
        for tag, attributes, _ in self.elements(
            f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        ):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                found[attributes.get("Id", "")] = (
                    attributes.get("Type", "").rpartition("/")[2],
                    _joined(folder, target),
                )
        return found


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _joined(folder: str, target: str) -> str:
    parts = [] if target.startswith("/") else [part for part in folder.split("/") if part]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _local(name: str) -> str:
    return name.rpartition(" ")[2].rpartition(":")[2]


def _parser(start: Start, text: Callable[[str], object], separator: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _no_entities
    return parser


def _no_entities(*_: object) -> None:
    raise TooLongError


def _feed(parser: expat.XMLParserType, stream: IO[bytes], pending: Callable[[], int]) -> None:
    fed = 0
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        # A tag is kept whole until its end is there.
        if fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TAG or pending() > LONGEST_TEXT:
            raise TooLongError
    parser.Parse(b"", True)


class Drawing(Protocol):
    """What takes XML as it goes by: `texts` get all text, `start` is called at the start of each element."""

    texts: list[str]
    parser: expat.XMLParserType | None

    def start(self, name: str, attributes: Mapping[str, str], /) -> None:
        """Take the start of an element; an empty name is the end of the document."""


def parse(
    stream: IO[bytes],
    drawing: Drawing,
    prefixes: Mapping[str, tuple[str, ...]],
    *,
    is_usual: bool,
    optional: Iterable[str] = (),
) -> None:
    """Read XML piece by piece.

    Parameters
    ----------
    stream
        The XML.
    drawing
        What takes it.
    prefixes
        Namespaces by the prefix that the drawing expects; the prefix ``""`` is of elements without one.
    is_usual
        Take the names as they are written: faster. Otherwise names are put together from their namespaces.
    optional
        Prefixes that the root element need not declare.

    Raises
    ------
    UnusualNamesError
        The names as they are written are not the expected ones.
    TooLongError, expat.ExpatError
        The XML is not read.
    """
    texts, start = drawing.texts, drawing.start
    by_uri = {uri: prefix for prefix, uris in prefixes.items() for uri in uris}
    names: dict[str, str] = {}

    def usual(name: str) -> str:
        uri, _, local = name.rpartition(" ")
        prefix = by_uri.get(uri) if uri else ""
        # A name of another namespace keeps it, and so is none that is known.
        return name if prefix is None else f"{prefix}:{local}" if prefix else local

    def spelled(name: str, attributes: Mapping[str, str]) -> None:
        for key in (name, *attributes):
            if key not in names:
                if len(names) > _MOST_NAMES:
                    raise TooLongError
                names[key] = usual(key)
        start(names[name], {names[key]: value for key, value in attributes.items()})

    def first(name: str, attributes: Mapping[str, str]) -> None:
        for prefix, uris in prefixes.items():
            absent = uris[0] if prefix in optional else None
            if attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", absent) not in uris:
                raise UnusualNamesError
        parser.StartElementHandler = start
        start(name, attributes)

    parser = _parser(first if is_usual else spelled, texts.append, None if is_usual else " ")
    drawing.parser = parser
    _feed(parser, stream, lambda: sum(map(len, texts)))
    start("", {})


def check_length(parts: Sequence[str]) -> None:
    """Refuse a text that was put together of too much."""
    if sum(map(len, parts[-1000:])) > LONGEST_TEXT or len(parts) > LONGEST_TEXT:
        raise TooLongError


def unknown(known: Iterable[str]) -> Callable[[str], None]:
    """Return what looks at a name that is not known: one that only its prefix sets apart is unusual."""
    local = {name.rpartition(":")[2] for name in known}

    def look(name: str) -> None:
        if ":" in name and " " not in name and name.rpartition(":")[2] in local:
            raise UnusualNamesError

    return look
