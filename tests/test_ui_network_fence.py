"""The fence around any application: who may ask, under which name, from which page, how much; every answer guarded."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from index.settings import LimitSettings, ServerSettings
from ui.network.client import ASKING, client_of
from ui.network.entry import local
from ui.network.fence import Network, fenced
from ui.network.headers import HEADERS
from ui.network.identity import FROM_ONE
from ui.network.origin import is_loopback
from ui.network.users import UserBook
from ui.page.address import check_entry
from ui.words import words

PASSWORD = "correct horse"
HTML = {"accept": "text/html"}


async def who(request: Request) -> Response:
    """Says who asks, and how much came."""
    await request.body()
    assert client_of(request.scope) == ASKING.get()
    assert not [name for name in request.headers if name.startswith(("x-", "forwarded")) and name != "x"]
    return PlainTextResponse(ASKING.get().name, headers={"Access-Control-Allow-Origin": "*"})


async def broken(request: Request) -> Response:
    raise RuntimeError("secret detail")


ROUTES = [Route(path, who, methods=["GET", "POST"]) for path in ("/", "/admin", "/admin/add", "/v1/models")]


def client(network: Network, base: str = "http://127.0.0.1:7860", peer: str = "127.0.0.1") -> TestClient:
    app = Starlette(routes=[*ROUTES, Route("/broken", broken)])
    around = fenced(app, network, {"/admin": 0, "/admin/add": 50_000})
    return TestClient(around, base, client=(peer, 1), follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def here(home: Path) -> TestClient:
    """On this machine, without users."""
    return client(Network(home, limits=LimitSettings(body_bytes=10_000, header_bytes=4_096)))


@pytest.fixture
def book(home: Path) -> UserBook:
    book = UserBook(home)
    book.add("ann", PASSWORD)
    return book


@pytest.fixture
def there(home: Path, book: UserBook) -> TestClient:
    """On a network, with one user, behind HTTPS."""
    return client(Network(home, host="0.0.0.0", address="0.0.0.0"), "https://chat.example.org", "192.0.2.1")


def test_on_this_machine_without_users_nothing_is_asked(here: TestClient, home: Path) -> None:
    assert here.get("/").text == "address 127.0.0.1"
    assert here.get("/enter").headers["location"] == "/"
    assert not home.exists()


@pytest.mark.parametrize("path", ["/", "/broken", "/nowhere", "/enter", "/v1/models"])
def test_every_answer_is_guarded(path: str, here: TestClient) -> None:
    answer = here.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("access-control") or name == "server"]
    assert "strict-transport-security" not in answer.headers
    assert "secret" not in answer.text


def test_a_fault_before_the_answer_is_logged_and_not_shown(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("secret detail")

    asked = TestClient(fenced(fails, Network(home)), "http://localhost")
    answer = asked.get("/")
    assert (answer.status_code, "secret" in answer.text, "secret detail" in caplog.text) == (500, False, True)
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_behind_https_browsers_are_told_to_stay_there(there: TestClient) -> None:
    assert "max-age=31536000" in there.get("/enter").headers["strict-transport-security"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:7860", "LOCALHOST.", "chat.example.org:8443"])
def test_a_name_of_ours_is_answered(host: str, home: Path) -> None:
    network = Network(home, ServerSettings(names=("chat.example.org",)))
    assert client(network).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("evil.example:7860", 421),
        ("0.0.0.0", 421),
        ("", 400),
        ("localhost@evil.example", 400),
        ("localhost/evil", 400),
        ("localhost evil", 400),
        ("[::1", 400),
    ],
)
def test_another_name_is_not(host: str, status: int, here: TestClient) -> None:
    answer = here.get("/", headers={"host": host})
    assert (answer.status_code, "address" in answer.text) == (status, False)


SITES = [
    ("POST", {"origin": "http://127.0.0.1:7860"}, 200),
    ("POST", {"origin": "http://127.0.0.1:3000"}, 403),
    ("POST", {"origin": "https://evil.example"}, 403),
    ("GET", {"origin": "https://evil.example"}, 403),
    ("POST", {"origin": "null"}, 403),
    ("POST", {"origin": "null", "sec-fetch-site": "cross-site"}, 403),
    ("POST", {"origin": "null", "sec-fetch-site": "same-origin"}, 200),
    ("POST", {"sec-fetch-site": "cross-site"}, 403),
    ("POST", {"sec-fetch-site": "same-site"}, 403),
    ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
    ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
    ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
    ("GET", {"sec-fetch-site": "none"}, 200),
    ("POST", {}, 200),
]


@pytest.mark.parametrize(("method", "headers", "status"), SITES)
def test_no_other_site_sends_requests(method: str, headers: dict[str, str], status: int, here: TestClient) -> None:
    assert here.request(method, "/", headers=headers).status_code == status


def test_the_name_a_proxy_serves_by_is_an_origin_of_ours(home: Path) -> None:
    asked = client(Network(home, ServerSettings(names=("chat.example.org",))))
    sent = [asked.post("/", headers={"origin": f"https://{name}"}) for name in ("chat.example.org", "example.org")]
    assert [answer.status_code for answer in sent] == [200, 403]


def test_hearsay_does_not_reach_the_application(here: TestClient) -> None:
    heard = {"x-forwarded-for": "192.0.2.9", "x-forwarded-host": "evil.example", "x-gradio-server": "http://evil"}
    heard |= {"forwarded": "for=192.0.2.9", "x-original-url": "/admin"}
    assert here.get("/", headers=heard).text == "address 127.0.0.1"


def test_a_websocket_is_not_opened(here: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), here.websocket_connect("/"):
        pass


def pieces(count: int) -> Iterator[bytes]:
    yield from (b"x" * 1_000 for _ in range(count))


def test_a_body_is_counted_while_it_comes(here: TestClient) -> None:
    assert here.post("/", content=pieces(10)).status_code == 200
    assert here.post("/", content=b"x" * 10_001).status_code == 413
    answer = here.post("/", content=pieces(11))
    assert (answer.status_code, "10,000 bytes" in answer.text) == (413, True)
    assert here.post("/admin/add", content=pieces(50)).status_code == 200
    assert here.post("/admin/add", content=pieces(51)).status_code == 413


def test_headers_and_addresses_have_a_limit(here: TestClient) -> None:
    assert here.get("/", headers={"x": "y" * 4_000}).status_code == 431
    assert here.get("/?" + "y" * 4_000).status_code == 431


def test_a_length_said_twice_is_refused(here: TestClient) -> None:
    sent = here.post("/", content=pieces(1), headers={"content-length": "1000", "transfer-encoding": "chunked"})
    assert sent.status_code == 400


def test_too_many_requests_are_told_when_to_come_again(home: Path) -> None:
    asked = client(Network(home, limits=LimitSettings(requests_per_minute=60)))
    assert {asked.get("/").status_code for _ in range(60)} == {200}
    answer = asked.get("/")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_a_reader_is_led_to_the_form_and_back(there: TestClient) -> None:
    led = there.get("/v1/models?a=%2F%2F", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/enter?to=/v1/models%3Fa%3D%252F%252F")
    form = there.get(led.headers["location"], headers=HTML)
    assert 'name="password"' in form.text
    let = there.post(led.headers["location"], data={"name": "ANN", "password": PASSWORD})
    assert (let.status_code, let.headers["location"]) == (303, "/v1/models?a=%2F%2F")
    told = let.headers["set-cookie"].lower()
    assert told.count("httponly") == told.count("samesite=lax") == told.count("secure") == 2
    assert there.get("/").text == "user ann"
    there.post("/leave", headers={"origin": "https://chat.example.org"})
    assert there.get("/").status_code == 401


def test_two_programs_on_one_host_do_not_take_each_others_cookies(tmp_path: Path, book: UserBook, home: Path) -> None:
    other = tmp_path / "other"
    UserBook(other).add("bob", PASSWORD)
    one, two = client(Network(home)), client(Network(other))
    one.post("/enter", data={"name": "ann", "password": PASSWORD})
    two.post("/enter", data={"name": "bob", "password": PASSWORD})
    both = "; ".join(f"{name}={secret}" for asked in (one, two) for name, secret in asked.cookies.items())
    one.cookies.clear()
    two.cookies.clear()
    assert [asked.get("/", headers={"cookie": both}).text for asked in (one, two)] == ["user ann", "user bob"]


def test_a_program_shows_a_token_or_a_password(there: TestClient, book: UserBook) -> None:
    refused = there.get("/v1/models")
    assert (refused.status_code, refused.json()["status"]) == (401, 401)
    assert refused.headers["www-authenticate"] == 'Bearer realm="Communique", Basic realm="Communique"'
    shown = {"authorization": f"Bearer {book.issue('ann', 'cron')}"}
    assert there.get("/v1/models", headers=shown).text == "user ann"
    assert there.get("/v1/models", auth=("ann", PASSWORD)).text == "user ann"
    assert there.get("/v1/models", auth=("ann", "wrong")).status_code == 401


def test_a_wrong_name_and_a_wrong_password_are_told_alike_and_end(there: TestClient) -> None:
    told = {there.post("/enter", data={"name": n, "password": "x"}).text.replace(n, "") for n in ("ann", "bob")}
    assert len(told) == 1
    assert "do not go together" in told.pop()
    for _ in range(FROM_ONE - 2):
        there.post("/enter", data={"name": "ann", "password": "x"})
    answer = there.post("/enter", data={"name": "ann", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")
    assert there.get("/", auth=("ann", PASSWORD)).status_code == 429


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_form_is_in_the_browsers_language_and_escapes_what_it_repeats(language: str, there: TestClient) -> None:
    attack = '"><script>alert(1)</script>'
    sent = {"name": attack, "password": "wrong"}
    answer = there.post(f"/enter?to=/{attack}", data=sent, headers={"accept-language": language})
    assert words(language).say("wrong_entry") in answer.text
    assert "<script>alert" not in answer.text


def test_users_added_while_it_runs_are_asked_for_at_once(here: TestClient, home: Path) -> None:
    assert here.get("/").status_code == 200
    UserBook(home).add("ann", PASSWORD)
    assert here.get("/").status_code == 401
    UserBook(home).remove("ann")
    assert here.get("/").status_code == 200


def test_users_that_cannot_be_read_let_nobody_in(
    here: TestClient, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home.mkdir()
    (home / "users.json").write_text("?")
    answer = here.get("/")
    assert (answer.status_code, "users.json" in answer.text, "users.json" in caplog.text) == (503, False, True)


def test_on_a_network_nobody_is_let_in_once_the_last_user_is_gone(there: TestClient, home: Path) -> None:
    UserBook(home).remove("ann")
    assert there.get("/").status_code == 401


def test_administration_has_a_door_of_its_own(there: TestClient) -> None:
    assert there.get("/admin").text == "address 192.0.2.1"
    assert there.get("/administer").status_code == 401


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/\n", "evil", "/\r\nX: 1"]
)
def test_nobody_is_led_to_another_site(to: str) -> None:
    assert local(to) == "/"


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("::ffff:192.168.1.5", False),
        ("fe80::1%eth0", False),
    ],
)
def test_whether_other_machines_reach_an_address(address: str, is_here: bool, home: Path) -> None:
    from index.errors import UsageError

    assert is_loopback(address) == is_here
    if not is_here:
        with pytest.raises(UsageError, match="communique users add NAME"):
            check_entry(Network(home, host="somewhere", address=address))


def test_below_a_prefix_addresses_and_cookies_stay_below_it(home: Path, book: UserBook) -> None:
    app = fenced(Starlette(routes=ROUTES), Network(home))
    asked = TestClient(app, "http://localhost", root_path="/communique", follow_redirects=False)
    led = asked.get("/communique/v1/models", headers=HTML)
    assert led.headers["location"] == "/communique/enter?to=/v1/models"
    let = asked.post(led.headers["location"], data={"name": "ann", "password": PASSWORD})
    assert let.headers["location"] == "/communique/v1/models"
    assert "path=/communique;" in let.headers["set-cookie"].lower()


def test_a_stream_passes_untouched_and_ends_when_the_reader_leaves(home: Path) -> None:
    import anyio

    ended = anyio.Event()

    async def events() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"data: 1\n\n"
                await anyio.sleep(0.01)
        finally:
            ended.set()

    async def run() -> list[bytes]:
        from starlette.responses import StreamingResponse

        app = fenced(StreamingResponse(events()), Network(home))
        sent: list[bytes] = []
        left = anyio.Event()

        async def receive() -> dict[str, object]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, object]) -> None:
            sent.append(bytes(message.get("body", b"")))  # type: ignore[call-overload]
            if len(sent) == 4:
                left.set()

        scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "scheme": "http"}
        headers = [(b"host", b"localhost")]
        await app({**scope, "headers": headers, "client": ("127.0.0.1", 1), "root_path": ""}, receive, send)  # type: ignore[arg-type]
        return sent

    with anyio.from_thread.start_blocking_portal() as portal:
        sent = portal.call(run)
    assert sent[1:4] == [b"data: 1\n\n"] * 3
    assert ended.is_set()


def test_refusals_are_problems_that_a_program_can_read(here: TestClient) -> None:
    answer = here.get("/", headers={"host": "evil.example"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(json.loads(answer.text)) == {"type", "title", "status", "detail"}
    assert here.get("/", headers={"host": "evil.example", **HTML}).headers["content-type"].startswith("text/plain")
