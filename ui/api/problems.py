"""What went wrong, as a program hears it: a status, and the message that a person would read; nothing internal.

RFC 9457 problem details for the HTTP API; `ui/api/chat.py` gives the same failures OpenAI's shape.
"""

import logging
import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from index.catalog import Withdrawal
from index.errors import (
    BusyError,
    CommuniqueError,
    IndexMismatchError,
    IndexMissingError,
    ModelError,
    OverdueError,
    SearchServerError,
    TooManyError,
    UsageError,
)
from ui.api.contract import Problem, sendable

LONGEST_PLACE = 80
"""Characters of a field's name; one that is unknown is the caller's own."""

UNEXPECTED = "The answer failed for a reason that was not foreseen; the server's log holds it. Ask again."

_FOLDERS = re.compile(r"(?<![\w.:/~])~?/(?:[^\s/:;,'\"`]+/)*(?=[^\s/])")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """What a caller is told of an error, whatever shape it is told in."""

    status: int
    detail: str
    headers: dict[str, str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", sendable(self.detail))


def failure(error: Exception) -> Failure:
    """What is told of an error; one that nobody foresaw is logged, and not told."""
    match error:
        case HTTPException():
            return Failure(error.status_code, str(error.detail), dict(error.headers or {}))
        case RequestValidationError():
            return Failure(422, faults(error.errors()))
        case UsageError():
            return Failure(422, str(error))
        case TooManyError():
            return Failure(429, str(error), {"Retry-After": str(error.wait)})
        case BusyError():
            return Failure(503, str(error), {"Retry-After": str(error.wait)})
        case OverdueError():
            return Failure(503, str(error))
        case IndexMissingError() | IndexMismatchError() | SearchServerError() | ModelError():
            return Failure(503, without_folders(str(error)))
        case CommuniqueError():
            return Failure(500, without_folders(str(error)))
    _LOG.error("answering a program failed", exc_info=error)
    return Failure(500, UNEXPECTED)


def without_folders(message: str) -> str:
    """A message written for whoever runs the server, without telling others where things lie on it."""
    return _FOLDERS.sub("", message)


def faults(errors: Sequence[Any]) -> str:
    """What is wrong with a request, field by field, without what was sent: that may be long, and anything."""
    said = []
    for fault in errors[:5]:
        place = ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path"))[:LONGEST_PLACE]
        words = str(fault["msg"]).removeprefix("Value error, ")
        said.append(f"{place or 'the body'}: {words[:1].lower()}{words[1:]}")
    return "; ".join(said)


class GuardedRoute(APIRoute):
    """A route whose unforeseen errors end in its own application, rather than pass through those around it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except (HTTPException, RequestValidationError, CommuniqueError):
                raise
            except Exception as error:
                told = failure(error)
                raise HTTPException(told.status, told.detail) from None

        return guarded


def withdrawn(release: Withdrawal) -> str:
    """What is said of a release that is no longer there."""
    return f"The release was withdrawn on {release.withdrawn}; it was “{release.title}”."


def problem(told: Failure, **more: object) -> Problem:
    """The problem object of a failure; `more` are members beside the standard ones."""
    title = HTTPStatus(told.status).phrase
    return Problem(title=title, status=told.status, detail=told.detail, **more)  # type: ignore[arg-type]


def problem_response(told: Failure, **more: object) -> Response:
    """The failure as a response."""
    body = problem(told, **more).model_dump(mode="json")
    return JSONResponse(body, told.status, told.headers, media_type="application/problem+json")


def handle_errors(app: FastAPI, respond: Callable[[Failure], Response]) -> None:
    """Let every error of an application end in `respond`."""

    async def handle(_: Request, error: Exception) -> Response:
        return respond(failure(error))

    for kind in (HTTPException, RequestValidationError, CommuniqueError):
        app.add_exception_handler(kind, handle)
