"""The HTTP API as a program meets it: a real server, the fake assistant, no page."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.fake_assistant import AGENCIES_ANSWER, BRIEFING, GONE, INITIATIVE_ANSWER, REFUSAL, WITHDRAWN
from tests.fakes import FakeGenerator, built, opened, release
from tests.programs import Programs, serving, until, waiting


@pytest.fixture(scope="module")
def server() -> Iterator[Programs]:
    with serving() as programs:
        yield programs


@pytest.fixture
def api(server: Programs) -> Iterator[httpx.Client]:
    server.assistant.gate.clear()
    for kept in (server.assistant.streams, server.assistant.heard, server.assistant.periods):
        kept.clear()
    with httpx.Client(base_url=f"{server.address}/api/v1", timeout=20) as client:
        yield client


def ask(api: httpx.Client, question: str, **more: Any) -> httpx.Response:  # noqa: ANN401
    return api.post("/answers", json={"question": question, **more})


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """The events of a stream: name and data."""
    blocks = [block for block in response.text.split("\n\n") if block and not block.startswith(":")]
    parts = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    return [(part["event"], json.loads(part["data"])) for part in parts]


def is_problem(response: httpx.Response, status: int) -> bool:
    told = response.json()
    return (
        (response.status_code, told["status"]) == (status, status)
        and response.headers["content-type"] == "application/problem+json"
        and set(told) >= {"type", "title", "status", "detail"}
    )


def test_an_answer_is_the_object_that_python_has(api: httpx.Client) -> None:
    response = ask(api, "agencies?")
    assert (response.status_code, response.json()) == (200, AGENCIES_ANSWER.to_dict())


def test_a_refusal_is_an_answer_not_an_error(api: httpx.Client) -> None:
    response = ask(api, "the price of tea")
    assert (response.status_code, response.json()) == (200, REFUSAL.to_dict())


def test_history_and_days_go_to_the_assistant(api: httpx.Client, server: Programs) -> None:
    turns = [{"role": "user", "content": "agencies?"}, {"role": "assistant", "content": "18."}]
    response = ask(api, "And the initiative?", history=turns, since="2023-09-01", until="2023-12-31")
    assert response.json()["window"]["until"] == "2023-12-31"
    assert server.assistant.heard == [turns]
    assert [str(day) for day in server.assistant.periods[0]] == ["2023-09-01", "2023-12-31"]


@pytest.mark.parametrize("wish", [{"body": True}, {"header": True}])
def test_a_stream_tells_each_sentence_then_the_whole_answer(api: httpx.Client, wish: dict[str, bool]) -> None:
    body = {"question": "initiative?", **({"stream": True} if "body" in wish else {})}
    headers = {"Accept": "text/event-stream"} if "header" in wish else {}
    response = api.post("/answers", json=body, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    told = events(response)
    assert [data["text"] for name, data in told if name == "sentence"] == [s.text for s in INITIATIVE_ANSWER.sentences]
    assert told[-1] == ("answer", INITIATIVE_ANSWER.to_dict())
    new = [cited for name, data in told if name == "sentence" for cited in data["new_citations"]]
    assert new == INITIATIVE_ANSWER.to_dict()["citations"]


def test_a_sentence_is_sent_before_the_next_one_is_written(api: httpx.Client, server: Programs) -> None:
    with api.stream("POST", "/answers", json={"question": "slow initiative?", "stream": True}) as response:
        lines = response.iter_lines()
        assert any(line == "event: sentence" for line in lines)
        assert not server.assistant.gate.is_set()
        server.assistant.gate.set()
        assert any(line == "event: answer" for line in lines)


def test_a_stage_is_told_once(api: httpx.Client, server: Programs) -> None:
    with api.stream("POST", "/answers", json={"question": "agencies? queue", "stream": True}) as response:
        lines = response.iter_lines()
        assert any('"waiting"' in line for line in lines)
        time.sleep(0.2)  # The fake reports its stage ten times meanwhile.
        server.assistant.gate.set()
        assert '"searching"' in next(line for line in lines if line.startswith("data"))


@pytest.mark.parametrize("is_stream", [True, False])
def test_a_caller_that_leaves_frees_the_model(api: httpx.Client, server: Programs, is_stream: bool) -> None:
    body = {"question": "agencies? queue", "stream": is_stream}
    with waiting(server.address, "/api/v1/answers", body):
        assert until(lambda: bool(server.assistant.streams))
        assert not server.assistant.streams[0].closed.is_set()
    assert until(server.assistant.streams[0].closed.is_set)
    assert until(lambda: server.desk.under_way == 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"question": "?!"}, "The question holds no words."),
        ({"question": ""}, "question: string should have at least 1 character"),
        ({}, "question: field required"),
        ({"question": "a", "since": "2024-02-30"}, "since: day is out of range for month"),
        ({"question": "a", "since": "soon"}, "since: write a day as YYYY-MM-DD"),
        ({"question": "a", "since": "2024-02-02", "until": "2024-02-01"}, "since (2024-02-02) lies after until"),
        ({"question": "a", "qestion": "b"}, "qestion: extra inputs are not permitted"),
    ],
)
@pytest.mark.parametrize("is_stream", [True, False])
def test_a_wrong_call_is_told_what_is_wrong(
    api: httpx.Client, body: dict[str, str], said: str, is_stream: bool
) -> None:
    response = api.post("/answers", json={**body, "stream": is_stream})
    assert is_problem(response, 422)
    assert said in response.json()["detail"]


def test_what_was_sent_is_not_sent_back(api: httpx.Client) -> None:
    response = ask(api, "secret" * 500)
    assert is_problem(response, 422)
    assert "secret" not in response.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(api: httpx.Client, content: bytes) -> None:
    response = api.post("/answers", content=content, headers={"Content-Type": "application/json"})
    assert is_problem(response, 422) or is_problem(response, 400)


def test_what_a_form_of_another_site_could_send_is_refused(api: httpx.Client, server: Programs) -> None:
    """A browser asks nobody before it sends a body as text; JSON it may send only where this server agrees."""
    body = '{"question": "agencies?"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert is_problem(api.post("/answers", content=body, headers={"Content-Type": kind}), 422)
    assert server.assistant.streams == []
    assert "access-control-allow-origin" not in api.get("/status", headers={"Origin": "https://evil.example"}).headers


@pytest.mark.parametrize("name", ["\ud800", "x" * 5_000, "a\ud800b", ""])
def test_a_field_that_nobody_knows_is_refused_whatever_its_name(api: httpx.Client, name: str) -> None:
    body = json.dumps({"question": "agencies?", name: 1})
    response = api.post("/answers", content=body, headers={"Content-Type": "application/json"})
    assert is_problem(response, 422)
    assert len(response.text) < 500


def test_an_error_that_is_known_is_told_with_its_remedy(api: httpx.Client) -> None:
    response = ask(api, "fail")
    assert is_problem(response, 503)
    assert response.json()["detail"] == GONE


def test_an_error_that_nobody_foresaw_is_logged_and_not_told(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = ask(api, "break")
    assert is_problem(response, 500)
    assert "secret detail" not in response.text
    assert "secret detail" in caplog.text


@pytest.mark.parametrize(("word", "status"), [("fail", 503), ("break", 500)])
def test_an_error_on_the_way_ends_the_stream_with_the_problem(api: httpx.Client, word: str, status: int) -> None:
    name, told = events(ask(api, word, stream=True))[-1]
    assert (name, told["status"]) == ("error", status)
    assert "secret" not in told["detail"]


def test_where_too_many_wait_a_caller_is_told_when_to_come_back() -> None:
    with serving(most=0) as full, httpx.Client(base_url=f"{full.address}/api/v1") as api:
        for is_stream in (True, False):
            response = ask(api, "agencies?", stream=is_stream)
            assert is_problem(response, 503)
            assert int(response.headers["Retry-After"]) > 0


def test_the_releases_are_listed_in_parts(api: httpx.Client) -> None:
    seen, after = [], 0
    while after is not None:
        page = api.get("/releases", params={"limit": 4, "offset": after}).json()
        seen += [found["date"] for found in page["releases"]]
        after = page["next"]
    assert len(seen) == page["total"]
    assert seen == sorted(seen, reverse=True)


def test_the_releases_are_searched_within_days(api: httpx.Client) -> None:
    found = api.get("/releases", params={"q": "Sudan", "since": "2023-05-01", "until": "2023-05-31"}).json()
    assert {one["date"] for one in found["releases"]} == {"2023-05-03"}
    assert found["releases"][0]["passage"] == {"text": "Sudan", "start": 19, "end": 24}
    assert (found["total"], found["next"]) == (None, None)


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"offset": -1}, {"since": "soon"}, {"q": "x" * 2001}, {"q": "\x00"}],
)
def test_a_wrong_search_is_told_what_is_wrong(api: httpx.Client, query: dict[str, str]) -> None:
    response = api.get("/releases", params=query)
    assert is_problem(response, 422)
    assert next(iter(query)) in response.json()["detail"]


def test_days_the_wrong_way_round_are_refused(api: httpx.Client) -> None:
    assert is_problem(api.get("/releases", params={"since": "2024-02-02", "until": "2024-02-01"}), 422)


def test_a_release_is_sent_whole_with_its_sentences(api: httpx.Client) -> None:
    sent = api.get(f"/releases/{BRIEFING.id}").json()
    assert (sent["text"], sent["title"], sent["date"]) == (BRIEFING.text, BRIEFING.title, "2023-09-07")
    assert (sent["language"], sent["url"]) == ("en", "")
    assert "".join(sent["text"][span["start"] : span["end"]] for span in sent["sentences"]) == BRIEFING.text


def test_an_id_may_hold_anything(api: httpx.Client) -> None:
    response = api.get(httpx.URL(str(api.base_url) + "releases/evil%22%3E%3Cscript%3E1%3C%2Fscript%3E"))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"


def test_a_release_that_is_not_there_is_told_from_one_that_was_withdrawn(api: httpx.Client) -> None:
    assert is_problem(api.get("/releases/none"), 404)
    gone = api.get(f"/releases/{WITHDRAWN.id}")
    assert is_problem(gone, 410)
    assert "2024-02-01" in gone.json()["detail"]


def test_the_status_says_what_is_answered_from(api: httpx.Client) -> None:
    told = api.get("/status").json()
    assert (told["releases"], told["since"], told["until"]) == (2, "2023-09-07", "2024-03-07")
    assert (told["snapshot"], told["model"], told["under_way"]) == ("fake", "canned", 0)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/none", 404), ("GET", "/answers", 405), ("PUT", "/status", 405)]
)
def test_a_route_that_is_not_there_is_a_problem_too(api: httpx.Client, method: str, path: str, status: int) -> None:
    assert is_problem(api.request(method, path), status)


def test_the_description_names_every_route_and_its_problems(api: httpx.Client) -> None:
    told = api.get("/openapi.json").json()
    assert set(told["paths"]) == {"/answers", "/releases", "/releases/{release_id}", "/status"}
    assert told["servers"] == [{"url": "/api/v1"}]
    answers = told["paths"]["/answers"]["post"]["responses"]
    assert set(answers["200"]["content"]) == {"application/json", "text/event-stream"}
    assert set(answers["422"]["content"]) == {"application/problem+json"}
    assert {"200", "422", "503"} <= set(answers)


def test_the_docs_page_names_files_of_this_host_alone(api: httpx.Client) -> None:
    page = api.get("/docs").text
    assert "://" not in page
    assert api.get("/docs/files/swagger-ui-bundle.js").status_code == 200


def test_an_index_rebuilt_under_the_server_is_answered_from(home: Path) -> None:
    """The real assistant: what is read over HTTP is what the index holds now; a withdrawn release is gone."""
    first = release("oil", "The price of oil rose to 80 dollars.", "2024-03-07")
    built(home, first)
    with real(home) as api:
        assert ask(api, "What did the price of oil do?").json()["citations"][0]["release_id"] == "oil"
        built(home, release("gas", "The price of gas fell.", "2024-03-08"))
        assert is_problem(api.get("/releases/oil"), 410)
        assert api.get("/releases").json()["releases"][0]["id"] == "gas"


@contextmanager
def real(home: Path) -> Iterator[httpx.Client]:
    assistant = opened(home, FakeGenerator("The price of oil rose to 80 dollars."))
    with serving(around=assistant) as programs, httpx.Client(base_url=f"{programs.address}/api/v1") as client:
        yield client
