"""Answers as server-sent events: what is sent when, whatever the events look like on the wire."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT

from rag.answers import Event
from ui.api.problems import Failure, failure

QUIET = 10.0
"""Seconds without an event after which a comment is sent: proxies end connections that are silent for longer."""

Events = AsyncGenerator[Event | None, None]


async def event_stream(
    events: Events, write: Callable[[Event], bytes], fail: Callable[[Failure], bytes]
) -> StreamingResponse:
    """The response that sends each event as `write` has it ("" for none), and a failure on the way as `fail` does.

    What is wrong from the beginning is raised here, while the status can still say so.
    """
    first = await anext(events)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_sent(first, events, write, fail), media_type="text/event-stream", headers=headers)


async def _sent(
    first: Event | None, events: Events, write: Callable[[Event], bytes], fail: Callable[[Failure], bytes]
) -> AsyncGenerator[bytes, None]:
    last = time.monotonic()
    async with aclosing(events):
        try:
            async for event in _resumed(first, events):
                said = write(event) if event is not None else b""
                if not said and time.monotonic() - last >= QUIET:
                    said = KEEPALIVE_COMMENT
                if said:
                    last = time.monotonic()
                    yield said
        except Exception as error:  # The status is sent already; only the stream can still say it.
            yield fail(failure(error))


async def _resumed(first: Event | None, events: Events) -> Events:
    yield first
    async for event in events:
        yield event
