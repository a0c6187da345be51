"""Words about time in a question become a window of days, without a model."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Window:
    """The days a question asks about: `since` and `until` are inclusive, None is open; `words` are the words read.

    `latest` asks for the newest release about the topic. Several periods in one question give their hull, with
    `parts` holding each.
    """

    since: date | None = None
    until: date | None = None
    latest: bool = False
    words: str = ""
    parts: tuple["Window", ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """`since`, `until` (ISO strings or None), `latest` and `words`."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "latest": self.latest,
            "words": self.words,
        }
