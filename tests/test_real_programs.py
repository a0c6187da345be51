"""Programs before the real encoder and a real model, the small one, over the shipped releases."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI

from index.model_store import FALLBACK, ModelStore
from index.opening import rebuild
from index.settings import Settings
from rag.opening import open_assistant
from tests.programs import Programs, serving

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
QUESTION = "What is the IABS meant to prevent?"
ASKED: Any = {"model": "communique", "messages": [{"role": "user", "content": QUESTION}]}
PROMISED = 2.0
"""Seconds within which the model is free after a caller has left; another is for noticing that it has."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    models = HERE.parent / ".communique" / "models"
    ModelStore(models).path(FALLBACK)
    home = tmp_path_factory.mktemp("home")
    # What the small model believes is its own whim, and no matter of how it comes to programs.
    given = {"home": home, "model": {"name": FALLBACK, "folder": str(models)}, "answer": {"threshold": 0.0}}
    chosen = Settings.model_validate(given)
    rebuild([HERE.parent / "seeds"], settings=chosen)
    with serving(around=open_assistant(chosen)) as programs:
        yield programs


@pytest.fixture
def api(server: Programs) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.address}/api/v1", timeout=300) as client:
        yield client


def test_the_same_answer_comes_over_http_and_to_openais_client(api: httpx.Client, server: Programs) -> None:
    answer = api.post("/answers", json={"question": QUESTION}).json()
    assert not answer["refused"]
    for cited in answer["citations"]:
        release = api.get(f"/releases/{cited['release_id']}").json()
        assert release["text"][cited["start"] : cited["end"]] == cited["quote"]
        assert {"start": cited["start"], "end": cited["end"]} in release["sentences"]
    with OpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as client:
        chunks = list(client.chat.completions.create(**ASKED, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == answer["text"]
    usage = chunks[-1].usage
    assert usage is not None
    assert 5 < usage.prompt_tokens < 20 < usage.completion_tokens


def test_the_releases_are_searched_by_meaning(api: httpx.Client) -> None:
    best, *_ = api.get("/releases", params={"q": "how cities prepare for disasters"}).json()["releases"]
    assert best["id"].startswith("000")
    assert "disaster" in best["passage"]["text"].lower()


def test_who_asks_together_is_answered_one_after_the_other(api: httpx.Client) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: api.post("/answers", json={"question": QUESTION}).json()["text"], range(2)))
    assert len(set(answers)) == 1


def test_a_caller_that_leaves_while_the_model_works_frees_it(api: httpx.Client, server: Programs) -> None:
    with api.stream("POST", "/answers", json={"question": "Who launched the IABS initiative?", "stream": True}) as left:
        assert any('"reading"' in line for line in left.iter_lines())
    began = time.monotonic()
    while server.desk.under_way:
        assert time.monotonic() - began < PROMISED + 1
        time.sleep(0.02)
    with api.stream("POST", "/answers", json={"question": QUESTION, "stream": True}) as response:
        told = list(response.iter_lines())
    assert not any('"waiting"' in line for line in told)
    assert "event: answer" in told
