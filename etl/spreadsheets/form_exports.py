"""What KoboToolbox and ODK add to the table of a form: columns on the sending, and positions taken apart.

Headings are those of ODK's and KoboToolbox's metadata questions and of their exports
(https://docs.getodk.org/form-question-types/#metadata, https://support.kobotoolbox.org/export_download.html).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.spreadsheets.cells import Cell, read_text
from etl.spreadsheets.headings import heading_keys

_SIGNS = {
    *("_id", "_uuid", "_submission_time", "__version__", "_index", "_validation_status", "_submitted_by"),
    *("instanceid", "key", "submissiondate", "meta/instanceid", "meta-instanceid", "formhub/uuid"),
    *("submitterid", "attachmentsexpected", "_xform_id_string", "_parent_index"),
}
"""Headings of which an export has several, and no sheet of staff has two."""

_METADATA = _SIGNS | {
    *("start", "end", "today", "deviceid", "subscriberid", "simserial", "simid", "username", "audit"),
    *("background-audio", "start-geopoint", "submittername", "attachmentspresent", "status", "reviewstate"),
    *("edits", "formversion", "parent_key", "instancename", "device id"),
}
_GEOPOINT = re.compile(r"_?(.+?)[_:.-](latitude|longitude|altitude|precision|accuracy)", re.I)


@dataclass
class FormExport:
    """The headings of an export.

    Attributes
    ----------
    keys
        The keys of each column that is read, see `etl.spreadsheets.headings.heading_keys`.
    left_out
        The headings of the others, by the number of the column.
    """

    keys: list[tuple[str, ...]] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)


def form_export(row: Sequence[Cell]) -> FormExport | None:
    """Return the headings of a row that is one of an export; ``None`` for any other row."""
    headings = [read_text(cell) if isinstance(cell, str) else "" for cell in row]
    plain = [_without_group(heading).casefold() for heading in headings]
    if len(_SIGNS.intersection(plain) | _SIGNS.intersection(map(str.casefold, headings))) < 2:
        return None
    points = {
        found[1].casefold() for heading in headings if (found := _GEOPOINT.fullmatch(_without_group(heading)))
    }
    export = FormExport()
    for number, (heading, name) in enumerate(zip(headings, plain, strict=True), start=1):
        part = _GEOPOINT.fullmatch(_without_group(heading))
        if part and part[2].lower() in ("latitude", "longitude"):
            export.keys.append((part[2].lower(),))
        elif part or name in points or _is_metadata(name, heading.casefold()):
            export.keys.append(())
            export.left_out[number] = heading
        else:
            # A question in a group has the group before it; a label may hold the same mark.
            tails = [
                heading,
                *(heading[mark.end() :] for mark in re.finditer(r"[/:]|(?<=\w)[.-](?=\w)", heading)),
            ]
            export.keys.append(tuple(dict.fromkeys(key for tail in tails for key in heading_keys(tail))))
    return export


def _is_metadata(name: str, heading: str) -> bool:
    return bool(name) and (
        name in _METADATA
        or heading in _METADATA
        or name[0] == "_"
        or heading.startswith(("_", "meta/", "meta-"))
    )


def _without_group(heading: str) -> str:
    return heading.rpartition("/")[2]
