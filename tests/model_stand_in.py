"""A server that speaks OpenAI's protocol as it is told to: well, slowly, brokenly or not at all."""

import contextlib
import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "tiny"
YES = {"Yes": -0.5, "No": -2.0, "yes": -3.0, "It": -4.0}


@dataclass(frozen=True)
class Reply:
    """What one request gets: `body` where it is set, else `pieces` as a stream or `likely` as first tokens.

    `pause`: seconds before each piece; `hangs`: after the pieces nothing comes any more, but comments where `comments`
    is set; `is_cut`: the connection ends before its end was told; `is_dropped`: it is closed afterwards without a word.
    """

    pieces: tuple[str, ...] = ("Oil", " rose", ".")
    likely: Mapping[str, float] | None = field(default_factory=lambda: YES)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    pause: float = 0.0
    hangs: bool = False
    comments: bool = False
    is_cut: bool = False
    is_dropped: bool = False


class ModelStandIn(ThreadingHTTPServer):
    """Gives the `replies` one after another, then good ones; keeps the bodies and headers of what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: deque[Reply] = deque()
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Message] = []
        self.left, self.closing = threading.Event(), threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of who went away between two requests."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ModelStandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._tell(Reply(body=json.dumps({"data": [{"id": MODEL}, {"id": "other"}]})), {})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        self.server.headers.append(self.headers)
        self._tell(self.server.replies.popleft() if self.server.replies else Reply(), asked)

    def _tell(self, reply: Reply, asked: dict[str, Any]) -> None:
        body = reply.body
        if not body and not asked.get("stream"):
            tops = [{"token": token, "logprob": value} for token, value in (reply.likely or {}).items()]
            told = {"content": [{"token": "Yes", "top_logprobs": tops}]} if reply.likely else None
            body = json.dumps({"choices": [{"message": {"content": "Yes"}, "logprobs": told}]})
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        is_whole = bool(body) and not reply.hangs
        self.send_header(*(("Content-Length", str(len(body.encode()))) if is_whole else ("Connection", "close")))
        self.end_headers()
        try:
            self.wfile.write(body.encode() if is_whole else b"")
            if not is_whole:
                self._stream(reply)
        except OSError:  # Who is no longer interested goes away, some with a bang.
            self.server.left.set()
        self.close_connection = not is_whole or reply.is_dropped

    def _stream(self, reply: Reply) -> None:
        for piece in reply.pieces:
            self.server.closing.wait(reply.pause)
            self._event(json.dumps({"choices": [{"delta": {"content": piece}, "finish_reason": None}]}))
        while reply.hangs and not self.server.closing.wait(0.02):
            if reply.comments:
                self.wfile.write(b": ping\n\n")
            self.connection.settimeout(0.001)
            with contextlib.suppress(TimeoutError):
                if not self.connection.recv(1):
                    self.server.left.set()
                    return
        if not reply.is_cut:
            self._event(json.dumps({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
            self._event("[DONE]")

    def _event(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def model_stand_in() -> Iterator[ModelStandIn]:
    """A server that answers until the block ends."""
    with ModelStandIn() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
