"""Which sentences the model sees and which are quoted: the best sentences of the best releases, scored one by one.

A release is found by its chunks, but an answer rests on sentences. Each sentence of the found chunks is scored by a
logistic function of features a person can check; the weights are in `evidence.json`:

    meaning   likeness of the question and the sentence under its release's title
    words     share of the question's words, by rarity, that the sentence holds; one on "him", the one before too
    context   the same with the sentence before it and, at half weight, the title
    kind      whether it holds the kind of answer asked for: a number, a day, a country, a name
    first     whether its release is the best one
    short     whether it has fewer than eight words, as headings and salutations have, or is a subject line
    outside   whether neither its release was published in the window nor it or the sentence before states a day in it
"""

import json
import math
import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import zip_longest
from typing import TypeVar

from index.dates import Window
from index.embedding import Encoder, likeness
from index.expansion import Alternatives, stands
from index.lexical import Lexicon
from index.orders import is_order, title_told
from index.release import Release, Sentence
from index.search import Hit
from index.snapshots import Snapshot
from index.stated_dates import stated_dates
from index.terms import terms
from rag.conversation import BARE, BEFORE
from rag.held_kinds import holds
from rag.kinds import Sought, sought

CHUNKS = 4
"""Chunks of each release whose sentences are read."""

READ = 40
"""Sentences scored by meaning at most, the best by words: more cost time and find the answer no more often."""

RECALLED = 0.4
"""What a word of the conversation counts beside one of the follow-up itself."""

ABOUT_AS_WELL = 2.0
"""Log-odds by which a sentence may lie behind the best one and still be preferred for being newer."""

Item = TypeVar("Item")

_INTRODUCES = re.compile(r"^\s*(?:\S+\s+){0,11}\S*:[\s“\"«]*$")
"""A sentence that only introduces what follows it: a longer one tells something itself, "asks for $3 billion for: "."""

_CONTACT = re.compile(
    r"\bplease (?:contact|write to|call)\b|\bcontact:|\b(?:tel|fax|phone)\b\.?:? ?\+?[\d(]|\S@\w+\.\w|\bтел\. ?:?",
    re.IGNORECASE,
)
"""How to reach an office, which ends most releases; it answers only whoever asks for that."""

_ASKS_CONTACT = re.compile(
    r"\b(?:contact\w*|telephone|(?:phone|fax) number|hotline|helpline|e-?mail|register|apply|телефон\w*|почт\w*)\b",
    re.IGNORECASE,
)

_HEADING = re.compile(r"^(?:SUBJECT|FROM|TO|FOR|DATE|MEMORANDUM)\b")
"""The subject line of a memorandum."""

_POINTS_BACK = re.compile(r"\W*(?:he|she|it|they|his|her|hers|its|their|this|these|those)\b", re.IGNORECASE)
"""Words that begin a sentence about what the sentence before it named."""

FOLLOWS = 0.8
"""What the words of the sentence before it count for such a sentence."""

ALWAYS = Window()

SHORT = 8
"""Words; a sentence with fewer is short."""


@dataclass(frozen=True)
class Evidence:
    """A sentence offered to the model, with its release and how well it fits the question (0 to 1).

    `is_kind`: it holds the kind of answer that is asked for; `is_titled`: only its release's title does.
    """

    sentence: Sentence
    release: Release
    score: float
    cosine: float
    coverage: float
    found: float = 0.0
    is_kind: bool = False
    is_titled: bool = False

    @property
    def log_odds(self) -> float:
        """The score on the scale on which evidence adds up."""
        bounded = min(max(self.score, 1e-9), 1 - 1e-9)
        return math.log(bounded / (1 - bounded))

    @property
    def relevance(self) -> float:
        """The log-odds whatever the kind of answer that the sentence holds."""
        return self.log_odds - _weights()["kind"] * self.is_kind

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of the sentence and of its release's title."""
        return frozenset(terms(self.sentence.text)) | frozenset(terms(title_told(self.release.title)))


class EvidenceReader:
    """Reads the sentences of found releases."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._catalog, self._lexicon, self._encoder = snapshot.catalog, snapshot.lexicon, encoder

    def read(
        self, question: str, hits: Sequence[Hit], count: int, newest: bool = False, window: Window = ALWAYS
    ) -> list[Evidence]:
        """The `count` sentences that fit the question and its window best, best first.

        `newest`: of the sentences that fit about as well as the best one the newest leads.
        """
        asked, asks_contact = asked_words(question, self._lexicon), bool(_ASKS_CONTACT.search(question))
        found = [
            _Candidate(
                sentence,
                hit,
                f"{before} {sentence.text}",
                words=telling(asked, before, sentence.text),
                context=coverage(asked, f"{before} {sentence.text}", title_told(hit.release.title)),
                first=float(rank == 0),
            )
            for rank, hit in enumerate(hits)
            for before, sentence in self._sentences(hit)
            if asks_contact or not _CONTACT.search(sentence.text)
        ]
        best = sorted(found, key=lambda item: -item.words - item.context - item.hit.score)[:READ]
        if not best:
            return []
        query = self._encoder.encode_queries(list(dict.fromkeys((question, own_words(question))))).mean(axis=0)
        texts = [f"{title_told(item.hit.release.title)}\n{item.sentence.text}" for item in best]
        meanings = likeness(self._encoder.encode_chunks(texts) @ query, self._encoder.unrelated)
        want = sought(question)
        scored = [item.scored(float(meaning), want, window) for item, meaning in zip(best, meanings, strict=True)]
        ranked = sorted(scored, key=lambda evidence: -evidence.score)
        return (newest_first(ranked) if newest else ranked)[:count]

    def _sentences(self, hit: Hit) -> list[tuple[str, Sentence]]:
        """The sentences of the release's found chunks that may answer, each after the text of the one before it."""
        spans = [(scored.chunk.start, scored.chunk.end) for scored in hit.chunks[:CHUNKS]]
        parts = self._catalog.sentences(hit.release)
        befores = ["", *(part.text for part in parts)]
        return [
            (before, part)
            for before, part in zip(befores, parts, strict=False)
            if any(start <= part.start < end for start, end in spans) and may_answer(part.text)
        ]


def may_answer(text: str) -> bool:
    """Whether a sentence tells something: it does not only introduce, ask, or speak to whoever answers.

    Who repeats a question in a release would otherwise stand before every sentence that answers it.
    """
    return not (_INTRODUCES.match(text) or text.endswith("?") or is_order(text))


@dataclass(frozen=True)
class _Candidate:
    """A sentence `with_before` and the features by which the best are chosen; the rest is computed for these alone."""

    sentence: Sentence
    hit: Hit
    with_before: str
    words: float
    context: float
    first: float

    def scored(self, meaning: float, want: Sought, window: Window) -> Evidence:
        """The sentence as evidence, with a likeness in `meaning` to the question."""
        published = self.hit.release.date
        is_kind = holds(want, self.sentence.text, published)
        values = {
            "meaning": meaning,
            "words": self.words,
            "context": self.context,
            "kind": float(is_kind),
            "first": self.first,
            "outside": float(not in_window(window, self.with_before, published)),
            "short": float(len(self.sentence.text.split()) < SHORT or bool(_HEADING.match(self.sentence.text))),
        }
        total = _weights()["bias"] + sum(_weights()[name] * value for name, value in values.items())
        score = 1 / (1 + math.exp(-total))
        is_titled = not is_kind and holds(want, title_told(self.hit.release.title), published)
        found = self.hit.score
        return Evidence(self.sentence, self.hit.release, score, meaning, self.words, found, is_kind, is_titled)


def in_window(window: Window, text: str, published: date | None) -> bool:
    """Whether a text belongs to a window: it came out in it or states a day or period that lies in it."""
    since, until = window.since or date.min, window.until or date.max
    if (since, until) == (date.min, date.max) or (published and since <= published <= until):
        return True
    return any(since <= stated.since and stated.until <= until for stated in stated_dates(text, published))


def newest_first(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Ranked evidence with the newest of its best at the head."""
    leading = [item for item in ranked if ranked[0].log_odds - item.log_odds <= ABOUT_AS_WELL]
    by_date = sorted(leading, key=lambda item: item.release.date or date.min, reverse=True)
    return [*by_date, *ranked[len(leading) :]]


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    found: dict[str, float] = json.loads((files("rag") / "evidence.json").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Asked:
    """A word of the question with what may stand for it, and its share of the question by rarity."""

    term: str
    alternatives: Alternatives
    share: float

    def found_in(self, inside: Set[str]) -> float:
        """How well a text's terms hold the word: 1 itself, less for what stands for it, 0 for neither."""
        return max((weight for term, weight in self.alternatives.items() if stands(term, inside)), default=0.0)


def asked_words(question: str, lexicon: Lexicon) -> list[Asked]:
    """The question's words with their shares, which sum to 1; words of the conversation alone weigh less."""
    groups = lexicon.groups(question)
    words = [max(group, key=lambda term: group[term]) for group in groups]
    own = frozenset(terms(own_words(question)))
    weights = [lexicon.idf(word) * (1.0 if word in own else RECALLED) for word in words]
    total = sum(weights) or 1.0
    return [Asked(word, group, weight / total) for word, group, weight in zip(words, groups, weights, strict=True)]


def own_words(question: str) -> str:
    """A follow-up without the conversation behind it, where it has a topic of its own; else all of it."""
    own = question.partition(BEFORE)[0]
    return own if len(terms(own)) >= BARE else question


def coverage(asked: Sequence[Asked], text: str, title: str = "") -> float:
    """Share of the question's words that a sentence holds; those only in its title count half. 0 to 1."""
    inside, above = frozenset(terms(text)), frozenset(terms(title))
    return sum(word.share * max(word.found_in(inside), 0.5 * word.found_in(above)) for word in asked)


def telling(asked: Sequence[Asked], before: str, text: str) -> float:
    """The share of the question's words that a sentence holds; one about "his" or "it" speaks of the one before it."""
    own = coverage(asked, text)
    return max(own, FOLLOWS * coverage(asked, f"{before} {text}")) if _POINTS_BACK.match(text) else own


def by_release(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """The evidence of each release, in the order of the first of each."""
    apart: dict[str, list[Evidence]] = {}
    for item in evidence:
        apart.setdefault(item.release.id, []).append(item)
    return list(apart.values())


def alternately(lists: Sequence[Sequence[Item]], identity: Callable[[Item], str]) -> list[Item]:
    """The first of each list, then the second of each, …; what was taken before is left out."""
    found: dict[str, Item] = {}
    for row in zip_longest(*lists):
        for item in row:
            if item is not None:
                found.setdefault(identity(item), item)
    return list(found.values())
