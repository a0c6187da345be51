"""How often one open tab may have something kept here: enough for any reader, too little to fill a disk by script."""

import threading
import time
from collections import deque
from collections.abc import Callable

MOST, WITHIN = 30, 60.0
"""Opinions and links of one tab within so many seconds."""

MANY_TABS = 1_000
"""Tabs remembered before those that have been quiet are forgotten."""


class Pace:
    """Counts what each tab had kept lately; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lately: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def allows(self, tab: str) -> bool:
        """Whether this tab may have one more thing kept, which then counts."""
        with self._lock:
            since = self._clock() - WITHIN
            if len(self._lately) >= MANY_TABS:
                self._lately = {other: times for other, times in self._lately.items() if times[-1] > since}
            times = self._lately.setdefault(tab, deque(maxlen=MOST))
            if len(times) == MOST and times[0] > since:
                return False
            times.append(self._clock())
            return True
