"""The HTTP API under /api/v1: questions, releases, status; described by its own openapi.json and docs page."""

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline

from index.errors import UsageError
from rag.answers import Answer, Event, Progress, SentenceReady
from rag.request import LONGEST_QUESTION, question_fault
from ui.api import contract
from ui.api.contract import Day, ReleasePage, Status, WholeRelease, told_day
from ui.api.desk import Asked, Desk
from ui.api.problems import Failure, GuardedRoute, handle_errors, problem, problem_response, withdrawn
from ui.api.streaming import event_stream
from ui.page.ports import Assistant

MOST_RELEASES = 100
FURTHEST = 1_000_000_000

_ABOUT = """\
Ask a folder of press releases. Every stated sentence of an answer leads to the sentence of a release it rests on; what
the releases do not hold is refused. Errors are `application/problem+json`, whose `detail` names the next step. One
model answers one question at a time: others wait in order. 503 with `Retry-After` says that too many wait already,
429 that too many came from one client.
"""


def _problems(**whys: str) -> dict[int | str, dict[str, Any]]:
    """The failures of a route for its description, by status."""
    content = {"application/problem+json": {"schema": contract.Problem.model_json_schema()}}
    return {status.removeprefix("e"): {"description": why, "content": content} for status, why in whys.items()}


_WRONG = _problems(e422="The question, a day or another field is wrong.")
_BUSY = _problems(
    e429="Too many questions came from one client.",
    e503="Too many wait already, the time is up, or the index or the model cannot be read.",
    default="Anything else, in the same form.",
)
_NO_RELEASE = _problems(e404="There is no such release.", e410="The release was withdrawn.")
_STREAM = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "description": "Each event: its name, and as data one line of JSON.",
            "properties": {
                "event": {"enum": ["progress", "sentence", "answer", "error"]},
                "data": {"type": "string", "contentMediaType": "application/json"},
            },
            "required": ["event", "data"],
        }
    }
}


def application(assistant: Assistant, desk: Desk) -> FastAPI:
    """The application to be mounted under /api/v1."""
    app = FastAPIOffline(
        title="Communiqué",
        version=version("communique"),
        description=_ABOUT,
        redoc_url=None,
        static_url="/docs/files",
        # Swagger UI would have its badge drawn by another host.
        swagger_ui_parameters={"validatorUrl": None},
    )
    handle_errors(app, problem_response)
    app.include_router(Service(assistant, desk).router)
    return app


class Service:
    """The routes of one assistant."""

    def __init__(self, assistant: Assistant, desk: Desk) -> None:
        self._assistant, self._desk = assistant, desk
        self.router = APIRouter(route_class=GuardedRoute)
        add = self.router.add_api_route
        add(
            "/answers",
            self.ask,
            methods=["POST"],
            response_model=contract.Answer,
            responses={
                200: {"content": _STREAM, "description": "The answer, or its events: progress, sentence, answer."},
                **_WRONG,
                **_BUSY,
            },
        )
        add("/releases", self.find, methods=["GET"], responses={**_WRONG, **_BUSY})
        add(
            "/releases/{release_id:path}",
            self.read,
            methods=["GET"],
            response_model=WholeRelease,
            responses={**_NO_RELEASE, **_BUSY},
        )
        add("/status", self.status, methods=["GET"], responses=_BUSY)

    async def ask(self, question: contract.Question, request: Request) -> Response:
        """Answer a question from the releases.

        With `stream`, or where `text/event-stream` is accepted, server-sent events: `progress`, `sentence` for each
        sentence once it is verified, last `answer` with the whole answer, or `error` with a problem.
        """
        history = [turn.model_dump() for turn in question.history]
        asked = Asked(question.question, history, question.since, question.until, question.now)
        if question.stream or "text/event-stream" in request.headers.get("accept", ""):
            return await event_stream(self._desk.follow(asked), Writer().written, _failed)
        answer = await self._desk.answer(asked, request.is_disconnected)
        body = contract.Answer.model_validate(answer.to_dict()).model_dump(mode="json")
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    def find(
        self,
        q: Annotated[
            str, Query(max_length=LONGEST_QUESTION, description="What to look for; without it all are listed.")
        ] = "",
        since: Annotated[Day, Query(description="First day, inclusive.")] = None,
        until: Annotated[Day, Query(description="Last day, inclusive.")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_RELEASES, description="The most to be sent.")] = 20,
        offset: Annotated[int, Query(ge=0, le=FURTHEST, description="How many to leave out.")] = 0,
    ) -> ReleasePage:
        """Search the releases, best first; or list them, the newest first."""
        if q and (fault := question_fault(q)):
            raise UsageError(fault.replace("The question", "q"))
        if since and until and since > until:
            raise UsageError(f"since ({since}) lies after until ({until}); swap them")
        shelf = self._assistant.releases
        page = shelf.search(q, since, until, limit, offset) if q else shelf.listed(since, until, limit, offset)
        return ReleasePage.of(page)

    def read(self, release_id: str) -> Response:
        """A release, whole, by its id; one that was renamed is found by its old id too."""
        release = self._assistant.release(release_id)
        if release is None:
            return self._missing(release_id)
        whole = WholeRelease.of(release, self._assistant.releases.sentences(release))
        return JSONResponse(whole.model_dump(mode="json"))

    def status(self) -> Status:
        """What is answered from, and by what."""
        held = self._assistant.coverage()
        return Status(
            releases=held.releases,
            since=told_day(held.since),
            until=told_day(held.until),
            snapshot=held.snapshot,
            built=held.built,
            model=held.model,
            note=held.note,
            under_way=self._desk.under_way,
            version=version("communique"),
        )

    def _missing(self, release_id: str) -> Response:
        gone = self._assistant.withdrawal(release_id)
        if gone is None:
            return problem_response(Failure(404, "There is no release with this id; /api/v1/releases lists them."))
        return problem_response(
            Failure(410, withdrawn(gone)), release_id=gone.id, date=told_day(gone.date), url=gone.url
        )


class Writer:
    """The events of one answer on the wire; a stage is told once."""

    def __init__(self) -> None:
        self._stage: tuple[str, int] | None = None

    def written(self, event: Event) -> bytes:
        """An event as it is sent, empty where it tells nothing new."""
        match event:
            case Progress():
                stage = (event.stage, event.ahead)
                if stage == self._stage:
                    return b""
                self._stage = stage
                return contract.event_bytes("progress", contract.ProgressEvent.of(event))
            case SentenceReady():
                return contract.event_bytes("sentence", contract.SentenceEvent.of(event))
            case Answer():
                return contract.event_bytes("answer", contract.Answer.model_validate(event.to_dict()))


def _failed(told: Failure) -> bytes:
    return contract.event_bytes("error", problem(told))
