"""Releases that are the same text again: reissues, corrections, one text on two pages.

A signature is the MinHash of a release's three-word shingles (Broder, "On the resemblance and containment of
documents", 1997): the share of equal numbers in two signatures estimates the share of shingles that two texts share.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.array_file import PARSING
from index.errors import IndexMismatchError
from index.terms import fold

NUMBERS = 64
"""Numbers of a signature: a resemblance of 0.9 is estimated to within 0.04, for 256 bytes a release."""

SAME, SAME_TITLED = 0.97, 0.9
"""Resemblance from which two releases are one text, and from which they are where their titles say the same."""

NAME = "signatures.npy"
_FACT = re.compile(r"\d+|\b[^\W\d_a-zа-яёәғқңөұүһі]\w+|\b(?:no|not|never|none|не|нет|ни|емес|жоқ)\b")
_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20)
_FACTORS = _RANDOM.integers(1, int(_PRIME), NUMBERS, dtype=np.uint64)
_OFFSETS = _RANDOM.integers(0, int(_PRIME), NUMBERS, dtype=np.uint64)

Signature = NDArray[np.uint32]


def signature(text: str) -> Signature:
    """The signature of a text, shape (NUMBERS,); texts of the same words in the same order have the same one."""
    words = fold(text).split()
    shingles = {f"{one} {two} {three}" for (one, two), (_, three) in pairwise(pairwise(words))} or {" ".join(words)}
    hashes = np.array([zlib.crc32(shingle.encode("utf-8", "replace")) for shingle in shingles], np.uint64) % _PRIME
    found: Signature = ((np.outer(hashes, _FACTORS) + _OFFSETS) % _PRIME).min(axis=0).astype(np.uint32)
    return found


def keeps_facts(copy: str, text: str) -> bool:
    """Whether a copy of a text has all its numbers, names and denials: where one was changed, both are to be heard."""
    return _facts(text) <= _facts(copy)


def _facts(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _FACT.findall(text))


class Signatures:
    """The signatures of all releases by their numbers, shape (releases, NUMBERS)."""

    def __init__(self, rows: Sequence[Signature] | NDArray[np.uint32]) -> None:
        self.rows: NDArray[np.uint32] = np.array(rows, np.uint32).reshape(-1, NUMBERS)

    @classmethod
    def open(cls, folder: Path) -> "Signatures":
        """What `save` wrote; IndexMismatchError where it is not there."""
        try:
            with PARSING:
                return cls(np.load(folder / NAME, allow_pickle=False))
        except (OSError, ValueError, EOFError) as error:
            raise IndexMismatchError(f"{folder} holds no readable {NAME}; run `communique rebuild`") from error

    def save(self, folder: Path) -> None:
        """Write them into a snapshot's folder."""
        with (folder / NAME).open("wb") as file:
            np.save(file, self.rows)

    def resemblance(self, one: int, other: int) -> float:
        """The share of shingles that two releases have in common, 0 to 1."""
        return float(np.mean(self.rows[one] == self.rows[other]))
