"""Which of Gradio's routes are served: those that the page and `gradio_client` ask for, as their logs show, and its MCP
server; no other.

Gradio also serves files by their path, takes uploads, fetches addresses for a client and documents itself. None of that
is used here, and most of what was ever found wrong with Gradio was found there.
"""

import json
import re

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.network.refusal import refuse, route

_NAME = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
READ = (
    "/",
    rf"/assets/(?:{_NAME}/)*{_NAME}",
    r"/theme\.css",
    r"/static/js/iframeResizer\.contentWindow\.min\.js",
    r"/favicon\.ico",
    r"/gradio_api/heartbeat/[A-Za-z0-9]{1,32}",
    r"/gradio_api/queue/data",
    r"/gradio_api/app_id",
    r"/gradio_api/info",
    r"/config",
    r"/gradio_api/mcp/(?:schema)?",
    r"/gradio_api/mcp",
)
"""Asked for with GET or HEAD."""

SENT = (
    r"/gradio_api/queue/join",
    r"/gradio_api/run/predict",
    r"/gradio_api/component_server/",
    r"/gradio_api/run/(?:ask|search_releases|read_release)",
    r"/gradio_api/cancel",
    r"/gradio_api/mcp/?",
)
"""Sent to with POST; `component_server` is the reader's, which opens a release."""

ENDED = (r"/gradio_api/mcp/?",)
"""Asked for with DELETE: an MCP client that leaves."""


class Ways:
    """Gradio's application behind the list; what is not on it is not there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        read, sent, ended = (re.compile("|".join(ways)) for ways in (READ, SENT, ENDED))
        self._ways = {"GET": read, "HEAD": read, "POST": sent, "DELETE": ended}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request for what is on the list; 404 for all else."""
        way = self._ways.get(scope.get("method", ""))
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not (way and way.fullmatch(route(scope))):
            await refuse(scope, receive, send, 404, "There is nothing under this address.")
        elif scope["method"] == "POST":
            await self._checked(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on JSON that names no file; Gradio would copy one from this machine, or fetch it from another."""
        is_json = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower() == "application/json"
        if not is_json:
            await refuse(scope, receive, send, 415, "Only JSON is taken here.")
            return
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        if not is_plain(body):
            await refuse(scope, receive, send, 400, "This is no JSON, or it names a file, which is not taken here.")
            return
        waiting = [body]

        async def again() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            return await receive()

        await self._app(scope, again, send)


def is_plain(body: bytes) -> bool:
    """Whether a body is a JSON object without anything in it that Gradio takes for a file."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict):
        return False
    parts: list[object] = [found]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            # By this key Gradio knows its own kinds of data; the page sends none of them.
            if "_type" in part:
                return False
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
    return True
