"""Items -> periods: rewrite rules over the string of codes, from the inside out, one grammar for three languages.

Each rule is a regular expression over the codes of `index.date_words` and a builder in `index.date_builders`; what it
matches becomes one item of code `@` that carries its period. The order: dates that name their year, words relative
to the clock, dates that take their year from a neighbour or the clock, bare years, then parts of what was found.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from index import bare_dates as bare
from index import date_builders as build
from index import date_parts as parts
from index.date_builders import Match
from index.date_lexer import Item
from index.periods import Clock, Period

YEAR = r"(?:D?gy|y(?:-?g)?|[ltN]g|V)"
DAY = "[do]"
MONTH = "[mM]"
UNIT = "[uUgqhk]"
WEEKDAY = "(?:w,?D?)?"
NOT_PART = r"(?!O|,?D?[@mMyszV])"
"""Not followed by what it would be a part of: "last week of May"."""


@dataclass(frozen=True)
class Rule:
    """A pattern over codes; its builder returns None where the words only look like a date; `explicit`: with a year."""

    pattern: re.Pattern[str]
    build: Callable[[Match], Period | None]
    explicit: bool = False


def _rules(*pairs: tuple[str, Callable[[Match], Period | None]], explicit: bool = False) -> tuple[Rule, ...]:
    return tuple(Rule(re.compile(pattern), builder, explicit) for pattern, builder in pairs)


RULES = (
    *_rules(
        (rf"{WEEKDAY}j", build.figures),
        ("J", build.figures),
        (rf"[FSK]?(?:D?{DAY},)*D?{DAY}[-RTB&]D?{DAY}O?{MONTH},?O?{YEAR}", build.days),
        (rf"{MONTH}D?{DAY}[-RTB&]D?{DAY},?{YEAR}", build.days),
        (rf"{YEAR},?{DAY}-{DAY}{MONTH}", build.days),
        (rf"{WEEKDAY}{DAY}O?{MONTH},?O?{YEAR}", build.day),
        (rf"{WEEKDAY}{MONTH}D?{DAY},?{YEAR}", build.day),
        (rf"{YEAR},?{DAY}{MONTH}", build.day),
        (rf"{YEAR}{MONTH}U?o", build.day),
        (r"d\.?[xX]y", build.foreign_day),
        (rf"e,?O?{YEAR}", build.holiday),
        (rf"(?:UO)?{MONTH}U?,?O?{YEAR}", build.month),
        (rf"{YEAR},?{MONTH}U?", build.month),
        (rf"[olv]qO?D?{YEAR}|f,?O?{YEAR}|{YEAR},?(?:[ov]q|f)", build.quarter),
        (rf"[ov]hO?D?{YEAR}|{YEAR}[ov]h", build.half),
        (rf"[sz]O?D?,?{YEAR}|{YEAR},?s", build.season),
        explicit=True,
    ),
    *_rules(
        ("1|Li?tg|tgL", build.year_so_far),
        (rf"(?:h?a|[dna])?O?{UNIT}G", parts.ago),
        (rf"D?[lP][dna]?{UNIT}&ah", build.rolling_and_half),
        (rf"D?[lP][dna]O?{UNIT}{NOT_PART}", build.rolling),
        (rf"(?:D[lP]|P){UNIT}{NOT_PART}", build.rolling),
        (rf"D?N[dna]{UNIT}", build.ahead),
        (rf"D?{UNIT}Bl(?![uUgqhkmMszw])", build.before_last),
        (rf"[ltN]{UNIT}(?!O)", build.relative),
        (r"D?pOD?[gUqu](?!O)|p[gUq]|(?<!y)(?<!y-)gr", build.part_of_this),
        (r"[ltN]D?[mM]", bare.relative_yearly),
        (r"[ltN][sz](?!O)", bare.relative_yearly),
        (r"[ltN]w", bare.relative_weekday),
        ("0", build.relative_day),
        (r"iD?k", build.weekend),
    ),
    *_rules(
        (rf"[FSK]?(?:D?{DAY},)*D?{DAY}[-RTB&]D?{DAY}O?{MONTH}", build.days),
        (rf"{MONTH}D?{DAY}[-RTB&]D?{DAY}(?!{MONTH})", build.days),
        (rf"{WEEKDAY}{DAY}O?{MONTH}", build.day),
        (rf"{WEEKDAY}{MONTH}D?{DAY}", build.day),
        (r"e(?![xX])", build.holiday),
        (rf"(?:UO)?{MONTH}U?", bare.bare_month),
        (r"iD?(?:[ov]q(?!O)|f)", build.quarter),
        (r"w,?O?D?@|@i?D?w", parts.weekday_of),
        (r"[sz](?!O)", bare.bare_season),
        (r"wu?", bare.weekday),
    ),
    *_rules(
        ("D?cg?|y-?g", bare.decade),
        ("(?:D?g)?y(?:[-R]y|&y(?=-?g?K))?(?:-?g)?", bare.year),
        ("V", bare.year_word),
        explicit=True,
    ),
    *_rules(
        (r"D?[ol][dn]?[uU]O?D?@|P[dn]?[uU]@|@[ol][dn]?[uU]", parts.nth),
        (r"D?[ov]hO?D?@|@[ov]h(?!O)", parts.half_part),
        (r"D?pO?D?@|@r", parts.part),
        (r"iD[olP]?[dn][uUgq][BA]D?@|i[dna][uUg]O@", parts.days_beside),
        (r"D?[dn][uUgq]RD?@", parts.up_to),
        (r"D?uO@", parts.week_of),
        (r"[dna][uUg][BA]D?@", parts.days_from),
        (r"Du[BA]D?@", parts.week_beside),
        (r"EO?D?x?@|@E", parts.neighbour_day),
    ),
)


def periods(items: list[Item], clock: Clock) -> list[Item]:
    """`items` with every expression of time that could be read made one item of code `@`, of `value` 1 if dated."""
    codes = "".join(item.code for item in items)
    for rule in RULES:
        position = 0
        while found := rule.pattern.search(codes, position):
            start, end = found.span()
            position = start + 1
            period = _built(rule, Match(items, start, end, codes, clock))
            if period:
                text = items[start].text
                merged = Item("@", int(rule.explicit), items[start].start, items[end - 1].end, text, period)
                items[start:end] = [merged]
                codes = f"{codes[:start]}@{codes[end:]}"
    return items


def _built(rule: Rule, match: Match) -> Period | None:
    try:
        period = rule.build(match)
    except (ValueError, OverflowError):  # 31 February, or a year outside the calendar: not a date
        return None
    return period if period and period.start <= period.end else None
