"""What search finds: releases, each with the chunks that made it a hit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.release import Chunk, Release
from index.terms import terms


@dataclass(frozen=True)
class ScoredChunk:
    """A chunk with its fused score and the two it was made of."""

    chunk: Chunk
    score: float
    cosine: float
    lexical: float


@dataclass(frozen=True)
class Hit:
    """A release that was found, by its best chunk and its words as a whole; `chunks` are the found ones, best first.

    `reissues` are found releases of the same text.
    """

    release: Release
    score: float
    chunks: Sequence[ScoredChunk]
    reissues: tuple[Release, ...] = ()

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of its release's title and of the found chunks."""
        return frozenset(terms(" ".join([self.release.title, *(own.chunk.text for own in self.chunks)])))

    @cached_property
    def all_terms(self) -> frozenset[str]:
        """The terms of its release's title and whole text."""
        return frozenset(terms(f"{self.release.title}\n{self.release.text}"))
