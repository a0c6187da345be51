"""The fence around the application: one order of checks for every path, whoever serves what lies behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import ASGIApp

from index.settings import LimitSettings, ServerSettings
from ui.network.entry import Entry
from ui.network.headers import SafeHeaders
from ui.network.identity import Identity
from ui.network.origin import Origin, is_loopback
from ui.network.shape import Shape
from ui.network.users import UserBook


@dataclass(frozen=True)
class Network:
    """Where the program is reached, and by the users of which home folder.

    `host` is what was asked for, `address` what it is bound to.
    """

    home: Path
    server: ServerSettings = field(default_factory=ServerSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    host: str = "127.0.0.1"
    address: str = "127.0.0.1"

    @property
    def is_open(self) -> bool:
        """Whether other machines can reach it without a program of this one between."""
        return not is_loopback(self.address)

    @property
    def has_users(self) -> bool:
        """Whether there is anybody to be let in; UsersError where that cannot be read."""
        return bool(UserBook(self.home).users())


def fenced(app: ASGIApp, network: Network, apart: Mapping[str, int] | None = None) -> ASGIApp:
    """The application behind its checks, the cheapest outermost.

    Headers go on whatever comes out. A request must have a shape that may be, come under a name of ours, from no other
    site, and from somebody who may ask, not too often. `apart` are paths with a door of their own, and what a request
    to them may carry in bytes (0: as any other).
    """
    apart, limits = apart or {}, network.limits
    identity = Identity(UserBook(network.home))
    inner: ASGIApp = Entry(app, identity, network.is_open, limits.requests_per_minute, apart)
    hosts = [network.host, network.address]
    inner = Origin(inner, hosts, network.server.names, not network.is_open)
    larger = {path: size for path, size in apart.items() if size}
    return SafeHeaders(Shape(inner, limits.header_bytes, limits.body_bytes, larger))
