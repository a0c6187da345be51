"""A release is cut into sentences, and neighbouring sentences are joined into chunks.

Every sentence and chunk is a slice of the release's stored text, so a span found in one can be shown in the other.
Sentence bounds come from sentencex (Wikimedia), which knows English, Russian and Kazakh and reports code points; what
it leaves too long to be a citation is cut at a semicolon, else a comma, else a space.
"""

import re
import statistics
from collections.abc import Iterator

from index.date_words import WORDS
from index.orders import telling, title_told
from index.release import Chunk, Release, Sentence

LONGEST_SENTENCE = 500
"""Characters; a longer stretch proves nothing when it is cited, so it is cut at a clause."""

_CLAUSE_ENDS = (re.compile(r";\s+"), re.compile(r",\s+"), re.compile(r"\s+"))
_CLOSED_QUOTE = re.compile(r"[.!?][”»]\s+(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ“«])")
"""The segmenter keeps a quotation and what follows it together; a finished quotation ends a sentence."""

_BEFORE = re.compile(r"(?:\s|[-–—•·*](?=\s))*")
"""White space and the marks of a list, which are not part of its item."""

_CYRILLIC = "а-яёәғқңөұүһі"

_NEXT_NUMBER = re.compile(
    r"(?:^\s*|[;:,]\s+(?:and\s+|or\s+|и\s+)?|\n\s*)(\(?(?:\d{1,2}|[a-hа-з]|[ivx]{1,4})[.)]\s*)$",
)
"""The number of the next item of a list, which the segmenter takes for the end of the one before: "…; and 3. "."""

_DAY = re.compile(r"(?:[12]?\d|3[01])\.\s*")
_LAST_WORD = re.compile(r"(?<!\d )(?<!\d(?:st|nd|rd|th) )\b([A-Z][a-z]+)\.?$")
"""A number on the next line is a day: "on March / 12. They will …"."""

_TAIL = 60
"""Characters at the end of a segment in which such a number is looked for."""

_ITEM = re.compile(
    rf"^([ \t]*)([-–—•*▪◦+■]|\(?(?:\d{{1,2}}|[A-Za-z{_CYRILLIC.upper()}{_CYRILLIC}]|[ivx]{{1,4}})[.)])(?=[ \t])", re.M
)
"""What a line of a list begins with."""

_BULLET = re.compile(r"[^\w(]")

_LINE_END = re.compile(r"\n(?=[ \t]*(\S+))")
"""The end of a line that another follows, and that one's first word."""

_GOES_ON = re.compile(rf"[a-z{_CYRILLIC}][a-z{_CYRILLIC}’'-]*[,;:.]?")
"""A first word in the middle of a sentence; an address of the web is none."""

_WRAPPED_UP_TO = 100
"""Characters of the longest line of a text that may be wrapped though no line shows it."""

_FULL = 0.8
"""Share of its width that a wrapped line fills at least, with the word that had no room."""

_HAS_WORD = re.compile(r"\w")


def sentences(release: Release) -> list[Sentence]:
    """The sentences of a release in order; each is a stripped slice of its text with at least one word."""
    spans = [
        span
        for start, end in _segments(release.text, release.language)
        for part in _split(release.text, start, end)
        if (span := _stripped(release.text, *part))
    ]
    return [
        Sentence(release.id, number, start, end, release.text[start:end]) for number, (start, end) in enumerate(spans)
    ]


def chunks(release: Release, parts: list[Sentence], characters: int) -> list[Chunk]:
    """Join neighbouring sentences into chunks of at most `characters` (a longer sentence stands alone).

    Sentences that speak to the program are in none, so they are not found (`index/orders.py`).
    """
    found: list[Chunk] = []
    above = header(release)
    for run in telling(parts):
        first = 0
        for number, part in enumerate(run):
            is_last = number + 1 == len(run)
            if is_last or run[number + 1].end - run[first].start > characters:
                start, end = run[first].start, part.end
                found.append(Chunk(release.id, start, end, release.text[start:end], above))
                first = number + 1
    return found


def header(release: Release) -> str:
    """Title and date, put before a chunk for the encoder only: `Briefing for diplomats (7 September 2023)`."""
    day = f"{release.date.day} {release.date:%B %Y}" if release.date else ""
    title = title_told(release.title)
    if title and day:
        return f"{title} ({day})"
    return title or day


def segments(text: str, language: str = "en") -> list[str]:
    """A text cut into its sentences, white space kept: joined they are the text again."""
    return [text[start:end] for start, end in _segments(text, language)]


def _segments(text: str, language: str) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for start, end in _lines_apart(text, language):
        start = start if begun is None else begun
        begun = _next_number(text, start, end)
        if begun is None or begun > start:
            yield start, end if begun is None else begun
    if begun is not None:
        yield begun, len(text)


def _next_number(text: str, start: int, end: int) -> int | None:
    """Where the number of the next item stands at the end of a segment; None where there is none."""
    told = text[start:end].rstrip()
    # The whole of a long segment would be tried from each of its spaces on.
    tail = told if len(told) <= _TAIL else f"…{told[1 - _TAIL :]}"
    number = _NEXT_NUMBER.search(tail)
    if number and _is_day(tail[: number.start(1)].rstrip().rpartition("\n")[2], number[1]):
        return None
    return start + len(told) - len(tail) + number.start(1) if number else None


def _lines_apart(text: str, language: str) -> Iterator[tuple[int, int]]:
    """What the segmenter finds, cut where a line ends what it says: a heading, an item of a list.

    The segmenter takes an item of a list, and with the last one all that follows up to an empty line, for one sentence,
    so it is given the text with a word in the place of each item's mark.
    """
    import sentencex

    breaks = [*_line_breaks(text), len(text)]
    begun = frozenset(breaks)
    plain = _ITEM.sub(
        lambda item: (
            item[1] + "X" * len(item[2]) if item.start(2) in begun or not _line_before(text, item.start()) else item[0]
        ),
        text,
    )
    ahead = iter(breaks)
    cut = next(ahead)
    for segment in sentencex.get_sentence_boundaries(language if language != "und" else "en", plain):
        start, end = segment["start_index"], segment["end_index"]
        while cut < end:
            if cut > start:
                yield start, cut
                start = cut
            cut = next(ahead)
        yield start, end


def _line_breaks(text: str) -> Iterator[int]:
    """Where lines begin that do not go on with the sentence of the line before.

    A line that was wrapped ends where the next word had no room. How long such lines are is told by those that a line
    follows which begins in the middle of a sentence; a text of short lines alone may be wrapped too. Headings nearly
    as long as a wrapped line are taken for one.
    """
    ends = list(_LINE_END.finditer(text))
    lines = [_line_before(text, end.end()) for end in ends]
    items = [_ITEM.match(text, end.end()) for end in ends]
    follows = list(zip(ends, lines, items, strict=True))
    wrapped = [len(line) for end, line, item in follows if line and not item and _GOES_ON.fullmatch(end[1])]
    longest = max(map(len, text.splitlines()), default=0)
    width = statistics.median_low(wrapped) if wrapped else longest if longest <= _WRAPPED_UP_TO else 0
    for end, line, item in follows:
        has_room = len(line) + 1 + len(end[1]) <= _FULL * width or not width
        if item:
            is_new = _BULLET.match(item[2]) or has_room or line.endswith((".", ";", ":", ","))
        else:
            # What a colon announces belongs to it.
            is_new = has_room and not end[1][0].islower() and not line.endswith(":")
        if is_new and line:
            yield end.start(1)


def _is_day(line: str, mark: str) -> bool:
    """Whether the number that begins the next line is a day of the month that this one ends with, no item's."""
    last = _LAST_WORD.search(line)
    is_month = last is not None and WORDS.get(last[1].lower(), ("", 0))[0] in ("m", "M")
    return is_month and bool(_DAY.fullmatch(mark)) and not _ITEM.match(line)


def _line_before(text: str, start: int) -> str:
    """The line that ends ahead of `start`, where another begins, without white space at its end."""
    return text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)].rstrip()


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for quote_end in _CLOSED_QUOTE.finditer(text, start, end):
        yield from _split_long(text, start, quote_end.end())
        start = quote_end.end()
    yield from _split_long(text, start, end)


def _split_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        cut = _cut(text, start, start + LONGEST_SENTENCE)
        yield start, cut
        start = cut
    yield start, end


def _cut(text: str, start: int, limit: int) -> int:
    """The last clause end in `[start, limit)` past its first third, so that no crumb is left; else the limit itself."""
    floor = start + (limit - start) // 3
    for pattern in _CLAUSE_ENDS:
        ends = [match.end() for match in pattern.finditer(text, floor, limit)]
        if ends:
            return ends[-1]
    return limit


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not _HAS_WORD.search(piece):
        return None
    return start + _BEFORE.match(piece).end(), start + len(piece.rstrip())  # type: ignore[union-attr]
