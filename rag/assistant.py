"""A question becomes a verified answer: `Assistant.ask` and `Assistant.stream` read like a list of the steps.

question -> window -> hits -> evidence -> likely enough? -> draft -> verified sentences -> Answer
                                              no -> a refusal that helps; the model is not called
"""

import asyncio
import contextlib
import threading
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from index.dates import Window
from index.errors import Cancelled, UsageError
from index.release import Release
from index.search import Hit, asks_newest
from rag import answerability, conversation, notices
from rag.answers import (
    Answer,
    AnswerSentence,
    Event,
    NearRelease,
    Progress,
    Reason,
    SentenceKind,
    SentenceReady,
    Timings,
)
from rag.drafting import Drafter
from rag.evidence import Evidence, alternately
from rag.examples import examples
from rag.kinds import asks_several
from rag.library import Library, Reader

LONGEST_QUESTION = 2_000
"""Characters; a longer one is a text, not a question, and would crowd the evidence out of the model's context."""

HOPELESS = 0.2
"""Share of the threshold below which the evidence alone decides and the model is not asked."""

NEWEST = 2
"""Releases that are read for "the latest": the newest relevant one, and the one before it in case it was mistaken."""

SEVERAL = 2
"""Times as many sentences are read where several releases may have to answer together."""

NEAREST = 3
"""Releases named beside a refusal."""

Day = date | str | None
History = Sequence[dict[str, str]]


@dataclass
class Turn:
    """One question on its way through the steps."""

    question: str
    window: Window
    reader: Reader
    began: float
    standalone: str = ""
    hits: list[Hit] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    searched: float = 0.0
    first_sentence: float | None = None

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def several(self) -> bool:
        """Whether several releases may have to answer together."""
        return bool(self.window.parts) or asks_several(self.question)


@dataclass(frozen=True)
class Holdings:
    """What an assistant answers from: releases, their period, the snapshot, the model and a note on it, or ""."""

    releases: int
    since: date | None
    until: date | None
    snapshot: str
    model: str
    note: str


class AnswerStream(Iterator[Event]):
    """The events of one answer. `close` may be called from any thread, also while the model is reading."""

    def __init__(self, events: Callable[[Callable[[], bool]], Generator[Event, None, None]]) -> None:
        self._stopped = threading.Event()
        self._events = events(self._stopped.is_set)

    def __next__(self) -> Event:
        if self._stopped.is_set():
            raise StopIteration
        try:
            return next(self._events)
        except Cancelled:
            raise StopIteration from None

    def close(self) -> None:
        """End the answer; the model is free as soon as it notices, a fraction of a second later."""
        self._stopped.set()
        with contextlib.suppress(ValueError):  # Running in another thread: there the flag ends it.
            self._events.close()


class Assistant:
    """Answers questions from the releases of one home folder; safe to share between threads."""

    def __init__(
        self, library: Library, drafter: Drafter, evidence_sentences: int, threshold: float, note: str = ""
    ) -> None:
        self.library, self._drafter, self.note = library, drafter, note
        self._sentences, self._threshold = evidence_sentences, threshold

    def ask(
        self, question: str, history: History = (), since: Day = None, until: Day = None, now: Day = None
    ) -> Answer:
        """The whole answer to a question.

        `history` are earlier turns ({"role", "content"}); `since` and `until` (inclusive, dates or ISO strings)
        override the question's own words about time; `now` is the clock for words such as "last month".
        Raises UsageError for dates that cannot be read or do not fit together.
        """
        for event in self.stream(question, history, since, until, now):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream always ends with an answer")

    def stream(
        self, question: str, history: History = (), since: Day = None, until: Day = None, now: Day = None
    ) -> "AnswerStream":
        """The same answer as it comes about; the last event is the whole Answer. Closing the stream frees the model."""
        turn = self._turn(question, history, since, until, now)
        return AnswerStream(lambda stopped: self._events(turn, stopped))

    async def ask_async(self, question: str, history: History = (), **days: Day) -> Answer:
        """`ask` without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history, **days)

    async def stream_async(self, question: str, history: History = (), **days: Day) -> AsyncIterator[Event]:
        """`stream` without blocking the event loop; leaving the loop frees the model."""
        events = self.stream(question, history, **days)
        try:
            while (event := await asyncio.to_thread(next, events, None)) is not None:
                yield event
        finally:
            events.close()

    def coverage(self) -> "Holdings":
        """What is indexed now, and by which model it is answered."""
        reader = self.library.reader()
        found = reader.coverage
        return Holdings(found.releases, found.since, found.until, reader.snapshot.name, self._drafter.model, self.note)

    def examples(self) -> list[str]:
        """Questions that the releases at hand answer, for a page to offer."""
        return examples(self.library.reader())

    def release(self, release_id: str) -> Release | None:
        """A release of the live snapshot, whole."""
        return self.library.reader().snapshot.catalog.release(release_id)

    def _turn(self, question: str, history: History, since: Day, until: Day, now: Day) -> Turn:
        clock = _day(now, "now") or date.today()
        first, last = _day(since, "since"), _day(until, "until")
        if first and last and first > last:
            raise UsageError(f"since ({first}) lies after until ({last}); swap them")
        window = conversation.window(question[:LONGEST_QUESTION], history, clock)
        if first or last:
            window = Window(first, last, latest=window.latest, words=window.words)
        alone = conversation.standalone(question, history)
        return Turn(question, window, self.library.reader(), time.monotonic(), standalone=alone)

    def _events(self, turn: Turn, stopped: Callable[[], bool]) -> Generator[Event, None, None]:
        if question_fault(turn.question):
            yield self._refusal(turn, Reason.BAD_QUESTION)
            return
        yield Progress("searching", turn.elapsed)
        reason = self._find(turn)
        if reason:
            yield self._refusal(turn, reason)
            return
        with self._drafter.turn(stopped) as waiting:
            yield from (replace(progress, seconds=turn.elapsed) for progress in waiting)
            yield Progress("reading", turn.elapsed)
            yield from self._written(turn, stopped)

    def _written(self, turn: Turn, stopped: Callable[[], bool]) -> Iterator[Event]:
        """The model judges the evidence and, where it holds the answer, words it."""
        odds = self._drafter.judge(turn.standalone, turn.evidence, stopped)
        turn.confidence = answerability.probability(turn.features, odds)
        if turn.confidence < self._threshold:
            yield self._refusal(turn, Reason.NOT_ANSWERED)
            return
        yield Progress("writing", turn.elapsed)
        ready: list[SentenceReady] = []
        for sentence in self._drafter.draft(turn.standalone, turn.evidence, stopped, turn.several):
            turn.first_sentence = turn.first_sentence or turn.elapsed
            ready.append(sentence)
            yield sentence
        yield self._answer(turn, ready)

    def _find(self, turn: Turn) -> Reason | None:
        """Search and read; a reason to refuse, or None where the evidence is likely to hold the answer."""
        reader = turn.reader
        # "In December and in June" asks of each time: the best of one must not crowd out the other.
        found = [reader.searcher.search(turn.standalone, part) for part in turn.window.parts or (turn.window,)]
        turn.hits = alternately(found, lambda hit: hit.release.id)
        turn.searched = turn.elapsed
        if not turn.hits:
            return self._empty(turn)
        # The newest is asked for: what older releases said in better words must not stand in its place.
        most = NEWEST if asks_newest(turn.window) else None
        count = SEVERAL * self._sentences if turn.several else self._sentences
        read = [reader.evidence.read(turn.standalone, hits[:most], count) for hits in found]
        turn.evidence = alternately(read, lambda item: item.sentence.id)
        turn.features = answerability.features(turn.standalone, turn.evidence, reader.snapshot.lexicon)
        turn.confidence = answerability.probability(turn.features)
        return None if turn.confidence >= HOPELESS * self._threshold else Reason.NO_EVIDENCE

    def _empty(self, turn: Turn) -> Reason:
        turn.hits = turn.reader.searcher.search(turn.standalone)
        last = turn.reader.coverage.until
        is_after = last is not None and turn.window.since is not None and turn.window.since > last
        return Reason.AFTER_COVERAGE if is_after else Reason.EMPTY_WINDOW

    def _refusal(self, turn: Turn, reason: Reason) -> Answer:
        nearest = tuple(near(hit.release) for hit in turn.hits[:NEAREST])
        lines = notices.refusal(reason, turn.reader.coverage, turn.window, nearest)
        sentences = tuple(AnswerSentence(line, SentenceKind.NOTICE) for line in lines if line)
        return self._whole(turn, sentences, refused=True, reason=reason, nearest=nearest)

    def _answer(self, turn: Turn, drafted: list[SentenceReady]) -> Answer:
        citations = tuple(citation for ready in drafted for citation in ready.citations)
        used = {citation.release_id for citation in citations}
        others = tuple(near(hit.release) for hit in turn.hits if hit.release.id not in used)[:NEAREST]
        return self._whole(turn, tuple(ready.sentence for ready in drafted), citations=citations, nearest=others)

    def _whole(self, turn: Turn, sentences: tuple[AnswerSentence, ...], **fields: Any) -> Answer:  # noqa: ANN401
        return Answer(
            question=turn.question,
            standalone_question=turn.standalone,
            sentences=sentences,
            window=turn.window,
            confidence=turn.confidence,
            model=self._drafter.model,
            snapshot=turn.reader.snapshot.name,
            timings=Timings(turn.searched, turn.first_sentence, turn.elapsed),
            **fields,
        )


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


def near(release: Release) -> NearRelease:
    """A release as it is named beside an answer."""
    return NearRelease(release.id, release.title, release.date, release.url)


def _day(value: Day, name: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{name} is {value!r}; write a day as YYYY-MM-DD") from error
