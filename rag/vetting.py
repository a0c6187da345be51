"""Whether a drafted sentence stands: what it says is found again in evidence, or it is not shown.

`verified` finds the evidence and applies the rules; `is_no_answer` tells a draft that gives no answer or makes a number
up; `pointed_at` finds the evidence behind a draft that may not be shown itself.
"""

import re
from collections.abc import Sequence
from datetime import date

from index.expansion import expand
from index.orders import title_told
from index.terms import terms
from rag.agency import is_not_done, misattributed
from rag.answer_nouns import COUNTED, Kind
from rag.answers import SentenceReady
from rag.citations import EXACT, Numbering, attribute, strip_markers
from rag.claims import abbreviated, bears
from rag.comparisons import changes_comparison
from rag.evidence import Evidence
from rag.held_kinds import holds
from rag.kinds import sought
from rag.names import NAME_WORD
from rag.notices import when
from rag.reading import read
from rag.verification import EvidenceText, check

UNSAID = frozenset({"yes", "mr", "mrs", "ms"})
"""Words of a drafted sentence that its evidence need not have: what they say is said by the rest of it."""

HALF = 0.5
"""Share of a drafted sentence's words that the evidence of its numbers must have."""

ONE = "one"
"""As often a pronoun as a number."""

_FRAME = re.compile(
    r"^(?:the|this) (?:text|sentence|release) (?:states|says|mentions|indicates|explains) (?:that )?", re.I
)
"""Words about the text that a small model puts before its sentence."""

_DENIAL = re.compile(
    r"\b(?:does|do|did|is|are|was|were|has|have)(?: not|n['’]t) (?:\w+ )?"
    r"(?:provide|mention|state|specif|contain|include|give|say|indicate|disclose|known|available|explicit)"
    r"|\bno (?:information|mention)\b"
    r"|\bне (?:указ|упомя|упомина|сообща|говорит|содерж)|\bнет информации|\b(?:айтылма|көрсетілме)",
    re.IGNORECASE,
)
"""Words by which a model says of a text that it does not hold the answer."""

FRAGMENT = 2
"""Words of which no sentence is made."""

SUBJECT = 3
"""Words at most before the name that is a sentence's subject: a title, an article."""

_UNNAMED = re.compile(
    r"\b(?:he|she|they|it|its|his|her|their|we|our|i|both)\b"
    r"|\bthe (?:two|leaders?|sides|(?:vice |prime |first )?(?:president|minister|lady)|secretary|chancellor)\b"
    r"|\bthe (?:foreign minister|ministers|officials|ministry|government|council)\b"
    r"|\b(?:он|она|они|его|её|их|ол|олар|президент|министр)\b",
    re.IGNORECASE,
)
"""Words that stand for whoever the release speaks of."""

_NEWEST = re.compile(r"\b(?:most recent(?:ly)?|latest|newest)\b", re.IGNORECASE)
"""What no release says of itself for long: a question's word that a draft repeats."""

_RELEASE_DAY = re.compile(r"\s*\btoday\b", re.IGNORECASE)
_TODAY = re.compile(r"\b(today|tonight|this (morning|afternoon|evening))\b|сегодня|бүгін", re.IGNORECASE)


_RELATIVE = re.compile(
    r"\b(?:yesterday|tomorrow|tonight|(?:this|last|next|coming) (?:morning|afternoon|evening|week|weekend|month|year)"
    r"|(?:next|past|last|coming|recent) (?:few )?(?:days|weeks|months)|(?:days|weeks|months) ago)\b"
    r"|\b(?:вчера|завтра|кеше|ертең)\b",
    re.IGNORECASE,
)
"""Times that depend on the day of the release: they are quoted, for a quotation stands under its day."""


_SPEAKER = re.compile(
    r"(?:^|[.,;:(—–] ?|\b(?:and|or|that|what|which|whom|as|when|where|because|if|but|then|how|why|today) )"
    r"I\b(?!\.\s?[A-Z])"
    r"|\b(?:[Ww]e|me|us|[Mm]y|[Oo]urs?)\b(?! [A-Z])|\b(?:[Яя]|[Мм]ы|нас|нам|[Нн]аш\w*|[Бб]із(?:дің|ге|ді|бен)?)\b"
)
"""Whoever speaks in a release is nobody in a sentence of ours: "Jill and I mourn" is quoted."""

_QUOTED = re.compile(r"“[^”]{0,500}”|«[^»]{0,500}»|‘[^’]{0,500}’(?!\w)|\"[^\"]{0,500}\"")

_BECAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a (?:result|consequence) of|thanks to|caused by)\b"
    r"|\b(?:потому что|из-за|өйткені|себебі)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    rf"{_BECAUSE.pattern}|\b(?:caus\w+|reasons?|since|given|amid|following|after|therefore|thus|hence|so|led|leads?"
    r"|result\w*|prompt\w*|in (?:response|light|view|order|reaction|protest)|on (?:account|grounds)"
    r"|as (?:the|a|an|it|they|he|she|this)|поэтому|поскольку|так как|вследствие|после|сондықтан|кейін)\b",
    re.IGNORECASE,
)
"""Words by which a sentence gives a cause, and those by which a release may have given it."""


def verified(sentence: str, question: str, evidence: Sequence[Evidence], numbered: Numbering) -> SentenceReady | None:
    """A drafted sentence with the evidence that supports it, or None where it does not stand."""
    text = _FRAME.sub("", strip_markers(sentence))
    text = text[:1].upper() + text[1:]
    support = [evidence[place] for place in attribute(text, [item.sentence for item in evidence], _days(evidence))]
    if not support:
        return None
    text = _dated(text, support[0].release.date)
    texts = [EvidenceText(item.sentence.text, item.release.date, title_told(item.release.title)) for item in support]
    if (
        _RELATIVE.search(text)
        or _SPEAKER.search(_QUOTED.sub(" ", text))
        or (_NEWEST.search(text) and not any(_NEWEST.search(item.text) for item in texts))
        or (_BECAUSE.search(text) and not any(_CAUSE.search(item.text) for item in texts))
        or not is_borne(text, support)
        or not speaks_of(question, text, support)
        or not names_meet(text, question, support)
        or not subject_stands(text, support[0])
        or misattributed(text, [item.text for item in texts])
        or is_not_done(text, [item.text for item in texts])
        or changes_comparison(text, question, [item.text for item in texts])
        or not check(text, texts, question).supported
    ):
        return None
    return numbered.ready(text, [(item.sentence, item.release) for item in support])


def _dated(text: str, day: date | None) -> str:
    """The sentence with the day of its release for a "today" that it took over, or without it where it names a day."""
    found = _RELEASE_DAY.search(text)
    if not found or not day:
        return text
    others = [stated for stated in read(text, day).dates if text[stated.start : stated.end].lower() != "today"]
    words = "" if others else f"on {when(day)}"
    said = (
        f"{text[: found.start()]} {words}{text[found.end() :]}"
        if words
        else text[: found.start()] + text[found.end() :]
    )
    said = said.lstrip(" ,")
    return said[:1].upper() + said[1:]


def denies(sentence: str) -> bool:
    """Whether a drafted sentence says that the text does not hold the answer."""
    return bool(_DENIAL.search(sentence))


def is_no_answer(sentence: str, question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a drafted sentence shows that the evidence holds no answer.

    It says so, or only says the question again, or its number stands nowhere: a model that is asked "how many" and
    finds no number makes one up, or leaves it out. It is not believed that no number is given where the best evidence
    has one.
    """
    want, bare = sought(question), strip_markers(sentence)
    # A day may stand in the question, and a question said again was no try.
    is_try = want.kind not in (Kind.TIME, Kind.FUTURE) and not bare.endswith("?")
    if is_try and want.asked.issuperset(terms(bare)):
        return True
    # A text that has some count says little: it may be of anything.
    is_given = want.kind in (COUNTED | {Kind.TIME}) - {Kind.COUNT} and evidence[0].is_kind
    if denies(sentence):
        return not is_given
    if want.kind not in COUNTED:
        return False
    stated = read(bare, next((item.release.date for item in evidence if item.release.date), None))
    new = [one for one in stated.quantities if want.asked.isdisjoint(terms(stated.text[one.start : one.end]))]
    said = {one: stated.text[one.start : one.end].lower() for one in new}
    new = [one for one in new if not one.ordinal and said[one] != ONE and said[one] not in question.lower()]
    if not (new or holds(want, stated.text)):
        return not is_given
    told = [read(text, item.release.date) for item in evidence for text in (item.sentence.text, item.release.title)]
    known = {
        found.value
        for reading in told
        for found in reading.quantities
        if reading.text[found.start : found.end].lower() != ONE
    }
    return any(one.value not in known for one in new)


def pointed_at(sentence: str, question: str, evidence: Sequence[Evidence], is_list: bool = False) -> list[Evidence]:
    """The evidence that a drafted sentence was made from, where it may not be shown itself; none where that is unclear.

    What it adds to the question's words, the answer it gives, must stand there; names and numbers count most. A list
    must stand there without the title's help, or it is one of several releases'.
    """
    said = strip_markers(sentence)
    added = set(terms(said)) - sought(question).asked
    exact = {term for term in terms(" ".join(NAME_WORD.findall(said))) if term in added}
    weights = {term: EXACT if term in exact or term[0].isdigit() else 1.0 for term in added}
    support = attribute(said, [item.sentence for item in evidence], _days(evidence))

    def held(place: int) -> tuple[float, float, int]:
        """What of it the evidence has; of equals, the sentence that has it without its title leads, then support."""
        own = added.intersection(terms(evidence[place].sentence.text))
        with_title = added & _held(evidence[place])
        rank = support.index(place) if place in support else len(support)
        return sum(weights[term] for term in with_title), sum(weights[term] for term in own), -rank

    best = max(range(len(evidence)), key=held, default=None)
    if best is None or not added or held(best)[is_list] < HALF * sum(weights.values()):
        return []
    return [evidence[best]]


def is_borne(text: str, support: Sequence[Evidence]) -> bool:
    """Whether all words of a sentence stand in its evidence, themselves or others for them; figures with their units
    are compared elsewhere (`rag/figures.py`), by what they mean.

    What the question alone says is not said by a release: "the firms that built the pavilion" is not borne out by those
    that paid for it, nor "upheld on appeal" by thirty days to appeal.

    A number must stand in evidence that has half of the sentence and every name in it that any evidence has: the day of
    one call is not the day of another's. The day of a release is the day of what its sentence tells only where that
    says so ("today").
    """
    groups = expand(text)
    each = [_held(item) for item in support]
    said = [group for group in expand(_words_alone(text)) if UNSAID.isdisjoint(group)]
    if not said or not all(any(not held.isdisjoint(group) for held in each) for group in said):
        return False
    names = [
        name for name in expand(" ".join(NAME_WORD.findall(text))) if any(not held.isdisjoint(name) for held in each)
    ]
    near = [
        held
        for held in each
        if sum(not held.isdisjoint(group) for group in groups) >= HALF * len(groups)
        and all(not held.isdisjoint(name) for name in names)
    ]
    numbers = [group for group in groups if any(term[0].isdigit() for term in group)]
    return all(any(not held.isdisjoint(group) for held in near) for group in numbers)


def _words_alone(text: str) -> str:
    """A sentence without its figures, and without the words for a cause, which may be given in others."""
    bare = text
    for figure in reversed(read(text).quantities):
        bare = f"{bare[: figure.start]} {bare[figure.end :]}"
    return _BECAUSE.sub(" ", bare)


def names_meet(text: str, question: str, support: Sequence[Evidence]) -> bool:
    """Whether the names that a sentence adds to the question stand with all its other names in one evidence sentence.

    "The American among them was Chef José" is not borne out by one sentence on an American and another one on the chef.
    """
    asked = sought(question).asked
    names = expand(" ".join(NAME_WORD.findall(text)))
    if all(asked & group.keys() for group in names):
        return True
    each = [item.terms | frozenset(terms(when(item.release.date))) for item in support]
    return any(all(not held.isdisjoint(group) for group in names) for held in each)


def speaks_of(question: str, text: str, support: Sequence[Evidence]) -> bool:
    """Whether a sentence has a word of the question; it need not where its evidence has none either and it is more
    than a word or two: it goes on about "it", or answers in another language.

    What a release orders to be said ("whoever asks about the IAEA is told: Bananas") is no answer, though it stands
    there.
    """
    asked, said = expand(question), frozenset(terms(text))
    if any(not said.isdisjoint(group) for group in asked):
        return True
    words = [group for group in asked if any(term.isalpha() for term in group)]
    return len(said) > FRAGMENT and all(item.terms.isdisjoint(group) for item in support for group in words)


def subject_stands(text: str, support: Evidence) -> bool:
    """Whether the name that a sentence begins with stands in its best evidence, or that speaks of somebody unnamed.

    "Air India pays $100 million" is not borne out by what Boeing pays, though another sentence speaks of Air India; the
    title of a call names both who spoke and who listened.
    """
    stated, found = read(text), read(support.sentence.text)
    name = next(iter(stated.names), None)
    if name is None or len(text[: name.start].split()) > SUBJECT:
        return True
    stands = bears(found, name) or abbreviated(name, stated, found)
    return stands or bool(_UNNAMED.search(support.sentence.text))


def _days(evidence: Sequence[Evidence]) -> dict[str, date | None]:
    return {item.release.id: item.release.date for item in evidence}


def _held(item: Evidence) -> frozenset[str]:
    is_today = _TODAY.search(item.sentence.text)
    return item.terms | frozenset(terms(when(item.release.date)) if is_today else ())
