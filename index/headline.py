"""Which of a document's first paragraphs is its title.

In this order: the title the file states, where its words stand in the text, as it may be the name of a file or that of
the release this one was written over; the paragraph at the top that is set as a title; what a text file's title is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.draft import has_words, tidy
from index.published import dateline_day
from index.scraped_text import TITLE_LIMIT, below_furniture, is_furniture, split_title

TOP = 6  # paragraphs among which a title is looked for
LETTERHEAD_LIMIT = 400  # characters that may stand above a title
_DAY_LIMIT = 60  # characters of a paragraph that says no more than place and day

# What programs fill in: "Microsoft Word - visit.doc", "Document1", "visit_final.indd".
_FILLED_IN = re.compile(
    r"microsoft \w+ - .*|(?:untitled|document|presentation|slide|документ|презентация|слайд|без имени)\W*\d*"
    r"|.*\.[a-z]{2,4}\d?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """A paragraph, or a table row with " | " between its cells, and how much it stands out: 0 for ordinary text."""

    text: str
    rank: float = 0.0


def split_headline(blocks: Sequence[Block], stated: str, stem: str) -> tuple[str, str]:
    """The title ("" without one) and the text without it, from all blocks, the title the file states, and its name."""
    stated = " ".join(stated.split())
    believed = stated if _is_sane(stated, stem, blocks) else ""
    index = _stated_at(blocks, believed) if believed else _ranked_at(blocks)
    if index is not None:
        others = below_furniture(_text([*blocks[:index], *blocks[index + 1 :]]))
        if has_words(others):
            return " ".join(blocks[index].text.split()), others
    text = below_furniture(_text(blocks))
    return (believed, text) if believed else _typed(text)


def _text(blocks: Sequence[Block]) -> str:
    return tidy("\n\n".join(block.text for block in blocks))


def _is_sane(stated: str, stem: str, blocks: Sequence[Block]) -> bool:
    if len(stated) > 2 * TITLE_LIMIT or _FILLED_IN.fullmatch(stated) or is_furniture(stated):
        return False
    words = _words(stated)
    if len(words) < 2 or words == _words(stem):
        return False
    known = {word for block in blocks for word in _words(block.text)}
    return sum(word in known for word in words) > 0.7 * len(words)


def _stated_at(blocks: Sequence[Block], stated: str) -> int | None:
    """The paragraph at the top that the stated title is, or the beginning of, or goes on from ("… | Our Ministry")."""
    title = _words(stated)
    for index, block in enumerate(blocks[:TOP]):
        words = _words(block.text)
        common = min(len(words), len(title))
        # A first sentence may begin as the title does; it has a full stop.
        is_short = len(block.text) <= 2 * TITLE_LIMIT and not block.text.endswith(".")
        if common >= 2 and words[:common] == title[:common] and (is_short or words == title):
            return index
    return None


def _ranked_at(blocks: Sequence[Block]) -> int | None:
    """The paragraph at the top that stands out most, the first of equals."""
    found, above = None, 0
    for index, block in enumerate(blocks[:TOP]):
        is_title = block.rank and len(_words(block.text)) > 1 and not is_furniture(block.text)
        if is_title and len(block.text) <= 2 * TITLE_LIMIT and (found is None or block.rank > blocks[found].rank):
            found = index
        above += len(block.text)
        if above > LETTERHEAD_LIMIT:
            break
    return found


def _typed(text: str) -> tuple[str, str]:
    """What a text file's title would be; a line with place and day may stand above it, and stays in the text."""
    title, body = split_title(text)
    line, _, below = text.partition("\n\n")
    if not title and len(line) <= _DAY_LIMIT and dateline_day(line):
        title, below = split_title(below)
        body = f"{line}\n\n{below}" if title else text
    return title, body


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
