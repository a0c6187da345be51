"""What an answer costs the processor when it is asked for on the page, against the same answer asked for from Python.

    python -m tests.benchmarks.page_cost [--questions N] [--rounds N]

One process holds the assistant over `seeds/` and serves the page; Chromium is driven from another. The same questions
are asked in the same order from Python inside that process and in the browser, in turn, so that the model finds the
same in its cache; what is compared is the user and system time of that process. Of the rounds the least counts: what is
above it other programs cost. Without the language model only search and the page are left.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from index.opening import rebuild
from index.settings import Settings
from rag.opening import open_assistant
from tests.benchmarks.parts import options, show
from tests.browser.conftest import QUIET, hosted

ROOT = Path(__file__).parents[2]
ASKED = 1.10
"""Times the processor time of the same answer from Python."""

PATIENCE = 600
SETTLED = 0.5
"""Seconds after an answer in which the page may still be at work on it."""


def serve(link: Connection, home: Path, models: Path, use_model: bool) -> None:
    """Serve the page and say its address; then answer a question with the seconds it took, and "" with those so far."""
    settings = Settings.model_validate({"home": home, "model": {"folder": str(models)}})
    assistant = open_assistant(settings, use_model)
    with hosted(assistant) as (address, _):
        link.send(address)
        while (question := link.recv()) is not None:
            began = time.process_time() if question else 0.0
            if question:
                assistant.ask(question)
            link.send(time.process_time() - began)


@contextmanager
def serving(home: Path, models: Path, use_model: bool) -> Iterator[tuple[Callable[[str], float], Page]]:
    """What the server's process is asked, and a tab in which its page has been loaded."""
    ours, theirs = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=serve, args=(theirs, home, models, use_model))
    server.start()

    def asked(question: str) -> float:
        ours.send(question)
        seconds: float = ours.recv()
        return seconds

    try:
        address = ours.recv()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET.split())
            tab = browser.new_page()
            tab.set_default_timeout(PATIENCE * 1000)
            tab.goto(address)
            tab.locator(".example").first.wait_for()
            yield asked, tab
            browser.close()
        ours.send(None)
        server.join(20)
    finally:
        server.kill()


def on_page(asked: Callable[[str], float], tab: Page, question: str) -> float:
    """Processor seconds of the server for a question that begins a conversation on the page, to its last event."""
    if tab.locator(".turn").count():
        tab.locator("[data-new]").click()
        tab.locator(".turn").wait_for(state="detached")
        tab.locator(".example").first.wait_for()
    tab.wait_for_timeout(SETTLED * 1000)
    began = asked("")
    tab.locator("#question textarea").fill(question)
    tab.keyboard.press("Enter")
    tab.locator("#turn-1 .actions").wait_for()
    tab.wait_for_timeout(SETTLED * 1000)
    return asked("") - began


@dataclass
class Cost:
    """The least processor seconds of each question, by the way it was asked."""

    python: dict[str, float] = field(default_factory=dict)
    page: dict[str, float] = field(default_factory=dict)

    @property
    def times(self) -> float:
        """How many times what Python takes the page takes."""
        return sum(self.page.values()) / sum(self.python.values())

    @property
    def added(self) -> float:
        """Seconds that the page adds to an answer."""
        return (sum(self.page.values()) - sum(self.python.values())) / len(self.page)


def run(home: Path, models: Path, questions: Sequence[str], rounds: int, use_model: bool) -> Cost:
    """Ask all questions both ways, so many times."""
    cost = Cost()
    with serving(home, models, use_model) as (asked, tab):
        for _ in range(rounds):
            # The question before the first must be the same one for both.
            asked(questions[-1])
            for question in questions:
                cost.python[question] = min(asked(question), cost.python.get(question, PATIENCE))
            for question in questions:
                cost.page[question] = min(on_page(asked, tab, question), cost.page.get(question, PATIENCE))
    return cost


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    count, rounds = (2, 1) if given.small else (given.questions, given.rounds)
    held = json.loads((ROOT / "tests" / "data" / "seed_questions.json").read_text(encoding="utf-8"))
    questions = [question["wordings"][0] for question in held[:count]]
    models = Settings.load().models_folder.resolve()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        rebuild([ROOT / "seeds"], settings=Settings.model_validate({"home": home, "model": {"folder": str(models)}}))
        worded = run(home, models, questions, rounds, True)
        quoted = run(home, models, questions, rounds, False)
    rows = [
        ("an answer from Python, CPU s", "", f"{sum(worded.python.values()) / count:.2f}"),
        ("the same on the page, times", f"{ASKED:.2f}", f"{worded.times:.3f}"),
        ("without the model: from Python, CPU s", "", f"{sum(quoted.python.values()) / count:.3f}"),
        ("without the model: the page adds, CPU s", "", f"{quoted.added:.3f}"),
        ("without the model: on the page, times", "", f"{quoted.times:.2f}"),
    ]
    show("Processor time of an answer on the page", rows)


if __name__ == "__main__":
    main()
