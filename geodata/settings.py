"""What an installation may choose: where its files lie, and what its command line speaks.

The environment is read here and nowhere else. What people keep and what is made lies in one home, outside the
program: ``var/`` of a checkout, ``~/.local/share/pilot-wards`` of a program that pip installed.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from geodata.language.messages import DEFAULT_LANGUAGE, Language

ROOT = Path(__file__).resolve().parent.parent


def _top(name: str) -> Path:
    """Return a folder of a checkout that a wheel carries inside the dashboard."""
    packed = ROOT / "dashboard" / name
    return packed if packed.is_dir() else ROOT / name


PAGES = _top("pages")
DOCS = _top("docs")
SOURCES = ROOT / "geodata" / "sources"
"""The register that the program ships."""
SHIPPED_BOUNDARIES = ROOT / "geodata" / "boundaries"
"""Schematic boundaries, so that a map can be drawn without any others."""
BASEMAP_SCRIPT = _top("node_modules") / "protomaps-leaflet" / "dist" / "protomaps-leaflet.js"
"""What draws a basemap in the browser: of Node's packages, which a checkout or a wheel may lack."""


@dataclass(frozen=True)
class Settings:
    """The places of one installation, and its language.

    Attributes
    ----------
    home
        Folder of all that is kept and made, unless it is named itself (``PILOT_WARDS_HOME``).
    sources
        Folder of the register.
    boundaries
        Folders in which boundaries are looked for, in this order: those that were adopted, those of
        ``PILOT_WARDS_BOUNDARIES`` (several with a colon between), the shipped ones.
    user_boundaries
        Folder of the boundaries that are adopted.
    database
        The store, as SQLAlchemy names it (``PILOT_WARDS_DATABASE``); empty for ``store.sqlite`` in the home.
        It can't be made again.
    store
        Folder in which version 0.2 kept what was imported (``PILOT_WARDS_STORE``), to be adopted.
    passphrase
        File whose first line is the passphrase of backups (``PILOT_WARDS_PASSPHRASE``), if any.
    published
        The GeoPackage that a build publishes and the dashboard reads (``PILOT_WARDS_GPKG``).
    network
        The street network that routes follow (``PILOT_WARDS_NETWORK``); beside the GeoPackage by default.
    state
        What was chosen and holds from then on, such as whether there are illustrative figures.
    wall
        What the wall shows: the file in the home, or the shipped one where there is none.
    hosts
        Names by which browsers reach the server besides those of its machine (``PILOT_WARDS_HOSTS``, with
        commas between).
    proxies
        Addresses of proxies that name who is signed in (``PILOT_WARDS_PROXIES``), in the header
        ``X-Forwarded-User``; from everyone else that header counts for nothing.
    is_public
        Whether what is published may be read without signing in (``PILOT_WARDS_PUBLIC=yes``).
    may_be_open
        Whether a server without accounts may be reached from other machines (``PILOT_WARDS_OPEN=yes``).
    log
        The file of the server's log, in the home; ``None`` where systemd keeps what it says
        (``JOURNAL_STREAM``).
    language
        Of the command line (``PILOT_WARDS_LANG``): English if it is ``en``, else Vietnamese.
    """

    home: Path
    sources: Path
    boundaries: tuple[Path, ...]
    user_boundaries: Path
    database: str
    store: Path
    passphrase: Path | None
    published: Path
    network: Path
    state: Path
    wall: Path
    hosts: tuple[str, ...]
    proxies: tuple[str, ...]
    is_public: bool
    may_be_open: bool
    log: Path | None
    language: Language

    def publishing_to(self, published: Path) -> "Settings":
        """Return the settings for another GeoPackage, whose street network lies beside it."""
        return replace(self, published=published, network=published.with_name("network.npz"))


def settings() -> Settings:
    """Return the settings as the environment states them now."""
    home = _named("PILOT_WARDS_HOME") or _usual_home()
    user_boundaries = _kept(home / "boundaries", SOURCES / "boundaries")
    published = _named("PILOT_WARDS_GPKG") or _kept(home / "built", ROOT / "geodata/built") / "haiphong.gpkg"
    named = os.environ.get("PILOT_WARDS_BOUNDARIES", "")
    wall = home / "wall.toml"
    is_english = os.environ.get("PILOT_WARDS_LANG", "").lower().startswith("en")
    return Settings(
        home=home,
        sources=SOURCES,
        boundaries=(
            *([user_boundaries] if user_boundaries.is_dir() else []),
            *(Path(folder) for folder in named.split(os.pathsep) if folder),
            SHIPPED_BOUNDARIES,
        ),
        user_boundaries=user_boundaries,
        database=os.environ.get("PILOT_WARDS_DATABASE", ""),
        store=_named("PILOT_WARDS_STORE") or _kept(home / "batches", ROOT / "geodata" / "batches"),
        passphrase=_named("PILOT_WARDS_PASSPHRASE"),
        published=published,
        network=_named("PILOT_WARDS_NETWORK") or published.with_name("network.npz"),
        state=home / "state.json",
        wall=wall if wall.is_file() else SOURCES / "wall.toml",
        hosts=_listed("PILOT_WARDS_HOSTS"),
        proxies=_listed("PILOT_WARDS_PROXIES"),
        is_public=_says_yes("PILOT_WARDS_PUBLIC"),
        may_be_open=_says_yes("PILOT_WARDS_OPEN"),
        log=None if os.environ.get("JOURNAL_STREAM") else home / "logs" / "server.log",
        language="en" if is_english else DEFAULT_LANGUAGE,
    )


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None


def _listed(variable: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in os.environ.get(variable, "").split(",") if name.strip())


def _says_yes(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() in ("yes", "1", "true")


def _usual_home() -> Path:
    if (ROOT / "pyproject.toml").is_file():
        return ROOT / "var"
    return Path.home() / ".local" / "share" / "pilot-wards"


def _kept(place: Path, before: Path) -> Path:
    """Return where something lies: where version 0.1 kept it, in the source tree, as long as it is there."""
    return before if before.is_dir() and not os.environ.get("PILOT_WARDS_HOME") else place
