"""A conversation kept in the reader's browser: each finished turn as JSON, and turns made of what comes back.

What comes back may have been changed by anybody with that browser: it is checked for its form, and rendered like
everything else, quotations against the stored releases.
"""

import json
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from rag.answers import Answer
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


_KEPT = TypeAdapter(Kept)


def kept(turn: Turn) -> str:
    """The turn as JSON; empty where there is no whole answer."""
    if turn.answer is None:
        return ""
    asked = turn.question
    days = {"since": asked.since and asked.since.isoformat(), "until": asked.until and asked.until.isoformat()}
    fields = {"number": turn.number, "question": asked.text, **days, "answer": turn.answer.to_dict()}
    return json.dumps(fields).replace("<", "\\u003c")  # Gradio takes it for HTML and looks for scripts


def recalled(turns: object, coverage: Coverage) -> tuple[Turn, ...]:
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
            found[held.number] = Turn(
                held.number, question, coverage, sentences=sentences, citations=citations, answer=answer
            )
    return tuple(found[number] for number in sorted(found))
