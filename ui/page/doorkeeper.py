"""Who may administrate: one password, few attempts, and a token for each browser that has given it."""

import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256

from index.errors import UsageError

SHORTEST = 8
ATTEMPTS = 5
"""Wrong passwords from one address within `PAUSE`, after which it is not listened to."""

ATTEMPTS_OF_ALL = 50
PAUSE = 300.0
STAY = 8 * 3600.0
"""Seconds for which a token is good."""

MOST_TOKENS = 50


class Doorkeeper:
    """Compares in constant time, and holds no password, only its digest; safe to share between threads."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        if len(password) < SHORTEST:
            raise UsageError(
                f"the administrator's password has {len(password)} characters; give it at least {SHORTEST}"
            )
        self._digest, self._clock = _digest(password), clock
        self._failures: deque[tuple[float, str]] = deque()
        self._tokens: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def is_shut(self, address: str) -> bool:
        """Whether too many wrong passwords came lately, from this address or from all."""
        with self._lock:
            return self._is_shut(address)

    def enter(self, password: str, address: str) -> str:
        """A token for the right password; empty for a wrong one, and for any while the door is shut."""
        with self._lock:
            if self._is_shut(address):
                return ""
            if not hmac.compare_digest(_digest(password), self._digest):
                self._failures.append((self._clock(), address))
                return ""
            while len(self._tokens) >= MOST_TOKENS:
                self._tokens.pop(next(iter(self._tokens)))
            token = secrets.token_urlsafe(32)
            self._tokens[_digest(token)] = self._clock() + STAY
            return token

    def knows(self, token: str) -> bool:
        """Whether a token was given out and is still good."""
        with self._lock:
            return bool(token) and self._tokens.get(_digest(token), 0.0) > self._clock()

    def leave(self, token: str) -> None:
        """The token is good no longer."""
        with self._lock:
            self._tokens.pop(_digest(token), None)

    def _is_shut(self, address: str) -> bool:
        while self._failures and self._failures[0][0] <= self._clock() - PAUSE:
            self._failures.popleft()
        own = sum(1 for _, other in self._failures if other == address)
        return own >= ATTEMPTS or len(self._failures) >= ATTEMPTS_OF_ALL


def form_key(token: str) -> str:
    """What each form of a page carries, so that no other site can send it."""
    return hmac.digest(token.encode(), b"form", "sha256").hex()


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="replace")).digest()
