"""The words that ask, and a question without what only leads up to them."""

import re

WH = (
    r"(?:which|what|who|whom|whose|when|where|why"
    r"|how (?:many|much|long|often|large|big|old|far|fast|high|strong|strongly|deep|wide|tall|heavy|hot|cold|bright"
    r"|loud|close|soon|quickly|thick|steep|powerful|expensive|likely|small|late|early)"
    r"|how(?= (?:did|do|does|has|have|had|is|are|was|were|will|in|on|for|during|by|at)\b))"
)
AUXILIARY = r"(?:did|does|do|has|have|had|is|are|was|were|will|can|(?-i:may)|^(?-i:May)(?! \d)|might|could|should)"
"""May is a month, but for what begins a question."""

LINKS = "in|to|for|as|by|on|at|from|of|about|with|against|over|after|before|until|under|into"

ASKS = rf"(?:(?:{LINKS}|since|through|during|near|between|among|concerning) )?{WH}\b"
"""Where a question begins, with the preposition of its question word."""

_SENTENCE = re.compile(rf"[^?]{{1,400}}(?<!\bvs)[.!:;–—-] +(?:and |but |so )?(?={ASKS})", re.IGNORECASE | re.DOTALL)
"""What is told before anything is asked: "The ferry sank in May. Who owned it?"."""

_AFTERTHOUGHT = re.compile(
    r"[^?]{1,400}, (?=(?:which|who)(?: one)?(?: (?:was|is) (?:it|that))?\W*$)", re.IGNORECASE | re.DOTALL
)
"""What is told before it is asked of: "a single firm ran it, which one was that?"."""

_WISH = re.compile(
    rf"(?:(?!\b{WH}\b)[^?]){{0,200}}?\b(?:know|tell (?:me|us)|find out|learn|wonder(?:ing)?|say|remind (?:me|us)"
    r"|check|idea|curious|sure|see|ask(?:ing)?|out|interested in|question is)"
    rf"(?: (?:about|of|on|please|exactly|for certain))?,? (?={ASKS})",
    re.IGNORECASE,
)
"""What only says that something is asked: "I should like to know who …"."""

_SETTING = re.compile(
    rf"\W*(?:{LINKS}|since|through|during|near|between|among|within|prior to|throughout|around|as of|as late as)\b"
    rf"(?:(?!\b{WH}\b)[^,?:;]){{1,100}},\s*(?={ASKS}|{AUXILIARY}\b)"
    r"|\W*(?:in|over|within|during) the (?:past|last) (?:[\w-]+ ){1,3}?(?=(?:who|which|what|how) )",
    re.IGNORECASE,
)
"""When, where or of what something is asked, ahead of the question: "From 2019 on, who …"."""


def core(question: str) -> str:
    """The question from its question word on, where only a wish, a setting or something told stands before it."""
    for lead in (_SENTENCE, _AFTERTHOUGHT, _WISH, _SETTING):
        if match := lead.match(question):
            question = question[match.end() :]
    return question
