"""Writes the map of a link as one HTML file, as the button of its page does; ``pilot-wards map`` starts it.

Run: python -m dashboard.map_file FILE [--page PAGE] [--link LINK] [--lang LANGUAGE]
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from dashboard.query.publication import publication
from dashboard.screens.compare import screen as compare
from dashboard.screens.events import screen as events
from dashboard.screens.inspections import screen as inspections
from dashboard.screens.overview import screen as overview
from dashboard.screens.routes import screen as routes
from dashboard.screens.wall.state import map_sheet as wall_sheet
from dashboard.screens.ward import screen as ward
from dashboard.screens.ward_map import screen as ward_map
from dashboard.shell.frame_link import Selection, language_of, read_selection
from dashboard.shell.link import FRAME, Read, asked_of
from dashboard.ui.one_file_map import MapSheet, one_file
from geodata.clock import today
from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import GeodataError
from geodata.disk import write_whole
from geodata.language import Words, message
from geodata.settings import settings

WALL = "wall"
SHEETS: dict[str, Callable[[Selection, Read], MapSheet | None]] = {
    "ward_map": ward_map.map_sheet,
    "overview": overview.map_sheet,
    "compare": compare.map_sheet,
    "inspections": inspections.map_sheet,
    "events": events.map_sheet,
    "routes": routes.map_sheet,
    "ward": ward.map_sheet,
}
"""What gives the map of each page, by its path."""

OWN = {
    "ward_map": "figure per second method bounds classes play alike funnel",
    "overview": "",
    "inspections": "search view limit basis",
    "events": "event",
    "ward": "",
    "compare": "against indicator per view units unit since1 until1 since2 until2 all",
    "routes": "case day depart start end service stops lock teams capacity delegates shift lunch",
}
"""The parameters of a page's own link, beside those of the frame; some change what is no map."""

BAD_INPUT = 2


def main() -> None:
    """Write the file; of a link with faults tell every one, write nothing, end with code 2."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    for name in ("page", "link", "lang"):
        parser.add_argument(f"--{name}", default="")
    asked = parser.parse_args()
    page, link = read_link(asked.link, asked.page)
    link = {"lang": settings().language} | link | ({"lang": asked.lang} if asked.lang else {})
    language, _ = language_of(link)
    faults: list[str] = []
    try:
        sheet, notices = sheet_of_link(page, link)
        faults = [one.render(language) for one in notices]
        if not faults and sheet is not None:
            write_whole(asked.file, one_file(sheet))
    except GeodataError as error:
        faults = [fault.render(language) for fault in error.faults]
    except OSError as error:
        faults = [disk_fault(error, asked.file).render(language)]
    if faults:
        heading = message("No map was written. Faults: {count}", count=len(faults)).render(language)
        print(heading, *(f"- {fault}" for fault in faults), sep="\n", file=sys.stderr)
        raise SystemExit(BAD_INPUT)
    print(message("Wrote {file}", file=str(asked.file)).render(language))


def read_link(text: str, page: str = "") -> tuple[str, dict[str, str]]:
    """Return page and parameters of an address, or of its end: page and parameters, or parameters alone."""
    parts = urlsplit(text)
    is_address = bool(parts.scheme) or "?" in text or "=" not in text
    path, query = (parts.path, parts.query) if is_address else ("", text)
    name = path.rstrip("/").rpartition("/")[2]
    if path.endswith("/") and name not in (*SHEETS, WALL):
        # The folder of a server that does not stand at its root.
        name = ""
    # The first page has no name in its address.
    usual = "overview" if parts.scheme else "ward_map"
    return page or name or usual, dict(parse_qsl(query))


def sheet_of_link(page: str, link: Mapping[str, str]) -> tuple[MapSheet | None, list[Words]]:
    """Return the map of a link, and what is wrong with the link, as the app tells it."""
    notices: list[Words] = []
    if page == WALL:
        sheet, wrong = wall_sheet(link, today())
        notices += wrong
    elif page in SHEETS:
        known = (*FRAME, *OWN[page].split())
        notices += [
            message(
                "In {place} there is no setting “{name}”; there are {names}.",
                place=message("the page's address"),
                name=name,
                names=", ".join(known),
            )
            for name in link
            if name not in known
        ]
        selection, wrong = read_selection(publication(), link)
        sheet = SHEETS[page](selection, asked_of(link, wrong))
        notices += wrong
    else:
        told = message("“{page}” is no page with a map; there are {names}.")
        return None, [told.of(page=page, names=", ".join((*SHEETS, WALL)))]
    if sheet is None and not notices:
        notices.append(message("There is no map on the page of this link."))
    return sheet, notices


if __name__ == "__main__":
    main()
