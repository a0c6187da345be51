"""Who may ask, in `users.json` under the home folder: passwords and secrets as digests, readable by the owner alone.

Every change is one durable replacement of the file; a program that serves sees it at the next request.
"""

import json
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from index.durable import make_folder
from index.durable import replace as put
from index.errors import UsageError, UsersError
from ui.network.passwords import NOBODY, Hashed, digest

STAY = 14 * 86_400.0
"""Seconds for which a browser that was let in is known."""

REMEMBERED = 180 * 86_400.0
"""Seconds for which a browser is known to have given the right password once."""

MOST_SESSIONS, MOST_DEVICES, MOST_TOKENS = 20, 20, 50
_NAME = re.compile(r"[\w.@-]{1,64}")
_LABEL = re.compile(r"[\w .@-]{1,64}")


@dataclass(frozen=True)
class Token:
    """A program's access: what it is for, and the digest of what it shows."""

    label: str
    digest: str
    created: str


@dataclass(frozen=True)
class Pass:
    """What a browser was given: the digest of it, and until when it is good."""

    digest: str
    until: float


@dataclass(frozen=True)
class User:
    """One user; `devices` are the browsers from which the right password came."""

    name: str
    password: Hashed
    tokens: tuple[Token, ...] = ()
    sessions: tuple[Pass, ...] = ()
    devices: tuple[Pass, ...] = ()


_USERS = TypeAdapter(tuple[User, ...])
_Stamp = tuple[int, int, int] | None


class UserBook:
    """The users of one home folder; safe to share between threads and between processes."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = home / "users.json", clock
        self._read: tuple[_Stamp, dict[str, User]] = (None, {})

    @property
    def mark(self) -> str:
        """What tells this home folder from another."""
        return digest(str(self._path.resolve()))[:8]

    def users(self) -> dict[str, User]:
        """All users by name, as the file has them now; UsersError where it cannot be read."""
        stamp = self._stamp()
        if self._read[0] != stamp:
            self._read = (stamp, self._load() if stamp else {})
        return self._read[1] if stamp else {}

    def add(self, name: str, password: str) -> str:
        """Add a user; the name as it is kept. UsageError for a name or password that will not do, or a known name."""
        name, hashed = known_as(name), Hashed.of(password)
        with self._changing() as users:
            if name in users:
                raise UsageError(f"there is a user {name!r} already; `communique users password {name}` changes it")
            users[name] = User(name, hashed)
        return name

    def change(self, name: str, password: str) -> None:
        """Give a user another password; whoever was let in with the old one is let in no longer."""
        hashed = Hashed.of(password)
        self._set(name, lambda user: replace(user, password=hashed, sessions=(), devices=()))

    def remove(self, name: str) -> None:
        """Forget a user with all tokens; UsersError where there is none of that name."""
        self._known(self.users(), name)  # or a slip would leave a folder behind
        with self._changing() as users:
            del users[self._known(users, name).name]

    def issue(self, name: str, label: str) -> str:
        """A new access token, which is kept nowhere; UsageError for a label that is taken or will not do."""
        if not _LABEL.fullmatch(label):
            raise UsageError(f"{label!r} is no label; use up to 64 letters, digits, spaces and . @ _ -")
        secret = f"cq-{secrets.token_urlsafe(32)}"
        made = Token(label, digest(secret), datetime.now(UTC).isoformat(timespec="seconds"))

        def issued(user: User) -> User:
            if any(token.label == label for token in user.tokens):
                raise UsageError(f"{user.name} has a token {label!r} already; withdraw it, or choose another label")
            if len(user.tokens) >= MOST_TOKENS:
                raise UsageError(f"{user.name} has {MOST_TOKENS} tokens, the most there may be; withdraw one first")
            return replace(user, tokens=(*user.tokens, made))

        self._set(name, issued)
        return secret

    def withdraw(self, name: str, label: str) -> None:
        """Let a token in no longer; UsersError where there is none of that label."""

        def without(user: User) -> User:
            rest = tuple(token for token in user.tokens if token.label != label)
            if len(rest) == len(user.tokens):
                raise UsersError(f"{user.name} has no token {label!r}; `communique users list` shows them")
            return replace(user, tokens=rest)

        self._set(name, without)

    def may_enter(self, name: str, password: str) -> bool:
        """Whether the password is that user's; takes as long for a name that nobody has."""
        user = self.users().get(_plain(name))
        return (user.password if user else NOBODY).matches(password) and user is not None

    def admit(self, name: str) -> tuple[str, str]:
        """Secrets for a browser whose user gave the right password: that it is let in, and that it was once."""
        session, device = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        now = self._clock()

        def admitted(user: User) -> User:
            sessions = (*_good(user.sessions, now), Pass(digest(session), now + STAY))
            devices = (*_good(user.devices, now), Pass(digest(device), now + REMEMBERED))
            return replace(user, sessions=sessions[-MOST_SESSIONS:], devices=devices[-MOST_DEVICES:])

        self._set(name, admitted)
        return session, device

    def leave(self, session: str) -> None:
        """Let a browser in no longer."""
        gone = digest(session)
        name = self.by_session(session)
        if name:
            self._set(name, lambda user: replace(user, sessions=tuple(s for s in user.sessions if s.digest != gone)))

    def by_session(self, session: str) -> str:
        """The user whose browser shows this; "" where nobody's does."""
        shown, now = digest(session), self._clock()
        users = self.users().values() if session else ()
        return next((u.name for u in users if any(p.digest == shown and p.until > now for p in u.sessions)), "")

    def by_token(self, secret: str) -> str:
        """The user whose program shows this; "" where nobody's does."""
        shown = digest(secret)
        users = self.users().values() if secret else ()
        return next((user.name for user in users if any(token.digest == shown for token in user.tokens)), "")

    def has_been(self, device: str, name: str) -> bool:
        """Whether the right password of that user once came from this browser."""
        user, shown, now = self.users().get(_plain(name)), digest(device), self._clock()
        return bool(device and user and any(p.digest == shown and p.until > now for p in user.devices))

    def _set(self, name: str, changed: Callable[[User], User]) -> None:
        self._known(self.users(), name)
        with self._changing() as users:
            user = self._known(users, name)
            users[user.name] = changed(user)

    def _known(self, users: dict[str, User], name: str) -> User:
        found = users.get(_plain(name))
        if found is None:
            raise UsersError(f"there is no user {name!r}; `communique users list` shows who there is")
        return found

    @contextmanager
    def _changing(self) -> Iterator[dict[str, User]]:
        make_folder(self._path.parent)
        with FileLock(self._path.with_suffix(".lock")):
            users = self._load() if self._path.exists() else {}
            yield users
            beside = self._path.with_suffix(".new")
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump([asdict(user) for user in users.values()], file, ensure_ascii=False, indent=1)
            put(beside, self._path)

    def _stamp(self) -> _Stamp:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error.strerror or "unknown") from error
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _load(self) -> dict[str, User]:
        try:
            return {user.name: user for user in _USERS.validate_json(self._path.read_bytes())}
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not what `communique users` wrote"
            raise self._unreadable(reason or "unknown") from error

    def _unreadable(self, reason: str) -> UsersError:
        return UsersError(
            f"the users in {self._path} cannot be read: {reason}; put the file right, or move it away and add them anew"
        )


def known_as(name: str) -> str:
    """A name as it is kept: small letters, one form of each; UsageError for one that will not do."""
    plain = _plain(name)
    if not _NAME.fullmatch(plain):
        raise UsageError(f"{name!r} is no name of a user; use up to 64 letters, digits and . @ _ -")
    return plain


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _good(passes: tuple[Pass, ...], now: float) -> tuple[Pass, ...]:
    return tuple(one for one in passes if one.until > now)
