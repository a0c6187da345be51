"""The real model, left by its caller: it stops within the promised two seconds, also while it reads a long prompt."""

import threading
import time
from pathlib import Path

import pytest

from index.errors import Cancelled, OverdueError
from index.model_store import ModelStore
from index.opening import rebuild
from index.settings import Settings
from rag.answers import Progress
from rag.generation import LocalGenerator, Prompt
from rag.opening import open_assistant
from ui.network.turnstile import Bounded, Turnstile

pytestmark = pytest.mark.model

LONG = "The agency is to prevent the use of biological developments for military purposes. " * 120
SHORT = Prompt("Answer in one word.", "Which city is the capital of France?")
PROMISED = 2.0
FOR_EVER = 60.0


@pytest.fixture(scope="module")
def generator() -> LocalGenerator:
    models = Path(__file__).parent.parent / ".communique" / "models"
    name = Settings().model.name
    return LocalGenerator(name, ModelStore(models).path(name), 4096)


class Leaving:
    """A caller that goes away some seconds after the model first looked for it."""

    def __init__(self, after: float) -> None:
        self._after, self.at = after, 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        self.at = self.at or now + self._after
        return now >= self.at


@pytest.mark.parametrize("after", [0.0, 0.7])
def test_who_leaves_while_a_long_prompt_is_read_frees_the_model(generator: LocalGenerator, after: float) -> None:
    before = list(generator.generate(SHORT, 8, lambda: False))
    leaving, written = Leaving(after), list[str]()
    with pytest.raises(Cancelled, match="reading"):
        written.extend(generator.generate(Prompt("Read.", LONG), 8, leaving))
    assert time.monotonic() - leaving.at < PROMISED
    assert written == []
    assert list(generator.generate(SHORT, 8, lambda: False)) == before


def test_an_answer_that_takes_too_long_is_ended_and_the_next_is_given(home: Path) -> None:
    """The time limit of a served page; whoever waits has the model, also while the late answer's caller looks away."""
    root = Path(__file__).parent.parent
    model = {"folder": str(root / ".communique" / "models"), "threads": 1}
    settings = Settings.model_validate({"home": home, "model": model, "limits": {"questions": 1}})
    rebuild([root / "seeds"], settings=settings)
    assistant = open_assistant(settings)
    within, left = Turnstile(assistant, settings.limits), threading.Event()
    late = Bounded(assistant.stream("Who launched the IABS initiative, and after what?"), 1.0, left.set)
    with pytest.raises(OverdueError, match="after 1 s"):
        list(late)
    assert left.is_set()
    asked = time.monotonic()
    for event in within.stream("How many UN agencies are in the UN Plaza?"):
        if isinstance(event, Progress) and event.stage == "reading":
            break
        assert time.monotonic() - asked < FOR_EVER, "the model was not given back"
