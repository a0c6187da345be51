"""An answer as it grows: what was said, under which numbers, and which evidence is worth quoting word for word."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.release import Release, Sentence
from rag.answers import AnswerSentence, SentenceKind, SentenceReady
from rag.citations import Numbering
from rag.evidence import Evidence
from rag.held_kinds import members
from rag.kinds import Sought
from rag.notices import Notices, notices

QUOTED, FURTHER = 3, 2
"""Evidence sentences quoted at most where nothing was said yet, and beside what was."""

CONSIDERED = 8
"""Evidence sentences tried: a shorter one may fit where the next best does not."""

CLOSE, FAR = 2.8, 5.0
"""Log-odds by which a sentence may lie behind the best one and still be quoted: beside a worded sentence, and alone."""

UNLIKELY, HARDLY = math.log(0.1 / 0.9), math.log(0.03 / 0.97)
"""Log-odds below which a sentence that the model has read is not quoted beside a worded or a plain one: of another
release, and of the same, whose sentences belong together: of nine sets three questions more are answered for a tenth
more quotations, none fewer."""

STRAY = 1.5
"""Log-odds by which a sentence of another release may lie behind the best one, where the model has read both, and still
be quoted beside it."""

SHOWN_WORDS = 115
"""Words of an answer at most, the dates of its quotations included; a longer one is no answer but a dump."""

SPREAD, SPREAD_WORDS, SPREAD_FAR = 8, 180, 2.5
"""Releases quoted at most, words in all, and log-odds behind the best, where a question asks for several things."""

LIKELY = 0.8
"""The probability from which the best sentence is shown before the answer is worded. Of 590 questions 378 reached it
with a sentence of the kind asked for; 367 of their answers cited it, 4 were refused in the end."""

ABOUT_AS_WELL = 1.0
"""Log-odds by which a sentence may lie behind the best one and be quoted before it, or in its place in a list."""


_POINTS_BACK = re.compile(
    r"\W*(?:he|she|it|they|his|hers?|its|their)\b"
    r"|this (?:is|was|has|had|will|would|can|could|means|meant|brings|makes|comes|follows|includes|marks|applies)\b",
    re.IGNORECASE,
)
"""Words at the head of a sentence that stand for somebody or something told before it."""


@dataclass
class Room:
    """What an answer to one question may still hold: `words` in all, some of them taken by what is `shown`, of which so
    many are `quoted`; `told` are sentences that were quoted before."""

    words: int
    told: set[str]
    own: Notices
    shown: list[SentenceReady] = field(default_factory=list)
    quoted: int = 0

    @property
    def is_worded(self) -> bool:
        """Whether anything shown is no quotation."""
        return len(self.shown) > self.quoted

    @property
    def left(self) -> int:
        """Words that are left."""
        return self.words - sum(len(ready.sentence.text.split()) for ready in self.shown)

    def quotation(self, item: Evidence) -> str:
        """How the sentence is quoted."""
        return self.own.quotation(item.sentence, item.release, self.is_titled(item))

    def is_titled(self, item: Evidence) -> bool:
        """Whether the title of its release goes along: only that holds the answer, or it tells who "he" is, which
        nothing shown of that release does."""
        is_untold = _POINTS_BACK.match(item.sentence.text) and item.release.id not in _releases(self)
        return item.is_titled or bool(is_untold)

    def led(self, item: Evidence, left: int, chosen: Sequence[Evidence] = ()) -> list[Evidence]:
        """The sentence behind the one that tells who "he" is in it, which is quoted too where it fits into the words
        that are `left` and is neither told yet nor `chosen`."""
        if item.antecedent is None:
            return [item]
        teller = replace(item, sentence=item.antecedent, is_titled=False, antecedent=None)
        is_told = not self.is_new(teller) or _among(teller, chosen)
        return [item] if is_told or self.length(teller, item) > left else [teller, item]

    def length(self, *items: Evidence) -> int:
        """The words of their quotations."""
        return sum(len(self.quotation(item).split()) for item in items)

    def is_new(self, item: Evidence) -> bool:
        """Whether the sentence was not cited yet for the same question, nor quoted for another, nor its like from
        elsewhere."""
        return _words(item.sentence.text) not in self.told | _cited(self.shown)


class Draft:
    """An answer as it grows: its sentences and their numbering, for `parts` questions that share its `words`;
    `own` says how it speaks for itself."""

    def __init__(self, parts: int = 1, own: Notices | None = None, words: int = SHOWN_WORDS) -> None:
        self.own, self._words = own or notices("en"), words
        self.numbered = Numbering()
        self.shown: list[SentenceReady] = []
        self._parts, self._begun = parts, 0

    def room(self, is_list: bool = False, again: bool = False) -> Room:
        """What the next part may hold, more where it is a list; `again`: the same one, of which nothing was shown."""
        words = SPREAD_WORDS if is_list else self._words
        self._begun -= again
        taken = sum(len(ready.sentence.text.split()) for ready in self.shown)
        share = max(words // self._parts, (words - taken) // max(1, self._parts - self._begun))
        self._begun += 1
        return Room(share, _quoted(self.shown), self.own)

    def quoted(self, sentence: Sentence, release: Release, is_titled: bool = False) -> SentenceReady:
        """A sentence quoted under the next number."""
        return self.numbered.ready(self.own.quotation(sentence, release, is_titled), [(sentence, release)])

    def quote(self, item: Evidence, room: Room) -> SentenceReady:
        """Take a quotation into the answer."""
        is_titled = room.is_titled(item)
        room.quoted += 1
        return self.add(self.quoted(item.sentence, item.release, is_titled), room)

    def contradict(
        self, contrary: Sequence[Evidence], evidence: Sequence[Evidence], again: bool = False
    ) -> Iterator[SentenceReady]:
        """Quotations that say otherwise than the question supposes, after a word of ours on that, and the best of the
        other evidence: what happened instead. `again`: no answer could be worded to the same part."""
        room = self.room(again=again)
        yield self.add(SentenceReady(AnswerSentence(self.own.otherwise(), SentenceKind.NOTICE), ()), room)
        for item in [item for item in contrary if room.is_new(item)] or contrary[:1]:
            yield self.quote(item, room)
        for item in quotable(evidence, room)[: QUOTED - room.quoted]:
            yield self.quote(item, room)

    def holds(self, item: Evidence) -> bool:
        """Whether the sentence is quoted already."""
        return _words(item.sentence.text) in _quoted(self.shown)

    def add(self, ready: SentenceReady, room: Room) -> SentenceReady:
        """Take a sentence into the answer."""
        room.shown.append(ready)
        self.shown.append(ready)
        return ready


def likely_answer(best: Evidence, confidence: float, own: Notices) -> SentenceReady | None:
    """The best evidence as a quotation to read until the answer is worded, where it is likely to be cited in it."""
    is_likely = confidence >= LIKELY and best.is_kind
    return Draft(own=own).quoted(best.sentence, best.release) if is_likely else None


def likely(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Of what the model has ranked the best, and what else it has read and does not hold unlikely to answer, of other
    releases only what it holds about as likely."""
    return [*ranked[:1], *(item for item in ranked[1:] if _is_likely_beside(item, ranked[0]))]


def _is_likely_beside(item: Evidence, best: Evidence) -> bool:
    return item.place is not None and not (_is_unlikely(item, {best.release.id}) or _is_stray(item, best))


def _is_unlikely(item: Evidence, heard: set[str]) -> bool:
    """Whether the sentence hardly answers, as the model that read it holds; `heard`: the releases told already."""
    return item.place is not None and item.log_odds < (HARDLY if item.release.id in heard else UNLIKELY)


def _is_stray(item: Evidence, best: Evidence) -> bool:
    """Whether the sentence is of another release and answers much less likely, as the model that read it holds."""
    is_behind = best.log_odds - item.log_odds > STRAY
    return item.place is not None and item.release.id != best.release.id and is_behind


def _cited(shown: Sequence[SentenceReady]) -> set[str]:
    return {_words(citation.quote) for ready in shown for citation in ready.citations}


def _releases(room: Room) -> set[str]:
    """The releases that what was shown rests on."""
    return {citation.release_id for ready in room.shown for citation in ready.citations}


def _quoted(shown: Sequence[SentenceReady]) -> set[str]:
    """The sentences that stand word for word in what was shown; of one that a wording rests on more may be asked."""
    told = [(_words(ready.sentence.text), ready.citations) for ready in shown]
    return {quote for text, cited in told for citation in cited if (quote := _words(citation.quote)) in text}


def _words(text: str) -> str:
    return " ".join(text.split())


def quotable(evidence: Sequence[Evidence], room: Room) -> list[Evidence]:
    """The evidence to quote after the sentences that were worded: the best that fits into what an answer may hold.

    Nothing worded: the answer may stand in any of the best sentences. Something worded: only what is nearly as good. A
    quotation that a draft pointed at is one of them, for the draft may have been wrong. Where the model has not shown
    where it looks the last is the best of the others as an answer in other words than the question's.
    """
    left, most = room.left, FURTHER if room.is_worded else QUOTED - room.quoted
    heard = _releases(room)
    chosen: list[Evidence] = []
    ranked = _kind_first(evidence[:CONSIDERED])
    if evidence and evidence[0].place is None:
        ranked[most - 1 :] = sorted(ranked[most - 1 :], key=lambda item: -item.reworded)
    for item in ranked:
        fits = room.length(item) <= left or not (chosen or room.shown)
        is_close = evidence[0].log_odds - item.log_odds <= (CLOSE if room.shown else FAR)
        is_stray = item.release.id not in heard and _is_stray(item, evidence[0])
        is_beside = is_close and not (is_stray or (room.shown and _is_unlikely(item, heard)))
        if fits and is_beside and room.is_new(item) and most > 0 and not _among(item, chosen):
            told = room.led(item, left, chosen)
            left, most = left - room.length(*told), most - 1
            chosen += told
    return chosen


def _among(item: Evidence, chosen: Sequence[Evidence]) -> bool:
    return item.sentence.id in (other.sentence.id for other in chosen)


def _kind_first(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Of sentences that fit about as well as the best one, those of the kind asked for lead: they answer alone."""
    near = [item for item in ranked if ranked[0].log_odds - item.log_odds <= ABOUT_AS_WELL and item.is_kind]
    return [*near, *(item for item in ranked if item not in near)]


def spread(evidence: Sequence[Evidence], room: Room, listed: Sought | None = None) -> list[Evidence]:
    """The evidence to quote where several releases may answer: the best two sentences, then one of each release.

    A release that the worded sentences rest on has been heard. In a list of what is `listed` each is quoted as briefly
    as may be, so that more of them have room, and then whatever names a further one.
    """
    heard = _releases(room)
    left = room.left
    chosen: list[Evidence] = []
    for rank, best in enumerate(evidence):
        item = _brief(best, evidence, room) if listed and best.release.id not in heard else best
        is_unheard = item.release.id not in heard or (rank < 2 and not room.shown)
        is_close = evidence[0].log_odds - best.log_odds <= SPREAD_FAR
        fits = room.length(item) <= left
        is_new = room.is_new(item) and not _among(item, chosen)
        if is_unheard and is_close and is_new and fits and len(chosen) < SPREAD:
            heard.add(item.release.id)
            # Whoever is listed has to be told, and there is no room for more.
            told = [item] if listed else room.led(item, left, chosen)
            left -= room.length(*told)
            chosen += told
    for item in _further(evidence, room, chosen, listed) if listed and chosen else ():
        length = room.length(item)
        if length <= left and len(chosen) < SPREAD:
            left -= length
            chosen.append(item)
    return chosen or quotable(evidence, room)


def _further(
    evidence: Sequence[Evidence], room: Room, chosen: Sequence[Evidence], listed: Sought
) -> Iterator[Evidence]:
    """Of the evidence that is close to the best one what names what nothing quoted before does."""
    texts = [item.sentence.text for item in chosen] + [cited.quote for ready in room.shown for cited in ready.citations]
    told = set().union(*(members(listed, text) for text in texts))
    for item in evidence:
        is_close = evidence[0].log_odds - item.log_odds <= SPREAD_FAR
        new = members(listed, item.sentence.text) - told
        if item.is_kind and is_close and new and room.is_new(item):
            told |= new
            yield item


def _brief(best: Evidence, evidence: Sequence[Evidence], room: Room) -> Evidence:
    """The shortest sentence of a release that fits about as well as its best one and is of its kind."""
    near = (
        item
        for item in evidence
        if item.release.id == best.release.id and best.log_odds - item.log_odds <= ABOUT_AS_WELL
    )
    alike = [item for item in near if item.is_kind == best.is_kind and room.is_new(item)]
    return min(alike, key=lambda item: len(item.sentence.text), default=best)
