"""The kind of answer asked for without a question word: "cost of the visit", "Signing of the treaty - date?"."""

import re

from rag.answer_nouns import KINDS, NAMED, Kind, nouns
from rag.question_words import WH

_ADJECTIVES = (
    r"(?:(?:the|a|any|its|their|his|her|exact|latest|newest|most recent|current|average|total|monthly|annual|yearly"
    r"|daily|weekly|final|overall|precise|full|official|first|two|three|four|five) )*"
)
_WORDS = {
    Kind.COUNT: "numbers?|headcount|no\\.",
    Kind.MONEY: "price tags?|costs?|prices?|sum|bill|budget|fees?|fine|grant|loan|salary|revenue|compensation"
    "|debt|deficit|surplus",
    Kind.SHARE: "share|percentage|per ?cent|pct\\.?|proportion|fraction|rate",
    Kind.TIME: "dates?|day|month|year|time",
    Kind.FUTURE: "deadline|closing date|due date|expiry date|start date|target year|planned start",
    Kind.DURATION: "duration|notice period|time left|length of (?:time|stay)|average wait|waiting time",
    Kind.PLACE: "place|venue|location|site|seat",
    Kind.NUMBER: "amount|figures?|total|value|size|rank|magnitude|level|length|depth|height|width|distance|speed"
    "|temperature|turnout|rainfall|average|population|capacity|water level|speed limit|output|radius|quota"
    "|exchange rate|total value",
}
_ASKED = "|".join(
    rf"(?P<{kind.value}>{words})" for kind, words in sorted(_WORDS.items(), key=lambda pair: pair[0] is Kind.NUMBER)
)
_BEGGING = (
    r"\W*(?:(?:please|hello|hi|sorry|and|so|also|just|need this quick)\b[,:]? )*"
    r"(?:(?:can|could|would) you (?:please )?|(?:I|we)(?: would|['’]d)? (?:like|need|want|am after|['’]m after) "
    r"|I['’]m (?:after|looking for) |looking for |have you got |got )?"
    r"(?:(?:please )?(?:give|tell|send|find|get|show|name) (?:me|us) )?"
)
_HEAD = re.compile(
    rf"^{_BEGGING}{_ADJECTIVES}"
    rf"(?:names? of {_ADJECTIVES}(?P<named>(?:[\w’'-]+ ){{0,3}}?(?:{nouns(*NAMED)}))\b|(?P<name>names?)(?= of\b)"
    rf"|(?:{_ASKED})(?= (?:of|for|on|in|at|to|by|from|per|as|near|used|paid|charged|set|picked|pledged|left|currently"
    r"|the|that|when|our|its)\b)"
    r"|(?P<person>successor|predecessor|winner|head|leader|author|chair|holder)(?= (?:of|as|to)\b)"
    rf"|(?P<thing>{nouns(*NAMED)})(?= (?:that|who|which|listed|responsible|in charge|behind)\b))",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:[:,;–—]| -)\s+{_ADJECTIVES}(?:(?P<name>names?)|{_ASKED})(?: (?:of|for|in|at)(?: [\w’'-]+){{1,4}}"
    r"| (?:going|so far|please))?\W*$",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(rf"\b(?:{nouns(*NAMED)})\b", re.IGNORECASE)
_WHICH_ONE = re.compile(
    r"^\W*(?:and |but )?(?:which|who|whose)(?: (?:one|was it|is it|one (?:is|was|would|could) (?:it|that)))?(?:,|\W*$)"
    r"|^\W*(?:and |but )?which one (?:is|was|were|are|did|does|has|had|will)\b",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\b(?:one of the|an?|one|any|some|several|single|neighbou?ring) (?:(?!(?:of|the|in|to)\b)[\w’'-]+ ){0,3}?"
    rf"(?P<noun>{nouns(*NAMED)})\b",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\b{WH}\b", re.IGNORECASE)


def fragment(question: str) -> Kind | None:
    """The kind that a question without a question word, or with one behind the noun that asks, asks for; else None."""
    head = _HEAD.match(question)
    asked = _ASKS.search(question)
    match = head if head and not (asked and asked.start() < head.end()) else None if asked else _TAIL.search(question)
    if not match:
        return None
    found = {name: words for name, words in match.groupdict().items() if words}
    if found.get("named") or found.get("thing"):
        return KINDS[_last_noun(found.get("named") or found["thing"])]
    return Kind.NAME if "name" in found else Kind(next(iter(found)))


def one_of(question: str, core: str) -> Kind | None:
    """The kind of what a bare "which one" asks for, told before it: "one firm ran it, which one was that?"."""
    if not _WHICH_ONE.match(core):
        return None
    told = list(_ONE_OF.finditer(question, 0, len(question) - len(core)))
    return KINDS[told[-1]["noun"].lower()] if told else None


def _last_noun(phrase: str) -> str:
    return [match[0].lower() for match in _BEFORE_NAME.finditer(phrase)][-1]
