"""A server that is away, busy, slow, broken or closed to us: each is told in words, in time, and without the key."""

import time
from collections.abc import Iterator

import pytest

from index.errors import Cancelled
from rag import model_server
from rag.generation import PromptTooLongError
from rag.model_server import Access, Json, ModelServer, ServerError
from tests.model_stand_in import ModelStandIn, Reply, model_stand_in

PATH = "/chat/completions"
KEY = "sk-not-to-be-shown"
SHORT = 0.8


@pytest.fixture
def stand_in() -> Iterator[ModelStandIn]:
    with model_stand_in() as server:
        yield server


@pytest.fixture
def server(stand_in: ModelStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setattr(model_server, "FIRST_PAUSE", 0.01)
    made = ModelServer(Access(stand_in.url, KEY))
    yield made
    made.close()


@pytest.fixture
def hasty(stand_in: ModelStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """The same with little time."""
    monkeypatch.setattr(model_server, "FIRST_PAUSE", 0.01)
    made = ModelServer(Access(stand_in.url, KEY, SHORT))
    yield made
    made.close()


def never() -> bool:
    return False


def streamed(server: ModelServer) -> str:
    pieces: Iterator[Json] = server.stream(PATH, {"stream": True}, never)
    return "".join(piece["choices"][0]["delta"].get("content", "") for piece in pieces)


def test_the_address_may_leave_out_the_version() -> None:
    assert Access("http://127.0.0.1:8080").base == "http://127.0.0.1:8080/v1"
    assert Access("http://gpu.example/llm/v1/").base == "http://gpu.example/llm/v1"
    assert (Access("http://[::1]:1").is_here, Access("http://gpu.example").is_here) == (True, False)


def test_pieces_come_as_they_are_written(server: ModelServer, stand_in: ModelStandIn) -> None:
    assert streamed(server) == "Oil rose."
    assert stand_in.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_nobody_at_the_address(server: ModelServer) -> None:
    nobody = ModelServer(Access("http://127.0.0.1:9/v1"))
    with pytest.raises(ServerError, match=r"http://127\.0\.0\.1:9/v1 cannot be reached .*correct model\.server\."):
        nobody.ask("/models", None, never)
    nobody.close()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, f'{{"error": {{"message": "Wrong key {KEY}"}}}}', r"refuses the key \(401\); set COMMUNIQUE_MODEL_KEY"),
        (403, "", r"refuses the key \(403\)"),
        (404, '{"error": {"message": "no model tiny"}}', r"\(404\): no model tiny; correct .* model\.server_model\."),
        (500, f'{{"error": "lost {KEY} somewhere"}}', r"answered 500: lost … somewhere\."),
        (422, '{"detail": [{"input": "Where is the minister?"}]}', r"answered 422\."),
        (200, "<html>", r"no JSON; does it speak OpenAI's protocol\?"),
        (200, '{"error": {"message": "out of memory"}}', r"broke off: out of memory\."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do_and_holds_no_key(
    server: ModelServer, stand_in: ModelStandIn, status: int, body: str, words: str
) -> None:
    stand_in.replies.append(Reply(status=status, body=body or " "))
    with pytest.raises(ServerError, match=words) as error:
        server.ask(PATH, {}, never)
    assert KEY not in f"{error.value} {error.value!r} {server.access!r}"


def test_a_prompt_that_does_not_fit_is_one_that_may_be_shortened(server: ModelServer, stand_in: ModelStandIn) -> None:
    body = '{"error": {"message": "This model\'s maximum context length is 2048 tokens."}}'
    stand_in.replies.append(Reply(status=400, body=body))
    with pytest.raises(PromptTooLongError, match="2048 tokens"):
        server.ask(PATH, {}, never)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(server: ModelServer, stand_in: ModelStandIn, status: int) -> None:
    stand_in.replies.extend([Reply(status=status, body=" "), Reply(status=status, body=" ")])
    assert streamed(server) == "Oil rose."
    assert len(stand_in.asked) == 3


def test_a_server_that_stays_busy_is_left_in_time(hasty: ModelServer, stand_in: ModelStandIn) -> None:
    stand_in.replies.extend([Reply(status=503, body='{"error": {"message": "Loading model"}}')] * 50)
    began = time.monotonic()
    with pytest.raises(ServerError, match="answered 503 and stays busy: Loading model"):
        streamed(hasty)
    assert time.monotonic() - began < SHORT + 10
    assert len(stand_in.asked) >= 2


def test_a_server_that_wants_too_long_a_pause_is_left_at_once(server: ModelServer, stand_in: ModelStandIn) -> None:
    stand_in.replies.append(Reply(status=429, headers={"Retry-After": "3600"}, body=" "))
    with pytest.raises(ServerError, match="429 and stays busy"):
        server.ask(PATH, {}, never)
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize("reply", [Reply(is_cut=True), Reply(is_cut=True, pieces=())])
def test_a_stream_that_ends_before_its_end_is_broken(server: ModelServer, stand_in: ModelStandIn, reply: Reply) -> None:
    stand_in.replies.append(reply)
    with pytest.raises(ServerError, match="broke off in the middle"):
        streamed(server)


@pytest.mark.parametrize("reply", [Reply(hangs=True), Reply(hangs=True, pieces=()), Reply(hangs=True, comments=True)])
def test_a_server_that_says_nothing_more_is_left(hasty: ModelServer, stand_in: ModelStandIn, reply: Reply) -> None:
    stand_in.replies.append(reply)
    began = time.monotonic()
    with pytest.raises(ServerError, match=r"raise model\.server_seconds"):
        streamed(hasty)
    assert SHORT / 2 < time.monotonic() - began < SHORT + 10
    assert stand_in.left.wait(5)


def test_a_slow_server_that_goes_on_is_heard_to_the_end(stand_in: ModelStandIn) -> None:
    stand_in.replies.append(Reply(pieces=("a",) * 5, pause=0.6))
    server = ModelServer(Access(stand_in.url, seconds=2.5))
    assert streamed(server) == "aaaaa"
    server.close()


def test_a_server_that_never_comes_to_an_end_is_left(hasty: ModelServer, stand_in: ModelStandIn) -> None:
    stand_in.replies.append(Reply(pieces=("a",) * 10_000, pause=SHORT / 5))
    with pytest.raises(ServerError, match=r"raise model\.server_seconds"):
        streamed(hasty)


def test_who_goes_away_closes_the_connection(stand_in: ModelStandIn) -> None:
    server = ModelServer(Access(stand_in.url, seconds=60))
    stand_in.replies.append(Reply(hangs=True))
    gone: list[bool] = []
    pieces = server.stream(PATH, {"stream": True}, lambda: bool(gone))
    assert next(pieces)
    gone.append(True)
    with pytest.raises(Cancelled):
        list(pieces)
    assert stand_in.left.wait(5)
    assert streamed(server) == "Oil rose."
    server.close()


def test_who_stops_reading_closes_the_connection(server: ModelServer, stand_in: ModelStandIn) -> None:
    stand_in.replies.append(Reply(hangs=True))
    pieces = server.stream(PATH, {"stream": True}, never)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert stand_in.left.wait(5)


def test_a_kept_connection_that_was_closed_is_made_anew(server: ModelServer, stand_in: ModelStandIn) -> None:
    stand_in.replies.extend([Reply(is_dropped=True), Reply()])
    assert server.ask(PATH, {}, never)["choices"]
    time.sleep(0.05)
    assert server.ask(PATH, {}, never)["choices"]


def test_a_closed_one_may_be_asked_again(server: ModelServer) -> None:
    assert streamed(server) == "Oil rose."
    server.close()
    assert streamed(server) == "Oil rose."
