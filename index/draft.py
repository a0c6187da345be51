"""What a format reader hands over, and the way from there to a `Release`.

Spans point into the stored text, so it is normalised here, once, and never again: `tidy` for text formats, nothing
at all for JSON.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass, replace

from sentencex import segment

from index.language import detect_language
from index.release import Origin, Release

TITLE_LIMIT = 90  # characters of a derived title, before its "…"
GIVEN_TITLE_LIMIT = 400  # characters of a given one: who writes a page into it must not fill the reader's
ID_LIMIT = 200  # characters; longer ids are no use in a citation

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufeff]")
_BLANK_LINES = re.compile("\n{3,}")


@dataclass(frozen=True)
class SetAside:
    """A file, or one record of it, that did not become a release, and why, for the person who put it there."""

    source: str
    reason: str
    duplicate: bool = False
    """Whether what it holds is indexed, from another place."""


@dataclass(frozen=True)
class Source:
    """One file as the format readers see it: `label` names it to a person, `stem` is its name without the ending."""

    label: str
    stem: str

    @property
    def id(self) -> str:
        """The stem with everything but letters, digits, `_`, `.` and `-` replaced; may be empty."""
        name = unicodedata.normalize("NFC", self.stem)
        return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:ID_LIMIT]

    def aside(self, reason: str, place: str = "") -> SetAside:
        return SetAside(self.label, f"{place}: {reason}" if place else reason)


@dataclass(frozen=True)
class Draft:
    """A release before its derived parts are filled in.

    `title` and `url` are "" where nothing was given, `id` is "" where the text must give it, and `place` says which
    part of the file this is ("line 3", "part 2", "" for the whole). `named` says that the id is the release's own.
    """

    text: str
    id: str = ""
    title: str = ""
    date: datetime.date | None = None
    date_origin: Origin = Origin.UNKNOWN
    url: str = ""
    place: str = ""
    named: bool = False


def finish(draft: Draft, before: Release | None = None) -> Release:
    """Add what can be derived: the language, a title where none was given, an id from the digest where none was.

    `before` is the release that had this id; of the same text it has the same language, which is costly to tell.
    """
    title = _shortened(_one_line(draft.title), GIVEN_TITLE_LIMIT)
    title_origin = Origin.GIVEN
    same = before is not None and before.text == draft.text and title in ("", before.title)
    language = before.language if before and same else detect_language(f"{title}\n{draft.text}")
    if not title:
        title = first_sentence(draft.text, language)
        title_origin = Origin.DERIVED if title else Origin.UNKNOWN
    release = Release(
        id=draft.id,
        text=draft.text,
        title=title,
        title_origin=title_origin,
        date=draft.date,
        date_origin=draft.date_origin,
        language=language,
        url=web_link(draft.url),
        named=draft.named,
    )
    return release if release.id else replace(release, id=release.digest[:16])


def tidy(text: str) -> str:
    """Text as it is stored for every format but JSON.

    Line ends become "\\n", runs of blank lines one blank line; control characters (but tab), byte order marks,
    spaces at line ends and outer white space go. Everything else stays, non-breaking spaces too.
    """
    text = without_controls(text)
    # Per line, as a pattern anchored at line ends looks at every space of a long run again and again.
    lines = _BLANK_LINES.sub("\n\n", text).split("\n")
    text = "\n".join("" if line.isspace() else line.rstrip(" \t") for line in lines)
    return _BLANK_LINES.sub("\n\n", text).strip()


def without_controls(text: str) -> str:
    """Line ends, form feeds among them, as "\\n"; other control characters (but tab) and byte order marks gone."""
    return _CONTROL.sub("", re.sub("\r\n?|[\v\f]", "\n", text))


def has_words(text: str) -> bool:
    """Whether there is a single letter or digit in it."""
    return any(character.isalnum() for character in text)


def first_sentence(text: str, language: str = "en") -> str:
    """The first sentence, cut at a word with "…" when it is longer than `TITLE_LIMIT` characters; "" without words."""
    start = next((line for line in text.split("\n") if has_words(line)), "")
    start = _one_line(start[: 10 * TITLE_LIMIT])
    return _shortened(next(iter(segment(language, start)), "").strip(), TITLE_LIMIT)


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: limit + 1]
    # Without a space to cut at (one endless word, Chinese) the limit itself is the place.
    words = cut.rpartition(" ")[0] or cut[:limit]
    return words.rstrip(' ,;:–—-("«“') + "…"


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())


def web_link(url: str) -> str:
    """The link if it leads to a web page; any other scheme (`javascript:`, `file:`) has no place in a citation."""
    url = url.strip()
    return url if re.fullmatch(r"https?://[^\s\"'<>\x00-\x1f]+", url, re.IGNORECASE) else ""
