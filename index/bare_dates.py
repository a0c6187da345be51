"""Months, weekdays, seasons and years that stand alone: read only where their surroundings show that time is meant."""

import re

from index import periods
from index.date_builders import Match, dated
from index.date_words import DOCUMENT_STEMS, DOCUMENTS, HOLIDAYS, NAMED_BY_DAY, NOT_DAYS, NUMBERED
from index.periods import Period, Unit, months, one_day

NOT_SEASONS = ("months", "solstice", "olympics", "games", "holidays")

BEFORE_TIME = tuple("iSABTRFKEpN")
"""Codes after which a word that could be something else is a time: "in May", "since spring"."""

GOES_ON = re.compile(r"[&,][iDO]*[mM@]")
"""After a month another one: "both May and June", "of March and of June 2024"."""

MEETS_DATE = re.compile(r"[BA]D?(?:[@0mMyj]|[do]O?[mM])")
POSSESSIVE = ("his", "her", "its", "their", "our")
LOCATIVE = ("да", "де", "та", "те")
NOT_OF_YEARS = ("at", "on", "over", "about")
"""Prepositions that no year follows."""

ADVERBS = frozenset(["весной", "летом", "осенью", "зимой"])
FUTURE = frozenset(
    """
    will shall tomorrow upcoming scheduled планируется состоится пройдет будет өтеді болады
    """.split()
)
FUTURE_REACH = 8


def bare_month(match: Match) -> Period | None:
    item = match.need("mM")
    following = match.items[match.end].text if match.right[:1] == "X" else ""
    is_named = match.left() in ("d", "o") and match.right and match.items[match.end].text.lower() in NAMED_BY_DAY
    if match.left() == "X" or following in ("Revolution", "War") or is_named:
        return None
    if item.code == "M" and not match.find("U") and not _stands_as_month(match, item.text):
        return None
    return dated(match, lambda year: months(year, item.value))


def _stands_as_month(match: Match, text: str) -> bool:
    left = match.left()
    before = match.items[match.start - 1].text.lower() if match.start else ""
    if text[0].isupper() and before in POSSESSIVE:
        return True  # "On his August trip".
    joined = (left in ("&", ",", "-") and match.left(2) in ("m", "M", "@")) or bool(GOES_ON.match(match.right))
    return (
        left in BEFORE_TIME or joined or (left in ("D", "O") and text not in ("March", "May", "Наурыз", "Март", "Май"))
    )


def bare_season(match: Match) -> Period | None:
    item = match.need("sz")
    text = item.text.lower()
    if match.right and match.items[match.end].text.lower() in NOT_SEASONS:
        return None
    in_time = match.left() in BEFORE_TIME or (match.left() == "D" and match.left(2) in BEFORE_TIME)
    if text.isascii():
        stands = in_time and match.right[:1] not in (("x", "X") if item.code == "z" or item.text[0].isupper() else ())
    else:
        stands = in_time or text in ADVERBS or text.endswith(LOCATIVE)
    if not stands or (match.right[:1] in ("B", "A") and not MEETS_DATE.match(match.right)):
        return None  # "spring water"; "in the summer before the second session"
    return dated(match, lambda year: periods.season(year, item.value))


def relative_yearly(match: Match) -> Period | None:
    """ "last March", "this spring", "next winter": the last that is over, this year's, the next to begin."""
    steps, item, today = match.need("ltN").value, match.need("mMsz"), match.clock.day
    if item.text.lower() == "fall" and steps == 0 and match.right[:2] in ("ix", "iD"):
        return None  # "this fall in exports"

    def yearly(year: int) -> Period:
        return months(year, item.value) if item.code in "mM" else periods.season(year, item.value)

    if steps:
        near = [yearly(today.year + step) for step in range(-2, 3)]
        found = [p for p in near if (p.end < today if steps < 0 else p.start > today)]
        return max(found, key=lambda p: p.start) if steps < 0 else min(found, key=lambda p: p.start)
    winter = item.code == "s" and item.value == 3
    return yearly(today.year + (winter and today.month >= 9))


def weekday(match: Match) -> Period | None:
    """A weekday without more: the last one up to the clock's day; in a release that looks ahead, the next."""
    item, unit = match.need("w"), match.find("u")
    named = not unit and match.right and match.items[match.end].text.lower() in NOT_DAYS
    joined = match.left() in ("&", "-", ",") and match.left(2) in ("w", "@")
    prepared = match.left() in BEFORE_TIME or (match.left() == "D" and match.left(2) == "i")
    kazakh = item.text.endswith(LOCATIVE) or (unit is not None and unit.value == Unit.DAY)
    if named or not (joined or prepared or kazakh):
        return None
    today = match.clock.day
    steps = (today.weekday() - item.value) % 7
    if match.clock.nearest and steps and _looks_ahead(match):
        steps -= 7
    return one_day(periods.shift(today, Unit.DAY, -steps))


def _looks_ahead(match: Match) -> bool:
    before = match.items[max(0, match.start - FUTURE_REACH) : match.start]
    return any(item.text.lower() in FUTURE for item in before)


def relative_weekday(match: Match) -> Period | None:
    """ "last Friday" is the last one before today, "this" and "next" go by the week from Monday."""
    steps, item, today = match.need("ltN").value, match.need("w"), match.clock.day
    if match.right and match.items[match.end].text.lower() in NOT_DAYS:
        return None
    if steps < 0:
        return one_day(periods.shift(today, Unit.DAY, -((today.weekday() - item.value - 1) % 7 + 1)))
    monday = periods.shift(periods.week(today).start, Unit.WEEK, steps)
    return one_day(periods.shift(monday, Unit.DAY, item.value))


def decade(match: Match) -> Period | None:
    if item := match.find("c"):
        return periods.decade(item.value)
    item, plural = match.need("y"), re.search("[лд]ар", match.need("g").text.lower())
    return (
        periods.decade(item.value) if plural and item.value % 10 == 0 and match.left() not in ("-", "R", "&") else None
    )


def year(match: Match) -> Period | None:
    """A year, or a range of years, that is a time and not part of a name or a number of things."""
    first, last = match.need("y"), match.find("y", 1)
    if match.counted or not _stands_as_year(match):
        return None
    return Period(periods.whole_year(first.value).start, periods.whole_year((last or first).value).end)


def year_word(match: Match) -> Period:
    """ "былтыр", "биыл", «прошлогодний»."""
    return periods.whole_year(match.clock.day.year + match.need("V").value)


def _stands_as_year(match: Match) -> bool:
    left, right = match.left(), match.right
    before = match.items[match.start - 1].text.lower() if match.start else ""
    counted_in_years = match.find("g") is not None
    if left == "i":
        return before not in NOT_OF_YEARS and not _is_for_programme(match) and not _is_for_later(match)
    if left in tuple("SABTFKEpqhu") or (match.find("g") and match.items[match.start].code in "Dg"):
        return True
    if right[:1] == "K":
        return True
    if left == "O":
        return not _bears_year(match, match.start - 2) and match.left(2) != "X"
    if left in ("&", ",", "-", "R") and match.left(2) == "@":
        return True
    if left in ("-", "R") and match.left(2) == "y":
        return False  # the end of a range whose start was refused
    if counted_in_years:
        return not _bears_year(match, match.start - 1) and not _named_after(match)
    closed = not right or right[0] in ".,@#"
    if left == "X":
        return before in HOLIDAYS and match.codes[match.start] != "D"
    if match.codes[match.start] == "D" or before in NUMBERED or _is_document(before):
        return False
    return closed and left in ("", "x", ".", ",")


def _is_for_later(match: Match) -> bool:
    """ "the goal for 2030": a target, not the time of a release; the number 1 marks "for" among the prepositions."""
    if match.items[match.start - 1].value != 1:
        return False
    return match.clock.now is not None and match.need("y").value > match.clock.now.year


def _is_for_programme(match: Match) -> bool:
    """ "the State Programme for 2021-2025"; the number 1 marks "for" among the prepositions."""
    return match.items[match.start - 1].value == 1 and (match.left(2) == "X" or _bears_year(match, match.start - 2))


def _bears_year(match: Match, index: int) -> bool:
    """The word at `index` or before it is of a kind that has years in its name: a treaty, a law, a programme."""
    near = match.items[max(0, index - 1) : index + 1] if index >= 0 else []
    return any(_is_document(item.text.lower()) for item in near)


def _named_after(match: Match) -> bool:
    """ "2015 жылғы Париж келісімі": in Kazakh the name follows its year."""
    return any(_is_document(item.text.lower()) for item in match.items[match.end : match.end + 3])


def _is_document(word: str) -> bool:
    return word in DOCUMENTS or word.startswith(DOCUMENT_STEMS)
