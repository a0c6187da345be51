"""One thread that runs what may not share its thread with other number-crunching libraries.

On a processor with AMX llama.cpp lays out the tiles of each of its threads once. A library that uses tiles as well, as
torch does in bfloat16, lays them aside for its thread when it is done, and the processor ends the program at
llama.cpp's next step there. The program that asks may use such libraries as well, on whatever thread it asks from.
"""

import threading
import weakref
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

_Jobs = SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]


class OwnThread:
    """Runs one call after the other on its thread, which lives as long as the object, to the end of the program."""

    def __init__(self, name: str) -> None:
        self._jobs: _Jobs = SimpleQueue()
        # A pool of the library would end before the program's own threads do, which may still ask.
        self._thread = threading.Thread(target=_work, args=(self._jobs,), name=name, daemon=True)
        self._thread.start()
        weakref.finalize(self, _end, self._jobs, self._thread)

    def run(self, call: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        """What a call on the thread returns or raises."""
        # What is left open may be closed by the thread itself, where it collects what nobody needs any more.
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            return call(*given, **named)
        future: Future[Found] = Future()
        self._jobs.put((future, partial(call, *given, **named)))
        return future.result()

    def each(self, items: Generator[Found, None, None]) -> Generator[Found, None, None]:
        """The items of a generator, each made on the thread, where it is closed too."""
        end = object()
        try:
            while (item := self.run(next, items, end)) is not end:
                yield item  # type: ignore[misc]
        finally:
            self.run(items.close)


def _work(jobs: _Jobs) -> None:
    while (job := jobs.get()) is not None:
        future, call = job
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)
        del job, future, call  # While it waits it keeps nothing alive.


def _end(jobs: _Jobs, thread: threading.Thread) -> None:
    """Let the thread come to the end of what it does: what it computes with is about to go."""
    jobs.put(None)
    if threading.current_thread() is not thread:
        thread.join()
