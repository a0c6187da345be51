"""The acronyms that the releases spell out, so that "IABS" and "International Agency for Biological Safety" are one.

Definitions of the form "International Agency for Biological Safety (IABS)" are read at index time, in any script, after
Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text" (PSB 2003): the
letters of the short form are looked for from the right, the first of them at the beginning of a word.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from index.errors import IndexMismatchError
from index.terms import terms

NAME = "acronyms.json"

OFTEN = 3
"""A long form counts beside the most frequent one where it was written at least a third as often."""

_SHORT = re.compile(r"\([“”«\"']?(?P<short>[^\W\d_][\w&.-]{1,9})[“”»\"']?(?:[;,][^()]{0,40})?\)")
_WORD = re.compile(r"[^\s(),;:]+")
_CAPITALS = 2
_LINE = 200
"""Characters before the brackets among which the long form stands."""


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """The short and long forms that a text gives together, as written: ("IABS", "International Agency for …")."""
    for match in _SHORT.finditer(text):
        short = match["short"].strip(".-")
        if sum(letter.isupper() for letter in short) < _CAPITALS:
            continue
        before = text[max(0, match.start() - _LINE) : match.start()].rpartition("\n")[2]
        letters = sum(map(str.isalnum, short))
        words = [found.start() for found in _WORD.finditer(before)][-min(letters + 5, 2 * letters) :]
        long = _long_form(short, before[words[0] :]) if words else ""
        if len(long.split()) > 1:
            yield short, long.strip(" \t\"'“”«»")


def spelled(text: str) -> list[tuple[str, str]]:
    """The terms of each acronym that a text defines, and of its long form: ("iab", "intern agenc biolog safeti")."""
    pairs = ((terms(short), terms(long)) for short, long in definitions(text))
    return [(key[0], " ".join(words)) for key, words in pairs if len(key) == 1 < len(words) and key[0] not in words]


def _usual(counts: Counter[str]) -> list[str]:
    often = max(counts.values())
    by_count = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [phrase for phrase, count in by_count if OFTEN * count >= often]


def _long_form(short: str, before: str) -> str:
    """The shortest end of `before` that holds the letters of `short` in order, the first beginning a word; or ""."""
    place = len(before)
    letters = [letter.lower() for letter in short if letter.isalnum()]
    for number in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and not _stands(letters[number], before, place, begins=number == 0):
            place -= 1
        if place < 0:
            return ""
    return before[place:]


def _stands(letter: str, text: str, place: int, begins: bool) -> bool:
    return text[place].lower() == letter and not (begins and place and text[place - 1].isalnum())


class Acronyms:
    """Short forms with the terms of their long forms, the most frequent first."""

    def __init__(self, long_forms: dict[str, list[str]]) -> None:
        self.long_forms = long_forms
        self._short: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for short, phrases in long_forms.items():
            for phrase in phrases:
                words = phrase.split()
                self._short[words[0]].append((words, short))

    @classmethod
    def of(cls, spelled: Iterable[tuple[str, str]]) -> "Acronyms":
        """The acronyms of all that texts have `spelled`; a long form that is rare beside another is taken for a slip.

        Long forms that are equally frequent stand in the order of the alphabet.
        """
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for short, long in spelled:
            found[short][long] += 1
        return cls({short: _usual(counts) for short, counts in sorted(found.items())})

    def save(self, folder: Path) -> None:
        """Write `acronyms.json` into a folder."""
        (folder / NAME).write_text(json.dumps(self.long_forms, ensure_ascii=False, indent=0), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "Acronyms":
        """The acronyms that `save` wrote; IndexMismatchError where they cannot be read."""
        try:
            return cls(json.loads((folder / NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise IndexMismatchError(f"{folder / NAME} is not readable; run `communique rebuild`") from error

    def spelled_in(self, words: Sequence[str]) -> Iterator[tuple[list[str], str]]:
        """The long forms that a text's terms spell out, each as its words, and its short form."""
        for start, word in enumerate(words):
            for phrase, short in self._short.get(word, ()):
                if list(words[start : start + len(phrase)]) == phrase:
                    yield phrase, short
