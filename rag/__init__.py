"""Questions become verified answers: `from rag import answer`."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.answers import Answer

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = ["Answer", "answer", "answer_async", "default_assistant"]


def answer(
    question: str,
    history: Sequence[dict[str, str]] = (),
    since: date | str | None = None,
    until: date | str | None = None,
    now: date | str | None = None,
) -> Answer:
    """Answer a question from the indexed releases, every stated sentence with the sentences it rests on.

    `history` are earlier turns, each {"role": "user" or "assistant", "content": text}. `since` and `until` are
    inclusive days (dates or ISO strings) that override the question's own words about time. `now` is the clock for
    words such as "last month"; it hides nothing. Raises CommuniqueError, whose message names the next step.
    """
    return default_assistant().ask(question, history, since, until, now)


async def answer_async(
    question: str,
    history: Sequence[dict[str, str]] = (),
    since: date | str | None = None,
    until: date | str | None = None,
    now: date | str | None = None,
) -> Answer:
    """`answer` without blocking the event loop."""
    return await default_assistant().ask_async(question, history, since=since, until=until, now=now)


@lru_cache(maxsize=1)
def default_assistant() -> "Assistant":
    """The assistant of the settings, with index and models loaded; opened once, then shared."""
    from rag.opening import open_assistant

    return open_assistant()
