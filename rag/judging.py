"""How likely the evidence answers a part of a question, with the model's say; of "the latest" release by release."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

from index.hits import Hit
from index.newest import asks_newest
from index.release import Release
from rag import answerability
from rag.answer_nouns import Kind
from rag.conversation import BEFORE
from rag.evidence import Evidence, by_release
from rag.kinds import sought
from rag.names import NAME_WORD
from rag.probe import Held
from rag.quoting import likely
from rag.turn import Part, Turn

TRIED = 4
"""Releases that are judged one by one, the newest first, where the latest is asked for."""

RELEASES, OF_EACH = 6, 8
"""Releases whose sentences are read, all that were found where several have to answer together or the newest does; and
sentences of those that are read alone."""

SURE, AS_LIKELY, AS_FITTING = 0.85, 0.08, 0.95
"""A probability that ends the trying, how much less likely than the best a newer release may be, and the share of the
best search score from which it may be less likely still."""


NEWER, AS_CLOSE, BEHIND = 2, 0.68, 1.5
"""Releases newer than the one that surely answers which are tried after it, the share of the best search score that
they must reach, and the log-odds by which their answer may lie behind: of 34 questions for the latest in three sets
one is led aright and one astray, which had been answered wrongly before."""

CERTAIN = 0.95
"""A probability that is believed though the model words no answer."""

PLAIN, ABSENT = 0.97, 0.1
"""Probabilities that are believed at a glance, from the one up and from the other down. Of 628 parts of eight sets,
each by what the others taught and with up to twelve sentences read, 310 reach the first, 295 of the 445 whose answer
was read and none of 66 near misses, and 37 the second, 34 of them without an answer."""


def is_sure(part: Part) -> bool:
    """Whether its sentences are quoted though the model finds no answer in them: a figure or a country that is asked
    for stands there, or all but certainly the answer, and the best of them is of its kind."""
    # The one sentence that is asked of the model tells few of several.
    if part.confidence >= (SURE if part.several else CERTAIN) and part.evidence[0].is_kind:
        return sought(part.question).kind is not Kind.OTHER
    return part.confidence >= SURE and answerability.holds_kind(part.question, part.evidence)


class Judged(NamedTuple):
    """The evidence as the model ranks it, how likely it answers, what the model held when it judged it, and whether it
    plainly answers, so that it was not judged."""

    evidence: list[Evidence]
    chance: float
    held: Held | None
    is_plain: bool = False


def judge(turn: Turn, part: Part, threshold: float, stopped: Callable[[], bool]) -> None:
    """Set the confidence of a part, its evidence as the model ranks it, and what it makes of that; for "the latest", of
    the newest release that answers alone.

    Shown several calls with their days, a small model words any of them, so each release is judged by itself.
    """
    apart = by_release(part.evidence)[:TRIED]
    is_newest = asks_newest(part.window) and not part.several and len(apart) > 1
    found: list[Judged] = []
    for own in apart if is_newest and turn.drafter.model else ():
        of_it = [hit for hit in part.hits if hit.release.id == own[0].release.id]
        found.append(judged(turn, part, _read(turn, part, of_it), stopped))
        if found[-1].chance >= SURE:
            break
    scores = {hit.release.id: hit.score for hit in part.hits}
    # A newer release that fits the whole question as well as any need only answer it.
    fits = bool(apart) and scores.get(apart[0][0].release.id, 0.0) >= AS_FITTING * max(scores.values(), default=0.0)
    line = threshold if fits else max(threshold, max((each.chance for each in found), default=0.0) - AS_LIKELY)
    newest = next((each for each in found if each.chance >= line), None)
    told = newest or judged(turn, part, part.evidence, stopped, part.several)
    if asks_newest(part.window) and not part.several and told.chance >= SURE and turn.drafter.model:
        tried = {each.evidence[0].release.id for each in found}
        told = _newer(turn, part, told, tried, stopped) or told
    is_any_time = not part.window.parts and not asks_newest(part.window)
    if part.several and is_any_time and told.chance < threshold and turn.drafter.model:
        # One sentence may hold all that is asked for; the model sees which where it looks for one.
        alone = judged(turn, part, _read(turn, part, part.hits[:RELEASES]), stopped)
        told = alone if alone.chance >= threshold else told
    part.evidence, part.confidence, part.held, part.is_plain = told


def _newer(turn: Turn, part: Part, told: Judged, tried: Collection[str], stopped: Callable[[], bool]) -> Judged | None:
    """The answer of a newer release that was not tried, since its sentences fit less well, and plainly answers too.

    It holds the names of the question that the other does: the newest about Doha is not the newest about Bishkek.
    """
    names = NAME_WORD.findall(part.question.partition(BEFORE)[0])
    held = [name for name in names if holds_name(told.evidence[0].release, name)]
    until, day = part.window.until or date.max, told.evidence[0].release.date or date.min
    line = AS_CLOSE * max(hit.score for hit in part.hits)
    newer = [
        hit
        for hit in part.hits
        if hit.score >= line
        and hit.release.id not in tried
        and day < (hit.release.date or date.min) <= until
        and all(holds_name(hit.release, name) for name in held)
    ]
    likely_newer = sorted(newer, key=lambda hit: -hit.score)[:NEWER]
    for hit in sorted(likely_newer, key=lambda hit: hit.release.date or date.min, reverse=True):
        own = _read(turn, part, [hit])
        answer = judged(turn, part, own, stopped) if own else None
        if answer and answer.chance >= PLAIN and _fits(answer.evidence[0], told.evidence[0]):
            return answer
    return None


def holds_name(release: Release, name: str) -> bool:
    """Whether a release holds a name, in its title or text."""
    return name.lower() in f"{release.title}\n{release.text}".lower()


def _fits(newer: Evidence, told: Evidence) -> bool:
    return newer.is_kind >= told.is_kind and newer.log_odds >= told.log_odds - BEHIND


def _read(turn: Turn, part: Part, hits: list[Hit]) -> list[Evidence]:
    """The best sentences of these releases alone: of all that was found they may have been left but one."""
    return turn.reader.evidence.read(part.question, hits, OF_EACH, window=part.window)


def judged(
    turn: Turn, part: Part, evidence: list[Evidence], stopped: Callable[[], bool], several: bool = False
) -> Judged:
    """The evidence with the model's say on it; `several`: several releases answer, and it looks at one of them.

    Among many sentences the model knows an answer that plainly stands there, but believes too readily that others do:
    where neither that nor the opposite is plain it reads the best few without the rest.
    """
    features = answerability.features(part.question, evidence, turn.reader.snapshot.lexicon)
    seen = None if several else turn.drafter.glance(part.question, evidence, stopped)
    if seen:
        evidence, held = seen
        features = answerability.shown(features, evidence)
        chance = at_a_glance(features, held)
        if chance is not None:
            is_plain = chance >= PLAIN
            return Judged(likely(evidence) if is_plain else evidence, chance, None, is_plain)
    verdict = turn.drafter.judge(part.question, evidence, stopped)
    return Judged(evidence, answerability.probability(features, verdict), verdict.held if verdict else None)


def at_a_glance(features: Mapping[str, float], held: Held) -> float | None:
    """How likely the evidence answers, where that is plain before it is judged; None where it is not, or where the text
    may say otherwise than the question supposes."""
    chance = answerability.glanced(features, held)
    return None if ABSENT < chance < PLAIN or held.denies >= 0 else chance
