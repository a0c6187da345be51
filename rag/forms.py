"""Sentences that answer nothing by their form: what introduces, asks, heads, or tells how to reach an office."""

import re

from index.orders import is_order

_INTRODUCES = re.compile(r"^\s*(?:\S+\s+){0,11}\S*:[\s“\"«]*$")
"""A sentence that only introduces what follows it: a longer one tells something itself, "asks for $3 billion for: "."""

_CONTACT = re.compile(
    r"\bplease (?:contact|write to|call)\b|\bcontact:|\b(?:tel|fax|phone)\b\.?:? ?\+?[\d(]"
    r"|\b(?:call|dial|phone)(?: \w+)? (?:\+|\(|\d+-)\d|\(?\b\d{3}\)?[- ]\d{3}-\d{4}\b|\S@\w+\.\w|\bтел\. ?:?",
    re.IGNORECASE,
)
"""How to reach an office, which ends most releases; it answers only whoever asks for that."""

_ASKS_CONTACT = re.compile(
    r"\b(?:contact\w*|telephone|(?:phone|fax) number|hotline|helpline|e-?mail|register|apply|телефон\w*|почт\w*)\b",
    re.IGNORECASE,
)

_HEADING = re.compile(r"^(?:SUBJECT|FROM|TO|FOR|DATE|MEMORANDUM)\b")
"""The subject line of a memorandum."""


def may_answer(text: str) -> bool:
    """Whether a sentence tells something: it does not only introduce, ask, or speak to whoever answers.

    Who repeats a question in a release would otherwise stand before every sentence that answers it.
    """
    return not (_INTRODUCES.match(text) or text.endswith("?") or is_order(text))


def tells_contact(text: str) -> bool:
    """Whether a sentence tells how to reach an office."""
    return bool(_CONTACT.search(text))


def asks_contact(question: str) -> bool:
    """Whether a question asks how to reach one."""
    return bool(_ASKS_CONTACT.search(question))


def is_heading(text: str) -> bool:
    """Whether a text is the subject line of a memorandum."""
    return bool(_HEADING.match(text))
