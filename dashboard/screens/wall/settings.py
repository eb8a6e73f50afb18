"""What the wall shows, and how: read from ``geodata/sources/wall.toml``, overridden by the page's address.

A bad setting stops nothing: its default runs, and a sentence says what was wrong and what is allowed.
"""

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from geodata.language import Language, Message, message
from geodata.settings import SOURCES

WALL_FILE = SOURCES / "wall.toml"

SCENES = ("city", "coverage", "progress", "inspections", "ward", "visit", "event")
"""All scenes, in the order in which they come by default."""

LONGEST_SECONDS = 3600
LONGEST_DAYS = 3650
LONGEST_TEXT = 200

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Hours:
    """Hours of the day in which the wall shows scenes, in Vietnam's time, as HH:MM.

    Attributes
    ----------
    since, until
        Where ``until`` comes before ``since`` they run over midnight.
    """

    since: str
    until: str


@dataclass(frozen=True)
class Settings:
    """How the wall runs.

    Attributes
    ----------
    scenes
        Names of `SCENES`, in the order in which they come.
    seconds
        How long each stands.
    areas
        Codes of districts and wards that are shown; none for the whole city.
    theme
        Ground of the screen.
    hours
        When scenes are shown; ``None`` for always.
    stale_after_days
        Data that were built more days ago bear a badge.
    verified_only
        Without what is illustrative.
    vintage
        ISO date of the boundaries, ``latest``: those in force today, or ``programme``: those in which the
        latest stage was recorded.
    language
        Language of the screen.
    limit_days, limit_basis
        After how many days without an inspection a ward is overdue, and what that limit rests on; none
        where not both are set.
    """

    scenes: tuple[str, ...] = SCENES
    seconds: int = 20
    areas: tuple[str, ...] = ()
    theme: Literal["dark", "light"] = "dark"
    hours: Hours | None = Hours("06:00", "22:00")
    stale_after_days: int = 7
    verified_only: bool = True
    vintage: str = "latest"
    language: Language = "vi"
    limit_days: int | None = None
    limit_basis: str = ""


@dataclass(frozen=True)
class Setting:
    """One setting as it is written in the file and in an address.

    Attributes
    ----------
    field
        Its field in `Settings`.
    parse
        Its value from what is written, a ``ValueError`` where that is not allowed. An address writes text, a
        list in it with commas.
    allowed
        What is allowed.
    """

    field: str
    parse: Callable[[Any], Any]
    allowed: Message


def _words(written: Any) -> tuple[str, ...]:
    parts = written.split(",") if isinstance(written, str) else written
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _scenes(written: Any) -> tuple[str, ...]:
    names = _words(written)
    if not names or not set(names) <= set(SCENES):
        raise ValueError
    return names


def _codes(written: Any) -> tuple[str, ...]:
    codes = _words(written)
    if not all(code.isascii() and code.isdigit() for code in codes):
        raise ValueError
    return codes


def _whole(last: int) -> Callable[[Any], int]:
    def parse(written: Any) -> int:
        # True is a whole number for Python.
        if isinstance(written, bool) or not isinstance(written, int | str):
            raise ValueError
        count = int(written)
        if not 1 <= count <= last:
            raise ValueError
        return count

    return parse


def _one_of(values: Mapping[str, Any]) -> Callable[[Any], Any]:
    def parse(written: Any) -> Any:
        if not isinstance(written, str) or written not in values:
            raise ValueError
        return values[written]

    return parse


def _hours(written: Any) -> Hours | None:
    if written == "always":
        return None
    found = _HOURS.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError
    since, until = (f"{found[at]}:{found[at + 1]}" for at in (1, 3))
    if since == until:
        raise ValueError
    return Hours(since, until)


def _text(written: Any) -> str:
    if not isinstance(written, str) or not written.strip() or len(written) > LONGEST_TEXT:
        raise ValueError
    return written.strip()


def _vintage(written: Any) -> str:
    if written in ("programme", "latest"):
        return str(written)
    # TOML reads a date that is not quoted as one.
    if isinstance(written, datetime.date):
        return written.isoformat()
    if not isinstance(written, str):
        raise ValueError
    return datetime.date.fromisoformat(written).isoformat()


SETTINGS = {
    "scenes": Setting("scenes", _scenes, message("names out of {names}", names=", ".join(SCENES))),
    "seconds": Setting(
        "seconds", _whole(LONGEST_SECONDS), message("a whole number from 1 to {last}", last=LONGEST_SECONDS)
    ),
    "districts": Setting("areas", _codes, message("codes of districts and wards, such as 303")),
    "theme": Setting("theme", _one_of({"dark": "dark", "light": "light"}), message("dark or light")),
    "hours": Setting("hours", _hours, message("two times of day, such as 06:00-22:00, or always")),
    "stale_after_days": Setting(
        "stale_after_days",
        _whole(LONGEST_DAYS),
        message("a whole number from 1 to {last}", last=LONGEST_DAYS),
    ),
    "facts": Setting("verified_only", _one_of({"verified": True, "all": False}), message("verified or all")),
    "vintage": Setting("vintage", _vintage, message("latest, programme, or a day such as 2025-07-01")),
    "language": Setting("language", _one_of({"vi": "vi", "en": "en"}), message("vi or en")),
    "limit": Setting(
        "limit_days",
        _whole(LONGEST_DAYS),
        message("a whole number from 1 to {last}", last=LONGEST_DAYS),
    ),
    "basis": Setting("limit_basis", _text, message("a text of at most {most} letters", most=LONGEST_TEXT)),
}
"""All settings by the name that they have in the file."""

ADDRESS_NAMES = {"lang": "language", "area": "districts"}
"""Names in an address that differ from those in the file: all pages call language and areas so."""


def read_settings(query: Mapping[str, str], path: Path = WALL_FILE) -> tuple[Settings, list[Message]]:
    """Return the settings, and what is wrong with those that are written.

    Parameters
    ----------
    query
        Parameters of the page's address.
    path
        The file; where there is none, the defaults run.
    """
    written, notices = _read(path)
    settings, wrong = with_written(Settings(), written, path.name)
    asked = {ADDRESS_NAMES.get(name, name): value for name, value in query.items()}
    settings, wrong_asked = with_written(settings, asked, None)
    return settings, [*notices, *wrong, *wrong_asked]


def _read(path: Path) -> tuple[dict[str, Any], list[Message]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), []
    except FileNotFoundError:
        return {}, []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return {}, [
            message("{file} can't be read ({reason}); the defaults run.", file=path.name, reason=str(error))
        ]


def with_written(
    settings: Settings, written: Mapping[str, Any], file: str | None
) -> tuple[Settings, list[Message]]:
    """Return settings with those that are written, and what is wrong with these.

    Parameters
    ----------
    settings
        What runs otherwise.
    written
        Settings by their name.
    file
        Name of the file where they are written; ``None`` for the page's address.
    """
    notices = []
    for name, value in written.items():
        place = message("the page's address") if file is None else file
        if name not in SETTINGS:
            notices.append(
                message(
                    "In {place} there is no setting “{name}”; there are {names}.",
                    place=place,
                    name=name,
                    names=", ".join(SETTINGS),
                )
            )
            continue
        setting = SETTINGS[name]
        try:
            settings = replace(settings, **{setting.field: setting.parse(value)})
        except ValueError:
            notices.append(
                message(
                    "In {place}, “{name}” can't be “{value}”: allowed are {allowed}. The default runs.",
                    place=place,
                    name=name,
                    value=shown(value),
                    allowed=setting.allowed,
                )
            )
    return settings, notices


def shown(value: Any) -> str:
    """Return what is written as a short text."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
