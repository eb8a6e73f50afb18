"""What a page holds before its scripts have loaded: the classes, legend and headline of its link."""

import gzip
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.query.caching import forget
from dashboard.query.publication import publication
from dashboard.screens.overview import screen as overview
from dashboard.screens.wall.first import is_night
from dashboard.screens.wall.screen import current
from dashboard.screens.ward_map import screen as ward_map
from dashboard.server import FIRST_VIEWS
from dashboard.shell.first_view import Opening, with_first_view
from dashboard.shell.frame_link import read_selection
from dashboard.shell.link import asked_of
from dashboard.shell.preloading import STREAMLITS, OnPages, streamlits_parts
from geodata.language import Language, render

INDEX = Path(str(streamlit.__file__)).parent / "static" / "index.html"
SHOWN = re.compile(r'data-ward="([^"]+)" data-class="(\d+)"')
HTML = {"Accept": "text/html"}
OPENINGS: dict[str, Callable[..., Opening]] = {"": overview.opening, "ward_map": ward_map.opening}


def streamlits_own(_: Request) -> Response:
    return FileResponse(INDEX)


@pytest.fixture
def client(inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Return what asks for Streamlit's own page with the first views in it, of the small city."""
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    forget()
    middleware = [Middleware(OnPages, dispatch=with_first_view(FIRST_VIEWS))]
    routes = [Route("/{page}", streamlits_own), Route("/", streamlits_own)]
    with TestClient(Starlette(routes=routes, middleware=middleware)) as made:
        yield made


def opening(path: str, link: dict[str, str]) -> Opening:
    selection, _ = read_selection(publication(), link)
    return OPENINGS[path](selection, asked_of(link))


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("", {}),
        ("", {"facts": "all", "lang": "en"}),
        ("ward_map", {}),
        ("ward_map", {"figure": "inspections", "facts": "all"}),
        ("ward_map", {"figure": "nonsense", "to": "2023-12-31"}),
    ],
)
def test_every_ward_stands_in_the_page_with_the_class_of_the_live_map(
    client: TestClient, path: str, link: dict[str, str]
) -> None:
    page = client.get(f"/{path}", params=link, headers=HTML).text
    shown = opening(path, link)
    state = shown.view.as_sent()
    language: Language = "en" if "lang" in link else "vi"
    assert shown.headline in unescape(page)
    found = dict(SHOWN.findall(page))
    codes = read_selection(publication(), link)[0].query.of_vintage("ward")["ward_code"]
    assert found == dict(zip(codes, map(str, state["classes"]), strict=True))
    for entry in state["palette"]:
        assert render(entry["label"], language) in unescape(page)
    assert page.count('<div id="root">') == 1


def test_the_wall_holds_its_first_scene(client: TestClient) -> None:
    scene = current({})["scenes"][0]
    page = client.get("/wall?hours=always", headers=HTML).text
    assert scene["headline"] in unescape(page)
    assert [int(number) for _, number in sorted(SHOWN.findall(page))] == scene["map"]["classes"]
    assert 'class="hw-wall hw-dark"' in page
    assert 'class="hw-wall"' in client.get("/wall?theme=light&hours=always", headers=HTML).text


def test_of_months_that_are_played_the_first_one_is_shown(client: TestClient) -> None:
    link = {"figure": "inspections", "facts": "all", "play": "yes"}
    frames = opening("ward_map", link).view.frames
    assert frames is not None
    page = client.get("/ward_map", params=link, headers=HTML).text
    assert "".join(number for _, number in sorted(SHOWN.findall(page))) == frames["classes"][0]


def test_nothing_is_asked_for_before_the_first_frame_and_everything_after_it(client: TestClient) -> None:
    page = client.get("/ward_map", headers=HTML).text
    at_once, _, rest = page.partition('<template id="pw-files">')
    later, _, shown = rest.partition("</template>")
    named = re.findall(r'(?:src|href)="(\./static/(?:js|css)/[^"]+)"', INDEX.read_text(encoding="utf-8"))
    assert named
    for one in (*named, *streamlits_parts(), opening("ward_map", {}).view.as_sent()["geometry"]):
        assert f'"{one}"' in later
    assert not re.search("modulepreload|stylesheet|preload|src=", at_once + shown.partition("<style>")[0])


def test_what_streamlit_loads_for_the_elements_of_a_page_is_known() -> None:
    found = {Path(one).name.partition(".")[0] for one in streamlits_parts()}
    assert {*STREAMLITS, "useFormReset"} <= found
    assert "index" not in found


def test_a_link_can_write_no_html(client: TestClient) -> None:
    page = client.get("/", params={"ward": "<script>alert(1)</script>"}, headers=HTML).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_it_is_made_once_and_packed(client: TestClient) -> None:
    write = FIRST_VIEWS["ward_map"]
    assert write({"lang": "en"}) is write({"lang": "en"})
    assert write({"lang": "en"}) != write({})
    with client.stream("GET", "/", headers={**HTML, "Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    plain = client.get("/", headers={**HTML, "Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    assert "etag" not in plain.headers
    assert plain.headers["vary"].lower() == "accept-encoding"


@pytest.mark.parametrize("path", ["", "ward_map"])
def test_of_broken_data_the_page_is_left_to_tell(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "none.gpkg"))
    for page in (client.get(f"/{path}", headers=HTML).text, client.get("/compare", headers=HTML).text):
        host, own = re.findall("<head>(<script>.*?</script>)?", page)[0], INDEX.read_text(encoding="utf-8")
        assert page == own.replace("<head>", f"<head>{host}", 1)
        assert "BACKEND_BASE_URL" in host
    assert client.get("/nothere", headers=HTML).content == INDEX.read_bytes()


def test_a_wall_of_broken_data_is_dark_and_tells(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "none.gpkg"))
    page = client.get("/wall", headers=HTML).text
    assert current({})["scenes"][0]["headline"] in unescape(page)
    assert "wall-ground" in page


@pytest.mark.parametrize(
    ("time", "hours", "night"),
    [
        ("05:59", ("06:00", "22:00"), True),
        ("06:00", ("06:00", "22:00"), False),
        ("22:00", ("06:00", "22:00"), True),
        ("23:00", ("22:00", "06:00"), False),
        ("05:59", ("22:00", "06:00"), False),
        ("12:00", ("22:00", "06:00"), True),
    ],
)
def test_the_night_of_the_wall(time: str, hours: tuple[str, str], *, night: bool) -> None:
    assert is_night(time, dict(zip(("from", "to"), hours, strict=True))) is night
    assert not is_night(time, None)
