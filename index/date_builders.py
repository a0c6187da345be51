"""What each rule of the grammar means: the matched items -> a period, or None where the words only look like a date."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from index import periods
from index.date_lexer import Item
from index.date_words import COUNTED, NAMED_BY_DAY
from index.feasts import feast
from index.foreign_days import read_day
from index.periods import Clock, Kind, Period, Unit, Yearly, around, choose, months, one_day, shift

UNITS = "uUgqhk"

FEW = 5
"""How many units "the last few days" and "recent weeks" mean."""

ALONE = frozenset(
    """
    час день сутки неделю месяц квартал полгода год десятилетие апта ай жыл күн
    """.split()
)
"""Units that stand before "ago" without a count: «неделю назад»."""

REACH = 60
"""How many items around a match are looked at, so that a long list of dates takes no long time."""

LIST_REACH = timedelta(days=180)

RIGHT_YEAR = re.compile(r"[-RTB&,](?:[-RTB&,iDOp]|[do]?[mM]|(?<=&)x{1,2}(?=i))*@")
"""What may stand between a month and the dated one it takes its year from: "in March and again in early June 2024"."""


@dataclass(frozen=True)
class Match:
    """The items `[start, end)` that a rule matched, among all `items` and their `codes`."""

    items: list[Item]
    start: int
    end: int
    codes: str
    clock: Clock

    def find(self, codes: str, number: int = 0) -> Item | None:
        """The `number`-th matched item with one of `codes`, -1 the last."""
        found = [item for item in self.items[self.start : self.end] if item.code in codes]
        return found[number] if number < len(found) else None

    def need(self, codes: str, number: int = 0) -> Item:
        item = self.find(codes, number)
        if item is None:  # a rule and its builder disagree
            raise LookupError(f"no item {number} of {codes} in {self.codes[self.start : self.end]}")
        return item

    def left(self, distance: int = 1) -> str:
        """The code `distance` before the match, "" at the beginning."""
        return self.codes[self.start - distance] if self.start >= distance else ""

    @property
    def right(self) -> str:
        """The next codes after the match."""
        return self.codes[self.end : self.end + REACH]

    @property
    def counted(self) -> bool:
        """The number is followed by what it counts: "March 20 people"."""
        return self.end < len(self.items) and self.items[self.end].text.lower() in COUNTED


def figures(match: Match) -> Period | None:
    return match.need("jJ").period


def foreign_day(match: Match) -> Period | None:
    """A day, an unknown word and a year: perhaps a date in another language."""
    day, word, year = match.need("d"), match.need("xX"), match.need("y")
    return read_day(f"{day.text} {word.text} {year.text}")


def named_year(match: Match) -> int | None:
    """The year that the matched words name: 2024, "last year", "былтыр"."""
    if year := match.find("y"):
        return year.value
    if relative := match.find("V") or (match.find("ltN") if match.find("g") else None):
        return match.clock.day.year + relative.value
    return None


def dated(match: Match, yearly: Yearly) -> Period | None:
    """The period in the year that the words name, or else in the year that their neighbours or the clock give."""
    year = named_year(match)
    if year is not None:
        return yearly(year)
    if _beside_number(match):
        return None
    if beside := RIGHT_YEAR.match(match.right):
        anchor = match.items[match.end + beside.end() - 1]
        shared = choose(yearly, match.clock, until=anchor.period.start) if anchor.value and anchor.period else None
        if shared and anchor.period and beside[0][0] not in "&,":
            return shared
        if shared and anchor.period and (listed := _listed(shared, anchor.period, yearly, match.clock)):
            return listed
    if (before := _year_before(match)) is not None:
        following = choose(yearly, match.clock, since=before.start)
        if following and following.start <= max(match.clock.day, before.end):
            return following
    return choose(yearly, match.clock)


def _listed(first: Period, second: Period, yearly: Yearly, clock: Clock) -> Period | None:
    """A list shares its year among days or among months: not "on 12 June and in September 2023".

    It may go on over the end of a year, "in November and January 2024"; in a question "June and May 2023" are of one.
    """
    if (first.start == first.end) != (second.start == second.end):
        return None
    if second.start - first.start < LIST_REACH:
        return first
    return None if clock.nearest else yearly(second.start.year)


def _beside_number(match: Match) -> bool:
    """A number that is no year stands where a year would: "September 1562"."""
    after = match.items[match.end] if match.right[:1] == "x" else None
    before = match.items[match.start - 2] if match.left() == "g" and match.left(2) == "x" else None
    return any(item is not None and item.text.isdigit() for item in (after, before))


def _year_before(match: Match) -> Period | None:
    """The dated period that gives a later bare month its year; in a release only a direct neighbour does."""
    for index in range(match.start - 1, max(-1, match.start - 1 - REACH), -1):
        item = match.items[index]
        if item.code == "@" and item.value:
            return item.period
        if item.code == "y" and index and match.codes[index - 1] == "i" and not match.clock.nearest:
            return periods.whole_year(item.value)
        if match.clock.nearest and item.code not in ",&-RDi":
            break
    return None


def day(match: Match) -> Period | None:
    number, month = match.need("do"), match.need("mM")
    if not match.find("yVg") and match.end < len(match.items) and match.items[match.end].text.lower() in NAMED_BY_DAY:
        return None  # "The 17 November Prize".
    spelt_out = number.code == "o" and number.text.isalpha()
    if (spelt_out and not match.find("OD")) or (not match.find("yVg") and number.start > month.start and match.counted):
        return None
    return dated(match, lambda year: one_day(months(year, month.value).start.replace(day=number.value)))


def days(match: Match) -> Period | None:
    month = match.need("mM")
    first, last = (match.need("do", number).value for number in (0, -1))

    def span(year: int) -> Period:
        start = months(year, month.value).start
        return Period(start.replace(day=first), start.replace(day=last))

    return dated(match, span) if first <= last else None


def holiday(match: Match) -> Period | None:
    code = match.need("e").value
    return dated(match, lambda year: feast(code, year))


def month(match: Match) -> Period | None:
    number = match.need("mM").value
    return dated(match, lambda year: months(year, number))


def number_of(match: Match, last: int) -> int:
    item = match.find("ovf")
    return item.value if item and item.value > 0 else last


def quarter(match: Match) -> Period | None:
    number = number_of(match, 4)
    if number > 4 and match.find("f"):
        return dated(match, lambda year: periods.half(year, number - 4))
    return dated(match, lambda year: periods.quarter(year, number)) if number <= 4 else None


def half(match: Match) -> Period | None:
    number = number_of(match, 2)
    return dated(match, lambda year: periods.half(year, number)) if number <= 2 else None


def season(match: Match) -> Period | None:
    item = match.need("sz")
    if item.code == "z" and not match.find("y") and match.left() not in tuple("iDpSABTRFK"):
        return None  # "did prices fall last year"
    if match.codes[match.start] == "y" and match.left() == "X":
        return None  # "the Beijing 2022 Winter Games"
    if match.codes[match.start] == "y" and match.right[:1] == "X" and item.text[0].isupper():
        return None  # "the 2020 Summer Olympics"
    return dated(match, lambda year: periods.season(year, item.value))


def year_so_far(match: Match) -> Period:
    today = match.clock.day
    return Period(today.replace(month=1, day=1), today)


def count_of(match: Match) -> int:
    item = match.find("dna")
    return item.value if item else 1


def unit_of(match: Match) -> Unit:
    return Unit(match.need(UNITS).value)


def many_of(match: Match) -> bool:
    """The unit stands in the plural: "days", «последние дни», "жылдары"."""
    unit, head = match.need(UNITS).text.lower(), match.items[match.start].text.lower()
    english = unit.isascii() and unit.endswith("s")
    return english or head.endswith(("ие", "их", "ые", "ых")) or re.search("[лдт][ае]р", unit) is not None


def ago(match: Match) -> Period | None:
    """The calendar unit that many units back; half a year and a decade ago are a month and a year."""
    count, unit = count_of(match), unit_of(match)
    if not match.find("dna") and match.items[match.start].text.lower() not in ALONE:
        return None  # «миллионов лет назад»
    if unit is Unit.HALF:
        return around(shift(match.clock.day, Unit.MONTH, -6 * count), Unit.MONTH)
    target = shift(match.clock.day, unit, -count)
    return around(target, Unit.YEAR if unit is Unit.DECADE else unit)


def rolling(match: Match) -> Period | None:
    unit, many = unit_of(match), many_of(match)
    head = (match.find("P") or match.need("l")).text.lower()
    counted = match.find("dna") is not None
    if not counted and not many and (head == "recent" or (unit <= Unit.DAY and head != "past")):
        return None  # "recent week", «в последний день»
    if unit is Unit.WEEKEND:
        return around(shift(match.clock.day, Unit.WEEK, -1), unit)
    count = count_of(match) if counted or not many else FEW
    return Period(shift(match.clock.day, unit, -count), match.clock.day, Kind.ROLLING)


def rolling_and_half(match: Match) -> Period | None:
    """ "the past decade and a half" """
    unit = unit_of(match)
    if unit not in (Unit.YEAR, Unit.DECADE):
        return None
    half, whole = (6, 12) if unit is Unit.YEAR else (60, 120)
    item = match.find("dn")
    count = whole * (item.value if item else 1) + half
    return Period(shift(match.clock.day, Unit.MONTH, -count), match.clock.day, Kind.ROLLING)


def ahead(match: Match) -> Period:
    return Period(match.clock.day, shift(match.clock.day, unit_of(match), count_of(match)), Kind.ROLLING)


def relative(match: Match) -> Period | None:
    unit, steps = unit_of(match), match.need("ltN").value
    vague = unit <= Unit.DAY or unit is Unit.FORTNIGHT or match.need(UNITS).text == "half"
    if vague or (unit is not Unit.WEEKEND and many_of(match)):
        return None
    return around(shift(match.clock.day, unit, steps), unit)


def before_last(match: Match) -> Period:
    """ "the year before last" """
    return around(shift(match.clock.day, unit_of(match), -2), unit_of(match))


def part_of_this(match: Match) -> Period | None:
    unit, item = unit_of(match), match.need("pr")
    if unit <= Unit.DAY or (item.text.isascii() and not match.find("O")):
        return None
    return third_of(around(match.clock.day, unit), item.value)


def third_of(period: Period, part: int) -> Period:
    return replace(periods.third(period, min(part, 2)), kind=Kind.END if part == 3 else Kind.SPAN)


def relative_day(match: Match) -> Period | None:
    item = match.need("0")
    if item.text == "Today" and match.left() == "X":
        return None  # "Russia Today"
    return one_day(match.clock.day + timedelta(days=item.value))


def weekend(match: Match) -> Period:
    today = match.clock.day
    return around(today if today.weekday() >= 5 else shift(today, Unit.WEEK, -1), Unit.WEEKEND)
