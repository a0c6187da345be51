"""One thread that runs what may not share its thread with other number-crunching libraries.

On a processor with AMX llama.cpp lays out the tiles of each of its threads once. A library that uses tiles as well, as
torch does in bfloat16, lays them aside for its thread when it is done, and the processor ends the program at
llama.cpp's next step there. The program that asks may use such libraries as well, on whatever thread it asks from.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


class OwnThread:
    """Runs one call after the other on its thread, for callers on any other."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def run(self, call: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        """What a call on the thread returns or raises."""
        return self._pool.submit(call, *given, **named).result()

    def each(self, items: Generator[Found, None, None]) -> Generator[Found, None, None]:
        """The items of a generator, each made on the thread, where it is closed too."""
        end = object()
        try:
            while (item := self.run(next, items, end)) is not end:
                yield item  # type: ignore[misc]
        finally:
            self._close(items)

    def _close(self, items: Generator[Found, None, None]) -> None:
        try:
            closing = self._pool.submit(items.close)
        except RuntimeError:
            return  # The program is at its end, and the thread has ended before.
        closing.result()
