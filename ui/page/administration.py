"""Administration at /admin, where a password was set: pages of plain forms beside the chat page, each request checked.

A request that changes something carries the cookie of one who gave the password, and in its address the key that only
the page's own forms have. Both are checked before a byte of an upload is read.
"""

import hmac
from pathlib import Path
from typing import BinaryIO

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from index.errors import CommuniqueError, UsageError
from rag.feedback import FeedbackBook
from ui import office
from ui.door import door, frame
from ui.network.client import client_of
from ui.page.doorkeeper import Doorkeeper, form_key
from ui.page.ports import Assistant
from ui.page.upkeep import Upkeep
from ui.words import Words, asked_for

MOST_FILES = 50
LARGEST_UPLOAD = 100_000_000
LARGEST_FORM = 10_000
"""Bytes of a form without files."""

_COOKIE = "communique_admin"
_HERE = Path(__file__).parent


class Administration:
    """The routes of one assistant's administration."""

    def __init__(self, assistant: Assistant, home: Path, doorkeeper: Doorkeeper, upkeep: Upkeep) -> None:
        self._assistant, self._book = assistant, FeedbackBook(home)
        self._doorkeeper, self._upkeep = doorkeeper, upkeep
        self.router = APIRouter(prefix="/admin", include_in_schema=False)
        self.router.add_api_route("", self._show, methods=["GET"])
        self.router.add_api_route("/work", self._work, methods=["GET"])
        self.router.add_api_route("/enter", self._enter, methods=["POST"])
        self.router.add_api_route("/add", self._add, methods=["POST"])
        for name in ("leave", "rebuild", "rollback"):
            self.router.add_api_route(f"/{name}", getattr(self, f"_{name}"), methods=["POST"])

    def _show(self, request: Request) -> Response:
        if not self._doorkeeper.knows(_token(request)):
            return _page(request, door("admin", "admin/enter", _words(request)))
        return self._office(request)

    def _work(self, request: Request) -> Response:
        if not self._doorkeeper.knows(_token(request)):
            return Response(status_code=403)
        return HTMLResponse(office.progress(self._upkeep.work, _words(request)))

    async def _enter(self, request: Request) -> Response:
        address, words = client_of(request.scope).place, _words(request)
        if self._doorkeeper.is_shut(address):
            return _page(request, door("admin", "admin/enter", words, "door_shut"), 429)
        if not _is_small(request, LARGEST_FORM):
            return Response(status_code=413)
        form = await request.form(max_files=0, max_fields=1)
        token = self._doorkeeper.enter(str(form.get("password", "")), address)
        if not token:
            return _page(request, door("admin", "admin/enter", words, "wrong_password"), 403)
        answer, path = _back(request), f"{_root(request)}/admin"
        answer.set_cookie(_COOKIE, token, path=path, httponly=True, samesite="strict", secure=_is_secure(request))
        return answer

    async def _add(self, request: Request) -> Response:
        if not self._may(request):
            return Response(status_code=403)
        if not _is_small(request, LARGEST_UPLOAD):
            error = UsageError(f"an upload may have {LARGEST_UPLOAD / 1e6:g} MB; nothing was added")
            return self._office(request, error, 413)
        async with request.form(max_files=MOST_FILES, max_fields=0) as form:
            files = [(part.filename or "", part.file) for _, part in form.multi_items() if isinstance(part, UploadFile)]
            return await run_in_threadpool(self._taken, request, files)

    def _taken(self, request: Request, files: list[tuple[str, BinaryIO]]) -> Response:
        try:
            self._upkeep.take(files)
        except (CommuniqueError, OSError) as error:
            return self._office(request, error, 400)
        self._upkeep.rebuild()
        return _back(request)

    def _leave(self, request: Request) -> Response:
        if self._may(request):
            self._doorkeeper.leave(_token(request))
        return _back(request)

    def _rebuild(self, request: Request) -> Response:
        if not self._may(request):
            return Response(status_code=403)
        self._upkeep.rebuild()
        return _back(request)

    def _rollback(self, request: Request) -> Response:
        if not self._may(request):
            return Response(status_code=403)
        try:
            self._upkeep.roll_back()
        except (CommuniqueError, OSError) as error:
            return self._office(request, error, 400)
        return _back(request)

    def _may(self, request: Request) -> bool:
        token = _token(request)
        key = request.query_params.get("key", "").encode(errors="replace")
        return self._doorkeeper.knows(token) and hmac.compare_digest(key, form_key(token).encode())

    def _office(self, request: Request, error: Exception | None = None, status: int = 200) -> Response:
        words, key = _words(request), form_key(_token(request))
        aside, opinions = self._upkeep.store.set_aside(), self._book.read()
        told = str(error) if error else ""
        shown = office.office(self._assistant.coverage(), self._upkeep.work, aside, opinions, key, words, told)
        return _page(request, shown, status)


def _page(request: Request, body: str, status: int = 200) -> Response:
    style = (_HERE / "administration.css").read_text("utf-8")
    script = (_HERE / "script" / "administration.js").read_text("utf-8")
    words = _words(request)
    html = frame(words.say("admin"), body, style, words, script, _root(request))
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def _back(request: Request) -> RedirectResponse:
    return RedirectResponse(f"{_root(request)}/admin", 303)


def _root(request: Request) -> str:
    """The path below which a proxy serves the program."""
    return str(request.scope.get("root_path", ""))


def _token(request: Request) -> str:
    return request.cookies.get(_COOKIE, "")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _is_small(request: Request, most: int) -> bool:
    """Whether the request says its size, which the server holds it to, and is within bounds."""
    size = request.headers.get("content-length", "")
    return size.isascii() and size.isdigit() and int(size) <= most


def _words(request: Request) -> Words:
    return asked_for(request.headers.get("accept-language", ""))
