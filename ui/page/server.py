"""Serving the page: one address, one port, no banner, behind the fence of `ui/network`."""

import logging
import signal
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from types import FrameType
from typing import Any, cast

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ui.network.connection import Connection, Patience
from ui.network.fence import Network, fenced
from ui.network.turnstile import Turnstile
from ui.network.ways import Ways
from ui.operations.probes import PROBES, Probes
from ui.page.address import listener, written
from ui.page.administration import LARGEST_UPLOAD, Administration
from ui.page.appearance import FONTS, head, theme
from ui.page.ports import OnReady

SESSIONS = 200
"""Tabs that the server remembers, those that asked last; Gradio would keep ten thousand, of 90 KB each and more.

Whoever comes back later brings the conversation along: the browser keeps it.
"""


def application(
    page: gr.Blocks,
    network: Network,
    administration: Administration | None = None,
    programs: Mapping[str, ASGIApp] | None = None,
    probes: Probes | None = None,
) -> ASGIApp:
    """The web application around a built page, fenced; without `administration` there is no way in to any.

    `programs` are the applications that programs call, by their paths; the page's own functions are MCP tools where
    the extra `mcp` is installed.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for path, program in (programs or {}).items():
        app.mount(path, program)
    apart: dict[str, int] = {}
    if administration:
        app.include_router(administration.router)
        apart |= {"/admin": 0, "/admin/add": LARGEST_UPLOAD}
    if probes:
        app.include_router(probes.router)
        apart |= dict.fromkeys(PROBES, 0)
    app.mount("/fonts", StaticFiles(directory=FONTS))
    page.state_session_capacity = SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        head=head(),
        footer_links=[],
        allowed_paths=[],
        blocked_paths=[str(network.home.resolve())],
        root_path=network.server.prefix or None,
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=find_spec("mcp") is not None,
        pwa=False,
        enable_monitoring=False,
        max_file_size="1kb",
    )
    # Gradio checks which files a client may name only once a page was launched, and takes one that was mounted for one
    # that was not: it would copy any file of the machine to its own folder for whoever names it.
    page.has_launched = True
    mounted: Any = app.routes[-1]
    mounted.app = Ways(mounted.app)
    return fenced(app, network, apart)


class Server(uvicorn.Server):
    """A server that says when it answers, and that ends when it is told to (SIGTERM) once answers had their time."""

    def __init__(self, app: ASGIApp, network: Network, on_started: Callable[[], None], turnstile: Turnstile) -> None:
        proxies = list(network.server.proxies)
        super().__init__(
            uvicorn.Config(
                app,
                # What strangers send that is no HTTP would fill the log.
                log_level=logging.ERROR,
                log_config=None,
                access_log=False,
                # A class to uvicorn, which makes one for each connection.
                http=cast(Any, partial(Connection, Patience(network.limits, proxies))),
                ws="none",
                h11_max_incomplete_event_size=network.limits.header_bytes,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies,
                root_path=network.server.prefix,
                server_header=False,
                # Open pages hold a connection for ever; a second is what they get when the server is told to end.
                timeout_graceful_shutdown=1,
            )
        )
        self._on_started, self._turnstile = on_started, turnstile
        self._patience = network.limits.stop_seconds
        self.ends_at: float | None = None
        self.is_interrupted = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Told to end: take no more questions and see the answers out; told again, or interrupted: end at once."""
        if sig != signal.SIGTERM:
            self.is_interrupted = True
            super().handle_exit(sig, frame)
        elif self.ends_at is None:
            self.ends_at = time.monotonic() + self._patience
            self._turnstile.shut()
        else:
            self.ends_at = 0.0

    async def on_tick(self, counter: int) -> bool:
        """Whether to end now; called ten times a second."""
        if self.ends_at is not None and (not self._turnstile.under_way or time.monotonic() >= self.ends_at):
            self._turnstile.stop()
            self.should_exit = True
        return await super().on_tick(counter)


def run(
    page: gr.Blocks,
    network: Network,
    port: int,
    on_ready: OnReady,
    administration: Administration | None,
    programs: Mapping[str, ASGIApp],
    turnstile: Turnstile,
    probes: Probes,
) -> None:
    """Serve a built page until it is told to end; KeyboardInterrupt where it is interrupted."""
    with listener(network.host, port) as bound:
        app = application(page, network, administration, programs, probes)
        server = Server(app, network, lambda: on_ready(written(bound)), turnstile)
        server.run(sockets=[bound])
    if server.is_interrupted or server.ends_at is None:
        # Where a shell made its background jobs deaf to the signal, uvicorn alone hears it and returns as if nothing
        # had happened.
        raise KeyboardInterrupt
