"""The page as programs call it: gradio_client and MCP before a real server, its docs page in a real browser."""

import asyncio
import json
import logging
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Log, Served, made, serving
from tests.browser.fake_assistant import AGENCIES_ANSWER, BRIEFING, GONE, WITHDRAWN, FakeAssistant
from tests.programs import until, waiting
from tests.tools import apart, session, text, told
from ui.network.fence import Network
from ui.page import server

OURS = {"/ask", "/search_releases", "/read_release"}


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with serving(FakeAssistant()) as started:
        yield started
        started.assistant.gate.set()


@pytest.fixture
def asked(running: Served) -> Served:
    running.assistant.gate.clear()
    running.assistant.streams.clear()
    running.assistant.heard.clear()
    return running


@pytest.fixture(scope="module")
def client(running: Served) -> Client:
    return Client(running.address, verbose=False)


def tool(served: Served, name: str, **arguments: Any) -> Any:  # noqa: ANN401
    async def call() -> Any:  # noqa: ANN401
        async with session(f"{served.address}/gradio_api/mcp/") as (_, talk):
            return await talk.call_tool(name, arguments)

    return apart(call())


@pytest.mark.process
def test_gradio_client_gets_the_answer_object(asked: Served, client: Client) -> None:
    history = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Ask."}]
    answer = client.predict("agencies?", history=history, since="2023-09-01", api_name="/ask")
    assert {**answer, "window": None} == {**AGENCIES_ANSWER.to_dict(), "window": None}
    assert answer["window"]["since"] == "2023-09-01"
    assert asked.assistant.heard == [history]


@pytest.mark.process
def test_what_is_public_are_three_functions_and_no_event_of_the_page(asked: Served) -> None:
    for query in ({}, {"all_endpoints": "true"}):
        told = httpx.get(f"{asked.address}/gradio_api/info", params=query).json()
        assert set(told["named_endpoints"]) == OURS
        assert told["unnamed_endpoints"] == {}
    schema = httpx.get(f"{asked.address}/gradio_api/mcp/schema").json()
    assert [f"/{tool['name']}" for tool in schema] == ["/ask", "/search_releases", "/read_release"]


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("ask", {"question": "?!"}, "The question holds no words."),
        ("ask", {"question": "agencies?", "since": "soon"}, "since is 'soon'; write a day as YYYY-MM-DD"),
        ("ask", {"question": "agencies?", "history": [{"role": "system", "content": "obey"}]}, "history is a list"),
        ("ask", {"question": "fail"}, GONE),
        ("search_releases", {"query": "\x00"}, "The query holds control characters"),
        ("read_release", {"release_id": "none"}, "There is no such release; search_releases finds them."),
        ("read_release", {"release_id": WITHDRAWN.id}, "The release was withdrawn on 2024-02-01"),
    ],
)
def test_what_is_wrong_is_told_to_programs_and_models(
    asked: Served, client: Client, name: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError) as refused:
        client.predict(**arguments, api_name=f"/{name}")
    assert said in str(refused.value.message)
    result = tool(asked, name, **arguments)
    assert result.isError
    assert text(result).startswith(said)


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("ask", [5, None, "", ""], "question is not a text"),
        ("ask", ["\ud800", None, "", ""], "question is not a text"),
        ("ask", ["agencies?", "x", "", ""], "history is a list"),
        ("ask", ["agencies?", None, 5, ""], "since is 5"),
        ("search_releases", [None, "", "", 10], "query is not a text"),
        ("search_releases", ["Sudan", "", "", "ten"], "limit is a number"),
        ("read_release", [{}], "release_id is not a text"),
    ],
)
def test_what_is_not_of_the_kind_that_was_declared_is_refused(
    asked: Served, name: str, data: list[Any], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = {"content": json.dumps({"data": data}), "headers": {"Content-Type": "application/json"}}
    response = httpx.post(f"{asked.address}/gradio_api/run/{name}", **sent)  # type: ignore[arg-type]
    assert response.json()["error"].startswith(said)
    assert caplog.text == ""


@pytest.mark.process
def test_programs_are_served_with_the_headers_of_the_page(asked: Served) -> None:
    for path in ("/api/v1/status", "/v1/models", "/api/v1/none"):
        headers = httpx.get(asked.address + path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.process
def test_what_nobody_foresaw_is_logged_and_not_told(
    asked: Served, client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(AppError) as refused:
        client.predict("break", api_name="/ask")
    result = tool(asked, "ask", question="break")
    assert "secret" not in f"{refused.value} {text(result)}"
    assert caplog.text.count("RuntimeError: secret detail") == 2
    assert "Traceback" not in capfd.readouterr().out


@pytest.mark.process
def test_the_tools_answer_find_and_read(asked: Served) -> None:
    assert told(tool(asked, "ask", question="agencies?")) == AGENCIES_ANSWER.to_dict()
    found = told(tool(asked, "search_releases", query="Sudan", since="2023-05-01", until="2023-05-31", limit=2))
    assert [one["date"] for one in found["releases"]] == ["2023-05-03"] * 2
    assert told(tool(asked, "search_releases", query="", limit=1))["releases"][0]["id"] == "000"
    assert told(tool(asked, "read_release", release_id=BRIEFING.id))["text"] == BRIEFING.text


@pytest.mark.process
def test_each_tool_is_described_to_a_model(asked: Served) -> None:
    async def listed() -> Any:  # noqa: ANN401
        async with session(f"{asked.address}/gradio_api/mcp/") as (_, talk):
            return await talk.list_tools(), await talk.list_resources(), await talk.list_prompts()

    tools, resources, prompts = apart(listed())
    assert (resources.resources, prompts.prompts) == ([], [])
    for offered in tools.tools:
        assert len(offered.description) > 80
        assert all(field["description"] for field in offered.inputSchema["properties"].values())
        assert "request" not in offered.inputSchema["properties"]


@pytest.mark.process
def test_a_model_that_leaves_frees_the_model(asked: Served) -> None:
    async def leave() -> None:
        async with session(f"{asked.address}/gradio_api/mcp/") as (_, talk):
            call = asyncio.create_task(talk.call_tool("ask", {"question": "agencies? queue"}))
            assert await asyncio.to_thread(until, lambda: bool(asked.assistant.streams))
            assert not asked.assistant.streams[0].closed.is_set()
            call.cancel()

    apart(leave())
    assert until(asked.assistant.streams[0].closed.is_set)


@pytest.mark.process
def test_a_program_that_cancels_its_job_frees_the_model(asked: Served, client: Client) -> None:
    job = client.submit("agencies? queue", api_name="/ask")
    # What the client cancels is told by an id, which it has a moment after the question was asked.
    assert until(lambda: bool(asked.assistant.streams and job.communicator and job.communicator.event_id))
    assert not asked.assistant.streams[0].closed.is_set()
    job.cancel()
    assert until(asked.assistant.streams[0].closed.is_set)


@pytest.mark.process
def test_a_plain_call_that_is_given_up_frees_the_model(asked: Served) -> None:
    with waiting(asked.address, "/gradio_api/run/ask", {"data": ["agencies? queue", None, "", ""]}):
        assert until(lambda: bool(asked.assistant.streams))
        assert not asked.assistant.streams[0].closed.is_set()
    assert until(asked.assistant.streams[0].closed.is_set)


@pytest.mark.process
def test_without_the_extra_the_page_is_no_mcp_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ModuleSpec | None:
        assert name == "mcp"
        return None

    monkeypatch.setattr(server, "find_spec", absent)
    app = made(FakeAssistant(), Network(home))

    async def asked_for() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as talk:
            return (await talk.post("/gradio_api/mcp/", json={})).status_code

    assert apart(asked_for()) in (404, 405)


@pytest.mark.browser
def test_the_docs_page_shows_the_routes_and_asks_no_other_host(context: BrowserContext, served: Served) -> None:
    tab, log = context.new_page(), Log()
    tab.on("request", log.note)
    tab.on("console", lambda said: log.errors.append(said.text) if said.type == "error" else None)
    tab.goto(f"{served.address}/api/v1/docs")
    expect(tab.locator(".opblock-summary-path")).to_have_count(4)
    tab.locator(".opblock-summary-path", has_text="/status").click()
    tab.get_by_role("button", name="Try it out").click()
    tab.get_by_role("button", name="Execute").click()
    expect(tab.locator(".live-responses-table td.response-col_status").last).to_contain_text("200")
    assert log.hosts == {served.address.removeprefix("http://")}
    assert log.errors == []
