"""A conversation kept in the reader's browser: each finished turn as JSON, and turns made of what comes back.

What comes back may have been changed by anybody with that browser: it is checked for its form, and rendered like
everything else, quotations against the stored releases. Its seal says whether the answer is as it was given here.
"""

import json
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter, ValidationError

from rag.answers import Answer
from rag.stored_answers import AnswerShelf
from ui.page.sharing import of_turn
from ui.turn import Coverage, Question, Turn

FORGOTTEN = json.dumps({"forgotten": True})
"""Tells the browser that the server knows nothing of the conversation it shows: it was restarted under an open page."""

MOST = 200
"""Turns of one conversation that are taken back, the newest."""


@dataclass(frozen=True)
class Kept:
    """A finished turn as it is kept; only whole answers are."""

    number: int
    question: str
    since: date | None
    until: date | None
    answer: Answer
    seal: str = ""


_KEPT = TypeAdapter(Kept)


def kept(turn: Turn, shelf: AnswerShelf) -> str:
    """The turn as JSON; empty where there is no whole answer."""
    stored = of_turn(turn)
    if stored is None:
        return ""
    fields = {"number": turn.number, **stored.to_dict(), "seal": shelf.seal(stored) if turn.is_own else ""}
    return json.dumps(fields).replace("<", "\\u003c")  # Gradio takes it for HTML and looks for scripts


def recalled(turns: object, coverage: Coverage, shelf: AnswerShelf) -> tuple[Turn, ...]:
    """The turns of a conversation that was kept, in order; what is not of the right form is left out."""
    found: dict[int, Turn] = {}
    for entry in turns[-MOST:] if isinstance(turns, list) else ():
        try:
            held = _KEPT.validate_python(entry)
        except ValidationError:
            continue
        if 0 < held.number < 1_000_000:
            question, answer = Question(held.question, held.since, held.until), held.answer
            sentences, citations = answer.sentences, answer.citations
            turn = Turn(held.number, question, coverage, sentences=sentences, citations=citations, answer=answer)
            stored = of_turn(turn)
            is_own = stored is not None and shelf.is_own(stored, held.seal)
            found[held.number] = replace(turn, is_own=is_own)
    return tuple(found[number] for number in sorted(found))
