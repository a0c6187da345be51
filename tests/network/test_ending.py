"""A page in a process of its own that is told to end: it sees its answers out, takes no more, and ends well."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from index.errors import BusyError
from index.settings import LimitSettings
from tests.browser.fake_assistant import FakeAssistant
from tests.network.conftest import environ
from tests.network.visitors import ROOT
from ui.network.fence import Network
from ui.network.turnstile import Turnstile

PROGRAM = """
import signal
import sys
import threading
from index.settings import Settings
from tests.browser.fake_assistant import FakeAssistant
from ui.operations.journal import begin
from ui.page import Network, serve
settings = Settings.load()
begin(settings.log)
assistant = FakeAssistant()
# What waits goes on once a line comes.
threading.Thread(target=lambda: (sys.stdin.readline(), assistant.gate.set()), daemon=True).start()
try:
    network = Network(settings.home, settings.server, settings.limits, settings.server.host)
    serve(assistant, network, 0, lambda address: print(address, flush=True), log=settings.log)
except KeyboardInterrupt:
    sys.exit(130)
"""
SLOW = {"question": "slow initiative?", "stream": True}
AGENCIES = {"question": "agencies?"}


class Page:
    """A page that can be told things."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        self.process, self.address = process, process.stdout.readline().strip()

    def post(self, body: Mapping[str, object]) -> httpx.Response:
        return httpx.post(f"{self.address}/api/v1/answers", json=body, timeout=20)

    @contextlib.contextmanager
    def answering(self) -> Iterator[list[str]]:
        """The events of an answer that has begun and waits, complete when the block has ended."""
        said: list[str] = []
        has_begun = threading.Event()

        def follow() -> None:
            with (
                contextlib.suppress(httpx.RemoteProtocolError),
                httpx.stream("POST", f"{self.address}/api/v1/answers", json=SLOW, timeout=30) as answer,
            ):
                for line in answer.iter_lines():
                    said.append(line)
                    if line == "event: sentence":
                        has_begun.set()

        thread = threading.Thread(target=follow)
        thread.start()
        assert has_begun.wait(20)
        yield said
        thread.join(30)
        assert not thread.is_alive()

    def tell(self, sig: int) -> None:
        self.process.send_signal(sig)

    def go_on(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """How the process ends."""
        self.process.wait(20)
        return self.process.returncode

    def is_ready(self) -> bool:
        return httpx.get(f"{self.address}/ready", timeout=5).status_code == httpx.codes.OK


@contextlib.contextmanager
def page(home: Path, **more: str) -> Iterator[Page]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", PROGRAM]
    values = environ(home, COMMUNIQUE_LOG_FORMAT="json", **more)
    with subprocess.Popen(command, cwd=ROOT, env=values, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        yield Page(process)
        process.kill()


def until(is_so: bool, page: Page) -> None:
    end = time.monotonic() + 5
    while page.is_ready() is not is_so:
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.process
def test_it_sees_its_answers_out_and_takes_no_more(home: Path) -> None:
    with page(home, COMMUNIQUE_LIMITS_STOP_SECONDS="60") as told:
        with told.answering() as said:
            assert told.is_ready()
            told.tell(signal.SIGTERM)
            until(False, told)
            refused = told.post(AGENCIES)
            assert (refused.status_code, "being ended" in refused.text) == (503, True)
            assert httpx.get(f"{told.address}/health").status_code == 200
            told.go_on()
        assert "event: answer" in said
        assert told.end() == 0
        assert told.process.stderr
        lines = [json.loads(line) for line in told.process.stderr]
    assert [line["outcome"] for line in lines] == ["turned_away", "answered"]


@pytest.mark.process
def test_an_answer_that_takes_longer_is_stopped(home: Path) -> None:
    with page(home, COMMUNIQUE_LIMITS_STOP_SECONDS="1") as told:
        with told.answering() as said:
            told.tell(signal.SIGTERM)
            assert told.end() == 0
        assert ("event: answer" in said, "event: error" in said, "is being ended" in said[-2]) == (False, True, True)
        assert told.process.stderr
        assert '"outcome": "stopped"' in told.process.stderr.read()


@pytest.mark.process
def test_interrupted_while_it_sees_answers_out_it_ends_as_interrupted(home: Path) -> None:
    with page(home, COMMUNIQUE_LIMITS_STOP_SECONDS="600") as told, told.answering():
        told.tell(signal.SIGTERM)
        until(False, told)
        told.tell(signal.SIGINT)
        assert told.end() == 130


@pytest.mark.parametrize(("question", "times"), [("", 1), ("slow initiative?", 2)])
def test_with_nobody_asking_or_told_twice_it_ends_at_once(question: str, times: int, home: Path) -> None:
    from ui.page.server import Server

    async def nothing(*_: object) -> None: ...

    network = Network(home, limits=LimitSettings(stop_seconds=600))
    turnstile = Turnstile(FakeAssistant(), network.limits)
    held = turnstile.stream(question) if question else None
    server = Server(nothing, network, lambda: None, turnstile)
    assert not asyncio.run(server.on_tick(1))
    for _ in range(times):
        assert not server.should_exit
        server.handle_exit(signal.SIGTERM, None)
    assert asyncio.run(server.on_tick(2))
    assert turnstile.under_way == 0
    if held:
        with pytest.raises(BusyError):
            list(held)
