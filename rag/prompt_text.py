"""What others wrote, as it stands in a prompt: one line that cannot pass for the prompt's own words.

A prompt is lines of ours with data between them. No line break, hidden letter or control character of a release or a
question reaches it, and where a release writes as our frame is written (a day in brackets before a sentence,
"Question:") it is written a little differently.
"""

import re

from index.unseen import without_unseen

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_FRAME = re.compile(r"\b(Text|Question|Conversation|Last question|User|Assistant|System)\s*:")
_DATED = re.compile(r"\((\d{1,2} [^\W\d_]+ \d{4}|undated)\)")


def on_one_line(text: str) -> str:
    """The text in one line as it looks, with nothing hidden in it."""
    return " ".join(_CONTROL.sub(" ", without_unseen(text)).split())


def framed(text: str) -> str:
    """A release's sentence on one line, without what looks like the frame around it."""
    return _DATED.sub(r"[\1]", _FRAME.sub(r"\1 -", on_one_line(text)))
