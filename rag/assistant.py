"""A question becomes a verified answer: `Assistant.ask` and `Assistant.stream` read like a list of the steps.

question -> window -> hits -> evidence -> likely enough? -> draft -> verified sentences -> Answer
                                              no -> a refusal that helps; the model is not called
"""

import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from dataclasses import replace
from typing import Any

from index.catalog import Withdrawal
from index.newest import asks_newest
from index.release import Release
from rag import answerability
from rag.alternation import alternately
from rag.answer_stream import AnswerStream, answered, followed
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
from rag.conversation import BEFORE
from rag.disagreement import disagreement
from rag.drafting import Drafter
from rag.examples import examples
from rag.judging import RELEASES, is_sure, judge
from rag.library import Holdings, Library, Reader
from rag.named_countries import is_elsewhere
from rag.named_things import narrowed
from rag.notices import speaking
from rag.overview import Overview, overview
from rag.premise import denying, otherwise
from rag.quoting import SHOWN_WORDS, SPREAD_WORDS, Draft, likely_answer
from rag.releases import Releases
from rag.request import Day, History, Request, question_fault
from rag.turn import Part, Turn, of_release

HOPELESS = 0.2
"""Share of the threshold below which the evidence alone decides and the model is not asked."""

CONTRARY = 0.85
"""The probability that evidence found to say otherwise than the question supposes does so."""

UNWORDED = 0.25
"""What is left of the probability where the model, asked to word the answer, finds none or makes one up, or where no
release names the country that is asked about."""

SEVERAL = 2
"""Times as many sentences are read where several releases may have to answer together."""

NEAREST = 3
"""Releases named beside a refusal."""


class Assistant:
    """Answers questions from the releases of one home folder; safe to share between threads."""

    def __init__(
        self, library: Library, drafter: Drafter, evidence_sentences: int, threshold: float, note: str = ""
    ) -> None:
        self.library, self.releases = library, Releases(library)
        self._drafter, self.note = drafter, note
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
    ) -> AnswerStream:
        """The same answer as it comes about; the last event is the whole Answer. Closing the stream frees the model."""
        request = Request.of(question, history, since, until, now)
        turn = self._turn(request)
        return AnswerStream(lambda stopped: self._events(turn, request, stopped))

    async def ask_async(self, question: str, history: History = (), **days: Day) -> Answer:
        """`ask` without blocking the event loop; cancelling it frees the model."""
        return await answered(self.stream_async(question, history, **days))

    def stream_async(self, question: str, history: History = (), **days: Day) -> AsyncGenerator[Event, None]:
        """`stream` without blocking the event loop; closing it, or leaving its loop, frees the model."""
        return followed(self.stream(question, history, **days))

    def count_tokens(self, text: str) -> int | None:
        """What a text costs the model in tokens; None where there is no model, or one that does not say."""
        return self._drafter.count_tokens(text)

    def coverage(self) -> Holdings:
        """What is indexed now, and by which model it is answered."""
        note = self._drafter.note
        return self.library.holdings("" if note else self._drafter.model, note or self.note)

    def examples(self) -> list[str]:
        """Questions that the releases at hand answer, for a page to offer."""
        return examples(self.library.reader())

    def release(self, release_id: str) -> Release | None:
        """A release of the live snapshot, whole, by its id of today or before it was renamed."""
        return self.library.reader().snapshot.catalog.current(release_id)

    def withdrawal(self, release_id: str) -> Withdrawal | None:
        """What a release was that has been withdrawn."""
        return self.library.reader().snapshot.catalog.withdrawal(release_id)

    def _turn(self, request: Request) -> Turn:
        facts = request.question, request.window(), self.library.reader(), time.monotonic(), request.standalone()
        return Turn(*facts, request.parts(), self._drafter.for_answer())

    def _events(self, turn: Turn, request: Request, stopped: Callable[[], bool]) -> Generator[Event, None, None]:
        if question_fault(turn.question):
            yield self._refusal(turn, Reason.BAD_QUESTION)
            return
        yield Progress("searching", turn.elapsed)
        told = overview(turn.question, turn.window, turn.reader, self._examples(turn.reader))
        if told:
            yield from self._overview(turn, told)
            return
        if request.leans:
            yield from self._understand(turn, request, stopped)
        for part in turn.parts:
            part.reason = self._find(turn, part)
        turn.searched = turn.elapsed
        if all(part.reason for part in turn.parts):
            yield self._refusal(turn, turn.parts[0].reason or Reason.NO_EVIDENCE)
            return
        with turn.drafter.turn(stopped) as waiting:
            yield from (replace(progress, seconds=turn.elapsed) for progress in waiting)
            yield Progress("reading", turn.elapsed)
            yield from self._written(turn, stopped)

    def _understand(self, turn: Turn, request: Request, stopped: Callable[[], bool]) -> Iterator[Event]:
        """The model writes a follow-up anew; the turn goes on with that where code finds it to be the same question."""
        with turn.drafter.turn(stopped) as waiting:
            yield from (replace(progress, seconds=turn.elapsed) for progress in waiting)
            rewritten = turn.drafter.rewritten(request.question, request.history, stopped)
        if rewritten:
            turn.standalone, turn.window, turn.parts = rewritten, request.window(rewritten), request.parts(rewritten)

    def _examples(self, reader: Reader) -> Iterator[str]:
        """Made only when they are looked at: each is searched for to make sure that it is answered."""
        yield from examples(reader)

    def _overview(self, turn: Turn, told: Overview) -> Iterator[Event]:
        """An answer from the index itself, certain by its making."""
        for part in turn.parts:
            part.confidence = 1.0
        turn.first_sentence = turn.searched = turn.elapsed
        yield from told.sentences
        citations = tuple(citation for ready in told.sentences for citation in ready.citations)
        sentences = tuple(ready.sentence for ready in told.sentences)
        yield self._whole(turn, sentences, citations=citations, matches=tuple(told.matches))

    def _written(self, turn: Turn, stopped: Callable[[], bool]) -> Iterator[Event]:
        """What is said of each part, and the whole answer."""
        draft = Draft(len(turn.parts), speaking(turn.question), SPREAD_WORDS if turn.is_apart else SHOWN_WORDS)
        missing: list[Part] = []
        left_open: Part | None = None
        for part in turn.parts:
            before = len(draft.shown)
            for event in self._said(turn, part, draft, stopped, left_open):
                if isinstance(event, SentenceReady):
                    turn.first_sentence = turn.first_sentence or turn.elapsed
                yield event
            left_open = part if len(draft.shown) == before and not _is_told(part, draft) else None
            missing += [left_open] if left_open else []
        yield self._answer(turn, draft.shown, missing) if draft.shown else self._refusal(turn, Reason.NOT_ANSWERED)

    def _said(
        self, turn: Turn, part: Part, draft: Draft, stopped: Callable[[], bool], left_open: Part | None
    ) -> Iterator[Event]:
        """What is told of a part: what contradicts it, or what answers it; nothing where the evidence does neither.

        `left_open`: the part before it, where that found nothing.
        """
        before = len(draft.shown)
        if not part.reason and not part.contrary:
            judge(turn, part, self._threshold, stopped)
            if left_open and not part.narrow(left_open):
                part.reason = Reason.NOT_ANSWERED
        yield from _contradicted(part, draft)
        if part.is_elsewhere and not part.contrary:
            part.confidence *= UNWORDED
        if part.contrary or part.reason or part.is_elsewhere or part.confidence < self._threshold:
            return
        yield Progress("writing", turn.elapsed, found=likely_answer(part.evidence[0], part.confidence, draft.own))
        # Of two things that were asked for two values are no disagreement.
        part.differing = disagreement(part.question, part.evidence) if len(turn.parts) == 1 else []
        part.evidence = alternately([[*part.differing, *part.evidence]], lambda item: item.sentence.id)
        # To word what plainly stands there takes longer than all before.
        drafter = turn.drafter.quoting() if part.is_plain else turn.drafter
        yield from drafter.draft(
            part.question, part.evidence, stopped, draft, part.several, part.differing, is_sure(part)
        )
        if len(draft.shown) == before and not _is_told(part, draft):
            part.confidence, part.differing = part.confidence * UNWORDED, []
            yield from _contradicted(part, draft, again=True)

    def _find(self, turn: Turn, part: Part) -> Reason | None:
        """Search and read; a reason to refuse, or None where the evidence is likely to hold the answer."""
        reader = turn.reader
        # "In December and in June" asks of each time: the best of one must not crowd out the other.
        windows = part.window.parts or (part.window,)
        found = [
            narrowed(part.question, part.asked, reader.searcher.search(part.sought, window), reader.snapshot.lexicon)
            for window in windows
        ]
        part.hits = alternately(found, lambda hit: hit.release.id)
        if not part.hits:
            return self._empty(turn, part)
        part.is_elsewhere = is_elsewhere(part.question, part.hits, reader.snapshot.lexicon)
        if part.leans and part.window.latest and turn.parts[0].window.latest:
            found = [of_release(hits, turn.parts[0].evidence[:1]) for hits in found]
        newest = asks_newest(part.window)
        depth = None if newest or part.several else RELEASES
        count = SEVERAL * self._sentences if part.several else self._sentences
        read = [
            reader.evidence.read(part.question, hits[:depth], count, newest, window, part.several)
            for hits, window in zip(found, windows, strict=True)
        ]
        part.evidence = alternately(read, lambda item: item.sentence.id)
        features = answerability.features(part.question, part.evidence, reader.snapshot.lexicon)
        part.contrary = otherwise(part.question.partition(BEFORE)[0], part.evidence, reader.snapshot.lexicon)
        part.confidence = answerability.probability(features)
        is_hopeless = part.confidence < HOPELESS * self._threshold and not part.contrary
        return Reason.NO_EVIDENCE if is_hopeless else None

    def _empty(self, turn: Turn, part: Part) -> Reason:
        part.hits = turn.reader.searcher.search(part.sought)
        last = turn.reader.coverage.until
        is_after = last is not None and part.window.since is not None and part.window.since > last
        return Reason.AFTER_COVERAGE if is_after else Reason.EMPTY_WINDOW

    def _refusal(self, turn: Turn, reason: Reason) -> Answer:
        nearest = tuple(NearRelease.of(hit.release) for hit in turn.hits[:NEAREST])
        lines = speaking(turn.question).refusal(reason, turn.reader.coverage, turn.window, nearest)
        sentences = tuple(AnswerSentence(line, SentenceKind.NOTICE) for line in lines if line)
        return self._whole(turn, sentences, refused=True, reason=reason, nearest=nearest)

    def _answer(self, turn: Turn, drafted: list[SentenceReady], missing: list[Part]) -> Answer:
        citations = tuple(citation for ready in drafted for citation in ready.citations)
        used = {citation.release_id for citation in citations}
        again = [release for hit in turn.hits if hit.release.id in used for release in hit.reissues]
        beside = [*again, *(hit.release for hit in turn.hits if hit.release.id not in used)]
        others = tuple(NearRelease.of(release) for release in beside)[:NEAREST]
        own = speaking(turn.question)
        conflict = any(part.differing for part in turn.parts if part not in missing)
        notes = [own.differ()] * conflict + [own.unworded()] * bool(turn.drafter.failure)
        notes += [own.missing(part.asked) for part in missing]
        told = (AnswerSentence(note, SentenceKind.NOTICE) for note in notes)
        sentences = (*(ready.sentence for ready in drafted), *told)
        return self._whole(turn, sentences, citations=citations, nearest=others, conflict=conflict)

    def _whole(self, turn: Turn, sentences: tuple[AnswerSentence, ...], **fields: Any) -> Answer:  # noqa: ANN401
        return Answer(
            question=turn.question,
            standalone_question=turn.standalone,
            sentences=sentences,
            window=turn.window,
            confidence=turn.confidence,
            model=turn.drafter.model,
            snapshot=turn.reader.snapshot.name,
            timings=Timings(turn.searched, turn.first_sentence, turn.elapsed),
            dropped=turn.drafter.dropped,
            **fields,
        )


def _is_told(part: Part, draft: Draft) -> bool:
    """Whether what surely answers a part was quoted for another one."""
    return (part.is_plain or is_sure(part)) and draft.holds(part.evidence[0])


def _contradicted(part: Part, draft: Draft, again: bool = False) -> Iterator[Event]:
    """What says otherwise than a part takes for granted, if anything does: by its words, or by what the model holds.
    `again`: no answer could be worded to it."""
    part.contrary = part.contrary or denying(part.question, part.evidence, part.held, part.confidence)
    if part.contrary:
        part.confidence = CONTRARY
        yield from draft.contradict(part.contrary, part.evidence, again)
