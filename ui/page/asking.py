"""What the page's script says was asked, checked: it comes from a browser and may be anything."""

from collections.abc import Mapping
from datetime import date

from ui.turn import Question


def question(text: object, period: object) -> Question:
    """The question and its period; what is no text is empty, what is no day is none, days the wrong way are turned."""
    days = period if isinstance(period, Mapping) else {}
    since, until = _day(days.get("since")), _day(days.get("until"))
    if since and until and since > until:
        since, until = until, since
    return Question(text.strip() if isinstance(text, str) else "", since, until)


def number(value: object) -> int:
    """The number of a turn, or 0."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
