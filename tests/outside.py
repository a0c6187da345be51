"""A program of someone else, as a type checker sees it where Communiqué is installed. It is checked, never run."""

import contextlib
from datetime import date

from rag import (
    Answer,
    Citation,
    CommuniqueError,
    Event,
    Progress,
    Reason,
    SentenceReady,
    answer,
    answer_async,
    default_assistant,
    stream,
    stream_async,
)


def whole() -> tuple[str, list[Citation], Reason | None]:
    turns = [{"role": "user", "content": "How many UN agencies are in the UN Plaza?"}]
    try:
        reply = answer(
            "And who opened it?", history=turns, since="2023-09-01", until=date(2024, 3, 7), now="2024-04-01"
        )
    except CommuniqueError as error:
        return str(error), [], None
    return reply.text, list(reply.citations), reply.reason


def as_it_comes() -> list[str]:
    with contextlib.closing(stream("Who launched IABS?")) as events:
        return [said for event in events if (said := told(event))]


def told(event: Event) -> str:
    match event:
        case Progress():
            return ""
        case SentenceReady():
            return event.sentence.marked_text
        case Answer():
            return f"{event.confidence:.2f} {event.timings.total}"


async def without_blocking() -> int:
    found = await answer_async("Who launched IABS?", now=date(2024, 4, 1))
    async with contextlib.aclosing(stream_async("Who launched IABS?")) as events:
        return len(found.citations) + len([event async for event in events])


def lower_down() -> list[str]:
    page = default_assistant().releases.search("climate", since=date(2024, 1, 1), limit=3)
    return [found.release.title for found in page.found]
