"""Text -> a list of items with one-letter codes, so that one grammar serves three languages."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from index.date_words import ABBREVIATIONS, PHRASES, VERBS, WORDS, Entry
from index.periods import Period, months, one_day

YEARS = range(1700, 2101)
"""Numbers of four digits that can be years."""

TOKEN = re.compile(
    r"""(?P<date>\b\d{4}(?P<s>[-./])\d{1,2}(?P=s)\d{1,2}\b|\b\d{1,2}(?P<t>[-./])\d{1,2}(?P=t)(?:\d{4}|\d{2})\b)
    |(?P<years>\b\d{4}[-–/]\d{2}\b(?!-))
    |(?P<month>\b\d{1,2}[./]\d{4}\b)
    |(?P<decade>\b(?:\d{3}|\d)0(?:s|-х|-е|-ых|-ые|[’']s)\b)
    |(?P<amount>[$€£₸₽№#]\s?\d[\d.,]*|\b\d{1,3}(?:[,\u00a0\u202f]\d{3})+\b|\b\d+(?:\.\d+|,\d{1,2})\b|\d+\s?%)
    |(?P<number>\b\d+(?P<ordinal>st|nd|rd|th|-[а-яёәіңғүұқөһ]{1,5})?\b)
    |(?P<code>\b\d+\w+)
    |(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)(?P<tail>[-‐‑–]?\d[\w-]*)?
    |(?P<mark>[^\w\s]|\n\s*\n)""",
    re.VERBOSE | re.IGNORECASE,
)
KAZAKH_LETTER = re.compile("[әіңғүұқөһ]", re.IGNORECASE)
PREFIX = re.compile(r"\b(mid|early|late)[-‐‑–](?=\w)", re.IGNORECASE)
NUMBER_BESIDE = re.compile(r"\.?,?\s*(?:the )?\d")
NUMBER_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?\.?,?\s*(?:of\s+)?$", re.IGNORECASE)
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
MARKS = dict.fromkeys(".;:?!…", ".") | dict.fromkeys("-‐‑–—", "-") | {",": ",", "&": "&", "/": "&"}


class Item(NamedTuple):
    """A word, number or sign, or (code `@`) the period that several were read as; `value` depends on the code."""

    code: str
    value: int
    start: int
    end: int
    text: str
    period: Period | None = None


def read(text: str) -> list[Item]:
    """The items of `text`, in order; spans are code points of `text`."""
    text = PREFIX.sub(lambda match: match[1] + " ", text)
    kazakh = KAZAKH_LETTER.search(text) is not None
    items: list[Item] = []
    position = 0
    while match := TOKEN.search(text, position):
        position = match.end()
        kind = match.lastgroup
        if kind in ("word", "tail"):
            position = _word(match, text, items, kazakh)
        elif kind == "mark":
            items.append(Item(MARKS.get(match[0], "." if match[0].isspace() else "#"), 0, *match.span(), match[0]))
        else:
            items.extend(_figures(match, kind))
    return _phrases(items) if items else items


def _word(match: re.Match[str], text: str, items: list[Item], kazakh: bool) -> int:
    """Append the item of a word; return where to read on."""
    word, start, end = match["word"], match.start(), match.end("word")
    key = word.lower().replace("ё", "е").replace("’", "'").removesuffix("'s")
    if match["tail"]:
        if (
            len(key) == 1
            and key in "qh"
            and len(match["tail"]) == 1
            and "1" <= match["tail"] <= ("4" if key == "q" else "2")
        ):
            items.append(Item("f", int(match["tail"]) + (4 if key == "h" else 0), start, match.end(), match[0]))
            return match.end()
        if WORDS.get(key, "x")[0] not in "mM":
            items.append(Item("X", 0, start, match.end(), match[0]))
            return match.end()
    code, value = _entry(key, word, items, kazakh)
    if key in ABBREVIATIONS and text[end : end + 1] == ".":
        end += 1
    if code in "mM" and (key in ABBREVIATIONS or (key in VERBS and word[0].islower())):
        beside = NUMBER_BESIDE.match(text, end) or NUMBER_BEFORE.search(text[max(0, start - 12) : start])
        code = code if beside else "x"
    items.append(Item(code, value, start, end, word))
    return end


def _entry(key: str, word: str, items: list[Item], kazakh: bool) -> Entry:
    if key in ("г", "гг", "ж", "жж"):
        return ("g", 7) if items and items[-1].code == "y" else ("x", 0)
    if key == "он" and kazakh:  # "ten" in Kazakh, "he" in Russian
        return "n", 10
    if word in ROMAN:
        return "v", ROMAN[word]
    return WORDS.get(key) or ("X" if word[0].isupper() else "x", 0)


def _figures(match: re.Match[str], kind: str | None) -> list[Item]:
    start, end, text = match.start(), match.end(), match[0]
    if kind in ("number", "ordinal"):
        return [_number(match)]
    if kind == "years" and int(text[:4]) in YEARS:
        first, second = int(text[:4]), int(text[5:])
        if second == first % 100 + 1 and text[5] != "0":
            return [Item("y", first, start, start + 4, text[:4]), Item("-", 0, start + 4, start + 5, "-"),
                    Item("y", first + 1, start + 5, end, text[5:])]  # fmt: skip
        period = months(first, second) if 1 <= second <= 12 else None
        return [Item("J" if period else "x", 0, start, end, text, period)]
    if kind == "decade":
        digits = int(re.split(r"\D", text)[0])
        year = digits if digits >= 100 else 1900 + digits
        return [Item("c" if year in YEARS else "x", year, start, end, text)]
    period = _full_date(text) if kind == "date" else _month_year(text) if kind == "month" else None
    code = "x" if not period else "J" if kind == "month" else "j"
    return [Item(code, 0, start, end, text, period)]


def _number(match: re.Match[str]) -> Item:
    digits = match["number"].removesuffix(match["ordinal"] or "")
    value = int(digits) if len(digits) <= 4 else 0
    if len(digits) == 4 and value in YEARS and (match["ordinal"] or "-")[0] == "-":
        code = "y"
    elif match["ordinal"]:
        code = "o" if value <= 31 else "x"
    else:
        code = "d" if 1 <= value <= 31 and len(digits) <= 2 else "n" if 1 <= value <= 999 else "x"
    return Item(code, value, *match.span(), match[0])


def _full_date(text: str) -> Period | None:
    """Year first, or day first; month first only where the day cannot be a month (12/31/2023)."""
    first, second, third = (int(part) for part in re.split(r"[-./]", text))
    if first > 999:
        year, month, day = first, second, third
    else:
        year = third if third > 99 else 2000 + third
        day, month = (second, first) if second > 12 >= first else (first, second)
    try:
        return one_day(date(year, month, day)) if year in YEARS else None
    except ValueError:  # 45.13.2023 is some other number
        return None


def _month_year(text: str) -> Period | None:
    month, year = (int(part) for part in re.split(r"[./]", text))
    return months(year, month) if 1 <= month <= 12 and year in YEARS else None


def _phrases(items: list[Item]) -> list[Item]:
    """Join the words of fixed phrases ("as of", "day before yesterday") into one item."""
    joined: list[Item] = []
    index = 0
    while index < len(items):
        item = items[index]
        known = PHRASES.get(item.text.lower())
        length, entry = next(_matching(known, items, index), (0, ("", 0))) if known else (0, ("", 0))
        if length:
            item = Item(entry[0], entry[1], item.start, items[index + length].end, item.text)
        joined.append(item)
        index += length + 1
    return joined


def _matching(known: list[tuple[tuple[str, ...], Entry]], items: list[Item], index: int) -> Iterator[tuple[int, Entry]]:
    for rest, entry in known:
        following = items[index + 1 : index + 1 + len(rest)]
        if len(following) == len(rest) and all(
            item.text.lower() == word for item, word in zip(following, rest, strict=True)
        ):
            yield len(rest), entry
