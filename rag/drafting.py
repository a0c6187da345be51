"""The model words a short answer; code decides whether it is shown, and quotes the releases beside it.

The model sees the best few sentences and is asked for one sentence: small models word well and mark badly, so it is
never asked for markers. Each sentence it writes is shown only after the evidence that supports it was found again, and
every number, date, name, doer and negation in it stands there; one that fails is dropped. The best evidence follows,
word for word, under its release's date, unless the wording already rests on it.
"""

import contextlib
import copy
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files

from index.chunking import segments
from index.errors import Cancelled, ModelError
from rag import conversation
from rag.answers import Progress, SentenceReady
from rag.citations import strip_markers
from rag.evidence import Evidence, by_held
from rag.evidence_prompt import JUDGED, as_read, dated, in_view, user_words, within, worth_reading
from rag.generation import Generator, Prompt, PromptTooLongError, TurnQueue
from rag.held_kinds import holds
from rag.kinds import sought
from rag.probe import Held, Verdict
from rag.prompt_text import on_one_line
from rag.quoting import Draft, quotable, spread
from rag.vetting import denies, is_no_answer, pointed_at, verified

_LOG = logging.getLogger(__name__)

NOT_FOUND = "NOT FOUND"
_ONLY_MARKERS = re.compile(r"\s*(?:\[[\d, ]+\]\s*)+")
_INITIAL = re.compile(r"(?:^|\s)(?:[A-Z]|[A-Z][a-z]{1,3})\.$")
"""An initial or a short title: too little has been written to tell it from the end of a sentence."""

_MAY_END = re.compile(r"[.!?][\])”\"]*\s+\S|\n")


class Drafter:
    """Judges and words answers with a generator, or words them by quotation alone where there is none.

    `at_once`: how many answers may ask the generator at a time. `failure`: why it could not be asked, else "".
    `dropped`: sentences of its that were not shown because the evidence does not bear them.
    """

    def __init__(self, generator: Generator | None, max_tokens: int, at_once: int = 1) -> None:
        self._generator, self._max_tokens, self.failure, self.dropped = generator, max_tokens, "", 0
        self._queue = TurnQueue(at_once)
        self._system, self._judge, self._answer, self._rewrite = (
            _prompt(name) for name in ("system", "judge", "answer", "rewrite")
        )

    @property
    def model(self) -> str:
        """The name of the model that words the answers, "" without one."""
        return self._model.name if self._model else ""

    @property
    def note(self) -> str:
        """That the model cannot be asked now, "" where it can."""
        return self._generator.note if self._generator else ""

    @property
    def _model(self) -> Generator | None:
        return None if self.failure else self._generator

    def for_answer(self) -> "Drafter":
        """The same for one answer: a model that fails is not asked again in it, and is in the next."""
        return copy.copy(self)

    def quoting(self) -> "Drafter":
        """The same without the model: it words nothing, and quotes at once."""
        silent = self.for_answer()
        silent._generator = None
        return silent

    @contextlib.contextmanager
    def _heard(self) -> Iterator[None]:
        """A model that fails leaves the answer to quotations."""
        try:
            yield
        except PromptTooLongError:
            _LOG.info("a prompt was too long for the model")
        except ModelError as error:
            self.failure = str(error)
            _LOG.warning("an answer goes on without the model: %s", error)

    def count_tokens(self, text: str) -> int | None:
        """What a text costs the model in tokens; None where there is no model, or one that does not say."""
        count: Callable[[str], int] | None = getattr(self._generator, "count_tokens", None)
        return count(text) if count else None

    def warm(self) -> None:
        """Read the beginning that all prompts share, so that the first question need not wait for it."""
        if self._generator:
            self._generator.warm(self._system)

    @contextlib.contextmanager
    def turn(self, stopped: Callable[[], bool]) -> Iterator[Iterator[Progress]]:
        """The model for this caller alone; iterating what it gives waits for it and tells how many are ahead."""
        if not self._model:
            yield iter(())
            return
        with self._queue.ticket() as places:
            yield _waiting(places, stopped)

    def rewritten(self, question: str, history: conversation.Turns, stopped: Callable[[], bool]) -> str:
        """A follow-up as the model makes it stand alone; "" without a model, or where that is not the same question."""
        if not self._model:
            return ""
        asked = f"Last question: {on_one_line(question)}\n\n{self._rewrite}"
        told = f"Conversation:\n{conversation.script(history)}\n\n{asked}"
        text = ""
        with self._heard():
            text = "".join(self._model.generate(Prompt(self._system, told), self._max_tokens, stopped)).strip()
        return text if conversation.is_faithful(text, question, history) else ""

    def glance(
        self, question: str, evidence: Sequence[Evidence], stopped: Callable[[], bool]
    ) -> tuple[list[Evidence], Held] | None:
        """What of the evidence is worth reading, by what the model holds of it when it has read the question around it,
        the best first, and what it holds of all that it read; None where there is no model, or one that does not show
        that."""
        if not self._model:
            return None
        offered = worth_reading(question, evidence)
        seen, found = within(offered), None
        with self._heard():
            while seen:
                with contextlib.suppress(PromptTooLongError):
                    found = self._model.glance(*self.question_around(question, seen), stopped)
                    break
                seen = seen[: len(seen) // 2]
        rest = [item for item in offered if item not in seen]
        return ([*by_held(seen, found.sentences), *rest], found.text) if found else None

    def question_around(self, question: str, seen: Sequence[Evidence]) -> tuple[Prompt, list[str], str]:
        """The question ahead of the evidence, by which the model sees which sentences answer, and again behind it, by
        which it sees whether any does: the prompt, the sentences as they stand in it, and what is behind them."""
        parts, asked = [dated(item) for item in seen], f"Question: {on_one_line(question)}"
        behind = f"\n\n{asked}\n\n{self._judge}"
        return Prompt(self._system, f"{asked}\n\nText: {' '.join(parts)}{behind}"), parts, behind

    def judge(self, question: str, evidence: Sequence[Evidence], stopped: Callable[[], bool]) -> Verdict | None:
        """The model's verdict on whether the best evidence states the answer; None without a model that can say."""
        if not self._model:
            return None
        with self._heard():
            for prompt in self._prompts(question, as_read(evidence[:JUDGED]), self._judge):
                with contextlib.suppress(PromptTooLongError):
                    return self._model.odds(prompt, stopped)
        return None

    def draft(
        self,
        question: str,
        evidence: Sequence[Evidence],
        stopped: Callable[[], bool],
        draft: Draft,
        several: bool = False,
        differing: Sequence[Evidence] = (),
        is_sure: bool = False,
    ) -> Iterator[SentenceReady]:
        """Verified sentences with the citations that appear in them for the first time, added to `draft`.

        `several`: the question asks for things that several releases may hold, so each is quoted once, and more of them
        where it does not say how many things. `differing`: evidence that must be cited whatever else is. Where the
        model finds no answer or has to make one up nothing is yielded, but quotations if `is_sure`. Raises Cancelled
        soon after `stopped()` turns true.
        """
        listed = sought(question) if several and sought(question).count == 1 else None
        room, is_list = draft.room(bool(listed)), bool(listed)
        meant: list[Evidence] = []
        seen = in_view(evidence)
        for sentence in self._worded(question, as_read(seen), stopped):
            if not room.shown and is_no_answer(sentence, question, seen):
                if is_sure:
                    break
                return
            if denies(sentence):
                continue
            is_answer = room.shown or holds(sought(question), strip_markers(sentence))
            ready = verified(sentence, question, seen, draft.numbered) if is_answer else None
            if ready is None:
                self.dropped += bool(is_answer)
                meant += pointed_at(sentence, question, seen, is_list) if is_answer or not is_list else []
            elif ready.sentence not in (shown.sentence for shown in draft.shown):
                yield draft.add(ready, room)
        # What is not of the kind asked for is no better guess than the best evidence that is.
        meant = [item for item in meant if item.is_kind or not evidence[0].is_kind]
        for item in [*differing, *([] if room.shown else meant[:1])]:
            for told in room.led(item, room.left) if room.is_new(item) else ():
                yield draft.quote(told, room)
        for item in spread(evidence, room, listed) if several else quotable(evidence, room):
            yield draft.quote(item, room)

    def _worded(self, question: str, evidence: Sequence[Evidence], stopped: Callable[[], bool]) -> Iterator[str]:
        if not self._model:
            return
        with self._heard():
            # The judge's prompt and this one begin alike, so the model reads only the last line anew.
            yield from drafted(self._pieces(self._model, self._prompts(question, evidence, self._answer), stopped))

    def _pieces(self, model: Generator, prompts: Iterator[Prompt], stopped: Callable[[], bool]) -> Iterator[str]:
        for prompt in prompts:
            with contextlib.suppress(PromptTooLongError):
                yield from model.generate(prompt, self._max_tokens, stopped)
                return

    def _prompts(self, question: str, evidence: Sequence[Evidence], task: str) -> Iterator[Prompt]:
        """The prompt, and where that is too long for the model, the same with half of the evidence, and so on."""
        while evidence:
            yield Prompt(self._system, user_words(question, evidence, task))
            evidence = evidence[: len(evidence) // 2]


def _prompt(name: str) -> str:
    return (files("rag") / "prompts" / f"{name}.txt").read_text(encoding="utf-8").strip()


def _waiting(places: Iterator[int], stopped: Callable[[], bool]) -> Iterator[Progress]:
    for ahead in places:
        if stopped():
            raise Cancelled("the caller went away while waiting for the model")
        yield Progress("waiting", 0.0, ahead)


def drafted(pieces: Iterator[str]) -> Iterator[str]:
    """The model's text cut into sentences as they end; nothing more once it says that it found nothing."""
    pending = ""
    for piece in pieces:
        pending += piece
        if NOT_FOUND in pending:
            return
        if _MAY_END.search(pending):
            *ended, pending = _cut(pending)
            while ended and _INITIAL.search(ended[-1]):
                pending = f"{ended.pop()} {pending}"
            yield from ended
    yield from (sentence.strip() for sentence in _cut(pending) if sentence.strip())


def _cut(text: str) -> list[str]:
    """A draft's sentences, markers with the sentence before them; the last one may go on."""
    found: list[str] = []
    for line in text.split("\n"):
        for sentence in segments(line) or [""]:
            if found and _ONLY_MARKERS.fullmatch(sentence):
                found[-1] += sentence
            else:
                found.append(sentence)
    *ended, last = found
    return [*(sentence.strip() for sentence in ended if sentence.strip()), last]
