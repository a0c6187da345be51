"""Attacks with time and number: slow headers, bodies and readers, a thousand connections. Cut off, others served."""

import contextlib
import socket
import time

import pytest

from tests.network.conftest import PATIENCE, Target
from tests.network.visitors import Raw

pytestmark = pytest.mark.process

SOON = PATIENCE + 4.0
"""Seconds within which a slow client has been cut off: connections are looked at every second."""

JOIN = "POST /gradio_api/queue/join HTTP/1.1\r\nHost: HOST\r\n"
SLOW = {
    "says nothing": ("", ""),
    "sends headers by drops": ("GET / HTTP/1.1\r\nHost: HOST\r\n", "X: y\r\n"),
    "sends a second request by drops": ("GET /a HTTP/1.1\r\nHost: HOST\r\n\r\nGET / HTTP/1.1\r\n", "X: y\r\n"),
    "sends a body by drops": (f"{JOIN}Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n", "x"),
    "sends chunks by drops": (
        f"{JOIN}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1\r\nx\r\n",
    ),
    "goes on after a refusal": ("POST /a HTTP/1.1\r\nHost: HOST\r\nContent-Length: 19000\r\n\r\n", "x"),
    "waits for leave to send": (f"{JOIN}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", ""),
}


def dripping(visitors: dict[str, tuple[Raw, str]], seconds: float) -> set[str]:
    """The names of those whose connections end while each sends a little now and then."""
    ended: set[str] = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, (visitor, drop) in visitors.items():
            if name in ended:
                continue
            try:
                visitor.send(drop)
            except ConnectionError:
                ended.add(name)
            else:
                ended |= {name} if visitor.closes_within(0.05) else set()
    return ended


def received(visitor: Raw) -> int:
    """The bytes that come until the connection ends, in order or by a reset."""
    count = 0
    with contextlib.suppress(ConnectionError):
        while piece := visitor.socket.recv(65_536):
            count += len(piece)
    return count


def test_slow_clients_are_cut_off_and_an_open_page_is_not(target: Target) -> None:
    visitors = {name: (target.visit().send(first), drop) for name, (first, drop) in SLOW.items()}
    visitors["open page"] = (target.visit().send("GET /gradio_api/heartbeat/abcdef HTTP/1.1\r\nHost: HOST\r\n\r\n"), "")
    deaf = target.visit()
    with target.asker as asker:
        script = next(word for word in asker.http.get("/").text.split('"') if word.startswith("./assets/index-"))
    with contextlib.suppress(ConnectionError, TimeoutError):
        # More than the buffers of both kernels hold.
        deaf.send(f"GET {script.removeprefix('.')} HTTP/1.1\r\nHost: HOST\r\n\r\n" * 60)
    assert dripping(visitors, SOON) == set(SLOW)
    assert received(deaf) < 60 * 100_000  # each of them is larger


def test_a_reader_who_is_slow_but_reads_gets_it_all(target: Target) -> None:
    visitor = target.visit()
    visitor.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    visitor.send("GET / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n")
    found = b""
    while piece := visitor.socket.recv(8_000):
        found += piece
        time.sleep(0.2)
    assert b"</html>" in found[-50:]


def test_a_thousand_connections_leave_room_for_another_client(target: Target) -> None:
    held = []
    for _ in range(1_000):
        with contextlib.suppress(OSError):
            held.append(target.visit())
    assert target.still_answers()  # from another address, while they are open
    refused = sum(1 for visitor in held if "503 Service Unavailable" in visitor.answer(0.005))
    assert refused > 900
