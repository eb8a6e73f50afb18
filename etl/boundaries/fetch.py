"""Downloads of public boundaries: what a catalogue offers, brought whole, checked, only then put in place.

A download that was cut goes on where it stopped, by HTTP ranges, as long as the server has the same file.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pandera.geopandas as pandera
import pyogrio.errors
import requests
import urllib3.exceptions

from etl.register.tables import read_table, tidy_table
from geodata.contract.errors import Fault, SourceError
from geodata.contract.layers import LAYERS, Layer
from geodata.disk import flush, sha256
from geodata.language import Message, message

TIMEOUT = 30.0
"""Seconds without an answer, or without a further byte, after which a server counts as silent."""

ATTEMPTS = 5
"""How often a cut download goes on by itself, each time only if the last attempt brought something."""

CHUNK = 16 * 1024

Show = Callable[[int, int | None], None]
"""Told of the bytes that are there and of all that are expected; ``None`` where the server does not say."""

CATALOGUE = Layer(
    "boundary_catalogue",
    "Public boundaries that can be downloaded",
    ("name",),
    {
        "name": pandera.Column("str", pandera.Check.str_matches(r"^[a-z0-9][a-z0-9.-]*$")),
        "vintage": LAYERS["ward"].columns["vintage"],
        "url": pandera.Column("str", pandera.Check.str_matches(r"^https?://[^/\s]+/\S+$")),
        "sha256": pandera.Column("str", pandera.Check.str_matches(r"^[0-9a-f]{64}$"), nullable=True),
        "licence": pandera.Column("str", pandera.Check.str_length(min_value=1)),
        "format": pandera.Column("str", pandera.Check.str_matches(r"^[a-z0-9]+(\.[a-z0-9]+)*$")),
        "members": pandera.Column("str", nullable=True),
        "options": pandera.Column("str", nullable=True),
        "note": pandera.Column("str", nullable=True),
    },
)
"""``format`` is the file's ending. ``members`` is a pattern for the files of a zip that hold one unit each;
``options`` are those with which ``pilot-wards boundaries`` adopts the file."""


@dataclass(frozen=True)
class Offer:
    """One row of the catalogue, in its columns; what is not known is empty."""

    name: str
    vintage: str
    url: str
    sha256: str
    licence: str
    format: str
    members: str
    options: str
    note: str

    @property
    def file(self) -> str:
        """The name of the downloaded file."""
        return f"{self.name}.{self.format}"


def read_catalogue(path: Path) -> list[Offer]:
    """Return what a catalogue offers.

    Raises
    ------
    SourceError, SchemaError
        The file is missing or unreadable; a cell breaks its rule, such as an address that is not http(s).
    """
    table = tidy_table(read_table(path), replace(CATALOGUE, name=path.stem))
    texts = table.astype(object).where(table.notna(), "")
    return [Offer(*row) for row in texts.itertuples(index=False, name=None)]


def chosen(offers: list[Offer], names: list[str], file: str) -> list[Offer]:
    """Return the offers of these names in a catalogue file, in the order of the names, each once.

    Raises
    ------
    SourceError
        With a fault for each name that is not offered.
    """
    by_name = {offer.name: offer for offer in offers}
    faults = [
        Fault(
            file,
            name,
            message("is not in the catalogue"),
            message("one of: {values}", values=", ".join(by_name)),
        )
        for name in names
        if name not in by_name
    ]
    if faults:
        raise SourceError(faults)
    return [by_name[name] for name in dict.fromkeys(names)]


def is_there(offer: Offer, folder: Path) -> bool:
    """Whether the file lies there already, with its checksum where one is known."""
    path = folder / offer.file
    return path.is_file() and offer.sha256 in ("", sha256(path))


def fetch(offer: Offer, folder: Path, show: Show, timeout: float = TIMEOUT) -> Path:
    """Download a file into a folder and return where it lies.

    Until it is whole and checked it is called ``<file>.part``, and what lay in its place stays.

    Raises
    ------
    SourceError
        The server does not answer, has no such file or cuts the connection again and again (then ``.part``
        stays, to go on from), or the checksum is another (then nothing stays).
    """
    folder.mkdir(parents=True, exist_ok=True)
    target, part = folder / offer.file, folder / f"{offer.file}.part"
    _download(offer, part, show, timeout)
    found = sha256(part)
    if offer.sha256 not in ("", found):
        _discard(part)
        raise _fault(
            offer,
            message("has the SHA-256 {found}; it was removed", found=found),
            message("the SHA-256 {expected}", expected=offer.sha256),
        )
    flush(part)
    part.replace(target)
    _discard(part)
    return target


def _download(offer: Offer, part: Path, show: Show, timeout: float) -> None:
    with requests.Session() as session:
        for attempt in range(1, ATTEMPTS + 1):
            before = _size(part)
            try:
                return _go_on(session, offer, part, show, timeout)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                if attempt == ATTEMPTS or _size(part) <= before:
                    raise _fault(offer, *_told_why(error, timeout, _size(part))) from error
    raise AssertionError("the last attempt returns or raises")


def _go_on(session: requests.Session, offer: Offer, part: Path, show: Show, timeout: float) -> None:
    """Bring what is missing of a file; all of it if the server has another one now, or gives no ranges."""
    version = _version_file(part)
    begin = _size(part) if version.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if begin:
        headers |= {"Range": f"bytes={begin}-", "If-Range": version.read_text(encoding="latin-1")}
    with session.get(offer.url, headers=headers, stream=True, timeout=timeout) as response:
        if offer.url.startswith("https:") and not response.url.startswith("https:"):
            raise _fault(
                offer, message("leads on to an address without encryption"), message("an https address")
            )
        first = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        if begin and (
            response.status_code == requests.codes.requested_range_not_satisfiable
            or (response.status_code == requests.codes.partial and (not first or int(first[1]) != begin))
        ):
            _discard(part)
            return _go_on(session, offer, part, show, timeout)
        is_rest = begin > 0 and response.status_code == requests.codes.partial
        if not is_rest and response.status_code != requests.codes.ok:
            raise _fault(
                offer,
                message("the server answers {status} {reason}", status=response.status_code,
                        reason=response.reason),
                message("an address that holds the file"),
            )  # fmt: skip
        if not is_rest:
            begin = 0
            _keep_version(version, response)
        length = response.headers.get("Content-Length")
        total = begin + int(length) if length else None
        with part.open("ab" if begin else "wb") as file:
            show(begin, total)
            for chunk in response.raw.stream(CHUNK, decode_content=False):
                file.write(chunk)
                show(file.tell(), total)
    return None


def _version_file(part: Path) -> Path:
    return part.with_name(f"{part.name}.version")


def _keep_version(version: Path, response: requests.Response) -> None:
    """Keep what tells this version of the file from another; without it a cut download starts anew."""
    etag = response.headers.get("ETag", "")
    # A weak tag says that two versions mean the same, not that their bytes are the same.
    strong = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
    if strong:
        version.write_text(strong, encoding="latin-1")
    else:
        version.unlink(missing_ok=True)


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _version_file(part).unlink(missing_ok=True)


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _fault(offer: Offer, problem: Message, expected: Message) -> SourceError:
    return SourceError.of(offer.name, offer.url, problem, expected)


def _told_why(error: Exception, timeout: float, size: int) -> tuple[Message, Message]:
    """Return problem and remedy for what the HTTP library raises."""
    again = message("the same command again: it goes on where it stopped")
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return message("the server was silent for {seconds} s", seconds=f"{timeout:g}"), again
    if isinstance(error, urllib3.exceptions.HTTPError):
        return message("the connection was cut after {size} bytes", size=size), again
    if isinstance(error, requests.exceptions.SSLError):
        return message("the server's certificate is not trusted"), message("a trusted certificate")
    if isinstance(error, requests.ConnectionError):
        return message("the server can't be reached"), message(
            "a connection to the Internet, then the same command"
        )
    return message("can't be downloaded: {reason}", reason=error), message("an http or https address")


def gather(offer: Offer, archive: Path) -> Path:
    """Return a GeoPackage, made beside a zip, with the units that its members hold in one layer ``ward``.

    Raises
    ------
    SourceError
        It is no zip, no member matches the offer's pattern, or one can't be read.
    """
    target = archive.with_name(f"{offer.name}.gpkg")
    part = archive.with_name(f"{offer.name}.part.gpkg")
    expected = message("a zip with files {members}", members=offer.members)
    try:
        with zipfile.ZipFile(archive) as file:
            names = sorted(name for name in file.namelist() if fnmatchcase(name, offer.members))
            frames = [gpd.read_file(io.BytesIO(file.read(name))) for name in names]
    except (zipfile.BadZipFile, pyogrio.errors.DataSourceError) as error:
        raise _fault(offer, message("can't be read"), expected) from error
    if not frames:
        raise _fault(offer, message("holds no such file"), expected)
    part.unlink(missing_ok=True)
    pyogrio.write_dataframe(pd.concat(frames, ignore_index=True), part, layer="ward", driver="GPKG")
    part.replace(target)
    return target
