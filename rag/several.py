"""Whether a question asks for several things: "which leaders …", "in which cities …", "list …"."""

import re

from rag.answer_nouns import Kind, plurals
from rag.kinds import OPENING

_MEASURE = "(?:share|percentage|proportion|portion|fraction|slice|part|number|amount)"
_PLURALS = f"(?:{'|'.join(plurals(Kind.PERSON))})"
_SEVERAL = re.compile(
    rf"\b(?:which|what) (?:(?:\w+) )?{_PLURALS} of\b"
    rf"|\b(which|what)\s+(?!{_MEASURE} of\b)"
    r"(?:(?!(?:was|were|is|are|do|did|does|has|had|have|the|this|his|us|its|now|currently|still)\b)"
    r"[\w'’-]+\s+){0,2}?"
    r"(?!(?:was|is|does|has|this|his|us|its|means|news|series|congress|press|business|process|progress)\b)"
    r"(?:[\w-]+(?:[^s\W]s|s['’])|people)\s+(?!(?:of|after|for|at|to|in|into|on|up|with|from|by|the|a|an|its|his|her)\b)"
    r"|^\W*(?:please )?(list|name)\b(?! (?:(?:just|at least) )?(?:any )?(?:an?|one(?! or))\b)"
    r"|\b(both|respectively|each of|all the)\b"
    r"|\b(какие|каких|каким|перечислите|қандай \w+([лдт]ар|[лдт]ер))\b",
    re.IGNORECASE,
)
"""Words that ask for more than one thing: "which leaders …", "in which cities …", "list …". A verb ("which country
looks after …") is told from a plural by the small word behind it."""


_RELATIVE = re.compile(r"(?<!and )\b(?:in|on|at|to|for|of|by|with|from|under|through|during|after)\s*$", re.IGNORECASE)


def asks_several(question: str) -> bool:
    """Whether a question asks for several things, which several releases may hold.

    Behind a preposition in its midst "which" asks nothing: "the quarter for which figures are out".
    """
    return any(
        not (
            match[0].lower().startswith("which")
            and match.start() > OPENING
            and _RELATIVE.search(question[: match.start()])
        )
        for match in _SEVERAL.finditer(question)
    )
