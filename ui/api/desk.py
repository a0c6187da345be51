"""Where programs ask, and where nobody is answered who has gone away.

The model answers one question at a time, in the order in which the page and all programs asked (`rag/generation.py`).
How many may ask, and for how long, is the assistant's own affair (`ui/network/turnstile.py`).
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date

from index.errors import Cancelled, UsageError
from rag.answer_stream import beating
from rag.answers import Answer, Event
from rag.request import question_fault
from ui.page.ports import Assistant

HEARTBEAT = 0.5
"""Seconds after which a caller who hears nothing is looked for."""

Gone = Callable[[], Awaitable[bool]]
"""Whether the caller has gone away."""


@dataclass(frozen=True)
class Asked:
    """What a program asks: a question, the turns before it, its own window and clock."""

    question: str
    history: Sequence[dict[str, str]] = ()
    since: date | None = None
    until: date | None = None
    now: date | None = None


class Desk:
    """Takes the questions of programs to one assistant; to be used in one event loop."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant, self.under_way = assistant, 0

    async def answer(self, asked: Asked, is_gone: Gone | None = None) -> Answer:
        """The whole answer; raises what `follow` raises."""
        async with aclosing(self.follow(asked, is_gone)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return event
        raise Cancelled("the answer was stopped before it was whole")

    async def follow(self, asked: Asked, is_gone: Gone | None = None) -> AsyncGenerator[Event | None, None]:
        """The events of an answer as they come, and None as a sign of life where none does; leaving frees the model.

        Raises UsageError for what is no question, Cancelled once `is_gone`, and whatever the assistant raises.
        """
        if fault := question_fault(asked.question):
            raise UsageError(fault)
        self.under_way += 1
        try:
            async with aclosing(self._events(asked, is_gone)) as events:
                async for event in events:
                    yield event
        finally:
            self.under_way -= 1

    async def _events(self, asked: Asked, is_gone: Gone | None) -> AsyncGenerator[Event | None, None]:
        loop = asyncio.get_running_loop()
        looked = loop.time()
        # A new snapshot may have to be opened first.
        stream = await asyncio.to_thread(
            self._assistant.stream, asked.question, asked.history, asked.since, asked.until, asked.now
        )
        async with aclosing(beating(stream, HEARTBEAT)) as events:
            async for event in events:
                yield event
                now = loop.time()
                # Whoever waits for the model is told of it twice a second, so silence is no sign to go by.
                if is_gone and now - looked >= HEARTBEAT:
                    looked = now
                    if await is_gone():
                        raise Cancelled("the caller went away")
