"""A real Chromium before a real page around the fake assistant: both live for the session, each test has a tab."""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, sync_playwright

from index.settings import LimitSettings, LogSettings, ServerSettings
from tests.browser.fake_assistant import FakeAssistant, FakeCoverage

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ui.network.fence import Network
    from ui.page.administration import Administration
    from ui.page.ports import Assistant

NOTE = "The small model is in use. Get the better one with `communique models pull qwen2.5-coder-0.5b`."
QUIET = "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --no-first-run"


@dataclass
class Served:
    """A page that is being served."""

    address: str
    assistant: FakeAssistant
    home: Path


@dataclass
class Log:
    """What a tab asked for and complained about."""

    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob"):
            self.hosts.add(parts.netloc)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "The browser tests need Chromium: sudo apt-get update && sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*QUIET.split(), "--disable-quic"])
        yield started
        started.close()


@contextmanager
def serving(
    assistant: FakeAssistant, port: int = 0, administer: Callable[[Path], "Administration"] | None = None
) -> Iterator[Served]:
    """A page around a fake assistant, served until the block ends; `administer` makes its administration."""
    with hosted(assistant, port, administer) as (address, home):
        yield Served(address, assistant, home)


def made(
    assistant: "Assistant", network: "Network", administer: Callable[[Path], "Administration"] | None = None
) -> "ASGIApp":
    """The whole application, as `ui.page.serve` makes it."""
    from ui.api import programs
    from ui.api.desk import Desk
    from ui.operations.watching import watched
    from ui.page import build
    from ui.page.server import application

    async def whole() -> "ASGIApp":
        within, probes = watched(assistant, network.limits, LogSettings())
        desk = Desk(within)
        page = build(within, network.home, desk=desk)
        administration = administer(network.home) if administer else None
        return application(page, network, administration, programs(within, desk), probes)

    # Where no event loop runs Gradio makes some, which it never closes.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, whole()).result()


@contextmanager
def hosted(
    assistant: "Assistant",
    port: int = 0,
    administer: Callable[[Path], "Administration"] | None = None,
    server: ServerSettings | None = None,
    limits: LimitSettings | None = None,
) -> Iterator[tuple[str, Path]]:
    """The address and the home folder of a page around any assistant, served from a thread until the block ends."""
    from ui.network.fence import Network
    from ui.network.turnstile import Turnstile
    from ui.page.address import listener, written
    from ui.page.server import Server

    ready = threading.Event()
    with listener("127.0.0.1", port) as bound, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        network = Network(home, server or ServerSettings(), limits or LimitSettings())
        # It hears no signals in a thread, so nobody asks this turnstile whether it is empty.
        unheard = Turnstile(assistant, network.limits)
        running = Server(made(assistant, network, administer), network, ready.set, unheard)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        assert ready.wait(60), "the page did not start within a minute"
        yield written(bound), home
        running.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    with serving(FakeAssistant(FakeCoverage(note=NOTE))) as served:
        yield served


@pytest.fixture
def served(server: Served) -> Served:
    """The page with its assistant as new: the gate shut, nothing heard yet."""
    server.assistant.gate.clear()
    server.assistant.streams.clear()
    server.assistant.heard.clear()
    server.assistant.periods.clear()
    return server


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Two browsers that keep what they have loaded, so that only the first tab of each is slow."""
    phone, wide = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=900)
    opened = {
        "wide": browser.new_context(viewport=wide, reduced_motion="reduce"),
        "phone": browser.new_context(viewport=phone, reduced_motion="reduce", has_touch=True),
    }
    for context in opened.values():
        context.set_default_timeout(15_000)
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture(params=["wide"])
def context(contexts: dict[str, BrowserContext], request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """`wide` (1440 x 900) or `phone` (390 x 844, touch), chosen with indirect parametrization; left as it was found."""
    chosen = contexts[request.param]
    yield chosen
    for tab in chosen.pages:
        tab.evaluate("localStorage.clear()")
        tab.close()


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def page(context: BrowserContext, served: Served, log: Log) -> Page:
    tab = context.new_page()
    tab.on("request", log.note)
    tab.on("pageerror", lambda error: log.errors.append(str(error)))
    tab.on("console", lambda said: log.errors.append(said.text) if said.type == "error" else None)
    tab.goto(served.address)
    tab.wait_for_selector(".example")
    return tab
