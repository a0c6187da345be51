"""What an administrator has done to the index: files put into the inbox, a rebuild in the background, a rollback."""

import logging
import re
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index.durable import make_folder
from index.errors import CommuniqueError, UsageError
from index.inbox import deliver
from index.plan import OnProgress
from index.readers import SIZE_LIMIT
from index.rebuilding import RebuildReport
from index.snapshots import SnapshotStore

_LOG = logging.getLogger(__name__)
_UNSAFE = re.compile(r"[^\w. ()-]")
_LONGEST_NAME = 100

Rebuild = Callable[[OnProgress], RebuildReport]


@dataclass(frozen=True)
class Work:
    """The rebuild that is under way, or the one before: how far it is, its report or its error."""

    running: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    report: RebuildReport | None = None
    error: str = ""


class Upkeep:
    """One rebuild at a time; `work` says how far it is."""

    def __init__(self, home: Path, inbox: Path, rebuild: Rebuild) -> None:
        self._home, self._inbox, self._run = home, inbox, rebuild
        self._lock = threading.Lock()
        self.store = SnapshotStore(home)
        self._is_due = False
        self.work = Work()

    def take(self, files: Sequence[tuple[str, BinaryIO]]) -> int:
        """Put uploaded files into the inbox, all or none; how many. UsageError for one that cannot be a release."""
        make_folder(self._home)
        with tempfile.TemporaryDirectory(dir=self._home, prefix=".upload-") as folder:
            paths = [_written(Path(folder), number, *file) for number, file in enumerate(files)]
            if not paths:
                raise UsageError("no file was chosen")
            return len(deliver(paths, self._inbox))

    def rebuild(self) -> bool:
        """Begin a rebuild in the background; False where one is under way, which another follows."""
        with self._lock:
            if self.work.running:
                self._is_due = True
                return False
            self.work = Work(running=True)
        threading.Thread(target=self._rebuild, name="rebuild", daemon=True).start()
        return True

    def roll_back(self) -> None:
        """Go back to the index before; RebuildError where there is none, UsageError while a rebuild is under way."""
        with self._lock:
            if self.work.running:
                raise UsageError("a rebuild is under way; wait for it to end")
            self.store.rollback()
            self.work = Work()

    def _rebuild(self) -> None:
        is_due = True
        while is_due:
            ended = self._rebuilt()
            with self._lock:
                is_due, self._is_due = self._is_due, False
                self.work = Work(running=True) if is_due else ended

    def _rebuilt(self) -> Work:
        def progress(stage: str, done: int, total: int) -> None:
            self.work = replace(self.work, stage=stage, done=done, total=total)

        try:
            return Work(report=self._run(progress))
        except CommuniqueError as error:
            return Work(error=str(error))
        except Exception as error:  # The page must not wait for ever for what nobody foresaw.
            _LOG.exception("the rebuild failed")
            return Work(error=f"the rebuild failed: {type(error).__name__}; the details are in the log")


def safe_name(name: str) -> str:
    """What a file from a browser is called here: no folder, no control, nothing hidden; UsageError for no name."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    path = Path(_UNSAFE.sub("_", last).strip(" ."))
    stem, suffix = path.stem[: _LONGEST_NAME - 10].strip(" ."), path.suffix[:10]
    if not stem or not suffix:
        raise UsageError(f"{last!r} is no name of a release; give it one with an ending, such as .txt")
    if stem.casefold().startswith("readme"):
        raise UsageError(f"{last!r}: a README is never a release; give it another name")
    return stem + suffix


def _written(folder: Path, number: int, name: str, content: BinaryIO) -> Path:
    target = folder / str(number) / safe_name(name)  # two files of one name stay two
    data = content.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise UsageError(f"{target.name} is over the limit of {SIZE_LIMIT / 1e6:g} MB for a file; nothing was added")
    target.parent.mkdir()
    target.write_bytes(data)
    return target
