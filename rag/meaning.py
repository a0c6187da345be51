"""The learned score of a sentence against its evidence: a logistic function of a few readable features.

The features are the share of the sentence's words that at most three pieces of evidence bear together, and which
kinds of claim are missing. The weights stand in `verification.json`; `tests/evaluation/fit_verification.py` fits them.
Encoder similarity, word order and token alignment were measured beside these and added nothing.
"""

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from rag.claims import Kind, Missing
from rag.reading import Reading

PIECES = 3
"""Pieces of evidence that may share in bearing a sentence out; with more, any text covers any sentence."""

ASKED = 0.5
"""Weight of a word that the question has too: repeating the question proves little."""

KINDS = (Kind.NUMBER, Kind.DATE, Kind.NAME)
"""Kinds of claim common enough in the fitted set to be weighed; the others only count as broken rules."""

_WEIGHTS = Path(__file__).with_name("verification.json")


def probability(
    stated: Reading, evidence: Sequence[Reading], missing: Sequence[Missing], asked: frozenset[str] = frozenset()
) -> float:
    """The probability, 0 to 1, that the evidence bears the sentence out; `asked` are the stems of the question."""
    weights = _weights()
    found = features(stated, evidence, missing, asked)
    return 1 / (1 + math.exp(-weights["bias"] - sum(weights[name] * value for name, value in found.items())))


def features(
    stated: Reading, evidence: Sequence[Reading], missing: Sequence[Missing], asked: frozenset[str] = frozenset()
) -> dict[str, float]:
    """What the score is computed from: `covered`, 0 to 1, and for each kind whether a claim is missing, 0 or 1."""
    kinds = {claim.kind for claim in missing}
    return {"covered": covered(stated, evidence, asked), **{kind.value: float(kind in kinds) for kind in KINDS}}


def covered(stated: Reading, evidence: Sequence[Reading], asked: frozenset[str] = frozenset()) -> float:
    """Share of the sentence's words with meaning that the best pieces of evidence have, chosen one after another."""
    weights = {stem: ASKED if stem in asked else 1.0 for stem in stated.stem_set}
    left = set(weights)
    for _ in range(PIECES):
        gains = [(sum(weights[stem] for stem in left & reading.stem_set), at) for at, reading in enumerate(evidence)]
        left -= evidence[max(gains)[1]].stem_set if gains else set()
    return 1 - sum(weights[stem] for stem in left) / max(sum(weights.values()), ASKED)


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return weights
