"""The OpenAI-compatible API under /v1: `chat/completions` and `models`, for programs that know nothing else.

A verified answer with its markers is the message; the citations are fields beside it. Errors have OpenAI's shape.
"""

import json
import time
import uuid
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.sse import format_sse_event
from starlette.exceptions import HTTPException

from index.errors import CommuniqueError, UsageError
from rag.answers import Answer, Event, SentenceReady
from ui.api.chat_contract import MODEL, ChatRequest, ErrorBody, UnknownModelError, UnsupportedError, extras
from ui.api.desk import Desk
from ui.api.problems import Failure, GuardedRoute, failure
from ui.api.streaming import event_stream
from ui.page.ports import Assistant

_TYPES = {400: "invalid_request_error", 404: "invalid_request_error", 422: "invalid_request_error"}


def application(assistant: Assistant, desk: Desk) -> FastAPI:
    """The application to be mounted under /v1."""
    app = FastAPI(title="Communiqué", version=version("communique"), docs_url=None, redoc_url=None)
    for kind in (HTTPException, RequestValidationError, CommuniqueError):
        app.add_exception_handler(kind, _respond)
    app.include_router(Chat(assistant, desk).router)
    return app


class Chat:
    """The routes of one assistant."""

    def __init__(self, assistant: Assistant, desk: Desk) -> None:
        self._assistant, self._desk = assistant, desk
        told = {"model": ErrorBody, "description": "OpenAI's shape of an error."}
        self.router = APIRouter(route_class=GuardedRoute, responses={"4XX": told, "5XX": told})
        self.router.add_api_route("/chat/completions", self.complete, methods=["POST"], response_model=None)
        self.router.add_api_route("/models", self.models, methods=["GET"])
        self.router.add_api_route("/models/{name}", self.model, methods=["GET"])

    async def complete(self, wanted: ChatRequest, request: Request) -> Response:
        """Answer the last message."""
        asked = wanted.asked()
        spoken = [message.text() for message in wanted.messages]
        completion = Completion(
            self._assistant, spoken, bool(wanted.stream_options and wanted.stream_options.include_usage)
        )
        if wanted.stream:
            return await event_stream(self._desk.follow(asked), completion.written, _failed)
        return JSONResponse(completion.whole(await self._desk.answer(asked, request.is_disconnected)))

    def models(self) -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [self._model()]}

    def model(self, name: str) -> dict[str, Any]:
        """A model by its name."""
        if name != MODEL:
            raise UnknownModelError(f"there is no model `{name[:100]}`; the one there is is `{MODEL}`")
        return self._model()

    def _model(self) -> dict[str, Any]:
        return {"id": MODEL, "object": "model", "created": 0, "owned_by": "communique"}


class Completion:
    """One completion, whole or in chunks."""

    def __init__(self, assistant: Assistant, spoken: Sequence[str], tells_usage: bool) -> None:
        self._assistant, self._spoken, self._tells_usage = assistant, spoken, tells_usage
        self._base = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        self._sent = ""

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The completion object."""
        message = {"role": "assistant", "content": answer.text, "refusal": None, **extras(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        told = {**self._base, "object": "chat.completion", "choices": [choice]}
        usage = self._usage(answer)
        return {**told, "usage": usage} if usage else told

    def written(self, event: Event) -> bytes:
        """The chunks of an event; their contents together are the text of the answer."""
        match event:
            case SentenceReady():
                return self._chunk(self._next(event.sentence.marked_text))
            case Answer():
                # An answer may end with sentences of the program's own, and a refusal holds no others.
                rest = answer_rest(event.text, self._sent)
                last = self._chunk(self._delta(rest)) if rest else b""
                last += self._chunk(extras(event), "stop")
                if self._tells_usage:
                    last += self._event({"choices": [], "usage": self._usage(event)})
                return last + format_sse_event(data_str="[DONE]")
        return b""

    def _next(self, sentence: str) -> dict[str, Any]:
        return self._delta(f" {sentence}" if self._sent else sentence)

    def _delta(self, text: str) -> dict[str, Any]:
        role = {} if self._sent else {"role": "assistant"}
        self._sent += text
        return {**role, "content": text}

    def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return self._event({"choices": [choice], **({"usage": None} if self._tells_usage else {})})

    def _event(self, told: dict[str, Any]) -> bytes:
        return format_sse_event(data_str=json.dumps({**self._base, "object": "chat.completion.chunk", **told}))

    def _usage(self, answer: Answer) -> dict[str, int] | None:
        """Tokens of what was sent and of what was answered; what the model read and wrote in between is not in it."""
        sent = [self._assistant.count_tokens(text) for text in self._spoken]
        told = self._assistant.count_tokens(answer.text)
        if told is None or any(count is None for count in sent):
            return None
        asked = sum(count for count in sent if count)
        return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def answer_rest(text: str, sent: str) -> str:
    """What of an answer has not been sent yet."""
    if not text.startswith(sent):
        raise ValueError("an answer begins with the sentences that were told before it")
    return text[len(sent) :]


def _respond(_: Request, error: Exception) -> Response:
    told, param, code = _told(error)
    return JSONResponse({"error": _error(told, param, code)}, told.status, told.headers)


def _told(error: Exception) -> tuple[Failure, str | None, str | None]:
    match error:
        case UnsupportedError():
            return Failure(400, str(error)), error.param, "unsupported_parameter"
        case UnknownModelError():
            return Failure(404, str(error)), "model", "model_not_found"
        case UsageError():
            return Failure(400, str(error)), "messages", None
        case RequestValidationError():
            return Failure(400, failure(error).detail), _place(error), None
    return failure(error), None, None


def _place(error: RequestValidationError) -> str | None:
    place = [str(part) for part in error.errors()[0]["loc"][1:]]
    return ".".join(place) or None


def _error(told: Failure, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    return {"message": told.detail, "type": _TYPES.get(told.status, "server_error"), "param": param, "code": code}


def _failed(told: Failure) -> bytes:
    return format_sse_event(data_str=json.dumps({"error": _error(told)}))
