"""What readers think of answers, kept under the home folder for the people who run the program.

    home/feedback.jsonl     a line for each opinion, with question, period, whole answer, snapshot and time

The file only grows: an opinion that is changed or taken back is a further line with the same id; the last one counts.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from index.durable import append
from index.errors import KeepingError, UsageError
from index.gate import Expectation
from rag.answers import Answer

NAME = "feedback.jsonl"
LONGEST_WORDS = 1_000
LONGEST_LINE = 256_000
"""Bytes of one opinion; an answer of the assistant is a tenth of it."""

LARGEST_FILE = 100_000_000
"""Bytes of all opinions, so that nobody can fill the disk from a browser."""


class Verdict(StrEnum):
    """`none` takes back what was said before."""

    GOOD = "good"
    BAD = "bad"
    NONE = "none"


REASONS = {
    Verdict.GOOD: ("right", "clear", "sourced"),
    Verdict.BAD: ("false", "off", "incomplete", "unsourced", "outdated"),
    Verdict.NONE: (),
}


@dataclass(frozen=True)
class Feedback:
    """One opinion of one answer; `since` and `until` are the period that the reader had set for the question."""

    id: str
    time: AwareDatetime
    verdict: Verdict
    reasons: tuple[str, ...]
    words: str
    question: str
    since: date | None
    until: date | None
    snapshot: str
    answer: Answer

    @classmethod
    def of(
        cls,
        answer: Answer,
        question: str,
        period: tuple[date | None, date | None],
        verdict: Verdict,
        reasons: Sequence[str] = (),
        words: str = "",
    ) -> "Feedback":
        """An opinion given now; reasons that there are not are left out, and words are cut."""
        content = json.dumps([question, answer.to_dict()], sort_keys=True)
        name = sha256(content.encode()).hexdigest()[:16]
        known = tuple(reason for reason in REASONS[verdict] if reason in reasons)
        told = words.encode(errors="replace").decode().strip()[:LONGEST_WORDS]
        now = datetime.now(UTC).replace(microsecond=0)
        return cls(name, now, verdict, known, told, question, *period, answer.snapshot, answer)

    def to_dict(self) -> dict[str, Any]:
        """The form of the file; days and the time are ISO strings."""
        days = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        plain = {"time": self.time.isoformat(), "verdict": self.verdict.value, "reasons": list(self.reasons)}
        return {**vars(self), **plain, **days, "answer": self.answer.to_dict()}

    def expectation(self) -> Expectation:
        """The question for the gate that expects the cited releases; UsageError where it makes none."""
        cited = tuple(dict.fromkeys(citation.release_id for citation in self.answer.citations))
        if not cited:
            raise UsageError("its answer cites no release")
        if self.since or self.until:
            raise UsageError("its period was set in the page, and the gate knows only what the question says")
        return Expectation(self.answer.standalone_question.strip() or self.question, cited, self.time.date())


_FEEDBACK = TypeAdapter(Feedback)


class FeedbackBook:
    """The opinions under a home folder; any number of processes may add some at once."""

    def __init__(self, home: Path) -> None:
        self.path = home / NAME

    def add(self, feedback: Feedback) -> None:
        """Keep an opinion; KeepingError where it is too large or the file is full."""
        line = json.dumps(feedback.to_dict(), ensure_ascii=True) + "\n"
        if len(line) > LONGEST_LINE:
            raise KeepingError(f"the opinion takes {len(line):,} bytes; {LONGEST_LINE:,} are the most that are kept")
        size = self.path.stat().st_size if self.path.exists() else 0
        if size + len(line) > LARGEST_FILE:
            raise KeepingError(f"{self.path} is full; `communique feedback --export FILE`, then remove it")
        append(line, self.path)

    def read(self) -> list[Feedback]:
        """What counts now, in the order of the last change; a line that cannot be read is left out."""
        found: dict[str, Feedback] = {}
        for line in self.path.read_bytes().splitlines() if self.path.exists() else ():
            try:
                feedback = _FEEDBACK.validate_python(json.loads(line))
            except (ValidationError, ValueError, RecursionError):
                continue  # cut short by a crash, or by somebody's hand
            found.pop(feedback.id, None)
            found[feedback.id] = feedback
        return [feedback for feedback in found.values() if feedback.verdict is not Verdict.NONE]
