"""Answers kept under the home folder so that a link can show them, and the seal by which an answer is known as ours.

    home/answers/<id>.json     question, period, answer and time
    home/answers/key           secret of this home folder

An id is made of the answer and the secret: whoever has not been given it cannot guess it, and the same answer has one.
A reader's browser keeps conversations too, and may change them: only an answer that carries its seal is stored.
"""

import contextlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from index.durable import make_folder
from index.errors import KeepingError
from index.inbox import put
from rag.answers import Answer

FOLDER = "answers"
MOST = 10_000
"""Answers that are stored; the ones stored or asked for longest ago make room for new ones."""

LARGEST = 256_000
"""Bytes of one; an answer of the assistant is a tenth of it."""

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class StoredAnswer:
    """An answer with its question and the period that the reader had set for it."""

    question: str
    since: date | None
    until: date | None
    answer: Answer
    time: AwareDatetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """All but the time; days are ISO strings."""
        days = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {"question": self.question, **days, "answer": self.answer.to_dict()}


_STORED = TypeAdapter(StoredAnswer)


class AnswerShelf:
    """The stored answers of a home folder."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def seal(self, stored: StoredAnswer) -> str:
        """What proves later that this very answer was given here; empty where the home folder cannot be written."""
        try:
            return self._signed("seal", stored)
        except OSError:
            return ""

    def is_own(self, stored: StoredAnswer, seal: str) -> bool:
        """Whether a seal is that of the answer."""
        return bool(seal) and hmac.compare_digest(self.seal(stored).encode(), seal.encode(errors="replace"))

    def add(self, stored: StoredAnswer) -> str:
        """Store an answer; its id. KeepingError where it is too large."""
        now = datetime.now(UTC).replace(microsecond=0)
        content = json.dumps({**stored.to_dict(), "snapshot": stored.answer.snapshot, "time": now.isoformat()}).encode()
        if len(content) > LARGEST:
            raise KeepingError(f"the answer takes {len(content):,} bytes; {LARGEST:,} are the most that are stored")
        name = self._signed("link", stored)[:32]
        path = self._path(name)
        if path.exists():
            path.touch()
        else:
            self._make_room()
            put(content, path, 0o600)
        return name

    def find(self, name: str) -> StoredAnswer | None:
        """The answer of an id; None where there is none, or what is there is none."""
        if not _ID.fullmatch(name):
            return None
        try:
            return _STORED.validate_python(json.loads(self._path(name).read_bytes()))
        except (OSError, ValueError, RecursionError, ValidationError):
            return None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _make_room(self) -> None:
        found = list(self._folder.glob("*.json"))
        for path in _oldest(found, len(found) - MOST + 1):
            path.unlink(missing_ok=True)

    def _signed(self, purpose: str, stored: StoredAnswer) -> str:
        content = json.dumps([purpose, stored.to_dict()], sort_keys=True)
        return hmac.digest(self._key(), content.encode(), "sha256").hex()

    def _key(self) -> bytes:
        path = self._folder / "key"
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        make_folder(self._folder)
        with FileLock(path.with_suffix(".lock")):
            if not path.exists():
                put(secrets.token_bytes(32), path, 0o600)
        return path.read_bytes()


def _oldest(paths: Iterable[Path], count: int) -> list[Path]:
    def age(path: Path) -> float:
        with contextlib.suppress(FileNotFoundError):  # another process made room too
            return path.stat().st_mtime
        return 0.0

    return sorted(paths, key=age)[:count] if count > 0 else []
