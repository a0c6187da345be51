"""Whether a question asks for several things: "which leaders …", "in which cities …", "list …"."""

import re

from rag.answer_nouns import Kind, plurals
from rag.kinds import OPENING

_MEASURE = "(?:share|percentage|proportion|portion|fraction|slice|part|number|amount)"
_PLURALS = f"(?:{'|'.join(plurals(Kind.PERSON))})"
_SEVERAL = re.compile(
    rf"\b(?:which|what) (?:(?:\w+) )?{_PLURALS} of\b"
    rf"|\b(which|what)\s+(?!{_MEASURE} of\b)"
    r"(?:(?!(?:was|were|is|are|do|did|does|has|had|have|the|this|his|us|its|now|currently|still|in|at|from|for|by)\b)"
    r"[\w'’-]+\s+){0,2}?"
    r"(?!(?:was|is|does|has|this|his|us|its|means|news|series|congress|press|business|process|progress)\b)"
    r"(?:(?!\w+ous\b)[\w-]+(?:[^s\W]s|s['’])|people)\s+(?!(?:of|after|for|at|to|in|into|on|up|with|from|by|the|a|an|its|his|her)\b)"
    r"|^\W*(?:please )?(list|name)\b(?! (?:(?:just|at least) )?(?:any )?(?:an?|one(?! or))\b)"
    r"|\bwhom (?:did|has|had|will|is) [^?,]{1,80}\b(?:meet|met|hold talks|held talks|sit down|see|receive)\b[^?,]*"
    r"\b(?:trip|visit|tour|stay|travels|swing|in (?-i:[A-Z])\w+)\b"
    r"|\b(both|respectively|each of|in each case|all the)\b"
    r"|\beach (?:meant|have|has|had|get|got|gave|give|pay|paid|send|sent|cost|[a-z]+ed)\b"
    r"|\b(какие|каких|каким|перечислите|қандай \w+([лдт]ар|[лдт]ер))\b",
    re.IGNORECASE,
)
"""Words that ask for more than one thing: "which leaders …", "list …", "whom did she meet on her trip". A verb ("which
country looks after …") is told from a plural by the small word behind it."""


_SENTENCE = re.compile(r".*[.?!:;] ", re.DOTALL)
"""What stands before the sentence that asks."""

_GOES_ON = re.compile(r"(?:[,–—(-]|\b(?:and|or|but|so|then))\s*$", re.IGNORECASE)
_RELATIVE = re.compile(r"(?<!and )\b(?:in|on|at|to|for|of|by|with|from|under|through|during|after)\s*$", re.IGNORECASE)


def asks_several(question: str) -> bool:
    """Whether a question asks for several things, which several releases may hold.

    Behind a preposition in its midst "which" asks nothing: "the quarter for which figures are out"; nor does "what"
    behind a verb: "to carry out what voters decided".
    """
    return any(_asks(match[0].lower(), question[: match.start()]) for match in _SEVERAL.finditer(question))


def _asks(words: str, before: str) -> bool:
    before = _SENTENCE.sub("", before)
    if len(before) <= OPENING or not words.startswith(("which", "what")):
        return True
    is_relative = _RELATIVE.search(before)
    return not is_relative if words.startswith("which") else bool(is_relative or _GOES_ON.search(before))
