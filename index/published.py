"""The day a release was published, read from what is written in it, on it or in its file's name.

Day before month throughout (07.03.2024 is 7 March); months in English, Russian and Kazakh.
"""

import re
from datetime import date, datetime

# English names, and the stems that Russian and Kazakh endings are added to.
_MONTHS = (
    ("january", "январ", "қаңтар"),
    ("february", "феврал", "ақпан"),
    ("march", "март", "наурыз"),
    ("april", "апрел", "сәуір"),
    ("may", "май", "мая", "мамыр"),
    ("june", "июн", "маусым"),
    ("july", "июл", "шілде"),
    ("august", "август", "тамыз"),
    ("september", "сентябр", "қыркүйек"),
    ("october", "октябр", "қазан"),
    ("november", "ноябр", "қараша"),
    ("december", "декабр", "желтоқсан"),
)
_ENDING = 3  # letters a Russian or Kazakh ending may have
_FORMS = (
    r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
    r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\s(?P<word>[^\W\d_]{3,})\.?,?\s(?P<y>\d{4})",
    r"(?P<word>[^\W\d_]{3,})\.?\s(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<y>\d{4})",
    r"(?P<y>\d{4})\s(?:жылғы|жылы|ж\.)\s(?P<d>\d{1,2})\s(?P<word>[^\W\d_]{3,})",
)
_YEAR_WORD = r"(?:\s?(?:года|год|г\.|жылы|жыл|ж\.))?"
_WRITTEN = tuple(re.compile(form + _YEAR_WORD, re.IGNORECASE) for form in _FORMS)
# Up to four capitalised words (the town), the day, and a dash or the like: what opens a wire story, and not
# "On 15 January 1998 Kazakhstan joined …", which says when something else happened.
_PLACE = r"[(\[]?(?:(?:г\.\s?)?[^\W\d_][\w.'’-]*[ ,/]+){0,4}"
_DATELINES = tuple(
    re.compile(rf"(?P<place>{_PLACE})(?:{form}){_YEAR_WORD}\s*(?:[–—:)\]]|-\s|\.\s|\.?$)", re.IGNORECASE)
    for form in _FORMS
)
_IN_NAME = re.compile(r"(?<![^\W_])((?:19|20)\d{2})([-_.]?)(\d{2})\2(\d{2})(?![^\W_])")


def read_day(value: object) -> date:
    """The day a given value states: a date, a moment (its own day, in its own time zone) or one of them written out.

    Raises ValueError, with the value, when it states none.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        written = value.strip()
        if moment := re.match(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}", written):
            written = moment[1]
        for form in _WRITTEN:
            if found := form.fullmatch(written):
                return _day(found, value)
    raise ValueError(f"its date, {_shown(value)}, is not a day written as YYYY-MM-DD")


def name_day(stem: str) -> date | None:
    """The day a file's name states, as in `2024-03-07-visit` or `visit_20240307`."""
    for found in _IN_NAME.finditer(stem):
        try:
            return date(int(found[1]), int(found[3]), int(found[4]))
        except ValueError:
            continue
    return None


def dateline_day(text: str) -> date | None:
    """The day in a dateline such as "ASTANA, 7 March 2024 – " at the very beginning of a text."""
    line = text.lstrip().partition("\n")[0][:160]
    for form in _DATELINES:
        found = form.match(line)
        if found and all(word[:1].isupper() or word == "г" for word in re.findall(r"\w+", found["place"])):
            try:
                return _day(found, line)
            except ValueError:
                continue
    return None


def _day(found: re.Match[str], value: object) -> date:
    parts = found.groupdict()
    month = _month(parts["word"]) if parts.get("word") else int(parts["m"])
    try:
        return date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        raise ValueError(f"its date, {_shown(value)}, is not a day of the calendar") from None


def _month(word: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    word = word.casefold()

    def names(stem: str) -> bool:
        inflected = not stem.isascii() and word.startswith(stem) and len(word) <= len(stem) + _ENDING
        return inflected or stem.startswith(word)  # The latter: "Mar", "Sept", of three letters at least.

    return next((number for number, stems in enumerate(_MONTHS, 1) if any(map(names, stems))), 0)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else f"{value!r} ({type(value).__name__})"
    return text if len(text) <= 60 else text[:57] + "…"
