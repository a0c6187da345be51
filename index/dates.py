"""Words about time in a question become a window of days, without a model.

The steps: quotations are set aside; the words are read as coded items (`date_lexer`), the items as periods
(`date_grammar`); what stands before and between them ("since", "until", "from … to") makes windows; the words that ask
for the newest are looked for in what is left (`latest_words`).

What the words mean, where people differ:

- Weeks run from Monday. "Last week" and "last month" are the calendar ones before this one, "the last week", "past
  month" and "last 10 days" are counted back from today. "Few", "several" and a bare plural ("recent weeks") are five.
- A month, day or season without a year takes the year of a dated neighbour, else it is the last one that has begun;
  "last March" is over, "next March" has not begun, "this spring" is this year's. A weekday is the last one up to today.
- "Two years ago" is that whole year, "three weeks ago" that week. Winter belongs to the year of its January.
- "Early", "mid" and "late", "the beginning" and "the end" are the thirds of a month (1-10, 11-20, 21-) or of a year.
  The first week of a month is its days 1 to 7.
- "Since 5 May" includes the day, "after 5 May" does not; "until", "by" and "as of" include it, "before" does not.
  Russian «до» and Kazakh «дейін» alone are "before", at the end of a range they include the day.
- 05/06/2024 is 5 June: the day first, unless only the other way is a date.
- "By 2030" and "the goal for 2030", when that lies ahead, name a target: the time of no release, so no window; nor is
  May one in "he said he would travel there in May".
- "Today" where a question asks how things are ("how big is its staff today?") is by now, the newest that is told of it.
- A year in a name ("Vision 2030", "the 2015 Paris Agreement", all that stands in quotation marks) is no window.
- One period inside another narrows ("in 2023 … in March") unless "and" joins them; other periods give their hull.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from index.date_grammar import periods
from index.date_lexer import Item, read
from index.latest_words import latest_words, nowadays
from index.periods import Clock, Kind, Period

QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|“[^”]{1,200}”|«[^»]{1,200}»|„[^“”]{1,200}[“”]")
SEPARATOR = "; "
"""Between the words of several periods; no date holds it."""


@dataclass(frozen=True)
class Window:
    """The days a question asks about: `since` and `until` are inclusive, None is open; `words` are the words read.

    `latest` asks for the newest release about the topic. Several periods in one question give their hull, with
    `parts` holding each.
    """

    since: date | None = None
    until: date | None = None
    latest: bool = False
    words: str = ""
    parts: tuple["Window", ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """`since`, `until` (ISO strings or None), `latest` and `words`."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "latest": self.latest,
            "words": self.words,
        }


@dataclass(frozen=True)
class Bound:
    """One window at the span `[start, end)` of the question; `ahead` ones are targets that bound nothing."""

    since: date | None
    until: date | None
    start: int
    end: int
    ahead: bool = False

    def holds(self, other: "Bound") -> bool:
        """`other` lies within these days and is not the same."""
        if not (self.since and self.until and other.since and other.until):
            return False
        same = (self.since, self.until) == (other.since, other.until)
        return not same and self.since <= other.since and other.until <= self.until


RANGE = re.compile(r"[FS]D?@[-RTB][iD]*@|@[-R]D?@|KD?@&D?@|@&@[xu]?K|@@<")
SINCE = re.compile(r"SD?@|F?D?@H")
AFTER = re.compile(r"AD?@|@>")
BEFORE = re.compile(r"BD?@|@[<G]")
UNTIL = re.compile(r"TD?@")
PLAIN = re.compile(r"@")

AROUND = timedelta(days=3)
"""How far from a day "around" it reaches."""

EVENT = 7
"""Words at most of what began with a period: "since the war began in 2022"."""

FORESEEN = re.compile(r"\bwould(?:\s+[\w’'-]+){1,4}\s+$", re.IGNORECASE)
"""Before a time that somebody looked ahead to: "he said he would travel there in May"."""

COMING = re.compile(
    r"(?:(?:over|in|during|for|within|of|across)\s+)?(?:the\s+)?(?:coming|next)\s+decade", re.IGNORECASE
)
"""What is to last so long is told today: "who pays for it over the coming decade?"."""

IS_TO_COME = re.compile(r",?\s+(?:there|it|he|she|they|we)(?:['’]ll|\s+will)\b", re.IGNORECASE)
"""Behind a time: "from August there will be"."""

GOING = re.compile(r"\b(?:going|judging)\s+$", re.IGNORECASE)
"""Before "by" and whoever or whatever says so: "going by yesterday's release"."""


THROUGH = re.compile(r"(?:over|during|throughout|across)\s[^,;]*\sand\s", re.IGNORECASE)
"""A first time and what joins the second to it where both are one: what went on "in May and June" is asked apart."""

DAY = timedelta(days=1)

LONGEST = 4_000
"""Characters that are read; a question has half of them, and every period is compared with every other."""


@lru_cache(maxsize=1024)
def find_window(text: str, now: date) -> Window:
    """The days that `text` asks about, relative to `now`; a `Window()` where it names none. Never raises.

    Of a longer text the first `LONGEST` characters are read.
    """
    text = text[:LONGEST]
    quoted = _blank(text, [match.span() for match in QUOTED.finditer(text) if match[0] != text.strip()], "Q")
    by_now = nowadays(quoted)
    bounds = _bounds(_blank(quoted, by_now), now)
    left = _blank(quoted, [(bound.start, bound.end) for bound in bounds])
    bounds = _narrowed([bound for bound in bounds if not bound.ahead], quoted)
    bounds = _run_together(bounds, quoted)
    newest = [*by_now, *latest_words(left, quoted, bool(bounds))]
    parts = tuple(Window(bound.since, bound.until, words=text[bound.start : bound.end]) for bound in bounds)
    spans = _joined([*((bound.start, bound.end) for bound in bounds), *newest])
    words = SEPARATOR.join(text[start:end] for start, end in spans)
    return replace(_hull(parts), latest=bool(newest), words=words, parts=parts if len(parts) > 1 else ())


def _run_together(bounds: list[Bound], text: str) -> list[Bound]:
    """The windows, two as one where what is asked about went on through both: "over August and September"."""
    found: list[Bound] = []
    for bound in bounds:
        ahead = found[-1] if found else None
        is_next = ahead and ahead.until and bound.since and ahead.until + DAY == bound.since
        if ahead and is_next and THROUGH.fullmatch(text, ahead.start, bound.start):
            found[-1] = replace(ahead, until=bound.until, end=bound.end)
        else:
            found.append(bound)
    return found


def outside_words(text: str, window: Window) -> str:
    """`text` without the words that `window` was read from: what is asked, not when."""
    position = 0
    for words in filter(None, window.words.split(SEPARATOR)):
        found = text.find(words, position)
        if found >= 0:
            text, position = text[:found] + text[found + len(words) :], found
    text = re.sub(r"\s+([?.,;!])", r"\1", re.sub(r"\s+", " ", text))
    return text.strip(" ,;")


def _bounds(text: str, now: date) -> list[Bound]:
    items = periods(read(text), Clock(now))
    codes = "".join(item.code for item in items)
    found: list[Bound] = []
    for pattern, bound in READINGS:
        for match in pattern.finditer(codes):
            start, end = match.span()
            read_as = _since if bound is _plain and _follows_since(items, start) else bound
            since, until = read_as([item.period for item in items[start:end] if item.period])
            ahead = bound in (_until, _before) and until is not None and until > now
            ahead = ahead or _is_to_come(text, items[start].start, items[end - 1].end)
            if bound is _until and GOING.search(text, 0, items[start].start):
                since = next(item.period.start for item in items[start:end] if item.period)
            start = _with_preposition(items, start) if bound is not _until else start
            if since and since == until and items[start].text.lower() == "around":
                since, until = since - AROUND, since + AROUND
            if since and until and since > until:
                continue
            found.append(Bound(since, until, items[start].start, items[end - 1].end, ahead))
        codes = pattern.sub(lambda match: "_" * len(match[0]), codes)
    return sorted(found, key=lambda bound: bound.start)


def _is_to_come(text: str, start: int, end: int) -> bool:
    """Whether what was foreseen, or is still to come, has the time at this span."""
    foreseen = FORESEEN.search(text[:start]) or COMING.fullmatch(text, start, end)
    return bool(foreseen or IS_TO_COME.match(text, end))


def _follows_since(items: list[Item], start: int) -> bool:
    """Whether the period at `start` tells when something was that "since" stands before: "since the war in 2022"."""
    for item in reversed(items[max(0, start - EVENT) : start]):
        if item.code in "STBARK@.,":
            return item.text.lower() == "since"
    return False


def _with_preposition(items: list[Item], start: int) -> int:
    """Where the words begin that belong to the period at `start`: "in the …"."""
    if items[start].code != "@":
        return start
    if start and items[start - 1].code == "D":
        start -= 1
    return start - 1 if start and items[start - 1].code in "iF" and items[start - 1].text != "at" else start


def _range(found: list[Period]) -> tuple[date | None, date | None]:
    return found[0].start, found[-1].end


def _since(found: list[Period]) -> tuple[date | None, date | None]:
    return found[0].start, None


def _after(found: list[Period]) -> tuple[date | None, date | None]:
    return _beside(found[0].end, 1), None


def _before(found: list[Period]) -> tuple[date | None, date | None]:
    period = found[0]
    return None, period.end if period.kind is Kind.END else _beside(period.start, -1)


def _beside(day: date, step: int) -> date:
    """The day after or before, on the calendar's edge the day itself."""
    return day if day in (date.min, date.max) else day + timedelta(days=step)


def _until(found: list[Period]) -> tuple[date | None, date | None]:
    return None, found[0].end


def _plain(found: list[Period]) -> tuple[date | None, date | None]:
    return found[0].start, found[0].end


READINGS = (
    (RANGE, _range),
    (SINCE, _since),
    (AFTER, _after),
    (BEFORE, _before),
    (UNTIL, _until),
    (PLAIN, _plain),
)
"""Tried in this order; what one has read is gone for the next."""


def _narrowed(bounds: list[Bound], text: str) -> list[Bound]:
    """Without the periods that hold another one, unless "and" stands between two."""
    joined = any(re.search(r"\b(?:and|or|и|мен|және)\b", text[a.end : b.start]) for a, b in pairwise(bounds))
    return bounds if joined else [bound for bound in bounds if not any(bound.holds(other) for other in bounds)]


def _hull(parts: tuple[Window, ...]) -> Window:
    since = [part.since for part in parts]
    until = [part.until for part in parts]
    earliest = None if None in since else min((day for day in since if day), default=None)
    return Window(earliest, None if None in until else max((day for day in until if day), default=None))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, overlapping ones made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _blank(text: str, spans: list[tuple[int, int]], sign: str = " ") -> str:
    for start, end in spans:
        text = text[:start] + sign * (end - start) + text[end:]
    return text
