"""Where programs ask: so many at once, each for so long, and none after it has gone away.

The model answers one question at a time, in the order in which the page and all programs asked (`rag/generation.py`).
Behind that order the desk sees to it that nobody waits for ever and that nobody waits for a caller who has left.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date

from index.errors import BusyError, Cancelled, UsageError
from rag.answer_stream import beating
from rag.answers import Answer, Event
from rag.request import question_fault
from ui.page.ports import Assistant

MOST = 16
"""Questions of programs under way at once; at some 8 s each the last of them waits two minutes."""

LONGEST = 300.0
"""Seconds an answer may take, waiting included."""

HEARTBEAT = 0.5
"""Seconds after which a caller who hears nothing is looked for."""

SOON = 10
"""Seconds after which asking again is worth it."""

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

    def __init__(self, assistant: Assistant, most: int = MOST, seconds: float = LONGEST) -> None:
        self._assistant, self._most, self._seconds = assistant, most, seconds
        self.under_way = 0

    async def answer(self, asked: Asked, is_gone: Gone | None = None) -> Answer:
        """The whole answer; raises what `follow` raises."""
        async with aclosing(self.follow(asked, is_gone)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return event
        raise Cancelled("the answer was stopped before it was whole")

    async def follow(self, asked: Asked, is_gone: Gone | None = None) -> AsyncGenerator[Event | None, None]:
        """The events of an answer as they come, and None as a sign of life where none does; leaving frees the model.

        Raises UsageError for what is no question, BusyError where too many are under way or the time is up, Cancelled
        once `is_gone`, and whatever the assistant raises.
        """
        if fault := question_fault(asked.question):
            raise UsageError(fault)
        if self.under_way >= self._most:
            raise BusyError(f"{self.under_way} questions are being answered, no more are taken now; ask again later")
        self.under_way += 1
        try:
            async with aclosing(self._events(asked, is_gone)) as events:
                async for event in events:
                    yield event
        finally:
            self.under_way -= 1

    async def _events(self, asked: Asked, is_gone: Gone | None) -> AsyncGenerator[Event | None, None]:
        loop = asyncio.get_running_loop()
        end, looked = loop.time() + self._seconds, loop.time()
        # A new snapshot may have to be opened first.
        stream = await asyncio.to_thread(
            self._assistant.stream, asked.question, asked.history, asked.since, asked.until, asked.now
        )
        async with aclosing(beating(stream, HEARTBEAT)) as events:
            async for event in events:
                yield event
                now = loop.time()
                if now > end:
                    raise BusyError(f"no answer within {math.ceil(self._seconds)} s; ask again later")
                # Whoever waits for the model is told of it twice a second, so silence is no sign to go by.
                if is_gone and now - looked >= HEARTBEAT:
                    looked = now
                    if await is_gone():
                        raise Cancelled("the caller went away")
