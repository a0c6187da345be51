"""Who is asking: a user where one is known, else an address; the same for every way into the program."""

from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from starlette.types import Scope

_KEY = "communique.client"


@dataclass(frozen=True)
class Client:
    """Where a request comes from; `user` is empty where nobody was asked for a name."""

    address: str = ""
    user: str = ""

    @property
    def place(self) -> str:
        """The address to count by: a whole IPv6 network of a household is one place."""
        try:
            found = ip_address(self.address.partition("%")[0])
        except ValueError:
            return self.address
        if isinstance(found, IPv6Address) and not found.is_loopback:
            mapped = found.ipv4_mapped
            return str(mapped) if mapped else f"{found.exploded[:19]}::/64"
        return str(found)

    @property
    def is_here(self) -> bool:
        """Whether it is this machine's own reader, of whom no name is asked: all tabs and programs are one client."""
        return not self.user and (not self.address or _is_loopback(self.place))

    @property
    def name(self) -> str:
        """What limits are counted by."""
        return f"user {self.user}" if self.user else f"address {self.place}"


def _is_loopback(place: str) -> bool:
    try:
        return ip_address(place).is_loopback
    except ValueError:
        return False


ASKING: ContextVar[Client] = ContextVar("asking", default=Client())  # noqa: B039 - frozen
"""The client whose request is being answered in this context."""


def client_of(scope: Scope | Any) -> Client:  # noqa: ANN401 - also a request of Gradio's, which hands its scope on
    """The client of a request, as it was found at the door; else by its address alone."""
    found = scope.get(_KEY)
    if isinstance(found, Client):
        return found
    peer = scope.get("client")
    return Client(peer[0]) if peer else Client()


def known(scope: Scope, client: Client) -> None:
    """Note in a request who it comes from."""
    scope[_KEY] = client
    ASKING.set(client)
