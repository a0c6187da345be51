"""What a caller asks, checked before anything is searched."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from index.dates import Window
from index.errors import UsageError
from rag import conversation
from rag.clauses import Subquestion
from rag.subquestions import split
from rag.turn import Part

LONGEST_QUESTION = 2_000
"""Characters; a longer one is a text, not a question, and would crowd the evidence out of the model's context."""

EVER = date.min
"""The first day there is: asked for since then, a question is of any time, whatever its words say."""

Day = date | str | None
History = Sequence[dict[str, str]]


@dataclass(frozen=True)
class Request:
    """A question with the turns before it, the caller's own window (or None, None) and the clock."""

    question: str
    history: History
    since: date | None
    until: date | None
    now: date

    @classmethod
    def of(cls, question: str, history: History, since: Day, until: Day, now: Day) -> "Request":
        """The request; raises UsageError for dates that cannot be read or do not fit together."""
        first, last = _day(since, "since"), _day(until, "until")
        if first and last and first > last:
            raise UsageError(f"since ({first}) lies after until ({last}); swap them")
        return cls(question, history, first, last, _day(now, "now") or date.today())

    @property
    def leans(self) -> bool:
        """Whether the question needs the conversation to be understood."""
        return bool(self.history) and conversation.leans(self.question)

    def window(self, rewritten: str = "") -> Window:
        """The caller's own window, or that of the question's words."""
        found = conversation.window(self.question[:LONGEST_QUESTION], self.history, self.now, rewritten)
        if self.since == EVER and self.until is None:
            return Window(latest=found.latest, words=found.words)
        if self.since or self.until:
            return Window(self.since, self.until, latest=found.latest, words=found.words)
        return found

    def standalone(self) -> str:
        """The question with what it leans on, as it is where no model writes it anew."""
        return conversation.standalone(self.question, self.history)

    def parts(self, rewritten: str = "") -> list[Part]:
        """The things that are asked for, each as a question that stands alone, with its window."""
        window = self.window(rewritten)
        history = () if rewritten else self.history
        asked = split((rewritten or self.question)[:LONGEST_QUESTION], window, self.now)
        is_given = self.since or self.until
        return [
            Part(
                alone,
                window if is_given else part.window,
                part.text,
                part.leans,
                conversation.standalone(part.sought, history) if part.sought else alone,
                part.is_one,
            )
            for part, alone in zip(asked, _standing(asked, history), strict=True)
        ]


def _standing(parts: Sequence[Subquestion], history: History) -> list[str]:
    """Each part as a question that stands alone; one that leans on the part before has heard it."""
    found: list[str] = []
    for part in parts:
        before = [*history, {"role": "user", "content": found[-1]}] if part.leans else history
        found.append(conversation.standalone(part.text, before, part.leans))
    return found


def question_fault(question: str) -> str:
    """What keeps a text from being a question, in words, or ""."""
    if not question.strip():
        return "The question is empty."
    if len(question) > LONGEST_QUESTION:
        return f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} are the most that can be read."
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t\r" for letter in question):
        return "The question holds control characters; type it anew."
    if not any(letter.isalnum() for letter in question):
        return "The question holds no words."
    return ""


def _day(value: Day, name: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{name} is {value!r}; write a day as YYYY-MM-DD") from error
