"""Headers that keep the browser to this host, on every answer, whoever gave it; an unforeseen fault tells nothing."""

import logging

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.network.refusal import refuse, route

_LOG = logging.getLogger(__name__)

# Gradio needs inline scripts and `Function`; what matters here is that nothing is loaded from, sent to or framed by
# another host, whatever a release, a model or a library says.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_UNUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb".split()

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    # Not `no-referrer`, with which a browser calls the origin of our own forms `null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_YEAR = "max-age=31536000"
_KEPT = ("/assets/", "/fonts/", "/static/", "/theme.css")
"""What is the same for everybody and may be kept by browsers and proxies."""


class SafeHeaders:
    """Adds the headers to every response; plain ASGI, so that streams pass through it untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a WebSocket is never opened, as nothing here speaks through one."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                _complete(MutableHeaders(scope=message), scope)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            if has_begun:
                raise
            _LOG.exception("a request failed")
            await refuse(scope, receive, guarded, 500, "Something went wrong; the details are in the log.")


def _complete(headers: MutableHeaders, scope: Scope) -> None:
    headers.update(HEADERS)
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = _YEAR
    if not route(scope).startswith(_KEPT):
        headers["Cache-Control"] = "no-store"
    # No other site's script is answered, and Gradio would tell some that it was.
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
