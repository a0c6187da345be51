"""The events of one answer as an iterator that may be closed from any thread, and as one that an event loop follows."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import aclosing
from typing import Protocol

from index.errors import Cancelled
from rag.answers import Answer, Event


class Stream(Protocol):
    """The events of one answer; `close` may be called from any thread, ends them soon after and frees the model."""

    def __iter__(self) -> Iterator[Event]: ...

    def close(self) -> None: ...


class AnswerStream(Iterator[Event]):
    """The events of one answer. `close` may be called from any thread, also while the model is reading."""

    def __init__(self, events: Callable[[Callable[[], bool]], Generator[Event, None, None]]) -> None:
        self._stopped = threading.Event()
        self._events = events(self._stopped.is_set)

    def __next__(self) -> Event:
        if self._stopped.is_set():
            self._end()  # An event came after `close`: what the answer holds is given back here.
            raise StopIteration
        try:
            return next(self._events)
        except Cancelled:
            raise StopIteration from None

    def close(self) -> None:
        """End the answer; the model is free as soon as it notices, a fraction of a second later."""
        self._stopped.set()
        self._end()

    def _end(self) -> None:
        with contextlib.suppress(ValueError):  # Running in another thread: there the flag ends it.
            self._events.close()


async def followed(stream: Stream) -> AsyncGenerator[Event, None]:
    """The events of a stream as they come, without blocking the event loop; leaving them closes the stream."""
    async with aclosing(beating(stream)) as events:
        async for event in events:
            if event is not None:
                yield event


async def answered(events: AsyncGenerator[Event, None]) -> Answer:
    """The answer that events lead to; Cancelled where they were stopped before it came."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                return event
    raise Cancelled("the answer was stopped before it was whole")


async def beating(stream: Stream, heartbeat: float | None = None) -> AsyncGenerator[Event | None, None]:
    """`followed` with a sign of life, so that whoever waits can look around in between.

    None is yielded after each `heartbeat` seconds in which nothing came. Each stream has a thread of its own: callers
    who wait for the model in a pool would keep everyone else of that pool waiting too.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()

    def tell(item: Event | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # The loop has ended, and with it whoever listened.
            loop.call_soon_threadsafe(arrived.put_nowait, item)

    def pull() -> None:
        try:
            for event in stream:
                tell(event)
        except BaseException as error:
            tell(error)
        else:
            tell(None)

    threading.Thread(target=pull, name="answer").start()
    try:
        while True:
            try:
                item = await asyncio.wait_for(arrived.get(), heartbeat)
            except TimeoutError:
                yield None
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stream.close()
