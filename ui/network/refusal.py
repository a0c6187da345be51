"""What is said to a request that is not answered: plain words to a reader, a problem (RFC 9457) to a program."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    words: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer a request with `status` and the reason in `words`; the connection ends with it where a body is to come."""
    told = dict(headers or {})
    sent = Headers(scope=scope)
    if sent.get("content-length", "0") != "0" or "transfer-encoding" in sent:
        told["Connection"] = "close"
    answer: Response
    if "text/html" in sent.get("accept", ""):
        answer = PlainTextResponse(words, status, told)
    else:
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": words}
        answer = JSONResponse(problem, status, told, "application/problem+json")
    await answer(scope, receive, send)


def route(scope: Scope) -> str:
    """The path of a request below the one that a proxy serves the program by."""
    root, path = scope.get("root_path", ""), str(scope["path"])
    return path[len(root) :] or "/" if root and (path == root or path.startswith(f"{root}/")) else path
