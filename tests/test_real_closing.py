"""The real model, left by its caller: it stops within the promised two seconds, also while it reads a long prompt."""

import time
from pathlib import Path

import pytest

from index.errors import Cancelled
from index.model_store import ModelStore
from index.settings import Settings
from rag.generation import LocalGenerator, Prompt

pytestmark = pytest.mark.model

LONG = "The agency is to prevent the use of biological developments for military purposes. " * 120
SHORT = Prompt("Answer in one word.", "Which city is the capital of France?")
PROMISED = 2.0


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
