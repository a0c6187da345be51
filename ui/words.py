"""The page's own words, in the language the reader's browser asks for: English, Russian or Kazakh (`words.json`).

What the assistant says is in the language of the question instead (`rag/notices.py`), and a release is in its own.
"""

import json
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime

from rag.notices import notices
from ui.markup import escape

MESSAGES = "en"
"""The language of what the program says of itself: errors, and the note on the model."""

_SCRIPT = (
    "opening unreachable unreachable_text close seconds any_time from until box again cancel copied "
    "history export rename delete delete_sure none_kept name "
    "lost lost_text trouble trouble_text "
    "too_often thanks taken_back why_good why_bad own_words send not_kept not_own restarted link_copied "
    "because_right because_clear because_sourced "
    "because_false because_off because_incomplete because_unsourced because_outdated"
).split()


class Words:
    """The words of one language; what a release, a question or a file is called is put in escaped by the caller."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._phrases: dict[str, Any] = _phrases()[language]
        self._own = notices(language)

    def say(self, name: str, count: int = 1, **values: object) -> str:
        """The phrase of a name, in the form that goes with `count`."""
        phrase = self._phrases[name]
        if isinstance(phrase, dict):
            phrase = phrase.get(self._locale.plural_form(count), phrase["other"])
        return str(phrase).format(**values) if values else str(phrase)

    def day(self, value: date | None) -> str:
        """`7 September 2023`, or `undated`."""
        return self._own.when(value)

    def month(self, value: date) -> str:
        """`September 2023`."""
        return format_date(value, "y 'ж'. LLLL" if self.language == "kk" else "LLLL y", self._locale)

    def moment(self, value: datetime) -> str:
        """`7 September 2023, 14:05`."""
        return f"{self.day(value)}, {format_datetime(value, 'HH:mm', locale=self._locale)}"

    def period(self, since: date | None, until: date | None) -> str:
        """`7 September 2023 – 7 March 2024`; one open end is said in words, two give an empty string."""
        if since and until:
            return self.day(since) if since == until else f"{self.day(since)} – {self.day(until)}"
        if since:
            return self.say("from", day=self.day(since))
        return self.say("until", day=self.day(until)) if until else ""

    def releases(self, count: int) -> str:
        """`1 release`, `18,000 releases`."""
        return self._own.releases(count)

    def time_tag(self, value: date | None) -> str:
        """The day for people and, in the attribute, for programs."""
        if value is None:
            return f'<span class="day">{escape(self.day(None))}</span>'
        return f'<time class="day" datetime="{value.isoformat()}">{self.day(value)}</time>'

    def for_script(self) -> str:
        """The phrases that the page's script says itself, as JSON."""
        return json.dumps({name: self._phrases[name] for name in _SCRIPT}, ensure_ascii=False)


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """The words of a language that there are words for."""
    return Words(language)


def asked_for(accepted: str) -> Words:
    """The words in the language that an Accept-Language header likes best of those there are; else the English ones."""
    liked: list[tuple[float, str]] = []
    for entry in accepted.lower().split(","):
        tag, _, weight = entry.partition(";q=")
        language = tag.strip().partition("-")[0]
        if language in _phrases():
            liked.append((_number(weight), language))
    return words(max(liked, key=lambda choice: choice[0])[1]) if liked else ENGLISH


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((files("ui") / "words.json").read_text(encoding="utf-8"))
    return found


ENGLISH = words("en")
