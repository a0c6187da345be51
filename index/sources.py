"""What each file held when it was last read, so that a file whose content is the same is not taken apart again.

A page costs milliseconds to read and its digest microseconds. What decides is the content, never a file's time.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from index.draft import SetAside
from index.errors import IndexMismatchError
from index.release import Known, Release

NAME = "sources.json"

READING = 1
"""Raised whenever a reader makes another release of the same file, so that every file is read again."""

Item = tuple[str, Release | Known | SetAside]
"""Where in its file something stands ("line 3", "" for the whole), and what it is."""

Row = Sequence[str | bool]
"""A release as place, id, digest and whether the id is its own; something set aside as place and reason."""


@dataclass(frozen=True)
class Stamp:
    """The digest of a file's content, and its size and time, which tell whether it was written to while it was read."""

    digest: str
    facts: tuple[int, int]


class Sources:
    """Files by their real paths; `held` are the digests, by id, of the releases that need not be read again."""

    def __init__(
        self,
        before: Mapping[str, tuple[str, Sequence[Row]]] | None = None,
        held: Mapping[str, str] | None = None,
        release: Callable[[str], Release | None] = lambda name: None,
    ) -> None:
        self._before, self.held, self.release = before or {}, held or {}, release
        self._files: dict[str, tuple[str, Sequence[Row]]] = {}

    @classmethod
    def open(
        cls, folder: Path, held: Mapping[str, str], release: Callable[[str], Release | None] = lambda name: None
    ) -> "Sources":
        """What `save` wrote into a snapshot's folder; IndexMismatchError where it cannot be read."""
        try:
            return cls(json.loads((folder / NAME).read_text(encoding="utf-8")), held, release)
        except (OSError, ValueError) as error:
            raise IndexMismatchError(f"{folder / NAME} is not readable; run `communique rebuild`") from error

    def save(self, folder: Path) -> None:
        """Write what was noted into a snapshot's folder."""
        (folder / NAME).write_text(json.dumps(self._files, ensure_ascii=True), encoding="utf-8")

    def stamp(self, real: str) -> Stamp | None:
        """The stamp of an ordinary file as it is now, None where it cannot be read."""
        try:
            with Path(real).open("rb") as stream:
                digest = file_digest(stream, sha256).hexdigest()
                return Stamp(f"{READING}-{digest}", _facts(os.fstat(stream.fileno())))
        except OSError:
            return None

    def recall(self, real: str, stamp: Stamp | None, label: str) -> list[Item] | None:
        """What the file held, where its content is the same and every release of it is still held; else None."""
        digest, rows = self._before.get(real, ("", ()))
        if stamp is None or digest != stamp.digest:
            return None
        items = [_item(row, label) for row in rows]
        if any(isinstance(item, Known) and self.held.get(item.id) != item.digest for _, item in items):
            return None
        self._files[real] = digest, rows
        return items

    def note(self, real: str, stamp: Stamp | None, items: Sequence[Item]) -> None:
        """Keep what a file held, unless it was written to meanwhile.

        A file without any release is read again each time: what it needs may be installed by then.
        """
        try:
            unchanged = stamp is not None and _facts(Path(real).stat()) == stamp.facts
        except OSError:
            return
        if stamp and unchanged and any(isinstance(item, Known) for _, item in items):
            self._files[real] = stamp.digest, [_row(place, item) for place, item in items]


def _facts(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _row(place: str, item: Release | Known | SetAside) -> Row:
    if isinstance(item, SetAside):
        return place, item.reason
    return place, item.id, item.digest, item.named


def _item(row: Row, label: str) -> Item:
    place = str(row[0])
    if len(row) == 2:
        return place, SetAside(label, str(row[1]))
    return place, Known(str(row[1]), str(row[2]), bool(row[3]))
