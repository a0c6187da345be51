"""Sentences of our own: computed from the index, never generated, and marked as notices wherever they are shown.

They are in the language of the question where that is English, Russian or Kazakh (`phrases.json`), else in English.
What a release says is never translated: a quotation in another language than the question's is marked with its name.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from index.catalog import Coverage
from index.dates import Window
from index.language import UNKNOWN, detect_language
from index.release import Release, Sentence
from index.stated_dates import stated_dates
from index.terms import KAZAKH_LETTERS
from rag.answers import NearRelease, Reason

_OPENING, _CLOSING = '“"«„', '”"»'
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_ESCAPES = re.compile(r"^(?P<before>[^“”]*)”(?P<after>.*(?:“|\[\d+\]).*)$", re.DOTALL)


class Notices:
    """What the program says itself, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._phrases: dict[str, Any] = _phrases()[language]

    def day(self, moment: date) -> str:
        """`7 March 2024`, `7 марта 2024`."""
        return format_date(moment, "y 'ж'. d MMMM" if self.language == "kk" else "d MMMM y", self._locale)

    def when(self, published: date | None) -> str:
        """The day of publication, or `undated`."""
        return self.day(published) if published else self._say("undated")

    def period(self, since: date | None, until: date | None) -> str:
        """`from 7 September 2023 to 7 March 2024`, one day where both are the same, "" where neither is known."""
        if since and until:
            form = "on" if since == until else "from_to"
            return self._say(form, since=self.day(since), until=self.day(until))
        if since:
            return self._say("since", since=self.day(since))
        return self._say("until", until=self.day(until)) if until else ""

    def releases(self, count: int) -> str:
        """`1 release`, `1,200 releases`."""
        return self._say("releases", count, n=format_decimal(count, locale=self._locale))

    def named(self, found: Sequence[NearRelease]) -> str:
        """`“Title” (7 March 2024); “Other title” (…)`."""
        return "; ".join(f"“{enclosed(near.title)}” ({self.when(near.date)})" for near in found)

    def refusal(self, reason: Reason, coverage: Coverage, window: Window, nearest: Sequence[NearRelease]) -> list[str]:
        """What a refusal says: that there is no answer, what was searched, and where to look instead."""
        if reason is Reason.BAD_QUESTION:
            return [self._say("bad_question")]
        opening = self._say("not_said")
        if reason is Reason.EMPTY_WINDOW:
            opening = self._say("empty_window", period=self.period(window.since, window.until))
        if reason is Reason.AFTER_COVERAGE and coverage.until:
            opening = self._say("after_coverage", day=self.day(coverage.until))
        lines = [opening, self._sentence("searched", coverage)]
        return lines + ([self._say("nearest", named=self.named(nearest))] if nearest else [])

    def missing(self, question: str) -> str:
        """What a partial answer leaves open."""
        return self._say("missing", question=question)

    def differ(self) -> str:
        """That releases give different values."""
        return self._say("differ")

    def unworded(self) -> str:
        """That the model could not be asked, so that releases are quoted where it would have worded."""
        return self._say("unworded")

    def otherwise(self) -> str:
        """That what follows is not what the question takes for granted."""
        return self._say("otherwise")

    def welcome(self) -> str:
        """The reply to thanks."""
        return self._say("welcome")

    def holdings(self, coverage: Coverage) -> str:
        """What there is to search: `I hold 12 releases from 7 September 2023 to 7 March 2024.`"""
        return self._sentence("holdings", coverage)

    def newest(self, release: NearRelease) -> str:
        """Which release is the newest."""
        return self._say("newest", named=self.named([release]))

    def abilities(self, coverage: Coverage, examples: Sequence[str]) -> list[str]:
        """What can be asked."""
        lines = [self.holdings(coverage), self._say("abilities")]
        return lines + ([self._say("examples", questions=" ".join(examples))] if examples else [])

    def count(self, found: int, window: Window, words: str, shown: int) -> str:
        """`3 releases from 1 May 2024 to 31 May 2024 hold “Sudan”, the newest first:`, above the `shown` quoted."""
        days = self.period(window.since, window.until)
        told = self._say(
            "holding" if words else "published", found, releases=self.releases(found), period=days, words=words
        )
        told = " ".join(told.split())
        if found > shown > 0:
            return f"{told}; {self._say('newest_shown', n=shown)}:"
        return f"{told}, {self._say('newest_first')}:" if found > 1 else f"{told}:" if found else f"{told}."

    def quotation(self, sentence: Sentence, release: Release, is_titled: bool = False) -> str:
        """A sentence word for word under the date of its release, and its title where asked: `7 March 2024: “…”`."""
        day = self.when(release.date)
        day = self._say("titled", day=day, title=enclosed(release.title)) if is_titled else day
        name = "" if release.language in (self.language, UNKNOWN) else self._locale.languages.get(release.language, "")
        form = "foreign_quotation" if name else "quotation"
        told = self._say(form, day=f"{day[:1].upper()}{day[1:]}", language=name, text=enclosed(_inside(sentence.text)))
        return " ".join([told, *self._days_meant(sentence.text, release.date)])

    def _days_meant(self, text: str, published: date | None) -> list[str]:
        """The day that "yesterday" or "on Friday" was, where the release tells: `(“yesterday”: 26 June 2024)`."""
        if published is None:
            return []
        stated = [day for day in stated_dates(text, published) if day.since == day.until != published]
        words = {text[day.start : day.end]: day.since for day in stated}
        relative = {phrase: day for phrase, day in words.items() if not any(sign.isdigit() for sign in phrase)}
        return [f"(“{phrase}”: {self.day(day)})" for phrase, day in relative.items()]

    def _sentence(self, form: str, coverage: Coverage) -> str:
        days = self.period(coverage.since, coverage.until)
        return f"{self._say(form, releases=self.releases(coverage.releases), period=days).strip()}."

    def _say(self, name: str, count: int = 1, **values: object) -> str:
        phrase = self._phrases[name]
        if isinstance(phrase, dict):
            phrase = phrase.get(self._locale.plural_form(count), phrase["other"])
        return str(phrase).format(**values)


def enclosed(text: str) -> str:
    """The text as it stands between our quotation marks: it cannot close them and go on as if we spoke, or another
    release (`…” [1] 7 March 2024: “…`); where it tries to, its own marks are single ones.
    """
    return text.translate(_SINGLE) if _ESCAPES.match(text) else text


_SINGLE = str.maketrans("“”", "‘’")


@lru_cache(maxsize=8)
def notices(language: str) -> Notices:
    """The notices in a language, or the English ones."""
    return Notices(language if language in _phrases() else "en")


def speaking(text: str) -> Notices:
    """The notices in the language of a question; a short one is told by its letters."""
    if not _CYRILLIC.search(text):
        return notices("en")
    if not KAZAKH_LETTERS.isdisjoint(text.lower()):
        return notices("kk")
    found = detect_language(text)
    foreign = found != UNKNOWN or len(_LATIN.findall(text)) > len(_CYRILLIC.findall(text))
    return notices(found if found in _phrases() or foreign else "ru")


def when(published: date | None) -> str:
    """The day of publication in English, or `undated`."""
    return notices("en").when(published)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((files("rag") / "phrases.json").read_text(encoding="utf-8"))
    return found


def _inside(text: str) -> str:
    """A text to stand within our quotation marks, without its own where those would double them."""
    if text[:1] in _OPENING and not any(mark in text[1:-1] for mark in _CLOSING):
        text = text[1:]
    if text[-1:] in _CLOSING and not any(mark in text[:-1] for mark in _OPENING):
        text = text[:-1]
    return text
