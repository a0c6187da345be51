"""Bytes of an RSS or Atom feed -> its entries, by feedparser, which is given bytes and fetches nothing.

Two things are kept from the parser, as it spends minutes on them or relies on the XML library below it: what stands
before the first element (a feed that declares entities there is refused), and markup without end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx

from index.draft import SetAside, has_words, tidy, web_link
from index.encoding import decode
from index.errors import FeedError, ReadingError
from index.published import read_day
from index.web_fetch import shown
from index.web_page import without_tags

ENTRY_LIMIT = 1_000
MARKUP_LIMIT = 200_000  # signs `<` and `&` of a feed; the parser takes up to ten seconds for them
ATTRIBUTE_LIMIT = 1_000  # of one element; the parser looks at all of them for each
LOST_SHARE = 0.01  # of a text's characters; one letter cut in two at the end of a summary does no harm
INSTALL = 'pip install "feedparser>=6.0"'

_PROLOG = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*>)*+", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(r"<\w")
_ENTITIES = re.compile(r"<!DOCTYPE[^<>\[]*\[", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]+)")
_REFERENCE = re.compile(r"&#(x[0-9a-f]+|[0-9]+);?", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"=\s*[\"']")
_BLOCK = re.compile(r"<(?:p|br|div|li|h[1-6]|tr)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One entry of a feed as it stands there; `is_summary` where the feed gives no content but only a summary."""

    key: str
    title: str
    day: date | None
    url: str
    text: str
    is_summary: bool

    @property
    def digest(self) -> str:
        """SHA-256 over what a reader could see change."""
        parts = (self.title, str(self.day or ""), self.url, self.text)
        return sha256("\x00".join(parts).encode()).hexdigest()


def parser() -> Any:  # noqa: ANN401 - a library without types
    """The feedparser library; FeedError, with the command that installs it, where it is absent."""
    try:
        import feedparser
    except ImportError:
        raise FeedError(f"feeds are read by the library feedparser, which is not here; run `{INSTALL}`") from None
    return feedparser


def read_feed(data: bytes, charset: str, address: str) -> Iterator[Entry | SetAside]:
    """The entries of a feed in its order, and those that cannot become a release; at most `ENTRY_LIMIT`.

    `charset` is what the server said or "", `address` is where the feed was read: its relative links start there.
    Raises FeedError, at once, for what is no feed.
    """
    try:
        return _entries(_rows(data, charset), address)
    except FeedError as error:
        raise FeedError(f"{shown(address)} holds {error}") from error


def _rows(data: bytes, charset: str) -> list[dict[str, Any]]:
    """What feedparser makes of it. Raises FeedError, without the address."""
    content = _REFERENCE.sub(_possible, _without_prolog(_decoded(data, charset)))
    if content.count("<") + content.count("&") > MARKUP_LIMIT:
        raise FeedError(f"a feed of over {MARKUP_LIMIT:,} tags and character references, too many to be one")
    if any(len(_ATTRIBUTE.findall(tag)) > ATTRIBUTE_LIMIT for tag in content.split("<")):
        raise FeedError(f"an element of over {ATTRIBUTE_LIMIT:,} attributes, too many for a feed")
    feedparser = parser()
    try:
        found = feedparser.parse(
            BytesIO(content.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            # All markup goes in any case, and the guid that is a relative link must stay as it is when a feed moves.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # The parser has no error of its own for what it did not think of.
        raise FeedError(f"a feed that cannot be taken apart ({type(error).__name__})") from error
    if not found.get("version"):
        raise FeedError("no RSS or Atom feed; if it is a web page, give the address of its feed")
    if found["bozo"] and not found["entries"]:
        raise FeedError(f"a feed that cannot be read: {found.get('bozo_exception')}")
    rows: list[dict[str, Any]] = found["entries"]
    return rows


def _decoded(data: bytes, charset: str) -> str:
    declared = _DECLARED.match(data)
    for name in (charset, declared[1].decode("ascii") if declared else ""):
        try:
            return decode(data, name)
        except ReadingError as error:
            if b"\x00" in data:
                raise FeedError(f"no feed: {error}") from None
    # One letter cut in two must not cost every entry; those that lost many are set aside.
    return data.decode("utf-8", "replace")


def _without_prolog(content: str) -> str:
    """The feed from its first element on: what stands ahead of it the parser looks through again and again."""
    content = content.lstrip("\ufeff")
    prolog = _PROLOG.match(content)
    content = content[prolog.end() :] if prolog else content
    element = _ELEMENT.search(content)
    if _ENTITIES.search(content[: element.start() if element else None]):
        raise FeedError("a feed that declares entities of its own, which can hide gigabytes or other files; not read")
    return content[element.start() :] if element else ""


def _possible(reference: re.Match[str]) -> str:
    """The reference, or a lost letter: halves of an emoji are common, and one would cost the whole feed."""
    digits = reference[1].lower()
    code = int(digits.replace("x", "0x"), 16 if "x" in digits else 10) if len(digits) < 10 else -1
    return reference[0] if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _entries(rows: list[dict[str, Any]], address: str) -> Iterator[Entry | SetAside]:
    for number, row in enumerate(rows[:ENTRY_LIMIT], 1):
        label = _raw(row, "link") or _raw(row, "id") or f"entry {number}"
        try:
            yield _entry(row, address)
        except ReadingError as error:
            yield SetAside(label, str(error))
    if len(rows) > ENTRY_LIMIT:
        yield SetAside("the rest", f"{len(rows) - ENTRY_LIMIT:,} entries behind the first {ENTRY_LIMIT:,}")


def _entry(row: dict[str, Any], address: str) -> Entry:
    """Raises ReadingError for a text that is not to be trusted; one without words is an Entry, as its page may do."""
    title = " ".join(_words(dict.get(row, "title_detail")).split())
    content = next(filter(has_words, map(_words, dict.get(row, "content") or ())), "")
    text = content or _words(dict.get(row, "summary_detail"))
    if text.count("\ufffd") > LOST_SHARE * len(text):
        raise ReadingError("many of its letters are lost; the feed is not in the encoding it declares")
    link = _raw(row, "link")
    key = _raw(row, "id") or link or f"{title}\n{text}"
    return Entry(key, title, _day(row), _absolute(link, address), text, is_summary=not content)


def _raw(row: dict[str, Any], key: str) -> str:
    # Plain `get`: feedparser's own gives another key's value, with a warning, where there is none.
    return _whole(dict.get(row, key))


def _whole(value: object) -> str:
    """The string without halves of characters, which a character reference can state; "" for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _words(detail: dict[str, Any] | None) -> str:
    """The plain text of a title, a summary or a content; "" for a picture and the like. Raises ReadingError."""
    kind, value = (str(detail.get("type")), _whole(detail.get("value"))) if detail else ("", "")
    if "html" not in kind:
        return tidy(value) if kind.startswith("text/") else ""
    if not value.strip():
        return ""
    # Where blocks are marked a line break is a space; where nothing is, the lines are all there is.
    value = re.sub(r"[ \t\r\n\f]+", " ", value) if _BLOCK.search(value) else value
    return tidy("\n".join(line.strip(" \t") for line in without_tags(value).split("\n")))


def _day(row: dict[str, Any]) -> date | None:
    """The day of publication, else of the last change, each in its own time zone.

    Not as feedparser tells it: in UTC that can be the day before, and it makes 2 March of a 30 February.
    """
    for key in ("published", "updated"):
        written = _raw(row, key)[:100]
        for read in (read_day, lambda moment: parsedate_to_datetime(moment).date()):
            try:
                return read(written)
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
    return None


def _absolute(link: str, address: str) -> str:
    """The link to the entry if it leads to a web page, else ""."""
    if not link or web_link(link):
        return web_link(link)
    try:
        return web_link(str(httpx.URL(address).copy_with(userinfo=b"").join(link)))
    except (httpx.InvalidURL, ValueError):
        return ""
