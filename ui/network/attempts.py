"""Wrong passwords of late, by where they came from and whom they were for; whoever has too many is not listened to."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

PAUSE = 300.0
"""Seconds for which a wrong password is held against its sender."""


class Attempts:
    """Counts by any key; while a key is at its limit nothing more is counted, so that no pause lasts for ever."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def are_spent(self, limits: Mapping[str, int]) -> bool:
        """Whether one of the keys has had as many wrong passwords as its limit."""
        with self._lock:
            while self._wrong and self._wrong[0][0] <= self._clock() - PAUSE:
                _, key = self._wrong.popleft()
                self._counts[key] -= 1
                if not self._counts[key]:
                    del self._counts[key]
            return any(self._counts.get(key, 0) >= limit for key, limit in limits.items())

    def count(self, keys: Mapping[str, int]) -> None:
        """One more wrong password, for each of the keys."""
        with self._lock:
            for key in keys:
                self._wrong.append((self._clock(), key))
                self._counts[key] = self._counts.get(key, 0) + 1
