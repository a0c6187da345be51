"""Serving the page: one address, one port, no banner, and headers that keep the browser to this host."""

import logging
import socket
from collections.abc import Callable, Mapping
from importlib.util import find_spec

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.page.address import listener, written
from ui.page.administration import Administration
from ui.page.appearance import FONTS, head, theme
from ui.page.ports import OnReady

# Gradio needs inline scripts and `Function`; what matters here is that nothing is loaded from, sent to or framed by
# another host, whatever a release, a model or a library says.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Adds the headers to every response; plain ASGI, so that streams pass through it untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


def application(
    page: gr.Blocks, administration: Administration | None = None, programs: Mapping[str, ASGIApp] | None = None
) -> FastAPI:
    """The web application around a built page; without `administration` there is no way in to any.

    `programs` are the applications that programs call, by their paths; the page's own functions are MCP tools where
    the extra `mcp` is installed.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for path, program in (programs or {}).items():
        app.mount(path, program)
    if administration:
        app.include_router(administration.router)
    app.mount("/fonts", StaticFiles(directory=FONTS))
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        head=head(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=find_spec("mcp") is not None,
        pwa=False,
        enable_monitoring=False,
        max_file_size="1kb",
    )

    app.add_middleware(Guard)
    return app


class Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, app: FastAPI, on_started: Callable[[], None]) -> None:
        # Open pages hold a connection for ever; a second is what they get when the server is told to end.
        super().__init__(uvicorn.Config(app, log_level=logging.WARNING, timeout_graceful_shutdown=1))
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()


def run(
    page: gr.Blocks,
    host: str,
    port: int,
    on_ready: OnReady,
    administration: Administration | None,
    programs: Mapping[str, ASGIApp],
) -> None:
    """Serve a built page until interrupted."""
    with listener(host, port) as bound:
        Server(application(page, administration, programs), lambda: on_ready(written(bound))).run(sockets=[bound])
    # The server ends only when it is told to. Where a shell made its background jobs deaf to the signal, uvicorn alone
    # hears it and returns as if nothing had happened.
    raise KeyboardInterrupt
