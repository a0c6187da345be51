"""One visitor's question, followed from the first event to the whole answer; no Gradio in here.

`Conversation.follow` turns the assistant's events into states of a `Turn`, one for each change a reader can see, so
that a stage reported a hundred times is sent once. Stopping closes the assistant's stream from outside, which frees the
model and ends the states with one that says so.
"""

import logging
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace

from index.errors import (
    BusyError,
    CommuniqueError,
    IndexMismatchError,
    IndexMissingError,
    ModelError,
    OverdueError,
)
from rag.answers import Answer, Event, Progress, SentenceReady
from ui.network.client import ASKING, Client
from ui.page.ports import Assistant, Stream
from ui.turn import Question, Turn
from ui.words import ENGLISH, Words

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """What one open tab has said so far; `last` is the HTML of the turn that ended most recently."""

    turns: tuple[Turn, ...] = ()
    last: str = ""

    def after(self, turn: Turn, shown: str) -> "Session":
        """The session once `turn` has ended; a turn asked again in its place is no longer part of it."""
        return Session((*self._before(turn.number), turn), shown)

    def place(self, again: int = 0) -> int:
        """The number of the next turn: that of the last one where this is what is asked again, else a new one."""
        last = self.turns[-1].number if self.turns else 0
        return last if again and again == last else last + 1

    def turn(self, number: int) -> Turn | None:
        """The turn of a number, as it ended; None where this session knows of none."""
        return next((turn for turn in self.turns if turn.number == number), None)

    def history(self, again: int = 0) -> list[dict[str, str]]:
        """What was said before the turn that is asked `again`, or in all; only a whole answer is built on."""
        said: list[dict[str, str]] = []
        for turn in self._before(again) if again else self.turns:
            if turn.answer is not None:
                said.append({"role": "user", "content": turn.question.text})
                said.append({"role": "assistant", "content": turn.answer.text})
        return said

    def _before(self, number: int) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.number < number)


class Asked:
    """A question under way, which may be stopped from any thread, also before there is a stream to close."""

    def __init__(self) -> None:
        self._stream: Stream | None = None
        self._is_stopped = False

    # Each sets its own half before it looks at the other's, so that one of the two closes the stream.
    def answered_by(self, stream: Stream) -> Stream:
        """The stream, closed where the question was stopped meanwhile."""
        self._stream = stream
        if self._is_stopped:
            stream.close()
        return stream

    def stop(self) -> None:
        """End the answer, or the one to come."""
        self._is_stopped = True
        if self._stream:
            self._stream.close()


class Conversation:
    """The answers being followed, by the tab that asked, so that each can be stopped from another request."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._asked: dict[str, Asked] = {}

    def follow(
        self,
        question: Question,
        session: Session,
        tab: str,
        again: int = 0,
        words: Words = ENGLISH,
        client: Client = Client(),  # noqa: B008 - frozen
    ) -> Generator[Turn, None, None]:
        """The states of the answer to `question`, ending with one that is no longer running.

        `again` is the number of the turn whose question this is once more: it is understood as it was then.
        `client` is who asks, by whom limits are counted.
        """
        turn = Turn(session.place(again), question, self._assistant.coverage())
        asked = self._asked[tab] = Asked()
        try:
            yield turn
            history = session.history(again)
            ASKING.set(client)  # here, as each step of a generator may run in a context of its own
            stream = asked.answered_by(self._assistant.stream(question.text, history, question.since, question.until))
            with closing(stream):
                for event in stream:
                    if (changed := advanced(turn, event)) is not turn:
                        turn = changed
                        yield turn
            if turn.running:
                yield replace(turn, stopped=True)
        except CommuniqueError as error:
            yield replace(turn, error=words.say(_what_failed(error)), detail=str(error))
        except Exception:  # What nobody foresaw must not leave the reader with a turn that never ends.
            _LOG.exception("answering failed")
            yield replace(turn, error=words.say("unexpected"))
        finally:
            if self._asked.get(tab) is asked:
                del self._asked[tab]

    def stop(self, tab: str) -> None:
        """Stop the answer this tab waits for, if there is one."""
        if asked := self._asked.get(tab):
            asked.stop()


def _what_failed(error: CommuniqueError) -> str:
    """The name of the phrase that says what an error is about."""
    match error:
        case ModelError():
            return "error_model"
        case IndexMissingError() | IndexMismatchError():
            return "error_index"
        case BusyError():
            return "error_busy"
        case OverdueError():
            return "error_overdue"
    return "error_other"


def advanced(turn: Turn, event: Event) -> Turn:
    """`turn` after `event`; the same turn where a reader would see no difference."""
    match event:
        case Progress():
            known = turn.progress and replace(turn.progress, seconds=event.seconds)
            return turn if known == event else replace(turn, progress=event)
        case SentenceReady():
            return replace(
                turn, sentences=(*turn.sentences, event.sentence), citations=(*turn.citations, *event.citations)
            )
        case Answer():
            return replace(turn, answer=event, sentences=event.sentences, citations=event.citations)
