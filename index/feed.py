"""A feed is polled: what is new or changed in it becomes a file of the inbox, which every rebuild reads.

    fetch      index/web_fetch.py     within limits, and only if it changed since the last time
    remember   index/feed_memory.py   versions, moves, failures and waits, in `feeds.json`
    read       index/feed_entries.py  bytes -> entries
    deliver    here                   an entry -> `inbox/feed-<digest>.json`

The id of a release is a digest of the feed's name and the entry's guid (else its link), so an entry that changes
replaces its own file, and no feed can replace what another brought. An entry that vanishes from the feed stays: a feed
is a window, not an archive.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
from filelock import FileLock, Timeout

from index.draft import Draft, SetAside, Source, has_words
from index.errors import FeedError, ReadingError
from index.feed_entries import Entry, parser, read_feed
from index.feed_memory import NAME, Known, name_of, open_book, save_book
from index.inbox import put
from index.web_fetch import Answer, FetchError, Limits, fetch, shown
from index.web_page import read_page

SUMMARY_CHARACTERS = 1_000  # a shorter summary does not tell the release; with `fetch_pages` its page is read
PAGE_LIMIT = 50  # pages fetched in one poll, so that a new feed of a thousand entries is no burden on its server

_FEED = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
_PAGE = "text/html, application/xhtml+xml, */*;q=0.1"

Clock = Callable[[], datetime]


@dataclass
class FeedReport:
    """What one poll found; counts of entries. `not_before` (an ISO moment) is set where the feed was not asked at all.

    `unread_pages` are entries whose page was wanted and could not be read; their summary was taken.
    """

    url: str
    entries: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[SetAside] = field(default_factory=list)
    unread_pages: list[SetAside] = field(default_factory=list)
    not_modified: bool = False
    moved: str = ""
    not_before: str = ""
    problem: str = ""


def poll(
    url: str,
    home: Path,
    fetch_pages: bool = False,
    clock: Clock = lambda: datetime.now(UTC),
    limits: Limits | None = None,
) -> FeedReport:
    """Fetch a feed and put its new and changed entries into the inbox under `home`.

    `fetch_pages` has the pages of entries fetched that hold nothing but a summary of less than `SUMMARY_CHARACTERS`;
    it is off by default, as the feed then chooses what else this machine asks for. `clock` gives the time, with a time
    zone. Raises FeedError where the feed cannot be read, is gone or feedparser is absent; what it brought before stays.
    """
    parser()
    url = _normal(url)
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / "feeds.lock").acquire(timeout=0):
            return _poll(url, home, fetch_pages, clock(), limits or Limits())
    except Timeout as error:
        raise FeedError(f"another poll is running on {home}; wait for it to end") from error


def _normal(url: str) -> str:
    """The address as it is remembered, always spelt alike."""
    try:
        address = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise FeedError(f"{shown(url)} is no address: {error}") from None
    if address.scheme not in ("http", "https") or not address.host:
        raise FeedError(f"{shown(url)} is no http or https address")
    return str(address.copy_with(raw_path=address.raw_path, fragment=None))


def _poll(url: str, home: Path, fetch_pages: bool, now: datetime, limits: Limits) -> FeedReport:
    book = open_book(home)
    name = name_of(url, book)
    known = book.get(name, Known())
    if known.gone:
        raise FeedError(f"{shown(name)} is gone for good (410); if it is back, take it out of {home / NAME}")
    if known.waits(now) and known.not_before:
        return FeedReport(shown(name), not_before=known.not_before.isoformat("T", "seconds"), problem=known.problem)
    try:
        answer = _ask(known.address or name, known.versions(fetch_pages), limits)
        entries = [] if answer.not_modified else list(read_feed(answer.data, answer.charset, answer.address))
    except FeedError as error:
        save_book(home, {**book, name: known.failed(error, now)})
        raise
    delivery = _Delivery(name, home / "inbox", fetch_pages, limits)
    delivery.take(entries)
    delivery.report.not_modified, delivery.report.moved = answer.not_modified, shown(answer.moved)
    fresh = known.read(answer, fetch_pages, now)
    if delivery.left_out:
        fresh = fresh.model_copy(update={"etag": "", "modified": ""})  # The next poll goes on with the pages.
    save_book(home, {**book, name: fresh})
    return delivery.report


def _ask(address: str, versions: dict[str, str], limits: Limits) -> Answer:
    answer = fetch(address, {"Accept": _FEED, **versions}, limits)
    if answer.not_modified and not versions:
        raise FetchError(f"{shown(address)} answered 304, as if it had been asked before", 304)
    return answer


class _Delivery:
    """Writes the entries of one poll; `left_out` tells that pages are left for the next."""

    def __init__(self, name: str, inbox: Path, fetch_pages: bool, limits: Limits) -> None:
        self.report = FeedReport(shown(name))
        self.left_out = False
        self._name, self._inbox, self._limits = name, inbox, limits
        self._fetch_pages, self._pages = fetch_pages, PAGE_LIMIT

    def take(self, found: Iterable[Entry | SetAside]) -> None:
        seen: set[str] = set()
        for item in found:
            self.report.entries += 1
            if isinstance(item, SetAside):
                self.report.skipped.append(item)
            elif item.key in seen:
                self._skip(item, "an entry before it has the same guid")
            else:
                seen.add(item.key)
                self._deliver(item)

    def _deliver(self, entry: Entry) -> None:
        """Whether it changed is told by the digest in its file, so that a page is fetched once, not with each poll."""
        release_id = "feed-" + sha256(f"{self._name} {entry.key}".encode()).hexdigest()[:16]
        target = self._inbox / f"{release_id}.json"
        before = _record(target)
        is_same = before.get("entry") == entry.digest
        wants_page = self._fetch_pages and entry.is_summary and len(entry.text) < SUMMARY_CHARACTERS and entry.url != ""
        page = self._page(entry, release_id) if wants_page and not (is_same and before.get("page")) else None
        # A page that is out of reach for once must not cost the text it gave before.
        if page is None and (is_same or (wants_page and before.get("page"))):
            self.report.unchanged += 1
        elif page is None and not has_words(entry.text):
            self._skip(entry, "it has no text")
        else:
            self._write(target, release_id, entry, page)

    def _write(self, target: Path, release_id: str, entry: Entry, page: Draft | None) -> None:
        if target.exists():
            self.report.changed += 1
        else:
            self.report.added += 1
        day = entry.day or (page.date if page else None)
        record = {
            "id": release_id,
            "title": entry.title or (page.title if page else ""),
            "date": day.isoformat() if day else None,
            "url": entry.url,
            "text": page.text if page else entry.text,
            "feed": self.report.url,
            "entry": entry.digest,
            "page": page is not None,
        }
        put((json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode(), target)

    def _page(self, entry: Entry, release_id: str) -> Draft | None:
        if not self._pages:
            self.left_out = True
            return None
        self._pages -= 1
        try:
            answer = fetch(entry.url, {"Accept": _PAGE}, self._limits)
            return next(read_page(answer.data, Source(entry.url, release_id)))
        except (FeedError, ReadingError) as error:
            if isinstance(error, FetchError) and error.status in (429, 503):
                self._pages = 0  # It has had enough of us for now.
                self.left_out = True
            self.report.unread_pages.append(SetAside(shown(entry.url), str(error)))
            return None

    def _skip(self, entry: Entry, reason: str) -> None:
        self.report.skipped.append(SetAside(entry.title or entry.url or entry.key[:80], reason))


def _record(target: Path) -> dict[str, object]:
    """What stands in the inbox under this name; nothing where it cannot be read: it is then written anew."""
    try:
        record = json.loads(target.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
