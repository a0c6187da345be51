"""A follow-up becomes a question that stands alone, from the conversation.

"And when?" carries no topic of its own. Where a question leans on what was said (a pronoun, "and", "there", a bare
question word), the model writes it anew with what it leans on. Small models lose words and add some, so what they write
is taken only where all of the question survives in it and all that is new stood in the conversation; otherwise the last
question and answer are put behind the question as they are. A question with a topic of its own stays as it is: the
conversation has moved on.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.dates import Window, find_window
from index.expansion import expand
from index.terms import terms
from rag.names import NAME_WORD
from rag.prompt_text import on_one_line
from rag.relative_times import relative

Turns = Sequence[dict[str, str]]
"""Earlier turns, oldest first, each {"role": "user" or "assistant", "content": text}."""

BARE = 3
"""A question with fewer terms than this has no topic of its own."""

NAMELESS = 5
"""A question with no more terms, no name and a "the …" by itself speaks of what was spoken of."""

RECALLED = 300
"""Characters of the last answer that are put behind a follow-up."""

BEFORE = " (Before: "
"""Where what was said before begins, behind a follow-up."""

RECENT = 4
"""Turns that a follow-up is read with."""

LONGEST = 300
"""Characters of a rewritten question at most; a longer one is an answer."""

_LEANS = re.compile(
    r"^\W*(and|but|so|also|what about|how about|а|и|но|ал|және)\b"
    r"|\b(he|she|they|him|her|them|his|hers|their|theirs|it|its|there|then|that|those|these|same|both|latter|next time"
    r"|this (?!(?:year|month|week|weekend|quarter|decade|century|morning|afternoon|evening|time|spring|summer|autumn"
    r"|fall|winter|January|February|March|April|May|June|July|August|September|October|November|December)\b)\w+"
    r"|он|она|они|его|ее|её|их|там|тогда|этот|эта|это|ол|олар|сол|онда)\b",
    re.IGNORECASE,
)
_HAPPENS = r"(?! (?:(?!(?:was|is|does|has)\b)\w+(?:s|ed)|can|could|may|took|began|came|went)\b)"
"""Not behind it: "before that happens" is no time that was told."""

_AFTER = re.compile(
    rf"\b(?:next|again|afterwards|later|(?:after|since) (?:that|then|this){_HAPPENS})\b"
    r"|\bпосле этого\b|\bснова\b|\bсодан кейін\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:before (?:that|then|this){_HAPPENS}|earlier|previously)\b|\bдо этого\b|\bраньше\b|\bбұған дейін\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:is|are|was|were|be)\b[^?,]{0,40}\b(?:going to|due|heading|headed|scheduled|expected|planned|supposed|meant)"
    r"\b|\bwill\b",
    re.IGNORECASE,
)
"""What was to come after stands in what told of it: "where was she heading after that?"."""

_ASIDE = re.compile(r", (?:which|who|whom|whose|where|when) [^,?]+(?=,)", re.IGNORECASE)
"""What a rewritten question tells by the way, "the vaccine, which Oslo allowed on 9 March, …", is not when it was."""

_ASKING = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how (?:many|much|long|often|old)"
    r"|кто|кого|кому|что|как\w*|когда|где|куда|почему|сколько|кім|не|қай|қандай|қашан|қайда|неге|қанша|неше)\b",
    re.IGNORECASE,
)
_THEY = re.compile(r"\b(?:they|them)\b", re.IGNORECASE)
_SOMEONE = re.compile(r"\b(?:he|she|him|his|hers?)\b", re.IGNORECASE)
_STANDS_FOR = re.compile(
    r"\b(?:the same|same|that|this|those|these|his|her|their|its|the two of|both|the)\s+(?P<noun>\w+)", re.IGNORECASE
)
"""A noun after such a word may give way to what it stands for: "that day" to the day."""

_DEFINITE = re.compile(r"\bthe (?!(?:[\w-]+ ){1,3}?(?:of|against|on|for|between|with|about|from) \w)", re.IGNORECASE)
_SAME_DAY = re.compile(r"\b(same|that) day\b|\b(в тот же|в этот) день\b|\bсол күні\b", re.IGNORECASE)
_NAMED = re.compile(r"\b[A-ZА-ЯЁӘҒҚҢӨҰҮІ]\w")
_CALENDAR = frozenset(
    terms(
        "January February March April May June July August September October November December Monday Tuesday Wednesday"
        " Thursday Friday Saturday Sunday day week month year"
    )
)
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
    return f"{question.strip()}{BEFORE}{before})" if before else question


def script(history: Turns) -> str:
    """The last turns as a model reads them: a line a turn, without markers."""
    told = history[-RECENT:]
    lines = [f"{turn['role'].capitalize()}: {_MARKERS.sub('', turn['content'])[:RECALLED]}" for turn in told]
    return "\n".join(on_one_line(line) for line in lines)


def leans(question: str) -> bool:
    """Whether a question needs the conversation to be understood: "the site" alone is the one that was spoken of."""
    return bool(_LEANS.search(question)) or len(terms(question)) < BARE or _is_nameless(question)


def _is_nameless(question: str) -> bool:
    names = (term for name in NAME_WORD.findall(question) for term in terms(name))
    is_short = len(terms(question)) <= NAMELESS
    return is_short and bool(_DEFINITE.search(question)) and _CALENDAR.issuperset(names)


def is_faithful(rewritten: str, question: str, history: Turns) -> bool:
    """Whether a model's rewriting is the same question: it asks for the same things in one line, all the question's
    words survive (or others for them), and whatever is new stood in the conversation and is put in for something. Where
    it had no name of its own, more than a day has come in: "how many were there on 3 June" has lost its topic.
    """
    if (
        not rewritten.endswith("?")
        or "\n" in rewritten
        or len(rewritten) > LONGEST
        or _is_unresolved(rewritten, question)
    ):
        return False
    kept, told = _known(rewritten), _known(" ".join(turn["content"] for turn in history))
    asked = {word.lower() for word in _ASKING.findall(question)}
    replaceable = set(terms(" ".join(match["noun"] or match["number"] for match in _STANDS_FOR.finditer(question))))
    lost = [term for term in terms(_LEANS.sub(" ", question)) if term not in kept | replaceable]
    new = [term for term in terms(rewritten) if term not in _known(question)]
    return (
        asked <= {word.lower() for word in _ASKING.findall(rewritten)}
        and not lost
        and bool(new)
        and (_NAMED.search(question.strip()[1:]) is not None or any(_tells_what(term) for term in new))
        and all(term in told for term in new)
    )


def _is_unresolved(rewritten: str, question: str) -> bool:
    """Whether it still speaks of somebody whom nothing put in before tells: "had his country ever led one of them?"."""
    known = _known(question)

    def put_in(before: str) -> list[str]:
        return [word for word in re.findall(r"[\w’'-]+", before) if not known.issuperset(terms(word))]

    they, someone = _THEY.search(rewritten), _SOMEONE.search(rewritten)
    if they and not any(word.endswith("s") for word in put_in(rewritten[: they.start()])):
        return True
    return someone is not None and not put_in(rewritten[: someone.start()])


def _tells_what(term: str) -> bool:
    """Whether a term is of more than a day."""
    return term.isalpha() and term not in _CALENDAR


def _known(text: str) -> set[str]:
    """The terms of a text and others for them."""
    return {term for group in expand(text) for term in group}


def window(question: str, history: Turns, now: date, rewritten: str = "") -> Window:
    """The window of the question's own words, or of those it was given by the conversation.

    "The same day" is the day the last answer spoke of; "after that" and "again" begin the day after it, "before
    that" ends the day before.
    """
    found = find_window(question, now)
    if not history or found.since or found.until:
        return find_window(rewritten, now) if rewritten else found
    told = find_window(history[-1]["content"], now)
    if counted := relative(question, told):
        return replace(counted, latest=found.latest)
    if told.since and told.since == told.until and _SAME_DAY.search(question):
        return Window(told.since, told.until, found.latest, told.words)
    if told.until and _AFTER.search(question) and not _PLANNED.search(question):
        return Window(told.until + timedelta(1), None, found.latest, told.words)
    if told.since and _BEFORE.search(question):
        return Window(None, told.since - timedelta(1), found.latest, told.words)
    return find_window(_ASIDE.sub("", rewritten), now) if rewritten else found
