"""Releases put by in a file without a name while a plan is made, so that memory holds none of an archive's texts.

The first few million bytes stay in memory: of some new releases nothing reaches the disk.
"""

import datetime
import json
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import overload
from weakref import finalize

from index.release import Origin, Release

IN_MEMORY = 4_000_000
"""Bytes from which the file is on the disk."""


class Pile(Sequence[Release]):
    """Releases in the order they were put by, read again as they are asked for; OSError where the disk refuses.

    `folder` is where the file is, None for the system's own place.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(folder) if folder else None)  # noqa: SIM115 - see below
        # Plans pass it on, so it is closed with the last who can read it.
        finalize(self, self._file.close)
        self._ends = array("q", [0])

    def append(self, release: Release) -> None:
        """Put a release by."""
        self._file.seek(self._ends[-1])
        self._file.write(packed(release))
        self._ends.append(self._file.tell())

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> Release: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Release]: ...
    def __getitem__(self, place: int | slice) -> Release | Sequence[Release]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        first = range(len(self))[place]
        self._file.seek(self._ends[first])
        return unpacked(self._file.read(self._ends[first + 1] - self._ends[first]))

    def __iter__(self) -> Iterator[Release]:
        return (self[place] for place in range(len(self)))


class Chosen(Sequence[Release]):
    """Some of a sequence of releases, by their places in it, in that order; each is fetched when it is asked for."""

    def __init__(self, releases: Sequence[Release], places: Sequence[int]) -> None:
        self._releases, self._places = releases, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Release: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Release]: ...
    def __getitem__(self, place: int | slice) -> Release | Sequence[Release]:
        if isinstance(place, slice):
            return [self._releases[each] for each in self._places[place]]
        return self._releases[self._places[place]]


def packed(release: Release) -> bytes:
    """A line of JSON and the text as it is, out of which `unpacked` makes the same release, half a surrogate too."""
    day = release.date.isoformat() if release.date else None
    titled, dated = release.title_origin, release.date_origin
    fields = (release.id, release.title, titled, day, dated, release.language, release.url, release.named)
    # The text is the bulk: escaped it would take half as long again. JSON on a line holds no line break.
    return f"{json.dumps(fields, ensure_ascii=False)}\n{release.text}".encode("utf-8", "surrogatepass")


def unpacked(content: bytes) -> Release:
    """The release that was packed."""
    line, _, text = content.decode("utf-8", "surrogatepass").partition("\n")
    name, title, titled, day, dated, *rest = json.loads(line)
    published = datetime.date.fromisoformat(day) if day else None
    return Release(name, text, title, Origin(titled), published, Origin(dated), *rest)
