"""Who may administrate: one password, few attempts, and a token for each browser that has given it."""

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256

from ui.network.attempts import Attempts
from ui.network.passwords import check_length

ATTEMPTS = 5
"""Wrong passwords from one address within a pause, after which it is not listened to."""

ATTEMPTS_OF_ALL = 50
STAY = 8 * 3600.0
"""Seconds for which a token is good."""

MOST_TOKENS = 50


class Doorkeeper:
    """Compares in constant time, and holds no password, only its digest; safe to share between threads."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        check_length(password, "the administrator's password")
        self._digest, self._clock = _digest(password), clock
        self._attempts = Attempts(clock)
        self._tokens: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def is_shut(self, address: str) -> bool:
        """Whether too many wrong passwords came lately, from this address or from all."""
        return self._attempts.are_spent(_limits(address))

    def enter(self, password: str, address: str) -> str:
        """A token for the right password; empty for a wrong one, and for any while the door is shut."""
        with self._lock:
            if self.is_shut(address):
                return ""
            if not hmac.compare_digest(_digest(password), self._digest):
                self._attempts.count(_limits(address))
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


def form_key(token: str) -> str:
    """What each form of a page carries, so that no other site can send it."""
    return hmac.digest(token.encode(), b"form", "sha256").hex()


def _limits(address: str) -> dict[str, int]:
    return {f"from {address}": ATTEMPTS, "from all": ATTEMPTS_OF_ALL}


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="replace")).digest()
