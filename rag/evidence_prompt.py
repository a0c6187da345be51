"""Which of the evidence the model reads, and how it stands in a prompt: as little as may be, for reading is what takes
time."""

from collections.abc import Sequence

from rag.conversation import BEFORE
from rag.evidence import Evidence
from rag.notices import when
from rag.prompt_text import framed, on_one_line

JUDGED, WORDED, READ = 4, 8, 12
"""Evidence sentences the model sees when it judges, when it words (the further of the best release) and at most when it
ranks them at a glance. Of more it believes too readily that they answer, though it finds the answer in them more
often."""

WORTH, WORTH_FURTHER = 3.0, 4.0
"""How far a sentence may lie behind the best one, as an answer in other words, and still be ranked at a glance; and for
a follow-up, whose words are mostly those of the question before. So 411 of 415 parts of questions keep the sentence
that answers, and 64 of 66 follow-ups, for 170 and 202 words of 304 and 302."""

WORDS = 300
"""Words that the model reads to rank sentences, unless the best few have more."""


def worth_reading(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """What is offered to the model to rank it: the best few, and what is as likely to answer in other words."""
    offered, far = evidence[:READ], WORTH_FURTHER if BEFORE in question else WORTH
    best = max((item.reworded for item in offered), default=0.0)
    further = (item for item in offered[JUDGED:] if best - item.reworded <= far)
    return [*offered[:JUDGED], *further]


def within(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Of the evidence the best few, and then, the likeliest in other words first, whatever still fits."""
    chosen = list(evidence[:JUDGED])
    words = sum(_words(item) for item in chosen)
    for item in sorted(evidence[JUDGED:], key=lambda item: -item.reworded):
        if words + _words(item) <= WORDS:
            chosen.append(item)
            words += _words(item)
    return [item for item in evidence if item in chosen]


def as_read(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence in the order in which the model has read it."""
    return sorted(evidence, key=lambda item: item.place or 0)


def in_view(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that the model words an answer from: the best few, and more of the release that leads them.

    Of other releases more would lead it astray, where a fact of the best one may stand in any of its sentences. Where
    it has shown which are the best, those are enough.
    """
    if evidence and evidence[0].place is not None:
        return list(evidence[:JUDGED])
    further = [item for item in evidence[JUDGED:] if item.release.id == evidence[0].release.id]
    return [*evidence[:JUDGED], *further][:WORDED]


def dated(item: Evidence) -> str:
    """A sentence as it stands in a prompt."""
    return f"({when(item.release.date)}) {framed(item.sentence.text)}"


def user_words(question: str, evidence: Sequence[Evidence], task: str) -> str:
    """The evidence with its dates, the question, and what is to be done with them."""
    text = " ".join(dated(item) for item in evidence)
    return f"Text: {text}\n\nQuestion: {on_one_line(question)}\n\n{task}"


def _words(item: Evidence) -> int:
    return len(item.sentence.text.split())
