"""What is remembered of each feed, in `feeds.json` under the home folder, by the address it was first named by.

Its version for the next question (ETag, Last-Modified), where it has moved for good, and, after failures, the time
before which it is not asked again. A person may take a feed out of the file: it is then no longer known.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from index.errors import FeedError
from index.inbox import put
from index.web_fetch import Answer, FetchError

NAME = "feeds.json"
FIRST_WAIT = timedelta(minutes=1)  # doubled with each further failure …
LONGEST_WAIT = timedelta(days=1)  # … up to this
# A server may ask for more, but not for ever: what it asks for may be a slip of its own.
LONGEST_RETRY = timedelta(days=7)
_LONGEST_HEADER = 1_000  # characters of a version; a longer one is not worth keeping


class Known(BaseModel):
    """One feed. `answered` is when it last held a feed, `failures` counts since then, `pages` is how it was read."""

    model_config = ConfigDict(frozen=True)

    address: str = ""
    etag: str = ""
    modified: str = ""
    pages: bool = False
    answered: AwareDatetime | None = None
    failures: int = 0
    problem: str = ""
    not_before: AwareDatetime | None = None
    gone: bool = False

    def versions(self, pages: bool) -> dict[str, str]:
        """The headers that ask for the feed only if it changed; none where its pages are wanted for the first time."""
        if pages and not self.pages:
            return {}
        versions = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in versions.items() if value}

    def waits(self, now: datetime) -> bool:
        """Whether it is too early to ask again; no wait is longer than the longest."""
        return self.not_before is not None and now < self.not_before <= now + LONGEST_RETRY

    def read(self, answer: Answer, pages: bool, now: datetime) -> "Known":
        """The feed after it was read, or found unchanged."""
        version = {} if answer.not_modified else {"etag": _kept(answer.etag), "modified": _kept(answer.modified)}
        return Known.model_validate(
            {
                **self.model_dump(include={"address", "etag", "modified"}),
                **version,
                **({"address": answer.moved} if answer.moved else {}),
                "pages": pages,
                "answered": now,
            }
        )

    def failed(self, error: FeedError, now: datetime) -> "Known":
        """The feed after a failure: longer waits with each, and never less than the server asks for."""
        status, asked = (error.status, error.retry_after) if isinstance(error, FetchError) else (0, "")
        wait = min(FIRST_WAIT * 2 ** min(self.failures, 20), LONGEST_WAIT)
        update = {
            "failures": self.failures + 1,
            "problem": str(error),
            "not_before": now + max(wait, retry_after(asked, now)),
            "gone": status == 410,
        }
        return self.model_copy(update=update)


_BOOK = TypeAdapter(dict[str, Known])


def open_book(home: Path) -> dict[str, Known]:
    """Every feed by name. Raises FeedError for a file that is not as this program writes it."""
    try:
        return _BOOK.validate_json((home / NAME).read_bytes())
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "its beginning"
        raise FeedError(
            f"{home / NAME} cannot be read (at {where}); correct it, or remove it: every feed is then read anew"
        ) from error


def save_book(home: Path, book: dict[str, Known]) -> None:
    """Write every feed, whole or not at all, for the owner alone: an address may hold a password."""
    put(_BOOK.dump_json(book, indent=1) + b"\n", home / NAME, 0o600)


def polled_before(home: Path) -> list[str]:
    """The names of the feeds that have answered and are not gone: what is polled when none is named."""
    return [name for name, known in open_book(home).items() if known.answered and not known.gone]


def name_of(url: str, book: dict[str, Known]) -> str:
    """The name a feed is known by: an address it has moved to is not another feed."""
    moved = (name for name, known in book.items() if known.address == url)
    return url if url in book else next(moved, url)


def retry_after(header: str, now: datetime) -> timedelta:
    """The wait a `Retry-After` header asks for, in seconds or as a moment; none where it says neither."""
    if re.fullmatch(r"[0-9]{1,9}", header.strip()):
        return min(timedelta(seconds=int(header)), LONGEST_RETRY)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta()
    wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return max(timedelta(), min(wait, LONGEST_RETRY))


def _kept(header: str) -> str:
    return header if header.isascii() and header.isprintable() and len(header) <= _LONGEST_HEADER else ""
