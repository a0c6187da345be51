"""What goes in and out of the HTTP API, as pydantic models: they check, and the OpenAPI page is made of them.

The answer is `Answer.to_dict()`, field by field; a test holds the two together.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi.sse import format_sse_event
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

from index.release import Release, Sentence
from rag.answers import Progress, Reason, SentenceKind, SentenceReady
from rag.releases import Found, Listing
from rag.request import LONGEST_QUESTION

MOST_TURNS = 100
LONGEST_TURN = 20_000
"""Characters of an earlier turn; of a longer one nothing would be read anyway."""

_LONE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso_day(value: object) -> date | None:
    """The day of a text YYYY-MM-DD; ValueError for any other."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[
    date | None,
    BeforeValidator(iso_day),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date", "examples": ["2024-03-07"]}, {"type": "null"}]}),
]


def sendable(text: str) -> str:
    """A text in which lone surrogates, which no UTF-8 holds, are replaced one for one, so that spans still fit."""
    return _LONE.sub("\ufffd", text)


Words = Annotated[str, AfterValidator(sendable)]

Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=LONGEST_QUESTION)]


class Body(BaseModel):
    """What a caller sends: unknown fields are refused, so that a slip of the pen is no silent wish."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What a caller is told: these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class HistoryTurn(Body):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, StringConstraints(strict=True, max_length=LONGEST_TURN)]


TURNS = TypeAdapter(Annotated[list[HistoryTurn], Field(max_length=MOST_TURNS)])


class Question(Body):
    """A question; everything else may be left out."""

    question: Annotated[Text, Field(description="What is asked, in English, Russian or Kazakh.")]
    history: list[HistoryTurn] = Field(
        default=[], max_length=MOST_TURNS, description="Earlier turns, the oldest first; a follow-up is read with them."
    )
    since: Day = Field(default=None, description="First day that counts, inclusive; overrides the question's words.")
    until: Day = Field(default=None, description="Last day that counts, inclusive; overrides the question's words.")
    now: Day = Field(default=None, description="The day “today” and “last month” are counted from; hides nothing.")
    stream: StrictBool = Field(
        default=False, description="Send the sentences as they are verified (server-sent events)."
    )


class AnswerSentence(Told):
    """A sentence: `stated` rests on releases, `notice` is the program's own, computed and never generated."""

    text: Words
    kind: SentenceKind
    citations: list[int] = Field(description="Markers of the citations it rests on.")


class Citation(Told):
    """A sentence of a release: `quote` is the slice [start, end) of its stored text, in Unicode code points."""

    marker: int
    release_id: Words
    title: Words
    date: str | None
    url: Words
    quote: Words
    start: int
    end: int


class Window(Told):
    """The days that counted, inclusive, null where open; `words` are the question's words that said so."""

    since: str | None
    until: str | None
    latest: bool
    words: str


class Timings(Told):
    """Seconds since the question arrived; `first_sentence` is null where none was stated."""

    search: float
    first_sentence: float | None
    total: float


class NearRelease(Told):
    """A release worth a look."""

    release_id: Words
    title: Words
    date: str | None
    url: Words


class Answer(Told):
    """What was answered and what it rests on; a refusal is an answer too, with `refused` and a `reason`."""

    question: Words
    standalone_question: Words = Field(description="The question as it was read with the turns before it.")
    text: Words = Field(description="The whole answer with its markers: “… [1]”.")
    sentences: list[AnswerSentence]
    citations: list[Citation]
    refused: bool
    reason: Reason | None
    conflict: bool = Field(description="Whether releases differ on what was asked.")
    window: Window
    confidence: float = Field(description="The probability that the answer is right, 0 to 1.")
    model: str
    snapshot: str = Field(description="The version of the index it was answered from.")
    timings: Timings
    nearest: list[NearRelease] = Field(description="Releases worth a look beside it.")
    matches: list[NearRelease] = Field(description="The newest releases behind a count.")


class SentenceEvent(AnswerSentence):
    """A verified sentence as it is shown, with the citations that appear in it for the first time."""

    new_citations: list[Citation]

    @classmethod
    def of(cls, ready: SentenceReady) -> "SentenceEvent":
        """A sentence as it is sent."""
        said = ready.sentence
        new = [Citation.model_validate({**vars(cited), "date": told_day(cited.date)}) for cited in ready.citations]
        return cls(text=said.text, kind=said.kind, citations=list(said.citations), new_citations=new)


class ProgressEvent(Told):
    """A stage began: searching, reading, writing, or waiting behind `ahead` others.

    `found` is a quotation that is likely to answer, to be read until the first sentence; no part of the answer.
    """

    stage: str
    seconds: float
    ahead: int
    found: SentenceEvent | None = None

    @classmethod
    def of(cls, progress: Progress) -> "ProgressEvent":
        """A stage as it is told."""
        found = SentenceEvent.of(progress.found) if progress.found else None
        return cls(stage=progress.stage, seconds=round(progress.seconds, 4), ahead=progress.ahead, found=found)


class Span(Told):
    """The slice [start, end) of a release's text, in Unicode code points."""

    start: int
    end: int


class Passage(Span):
    """The passage of a release that fits a query best."""

    text: Words


class ReleaseHead(Told):
    """A release in a list; `language` is an ISO 639-1 code or `und`."""

    id: Words
    title: Words
    date: str | None
    language: str
    url: Words


class FoundRelease(ReleaseHead):
    """A release in a list; `score` (0 to 1) and `passage` where it was searched for."""

    score: float | None
    passage: Passage | None

    @classmethod
    def of(cls, found: Found) -> "FoundRelease":
        """A release that was found, as it is sent."""
        passage = Passage(**vars(found.passage)) if found.passage else None
        score = None if found.score is None else round(found.score, 4)
        return cls(**_head(found.release), score=score, passage=passage)


class ReleasePage(Told):
    """Releases and where to go on: ask again with `offset` = `next` while that is not null."""

    releases: list[FoundRelease]
    total: int | None = Field(description="How many there are; null for a search.")
    next: int | None
    snapshot: str

    @classmethod
    def of(cls, page: Listing) -> "ReleasePage":
        """A part of what was found, as it is sent."""
        found = [FoundRelease.of(item) for item in page.found]
        return cls(releases=found, total=page.total, next=page.next, snapshot=page.snapshot)


class WholeRelease(ReleaseHead):
    """A release with its stored text and the sentences it is cut into."""

    text: Words
    sentences: list[Span]

    @classmethod
    def of(cls, release: Release, sentences: Sequence[Sentence]) -> "WholeRelease":
        """A release as it is sent."""
        spans = [Span(start=part.start, end=part.end) for part in sentences]
        return cls(**_head(release), text=release.text, sentences=spans)


class Status(Told):
    """What is answered from, and by what."""

    releases: int
    since: str | None = Field(description="The first day a release was published.")
    until: str | None = Field(description="The last day a release was published.")
    snapshot: str
    built: str = Field(description="When the index was built, in ISO form.")
    model: str = Field(description="Empty where answers are quotations alone.")
    note: str = Field(description="What is to be known about the model, or empty.")
    under_way: int = Field(description="Questions of programs being answered or waiting.")
    version: str


class Problem(BaseModel):
    """What went wrong (RFC 9457): `detail` is written for the person reading and names the next step."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    model_config = ConfigDict(extra="allow")


def told_day(day: date | None) -> str | None:
    """A day as it is sent."""
    return day.isoformat() if day else None


def _head(release: Release) -> dict[str, Any]:
    day = told_day(release.date)
    return {"id": release.id, "title": release.title, "date": day, "language": release.language, "url": release.url}


def event_bytes(name: str, told: BaseModel) -> bytes:
    """A server-sent event whose data is one line of JSON."""
    return format_sse_event(data_str=told.model_dump_json(), event=name)
