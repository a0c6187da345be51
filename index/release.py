"""The release and the parts it is cut into: the records that every later stage is built from."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256


class Origin(StrEnum):
    """Where a release's date or title came from."""

    GIVEN = "given"
    DERIVED = "derived"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Release:
    """One press release as it is stored; every span in the project points into `text`, in Unicode code points.

    `language` is an ISO 639-1 code (`en`, `ru`, `kk`) or `und`; `date` is the day of publication; `named` says that it
    gave its id itself, rather than its file's name.
    """

    id: str
    text: str
    title: str = ""
    title_origin: Origin = Origin.UNKNOWN
    date: datetime.date | None = None
    date_origin: Origin = Origin.UNKNOWN
    language: str = "und"
    url: str = ""
    named: bool = field(default=False, compare=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything a reader could see change: text, title, date, language and link."""
        day = self.date.isoformat() if self.date else ""
        parts = (self.text, self.title, day, self.language, self.url)
        return sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Known:
    """A release that is held already, by its id and the digest of its content; `named` as in `Release`."""

    id: str
    digest: str
    named: bool = False


@dataclass(frozen=True)
class Sentence:
    """One sentence of a release: `text` is the slice `[start, end)` of the release's text."""

    release_id: str
    number: int
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.release_id}#{self.start}-{self.end}"


@dataclass(frozen=True)
class Chunk:
    """Neighbouring sentences that are embedded together; `text` is the slice, `header` is for the encoder alone."""

    release_id: str
    start: int
    end: int
    text: str
    header: str

    @property
    def id(self) -> str:
        return f"{self.release_id}#{self.start}-{self.end}"

    @property
    def embedded_text(self) -> str:
        return f"{self.header}\n{self.text}" if self.header else self.text
