"""A site on this machine: what it answers, what it was asked, and how slowly it speaks."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """What is answered under one path; `drips` are sent again and again after the body, without end."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drips: bytes = b""


class Site(ThreadingHTTPServer):
    """Replies by path, and the path and headers of each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, Message]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def put(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> str:
        """Answer so from now on; `Retry_After` is the header Retry-After. Gives the address."""
        data = body.encode() if isinstance(body, str) else body
        self.replies[path] = Reply(data, status, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.url + path


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers))
        reply = self.server.replies.get(self.path, Reply(status=404))
        known = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        if known != (None, None) and known == (reply.headers.get("ETag"), reply.headers.get("Last-Modified")):
            reply = Reply(status=304)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # Who has read enough goes away.
            self.wfile.write(reply.body)
            while reply.drips and not self.server.closing.wait(0.01):
                self.wfile.write(reply.drips)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def opened_site() -> Iterator[Site]:
    """A site that answers until the block ends."""
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.closing.set()
        site.shutdown()
        thread.join()


def rss(*items: str, title: str = "Releases") -> str:
    """An RSS 2.0 feed of items, each given as the XML inside it."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<rss version="2.0" {spaces}><channel><title>{title}</title>{inside}</channel></rss>'


def atom(*entries: str) -> str:
    """An Atom feed of entries, each given as the XML inside it."""
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Releases</title>{inside}</feed>'
