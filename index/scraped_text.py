"""Plain text files, scraped or typed -> drafts.

A scraped file begins with ` date 2024-03-07` and whatever the page had beside it ("Images | Kazakh MFA", "Tell a
friend"): neither is a title, and the line is not part of the text. A line that begins with a stamp and a view count,
`07.03.2024, 15:20 1 248`, opens a release; a file may hold several, and the stamps date them, not the first line.

A short first line set apart from what follows is the given title, and leaves the text. It has at most `TITLE_LIMIT`
characters, no final full stop, at least two words, does not begin in lower case, and is no photo credit, link or
dateline.
"""

import re
from collections.abc import Iterator
from datetime import date

from index.draft import Draft, SetAside, Source, has_words, tidy
from index.published import dateline_day, name_day, read_day
from index.release import Origin

TITLE_LIMIT = 150  # characters of a line that may be a title
_FURNITURE_LIMIT = 80  # characters of what a page puts beside a date; more than that is text

_DATE_LINE = re.compile(r"\s*date[ \t:]+(\d{4}-\d{2}-\d{2})(?!\d)[ \t]*([^\n]*)\n?", re.IGNORECASE)
_STAMP = re.compile(
    r"^[ \t]*(?P<day>\d{1,2}\.\d{1,2}\.\d{4}),?[ \t]+\d{1,2}:\d{2}[ \t]+"
    r"(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d+)(?![^\s])[ \t]*"
    rf"(?P<beside>[^\n]{{0,{_FURNITURE_LIMIT}}})$",
    re.MULTILINE,
)
_FURNITURE = re.compile(
    r"(?:images?|photos?|pictures?|videos?|фото|видео|суреттер|сурет)\s*[|:©].*"
    r"|(?:tell a friend|share|share this|share this page|print|print version|send to a friend|press release"
    r"|for immediate release|поделиться|рассказать другу|распечатать|версия для печати|пресс-релиз"
    r"|бөлісу|досыңа айт|басып шығару|баспасөз хабарламасы)\W*",
    re.IGNORECASE,
)
# List marks, links, salutations, and the town and dash that open a wire story.
_NO_TITLE = re.compile(r"[-–—•*]\s|https?:|(?i:dear|уважаем|құрметті)|[^\W\d_][^a-zа-яёәғқңөұүһі]{2,40} [–—-] ")
_NO_TITLE_END = (".", ",", ";", ":", "…", "–", "—", "-")


def read_text(content: str, source: Source) -> Iterator[Draft | SetAside]:
    """The releases of a text file in order, and what of it could not become one."""
    day, body = _date_line(tidy(content))
    stamps = [stamp for stamp in _STAMP.finditer(body) if not stamp["beside"].rstrip().endswith((".", "!", "?"))]
    if not stamps:
        yield from _whole(body, day, source)
        return
    before = body[: stamps[0].start()].strip()
    # Page headings above the first stamp are no release; a text there is one, dated by the first line.
    first = 1
    if len(before) > TITLE_LIMIT:
        yield from _whole(before, day, source)
        first = 2
    elif has_words(before):
        yield source.aside(f"{_quoted(before)}, above the first stamp, is too short to be a release")
    ends = [stamp.start() for stamp in stamps[1:]] + [len(body)]
    for number, (stamp, end) in enumerate(zip(stamps, ends, strict=True), first):
        yield _stamped(stamp, body[stamp.end() : end], number, len(stamps) + first > 2, source)


def _date_line(body: str) -> tuple[str, str]:
    """The day the first line states, as written, and the rest; a long tail on that line is text."""
    found = _DATE_LINE.match(body)
    if not found:
        return "", body
    tail = found[2] if len(found[2]) > _FURNITURE_LIMIT else ""
    return found[1], f"{tail}\n{body[found.end() :]}" if tail else body[found.end() :]


def _whole(body: str, day: str, source: Source) -> Iterator[Draft | SetAside]:
    """One release without a stamp, dated by its first line, else its file's name, else its dateline."""
    try:
        given = read_day(day) if day else None
    except ValueError as error:
        yield source.aside(str(error))
        return
    title, text = split_title(body)
    if not has_words(text):
        yield source.aside("it holds no text")
        return
    when, origin = (given, Origin.GIVEN) if given else derived_day(source.stem, text)
    yield Draft(text, source.id, title, when, origin)


def derived_day(stem: str, text: str) -> tuple[date | None, Origin]:
    """The day of a release that gives none: from the file's name, else from the dateline."""
    day = name_day(stem) or dateline_day(text)
    return day, Origin.DERIVED if day else Origin.UNKNOWN


def _stamped(stamp: re.Match[str], body: str, number: int, several: bool, source: Source) -> Draft | SetAside:
    place = f"part {number}" if several else ""
    try:
        day = read_day(stamp["day"])
    except ValueError as error:
        return source.aside(str(error), place)
    title, text = split_title(body)
    if not has_words(text):
        return source.aside(f"nothing but its stamp, {_quoted(stamp[0].strip())}", place)
    release_id = f"{source.id}-{number}" if source.id and number > 1 else source.id
    return Draft(text, release_id, title, day, Origin.GIVEN, place=place)


def split_title(body: str) -> tuple[str, str]:
    """The given title ("" without one) and the text below it; page furniture above either is dropped."""
    body = below_furniture(body)
    line, _, rest = body.partition("\n")
    title, below = line.strip(), rest.strip()
    # Directly under it only a line too long to be the wrapped rest of the same paragraph.
    apart = rest.startswith("\n") or len(rest.partition("\n")[0]) > TITLE_LIMIT
    return (title, below) if apart and len(below) > len(title) and _is_title(title) else ("", body)


def below_furniture(body: str) -> str:
    """The text without the lines above it that a page puts there: "PRESS RELEASE", "Print"."""
    body = body.strip()
    line, _, rest = body.partition("\n")
    while is_furniture(line) and has_words(rest):
        body = rest.strip()
        line, _, rest = body.partition("\n")
    return body


def is_furniture(line: str) -> bool:
    return _FURNITURE.fullmatch(line.strip()) is not None


def _is_title(line: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", line)
    return (
        10 <= len(line) <= TITLE_LIMIT
        and len(words) >= 2
        and not line.endswith(_NO_TITLE_END)
        and not next(character for character in line if character.isalpha()).islower()
        and "|" not in line
        and not _NO_TITLE.match(line)
        and dateline_day(line) is None
    )


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= 60 else f'"{line[:59]}…"'
