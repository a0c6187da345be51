"""Numbers as a sentence states them, in any spelling: "eighteen", "$2 billion", "2bn dollars", "1,000", "fifth".

A quantity is a value, the unit it is counted in (currency or per cent) and the word it counts. Years and days are not
quantities: the spans of dates are left out by the caller.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.tokens import tokens

_UNITS = dict(
    zip(
        """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
    """.split(),
        range(20),
        strict=True,
    )
)
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_ORDINALS = {
    **dict(
        zip(
            """
    first second third fourth fifth sixth seventh eighth ninth tenth
    """.split(),
            range(1, 11),
            strict=True,
        )
    ),
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
    "fiftieth": 50,
}
_OTHERS = {"twice": 2, "thrice": 3, "both": 2, "half": 0.5, "once": 1, "double": 2, "triple": 3}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    **dict.fromkeys(("thousand", "k", "тыс", "тысяч", "тысячи", "тысяча", "мың"), 1e3),
    **dict.fromkeys(("million", "mn", "mln", "m", "млн", "миллион", "миллиона", "миллионов"), 1e6),
    **dict.fromkeys(("billion", "bn", "bln", "b", "млрд", "миллиард", "миллиарда", "миллиардов"), 1e9),
    **dict.fromkeys(("trillion", "tn", "trn", "трлн", "триллион", "триллиона", "триллионов"), 1e12),
}
_MONEY = {
    **dict.fromkeys(("$", "dollar", "dollars", "usd", "доллар", "доллара", "долларов"), "$"),
    **dict.fromkeys(("€", "euro", "euros", "eur", "евро"), "€"),
    **dict.fromkeys(("£", "gbp", "sterling"), "£"),
    **dict.fromkeys(("¥", "yen", "jpy", "иен"), "¥"),
    **dict.fromkeys(("₸", "tenge", "kzt", "тенге", "теңге"), "₸"),
    **dict.fromkeys(("₽", "ruble", "rubles", "rouble", "roubles", "rub", "рубль", "рубля", "рублей"), "₽"),
    **dict.fromkeys(("chf", "francs", "franc"), "chf"),
}
_PERCENT = ("%", "percent", "per cent", "percentage", "процент", "процента", "процентов", "пайыз")

_SIMPLE_WORDS = "|".join(sorted((*_UNITS, *_TENS, *_ORDINALS, *_OTHERS), key=len, reverse=True))
_LARGE = "|".join(sorted((word for word in _SCALES if len(word) > 4), key=len, reverse=True))
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_UNIT = "|".join(re.escape(word) for word in sorted((*_MONEY, *_PERCENT), key=len, reverse=True) if word[0].isalnum())

_NUMBER = re.compile(
    rf"""
    (?:(?P<money>[$€£¥₸₽]|\b(?:usd|eur|gbp|chf))\s?)?
    (?<![\d.,])
    (?:
        (?P<digits>\d{{1,3}}(?:[ ,]\d{{3}})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?)
        (?:(?P<ordinal>st|nd|rd|th)\b)?
        (?:[ -]?(?P<scale>{_SCALE})\b\.?)?
      |
        \b(?P<words>half[ ]an?[ ](?:{_LARGE})|(?:an?[ ](?={_LARGE}|half\b))?(?:{_SIMPLE_WORDS}|{_LARGE})\b
            (?:(?:[ -]|[ ]and[ ])(?:{_SIMPLE_WORDS}|{_LARGE})\b)*)
    )
    (?:(?:[ -])?(?P<unit>%|(?:{_UNIT})\b))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"[ -]([^\W\d_]+)")
_RANGE = re.compile(r"\s*(?:-|to|and|or|до)\s*[$€£¥₸₽]?\s*", re.IGNORECASE)
_ABOVE = re.compile(
    r"\b(?:more than|over|at least|above|exceed\w*|upwards? of|greater than|no fewer than|minimum of)\s*$"
)
_BELOW = re.compile(r"\b(?:less than|under|at most|below|fewer than|up to|no more than|nearly|almost|maximum of)\s*$")


@dataclass(frozen=True)
class Quantity:
    """A value with its unit (`$`, `%` or empty), the stem of the word it counts and its bound (`>`, `<` or empty)."""

    value: float
    unit: str
    noun: str
    bound: str
    ordinal: bool
    start: int
    end: int

    def same(self, other: "Quantity") -> bool:
        """Whether both state one value in one unit."""
        return self.unit == other.unit and abs(self.value - other.value) <= 1e-9 * max(abs(self.value), 1.0)


def quantities(text: str, dates: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """The quantities of a normal text, in order; what lies inside a span of `dates` is not one."""
    found = []
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        if match["digits"] and not match["money"] and (_inside_word(text, match) or _is_label(text, match)):
            continue
        found.append(_quantity(text, match))
    return _with_ranges(text, found)


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    if match["digits"]:
        value, ordinal = _digits(match["digits"]), bool(match["ordinal"])
        value *= _SCALES[match["scale"].lower()] if match["scale"] else 1
    else:
        value, ordinal = _spelled(match["words"])
    before = text[max(0, match.start() - 20) : match.start()].lower()
    bound = ">" if _ABOVE.search(before) else "<" if _BELOW.search(before) else ""
    unit = _unit(match["money"] or "") or _unit(match["unit"] or "")
    return Quantity(value, unit, _counted(text, match.end()), bound, ordinal, match.start(), match.end())


def _digits(written: str) -> float:
    written = written.replace(" ", "")
    if re.fullmatch(r"\d+,\d{1,2}", written):  # a decimal comma
        return float(written.replace(",", "."))
    return float(written.replace(",", ""))


def _spelled(written: str) -> tuple[float, bool]:
    """`"two hundred and five"` is 205; a closing ordinal makes the whole an ordinal."""
    if written.lower().startswith("half a"):
        return _SCALES[written.lower().split()[-1]] / 2, False
    total, current, ordinal = 0.0, 0.0, False
    for word in re.findall(r"\w+", written.lower()):
        if word in _SCALES:
            factor = _SCALES[word]
            current = max(current, 1) * factor
            if factor >= 1e3:
                total, current = total + current, 0.0
        elif word not in ("a", "an", "and"):
            ordinal = word in _ORDINALS
            current += _UNITS.get(word) or _TENS.get(word) or _ORDINALS.get(word) or _OTHERS.get(word, 0)
    return total + current, ordinal


def _unit(written: str) -> str:
    written = written.lower()
    return "%" if written in _PERCENT else _MONEY.get(written, "")


def _counted(text: str, end: int) -> str:
    """The stem of the word that follows at once, when it has a meaning: what is being counted."""
    match = _NEXT_WORD.match(text, end)
    following = tokens(match[1]) if match else ()
    return following[0].stem if following and following[0].low not in _SCALES else ""


def _inside_word(text: str, match: re.Match[str]) -> bool:
    """Whether the digits belong to a word such as `COVID-19` or `F-16`, which is a name."""
    start = match.start("digits")
    if start and text[start - 1].isalpha():
        return True
    return start > 1 and text[start - 1] in "-/" and text[start - 2].isalpha() and text[start - 2].isupper()


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Whether the digits number a list item or a note: `1.` at the start, `(2)`."""
    return match.start() == 0 and text[match.end() : match.end() + 2] in (". ", ") ")


def _with_ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    """In `$2-3 billion` the first end has the scale and unit of the second too."""
    for at, (low, high) in enumerate(pairwise(found)):
        if not _RANGE.fullmatch(text[low.end : high.start]) or low.value >= high.value:
            continue
        written = text[high.start : high.end].lower()
        scale = next((factor for word, factor in _SCALES.items() if re.search(rf"[\d ]{word}\b", written)), 1.0)
        bare = low.value < 1e3 and not re.search(r"[a-z]", text[low.start : low.end].lower())
        value = low.value * scale if bare and low.value * scale < high.value else low.value
        found[at] = replace(low, value=value, unit=low.unit or high.unit, noun=high.noun)
        found[at + 1] = replace(high, unit=high.unit or low.unit)
    return found
