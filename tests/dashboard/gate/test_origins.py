"""Foreign hosts and origins are turned away, and every answer says what a page may do."""

import base64
import re
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.server import app

OURS = {"Host": "127.0.0.1:8501"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8501")


@pytest.mark.parametrize(
    "told",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8501"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "[::1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8501.evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/stream", "/app/static/x", "/wall"])
def test_a_foreign_host_or_origin_gets_nothing(client: TestClient, path: str, told: dict[str, str]) -> None:
    headers = {**OURS, "Origin": "http://127.0.0.1:8501", **told}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 421
    assert answer.text == "421 Misdirected Request"
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/_stcore/stream", headers=headers),
    ):
        pass
    assert refused.value.code == 1008


def test_its_own_pages_and_programs_without_an_origin_are_answered(client: TestClient) -> None:
    for headers in (OURS, {**OURS, "Origin": "http://127.0.0.1:8501"}, {"Host": "localhost:8501"}):
        assert client.get("/_stcore/health", headers=headers).status_code == 200


def test_every_answer_tells_what_a_page_may_do(
    client: TestClient, inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    page = client.get("/", headers={**OURS, "Accept": "text/html"})
    for answer in (
        page,
        client.get("/_stcore/health", headers=OURS),
        client.get("/app/static/none", headers=OURS),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "server" not in answer.headers
    scripts = policy.partition("script-src ")[2].partition(";")[0]
    assert "unsafe" not in scripts
    inline = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert len(inline) >= 2
    for script in inline:
        assert base64.b64encode(sha256(script.encode()).digest()).decode() in scripts
