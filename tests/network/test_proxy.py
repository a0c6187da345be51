"""Behind a reverse proxy: only a trusted one is believed who the client is and that it came by HTTPS."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.network.conftest import environ
from tests.network.visitors import Asker, page_process
from ui.network.users import UserBook

pytestmark = pytest.mark.process

PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("proxied")
    UserBook(home).add("ann", PASSWORD)
    named = {"COMMUNIQUE_SERVER_PROXIES": PROXY, "COMMUNIQUE_SERVER_NAMES": "chat.example.org"}
    with page_process(environ(home, **named, COMMUNIQUE_LIMITS_REQUESTS_PER_MINUTE="60")) as address:
        yield address


def visitor(address: str, source: str) -> httpx.Client:
    return Asker(address, transport=httpx.HTTPTransport(local_address=source)).http


def forwarded(client: str) -> dict[str, str]:
    host = "chat.example.org"
    return {"x-forwarded-for": client, "x-forwarded-proto": "https", "x-forwarded-host": "evil.example", "host": host}


def test_a_trusted_proxy_says_who_the_client_is_and_that_it_came_by_https(address: str) -> None:
    with visitor(address, PROXY) as http:
        login = {"name": "ann", "password": PASSWORD}
        let = http.post("/enter", data=login, headers=forwarded("192.0.2.1"))
        assert (let.status_code, let.headers["location"]) == (303, "/")
        assert "secure" in let.headers["set-cookie"].lower()
        assert "max-age" in let.headers["strict-transport-security"]
        http.cookies.clear()
        counted = [http.get("/", headers=forwarded("192.0.2.7")).status_code for _ in range(61)]
        assert (set(counted[:60]), counted[60]) == ({401}, 429)
        assert http.get("/", headers=forwarded("192.0.2.8")).status_code == 401
        # What a client puts before it is not believed: the proxy appends what it saw.
        assert http.get("/", headers=forwarded("192.0.2.9, 192.0.2.7")).status_code == 429


def test_nobody_else_is_believed(address: str) -> None:
    with visitor(address, STRANGER) as http:
        answers = [http.get("/", headers=forwarded(f"192.0.2.{number}")) for number in range(100, 161)]
    assert [answer.status_code for answer in answers[-2:]] == [401, 429]
    assert "strict-transport-security" not in answers[0].headers


def test_wrong_passwords_are_held_against_the_client_and_not_the_proxy(address: str) -> None:
    with visitor(address, PROXY) as http:
        for _ in range(5):
            sent = {"name": "bob", "password": "wrong horse"}
            assert http.post("/enter", data=sent, headers=forwarded("192.0.2.20")).status_code == 403
        login = {"name": "ann", "password": PASSWORD}
        assert http.post("/enter", data=login, headers=forwarded("192.0.2.20")).status_code == 429
        assert http.post("/enter", data=login, headers=forwarded("192.0.2.21")).status_code == 303
