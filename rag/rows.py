"""The clauses of a question that asks several things: "who led it, where did they meet, and what was signed?"."""

import re

from index.expansion import names_country
from index.terms import terms
from rag.answer_nouns import Kind, nouns
from rag.fragments import fragment
from rag.question_words import ASKS, AUXILIARY, LINKS, WH

SHORTEST, TELLING = 3, 2
"""Words of a clause that asks something by itself, and how many of them must tell what about where it has no auxiliary
verb: "when did they speak", but not "when" or "at what time"."""

IN_PLACE = 4
"""Words of a clause whose question word stands at its end: "the ban takes effect when"."""

_CLAUSES = re.compile(
    rf"^(?P<first>.*\b{WH}\b.+?|{AUXILIARY}\b.+?),? (?:and|plus) (?:if so,? |also |exactly )?"
    r"(?P<second>(?:as things stand,? |currently )?"
    rf"(?:(?:in|at|on|to|for|by|with|from|of|up to|at least|roughly) )?{WH}\b.*"
    rf"|(?:about|since|near|through|during|after|before|until|under|into|over) {WH}\b.*\b{AUXILIARY}\b.*"
    r"|(?:since|over|concerning|regarding) (?:when|what|whom)\W*)$",
    re.IGNORECASE | re.DOTALL,
)
_WHETHER = re.compile(
    rf"^(?P<first>.*\b{WH}\b.+?|{AUXILIARY}\b.+?), and "
    r"(?P<second>(?:did|does|do|has|have|had|is|are|was|were|will|can|could) "
    r"(?:(?:the|an?|he|she|it|they|there|any|anyone|anybody|his|her|its|their|this|that|these|those|we|you)\b"
    r"|(?-i:[A-Z])).*)$",
    re.IGNORECASE | re.DOTALL,
)
"""A second clause that asks whether: "what was agreed, and was it signed?"."""

_THING_OF = re.compile(
    rf"^(?P<first>(?:.*\b{WH}\b|{AUXILIARY}\b|[^?]*\b(?:of|for|on)\b).+?)"
    r"(?P<join>,? (?:and|as well as|together with|along with|plus) )(?P<second>(?:the|its|her|his|their) (?:exact )?"
    r"(?:name|number|date|length|cost|price|size|amount|total|value|venue|title|location|duration|share)s?"
    r" (?:of|on|for|at|in)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""A second thing that is asked for by its noun: "who leads it, and the number of its members"."""

_BESIDE = re.compile(
    rf"^(?P<first>[^?]{{4,300}}?),? (?:and|plus) (?P<second>(?:(?:{LINKS}) )?{WH}\b.*)$", re.IGNORECASE | re.DOTALL
)
"""Behind what asks without a question word, or with one at its end."""

_NAME = re.compile(r"^\W*(?:please )?(?:name|list|give me|tell me) ", re.IGNORECASE)
_GIVES = re.compile(
    r"^\W*(?:please )?(?:(?:can|could|would|will) you )?(?:please )?(?:give|tell|send|get|find|show) me\b",
    re.IGNORECASE,
)
_AT_END = re.compile(
    r"(?<!\babout)(?<!\bon)(?<!\bknow)(?<!\bknows)(?<!\bof) (?:when|where|who|whom|what)$", re.IGNORECASE
)

_ENDS_ASKING = re.compile(rf"\b{WH}\?$", re.IGNORECASE)
_BARE_HOW = re.compile(r"^how (?:in|on|for|during|by|at)\b", re.IGNORECASE)
_ASKS_HOW = re.compile(rf"\bhow {AUXILIARY}\b", re.IGNORECASE)
"""No two clauses: "about why and how was it built?"; a bare "how" needs one before: "how was it, and how in May?"."""

_NOUN = (
    rf"(?:{nouns(*Kind)}|share|stake|part|treaty|law|accord|agreement|scheme|programme|office|step|measure|condition"
    r"|reason|topic|issue|document)s?"
)
_LISTED = re.compile(
    rf",(?: and)? (?=(?:(?:{LINKS}|over) )?(?:(?:which|what) (?:of the |other )?{_NOUN} \S"
    r"|how (?:many|much|long|often|big|old|far) \S"
    rf"|(?:what|when|where|why|how|whom) {AUXILIARY} \S))",
    re.IGNORECASE,
)
"""Between two clauses that no "and" joins: nothing that only tells more of what stands before it begins so."""

_BARE = re.compile(
    r",(?: and)? (?=(?:when|where|why|by whom|whose|(?:at|on|in|under|over) (?:what|which|whose) [\w-]+)(?:,|\W*$))",
    re.IGNORECASE,
)
_WHO = re.compile(r",(?: and)? (?=who [a-z]+ed\b[^,]*$)", re.IGNORECASE)
"""The same where another clause follows: "found, when, by whom", "who proposed, who opposed"."""

_SETTING = re.compile(rf"^\W*(?:when|where|while) (?!{AUXILIARY}\b)", re.IGNORECASE)
"""Of no question: "when he landed in Oslo, how many people came?"."""

_TOGETHER = re.compile(r"\b(?:each|both|either|respectively|in all|altogether)\b", re.IGNORECASE)
"""A sentence that asks of what the one before compares: "How many in each year?"."""

_HOW_MANY = re.compile(rf"\bhow many (?P<noun>(?!{AUXILIARY}\b|(?:{LINKS})\b)[\w’'-]+)", re.IGNORECASE)
_UNTOLD = re.compile(rf"^how many(?= {AUXILIARY}\b)", re.IGNORECASE)
"""Of what is told by the clause before: "how many tents were sent, and how many had been lost?"."""

_ROW = re.compile(
    r"\b(?:first|second|third|fourth)(?P<of> (?:quarter|half|round|session|meeting|phase|stage)(?: of \d{4})?)\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(?:the|its|their) (?:first|second|third|fourth|last)\W*$", re.IGNORECASE)
"""One of the row that the clause before tells of: "in the first quarter of 2007, and how fast in the third?"."""

_OF_A_COUNTRY = rf"[\w’'-]*(?:(?:ans|is)\b|(?:an|ese|ish|i|ch)\b(?: (?!(?:{LINKS}|and|or)\b)[a-z]))"
NAMED = re.compile(rf"(?<=\s)[A-Z](?!{_OF_A_COUNTRY})(?!(?<=\bthe [A-Z])[\w’'-]*(?:an|ese|ish|i|ch)\b)[\w’'-]+")
"""Names, without what is only of a country: "the Norwegian minister" may be the one of the clause before."""

_AT = "(?:at|in|on|near|off|outside)"
_THING = re.compile(
    rf"^(?:(?!\b(?:the|an?|its|their|his|her) )[^?])*?"
    rf"\b(?P<thing>(?:the|an?|its|their|his|her) (?:(?!(?:{LINKS}|{AUXILIARY}|near|off)\b)[\w’'-]+ ){{1,4}})"
    rf"(?:{_AT} (?:the )?|of )(?-i:[A-Z\d])",
    re.IGNORECASE,
)
_THE_ONE = re.compile(rf"(?<!\bis )(?<!\bwas )\bthe one (?={_AT} (?:the )?(?-i:[A-Z\d]))", re.IGNORECASE)
"""The first thing, at a place or of a day that is named, and another such."""

_AGAINST = re.compile(
    rf"^(?P<first>(?:\w+ )?(?P<wh>{WH})\b[^,]+)"
    r"(?:,? (?:(?:as )?compared (?:to|with)|as against|as opposed to|versus)|, against)"
    rf" (?:the ones?|those|that) (?P<rest>(?:{LINKS}) .+)$",
    re.IGNORECASE | re.DOTALL,
)
_GREW = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|gr[eo]w(?:s|n|ing)?|increas\w+|fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|declin\w+"
    r"|decreas\w+|chang\w+|more|less|fewer|higher|lower|larger|bigger|smaller|longer|shorter|better|worse|faster)\b",
    re.IGNORECASE,
)
"""The same asked of another: "how many came to the fair, compared with those in Peru?"; not "how much did it grow"."""

_IS_THERE = re.compile(rf"^{AUXILIARY}\b", re.IGNORECASE)
_WHO_IS_IT = re.compile(
    r"^(?:(?:who|which|what)(?: \w+)? (?:is|was|are|were) (?:it|that|he|she|they)|who|which|how many)\W*$",
    re.IGNORECASE,
)
"""Whether there is somebody, and who: "has he been named, and who is it?", "was anyone hurt, and how many?"."""


def row(question: str) -> list[str]:
    """The clauses of a question as questions, in their order; itself alone where it has no more."""
    if apart := _sentences(question):
        return [clause for each in apart for clause in row(each)]
    if not (halves := _halves(question)):
        return _listed(question, [_LISTED])
    first, second = halves
    before = _halves(first)
    return [*(row(first) if before else _listed(first, [_LISTED, _BARE, _WHO])), second]


def as_question(text: str) -> str:
    """A text that begins with a capital and ends with a question mark."""
    text = text.strip().rstrip(" ,;?.")
    return f"{text[:1].upper()}{text[1:]}?"


def _sentences(question: str) -> list[str]:
    """Questions one after the other: "when did it open? And who spoke there?"; [] where there are no two."""
    texts = [text.strip() for text in question.split("?") if text.strip(" \n.!")]
    follow = [re.sub(r"^(?:and|but|so|also)[, ]+", "", text, flags=re.IGNORECASE) for text in texts[1:]]
    is_asked = all(re.match(rf"{ASKS}|{AUXILIARY}\b", text, re.IGNORECASE) and _stands(text) for text in follow)
    is_asked = is_asked and not any(_TOGETHER.search(text) for text in follow)
    if not follow or not is_asked or not (re.search(rf"\b{WH}\b|^{AUXILIARY}\b", texts[0], re.I) and _stands(texts[0])):
        return []
    return [as_question(text) for text in (texts[0], *follow)]


def _stands(text: str) -> bool:
    return len(text.split()) >= SHORTEST


def _listed(question: str, between: list[re.Pattern[str]]) -> list[str]:
    """The clauses that commas part; the question alone where one of them does not ask by itself."""
    cuts = sorted({match.span() for pattern in between for match in pattern.finditer(question)})
    ends, starts = [start for start, _ in cuts], [end for _, end in cuts]
    texts = [question[a:b] for a, b in zip([0, *starts], [*ends, len(question)], strict=True)]
    first = texts[0]
    is_asked = re.search(rf"\b{WH}\b", first, re.IGNORECASE) and not _SETTING.match(first)
    if not cuts or not is_asked or not _stands(first) or not _tells(first):
        return [question]
    return [as_question(text) for text in texts]


def _halves(question: str) -> tuple[str, str] | None:
    """The two clauses as questions, the second with the thing of the first that it speaks of; None for one."""
    against = _AGAINST.match(question)
    if against and not _GREW.search(against["first"]):
        question = f"{against['first']}, and {against['wh'].lower()} {against['rest']}"
    found = _joined(question.strip())
    if not found:
        return None
    first, second = (as_question(text) for text in found)
    if (of := _ROW.search(first)) and _ORDINAL.search(second):
        second = as_question(second.rstrip("? ") + of["of"])
    second = _named_one(first, second)
    if (counted := _HOW_MANY.search(first)) and _UNTOLD.match(second):
        second = _UNTOLD.sub(f"How many {counted['noun']}", second)
    return first, second


def _joined(question: str) -> tuple[str, str] | None:
    """What stands before and behind the "and" that joins two clauses."""
    if match := _CLAUSES.match(question):
        first, second = match["first"], match["second"]
        is_bare = _ENDS_ASKING.search(f"{first}?") and not _is_in_place(first, question)
        is_bare = is_bare or (_BARE_HOW.match(second) and not _ASKS_HOW.search(first))
        is_same = _IS_THERE.match(first) and _WHO_IS_IT.match(second)
        if is_bare or is_same or not _stands(first) or not _tells(first):
            return None
        return first, second
    if (match := _WHETHER.match(question)) and _stands(match["first"]) and _tells(match["first"]):
        return None if _SETTING.match(match["first"]) else (match["first"], match["second"])
    if (match := _THING_OF.match(question)) and _stands(match["first"]) and _asks(match["first"], match["join"]):
        return match["first"], match["second"]
    match = _BESIDE.match(question)
    if match and (fragment(match["first"]) or _NAME.match(match["first"]) or _is_in_place(match["first"], question)):
        return match["first"], match["second"]
    return None


def _asks(clause: str, join: str) -> bool:
    """Whether a clause asks for one thing, and what is joined to it for another: "who leads it, and the number of its
    members", not "what was said of the price and the number"."""
    is_apart = join.startswith(",") or join.strip() != "and"
    is_clause = is_apart and re.match(rf"{ASKS}|\W*(?:please )?{AUXILIARY}\b", clause, re.IGNORECASE)
    return bool(is_clause or fragment(clause) or _NAME.match(clause) or _GIVES.match(clause))


def _is_in_place(clause: str, question: str) -> bool:
    """Whether a clause ends in its question word, and the question goes on behind a comma."""
    is_cut = question.startswith(",", len(clause))
    return is_cut and bool(_AT_END.search(clause)) and len(clause.split()) > IN_PLACE


def _named_one(first: str, second: str) -> str:
    """The second clause with the thing that it has another one of: "at the fair in Oslo", "at the one in Lima"."""
    found = _THING.match(first)
    # "The Baltic ferry accident", "the one near Lima".
    words = found["thing"].split() if found else []
    thing = " ".join(word for word in words if names_country(word) or not NAMED.match(f" {word}", 1))
    return _THE_ONE.sub(f"{thing} ", second, count=1) if len(thing.split()) > 1 else second


def _tells(clause: str) -> bool:
    return len(terms(clause)) >= TELLING or bool(re.search(rf"\b{AUXILIARY}\b", clause, re.IGNORECASE))
