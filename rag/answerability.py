"""How likely the evidence answers the question, as a probability; below the line the question is refused.

Features a person can check, weighed by a logistic function: how much of the question the best sentence and the best
release cover, whether the question's names and numbers stand there, and whether the kind of answer asked for (a number,
a day, a name) is present. The weights are in `answerability.json`.
"""

import json
import math
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from index.lexical import Lexicon
from index.terms import terms
from rag.evidence import Evidence, question_weights


class Asked(StrEnum):
    """The kind of answer a question asks for."""

    NUMBER = "number"
    TIME = "time"
    PERSON = "person"
    OTHER = "other"


_NUMBER = re.compile(
    r"\b(how (many|much|old|long|big|large|often|high)|what (number|percentage|share|amount|price|cost))\b"
    r"|\b(сколько|қанша|неше)\b"
    r"|\b(price|cost|interest rate)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(when|(what|which) (day|date|year|month|time)|когда|в каком году|қашан)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(who|whom|whose|кто|кого|кому|кем|кім)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]*\w")
_DIGIT = re.compile(r"\d")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b(1[89]|20)\d\d\b|\b\d{{1,2}} \w{{3,}}|\b({_MONTHS})\b")
_WORD_NUMBER = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion"
    r"|first|second|third|fourth|fifth)\b",
    re.IGNORECASE,
)


def asked_for(question: str) -> Asked:
    """The kind of answer the question's words ask for."""
    for pattern, kind in ((_NUMBER, Asked.NUMBER), (_TIME, Asked.TIME), (_PERSON, Asked.PERSON)):
        if pattern.search(question):
            return kind
    return Asked.OTHER


def features(question: str, evidence: Sequence[Evidence], lexicon: Lexicon) -> dict[str, float]:
    """The features of a question and its ranked evidence, each between 0 and 1."""
    if not evidence:
        return dict.fromkeys(_parameters()[1], 0.0)
    best = evidence[0]
    weights = question_weights(question, lexicon)
    together = frozenset().union(*(e.terms for e in evidence if e.release.id == best.release.id))
    names = {term for name in _NAME.findall(question) for term in terms(name)}
    return {
        "cosine": max(0.0, max(e.cosine for e in evidence[:3])),
        "sentence": max(e.coverage for e in evidence[:3]),
        "release": sum(weight for term, weight in weights.items() if term in together),
        "names": sum(name in together for name in names) / len(names) if names else 1.0,
        "kind": float(holds_kind(asked_for(question), best.sentence.text)),
    }


def holds_kind(kind: Asked, text: str) -> bool:
    """Whether a text holds anything of the kind asked for."""
    if kind is Asked.NUMBER:
        return bool(_DIGIT.search(text) or _WORD_NUMBER.search(text))
    if kind is Asked.TIME:
        return bool(_DAY.search(text))
    if kind is Asked.PERSON:
        return bool(_NAME.search(text))
    return True


def probability(found: dict[str, float]) -> float:
    """The probability that the evidence answers the question."""
    bias, weights = _parameters()
    total = bias + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + math.exp(-total))


@lru_cache(maxsize=1)
def _parameters() -> tuple[float, dict[str, float]]:
    found = json.loads((files("rag") / "answerability.json").read_text(encoding="utf-8"))
    return found["bias"], found["weights"]
