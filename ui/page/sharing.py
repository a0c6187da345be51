"""Answers that a link shows: stored when a reader asks for the link, opened as a conversation of one turn."""

import logging

from index.errors import KeepingError
from rag.stored_answers import AnswerShelf, StoredAnswer
from ui.page import asking
from ui.page.conversation import Session
from ui.page.opinion import told
from ui.turn import Coverage, Question, Turn

_LOG = logging.getLogger(__name__)


def shared(shelf: AnswerShelf, session: Session, said: object) -> str:
    """Store the answer of a turn; its id, or what kept it from being stored, for the page's script."""
    number = asking.number(said)
    turn = session.turn(number)
    if turn is None or (stored := of_turn(turn)) is None:
        return told(number, failed="restarted")
    if not turn.is_own:
        return told(number, failed="not_own")
    try:
        return told(number, link=shelf.add(stored))
    except (KeepingError, OSError):
        _LOG.exception("an answer could not be stored")
        return told(number, failed="not_kept")


def of_turn(turn: Turn) -> StoredAnswer | None:
    """The answer of a turn as it is stored; None where it has no whole one."""
    asked = turn.question
    return StoredAnswer(asked.text, asked.since, asked.until, turn.answer) if turn.answer else None


def opened(stored: StoredAnswer, coverage: Coverage) -> Turn:
    """A stored answer as the first turn of a conversation."""
    question, answer = Question(stored.question, stored.since, stored.until), stored.answer
    return Turn(1, question, coverage, sentences=answer.sentences, citations=answer.citations, answer=answer)
