"""A page asked by several clients at once over HTTP while the index is rebuilt every minute: errors, memory, snapshots.

    python -m tests.benchmarks.soak [--questions N] [--worded N] [--seconds N] [--small]

First the questions are asked of a page without a language model, then some of one with it. The releases of edition N
say that the price is N dollars, so that each answer tells which edition it was given from. An answer is from a wrong
snapshot where it quotes what the snapshot it names does not hold, or names one that was replaced before it was asked.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from index.opening import rebuild
from index.settings import Settings
from tests.benchmarks.parts import options, say, show
from tests.fakes import release, shelved

ROOT = Path(__file__).parents[2]
CLIENTS = 4
GROWTH = 0.05
WARM = 0.2
"""Share of the questions after which the page's memory is taken for the first time."""

BESIDE = ("/", "/api/v1/releases?q=price", "/api/v1/releases/r1", "/api/v1/status", "/metrics", "/ready")
"""What else is asked for, one with each question: the page, a search, a release, and how things stand."""

PROGRAM = """
from index.settings import Settings
from rag.opening import open_assistant
from ui.page import Network, serve
settings = Settings.load()
network = Network(settings.home, settings.server, settings.limits, settings.server.host)
serve(open_assistant(settings, {use_model}), network, 0, lambda address: print(address, flush=True))
"""


@dataclass
class Tally:
    """What came of it; `editions` are the prices by the names of the snapshots that hold them."""

    asked: int = 0
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    rebuilds: int = 0
    memory: list[int] = field(default_factory=list)
    editions: dict[str, int] = field(default_factory=dict)
    live: int = 0

    @property
    def growth(self) -> float:
        """The share by which memory has grown since the page was warm."""
        return self.memory[-1] / self.memory[0] - 1 if len(self.memory) > 1 else 0.0


class Soak:
    """An index that is rebuilt every `pause` seconds under a page that is asked all the time."""

    def __init__(self, folder: Path, settings: Settings, pause: float) -> None:
        self._shelf, self._settings, self._pause = folder / "shelf", settings, pause
        self._lock, self._done = threading.Lock(), threading.Event()
        self.tally = Tally()

    def rebuild(self) -> None:
        """The next edition takes the place of the last."""
        edition = self.tally.live + 1
        day = f"2024-03-{1 + edition % 28:02}"
        texts = [f"The price of {thing} rose to {edition} dollars in Almaty." for thing in ("oil", "gas", "wheat")]
        shelved(self._shelf, *(release(f"r{place}", text, day, "Prices") for place, text in enumerate(texts)))
        report = rebuild([self._shelf], settings=self._settings, consent=lambda *_: True)
        with self._lock:
            self.tally.editions[report.snapshot] = self.tally.live = edition
            self.tally.rebuilds += 1

    def run(self, questions: int, use_model: bool) -> Tally:
        """Ask so many questions of a page."""
        self.rebuild()
        with _page(self._settings, use_model) as (address, process):
            rebuilding = threading.Thread(target=self._keep_rebuilding)
            clients = [threading.Thread(target=self._ask, args=(address, questions, process)) for _ in range(CLIENTS)]
            for thread in (rebuilding, *clients):
                thread.start()
            for client in clients:
                client.join()
            self._done.set()
            rebuilding.join()
        return self.tally

    def _keep_rebuilding(self) -> None:
        while not self._done.wait(self._pause):
            try:
                self.rebuild()
            except Exception as error:
                self.tally.errors.append(f"a rebuild: {error!r}")

    def _ask(self, address: str, questions: int, process: "subprocess.Popen[bytes]") -> None:
        with httpx.Client(base_url=address, timeout=600) as http:
            while True:
                with self._lock:
                    if self.tally.asked >= questions:
                        return
                    self.tally.asked += 1
                    number, since = self.tally.asked, self.tally.live
                    if number >= WARM * questions and number % max(1, questions // 20) == 0:
                        self.tally.memory.append(_memory(process.pid))
                self._look(http, number, since)

    def _look(self, http: httpx.Client, number: int, since: int) -> None:
        thing = ("oil", "gas", "wheat")[number % 3]
        beside = BESIDE[number % len(BESIDE)]
        body = {"question": f"To how many dollars did the price of {thing} rise?", "stream": number % 5 == 0}
        if number % 7 == 0:
            body["history"] = [{"role": "user", "content": "What rose?"}, {"role": "assistant", "content": "Oil."}]
        try:
            response = http.post("/api/v1/answers", json=body)
            text = response.text
            other = http.get(beside)
        except httpx.HTTPError as error:
            self.tally.errors.append(repr(error))
            return
        if other.status_code != 200:
            self.tally.errors.append(f"{beside}: {other.status_code}: {other.text[:300]}")
        named = re.findall(r'"snapshot": ?"([^"]+)"', text)
        prices = {int(price) for price in re.findall(r"(\d+) dollars", text)}
        if response.status_code != 200 or not named or not prices:
            self.tally.errors.append(f"{response.status_code}: {text[:300]}")
            return
        with self._lock:
            edition = self.tally.editions.get(named[-1])
        # A snapshot that was swapped in a moment ago may not have been counted yet.
        if (edition is not None and (prices != {edition} or edition < since)) or len(prices) > 1:
            self.tally.wrong.append(f"{named[-1]} (edition {edition}, asked under {since}): {sorted(prices)}")


@contextmanager
def _page(settings: Settings, use_model: bool) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    environ = {
        **os.environ,
        "COMMUNIQUE_HOME": str(settings.home),
        "COMMUNIQUE_MODEL_FOLDER": str(settings.models_folder),
        "COMMUNIQUE_LIMITS_REQUESTS_PER_MINUTE": "1000000",
        "COMMUNIQUE_LIMITS_QUESTIONS_PER_MINUTE": "10000",
    }
    command = [sys.executable, "-c", PROGRAM.format(use_model=use_model)]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE) as process:
        assert process.stdout
        address = process.stdout.readline().decode().strip()
        if not address:
            raise RuntimeError("the page did not start")
        try:
            yield address, process
        finally:
            process.kill()


def _memory(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _soaked(questions: int, use_model: bool, pause: float) -> Tally:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = str(ROOT / ".communique" / "models")
        settings = Settings.model_validate({"home": folder / "home", "model": {"folder": models}})
        return Soak(folder, settings, pause).run(questions, use_model)


def main() -> int:
    """How many of the two runs met a fault."""
    parser = options(__doc__)
    parser.add_argument("--questions", type=int, default=2_000, metavar="N", help="without the language model")
    parser.add_argument("--worded", type=int, default=100, metavar="N", help="with it")
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="between two rebuilds")
    given = parser.parse_args()
    runs = [(given.questions, False), (given.worded, True)]
    pause = given.seconds
    if given.small:
        runs, pause = [(100, False), (4, True)], 5.0
    failed = 0
    for questions, use_model in runs:
        began = time.monotonic()
        tally = _soaked(questions, use_model, pause)
        for fault in [*tally.errors, *tally.wrong][:20]:
            say(f"- {fault}")
        rows = [
            ("questions", questions, tally.asked),
            ("errors", 0, len(tally.errors)),
            ("answers from a wrong snapshot", 0, len(tally.wrong)),
            ("memory growth after warm-up", f"under {GROWTH:.0%}", f"{tally.growth:.1%}"),
            ("rebuilds", f"every {pause:g} s", tally.rebuilds - 1),
            ("seconds", "", f"{time.monotonic() - began:.0f}"),
        ]
        show(f"{'With' if use_model else 'Without'} the language model, {CLIENTS} clients", rows)
        failed += bool(tally.errors or tally.wrong or tally.growth >= GROWTH)
    return failed


if __name__ == "__main__":
    sys.exit(main())
