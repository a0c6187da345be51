"""A page in a process of its own, with tight limits, for all attacks of a session; after each one it is asked."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.network.visitors import Asker, Raw, page_process

PATIENCE = 2
LIMITS = {
    "COMMUNIQUE_LIMITS_PATIENCE_SECONDS": str(PATIENCE),
    "COMMUNIQUE_LIMITS_CONNECTIONS": "80",
    "COMMUNIQUE_LIMITS_CONNECTIONS_PER_CLIENT": "40",
    "COMMUNIQUE_LIMITS_BODY_BYTES": "20000",
    "COMMUNIQUE_LIMITS_REQUESTS_PER_MINUTE": "100000",
}
CANARY = "the-bird-that-must-not-sing"


@dataclass(frozen=True)
class Target:
    """The page under attack: its address, a file of this machine that holds the canary, and Gradio's own folder."""

    address: str
    secret: Path
    cache: Path
    visitors: list[Raw] = field(default_factory=list)

    def visit(self) -> Raw:
        """A raw connection, which is closed at the end of the test."""
        self.visitors.append(Raw(self.address))
        return self.visitors[-1]

    @property
    def asker(self) -> Asker:
        return Asker(self.address)

    def still_answers(self) -> bool:
        """Whether the next question is answered, also to whoever comes from another address."""
        import httpx

        with Asker(self.address, transport=httpx.HTTPTransport(local_address="127.0.0.2")) as asker:
            return "18 UN agencies" in asker.ask("agencies?")


def environ(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMMUNIQUE_", "GRADIO_"))}
    return {**kept, "COMMUNIQUE_HOME": str(home), **LIMITS, **more}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    secret, cache = folder / "home" / "secret.txt", folder / "cache"
    secret.parent.mkdir()
    secret.write_text(CANARY)
    with page_process(environ(secret.parent, GRADIO_TEMP_DIR=str(cache))) as address:
        yield Target(address, secret, cache)


@pytest.fixture
def target(server: Target) -> Iterator[Target]:
    """The page; at the end of each test it answers the next question."""
    yield server
    while server.visitors:
        server.visitors.pop().close()
    assert server.still_answers()


@pytest.fixture
def decoy() -> Iterator[socket.socket]:
    """Something else on this machine that the page must not be led to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)  # whoever is called by a request is called before its answer
        yield listening


def was_called(decoy: socket.socket) -> bool:
    try:
        decoy.accept()
    except TimeoutError:
        return False
    return True
