"""Which terms stand in which chunk, and how often: in memory for a batch of chunks, in files for all of them.

terms.json         the terms; a term's number is its place
rows.npy           where each chunk's terms begin, and where the last one's end
postings.npy       the numbers of the chunks' terms, chunk after chunk
frequencies.npy    how often each of them stands in its chunk
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.array_file import counts_file, open_counts

TERMS, ROWS, NUMBERS, COUNTS = "terms.json", "rows.npy", "postings.npy", "frequencies.npy"

Counts = NDArray[np.int32]


class Postings:
    """The terms of chunks, in the chunks' order: rows of (term number, how often)."""

    def __init__(self, vocabulary: dict[str, int], starts: Counts, numbers: Counts, counts: Counts) -> None:
        self.vocabulary = vocabulary
        self.starts, self.numbers, self.counts = starts, numbers, counts

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> "Postings":
        """Postings of chunks given as their terms."""
        vocabulary: dict[str, int] = {}
        starts, numbers, counts = [0], [], []
        for row in rows:
            for term, count in Counter(row).items():
                numbers.append(vocabulary.setdefault(term, len(vocabulary)))
                counts.append(count)
            starts.append(len(numbers))
        return cls(vocabulary, *(np.array(column, np.int32) for column in (starts, numbers, counts)))

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """What a `PostingsWriter` wrote, its arrays read as they are used; OSError, ValueError where it is spoiled."""
        words = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        arrays = (open_counts(folder / name) for name in (ROWS, NUMBERS, COUNTS))
        return cls({word: number for number, word in enumerate(words)}, *arrays)

    @property
    def rows(self) -> int:
        """How many chunks there are."""
        return len(self.starts) - 1

    def words(self, row: int) -> set[str]:
        """The terms of one row."""
        every = list(self.vocabulary)
        return {every[number] for number in self.numbers[self.starts[row] : self.starts[row + 1]]}

    def take(self, kept: NDArray[np.int64]) -> "Postings":
        """The rows `kept`, in that order."""
        lengths = np.diff(self.starts)[kept]
        positions = _ranges(self.starts[:-1][kept], lengths)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        return Postings(self.vocabulary, starts, self.numbers[positions], self.counts[positions])


class PostingsWriter:
    """Writes the postings of a folder batch by batch; a context manager that finishes them at its end.

    `before` is a folder whose postings come first. OSError where the disk refuses.
    """

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        self._folder, self._before = folder, before
        self._vocabulary: dict[str, int] = {}
        self._end = 0

    def __enter__(self) -> Self:
        if self._before:
            postings = Postings.open(self._before)
            self._vocabulary, self._end = postings.vocabulary, int(postings.starts[-1])
        with ExitStack() as files:
            self._starts, self._numbers, self._counts = (
                files.enter_context(counts_file(self._folder / name, self._before and self._before / name))
                for name in (ROWS, NUMBERS, COUNTS)
            )
            self._files = files.pop_all()
        if not self._before:
            self._starts.append(np.zeros(1, np.int32))
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:  # noqa: ANN401 - passed on
        self._files.__exit__(kind, error, trace)
        if error is None:
            words = json.dumps(list(self._vocabulary), ensure_ascii=False)
            (self._folder / TERMS).write_text(words, encoding="utf-8")

    def append(self, part: Postings) -> None:
        """Write the rows of `part` after those that are there."""
        vocabulary = self._vocabulary
        numbers = np.array([vocabulary.setdefault(term, len(vocabulary)) for term in part.vocabulary], np.int32)
        self._starts.append(self._end + part.starts[1:])
        self._numbers.append(numbers[part.numbers])
        self._counts.append(part.counts)
        self._end += int(part.starts[-1])


def _ranges(starts: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    """`[2, 7]` and `[3, 1]` give `[2, 3, 4, 7]`."""
    if not len(starts):
        return np.zeros(0, np.int64)
    offsets = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    positions: NDArray[np.int64] = np.arange(int(lengths.sum())) + offsets
    return positions
