"""Characters that nobody sees: they split words, hide orders, turn the reading direction.

The stored text keeps them, so that spans stay true; whatever compares texts or reads one to a model leaves them out.
"""

import re

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What Unicode calls ignorable by default, and the marks between annotations."""

_TURNS_OR_HIDES = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e0fff]")


def without_unseen(text: str) -> str:
    """The text as it looks: soft hyphens, zero-width characters, overrides and the like gone."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def marked_unseen(text: str) -> str:
    """The text with U+FFFD, one for one, for what would show it otherwise than it is: overrides, hidden letters.

    Joiners and soft hyphens stay: scripts need them, and they change no reading.
    """
    return text if text.isascii() else _TURNS_OR_HIDES.sub("\ufffd", text)
