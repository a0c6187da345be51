"""The door: who asks is found out, counted, and let in or shown the form; plain ASGI, so that streams pass."""

import logging
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import UsersError
from ui.door import door, frame
from ui.network.attempts import PAUSE
from ui.network.client import Client, client_of, known
from ui.network.identity import Identity
from ui.network.pace import Pace
from ui.network.refusal import refuse, route
from ui.network.users import REMEMBERED, STAY
from ui.words import asked_for

_LOG = logging.getLogger(__name__)
_STYLE = Path(__file__).parents[1] / "page" / "administration.css"
LARGEST_FORM = 10_000
"""Bytes of a name and a password."""


class Entry:
    """Lets requests through: all of them on this machine as long as there are no users, else those of users.

    `is_shut` is true where others than this machine's users reach the program: then nobody is let in without a name.
    `apart` are paths with a door of their own.
    """

    def __init__(
        self, app: ASGIApp, identity: Identity, is_shut: bool, requests_per_minute: int, apart: Collection[str]
    ) -> None:
        self._app, self._identity, self._is_shut = app, identity, is_shut
        self._pace, self._apart = Pace(requests_per_minute, 60.0), tuple(apart)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say what it lacks."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, client = Request(scope, receive, send), client_of(scope)
        try:
            asks = self._is_shut or bool(self._identity.book.users())
            # Counted by its address before a password is worked out, which costs more than all else.
            if asks and "authorization" in request.headers and (wait := self._pace.wait(client.name)):
                await self._slow_down(scope, receive, send, wait)
                return
            user = await self._identity.of(request.headers, request.cookies, client) if asks else ""
        except UsersError:
            _LOG.exception("nobody is let in")
            await refuse(scope, receive, send, 503, "Who may ask cannot be read just now; the details are in the log.")
            return
        client = Client(client.address, user)
        known(scope, client)
        if wait := self._pace.wait(client.name):
            await self._slow_down(scope, receive, send, wait)
        elif route(scope) in ("/enter", "/leave"):
            await (await self._door(request, client, asks))(scope, receive, send)
        elif asks and not user and not self._is_apart(scope):
            await self._shown_out(request, client)
        else:
            await self._app(scope, receive, send)

    def _is_apart(self, scope: Scope) -> bool:
        path = route(scope)
        return any(path == place or path.startswith(f"{place}/") for place in self._apart)

    async def _slow_down(self, scope: Scope, receive: Receive, send: Send, wait: int) -> None:
        words = f"Too many requests came within a minute; come again in {wait} s."
        await refuse(scope, receive, send, 429, words, {"Retry-After": str(wait)})

    async def _shown_out(self, request: Request, client: Client) -> None:
        """To the form where a reader comes by an address; else told what a program has to show."""
        is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if is_page:
            to = quote(route(request.scope) + (f"?{request.url.query}" if request.url.query else ""), safe="/")
            answer = RedirectResponse(f"{_root(request)}/enter?to={to}", 303)
            await answer(request.scope, request.receive, request._send)
            return
        words = asked_for(request.headers.get("accept-language", ""))
        # A browser asked for `Basic` would show a window of its own in place of the form.
        is_browser = "sec-fetch-mode" in request.headers
        told = {"WWW-Authenticate": 'Bearer realm="Communique"' + ("" if is_browser else ', Basic realm="Communique"')}
        status, said = 401, words.say("log_in_first")
        if "authorization" in request.headers and self._identity.is_shut("", client):
            status, said, told = 429, words.say("door_shut"), {"Retry-After": f"{PAUSE:.0f}"}
        await refuse(request.scope, request.receive, request._send, status, said, told)

    async def _door(self, request: Request, client: Client, asks: bool) -> Response:
        if route(request.scope) == "/leave":
            return await self._leave(request) if request.method == "POST" else Response(status_code=405)
        if not asks or (client.user and request.method == "GET"):
            return RedirectResponse(f"{_root(request)}/", 303)
        if request.method == "POST":
            return await self._enter(request, client)
        return self._form(request) if request.method in ("GET", "HEAD") else Response(status_code=405)

    async def _enter(self, request: Request, client: Client) -> Response:
        size = request.headers.get("content-length", "")
        if not size.isdigit() or int(size) > LARGEST_FORM:
            return Response(status_code=413, headers={"Connection": "close"})
        try:
            given = await request.form(max_files=0, max_fields=2)
        except MultiPartException:
            return Response(status_code=400)
        name, password = str(given.get("name", "")), str(given.get("password", ""))
        device = request.cookies.get(self._identity.device, "")
        if self._identity.is_shut(name, client, device):
            return self._form(request, name, "door_shut", 429)
        entered = await self._identity.enter(name, password, client, device)
        if not entered:
            return self._form(request, name, "wrong_entry", 403)
        return await self._let_in(request, entered)

    async def _let_in(self, request: Request, name: str) -> Response:
        session, device = await run_in_threadpool(self._identity.book.admit, name)
        root = _root(request)
        answer = RedirectResponse(f"{root}{local(request.query_params.get('to', ''))}", 303)
        is_secure = _is_secure(request)
        for cookie, secret, seconds in (
            (self._identity.cookie, session, STAY),
            (self._identity.device, device, REMEMBERED),
        ):
            answer.set_cookie(
                cookie, secret, int(seconds), path=root or "/", httponly=True, samesite="lax", secure=is_secure
            )
        return answer

    async def _leave(self, request: Request) -> Response:
        await run_in_threadpool(self._identity.book.leave, request.cookies.get(self._identity.cookie, ""))
        root = _root(request)
        answer = RedirectResponse(f"{root}/", 303)
        cookie = self._identity.cookie
        answer.delete_cookie(cookie, path=root or "/", httponly=True, samesite="lax", secure=_is_secure(request))
        return answer

    def _form(self, request: Request, name: str = "", failed: str = "", status: int = 200) -> Response:
        words = asked_for(request.headers.get("accept-language", ""))
        to = local(request.query_params.get("to", ""))
        body = door("log_in", f"enter?to={quote(to, safe='/')}", words, failed, name[:64])
        html = frame(words.say("log_in"), body, _STYLE.read_text("utf-8"), words, root=_root(request))
        headers = {"Retry-After": f"{PAUSE:.0f}"} if status == 429 else None
        return HTMLResponse(html, status, headers)


def local(to: str) -> str:
    """Where a reader wanted to go, if that is a place of ours; else the page itself."""
    is_ours = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if is_ours else "/"


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
