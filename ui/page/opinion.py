"""What a reader thinks of an answer, taken from the page and kept; what comes from a browser may be anything."""

import json
import logging
import secrets
from collections.abc import Mapping

from index.errors import KeepingError
from rag.feedback import Feedback, FeedbackBook, Verdict
from ui.page import asking
from ui.page.conversation import Session

_LOG = logging.getLogger(__name__)


def kept(book: FeedbackBook, session: Session, said: Mapping[str, object]) -> str:
    """Keep what was said of a turn; what became of it, for the page's script."""
    number = asking.number(said.get("turn"))
    turn, verdict = session.turn(number), _verdict(said.get("verdict"))
    if turn is None or turn.answer is None or verdict is None:
        return told(number, failed="restarted")
    if not turn.is_own:
        return told(number, failed="not_own")
    reasons, words = said.get("reasons"), said.get("words")
    names = [name for name in reasons if isinstance(name, str)] if isinstance(reasons, list) else []
    period = (turn.question.since, turn.question.until)
    text = words if isinstance(words, str) else ""
    try:
        book.add(Feedback.of(turn.answer, turn.question.text, period, verdict, names, text))
    except (KeepingError, OSError):
        _LOG.exception("an opinion could not be kept")
        return told(number, failed="not_kept")
    return told(number, rated=verdict.value, reasoned=bool(names or text))


def too_often(turn: object) -> str:
    """The reply where a tab has had too much kept lately."""
    return told(asking.number(turn), failed="too_often")


def told(turn: int, **facts: object) -> str:
    """The reply to the page's script about a turn; no two are the same, or the browser would not notice the second."""
    fields = {"turn": turn, "nonce": secrets.token_hex(8), **facts}
    return json.dumps(fields).replace("<", "\\u003c")  # Gradio takes it for HTML and looks for scripts


def _verdict(value: object) -> Verdict | None:
    try:
        return Verdict(str(value))
    except ValueError:
        return None
