"""Visitors of a page that a process of its own serves: one who asks as the page does, one who speaks raw HTTP."""

import json
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

PROGRAM = """
import sys
from index.settings import Settings
from tests.browser.fake_assistant import FakeAssistant
from ui.page import Network, serve
settings = Settings.load()
network = Network(settings.home, settings.server, settings.limits, settings.server.host)
try:
    serve(FakeAssistant(), network, 0, lambda address: print(address, flush=True))
except KeyboardInterrupt:
    sys.exit(130)
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def page_process(environ: Mapping[str, str]) -> Iterator[str]:
    """The address of a page around the fake assistant, served with the settings of `environ` until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        address = process.stdout.readline().decode().strip()
        assert address, "the page did not start"
        yield address
        process.kill()


EVENTS: dict[str, dict[str, int]] = {}
"""The numbers of the page's events, by its address; the same for as long as it is served."""


class Asker:
    """Asks as the page's own script does, through Gradio's queue."""

    def __init__(self, address: str, **options: Any) -> None:  # noqa: ANN401 - httpx's own
        self.http = httpx.Client(base_url=address, timeout=20, **options)
        self._events = EVENTS.setdefault(address, {})

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def config(self) -> dict[str, Any]:
        """What Gradio tells the page of itself."""
        found = re.search(r"window\.gradio_config\s*=\s*(\{.*?\});\s*</script>", self.http.get("/").text, re.DOTALL)
        assert found
        config: dict[str, Any] = json.loads(found[1])
        return config

    def event(self, name: str, data: list[Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """The body that calls one of the page's events."""
        if not self._events:
            self._events.update({event["api_name"]: event["id"] for event in self.config()["dependencies"]})
        number = self._events[name]
        return {"data": data, "fn_index": number, "session_hash": secrets.token_hex(5), "trigger_id": None, **more}

    def ask(self, question: str) -> str:
        """All that the page is sent in reply to a question."""
        body = self.event("_answer", [question, None, None])
        joined = self.http.post("/gradio_api/queue/join", json=body)
        assert joined.status_code == 200, joined.text
        said = []
        events = f"/gradio_api/queue/data?session_hash={body['session_hash']}"
        with self.http.stream("GET", events) as answer:
            for line in answer.iter_lines():
                said.append(line)
                if "process_completed" in line or "close_stream" in line:
                    break
        return "\n".join(said)


class Raw:
    """One connection on which anything can be sent."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 0), 10)
        self.host = parts.netloc

    def send(self, text: str | bytes) -> "Raw":
        """Send text as it is; HOST stands for the server's name."""
        data = text.encode("latin-1") if isinstance(text, str) else text
        self.socket.sendall(data.replace(b"HOST", self.host.encode()))
        return self

    def answer(self, seconds: float = 10) -> str:
        """All that comes until the server closes the connection or is silent for so long."""
        self.socket.settimeout(seconds)
        found = b""
        try:
            while piece := self.socket.recv(65_536):
                found += piece
        except (TimeoutError, ConnectionError):
            pass
        return found.decode("latin-1")

    def statuses(self, seconds: float = 1) -> list[int]:
        """The status of each answer that came."""
        return [int(code) for code in re.findall(r"^HTTP/1\.1 (\d{3})", self.answer(seconds), re.MULTILINE)]

    def closes_within(self, seconds: float) -> bool:
        """Whether the server ends the connection within so many seconds, whatever it sends before."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                if not self.socket.recv(65_536):
                    return True
            except TimeoutError:
                return False
            except ConnectionError:
                return True
        return False

    def close(self) -> None:
        """End the connection."""
        self.socket.close()
