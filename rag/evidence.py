"""Which sentences the model sees: the best sentences of the best releases, scored one by one.

A release is found by its chunks, but an answer rests on sentences. Each sentence of the found chunks is scored by what
it shares with the question: meaning (cosine), the question's rarer words, and how well its release was found.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from index.embedding import Encoder
from index.expansion import Alternatives, expand
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
    found: float = 0.0

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
        asked = asked_words(question, self._lexicon)
        found = [(sentence, hit) for hit in hits[:RELEASES] for sentence in self._sentences(hit)]
        coverages = [coverage(asked, sentence.text, hit.release.title) for sentence, hit in found]
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
        return Evidence(sentence, hit.release, float(score), cosine, covered, hit.score)


@dataclass(frozen=True)
class Asked:
    """A word of the question with what may stand for it, and its share of the question by rarity."""

    term: str
    alternatives: Alternatives
    share: float

    def found_in(self, inside: Set[str]) -> float:
        """How well a text's terms hold the word: 1 itself, less for what stands for it, 0 for neither."""
        return max((weight for term, weight in self.alternatives.items() if term in inside), default=0.0)


def asked_words(question: str, lexicon: Lexicon) -> list[Asked]:
    """The question's words with their shares, which sum to 1."""
    groups = expand(question)
    words = [max(group, key=lambda term: group[term]) for group in groups]
    total = sum(map(lexicon.idf, words)) or 1.0
    return [Asked(word, group, lexicon.idf(word) / total) for word, group in zip(words, groups, strict=True)]


def coverage(asked: Sequence[Asked], text: str, title: str = "") -> float:
    """Share of the question's words that a sentence holds; those only in its title count half. 0 to 1."""
    inside, above = frozenset(terms(text)), frozenset(terms(title))
    return sum(word.share * max(word.found_in(inside), 0.5 * word.found_in(above)) for word in asked)
