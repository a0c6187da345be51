"""Example questions made from the releases at hand, each checked to be answered by them."""

import re
from collections.abc import Iterator

from rag import answerability
from rag.library import Reader

RELEASES = 30
"""The newest releases that examples are made from."""

MOST = 4
LIKELY = 0.6
"""Examples below this probability of being answered are not offered."""

_SHORT_FORM = re.compile(r"\b((?:[A-Z][\w’'-]+ )(?:(?:[A-Z][\w’'-]+|of|for|on|and|the|in|de) ){1,7})\(([A-Z]{2,8})\)")
_DEED = re.compile(r"\b([A-Z][\w’'-]+ [A-Z][\w’'-]+),? (met|spoke|held talks) with")
_VERBS = {"met": "Whom did {} meet?", "spoke": "With whom did {} speak?", "held talks": "With whom did {} hold talks?"}


def examples(reader: Reader) -> list[str]:
    """Up to four questions, about different releases where there are several."""
    found: list[str] = []
    for question in _candidates(reader):
        if len(found) == MOST:
            break
        if question not in found and _is_answered(question, reader):
            found.append(question)
    return found


def _candidates(reader: Reader) -> Iterator[str]:
    texts = [release.text for _, release in zip(range(RELEASES), reader.snapshot.catalog.releases(True), strict=False)]
    makers = [list(_questions(text)) for text in texts]
    for place in range(max(map(len, makers), default=0)):
        yield from (questions[place] for questions in makers if place < len(questions))


def _questions(text: str) -> Iterator[str]:
    for match in _DEED.finditer(text):
        yield _VERBS[match[2]].format(match[1])
    for match in _SHORT_FORM.finditer(text):
        yield f"What do the releases say about the {match[1].strip()}?"


def _is_answered(question: str, reader: Reader) -> bool:
    evidence = reader.evidence.read(question, reader.searcher.search(question, count=3), 8)
    return answerability.probability(answerability.features(question, evidence, reader.snapshot.lexicon)) >= LIKELY
