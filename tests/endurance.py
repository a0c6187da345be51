"""What a long-running server meets, in processes of their own: a full disk, a page that goes on and on."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import CommuniqueError
from rag.feedback import FeedbackBook
from rag.stored_answers import AnswerShelf
from tests.fakes import built, opened, release
from ui.page import opinion, sharing
from ui.page.conversation import Conversation, Session
from ui.turn import Question

OIL = release("oil", "The price of oil rose to 80 dollars.", "2024-03-07", title="Oil prices")
GAS = release("gas", "The price of gas fell in Almaty.", "2023-09-07", title="Gas prices")
SMALL = 700
"""Bytes that a file may have while the disk is full: fewer than an opinion, an answer or an index takes."""


@contextlib.contextmanager
def full_disk(most: int = SMALL) -> Iterator[None]:
    """Until the block ends no file of this process grows beyond `most` bytes: writing fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@dataclass(frozen=True)
class Kept:
    """What a reader is told when an opinion and a link are wanted, and what the rebuild says."""

    opinion: str
    link: str
    rebuild: str
    answer: str
    remains: int


def disk_full(home: Path) -> list[Kept]:
    """What is said on a full disk, and once there is room again; the opinions that are read then."""
    built(home, OIL)
    assistant = opened(home)
    [*_, turn] = Conversation(assistant).follow(Question("How did the price of oil change?"), Session(), "tab")
    session = Session((turn,))

    def tried() -> Kept:
        try:
            rebuilt = built(home, OIL, GAS).snapshot
        except CommuniqueError as error:
            rebuilt = str(error)
        told = json.loads(opinion.kept(FeedbackBook(home), session, {"turn": 1, "verdict": "good"}))
        link = json.loads(sharing.shared(AnswerShelf(home), session, 1))
        remains = len(list((home / "snapshots").glob(".*")))
        answer = assistant.ask("How did the price of oil change?").text
        return Kept(told.get("failed") or told["rated"], link.get("failed") or "linked", rebuilt, answer, remains)

    with full_disk():
        full = tried()
    return [full, tried()]


def opinions(home: Path) -> int:
    """How many opinions can be read."""
    return len(FeedbackBook(home).read())


PROGRAM = """
import sys
from index.settings import Settings
from tests.fakes import opened
from ui.page import Network, serve
settings = Settings.load()
network = Network(settings.home, settings.server, settings.limits, settings.server.host)
try:
    serve(opened(settings.home), network, 0, lambda address: print(address, flush=True))
except KeyboardInterrupt:
    sys.exit(130)
"""
"""A page around the real assistant with the fake encoder and without a language model."""

ROOT = Path(__file__).parents[1]
FREE = {"COMMUNIQUE_LIMITS_REQUESTS_PER_MINUTE": "1000000", "COMMUNIQUE_LIMITS_QUESTIONS_PER_MINUTE": "10000"}


@dataclass(frozen=True)
class Page:
    """A page in a process of its own."""

    address: str
    process: "subprocess.Popen[bytes]"

    @property
    def memory(self) -> int:
        """Bytes of its process in memory."""
        statm = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii")
        return int(statm.split()[1]) * resource.getpagesize()


@contextlib.contextmanager
def page(home: Path, **environ: str) -> Iterator[Page]:
    """The page over an index, until the block ends."""
    given = {**os.environ, **FREE, "COMMUNIQUE_HOME": str(home), **environ}
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        address = process.stdout.readline().decode().strip()
        assert address, "the page did not start"
        try:
            yield Page(address, process)
        finally:
            process.kill()
