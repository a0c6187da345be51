"""What docs/programs.md says can be done is done here, example by example."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import rag
from index.rebuilding import Rebuilder
from tests.browser.conftest import Served, serving
from tests.browser.fake_assistant import AGENCIES_ANSWER, FakeAssistant
from tests.fakes import FakeEncoder, FakeGenerator, opened
from tests.tools import apart, session
from ui.page import NAME

pytestmark = pytest.mark.process

HERE = Path(__file__).parent.parent
PAGE = (HERE / "docs" / "programs.md").read_text(encoding="utf-8")
WRITTEN = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


CURLS = [line for block in blocks("sh") for line in block.replace("\\\n", " ").splitlines()]
OVER_HTTP = [block for block in blocks("python") if WRITTEN in block]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(FakeAssistant()) as page:
        yield page


def curl(line: str, address: str) -> httpx.Response:
    """What curl would send."""
    name, *words = shlex.split(line.replace(WRITTEN, address))
    assert name == "curl"
    options = {words[at]: words[at + 1] for at in range(len(words)) if words[at] in ("-H", "-d")}
    [url] = [word for word in words if word.startswith("http")]
    headers = dict([options["-H"].split(": ")]) if "-H" in options else {}
    return httpx.request("POST" if "-d" in options else "GET", url, headers=headers, content=options.get("-d"))


@pytest.mark.parametrize("line", CURLS)
def test_a_line_of_curl_is_answered(line: str, served: Served) -> None:
    response = curl(line, served.address)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream" if "-N" in line else "application/json")


@pytest.mark.parametrize("example", OVER_HTTP, ids=[re.findall(r"(?:import|from) (\w+)", one)[0] for one in OVER_HTTP])
def test_an_example_in_python_runs(example: str, served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(example.replace(WRITTEN, served.address), "docs/programs.md", "exec"), {})
    assert AGENCIES_ANSWER.text in capsys.readouterr().out


def test_the_examples_are_all_there() -> None:
    assert (len(CURLS), len(OVER_HTTP), len(blocks("json"))) == (5, 3, 1)


def test_the_example_without_a_server_runs(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Rebuilder(home, FakeEncoder(), 800).run([HERE / "seeds"], lambda withdrawn, of: True)
    said = "The UN Plaza already houses the offices of 18 UN agencies."
    assistant = opened(home, FakeGenerator(*[said] * 4))
    monkeypatch.setattr(rag, "default_assistant", lambda: assistant)
    [example] = [block for block in blocks("python") if WRITTEN not in block]
    exec(compile(example, "docs/programs.md", "exec"), {})
    assert f"{said} [1]" in capsys.readouterr().out


def test_the_configuration_of_the_page_leads_a_client_to_three_tools(served: Served) -> None:
    [written] = blocks("json")
    address = json.loads(written)["mcpServers"]["communique"]["url"].replace(WRITTEN, served.address)
    server, tools = apart(listed(address))
    assert (server, [tool.name for tool in tools]) == (NAME, ["ask", "search_releases", "read_release"])


async def listed(address: str) -> tuple[str, list[Any]]:
    async with session(address) as (started, client):
        return started.serverInfo.name, (await client.list_tools()).tools
