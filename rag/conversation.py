"""A follow-up becomes a question that stands alone, from the conversation, without a model.

"And when?" carries no topic of its own. Where a question leans on what was said (a pronoun, "and", "there", a bare
question word), the last question and answer are put behind it, so that search finds their release and the model knows
who "he" is. A question with a topic of its own stays as it is: the conversation has moved on.
"""

import re
from collections.abc import Sequence
from datetime import date

from index.dates import Window, find_window
from index.terms import terms

Turns = Sequence[dict[str, str]]
"""Earlier turns, oldest first, each {"role": "user" or "assistant", "content": text}."""

BARE = 3
"""A question with fewer terms than this has no topic of its own."""

RECALLED = 300
"""Characters of the last answer that are put behind a follow-up."""

_LEANS = re.compile(
    r"^\W*(and|but|so|also|what about|how about|а|и|но|ал|және)\b"
    r"|\b(he|she|they|him|her|them|his|hers|their|theirs|it|its|there|then|that|those|these|same|both|latter"
    r"|он|она|они|его|ее|её|их|там|тогда|этот|эта|это|ол|олар|сол|онда)\b",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"\b(same|that) day\b|\b(в тот же|в этот) день\b|\bсол күні\b", re.IGNORECASE)
_MARKERS = re.compile(r"\s*\[\d+\]")


def standalone(question: str, history: Turns, leaning: bool = False) -> str:
    """The question with what it leans on; itself where it stands alone or nothing was said before.

    `leaning`: it is known to need what was said.
    """
    if not history or not (leaning or leans(question)):
        return question
    asked = next((turn["content"] for turn in reversed(history) if turn["role"] == "user"), "")
    told = "" if history[-1]["role"] == "user" else history[-1]["content"]
    before = " ".join(f"{asked} {_MARKERS.sub('', told)[:RECALLED]}".split())
    return f"{question.strip()} (Before: {before})" if before else question


def leans(question: str) -> bool:
    """Whether a question needs the conversation to be understood."""
    return bool(_LEANS.search(question)) or len(terms(question)) < BARE


def window(question: str, history: Turns, now: date) -> Window:
    """The window of the question's own words; "the same day" is the day the last answer spoke of."""
    found = find_window(question, now)
    if history and _SAME_DAY.search(question) and found.since is None and found.until is None:
        told = find_window(history[-1]["content"], now)
        if told.since and told.since == told.until:
            return Window(told.since, told.until, found.latest, told.words)
    return found
