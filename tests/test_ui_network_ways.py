"""Which of Gradio's routes there are: the page's, and none that serves files, fetches addresses or takes uploads."""

import json
import re

import pytest

from ui.network.ways import READ, SENT, is_plain

SERVED = [
    ("GET", "/"),
    ("GET", "/assets/index-DphvyggB.js"),
    ("GET", "/theme.css"),
    ("GET", "/gradio_api/heartbeat/bxt8wglc4p"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/run/ask"),
    ("POST", "/gradio_api/mcp/"),
    ("GET", "/gradio_api/info"),
    ("GET", "/config"),
]
NOT = [
    ("GET", "/assets/../../etc/passwd"),
    ("GET", "/assets/.env"),
    ("GET", "/assets//etc/passwd"),
    ("GET", "/assets/"),
    ("GET", "/assets/a.js\n"),
    ("GET", "/static/../config"),
    ("GET", "/gradio_api/mcp/sse"),
    ("POST", "/gradio_api/run/forget"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/queue/join"),
    ("POST", "/"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/queue/join/"),
]


FILE = '{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}'


@pytest.mark.parametrize("body", ['{"data": [%s]}', '{"event_data": {"a": [[%s]]}}', '{"data": [{"value": %s}]}'])
def test_no_file_is_named_anywhere(body: str) -> None:
    assert not is_plain((body % FILE).encode())
    assert not is_plain((body % FILE.replace("_type", r"\u005ftype")).encode())
    assert is_plain((body % json.dumps(f"What is {FILE}?")).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"x", b"\xff", b'{"a": ' + b"[" * 100_000])
def test_what_is_no_object_is_not_handed_on(body: bytes) -> None:
    assert not is_plain(body)


def is_served(method: str, path: str) -> bool:
    return any(re.fullmatch(way, path) for way in (READ if method == "GET" else SENT))


@pytest.mark.parametrize(("method", "path"), SERVED)
def test_what_the_page_needs_is_served(method: str, path: str) -> None:
    assert is_served(method, path)


@pytest.mark.parametrize(("method", "path"), NOT)
def test_nothing_else_is(method: str, path: str) -> None:
    assert not is_served(method, path)
