"""Which sentences the model sees: the best sentences of the best releases, scored one by one.

A release is found by its chunks, but an answer rests on sentences. Each sentence of the found chunks is scored by what
it shares with the question: meaning (cosine), the question's rarer words, and how well its release was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.embedding import Encoder
from index.lexical import Lexicon
from index.release import Release, Sentence
from index.search import Hit
from index.snapshots import Snapshot
from index.terms import terms

RELEASES = 5
"""Releases whose sentences are read."""

CHUNKS = 3
"""Chunks of each release whose sentences are read."""

READ = 48
"""Sentences scored by meaning at most: one batch of the encoder, about a tenth of a second."""

MEANING, WORDS, FOUND = 0.45, 0.3, 0.25
"""Shares of cosine, word coverage and release score in a sentence's score."""


@dataclass(frozen=True)
class Evidence:
    """A sentence offered to the model, with its release and how well it fits the question (0 to 1)."""

    sentence: Sentence
    release: Release
    score: float
    cosine: float
    coverage: float

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of the sentence and of its release's title."""
        return frozenset(terms(self.sentence.text)) | frozenset(terms(self.release.title))


class EvidenceReader:
    """Reads the sentences of found releases."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._catalog, self._lexicon, self._encoder = snapshot.catalog, snapshot.lexicon, encoder

    def read(self, question: str, hits: Sequence[Hit], count: int) -> list[Evidence]:
        """The `count` sentences that fit the question best, best first."""
        weights = question_weights(question, self._lexicon)
        found = [(sentence, hit) for hit in hits[:RELEASES] for sentence in self._sentences(hit)]
        coverages = [coverage(weights, sentence.text, hit.release.title) for sentence, hit in found]
        best = sorted(range(len(found)), key=lambda place: -coverages[place] - found[place][1].score)[:READ]
        if not best:
            return []
        vectors = self._encoder.encode_queries([question])[0]
        cosines = self._encoder.encode_chunks([found[place][0].text for place in best]) @ vectors
        scored = [
            self._scored(*found[place], float(cosine), coverages[place])
            for place, cosine in zip(best, cosines, strict=True)
        ]
        return sorted(scored, key=lambda evidence: -evidence.score)[:count]

    def _sentences(self, hit: Hit) -> list[Sentence]:
        spans = [(scored.chunk.start, scored.chunk.end) for scored in hit.chunks[:CHUNKS]]
        return [
            sentence
            for sentence in self._catalog.sentences(hit.release)
            if any(start <= sentence.start < end for start, end in spans)
        ]

    def _scored(self, sentence: Sentence, hit: Hit, cosine: float, covered: float) -> Evidence:
        score = MEANING * max(cosine, 0.0) + WORDS * covered + FOUND * hit.score
        return Evidence(sentence, hit.release, float(score), cosine, covered)


def question_weights(question: str, lexicon: Lexicon) -> dict[str, float]:
    """The question's terms by how rare they are, summing to 1."""
    rarity = {term: lexicon.idf(term) for term in terms(question)}
    total = sum(rarity.values())
    return {term: weight / total for term, weight in rarity.items()} if total else {}


def coverage(weights: dict[str, float], text: str, title: str = "") -> float:
    """Weighted share of the question's terms in a sentence; those only in its title count half. 0 to 1."""
    inside, above = set(terms(text)), set(terms(title))
    return float(np.sum([w * (1.0 if t in inside else 0.5 if t in above else 0.0) for t, w in weights.items()]))
