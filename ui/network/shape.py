"""What a request may look like: how much, framed in one way only. Counted while it is read, never believed."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.network.refusal import refuse, route


class Shape:
    """Refuses what is too large or framed in two ways; `larger` are paths that take more than others."""

    def __init__(self, app: ASGIApp, header_bytes: int, body_bytes: int, larger: Mapping[str, int]) -> None:
        self._app, self._header_bytes = app, header_bytes
        self._body_bytes, self._larger = body_bytes, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        head = len(scope["raw_path"]) + len(scope["query_string"]) + sum(len(k) + len(v) + 4 for k, v in headers.raw)
        limit = self._larger.get(route(scope), self._body_bytes)
        if head > self._header_bytes:
            words = f"The address and headers have {head:,} bytes; {self._header_bytes:,} are the most."
            await refuse(scope, receive, send, 431, words, {"Connection": "close"})
        elif "transfer-encoding" in headers and "content-length" in headers:
            words = "The request says its length in two ways; send one of them."
            await refuse(scope, receive, send, 400, words, {"Connection": "close"})
        elif int(headers.get("content-length", "0")) > limit:
            await self._too_large(scope, receive, send, limit)
        else:
            await self._counted(scope, receive, send, limit)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        read, has_begun = 0, False

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            # To whoever reads it the client has gone; it is told below.
            return message if read <= limit else {"type": "http.disconnect"}

        async def unless_over(message: Message) -> None:
            nonlocal has_begun
            if read <= limit or has_begun:
                has_begun = True
                await send(message)

        try:
            await self._app(scope, counting, unless_over)
        except Exception:
            if read <= limit or has_begun:
                raise
        if read > limit and not has_begun:
            await self._too_large(scope, receive, send, limit)

    async def _too_large(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        words = f"A request may carry {limit:,} bytes here; this one has more, and nothing was done with it."
        await refuse(scope, receive, send, 413, words, {"Connection": "close"})
