"""Questions become verified answers: `from rag import answer`.

Four forms of one function, which share one assistant (`default_assistant`: the index and the models of the settings,
opened at the first question) and may be called from any number of threads and event loops. One language model answers
one question at a time, the others wait in the order they came.

    answer(...)               -> the whole Answer
    stream(...)               -> its events as they come; closing the stream frees the model
    await answer_async(...)   -> the whole Answer; cancelling frees the model
    stream_async(...)         -> an async generator of the events; leaving it frees the model

The events are `Progress` (a stage began), `SentenceReady` (a verified sentence with its new citations) and, last, the
`Answer`. Every error is a `CommuniqueError` whose message names the next step.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import CommuniqueError
from rag.answer_stream import AnswerStream
from rag.answers import (
    Answer,
    AnswerSentence,
    Citation,
    Event,
    NearRelease,
    Progress,
    Reason,
    SentenceKind,
    SentenceReady,
    Timings,
)

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = [
    "Answer",
    "AnswerSentence",
    "AnswerStream",
    "Citation",
    "CommuniqueError",
    "Event",
    "NearRelease",
    "Progress",
    "Reason",
    "SentenceKind",
    "SentenceReady",
    "Timings",
    "answer",
    "answer_async",
    "default_assistant",
    "stream",
    "stream_async",
]


def answer(
    question: str,
    history: Sequence[dict[str, str]] = (),
    since: date | str | None = None,
    until: date | str | None = None,
    now: date | str | None = None,
) -> Answer:
    """Answer a question from the indexed releases, every stated sentence with the sentences it rests on.

    `history` are earlier turns, oldest first, each {"role": "user" or "assistant", "content": text}. `since` and
    `until` are inclusive days (dates or ISO strings) that override the question's own words about time. `now` is the
    clock for words such as "last month", today without it; it hides nothing.

    What the releases do not hold is an Answer too: `refused` is true, `reason` says why, `nearest` names releases worth
    a look. Raises UsageError for days that cannot be read or do not fit together, IndexMissingError where nothing is
    indexed, ModelError where a model file is missing; all are CommuniqueErrors.
    """
    return default_assistant().ask(question, history, since, until, now)


def stream(
    question: str,
    history: Sequence[dict[str, str]] = (),
    since: date | str | None = None,
    until: date | str | None = None,
    now: date | str | None = None,
) -> AnswerStream:
    """`answer` as it comes about: an iterator of events whose last one is the whole Answer.

    A sentence is told once it is verified, and stays. `close` may be called from any thread and frees the model within
    a second. Raises as `answer` does: for the call itself at once, for the rest while it is iterated.
    """
    return default_assistant().stream(question, history, since, until, now)


async def answer_async(
    question: str,
    history: Sequence[dict[str, str]] = (),
    since: date | str | None = None,
    until: date | str | None = None,
    now: date | str | None = None,
) -> Answer:
    """`answer` without blocking the event loop; a task that is cancelled frees the model within a second."""
    return await default_assistant().ask_async(question, history, since=since, until=until, now=now)


def stream_async(
    question: str,
    history: Sequence[dict[str, str]] = (),
    since: date | str | None = None,
    until: date | str | None = None,
    now: date | str | None = None,
) -> AsyncGenerator[Event, None]:
    """`stream` without blocking the event loop; closing the generator (`contextlib.aclosing`) frees the model."""
    return default_assistant().stream_async(question, history, since=since, until=until, now=now)


@lru_cache(maxsize=1)
def default_assistant() -> "Assistant":
    """The assistant of the settings, with index and models loaded; opened once (seconds), then shared.

    Raises SettingsError, IndexMissingError, IndexMismatchError or ModelError, and tries anew at the next call.
    """
    from rag.opening import open_assistant

    return open_assistant()
