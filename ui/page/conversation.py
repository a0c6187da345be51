"""One visitor's question, followed from the first event to the whole answer; no Gradio in here.

`Conversation.follow` turns the assistant's events into states of a `Turn`, one for each change a reader can see, so
that a stage reported a hundred times is sent once. Stopping closes the assistant's stream from outside, which frees the
model and ends the states with one that says so.
"""

import logging
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace

from index.errors import CommuniqueError
from rag.answers import Answer, Event, Progress, SentenceReady
from ui.page.ports import Assistant, Stream
from ui.render import Turn

_LOG = logging.getLogger(__name__)
_UNEXPECTED = "Something went wrong while answering. The details are in the log of the program that serves this page."


@dataclass(frozen=True)
class Session:
    """What one open tab has said so far; `last` is the HTML of the turn that ended most recently."""

    turns: int = 0
    history: tuple[dict[str, str], ...] = ()
    last: str = ""

    def after(self, turn: Turn, shown: str) -> "Session":
        """The session once `turn` has ended; only a whole answer becomes part of what the next question builds on."""
        said: tuple[dict[str, str], ...] = ()
        if turn.answer is not None:
            said = (
                {"role": "user", "content": turn.question},
                {"role": "assistant", "content": turn.answer.text},
            )
        return Session(turn.number, self.history + said, shown)


class Conversation:
    """The answers being followed, by the tab that asked, so that each can be stopped from another request."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._streams: dict[str, Stream] = {}

    def follow(self, question: str, session: Session, tab: str) -> Generator[Turn, None, None]:
        """The states of the answer to `question`, ending with one that is no longer running."""
        turn = Turn(session.turns + 1, question, self._assistant.coverage())
        yield turn
        try:
            with closing(self._assistant.stream(question, session.history)) as stream:
                self._streams[tab] = stream
                for event in stream:
                    if (changed := advanced(turn, event)) is not turn:
                        turn = changed
                        yield turn
            if turn.running:
                yield replace(turn, stopped=True)
        except CommuniqueError as error:
            yield replace(turn, error=str(error))
        except Exception:  # What nobody foresaw must not leave the reader with a turn that never ends.
            _LOG.exception("answering failed")
            yield replace(turn, error=_UNEXPECTED)
        finally:
            self._streams.pop(tab, None)

    def stop(self, tab: str) -> None:
        """Stop the answer this tab waits for, if there is one."""
        if stream := self._streams.get(tab):
            stream.close()


def advanced(turn: Turn, event: Event) -> Turn:
    """`turn` after `event`; the same turn where a reader would see no difference."""
    match event:
        case Progress():
            known = turn.progress and (turn.progress.stage, turn.progress.ahead)
            return turn if known == (event.stage, event.ahead) else replace(turn, progress=event)
        case SentenceReady():
            return replace(
                turn, sentences=(*turn.sentences, event.sentence), citations=(*turn.citations, *event.citations)
            )
        case Answer():
            return replace(turn, answer=event, sentences=event.sentences, citations=event.citations)
