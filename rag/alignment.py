"""The sentence laid beside the evidence closest to it in wording: where one took the place of the other.

Exact rules ask whether a name or number is anywhere in the evidence. Laid side by side, a sentence also shows that a
name stands where the evidence has another, that two names changed places, or that a word became its opposite.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from rag.antonyms import antonyms
from rag.claims import Kind, Missing, abbreviated, bears, undone
from rag.figures import YEAR
from rag.names import TITLES, Name, alike
from rag.reading import Reading

LONGEST_CHANGE = 7
"""Words; where more than these differ, the two are worded apart and their places say nothing."""

REACH, SHARED = 3, 2
"""Words on either side of a word that are its neighbours, and how many two words must share to be in one place."""

COPIED = 0.6
"""Share of the sentence's words that the nearest evidence must have in the same order for places to say anything."""

LONGEST_DENIAL = 3
"""Words; where more were put in or left out, a whole clause was, and its denials with it."""

CONTRARY = ("deeds", "qualities")
"""The opposites that a sentence and its evidence cannot hold in one place."""

_MUTUAL = frozenset(
    """
    met meet meeting spoke speak talked discussed agreed joined and with between
    """.split()
)


def nearest(stated: Reading, evidence: Sequence[Reading]) -> Reading:
    """The evidence that shares most words with the sentence, the shorter one of equals."""
    return max(evidence, key=lambda reading: (len(stated.stem_set & reading.stem_set), -len(reading.stems)))


def conflicts(stated: Reading, near: Reading, known: Sequence[Reading]) -> Iterator[Missing]:
    """Names, numbers, dates and denials of the sentence that stand where the nearest evidence has others.

    `known` is all that was read, titles included: it tells whose title a `Chancellor` is.
    """
    matcher = SequenceMatcher(None, stated.lows, near.lows, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    if shared < COPIED * len(stated.lows):
        return
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "replace" and j - i <= LONGEST_DENIAL:
            m = min(m, k + LONGEST_CHANGE)  # a replaced word before a clause that was left out
        if tag == "equal" or max(j - i, m - k) > LONGEST_CHANGE:
            continue
        if max(j - i, m - k) <= LONGEST_DENIAL:
            yield from _denial_conflicts(stated, near, (i, j), (k, m))
        if tag == "replace":
            here, there = _span(stated, i, j), _span(near, k, m)
            yield from _name_conflicts(stated, near, here, there)
            yield from _title_conflicts(stated, near, known, (i, j), (k, m))
            yield from _number_conflicts(stated, near, here, there)
            yield from _date_conflicts(stated, near, here, there)
            yield from _year_conflicts(stated, near, (i, j), (k, m))
            yield from _opposites(stated, near, (i, j), (k, m))


def swapped(stated: Reading, near: Reading) -> Iterator[Missing]:
    """Two names that changed places around the same verb: `A told B` beside `B told A`."""
    named = [name for name in stated.names if bears(near, name) and _place(stated, name) is not None]
    for first, second in pairwise(named):
        between = {t.low for t in stated.tokens if first.end <= t.start < second.start and t.stem and not t.capital}
        places = _place(near, first), _place(near, second)
        if not between or between & _MUTUAL or None in places or places[0] < places[1]:  # type: ignore[operator]
            continue
        inside = {near.tokens[at].low for at in range(places[1], places[0])}  # type: ignore[arg-type]
        passive = ("by" in inside) != ("by" in _lows_between(stated, first.end, second.start))
        if between & inside and not passive and not inside & _MUTUAL:
            yield Missing(Kind.ROLES, stated.text[first.start : second.end])


def opposed(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """Words that no evidence has, where it has their opposite beside the same neighbours."""
    known = frozenset[str]().union(*(reading.stem_set for reading in evidence))
    for at, stem in enumerate(stated.stems):
        against = antonyms(CONTRARY).get(stem, frozenset()) - stated.stem_set if stem not in known else frozenset[str]()
        beside = _beside(stated, at)
        for reading in evidence if against else ():
            places = [place for place, other in enumerate(reading.stems) if other in against]
            if any(len(beside & _beside(reading, place)) >= SHARED for place in places):
                yield Missing(Kind.MEANING, stem)


def _beside(reading: Reading, at: int) -> set[str]:
    return {*reading.stems[max(0, at - REACH) : at], *reading.stems[at + 1 : at + 1 + REACH]}


def _span(reading: Reading, first: int, last: int) -> tuple[int, int]:
    return reading.tokens[first].start, reading.tokens[last - 1].end


def _inside(item: tuple[int, int], span: tuple[int, int]) -> bool:
    return item[0] < span[1] and span[0] < item[1]


def _denial_conflicts(
    stated: Reading, near: Reading, here: tuple[int, int], there: tuple[int, int]
) -> Iterator[Missing]:
    """A denial put in or taken out between words that are otherwise the same."""
    own = [cue for cue in stated.denied if _touches(stated, cue.start, here) and not undone(cue, near.stem_set)]
    other = [cue for cue in near.denied if _touches(near, cue.start, there) and not undone(cue, stated.stem_set)]
    if (len(own) - len(other)) % 2:
        first, last = max(0, here[0] - 1), min(len(stated.tokens), here[1] + 2)
        yield Missing(Kind.NEGATION, stated.text[stated.tokens[first].start : stated.tokens[last - 1].end])


def _opposites(stated: Reading, near: Reading, here: tuple[int, int], there: tuple[int, int]) -> Iterator[Missing]:
    """A word in the place of its opposite, which the sentence does not have."""
    others = {token.stem for token in near.tokens[there[0] : there[1]]} - stated.stem_set
    for token in stated.tokens[here[0] : here[1]]:
        if token.stem not in near.stem_set and not others.isdisjoint(antonyms(CONTRARY).get(token.stem, ())):
            yield Missing(Kind.MEANING, token.text)


def _touches(reading: Reading, place: int, span: tuple[int, int]) -> bool:
    return any(token.start <= place < token.end for token in reading.tokens[span[0] : span[1]])


def _name_conflicts(stated: Reading, near: Reading, here: tuple[int, int], there: tuple[int, int]) -> Iterator[Missing]:
    rivals = [name for name in near.names if _inside((name.start, name.end), there) and _lacks(stated, near, name)]
    for name in stated.names:
        if not _inside((name.start, name.end), here) or not rivals:
            continue
        if any(alike(word, other) for rival in rivals for word in name.words for other in rival.words):
            if not any(_differ(name, rival) for rival in rivals):
                continue
        elif abbreviated(name, stated, near):
            continue
        if _small(stated, here) or not bears(near, name):
            yield Missing(Kind.NAME, stated.text[name.start : name.end])


def _title_conflicts(
    stated: Reading, near: Reading, known: Sequence[Reading], here: tuple[int, int], there: tuple[int, int]
) -> Iterator[Missing]:
    """A name in the place of a title that nothing read gives to it: `Munich` for `the Chancellor`."""
    titles = {token.low for token in near.tokens[there[0] : there[1]] if token.low in TITLES and token.capital}
    titles -= set(stated.lows[here[0] : here[1]])
    if not titles or here[1] - here[0] > LONGEST_DENIAL:
        return
    for name in stated.names:
        held = any(not titles.isdisjoint(run) and name.words[-1] in run for reading in known for run in reading.runs)
        if _inside((name.start, name.end), _span(stated, *here)) and not held:
            yield Missing(Kind.NAME, stated.text[name.start : name.end])


def _small(stated: Reading, here: tuple[int, int]) -> bool:
    """Whether so few words were exchanged that what the evidence says elsewhere does not excuse them."""
    return len(stated.text[here[0] : here[1]].split()) <= LONGEST_DENIAL


def _differ(name: Name, rival: Name) -> bool:
    """Whether two names that share a word are two all the same: `Jake Sullivan`, `Jake Smith`."""
    return not (set(name.words) <= set(rival.words) or set(rival.words) <= set(name.words))


def _lacks(stated: Reading, near: Reading, name: Name) -> bool:
    """Whether the sentence has the name less often than the evidence."""
    return any(stated.lows.count(word) < near.lows.count(word) for word in name.words)


def _number_conflicts(
    stated: Reading, near: Reading, here: tuple[int, int], there: tuple[int, int]
) -> Iterator[Missing]:
    rivals = [
        other
        for other in near.quantities
        if _inside((other.start, other.end), there) and not any(other.same(own) for own in stated.quantities)
    ]
    for claim in stated.quantities:
        if not rivals or not _inside((claim.start, claim.end), here):
            continue
        if _small(stated, here) or not any(claim.same(other) for other in near.quantities):
            yield Missing(Kind.NUMBER, stated.text[claim.start : claim.end])


def _date_conflicts(stated: Reading, near: Reading, here: tuple[int, int], there: tuple[int, int]) -> Iterator[Missing]:
    rivals = [period for period in near.dates if _inside((period.start, period.end), there)]
    for claim in stated.dates:
        apart = [rival for rival in rivals if rival.until < claim.since or claim.until < rival.since]
        if rivals and len(apart) == len(rivals) and _inside((claim.start, claim.end), here):
            yield Missing(Kind.DATE, stated.text[claim.start : claim.end])


def _year_conflicts(stated: Reading, near: Reading, here: tuple[int, int], there: tuple[int, int]) -> Iterator[Missing]:
    """A year where the evidence has another, in a span of years that states no date: `from 2006 to 2009`."""
    rivals = {low for low in near.lows[there[0] : there[1]] if YEAR.fullmatch(low)} - set(stated.lows)
    for low in stated.lows[here[0] : here[1]]:
        if rivals and YEAR.fullmatch(low):
            yield Missing(Kind.DATE, low)


def _place(reading: Reading, name: Name) -> int | None:
    """Where a text has a name, if it has it once."""
    places = [at for at, low in enumerate(reading.lows) if low == name.words[-1]]
    return places[0] if len(places) == 1 else None


def _lows_between(reading: Reading, start: int, end: int) -> set[str]:
    return {token.low for token in reading.tokens if start <= token.start < end}
