"""BM25 over the chunks' terms, kept as arrays so that adding a release appends and a question costs a millisecond.

Scores are divided by the most the question's terms could reach, so that 1.0 means "every term, saturated" and scores of
different questions can be compared. Weights follow Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25
and Beyond" (2009), with the non-negative idf of Lucene.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.acronyms import Acronyms
from index.embedding import Vectors
from index.expansion import Alternatives, expand

SATURATION = 1.2
LENGTH_WEIGHT = 0.75

_ARRAYS = ("rows", "postings", "frequencies")

Counts = NDArray[np.int32]


class Postings:
    """Which terms stand in which chunk, in the chunks' order: rows of (term number, how often)."""

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

    @property
    def rows(self) -> int:
        """How many chunks there are."""
        return len(self.starts) - 1

    def save(self, folder: Path) -> None:
        """Write `terms.json` and an array each for the rows, their terms and how often they stand there."""
        (folder / "terms.json").write_text(json.dumps(list(self.vocabulary), ensure_ascii=False), encoding="utf-8")
        for name, array in zip(_ARRAYS, (self.starts, self.numbers, self.counts), strict=True):
            with (folder / f"{name}.npy").open("wb") as file:
                np.save(file, array)

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """The postings that `save` wrote."""
        words = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        arrays = []
        for name in _ARRAYS:
            # Not by `np.load`, which leaves the file of a spoiled array open.
            with (folder / f"{name}.npy").open("rb") as file:
                arrays.append(np.lib.format.read_array(file, allow_pickle=False))
        return cls({word: number for number, word in enumerate(words)}, *arrays)

    @classmethod
    def joined(cls, parts: Sequence["Postings"]) -> "Postings":
        """The rows of several postings, one after another."""
        vocabulary = dict(parts[0].vocabulary) if parts else {}
        numbers = [part.numbers for part in parts[:1]] + [
            np.array([vocabulary.setdefault(term, len(vocabulary)) for term in part.vocabulary], np.int32)[part.numbers]
            for part in parts[1:]
        ]
        lengths = [np.diff(part.starts) for part in parts]
        starts = np.concatenate([[0], np.cumsum(np.concatenate([*lengths, []]))]).astype(np.int32)
        counts = np.concatenate([np.zeros(0, np.int32), *(part.counts for part in parts)])
        return cls(vocabulary, starts, np.concatenate([np.zeros(0, np.int32), *numbers]), counts)

    def words(self, row: int) -> set[str]:
        """The terms of one row."""
        every = list(self.vocabulary)
        return {every[number] for number in self.numbers[self.starts[row] : self.starts[row + 1]]}

    def take(self, kept: NDArray[np.int64]) -> "Postings":
        """The rows `kept`, in that order."""
        if np.array_equal(kept, np.arange(self.rows)):
            return self
        lengths = np.diff(self.starts)[kept]
        positions = _ranges(self.starts[:-1][kept], lengths)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        return Postings(self.vocabulary, starts, self.numbers[positions], self.counts[positions])


class Lexicon:
    """Postings turned the other way, from term to chunks, with their BM25 weights."""

    def __init__(self, postings: Postings, acronyms: Acronyms | None = None) -> None:
        self.vocabulary, self._acronyms = postings.vocabulary, acronyms
        self.rows = postings.rows
        turned = _turned(postings)
        self._starts, self._chunks, counts = turned.indptr, turned.indices, turned.data.astype(np.float32)
        frequency = np.diff(self._starts)
        self._idf = np.log1p((self.rows - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        sizes = np.diff(np.concatenate([[0], np.cumsum(postings.counts, dtype=np.int64)])[postings.starts])
        average = max(float(sizes.mean()), 1.0) if self.rows else 1.0
        norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * sizes / average)
        self._weights = (counts * (SATURATION + 1) / (counts + norm[self._chunks])).astype(np.float32)

    def groups(self, question: str) -> list[Alternatives]:
        """The question's words, each with what stands for it, the acronyms of these releases among them."""
        return expand(question, self._acronyms)

    def idf(self, term: str) -> float:
        """How rare a term is, 0 and up; a term in no chunk counts as in none of them."""
        number = self.vocabulary.get(term)
        return float(np.log1p(2 * self.rows + 1)) if number is None else float(self._idf[number])

    def chunks_with(self, term: str) -> Counts:
        """The rows of the chunks that hold a term."""
        number = self.vocabulary.get(term)
        return np.zeros(0, np.int32) if number is None else self._postings(number, 1.0)[0]

    def share(self, term: str) -> float:
        """The share of all chunks that hold a term, 0 to 1."""
        return len(self.chunks_with(term)) / self.rows if self.rows else 0.0

    def scores(self, groups: Sequence[Mapping[str, float]]) -> Vectors:
        """Share of the best possible BM25 of every chunk, shape (chunks,), 0 to 1.

        Each group holds the terms that stand for one word of the question, with weights; a chunk gets the best of them.
        Several terms that stand for a word together count by their mean.
        """
        scores = np.zeros(self.rows, np.float32)
        best = sum(self._rarity(group) for group in groups) * (SATURATION + 1)
        for group in groups:
            known = [(self.vocabulary[term], weight) for term, weight in group.items() if term in self.vocabulary]
            phrases = [(phrase.split(), weight) for phrase, weight in group.items() if " " in phrase]
            if len(known) == 1 and not phrases:
                chunks, values = self._postings(*known[0])
                scores[chunks] += values
            elif known or phrases:
                each = [self._best(known), *(self._phrase(*phrase) for phrase in phrases)]
                # What stands for a word, though rarer, counts no more than the word itself.
                scores += np.minimum(np.maximum.reduce(each), self._rarity(group) * (SATURATION + 1))
        return scores / np.float32(best) if best else scores

    def _rarity(self, group: Mapping[str, float]) -> float:
        """The idf of the word a group stands for: the first of the greatest weight."""
        return self.idf(max(group, key=lambda term: group[term]))

    def _postings(self, number: int, weight: float) -> tuple[Counts, Vectors]:
        span = slice(self._starts[number], self._starts[number + 1])
        return self._chunks[span], self._weights[span] * (self._idf[number] * np.float32(weight))

    def _phrase(self, words: Sequence[str], weight: float) -> Vectors:
        """The mean score of the words in chunks that hold all of them, 0 elsewhere."""
        total, held = np.zeros(self.rows, np.float32), np.zeros(self.rows, np.int32)
        for word in words:
            if word in self.vocabulary:
                chunks, values = self._postings(self.vocabulary[word], weight)
                total[chunks] += values
                held[chunks] += 1
        return np.where(held == len(words), total / np.float32(len(words)), np.float32(0))

    def _best(self, known: list[tuple[int, float]]) -> Vectors:
        best = np.zeros(self.rows, np.float32)
        for number, weight in known:
            chunks, values = self._postings(number, weight)
            best[chunks] = np.maximum(best[chunks], values)
        return best


def _turned(postings: Postings) -> Any:  # noqa: ANN401 - scipy ships no types
    """The postings from term to chunks: a sparse matrix of counts by columns, each with its chunks in order."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    shape = postings.rows, len(postings.vocabulary)
    return csr_array((postings.counts, postings.numbers, postings.starts), shape=shape).tocsc()


def _ranges(starts: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    """`[2, 7]` and `[3, 1]` give `[2, 3, 4, 7]`."""
    if not len(starts):
        return np.zeros(0, np.int64)
    offsets = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    positions: NDArray[np.int64] = np.arange(int(lengths.sum())) + offsets
    return positions
