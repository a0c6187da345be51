"""BM25 over the chunks' terms, turned to arrays by term, so that a question costs a millisecond.

Only the counts are kept, the weights of a question's terms are worked out as it is asked.

Scores are divided by the most the question's terms could reach, so that 1.0 means "every term, saturated" and scores of
different questions can be compared. Weights follow Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25
and Beyond" (2009), with the non-negative idf of Lucene.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, takewhile
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.acronyms import Acronyms
from index.embedding import Vectors
from index.expansion import Alternatives, expand
from index.postings import Counts, Postings

SATURATION = 1.2
LENGTH_WEIGHT = 0.75


_BLOCK = 1 << 20
"""Postings that are counted together."""


@dataclass(frozen=True)
class Figures:
    """What BM25 knows of all chunks together: how many there are and their mean size in terms.

    By a term's number: how many chunks hold it, and how rare it is.
    """

    rows: int
    average: float
    frequency: NDArray[np.int64]
    idf: Vectors

    @classmethod
    def of(cls, postings: Postings) -> Self:
        """The figures of postings, which are read once and not kept."""
        frequency, size, rows = np.zeros(len(postings.vocabulary), np.int64), 0, postings.rows
        for first in range(0, len(postings.numbers), _BLOCK):
            part = slice(first, first + _BLOCK)
            frequency += np.bincount(postings.numbers[part], minlength=len(frequency))
            size += int(postings.counts[part].sum(dtype=np.int64))
        idf = np.log1p((rows - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        return cls(rows, max(size / rows, 1.0) if rows else 1.0, frequency, idf)


@dataclass(frozen=True)
class _Turned:
    """Postings from term to chunks: where a term's chunks begin, the chunks, how often each holds it, their norms."""

    starts: Counts
    chunks: Counts
    counts: Counts
    norm: Vectors


class Lexicon:
    """Postings turned the other way, from term to chunks, for the BM25 weights of a question's terms.

    `figures` are those of all chunks where `postings` are of some of them.
    """

    def __init__(self, postings: Postings, acronyms: Acronyms | None = None, figures: Figures | None = None) -> None:
        self.vocabulary, self._acronyms = postings.vocabulary, acronyms
        self.rows, self._all = postings.rows, postings
        self._figures = figures or Figures.of(postings)

    def turn(self) -> None:
        """Turn the postings now, and not when a question first needs it."""
        _ = self._turned

    def part(self, rows: NDArray[np.int64]) -> "Lexicon":
        """The same for these chunks alone, in this order, with the same scores."""
        return Lexicon(self._all.take(rows), self._acronyms, self._figures)

    def joined(self, rows: NDArray[np.int64], starts: NDArray[np.int64], texts: int) -> "Lexicon":
        """The same for texts of several chunks: the one at n is made of `rows` from `starts[n]` to the next start.

        There are `texts` of them in all, by which a text's size is told to be great or small.
        """
        part, figures = self._all.take(rows), self._figures
        bounds = np.append(part.starts[starts], part.starts[-1])
        whole = Postings(self.vocabulary, bounds, part.numbers, part.counts)
        average = figures.average * figures.rows / max(texts, 1)
        return Lexicon(whole, self._acronyms, replace(figures, average=average))

    @cached_property
    def _turned(self) -> _Turned:
        by_chunk = _by_chunk(self._all)
        turned = by_chunk.tocsc()
        turned.sum_duplicates()  # A text of several chunks has a term once for each.
        length = LENGTH_WEIGHT * by_chunk.sum(axis=1) / self._figures.average
        norm = (SATURATION * (1 - LENGTH_WEIGHT + length)).astype(np.float32)
        return _Turned(turned.indptr, turned.indices, turned.data, norm)

    def groups(self, question: str) -> list[Alternatives]:
        """The question's words, each with what stands for it, the acronyms of these releases among them."""
        return expand(question, self._acronyms)

    def idf(self, term: str) -> float:
        """How rare a term is, 0 and up; a term in no chunk counts as in none of them."""
        number = self.vocabulary.get(term)
        return float(np.log1p(2 * self._figures.rows + 1)) if number is None else float(self._figures.idf[number])

    def chunks_with(self, term: str) -> Counts:
        """The rows of the chunks that hold a term."""
        number = self.vocabulary.get(term)
        turned = self._turned
        found: Counts = turned.chunks[slice(0) if number is None else slice(*turned.starts[number : number + 2])]
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.vocabulary)

    def beginning(self, start: str) -> list[str]:
        """The terms that begin so, in their order."""
        first = bisect_left(self._sorted, start)
        return list(takewhile(lambda term: term.startswith(start), islice(self._sorted, first, None)))

    def share(self, term: str) -> float:
        """The share of all chunks that hold a term, 0 to 1."""
        number = self.vocabulary.get(term)
        return 0.0 if number is None else float(self._figures.frequency[number]) / self._figures.rows

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

    def numbers(self, groups: Sequence[Mapping[str, float]]) -> list[int]:
        """The numbers of all terms that stand for a word of the question, those of phrases among them."""
        words = dict.fromkeys(word for group in groups for term in group for word in term.split())
        return [self.vocabulary[word] for word in words if word in self.vocabulary]

    def _rarity(self, group: Mapping[str, float]) -> float:
        """The idf of the word a group stands for: the first of the greatest weight."""
        return self.idf(max(group, key=lambda term: group[term]))

    def _postings(self, number: int, weight: float) -> tuple[Counts, Vectors]:
        turned = self._turned
        span = slice(turned.starts[number], turned.starts[number + 1])
        chunks, counts = turned.chunks[span], turned.counts[span].astype(np.float32)
        most = self._figures.idf[number] * np.float32(weight * (SATURATION + 1))
        return chunks, counts / (counts + turned.norm[chunks]) * most

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


def _by_chunk(postings: Postings) -> Any:  # noqa: ANN401 - scipy ships no types
    """The postings as a sparse matrix of counts, a row for each chunk and a column for each term."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    shape = postings.rows, len(postings.vocabulary)
    return csr_array((postings.counts, postings.numbers, postings.starts), shape=shape)
