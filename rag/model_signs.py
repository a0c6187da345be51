"""A text in which no server's model finds a sign of its own.

In this process the tokens of a release are made apart from those of the chat template (`rag/generation.py`). A server
is given text and makes the tokens itself, and most read a sign such as `<|im_end|>` wherever it stands. So the signs
are taken apart by a blank: all known ones are words between angle brackets, or one word between square ones.
"""

import re

_OPENING = re.compile(r"<(?=[\w/|｜])|\[(?=/?[A-Za-z]\w*\])")
"""`<|im_end|>`, `</s>`, `<start_of_turn>`, `<｜User｜>`, `<<SYS>>`; `[INST]`, `[/INST]`, `[control_8]`."""


def without_signs(text: str) -> str:
    """The text with a blank in each sign: `< |im_end|>`, `[ INST]`."""
    return _OPENING.sub(lambda found: f"{found[0]} ", text)
