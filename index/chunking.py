"""A release is cut into sentences, and neighbouring sentences are joined into chunks.

Every sentence and chunk is a slice of the release's stored text, so a span found in one can be shown in the other.
Sentence bounds come from sentencex (Wikimedia), which knows English, Russian and Kazakh and reports code points; what
it leaves too long to be a citation is cut at a semicolon, else a comma, else a space.
"""

import re
from collections.abc import Iterator

from index.orders import telling, title_told
from index.release import Chunk, Release, Sentence

LONGEST_SENTENCE = 500
"""Characters; a longer stretch proves nothing when it is cited, so it is cut at a clause."""

_CLAUSE_ENDS = (re.compile(r";\s+"), re.compile(r",\s+"), re.compile(r"\s+"))
_CLOSED_QUOTE = re.compile(r"[.!?][”»]\s+(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ“«])")
"""The segmenter keeps a quotation and what follows it together; a finished quotation ends a sentence."""

_BEFORE = re.compile(r"(?:\s|[-–—•·*](?=\s))*")
"""White space and the marks of a list, which are not part of its item."""

_NEXT_NUMBER = re.compile(
    r"(?:^\s*|[;:,]\s+(?:and\s+|or\s+)?|\n\s*)(\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)]\s*)$",
)
"""The number of the next item of a list, which the segmenter takes for the end of the one before: "…; and 3. "."""

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
    import sentencex

    begun: int | None = None
    for segment in sentencex.get_sentence_boundaries(language if language != "und" else "en", text):
        start, end = segment["start_index"], segment["end_index"]
        start = start if begun is None else begun
        number = _NEXT_NUMBER.search(text[start:end])
        begun = start + number.start(1) if number else None
        if begun is None or begun > start:
            yield start, end if begun is None else begun
    if begun is not None:
        yield begun, len(text)


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
