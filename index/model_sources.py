"""What the sources of model files share: the protocol, the progress they report, and the last step to a whole file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from index.errors import ModelError
from index.known_models import KnownModel

OnProgress = Callable[[int, int, str], None]


class SourceError(ModelError):
    """A source could not serve a model; the next one is tried, and all reasons are told when none is left."""


class Meter:
    """Counts bytes toward a known total and tells the caller: bytes done, bytes in all, words."""

    def __init__(self, total: int, on_progress: OnProgress | None = None) -> None:
        self._total = total
        self._report = on_progress
        self._words = ""
        self._settled = 0
        self._done = 0

    def say(self, words: str) -> None:
        """Begin a step anew, at no bytes."""
        self._settled = self._done = 0
        self.move(0, words)

    def move(self, count: int, words: str | None = None) -> None:
        """`count` more bytes of the piece in work; negative when it had to begin again."""
        self._words = words or self._words
        self.to(self._done - self._settled + count)

    def to(self, count: int) -> None:
        """`count` bytes of the piece in work are done."""
        self._done = min(self._settled + count, self._total)
        if self._report:
            self._report(self._done, self._total, self._words)

    def settle(self, count: int) -> None:
        """A piece of `count` bytes is whole."""
        self._settled += count
        self._done = self._settled


class Source(Protocol):
    """A place model files come from."""

    @property
    def name(self) -> str:
        """How a message calls it."""

    @property
    def copies(self) -> int:
        """How many times the model's size it needs on disk at most while it works."""

    def offers(self, model: KnownModel) -> bool:
        """Whether the model can be had here."""

    def fetch(self, model: KnownModel, staging: Path, meter: Meter) -> None:
        """Bring every file into `staging/ready`, going on from what an earlier run left in `staging`."""


def finish(partial: Path, ready: Path) -> None:
    """Give a file that is all written its name: on disk first, then renamed in one step."""
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    ready.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(ready)
