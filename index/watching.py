"""A folder watched: releases that arrive, change or go are in the index as soon as their files are whole.

The one module that imports watchfiles. Events of the system only say that something changed; what changed is told by a
rebuild, from contents. A file that is still open for writing waits: on Linux the kernel says so (a read lease on it is
refused), elsewhere a file counts as whole once nothing was written to it for `QUIET` seconds.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from index.errors import CommuniqueError
from index.rebuilding import RebuildReport

TOGETHER = 400
"""Milliseconds within which changes are taken together."""

STEP = 50
"""Milliseconds without a change after which those seen are taken."""

WAIT = 200
"""Milliseconds after which files that were not whole are looked at again."""

QUIET = 0.5
PATIENCE = 60.0
"""Seconds after which a file that stays open for writing is read all the same: the next write is a change again."""

AGAIN, MOST = 5.0, 300.0
"""Seconds until a rebuild that failed is tried again without a change (another one was running, the disk was full), and
the most that they grow to, twice as many each time."""

OnEvent = Callable[[RebuildReport | CommuniqueError], None]


def watch(
    paths: Sequence[Path],
    rebuild: Callable[[], RebuildReport],
    on_event: OnEvent,
    on_watching: Callable[[], None] = lambda: None,
    stop: threading.Event | None = None,
) -> None:
    """Call `rebuild` at once, and when files under `paths` have changed, until `stop` is set.

    What came of it goes to `on_event`; `on_watching` is called after the first. A later one that fails leaves the index
    as it was and is tried again; the same error is told once. CommuniqueError where the first fails, OSError where a
    path cannot be watched.
    """
    import watchfiles

    changes = watchfiles.watch(
        *paths, watch_filter=_is_seen, debounce=TOGETHER, step=STEP, rust_timeout=WAIT, yield_on_timeout=True,
        stop_event=stop or threading.Event(),
    )  # fmt: skip
    waiting: dict[str, float] = {}
    due, pause, told = 0.0, AGAIN, ""
    # The watch stands from the first wait on: what changes during the first rebuild is seen after it.
    next(changes)
    on_event(rebuild())
    on_watching()
    for seen in changes:
        now = time.monotonic()
        waiting.update({path: waiting.get(path, now) for _, path in seen})
        held = [path for path, since in waiting.items() if now - since < PATIENCE and is_being_written(Path(path))]
        if (waiting and not held) or (due and now >= due):
            pause = AGAIN if waiting else min(2 * pause, MOST)
            waiting, due = {}, 0.0
            try:
                on_event(rebuild())
                told = ""
            except CommuniqueError as error:
                due = time.monotonic() + pause
                if str(error) != told:
                    on_event(error)
                told = str(error)


def is_being_written(path: Path) -> bool:
    """Whether somebody has the file open for writing, or, where that cannot be told, wrote to it a moment ago."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False  # Gone, or not to be read: the rebuild will say so.
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            return False
        try:
            return _is_open_for_writing(descriptor)
        except (ImportError, AttributeError, OSError):  # Another system, another's file, a file system without leases.
            return time.time() - facts.st_mtime < QUIET
    finally:
        os.close(descriptor)


def _is_open_for_writing(descriptor: int) -> bool:
    """Linux alone: a read lease is refused while the file is open for writing anywhere (fcntl(2), F_SETLEASE)."""
    import fcntl

    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _is_seen(change: object, path: str) -> bool:
    """Hidden files are never releases: what is written beside and renamed is seen under its real name."""
    return not Path(path).name.startswith(".")
