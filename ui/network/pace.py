"""How often each of many may do something within a span, counted from the first time; no longer is it kept."""

import math
import threading
import time
from collections.abc import Callable

MANY = 1_000
"""Those remembered before the ones that have been quiet are forgotten."""


class Pace:
    """Counts by any name; safe to share between threads."""

    def __init__(self, most: int, within: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._within, self._clock = most, within, clock
        self._lately: dict[str, tuple[float, int]] = {}
        self._swept = 0.0
        self._lock = threading.Lock()

    def allows(self, name: str) -> bool:
        """Whether it may be done once more under this name, which then counts."""
        return not self.wait(name)

    def wait(self, name: str) -> int:
        """0 where it may be done once more, which then counts; else the whole seconds until it may."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            began, count = self._lately.get(name, (now, 0))
            if began + self._within < now:
                began, count = now, 0
            if count >= self._most:
                return max(1, math.ceil(began + self._within - now))
            self._lately[name] = (began, count + 1)
            return 0

    def _forget(self, now: float) -> None:
        # At most once in each span, so that a crowd costs no more than its number.
        if len(self._lately) >= MANY and self._swept + self._within <= now:
            self._swept = now
            since = now - self._within
            self._lately = {name: found for name, found in self._lately.items() if found[0] >= since}
