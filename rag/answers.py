"""The one answer object, the same from the page, Python, the command line and HTTP, and the events that lead to it."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index.dates import Window
from index.release import Release


class Reason(StrEnum):
    """Why a question was refused."""

    NO_EVIDENCE = "no_evidence"
    NOT_ANSWERED = "not_answered"
    EMPTY_WINDOW = "empty_window"
    AFTER_COVERAGE = "after_coverage"
    BAD_QUESTION = "bad_question"


class SentenceKind(StrEnum):
    """`stated` sentences rest on a release; `notice` sentences are ours: computed, never generated."""

    STATED = "stated"
    NOTICE = "notice"


@dataclass(frozen=True)
class Citation:
    """A sentence of a release: `quote` equals the slice `[start, end)` of its stored text, in code points."""

    marker: int
    release_id: str
    title: str
    date: datetime.date | None
    url: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True)
class AnswerSentence:
    """One sentence of an answer and the markers of the citations it rests on (none for a notice)."""

    text: str
    kind: SentenceKind = SentenceKind.STATED
    citations: tuple[int, ...] = ()

    @property
    def marked_text(self) -> str:
        """`text` followed by its markers: `Eighteen agencies are housed there. [1]`."""
        return self.text + "".join(f" [{marker}]" for marker in self.citations)


@dataclass(frozen=True)
class NearRelease:
    """A release worth a look, named beside a refusal or below an answer."""

    release_id: str
    title: str
    date: datetime.date | None
    url: str = ""

    @classmethod
    def of(cls, release: Release) -> "NearRelease":
        """A release as it is named beside an answer."""
        return cls(release.id, release.title, release.date, release.url)


@dataclass(frozen=True)
class Timings:
    """Seconds since the question arrived; `first_sentence` is None where no sentence was stated."""

    search: float = 0.0
    first_sentence: float | None = None
    total: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What was answered, what it rests on and how it came about; `confidence` is a probability from 0 to 1.

    `nearest` are releases worth a look beside it, `matches` the newest of those behind a count. `dropped` counts the
    sentences of the model that were not shown because the evidence does not bear them: how it was made, no part of it.
    """

    question: str
    standalone_question: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...] = ()
    refused: bool = False
    reason: Reason | None = None
    conflict: bool = False
    window: Window = field(default_factory=Window)
    confidence: float = 0.0
    model: str = ""
    snapshot: str = ""
    timings: Timings = field(default_factory=Timings)
    nearest: tuple[NearRelease, ...] = ()
    matches: tuple[NearRelease, ...] = ()
    dropped: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The whole answer with its markers."""
        return " ".join(sentence.marked_text for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """The form the command line prints with `--json`; dates are ISO strings."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "text": self.text,
            "sentences": [
                {"text": s.text, "kind": s.kind.value, "citations": list(s.citations)} for s in self.sentences
            ],
            "citations": [_with_iso_date(citation) for citation in self.citations],
            "refused": self.refused,
            "reason": self.reason.value if self.reason else None,
            "conflict": self.conflict,
            "window": self.window.to_dict(),
            "confidence": round(self.confidence, 4),
            "model": self.model,
            "snapshot": self.snapshot,
            "timings": {name: _rounded(getattr(self.timings, name)) for name in ("search", "first_sentence", "total")},
            "nearest": [_with_iso_date(release) for release in self.nearest],
            "matches": [_with_iso_date(release) for release in self.matches],
        }


@dataclass(frozen=True)
class SentenceReady:
    """A verified sentence, with the citations that appear in it for the first time."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Progress:
    """A stage began: `searching`, `reading`, `writing` or `waiting` (then `ahead` callers are before this one).

    `found`: what a release says that is likely to answer, word for word, for a reader who waits for the wording. It is
    no part of the answer, which may quote it, rest on it, or in the end refuse the question.
    """

    stage: str
    seconds: float
    ahead: int = 0
    found: SentenceReady | None = None


Event = Progress | SentenceReady | Answer
"""What `Assistant.stream` yields; the last event is always the whole `Answer`."""


def _with_iso_date(record: Citation | NearRelease) -> dict[str, Any]:
    fields = dict(vars(record))
    fields["date"] = record.date.isoformat() if record.date else None
    return fields


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
