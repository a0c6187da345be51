"""One connection of the HTTP server: counted, and cut off where its client takes too long.

uvicorn closes a connection that idles between two requests. A client that sends its headers or its body by drops, or
does not read what it is sent, it would wait for as long as the client likes.
"""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from index.settings import LimitSettings
from ui.network.client import Client
from ui.network.headers import HEADERS

SLOWEST = 10_000
"""Bytes a second at which a body may arrive once it has taken longer than a client is waited for."""

_LOOK = 1.0
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 48\r\n"
    b"retry-after: 10\r\nconnection: close\r\n\r\nToo many connections are open; try again in 10 s"
)


class Patience:
    """What one server knows of all its connections: how many there are, of whom, and how long each is waited for."""

    def __init__(self, limits: LimitSettings, proxies: Sequence[str] = ()) -> None:
        self.limits, self._proxies = limits, [ip_network(proxy) for proxy in proxies]
        self._open: Counter[str] = Counter()

    def admits(self, address: str) -> bool:
        """Count a new connection; False, and not counted, where there are too many of its address, or in all."""
        place = Client(address).place
        is_many = self._open[place] >= self.limits.connections_per_client and not self._is_proxy(address)
        if is_many or self._open.total() >= self.limits.connections:
            return False
        self._open[place] += 1
        return True

    def _is_proxy(self, address: str) -> bool:
        """Whether many clients come from one address."""
        try:
            return any(ip_address(address) in proxy for proxy in self._proxies)
        except ValueError:
            return False

    def leaves(self, address: str) -> None:
        """Count a connection no longer."""
        place = Client(address).place
        self._open[place] -= 1
        if not self._open[place]:
            del self._open[place]


class Connection(H11Protocol):
    """uvicorn's own, with an eye on the clock."""

    def __init__(self, patience: Patience, **given: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(**given)
        self._patience = patience
        self._seconds = float(patience.limits.patience_seconds)
        self._address, self._is_admitted = "", False
        self._heard = 0
        self._waiting: tuple[object, object] = (None, None)
        self._waited_since = self._stuck_since = 0.0
        self._unread = 0
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection on, or send it away where there are too many."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._is_admitted = self._patience.admits(self._address)
        self._watch = self.loop.call_later(_LOOK, self._look)
        if not self._is_admitted:
            transport.write(_BUSY)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self._watch:
            self._watch.cancel()
        if self._is_admitted:
            self._patience.leaves(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sent."""
        self._heard += len(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        """The client has read on."""
        self._stuck_since = self.loop.time()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the headers that every answer has."""
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close"), *HEADERS.items()]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _look(self) -> None:
        now = self.loop.time()
        if self._is_late(now) or self._is_stuck(now):
            # Reset, or the kernel would go on holding what nobody reads.
            own = self.transport.get_extra_info("socket")
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(_LOOK, self._look)

    def _is_late(self, now: float) -> bool:
        """Whether the headers, or the body, of one request have been on their way for too long."""
        state = self.conn.their_state
        if (state, self.cycle) != self._waiting:
            self._waiting, self._waited_since, self._heard = (state, self.cycle), now, 0
        waited = now - self._waited_since
        if state is h11.IDLE:
            return waited > self._seconds
        return state is h11.SEND_BODY and waited > self._seconds + self._heard / SLOWEST

    def _is_stuck(self, now: float) -> bool:
        """Whether the client has read nothing for too long of what waits to be sent."""
        unread, before = self.transport.get_write_buffer_size(), self._unread
        self._unread = unread
        if not unread or not before or unread < before:
            self._stuck_since = now
        return now - self._stuck_since > self._seconds
