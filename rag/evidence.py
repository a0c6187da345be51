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
    late      how far down its release it stands, 0 to 1: releases begin with what matters

`chosen`, by what costs nothing (with `found`, whether a chunk that search found holds it, and `hit`, how well its
release was found), chooses the sentences that are scored by meaning (`tests/evaluation/fit_chosen.py`). `score` ranks
them. `reworded` were fitted on 704 parts of questions (a softmax over the sentences read for each; Cao et al. 2007) and
hardly look at words: they find answers that say it otherwise, but keep less to the topic.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from index.dates import Window
from index.embedding import Encoder, likeness
from index.hits import Hit
from index.newest import asks_newest, state_day, tells_of
from index.orders import title_told
from index.release import Release, Sentence
from index.snapshots import Snapshot
from index.stated_dates import stated_dates
from index.terms import terms
from rag.antecedents import antecedent
from rag.forms import asks_contact, is_heading, may_answer, tells_contact
from rag.held_kinds import holds
from rag.kinds import Sought, sought
from rag.probe import Held
from rag.relevance import Asked, asked_words, coverage, own_words, telling

WEIGHTS = Path(__file__).with_name("evidence.json")
CHUNKS = 4
"""Chunks of each release whose sentences are read."""

SCORED, WEIGHED, WIDE = 2, 6, 1.5
"""For each sentence that is wanted, how many are scored by meaning and how many are looked at for the kind of answer;
and where neither several nor the newest release has to answer, how many are kept, all that were scored. So chosen the
answer is among twelve in 112 of 117 parts, among eight in 107; of 28 questions for the latest twelve misled two."""

UNFOUND = 0.35
"""Share of those scored that may be sentences of the best release which no chunk brought, where none of it that was
chosen is of the kind."""

PLAINEST = 3
"""Sentences that are read for their score before the rest is chosen as answers in other words: of 360 parts of
questions 0.95 had the answer among eight so chosen, 0.94 among the best eight by score."""

OF_ONE = 3
"""Sentences of one release among those read where several have to answer: of 29 gold releases of 16 lists 26 have their
sentence among eight then, without it 21, by two 25, by one 23."""

ABOUT_AS_WELL = 2.0
"""Log-odds by which a sentence may lie behind the best one and still be preferred for being newer."""

ALWAYS, SHORT = Window(), 8
"""Any time; words of which a short sentence has fewer."""


@dataclass(frozen=True)
class Evidence:
    """A sentence offered to the model, with its release and how well it fits the question (0 to 1).

    `is_kind`: it holds the kind of answer that is asked for; `is_titled`: only its release's title does. `reworded`
    is higher the better it fits as an answer in other words, on a scale of its own. `place` is where it stood when a
    model that shows what it holds read it, and `denies` the log-odds that it says otherwise than the question supposes.
    `antecedent` tells who the "he" is with which the sentence begins.
    """

    sentence: Sentence
    release: Release
    score: float
    cosine: float
    coverage: float
    found: float = 0.0
    is_kind: bool = False
    is_titled: bool = False
    reworded: float = 0.0
    place: int | None = None
    denies: float = -math.inf
    antecedent: Sentence | None = None

    @property
    def log_odds(self) -> float:
        """The score on the scale on which evidence adds up."""
        bounded = min(max(self.score, 1e-9), 1 - 1e-9)
        return math.log(bounded / (1 - bounded))

    @property
    def relevance(self) -> float:
        """The log-odds whatever the kind of answer that the sentence holds."""
        return self.log_odds - _weights()["score" if self.place is None else "held"]["kind"] * self.is_kind

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of the sentence and of its release's title."""
        return frozenset(terms(self.sentence.text)) | frozenset(terms(title_told(self.release.title)))


class EvidenceReader:
    """Reads the sentences of found releases."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._catalog, self._lexicon, self._encoder = snapshot.catalog, snapshot.lexicon, encoder

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        count: int,
        newest: bool = False,
        window: Window = ALWAYS,
        several: bool = False,
    ) -> list[Evidence]:
        """The `count` sentences that fit the question and its window best, best first.

        `newest`: of the sentences that fit about as well as the best one the newest leads. `several`: several of them
        have to answer, so each is chosen for its score.
        """
        asked, want = asked_words(question, self._lexicon), replace(sought(question), is_newest=newest)
        told = sorted(self._candidates(question, asked, want, hits), key=lambda item: -item.told)
        is_wide = not (several or asks_newest(window))
        count = round(WIDE * count) if is_wide else count
        most = count if is_wide else SCORED * count
        best = sorted(told[: WEIGHED * count], key=lambda item: -item.promise(window))[:most]
        if not newest and not any(item.is_kind and item.is_first for item in best):
            more = [item for item in told if not item.is_found and item.is_kind][: round(UNFOUND * most)]
            best = [*more, *best[: most - len(more)]]
        if not best:
            return []
        query = self._encoder.encode_queries(list(dict.fromkeys((question, own_words(question))))).mean(axis=0)
        texts = [f"{title_told(item.hit.release.title)}\n{item.sentence.text}" for item in best]
        meanings = likeness(self._encoder.encode_chunks(texts) @ query, self._encoder.unrelated)
        scored = [item.scored(float(meaning), window) for item, meaning in zip(best, meanings, strict=True)]
        ranked = sorted(scored, key=lambda evidence: -evidence.score)
        if newest:
            return newest_first(ranked, window)[:count]
        return (apart(ranked) if several else promising(ranked, count))[:count]

    def _candidates(
        self, question: str, asked: Sequence[Asked], want: Sought, hits: Sequence[Hit]
    ) -> Iterator["_Candidate"]:
        """The sentences of found chunks that may answer, and of the best release all: what answers may have no word in
        common with the question, and then no chunk of it is found."""
        is_for_contact = asks_contact(question)
        for rank, hit in enumerate(hits):
            title, spans = title_told(hit.release.title), [(own.chunk.start, own.chunk.end) for own in hit.chunks]
            parts = self._catalog.sentences(hit.release)
            befores = ["", *(part.text for part in parts)]
            for place, (before, part) in enumerate(zip(befores, parts, strict=False)):
                is_found = any(start <= part.start < end for start, end in spans[:CHUNKS])
                if not (is_found or rank == 0) or not may_answer(part.text):
                    continue
                if not is_for_contact and tells_contact(part.text):
                    continue
                words, context = telling(asked, before, part.text), coverage(asked, f"{before} {part.text}", title)
                late, who = place / len(parts), antecedent(parts, place)
                told = words, context, rank == 0, is_found, late
                yield _Candidate(part, hit, f"{before} {part.text}", want, *told, who)


@dataclass(frozen=True)
class _Candidate:
    """A sentence `with_before` and the features by which the best are chosen; the rest is computed for these alone."""

    sentence: Sentence
    hit: Hit
    with_before: str
    want: Sought
    words: float
    context: float
    is_first: bool
    is_found: bool
    late: float
    antecedent: Sentence | None

    @property
    def told(self) -> float:
        """How likely the sentence is to answer, as far as its words and its place tell."""
        return _weighed("chosen", self._plain())

    def promise(self, window: Window) -> float:
        """The same with the kind of answer that it holds and its time."""
        return _weighed("chosen", self._values(window))

    @cached_property
    def is_kind(self) -> bool:
        """Whether it holds the kind of answer asked for."""
        return holds(self.want, self.sentence.text, self.hit.release.date)

    def _plain(self) -> dict[str, float]:
        is_short = len(self.sentence.text.split()) < SHORT or is_heading(self.sentence.text)
        return {
            "late": self.late,
            "words": self.words,
            "context": self.context,
            "first": float(self.is_first),
            "found": float(self.is_found),
            "hit": self.hit.score,
            "short": float(is_short),
        }

    def _values(self, window: Window) -> dict[str, float]:
        is_outside = not in_window(window, self.with_before, self.hit.release.date)
        return {**self._plain(), "kind": float(self.is_kind), "outside": float(is_outside)}

    def scored(self, meaning: float, window: Window) -> Evidence:
        """The sentence as evidence, with a likeness in `meaning` to the question."""
        values = {**self._values(window), "bias": 1.0, "meaning": meaning}
        score = 1 / (1 + math.exp(-_weighed("score", values)))
        is_titled = not self.is_kind and holds(self.want, title_told(self.hit.release.title), self.hit.release.date)
        fits = score, meaning, self.words, self.hit.score
        of_kind = self.is_kind, is_titled, _weighed("reworded", values)
        return Evidence(self.sentence, self.hit.release, *fits, *of_kind, antecedent=self.antecedent)


def promising(ranked: Sequence[Evidence], count: int) -> list[Evidence]:
    """Of ranked evidence the plainest and what may answer in other words, in the same order."""
    others = sorted(ranked[PLAINEST:], key=lambda item: -item.reworded)[: max(0, count - PLAINEST)]
    chosen = {item.sentence.id for item in (*ranked[:PLAINEST], *others)}
    return [item for item in ranked if item.sentence.id in chosen]


def apart(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Ranked evidence with no more than `OF_ONE` sentences of a release ahead of what else there is."""
    taken: Counter[str] = Counter()
    ahead: list[Evidence] = []
    behind: list[Evidence] = []
    for item in ranked:
        taken[item.release.id] += 1
        (ahead if taken[item.release.id] <= OF_ONE else behind).append(item)
    return [*ahead, *behind]


def by_held(evidence: Sequence[Evidence], held: Sequence[Held]) -> list[Evidence]:
    """Evidence that a model has read, best first, by what it `held` of each sentence."""
    weights = _weights()["held"]
    scored = []
    for place, (item, of_it) in enumerate(zip(evidence, held, strict=True)):
        total = weights["bias"] + weights["held"] * of_it.answers + weights["kind"] * item.is_kind
        scored.append(replace(item, score=1 / (1 + math.exp(-total)), place=place, denies=of_it.denies))
    return sorted(scored, key=lambda item: -item.score)


def in_window(window: Window, text: str, published: date | None) -> bool:
    """Whether a text belongs to a window: it came out in it or states a day or period that lies in it."""
    since, until = window.since or date.min, window.until or date.max
    if (since, until) == (date.min, date.max) or (published and since <= published <= until):
        return True
    return any(since <= stated.since and stated.until <= until for stated in stated_dates(text, published))


def newest_first(ranked: Sequence[Evidence], window: Window = ALWAYS) -> list[Evidence]:
    """Ranked evidence with the newest of its best at the head; of what came out after the window none leads but what
    tells of the day as of which is asked."""
    until, asked = window.until or date.max, state_day(window)

    def day(item: Evidence) -> date:
        published = item.release.date or date.min
        return until if tells_of(asked, item.sentence.text, published) else published

    best = [item for item in ranked if ranked[0].log_odds - item.log_odds <= ABOUT_AS_WELL]
    leading = sorted((item for item in best if day(item) <= until), key=day, reverse=True)
    return [*leading, *(item for item in ranked if item not in leading)]


def _weighed(kind: str, values: Mapping[str, float]) -> float:
    """The sum of values by the weights of a kind; what it does not weigh, or is not told, counts nothing."""
    return sum(weight * values.get(name, 0.0) for name, weight in _weights()[kind].items())


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


def by_release(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """The evidence of each release, in the order of the first of each."""
    apart: dict[str, list[Evidence]] = {}
    for item in evidence:
        apart.setdefault(item.release.id, []).append(item)
    return list(apart.values())
