"""How well a text holds the words of a question, by their rarity and by what else may stand for them."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from index.expansion import Alternatives, stands
from index.lexical import Lexicon
from index.terms import terms
from rag.conversation import BARE, BEFORE

RECALLED = 0.4
"""What a word of the conversation counts beside one of the follow-up itself."""

FOLLOWS = 0.8
"""What the words of the sentence before it count for a sentence that points back to it."""

_POINTS_BACK = re.compile(r"\W*(?:he|she|it|they|his|her|hers|its|their|this|these|those)\b", re.IGNORECASE)
"""Words that begin a sentence about what the sentence before it named."""


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
