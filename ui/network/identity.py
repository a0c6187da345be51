"""Who a request comes from: the browser of a user who logged in, or a program that shows a token or a password."""

import base64
import binascii
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers

from ui.network.attempts import Attempts
from ui.network.client import Client
from ui.network.passwords import Hashed, digest
from ui.network.users import UserBook, known_as

FROM_ONE, FOR_ONE = 5, 20
"""Wrong passwords from one address, or for one name, within a pause. The second does not hold for a browser from which
the right one once came, so that no stranger can keep a user out."""

REMEMBERED, MOST_REMEMBERED = 600.0, 1_000
"""Seconds for which a program's password is not worked out again, and how many are remembered."""


@dataclass(frozen=True)
class _Checked:
    name: str
    password: Hashed
    until: float


class Identity:
    """Asks the book of users; at most one password is worked out at a time, beside the answers."""

    def __init__(self, book: UserBook, clock: Callable[[], float] = time.monotonic) -> None:
        self.book, self._clock = book, clock
        # Browsers hold cookies by host alone: without its home's mark one program there would take another's.
        self.cookie, self.device = f"communique_session_{book.mark}", f"communique_device_{book.mark}"
        self._attempts = Attempts(clock)
        self._key = secrets.token_bytes(32)
        self._checked: dict[bytes, _Checked] = {}
        self._one: CapacityLimiter | None = None

    async def of(self, headers: Headers, cookies: dict[str, str], client: Client) -> str:
        """The name of the user that a request shows to come from; "" where it shows none."""
        if name := self.book.by_session(cookies.get(self.cookie, "")):
            return name
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.book.by_token(shown.strip())
        if scheme.lower() == "basic":
            return await self._basic(shown.strip(), client)
        return ""

    def is_shut(self, name: str, client: Client, device: str = "") -> bool:
        """Whether too many wrong passwords came lately, from there or for that name."""
        return self._attempts.are_spent(self._limits(name, client, device))

    async def enter(self, name: str, password: str, client: Client, device: str = "") -> str:
        """The user's name for the right password; "" for a wrong one, and for any while it is shut."""
        limits = self._limits(name, client, device)
        self._one = self._one or CapacityLimiter(1)
        async with self._one:
            # Looked at when it is this one's turn, or many sent at once would all be tried.
            if self._attempts.are_spent(limits):
                return ""
            may = await to_thread.run_sync(self.book.may_enter, name, password)
            if not may:
                self._attempts.count(limits)
        return known_as(name) if may else ""

    async def _basic(self, shown: str, client: Client) -> str:
        try:
            text = base64.b64decode(shown, validate=True).decode()
        except (binascii.Error, ValueError):
            return ""
        name, _, password = text.partition(":")
        key, now = hmac.digest(self._key, text.encode(), "sha256"), self._clock()
        found, users = self._checked.get(key), self.book.users()
        if found and found.until > now and found.name in users and users[found.name].password == found.password:
            return found.name
        entered = await self.enter(name, password, client)
        if entered and (user := self.book.users().get(entered)):
            while len(self._checked) >= MOST_REMEMBERED:
                self._checked.pop(next(iter(self._checked)))
            self._checked[key] = _Checked(entered, user.password, now + REMEMBERED)
        return entered

    def _limits(self, name: str, client: Client, device: str) -> dict[str, int]:
        if self.book.has_been(device, name):
            return {f"device {digest(device)}": FROM_ONE}
        # A digest, so that a name of any length takes no room.
        return {f"from {client.place}": FROM_ONE, f"for {digest(name.casefold())}": FOR_ONE}
