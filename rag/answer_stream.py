"""The events of one answer as an iterator that may be closed from any thread."""

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator

from index.errors import Cancelled
from rag.answers import Event


class AnswerStream(Iterator[Event]):
    """The events of one answer. `close` may be called from any thread, also while the model is reading."""

    def __init__(self, events: Callable[[Callable[[], bool]], Generator[Event, None, None]]) -> None:
        self._stopped = threading.Event()
        self._events = events(self._stopped.is_set)

    def __next__(self) -> Event:
        if self._stopped.is_set():
            # Closed from another thread while it ran, it could not be ended there, and would keep its turn.
            self._events.close()
            raise StopIteration
        try:
            return next(self._events)
        except Cancelled:
            raise StopIteration from None

    def close(self) -> None:
        """End the answer; the model is free as soon as it notices, a fraction of a second later."""
        self._stopped.set()
        with contextlib.suppress(ValueError):  # Running in another thread: there the flag ends it.
            self._events.close()
