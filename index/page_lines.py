"""Lines as they stand on pages -> paragraphs.

A page knows no paragraphs, only letters and where they stand. First what is printed around the text goes: page numbers,
and headers and footers, which are lines at a page's edge that other pages have too. Then lines are joined unless one
begins a paragraph: a wider gap, other letters, a list mark, an indent, or a line before it that ended early. A
paragraph runs on over the end of a page. A word hyphenated at a line's end becomes whole again.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.headline import Block

LARGE = 1.1  # times the size of the text: a headline
EDGE = 5  # lines at the top of a page, and at its bottom, that may be headers, footers and page numbers

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|страница|стр\.|бет)\s*)?\d{1,3}(?:\s*(?:/|of|из)\s*\d{1,3})?(?:\s*бет)?\W*", re.IGNORECASE
)
# What a browser prints around a page: its address and "1/2" below, the day of printing and its title above.
_PRINTED_BELOW = re.compile(r"(?:https?|file)://\S+ \d{1,3}/\d{1,3}")
_PRINTED_ABOVE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}, \d{1,2}:\d{2}\b.*")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”»’)\]]*$")
_BULLET = re.compile(r"[•·▪●◦‣■□➢✓\uf0b7\uf0a7]")
# These may as well stand at the start of a wrapped line: a dash, the day in "on 7. March".
_LIST_MARK = re.compile(r"[-–—*]\s|\(?(?:\d{1,2}|[^\W\d_])[.)]\s")
_HYPHENATED = re.compile(r"(\w+)[-\u2010]$")
# Words that keep their hyphen when a line ends there; of others the text itself may tell.
_KEEPS_BEFORE = ("вице", "северо", "юго", "vice", "self", "non")
_KEEPS_AFTER = re.compile(r"(?:либо|нибудь)\b")


@dataclass(frozen=True)
class Line:
    """A line of a page. `left` and `height` say where it begins, the latter upwards; `size` is that of its letters.

    All three are in points, and `fonts` are the names of the fonts in it.
    """

    text: str
    left: float
    height: float
    size: float
    fonts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Usual:
    """What is usual in a document: the distance of lines in letter sizes, their width, the size of letters."""

    distance: float
    width: float
    size: float


def blocks(pages: Sequence[Sequence[Line]]) -> list[Block]:
    """The paragraphs of the pages in order, each on one line; letters larger than the text's make its rank."""
    kept = _without_edges(pages)
    lines = [line for page in kept for line in page]
    if not lines:
        return []
    starts = {id(page[0]) for page in kept if page}
    usual = _usual(kept)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        if _begins(before, line, usual, id(line) in starts):
            groups.append([line])
        else:
            groups[-1].append(line)
    whole = " ".join(line.text for line in lines)
    return [Block(_joined(group, whole), _rank(group[0], usual)) for group in groups]


def _rank(line: Line, usual: _Usual) -> float:
    return round(line.size / usual.size, 1) if line.size > LARGE * usual.size else 0.0


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without page numbers and without the lines at their edges that half of the pages have there."""
    counts = Counter(key for page in pages for key in {_key(line) for edge in _edges(page) for line in edge})
    enough = max(2, len(pages) / 2)
    kept: list[list[Line]] = []
    for page in pages:
        top, bottom = _edges(page)
        is_printed = any(_PRINTED_BELOW.fullmatch(line.text) for line in bottom)
        dropped: set[int] = set()
        for edge in (top, bottom):
            for line in edge:
                if counts[_key(line)] < enough and not _is_furniture(line.text, is_printed):
                    break
                dropped.add(id(line))
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _is_furniture(text: str, is_printed: bool) -> bool:
    by_browser = _PRINTED_BELOW.fullmatch(text) or _PRINTED_ABOVE.fullmatch(text)
    return bool(_PAGE_NUMBER.fullmatch(text) or (is_printed and by_browser))


def _edges(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines at the top and at the bottom, from the outside in: a file may well hold a footer before the text."""
    by_height = sorted(page, key=lambda line: line.height)
    return by_height[: -EDGE - 1 : -1], by_height[:EDGE]


def _key(line: Line) -> tuple[str, int, int]:
    """Equal for the same header on two pages, numbers aside. Place and size tell it from text that says the same."""
    return re.sub(r"\d+", "#", " ".join(line.text.split())).casefold(), round(line.size), round(line.height)


def _usual(pages: Sequence[Sequence[Line]]) -> _Usual:
    lines = [line for page in pages for line in page]
    distances = sorted(
        distance / line.size
        for page in pages
        for before, line in pairwise(page)
        if line.size / 2 < (distance := before.height - line.height) < 3 * line.size
        and math.isclose(line.size, before.size)
    )
    widths = sorted(_width(line) for line in lines)
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    # A lower quartile, as gaps between paragraphs are wider, and an upper one, as last lines are shorter.
    distance = distances[len(distances) // 4] if distances else 1.2
    return _Usual(distance, widths[len(widths) * 3 // 4], letters.most_common(1)[0][0])


def _width(line: Line) -> float:
    return len(line.text) * line.size


def _begins(before: Line, line: Line, usual: _Usual, on_new_page: bool) -> bool:
    """Whether a line begins a paragraph."""
    is_ended = _SENTENCE_END.search(before.text) is not None
    if _BULLET.match(line.text) or (is_ended and _LIST_MARK.match(line.text)):
        return True
    gap = (before.height - line.height) / (usual.distance * line.size)
    is_elsewhere = on_new_page or gap <= 0 or gap > 10  # a page, a column: the gap says nothing
    if not is_ended and line.text[:1].islower() and (is_elsewhere or gap < 2):
        return False
    is_other = abs(line.size - before.size) > 0.1 * line.size or before.fonts.isdisjoint(line.fonts)
    if is_other or (not is_elsewhere and gap > 1.25):
        return True
    if is_elsewhere and is_ended:
        return True
    # The next word would have gone into the line before. (Lines of a headline may be of any length.)
    early = _width(before) + line.size * len(line.text.split(" ")[0]) < 0.8 * usual.width
    is_headline = line.size > LARGE * usual.size
    return (early and not is_headline) or (is_ended and line.left - before.left > line.size)


def _joined(lines: Sequence[Line], whole: str) -> str:
    text = ""
    for line in lines:
        text = _continued(text, line.text, whole) if text else line.text
    return text.replace("\u00ad", "")


def _continued(text: str, line: str, whole: str) -> str:
    """A paragraph and its next line; a hyphen at its end goes where `whole` does not show that the word has one."""
    if text.endswith("\u00ad"):
        return text[:-1] + line
    found = _HYPHENATED.search(text[-60:])
    if not found or not line[:1].isalnum():
        return f"{text} {line}"
    head, tail = found[1], next(re.finditer(r"\w+", line))[0]
    keeps = not tail[:1].islower() or not head[-1:].isalpha() or f"{head}-{tail}" in whole
    if keeps or head.casefold() in _KEEPS_BEFORE or _KEEPS_AFTER.match(tail):
        return text + line
    return text[:-1] + line
