"""Attacks with odd requests: paths, parameters, framing, size, names, sites. All refused; then a question answered."""

import contextlib
import json
import re

import pytest

from tests.network.conftest import CANARY, Target
from ui.network.headers import HEADERS

pytestmark = pytest.mark.process

UPWARDS = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "%252e%252e%252f",
    "..%c0%af",
    "....//",
    ".%00./",
    "/",
]
PLACES = ["/", "/assets/", "/fonts/", "/static/", "/static/js/", "/gradio_api/file=", "/file=", "/gradio_api/file/"]


def raw(target: Target, line: str, *headers: str, body: str = "") -> str:
    """What the server answers to a first line, headers and a body as they stand."""
    visitor = target.visit()
    visitor.send("\r\n".join([line, "Host: HOST", "Connection: close", *headers, "", body]))
    return visitor.answer(5)


def test_no_path_leads_to_a_file(target: Target) -> None:
    for place in PLACES:
        for up in UPWARDS:
            for wanted in ("etc/passwd", str(target.secret).lstrip("/")):
                answer = raw(target, f"GET {place}{up * 9}{wanted} HTTP/1.1")
                assert re.match(r"HTTP/1\.1 (400|404|431) ", answer), (place, up)
                assert "root:" not in answer
                assert CANARY not in answer
    for place in ("/assets/", "/fonts/", "/fonts", "/static/", "/assets", "/.env"):
        assert raw(target, f"GET {place} HTTP/1.1").startswith("HTTP/1.1 404 ")


MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_no_parameter_comes_back_as_markup(target: Target) -> None:
    asker = target.asker
    for path in ("/", "/enter", "/theme.css", "/nowhere"):
        answer = asker.http.get(path, params=dict.fromkeys(("to", "answer", "view", "v", "session_hash"), MARKUP))
        assert "<script>alert(1)" not in answer.text or answer.headers["content-type"] == "application/json"
    said = asker.ask(f"agencies {MARKUP}?")
    shown = json.dumps(said)
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown
    asker.http.close()


POST = "POST /gradio_api/queue/join HTTP/1.1"
SMUGGLED = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: HOST\r\n\r\n"
FRAMES = {
    "both": (["Content-Length: 5", "Transfer-Encoding: chunked"], SMUGGLED),
    "both, other order": (["Transfer-Encoding: chunked", "Content-Length: 5"], SMUGGLED),
    "two lengths": (["Content-Length: 5", "Content-Length: 50"], "abcde"),
    "two lengths in one": (["Content-Length: 5, 50"], "abcde"),
    "a plus": (["Content-Length: +5"], "abcde"),
    "a minus": (["Content-Length: -5"], "abcde"),
    "hexadecimal": (["Content-Length: 0x5"], "abcde"),
    "underscore": (["Content-Length: 1_0"], "abcde"),
    "endless": (["Content-Length: 9" + "9" * 30], "abcde"),
    "space before the colon": (["Transfer-Encoding : chunked"], SMUGGLED),
    "hidden": (["Transfer-Encoding: xchunked"], SMUGGLED),
    "several": (["Transfer-Encoding: gzip, chunked"], SMUGGLED),
    "twice": (["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], SMUGGLED),
    "carriage return in a header": (["X: a\rTransfer-Encoding: chunked"], SMUGGLED),
    "nothing in a header": (["X: a\0b"], ""),
    "chunk below nothing": (["Transfer-Encoding: chunked"], "-1\r\n\r\n"),
    "chunk without end": (["Transfer-Encoding: chunked"], "F" * 30 + "\r\nabc\r\n"),
    "chunk with a sign": (["Transfer-Encoding: chunked"], "0x2\r\n{}\r\n0\r\n\r\n"),
    "chunk longer than said": (["Transfer-Encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n"),
    "two hosts": (["Host: evil.example", "Content-Length: 0"], ""),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_request_framed_oddly_is_refused_and_ends_its_connection(name: str, target: Target) -> None:
    headers, body = FRAMES[name]
    visitor = target.visit()
    visitor.send("\r\n".join([POST, "Host: HOST", *headers, "", body]))
    answer = visitor.answer(5)
    assert re.findall(r"^HTTP/1\.1 (\d{3})", answer, re.MULTILINE) == ["400"]
    assert "server:" not in answer.lower()
    assert all(f"{header.lower()}: " in answer.lower() for header in HEADERS)


def test_folded_headers_and_equal_lengths_hide_no_second_request(target: Target) -> None:
    for headers in (["X: a\r\n Transfer-Encoding: chunked", "Content-Length: 2"], ["Content-Length: 2"] * 2):
        answer = raw(target, POST, *headers, body="{}GET /smuggled HTTP/1.1\r\nHost: HOST\r\n\r\n")
        assert re.findall(r"^HTTP/1\.1 (\d{3})", answer, re.MULTILINE) == ["415"]


@pytest.mark.parametrize(
    "line",
    ["GET / HTTP/x", "GET / HTTP/1.1.1", "GET  / HTTP/1.1", "G@T / HTTP/1.1", "\x16\x03\x01", "GET /\xff HTTP/1.1"],
)
def test_what_is_no_request_is_refused(line: str, target: Target) -> None:
    assert raw(target, line).startswith(("HTTP/1.1 400 ", "HTTP/1.1 505 "))


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_no_other_method_does_anything(method: str, target: Target) -> None:
    assert raw(target, f"{method} / HTTP/1.1").startswith("HTTP/1.1 404 ")
    assert raw(target, f"{method} http://evil.example/ HTTP/1.1").startswith("HTTP/1.1 404 ")


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_no_other_protocol_is_spoken(protocol: str, target: Target) -> None:
    answer = raw(target, "GET /gradio_api/queue/join HTTP/1.1", f"Upgrade: {protocol}", "Connection: Upgrade")
    assert answer.startswith("HTTP/1.1 404 ")


def test_no_header_is_let_in_through_an_address(target: Target) -> None:
    for path in ("/enter?to=/%0d%0aSet-Cookie:%20a=b", "/%0d%0aSet-Cookie:%20a=b", "//evil.example/%2e%2e"):
        answer = raw(target, f"GET {path} HTTP/1.1", "Accept: text/html")
        assert "set-cookie" not in answer.lower()
        assert "location: //" not in answer.lower()


def test_what_is_too_large_is_refused_while_it_comes(target: Target) -> None:
    join = "/gradio_api/queue/join"
    http = target.asker.http
    assert http.post(join, content=b"x" * 20_001).status_code == 413
    assert http.get("/", headers={"X": "y" * 16_384}).status_code in (400, 431)
    assert http.get("/?" + "y" * 16_384).status_code in (400, 431)
    assert raw(target, "GET / HTTP/1.1", *["X: y"] * 4_000).startswith(("HTTP/1.1 431 ", "HTTP/1.1 400 "))
    http.close()
    # Chunked, as much as is taken; far less than all of it may be sent before the end is told.
    visitor = target.visit().send(f"{POST}\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk, sent = "1000\r\n" + "x" * 4_096 + "\r\n", 0
    with contextlib.suppress(ConnectionError):
        while sent < 1_000:
            visitor.send(chunk)
            sent += 1
    assert sent < 1_000


def test_the_number_of_a_length_is_not_believed(target: Target) -> None:
    """A little is said to come, and more does: what is beyond it is another request, and none that is understood."""
    assert raw(target, POST, "Content-Length: 2", body="{}" + "x" * 50_000).startswith("HTTP/1.1 415 ")


def test_another_name_or_site_gets_nothing(target: Target) -> None:
    http = target.asker.http
    evil = {"origin": "https://evil.example"}
    assert http.get("/", headers={"host": "evil.example:80"}).status_code == 421
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/component_server/"):
        assert http.post(path, json={}, headers=evil).status_code == 403
    for path in ("/", "/gradio_api/queue/data?session_hash=a", "/gradio_api/heartbeat/abc"):
        answer = http.get(path, headers=evil)
        assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (403, False)
    ask = {**evil, "access-control-request-method": "POST"}
    assert http.options("/gradio_api/queue/join", headers=ask).status_code == 403
    assert "evil" not in http.get("/", headers={"x-forwarded-host": "evil.example", "x-gradio-server": "evil"}).text
    http.close()
