"""What a question takes for granted and the releases say otherwise: "Why did X cut the share?" beside "X raised it".

Told by words, `otherwise`: a sentence on the same matter denies a word of the question ("decided not to initial"), has
its opposite beside the same words (raised for cut), says that the event did not come about ("was cancelled"), gives
the delegation that somebody is said to have led to another head, or says that who is asked about as present stayed
away; but for the last "which" and "who" take too little for granted. Told by what the model holds of them, `denying`.
Beside a figure that a release does not give stands much that denies something else: of a count only what denies the
deed or thing itself is told, of a measure that there is none, of a span what was ended instead.
"""

import re
from collections.abc import Iterator, Sequence

from index.lexical import Lexicon
from index.terms import terms
from rag.answer_nouns import COUNTED, Kind
from rag.answerability import denial
from rag.antonyms import antonyms
from rag.evidence import Evidence
from rag.kinds import sought
from rag.names import NAME_WORD
from rag.polarity import SCOPE
from rag.probe import Held
from rag.reading import Reading, read
from rag.relevance import asked_words

CONSIDERED, TOLD = 8, 2
"""Evidence sentences that are looked at, and how many of them are told."""

COVERED, NAMED = 0.4, 0.5
"""Shares of the question's words, by rarity, and of its names that a sentence and its title must hold to be of it."""

NEAR, CLOSE = 6, 4
"""Words with meaning on either side among which opposites must have a word of the question in common, and an event
that did not come about its name."""

DENIED, AS_CONTRARY = 0.55, 2.0
"""The probability from which the evidence is said to deny what a question takes for granted, and the log-odds by which
a second sentence that does may lie behind the first."""

CONTRARY = ("deeds", "undone")

_TAKES_FOR_GRANTED = re.compile(
    r"^\W*(?:and |so |but )?(?:(?:on|for|in|at|with|to|from|of) )?(?:why|how(?! (?:about|much|far))|what)\b",
    re.IGNORECASE,
)
"""Not "how much did it rise": what fell beside it is no answer."""

_MEASURED = re.compile(
    r"^\W*(?:for |by )?how much (?P<thing>(?:[a-z-]+ ){2,3}?)"
    r"(?:did|do|does|was|were|is|are|has|have|had|will|would|can|could|goes|went|came|comes)\b",
    re.IGNORECASE,
)
"""A thing of two words or three that is measured; of less a release tells too often that there is none elsewhere."""

_NOT_HELD = re.compile(
    r"\b(?:cancel\w*|postpon\w*|call(?:ed|ing)? off|terminat(?:e[sd]?|ing|ion)|rescind\w*|revok\w*|exonerat\w*)",
    re.IGNORECASE,
)
"""Words that undo an event or a deed."""

_CALLED_OFF = re.compile(
    rf"\b(?:before|until|when|after) (?:it|they|this|that) (?:was|were|had been) {_NOT_HELD.pattern}", re.IGNORECASE
)
"""The question knows that the event did not come about: "what had it cost before it was called off?"."""

_UNLESS = re.compile(r"\bunless\b", re.IGNORECASE)
"""What a law would undo, it has not undone."""

_RAN_OUT = re.compile(r"\b(?:run|runs|ran|running) out\b", re.IGNORECASE)

_PARTY = r"\b[^,.]*\b(?:delegation|mission|party|team)\b"
_AS_HEAD = re.compile(
    rf"\b(?:heads?|leaders?|chief) of{_PARTY}|\b(?:led|lead|leading|head|headed|heading){_PARTY}", re.IGNORECASE
)
_HEADS = re.compile(rf"\b(?:led|leads|headed|heads|(?:will|to|is|was) (?:lead|head|leading|heading)){_PARTY}", re.I)
_ABSENT = re.compile(
    r"\b(?:(?:not|never|unable to|cannot|decline[sd]? to|refuse[sd]? to) (?:to )?(?:be )?"
    r"(?:attend\w*|tak(?:e|ing) part|participat\w*|present\b|represented\b|travel\w*|send\w*)"
    r"|(?:forgo|boycott|stay(?:s|ed|ing)? away)\w*)",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:attend\w*|t(?:ake|ook|aken|aking) part|participa\w*|delegation|represent\w*|headed|flew|fly|travel\w*|went"
    r"|go(?:es)?|speech|sp[eo]ak?\w*|say|said|tell|told|address\w*|join\w*|met|meet)\b",
    re.IGNORECASE,
)
"""What tells that somebody was absent, and what a question asks about somebody as present."""

_WHO = re.compile(r"^\W*(?:wh(?:o|om|ich)\b)", re.IGNORECASE)
_HOUSE = re.compile(r"\b(?:government|council|cabinet|ministers?|president|delegation)\b", re.IGNORECASE)
"""Who is asked about by no name, and whose absence answers it."""

_NO = ("no", "without")
"""A denial of a noun, "no country has …", "without such a deal", tells of degrees and others as often as of events."""


def otherwise(question: str, evidence: Sequence[Evidence], lexicon: Lexicon) -> list[Evidence]:
    """The evidence that says otherwise than the question takes for granted, best first; none where none does."""
    kind = sought(question).kind
    measured = _MEASURED.match(question)
    absent = [item for item in evidence[:CONSIDERED] if _is_absent(question, item, lexicon)]
    if absent or not evidence or not (measured or _TAKES_FOR_GRANTED.match(question)):
        return absent[:TOLD]
    heads = list(_other_heads(question, evidence))
    reach = 1 if kind is Kind.COUNT else SCOPE
    told = read(_RAN_OUT.sub("expire", question))
    counted = frozenset(terms(measured["thing"])) if measured else frozenset()
    asked = asked_words(question, lexicon)
    names = frozenset(term for name in NAME_WORD.findall(question) for term in terms(name))
    meant = told.stem_set.union(*(word.alternatives for word in asked))
    found = heads[:1]
    for item in () if heads else evidence[:CONSIDERED]:
        held = sum(word.share * word.found_in(item.terms) for word in asked)
        named = [word.found_in(item.terms) > 0 for word in asked if word.term in names]
        is_of_it = held >= COVERED and sum(named) >= NAMED * len(named)
        stated = read(item.sentence.text, item.release.date)
        if not is_of_it:
            continue
        if measured or kind in COUNTED - {Kind.COUNT}:
            is_contrary = _has_none(stated, counted) or (kind is Kind.DURATION and _is_ended(stated, told, names))
        else:
            is_told = kind is Kind.COUNT and _is_counted(evidence[:CONSIDERED], item)
            is_contrary = not is_told and _contradicts(stated, told, names, meant, reach)
        if is_contrary:
            found.append(item)
    return found[:TOLD]


def _is_counted(evidence: Sequence[Evidence], contrary: Evidence) -> bool:
    """Whether a sentence of the same release that fits as well tells a number: "the rule covers 84 people" beside "it
    does not apply to guests"."""
    beside = (item for item in evidence if item.release.id == contrary.release.id and item is not contrary)
    return any(item.is_kind and item.score >= contrary.score for item in beside)


def denying(question: str, ranked: Sequence[Evidence], held: Held | None, chance: float) -> list[Evidence]:
    """The evidence that says otherwise than the question takes for granted, by what a model holds of it, likeliest
    first; none where it is likelier that none does. `held`: of all of it. `chance`: how likely it answers."""
    told = sorted(ranked, key=lambda item: -item.denies)[:TOLD]
    if not told or not held or sought(question).kind in COUNTED or denial(told[0].denies, held, chance) < DENIED:
        return []
    return [item for item in told if item.denies >= told[0].denies - AS_CONTRARY]


def _other_heads(question: str, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Sentences of the leading release by which somebody else leads the delegation that the question gives a head."""
    person = next((name for name in read(question).names if not _is_party(name.words)), None)
    if not person or not _AS_HEAD.search(question):
        return
    for item in evidence:
        if item.release.id == evidence[0].release.id and _HEADS.search(item.sentence.text):
            if set(terms(person.words[-1])) <= set(terms(item.sentence.text)):
                return
            yield item


def _is_absent(question: str, item: Evidence, lexicon: Lexicon) -> bool:
    """Whether a sentence tells that whoever is asked about as present stayed away."""
    away = _ABSENT.search(item.sentence.text)
    if not away or not _PRESENT.search(question):
        return False
    who = item.sentence.text[: away.start()].rpartition(",")[2]
    told = frozenset(terms(who))
    asked = asked_words(question, lexicon)
    held = sum(word.share * word.found_in(item.terms) for word in asked)
    return held >= COVERED and (
        any(word.found_in(told) for word in asked) or bool(_WHO.match(question) and _HOUSE.search(who))
    )


def _is_party(words: Sequence[str]) -> bool:
    return any(_AS_HEAD.search(f"head of {word}") for word in words)


def _contradicts(stated: Reading, asked: Reading, names: frozenset[str], meant: frozenset[str], reach: int) -> bool:
    """Whether a sentence denies, undoes or turns into its opposite a word of the question that is no name.

    `meant` are the question's words and what may stand for them: "outlaw" is denied by "decided not to ban". `reach`:
    how many of the words behind a denial are looked at.
    """
    knows = _NOT_HELD.search(asked.text)
    return (
        (not (asked.denied or _CALLED_OFF.search(asked.text)) and _denies(stated, meant - names, reach))
        or _is_opposite(stated, asked, names)
        or (not (knows or _UNLESS.search(stated.text)) and _is_undone(stated, asked, names))
    )


def _denies(stated: Reading, meant: frozenset[str], reach: int) -> bool:
    return any(stem in meant for cue in stated.denied if cue.words not in _NO for stem in cue.scope[:reach])


def _is_opposite(stated: Reading, asked: Reading, names: frozenset[str], groups: tuple[str, ...] = CONTRARY) -> bool:
    against = antonyms(groups)
    for at, stem in enumerate(asked.stems):
        if stem in names or stem in stated.stem_set:
            continue
        opposites = against.get(stem, frozenset()) - asked.stem_set
        for place, other in enumerate(stated.stems):
            if other in opposites and (_around(asked, at, NEAR) & _around(stated, place, NEAR)) - names:
                return True
    return False


def _has_none(stated: Reading, counted: frozenset[str]) -> bool:
    """Whether there is none of what is measured: "how much prize money" beside "not endowed with any prize money"."""
    return bool(counted) and any(counted <= set(cue.scope) for cue in stated.denied)


def _is_ended(stated: Reading, asked: Reading, names: frozenset[str]) -> bool:
    """Whether what is asked to have lasted was ended: "for how long was it extended" beside "terminated"."""
    return _is_opposite(stated, asked, names, ("undone",))


def _is_undone(stated: Reading, asked: Reading, names: frozenset[str]) -> bool:
    for match in _NOT_HELD.finditer(stated.text):
        place = sum(1 for token in stated.tokens if token.stem and token.start < match.start())
        if (_around(stated, place, CLOSE) & asked.stem_set) - names:
            return True
    return False


def _around(reading: Reading, at: int, reach: int) -> set[str]:
    return {*reading.stems[max(0, at - reach) : at], *reading.stems[at + 1 : at + 1 + reach]}
