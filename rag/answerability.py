"""How likely the evidence answers the question, as a probability; below the line the question is refused.

Features a person can check, weighed by a logistic function: how much of the question the best sentence and the best
release cover, whether the question's names and numbers stand there, and whether the kind of answer asked for (a number,
a day, a name) is present. The weights are in `answerability.json`.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from index.expansion import expand, names_country
from index.lexical import Lexicon
from index.terms import terms
from rag.answer_nouns import COUNTED, Kind
from rag.conversation import BEFORE
from rag.evidence import Evidence
from rag.kinds import sought
from rag.named_things import forms
from rag.names import NAME_WORD
from rag.probe import Held, Verdict
from rag.relevance import asked_words

CONSIDERED = 3
"""Best sentences that are looked at one by one."""

CLOSE = 3.5
"""Log-odds, the kind of answer left out, by which a sentence may lie behind the best one for its answer to count: the
number of something else answers nothing."""

WEIGHTS = Path(__file__).with_name("answerability.json")

TOPIC = 0.65
"""Share of a topic's words that a sentence must hold to speak of it."""

_OFFICE = re.compile(
    r"(?P<rank>\b(?:first |principal )?(?:deputy|vice|acting|assistant|former|ex|under|past|late)[\s-]+)?"
    r"(?:\w+[\s-]+){0,2}?"
    r"\b(?P<office>minister|president|secretary|ambassador|chair|chairman|director|premier|governor|adviser|advisor)\b",
    re.IGNORECASE,
)

_ABOUT = re.compile(
    r"\b(?:say|said|tell|told|speak|spoke|stated?|think|remark(?:ed)?|comment(?:ed)?|write|wrote)\b(?:\W+\w+){0,4}?"
    r"\W+(?:about|on|regarding|concerning)\s+(?P<topic>[^?.,;()]+)",
    re.IGNORECASE,
)
"""What somebody spoke about."""

_NAME_OF = re.compile(r"\bname of\b", re.IGNORECASE)
"""Nothing without a name answers this, as nothing without a figure answers "how long"."""

_HEADS = re.compile(r"\b(?:heads?|leads?|runs?|in charge of)\b(?:\W+\w+){0,4}?\W+ministry\b", re.IGNORECASE)
"""Who heads the ministry is its minister."""


def features(question: str, evidence: Sequence[Evidence], lexicon: Lexicon) -> dict[str, float]:
    """The features of a question and its ranked evidence, each between 0 and 1."""
    if not evidence:
        return {}
    best = evidence[:CONSIDERED]
    asked = asked_words(question, lexicon)
    together = frozenset().union(*(item.terms for item in evidence if item.release.id == evidence[0].release.id))
    names = [word for word in asked if word.term in _name_terms(question)]
    lacking = [word.share for word in asked if word.found_in(together) == 0]
    is_held = bool(_of_kind(evidence))
    return {
        "unheard": float(any(is_unheard(name, lexicon) for name in NAME_WORD.findall(question.partition(BEFORE)[0]))),
        "cosine": max(0.0, max(item.cosine for item in best)),
        "found": max(item.found for item in best),
        "sentence": max(item.coverage for item in best),
        "release": sum(word.share * word.found_in(together) for word in asked),
        "lacking": max(lacking, default=0.0),
        "names": sum(word.found_in(together) for word in names) / len(names) if names else 1.0,
        "kind": float(is_held),
        "untold": float(not is_held and (sought(question).kind in COUNTED or bool(_NAME_OF.search(question)))),
        "off_topic": float(is_off_topic(question, evidence)),
        "office": float(holds_office(question, [item.sentence.text for item in best])),
    }


def holds_kind(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether one of the best sentences holds a figure or a country that is asked for, and is likelier than not.

    Those are told for certain; a name may be anybody's.
    """
    is_told = sought(question).kind in COUNTED | {Kind.COUNTRY}
    return is_told and any(item.log_odds > 0 for item in _of_kind(evidence))


def _of_kind(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Those of the best sentences that are of the kind asked for and about the same thing as the best one."""
    top = max(item.relevance for item in evidence)
    return [item for item in evidence[:CONSIDERED] if item.is_kind and item.relevance >= top - CLOSE]


def shown(found: Mapping[str, float], ranked: Sequence[Evidence]) -> dict[str, float]:
    """The features with what a model holds of the sentences: the log-odds of the best, and the share of those of the
    kind asked for, which counts as much as whether the best by score are of it. As they are where that is not known."""
    if not ranked or ranked[0].place is None:
        return dict(found)
    top = max(item.log_odds for item in ranked)
    shares = [(math.exp(item.log_odds - top), item.is_kind) for item in ranked if item.place is not None]
    of_kind = sum(share for share, is_kind in shares if is_kind) / (sum(share for share, _ in shares) or 1.0)
    kind = (found["kind"] + of_kind) / 2
    return {**found, "best": ranked[0].log_odds, "kind": kind, "untold": found["untold"] * (1 - of_kind)}


def is_unheard(name: str, lexicon: Lexicon) -> bool:
    """Whether no release bears a name or what may stand for it; countries, their people and acronyms go by others."""
    name = re.sub(r"['’]s$", "", name)
    if name.isupper() or names_country(name) or names_country(name.removesuffix("s")):
        return False
    return any(not any(map(lexicon.share, group)) for group in forms(name, lexicon))


def is_off_topic(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a question of what was said about something finds no sentence that speaks of that thing.

    "What did he say about Norway's fleet?" is not answered by what he said about Norway. A sentence and its title must
    hold most of the topic's words, or others for them; both where there are two.
    """
    about = _ABOUT.search(question.partition(BEFORE)[0])
    topic = expand(about["topic"]) if about else []
    most = max((sum(not item.terms.isdisjoint(group) for group in topic) for item in evidence), default=0)
    return most < TOPIC * len(topic)


def _name_terms(question: str) -> frozenset[str]:
    return frozenset(term for name in NAME_WORD.findall(question) for term in terms(name))


def holds_office(question: str, texts: Sequence[str]) -> bool:
    """Whether each office of the question that the texts name at all is named in the same rank.

    A deputy minister is not the minister, nor a former one the present.
    """
    held = [office for text in texts for office in _offices(text)]
    named = {title for _, title in held}
    return all(office in held or office[1] not in named for office in _offices(question))


def _offices(text: str) -> list[tuple[bool, str]]:
    """Each office named in a text, with whether it is a lesser, former or acting one."""
    found = [(bool(match["rank"]), match["office"].lower()) for match in _OFFICE.finditer(text)]
    return found + [(False, "minister") for _ in _HEADS.finditer(text)]


def probability(found: Mapping[str, float], verdict: Verdict | None = None) -> float:
    """The probability that the evidence answers the question; `verdict` is the model's own, where it was asked."""
    if not verdict:
        return _logistic("features", found)
    told = {**found, "judge": verdict.said}
    # The best sentence's own share belongs to what is held.
    if verdict.held and "best" in found:
        return _logistic("probed", {**told, "held": verdict.held.answers})
    return _logistic("judged", told)


def glanced(found: Mapping[str, float], held: Held) -> float:
    """The same by what the model holds when it has read more sentences than it can judge well."""
    return _logistic("glanced", {**found, "held": held.answers})


def denial(denies: float, held: Held, chance: float) -> float:
    """The probability that the evidence says otherwise than the question takes for granted: by what the model holds of
    the sentence that most likely does, of all that was judged, and how likely that answers."""
    return _logistic("denial", {"denies": denies, "denied": held.denies, "answered": chance})


def _logistic(name: str, values: Mapping[str, float]) -> float:
    fit = _fits()[name]
    total = fit["bias"] + sum(weight * values.get(name, 0.0) for name, weight in fit.items() if name != "bias")
    return 1 / (1 + math.exp(-total))


@lru_cache(maxsize=1)
def _fits() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found
