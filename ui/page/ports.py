"""What the page needs of an assistant: `rag.assistant.Assistant` has it, and so has the fake of the browser tests."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from index.catalog import Withdrawal
from index.release import Release, Sentence
from rag.answer_stream import Stream
from rag.releases import Listing
from ui.turn import Coverage

__all__ = ["Assistant", "OnReady", "Releases", "Stream"]

OnReady = Callable[[str], None]
"""Told the page's address once it answers."""


class Releases(Protocol):
    """The releases of the live snapshot, searched, listed and read; `rag.releases.Releases` has it."""

    def search(
        self, query: str, since: date | None = None, until: date | None = None, limit: int = 10, offset: int = 0
    ) -> Listing: ...

    def listed(
        self, since: date | None = None, until: date | None = None, limit: int = 10, offset: int = 0
    ) -> Listing: ...

    def sentences(self, release: Release) -> list[Sentence]: ...


class Assistant(Protocol):
    """Answers questions as streams of events, and says what it answers from."""

    @property
    def releases(self) -> Releases: ...

    def stream(
        self,
        question: str,
        history: Sequence[dict[str, str]] = (),
        since: date | str | None = None,
        until: date | str | None = None,
        now: date | str | None = None,
    ) -> Stream: ...

    def coverage(self) -> Coverage: ...

    def release(self, release_id: str) -> Release | None: ...

    def withdrawal(self, release_id: str) -> Withdrawal | None: ...

    def examples(self) -> list[str]: ...

    def count_tokens(self, text: str) -> int | None: ...
