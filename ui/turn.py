"""One question on the page and what has become of it: the record that the page keeps and the renderers show."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rag.answers import Answer, AnswerSentence, Citation, Progress
from rag.request import EVER


class Coverage(Protocol):
    """What is indexed: how many releases, the period they cover, by what they are answered, when they were indexed.

    Addresses on `link_hosts`, or on a host below one of them, may be links.
    """

    @property
    def releases(self) -> int: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def built(self) -> str: ...
    @property
    def link_hosts(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Question:
    """What was asked, and the period that the reader set for it; `since` is EVER where they took a period away."""

    text: str
    since: date | None = None
    until: date | None = None

    @property
    def has_period(self) -> bool:
        """Whether the reader, not the question's words, says which time counts."""
        return bool(self.since or self.until)

    @property
    def is_of_any_time(self) -> bool:
        """Whether the reader took a period away."""
        return self.since == EVER and self.until is None


@dataclass(frozen=True)
class Turn:
    """One question and what has become of it so far; `answer` is set once it is whole, `error` where it failed.

    `error` is a sentence in the reader's language, `detail` the program's own message behind it, in English.
    `is_own` is False where the answer came back from a browser, and nothing proves that it is what was said here.
    """

    number: int
    question: Question
    coverage: Coverage
    progress: Progress | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    stopped: bool = False
    error: str = ""
    detail: str = ""
    is_own: bool = True

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.answer is None and not self.stopped and not self.error
