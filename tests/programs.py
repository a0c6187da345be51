"""The applications that programs call, around the fake assistant, served on loopback without the page."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn
from starlette.types import Receive, Scope, Send

from index.settings import LimitSettings
from tests.browser.fake_assistant import FakeAssistant
from ui.api import programs
from ui.api.desk import Desk
from ui.network.turnstile import Turnstile
from ui.page.address import listener, written
from ui.page.ports import Assistant

SOON = 10.0
"""Seconds within which something that takes milliseconds must have happened."""


def until(is_so: Callable[[], bool]) -> bool:
    """Whether it is so, soon."""
    end = time.monotonic() + SOON
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()


@contextmanager
def waiting(address: str, path: str, body: object) -> Iterator[None]:
    """A caller that has sent a request and goes away at the end of the block, whatever has come by then."""
    place, content = urlsplit(address), json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((place.hostname, place.port), SOON) as line:
        line.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        yield


@dataclass
class Programs:
    """Applications that are being served, and what answers behind them."""

    address: str
    assistant: FakeAssistant
    desk: Desk


@contextmanager
def serving(most: int = 16, around: Assistant | None = None) -> Iterator[Programs]:
    """The applications, until the block ends, around the fake assistant or another that takes `most` questions."""
    fake = FakeAssistant()
    assistant = Turnstile(around or fake, LimitSettings().model_copy(update={"questions": most}))
    desk = Desk(assistant)
    mounted = programs(assistant, desk)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # As Starlette mounts them, but for paths with line breaks, which it takes to no application at all.
        root = next(root for root in mounted if scope["path"].startswith(f"{root}/"))
        await mounted[root]({**scope, "root_path": root}, receive, send)

    with listener("127.0.0.1", 0) as bound:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        yield Programs(written(bound), fake, desk)
        fake.gate.set()
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
