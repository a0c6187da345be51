"""Serving as a process of its own: what it prints, where it listens, how it ends."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import urlopen

import httpx
import pytest

pytestmark = pytest.mark.process

PROGRAM = """
import os
import sys
from pathlib import Path
from tests.browser.fake_assistant import FakeAssistant
from ui.page import Network, serve
try:
    network = Network(Path(os.environ["COMMUNIQUE_HOME"]))
    serve(FakeAssistant(), network, int(sys.argv[1]), lambda address: print("ready", address, flush=True))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    with start(0) as process:
        yield process
        process.kill()


def start(port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_says_its_address_alone_and_ends_when_interrupted(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    address = serving.stdout.readline().removeprefix("ready ").strip()
    with urlopen(address) as answer:
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    serving.send_signal(signal.SIGINT)
    assert serving.communicate(timeout=20) == ("", "")
    assert serving.returncode == 130


def test_a_program_that_waits_does_not_keep_it_from_ending(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    address = serving.stdout.readline().removeprefix("ready ").strip()
    body = {"question": "agencies? queue", "stream": True}
    with httpx.stream("POST", f"{address}/api/v1/answers", json=body, timeout=20) as waiting:
        assert any('"waiting"' in line for line in waiting.iter_lines())
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=20)
    assert serving.returncode == 130


def test_a_taken_port_is_said_and_no_other_is_tried(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    port = urlsplit(serving.stdout.readline().removeprefix("ready ").strip()).port or 0
    second = start(port)
    out, error = second.communicate(timeout=60)
    assert f"Port {port} on 127.0.0.1 is taken" in error
    assert (out, second.returncode) == ("", 1)
