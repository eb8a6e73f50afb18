"""The checksum beside a published GeoPackage, in the form of ``sha256sum``, and how both take their place.

A kill may come between two renamings. So the checksum file first lists the new sum and the one before, then
the GeoPackage takes its place, then the checksum file lists the new sum alone: at every moment the GeoPackage
is one of those that are listed.
"""

import re
from contextlib import suppress
from pathlib import Path

from geodata.disk import flush, sha256

_LINE = re.compile(r"^([0-9a-f]{64}) [ *]", re.MULTILINE)


def checksum_file(published: Path) -> Path:
    """Return the file beside a GeoPackage that holds its checksum."""
    return published.with_name(f"{published.name}.sha256")


def checksums(published: Path) -> list[str]:
    """Return the SHA-256 sums that are listed for a GeoPackage; none where there is no such list."""
    try:
        return _LINE.findall(checksum_file(published).read_text("ascii", "replace"))
    except FileNotFoundError:
        return []


def put_in_place(part: Path, published: Path) -> None:
    """Let a GeoPackage that is on the disk take the place of the published one, with its checksum.

    All that needs space is written before anything is replaced.

    Parameters
    ----------
    part
        The new file, in a folder of its own on the same disk.
    published
        Where it goes.
    """
    new = sha256(part)
    before = checksums(published)
    if not before and published.is_file():
        before = [sha256(published)]
    both, alone = part.with_name("both"), part.with_name("alone")
    for path, sums in ((both, (new, *before)), (alone, (new,))):
        path.write_text("".join(f"{one}  {published.name}\n" for one in dict.fromkeys(sums)), "utf-8")
        flush(path)
    # QGIS writes into a GeoPackage that it may write to as soon as it opens it.
    part.chmod(0o444)
    target = checksum_file(published)
    both.replace(target)
    part.replace(published)
    # What is published by now is vouched for.
    with suppress(OSError):
        alone.replace(target)
        flush(published.parent)
