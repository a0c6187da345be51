"""The applications that programs call, around the fake assistant, served on loopback without the page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import Receive, Scope, Send

from tests.browser.fake_assistant import FakeAssistant
from ui.api import programs
from ui.api.desk import Desk
from ui.page.address import listener, written
from ui.page.ports import Assistant


@dataclass
class Programs:
    """Applications that are being served, and what answers behind them."""

    address: str
    assistant: FakeAssistant
    desk: Desk


@contextmanager
def serving(most: int = 16, around: Assistant | None = None) -> Iterator[Programs]:
    """The applications, until the block ends, around the fake assistant or another."""
    fake = FakeAssistant()
    assistant = around or fake
    desk = Desk(assistant, most)
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
