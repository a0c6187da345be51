"""What the page needs of an assistant: `rag.assistant.Assistant` has it, and so has the fake of the browser tests."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Protocol

from index.catalog import Withdrawal
from index.release import Release
from rag.answers import Event
from ui.turn import Coverage

OnReady = Callable[[str], None]
"""Told the page's address once it answers."""


class Stream(Protocol):
    """The events of one answer; `close` may be called from any thread, ends them soon after and frees the model."""

    def __iter__(self) -> Iterator[Event]: ...

    def close(self) -> None: ...


class Assistant(Protocol):
    """Answers questions as streams of events, and says what it answers from."""

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
