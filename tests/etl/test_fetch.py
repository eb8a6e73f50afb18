"""Downloads, against a server on this machine that cuts, stalls, changes and lies as servers do."""

import hashlib
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import geopandas as gpd
import pytest
from typer.testing import CliRunner, Result

import etl.cli
from etl.boundaries.fetch import ATTEMPTS, read_catalogue
from geodata.contract.errors import GeodataError
from geodata.settings import SOURCES
from tests.small_city import new_wards

BODY = hashlib.sha256(b"boundaries").digest() * 10_000
"""320 kB, so that a cut comes after several pieces."""


@dataclass
class Site:
    """What the server holds and how it behaves; it notes the ranges that it was asked for."""

    body: bytes = BODY
    etag: str = '"1"'
    cut_after: list[int] = field(default_factory=list)
    """Of each coming answer, the bytes after which the connection is cut."""
    is_silent: bool = False
    location: str = ""
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a server on loopback that serves ``/file`` while the test runs."""
    site = Site()
    may_end = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", site.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if self.path != "/file":
                self.send_error(404)
                return
            asked = self.headers["Range"]
            site.ranges.append(asked)
            begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            if self.headers["If-Range"] != site.etag:
                begin = 0
            if begin >= len(site.body):
                self.send_error(416)
                return
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(site.body) - 1}/{len(site.body)}")
            if site.etag:
                self.send_header("ETag", site.etag)
            self.send_header("Content-Length", str(len(site.body) - begin))
            self.end_headers()
            rest = site.body[begin:]
            self.wfile.write(rest[: site.cut_after.pop(0)] if site.cut_after else rest)
            self.wfile.flush()
            if site.is_silent:
                may_end.wait()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    yield site
    may_end.set()
    server.shutdown()
    server.server_close()
    thread.join()


def write_catalogue(folder: Path, **cells: str) -> Path:
    row = {
        "name": "city",
        "vintage": "2025-07-01",
        "url": "",
        "sha256": "",
        "licence": "MIT",
        "format": "geojson",
        "members": "",
        "options": "",
        "note": "",
    } | cells
    path = folder / "catalogue.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    return path


def fetch(folder: Path, *options: str, **cells: str) -> Result:
    """Run ``pilot-wards fetch city`` with a catalogue of one row; the download goes to ``folder/to``."""
    catalogue = write_catalogue(folder, **cells)
    arguments = ["fetch", "city", "--catalogue", str(catalogue), "--to", str(folder / "to"), *options]
    return CliRunner().invoke(etl.cli.app, arguments)


def faults(result: Result) -> list[str]:
    """Return the faults that were told, the bar of the progress and the heading left out."""
    assert result.exit_code == 2
    return [line for line in result.stderr.splitlines() if line.startswith("- ")]


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "to").glob("*")}


SHA256 = hashlib.sha256(BODY).hexdigest()


def test_a_download_is_put_in_place_and_the_next_command_is_told(site: Site, tmp_path: Path) -> None:
    options = "--layer ADM_ADM_3 --only 'NAME_1=Hải Phòng'"
    result = fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256, options=options)
    assert result.exit_code == 0, result.stderr
    target = tmp_path / "to" / "city.geojson"
    assert target.read_bytes() == BODY
    assert files(tmp_path) == {"city.geojson"}
    assert "Licence: MIT" in result.stdout
    assert result.stdout.splitlines()[-1].strip() == (
        f"pilot-wards boundaries {target} --valid-from 2025-07-01 {options}"
    )


def test_what_is_there_already_is_not_downloaded_again(site: Site, tmp_path: Path) -> None:
    for _ in range(2):
        result = fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256)
        assert result.exit_code == 0
    assert site.ranges == [None]
    assert "is there already" in result.stdout


def test_a_cut_download_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.cut_after = [100_000, 100_000]
    result = fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "to" / "city.geojson").read_bytes() == BODY
    first, second, third = site.ranges
    assert first is None
    assert second is not None
    assert third is not None
    begins = [int(asked.removeprefix("bytes=").removesuffix("-")) for asked in (second, third)]
    # At most one piece of 16 KiB that was not yet written is asked for again.
    assert 80_000 < begins[0] <= 100_000
    assert begins[0] + 80_000 < begins[1] <= begins[0] + 100_000


def test_a_download_that_is_cut_again_and_again_goes_on_with_the_next_command(
    site: Site, tmp_path: Path
) -> None:
    site.cut_after = [40_000] * ATTEMPTS
    result = fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256)
    (told,) = faults(result)
    assert "the connection was cut after" in told
    assert "the same command again" in told
    assert files(tmp_path) == {"city.geojson.part", "city.geojson.part.version"}
    had = (tmp_path / "to" / "city.geojson.part").stat().st_size

    assert fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256).exit_code == 0
    assert site.ranges[-1] == f"bytes={had}-"
    assert files(tmp_path) == {"city.geojson"}


def test_a_file_that_changed_meanwhile_is_downloaded_anew(site: Site, tmp_path: Path) -> None:
    site.cut_after = [40_000] * ATTEMPTS
    fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256)
    site.body, site.etag = BODY[::-1], '"2"'
    sha256 = hashlib.sha256(site.body).hexdigest()
    assert fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=sha256).exit_code == 0
    assert (tmp_path / "to" / "city.geojson").read_bytes() == site.body


def test_without_a_version_a_cut_download_starts_anew(site: Site, tmp_path: Path) -> None:
    site.cut_after, site.etag = [100_000], 'W/"1"'
    fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256)
    assert site.ranges == [None, None]
    assert (tmp_path / "to" / "city.geojson").read_bytes() == BODY


def test_a_part_that_is_longer_than_the_file_is_dropped(site: Site, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "city.geojson.part").write_bytes(BODY + b"?")
    (tmp_path / "to" / "city.geojson.part.version").write_text(site.etag)
    assert fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256=SHA256).exit_code == 0
    assert site.ranges == [f"bytes={len(BODY) + 1}-", None]
    assert (tmp_path / "to" / "city.geojson").read_bytes() == BODY


def test_a_wrong_checksum_leaves_nothing_but_what_was_there(site: Site, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "city.geojson").write_bytes(b"old")
    result = fetch(tmp_path, "--accept-licence", url=f"{site.url}/file", sha256="0" * 64)
    assert faults(result) == [
        f"- city “{site.url}/file”: has the SHA-256 {SHA256}; it was removed → the SHA-256 {'0' * 64}"
    ]
    assert files(tmp_path) == {"city.geojson"}
    assert (tmp_path / "to" / "city.geojson").read_bytes() == b"old"


def test_a_missing_file_is_told_with_the_servers_answer(site: Site, tmp_path: Path) -> None:
    result = fetch(tmp_path, "--accept-licence", url=f"{site.url}/other", sha256=SHA256)
    assert faults(result) == [
        f"- city “{site.url}/other”: the server answers 404 Not Found → an address that holds the file"
    ]
    assert files(tmp_path) == set()


def test_a_server_that_falls_silent_is_given_up_and_the_part_kept(site: Site, tmp_path: Path) -> None:
    site.cut_after, site.is_silent = [0], True
    options = ("--accept-licence", "--timeout", "0.2")
    result = fetch(tmp_path, *options, url=f"{site.url}/file", sha256=SHA256)
    assert faults(result) == [
        f"- city “{site.url}/file”: the server was silent for 0.2 s → "
        "the same command again: it goes on where it stopped"
    ]


def test_a_server_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/file"
        result = fetch(tmp_path, "--accept-licence", url=url, sha256=SHA256)
    assert "the server can't be reached" in faults(result)[0]


def test_a_redirection_is_followed_to_http_alone(site: Site, tmp_path: Path) -> None:
    site.location = f"{site.url}/file"
    url = f"{site.url}/elsewhere"
    assert fetch(tmp_path, "--accept-licence", url=url, sha256=SHA256).exit_code == 0
    (tmp_path / "to" / "city.geojson").unlink()
    site.location = f"file://{tmp_path / 'catalogue.csv'}"
    assert (
        "an http or https address" in faults(fetch(tmp_path, "--accept-licence", url=url, sha256=SHA256))[0]
    )


@pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://127.0.0.1/file", "127.0.0.1/file"])
def test_an_address_that_is_not_http_is_refused_in_the_catalogue(
    url: str, site: Site, tmp_path: Path
) -> None:
    (told,) = faults(fetch(tmp_path, "--accept-licence", url=url, sha256=SHA256))
    assert told.startswith(f"- catalogue.csv, row 2, url “{url}”")


def test_nothing_is_asked_of_the_server_before_both_consents(site: Site, tmp_path: Path) -> None:
    url = f"{site.url}/file"
    result = fetch(tmp_path, url=url)
    assert faults(result) == [
        "- city “MIT”: the licence is not accepted → --accept-licence, once you have read it",
        f"- city “{url}”: no checksum is known: the content can't be verified → "
        "--accept-unverified, if you trust the address",
    ]
    assert "Licence: MIT" in result.stdout
    assert "the content can't be verified" in result.stdout
    assert site.ranges == []
    assert fetch(tmp_path, "--accept-licence", "--accept-unverified", url=url).exit_code == 0
    assert (tmp_path / "to" / "city.geojson").read_bytes() == BODY


def test_a_name_that_is_not_offered_is_told_with_those_that_are(tmp_path: Path, site: Site) -> None:
    catalogue = write_catalogue(tmp_path, url=f"{site.url}/file")
    result = CliRunner().invoke(etl.cli.app, ["fetch", "town", "--catalogue", str(catalogue)])
    assert faults(result) == ["- catalogue.csv “town”: is not in the catalogue → one of: city"]


def write_zip(path: Path) -> bytes:
    """Write the wards of the small city into a zip, one GeoJSON each, with a file that is none of them."""
    with zipfile.ZipFile(path, "w") as file:
        wards = new_wards()
        for number in range(len(wards)):
            one = wards.iloc[[number]]
            file.writestr(f"json/31_hai_phong/wards/{number}.geojson", one.to_json())
        file.writestr("json/31_hai_phong/31_hai_phong.geojson", "{}")
    return path.read_bytes()


def test_a_zip_of_one_file_a_ward_becomes_one_layer(site: Site, tmp_path: Path) -> None:
    site.body = write_zip(tmp_path / "wards.zip")
    cells = {
        "url": f"{site.url}/file",
        "sha256": hashlib.sha256(site.body).hexdigest(),
        "format": "zip",
        "members": "*/31_hai_phong/wards/*.geojson",
    }
    result = fetch(tmp_path, "--accept-licence", **cells)
    assert result.exit_code == 0, result.stderr
    wards = gpd.read_file(tmp_path / "to" / "city.gpkg", layer="ward")
    assert wards["ward_name"].tolist() == new_wards()["ward_name"].tolist()
    assert wards.geometry.geom_equals_exact(new_wards().geometry, 1e-9).all()
    assert "city.gpkg --valid-from 2025-07-01" in result.stdout


@pytest.mark.parametrize(
    ("body", "members", "problem"),
    [(BODY, "*.geojson", "can't be read"), (None, "*.shp", "holds no such file")],
)
def test_a_zip_without_wards_is_told(
    body: bytes | None, members: str, problem: str, site: Site, tmp_path: Path
) -> None:
    site.body = body or write_zip(tmp_path / "wards.zip")
    sha256 = hashlib.sha256(site.body).hexdigest()
    url = f"{site.url}/file"
    result = fetch(tmp_path, "--accept-licence", url=url, sha256=sha256, format="zip", members=members)
    assert faults(result) == [f"- city “{url}”: {problem} → a zip with files {members}"]


def test_the_programs_own_catalogue_holds_and_is_shown_without_a_name() -> None:
    offers = read_catalogue(SOURCES / "boundary_catalogue.csv")
    result = CliRunner().invoke(etl.cli.app, ["fetch"])
    assert result.exit_code == 0
    assert all(offer.name in result.stdout for offer in offers)


def test_a_catalogue_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match=r"catalogue\.csv: is missing"):
        read_catalogue(tmp_path / "catalogue.csv")
