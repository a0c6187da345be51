"""Whether the program answers (/health), whether it can answer questions (/ready), and its metrics.

The probes are asked by whoever keeps the program running, without a name, so they tell nothing that a stranger may not
know. The metrics are for this machine, and for users where there are any.
"""

import logging

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ui.network.client import client_of
from ui.network.turnstile import Turnstile
from ui.operations.metrics import Metrics

_LOG = logging.getLogger(__name__)

PROBES = ("/health", "/ready")
"""Paths that are answered to anybody."""


class Probes:
    """The routes about one program; a reason that is more than a word is in the log alone."""

    def __init__(self, turnstile: Turnstile, metrics: Metrics) -> None:
        self._turnstile, self._metrics = turnstile, metrics
        self._is_ready = True
        self.router = APIRouter()
        for path, answer in (("/health", self.health), ("/ready", self.ready), ("/metrics", self.metrics)):
            self.router.add_route(path, answer, methods=["GET"])

    async def health(self, _: Request) -> Response:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _: Request) -> Response:
        """Whether a question would be answered: 503 with the reason where not."""
        reason, words = await run_in_threadpool(self._examined)
        if reason:
            return JSONResponse({"status": "not ready", "reason": reason}, 503)
        return JSONResponse({"status": "ready", "answers": words})

    async def metrics(self, request: Request) -> Response:
        """What Prometheus reads."""
        client = client_of(request.scope)
        if not (client.user or client.is_here):
            words = "Metrics are for this machine; from another one, show a user's token."
            return PlainTextResponse(words, 403)
        text, kind = await run_in_threadpool(self._metrics.written, self._turnstile, request.headers.get("accept", ""))
        return Response(text, media_type=kind)

    def _examined(self) -> tuple[str, str]:
        """Why no question can be answered, or how they are."""
        if self._turnstile.is_shut:
            return "ending", ""
        try:
            held = self._turnstile.coverage()
            self._turnstile.release("")  # reads in the index, as a question would
        except Exception:
            if self._is_ready:
                _LOG.exception("no question can be answered")
            self._is_ready = False
            return "index", ""
        self._is_ready = True
        return "", "worded" if held.model else "quoted"
