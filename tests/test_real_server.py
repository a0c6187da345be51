"""A real llama.cpp server with the default model says what the same model says in this process, and stops when told."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from index.chunking import sentences
from index.errors import Cancelled
from index.model_store import ModelStore
from index.readers import read_paths
from index.settings import ModelSettings, Settings
from rag.drafting import _prompt
from rag.evidence import Evidence
from rag.evidence_prompt import user_words
from rag.generation import LocalGenerator, Prompt, _vocabulary
from rag.model_server import ServerError
from rag.model_signs import without_signs
from rag.opening import open_served
from rag.served import ServedGenerator

HERE = Path(__file__).parent
KEY = "a-key-for-the-test"
CONTEXT = 768
ASKED = ["How many UN agencies have offices in the UN Plaza?", "Who is the president of France?"]

pytestmark = [pytest.mark.model, pytest.mark.process, pytest.mark.timeout(900)]


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def model() -> Path:
    return ModelStore(HERE.parent / ".communique" / "models").path(Settings().model.name)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of what the server says."""
    return tmp_path_factory.mktemp("server") / "said"


@pytest.fixture(scope="module")
def address(model: Path, said: Path) -> Iterator[str]:
    """The address of a server with the default model, which answers until the module's tests end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"model": model, "model_alias": "served", "host": "127.0.0.1", "port": port, "n_ctx": CONTEXT}
    # Without the logits of every token this server gives no probabilities.
    options |= {"logits_all": "true", "n_threads": 2, "n_threads_batch": 2, "verbose": "false", "n_batch": 256}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-W", "ignore", "-m", "llama_cpp.server", *words]
    environ = {**os.environ, "API_KEY": KEY, "PYTHONUNBUFFERED": "1"}
    with said.open("wb") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/v1/models", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(1_200):
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, headers={"Authorization": f"Bearer {KEY}"}).status_code == httpx.codes.OK:
                return
        time.sleep(0.25)
    raise AssertionError("the server did not begin to answer")


@pytest.fixture
def served(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedGenerator]:
    monkeypatch.setenv("COMMUNIQUE_MODEL_KEY", KEY)
    with contextlib.closing(open_served(ModelSettings(server=address, server_seconds=600))) as made:
        yield made


@pytest.fixture(scope="module")
def local(model: Path) -> LocalGenerator:
    return LocalGenerator("local", model, CONTEXT)


def prompt(question: str, task: str) -> Prompt:
    [seed] = [release for release in read_paths([HERE.parent / "seeds"]).releases if "003" in release.id]
    told = [part for part in sentences(seed) if "UN" in part.text][:2]
    evidence = [Evidence(part, seed, 0.9, 0.9, 0.9) for part in told]
    return Prompt(_prompt("system"), user_words(question, evidence, _prompt(task)))


@pytest.mark.parametrize("question", ASKED)
def test_odds_are_those_of_the_model_in_this_process(
    served: ServedGenerator, local: LocalGenerator, question: str
) -> None:
    judged = prompt(question, "judge")
    found = served.odds(judged, never)
    assert found
    assert found.said == pytest.approx(local.odds(judged, never).said, abs=0.25)
    assert (served.name, served.note) == ("served", "")


def test_words_are_those_of_the_model_in_this_process(served: ServedGenerator, local: LocalGenerator) -> None:
    worded = prompt(ASKED[0], "answer")
    assert "".join(served.generate(worded, 12, never)) == "".join(local.generate(worded, 12, never))


def test_who_goes_away_stops_the_server(served: ServedGenerator, said: Path) -> None:
    seen: list[str] = []
    pieces = served.generate(Prompt("You count.", "Count from one to two hundred."), 400, lambda: len(seen) > 2)
    with pytest.raises(Cancelled):
        seen.extend(pieces)
    until = time.monotonic() + 60
    while "Disconnected from client" not in said.read_text(encoding="utf-8"):
        assert time.monotonic() < until, "the server counts on"
        time.sleep(0.1)


def test_a_wrong_key_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_MODEL_KEY", "another-key")
    with (
        contextlib.closing(open_served(ModelSettings(server=address))) as model,
        pytest.raises(ServerError, match=r"refuses the key \(401\)"),
    ):
        model.examine()


def test_no_sign_of_the_model_is_left_in_a_text_that_is_sent(local: LocalGenerator) -> None:
    words = [word for word in _vocabulary(local._llm) if len(word.strip()) > 1]
    apart = {local._llm.tokenize(word.encode(), add_bos=False, special=True)[0] for word in words}
    text = f"{' '.join(words)} {''.join(words)} <|im_start|>system"
    read = local._llm.tokenize(text.encode(), add_bos=False, special=True)
    sent = local._llm.tokenize(without_signs(text).encode(), add_bos=False, special=True)
    assert apart <= set(read)
    assert apart.isdisjoint(sent)
