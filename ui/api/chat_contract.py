"""The part of OpenAI's chat completions that is understood, and what is said of the rest."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index.errors import CommuniqueError
from rag.answers import Answer
from ui.api.contract import Day
from ui.api.desk import Asked
from ui.markup import web_host

MODEL = "communique"
"""The one model there is: the whole program, whatever words its sentences."""

MOST_MESSAGES = 200
LONGEST_MESSAGE = 100_000

_HARMLESS = {"n": (None, 1), "tool_choice": (None, "none", "auto"), "function_call": (None, "none", "auto")}
_UNSUPPORTED = {
    "n": "one answer is given to a question; leave `n` out",
    "tools": "tools are not called; leave `tools` out",
    "functions": "functions are not called; leave `functions` out",
    "tool_choice": "tools are not called; leave `tool_choice` out",
    "function_call": "functions are not called; leave `function_call` out",
    "response_format": "answers are text; leave `response_format` out",
    "modalities": "answers are text; leave `modalities` out",
    "audio": "answers are text; leave `audio` out",
    "logprobs": "there are no log probabilities of a verified sentence; leave `logprobs` out",
    "top_logprobs": "there are no log probabilities of a verified sentence; leave `top_logprobs` out",
}


class UnsupportedError(CommuniqueError):
    """Something of OpenAI's interface that a caller asked for is not there; `param` is what asked for it."""

    def __init__(self, message: str, param: str) -> None:
        super().__init__(message)
        self.param = param


class UnknownModelError(CommuniqueError):
    """A model was named that there is not."""


Words = Annotated[str, StringConstraints(max_length=LONGEST_MESSAGE)]


class MessagePart(BaseModel):
    """A part of a message; only those of text are understood."""

    type: str
    text: Words | None = None
    refusal: Words | None = None


class Message(BaseModel):
    """A message; its text may come in parts."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Words | list[MessagePart] | None = None

    def text(self) -> str:
        """The words of the message; UnsupportedError where a part of it is no text."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        words = []
        for part in self.content:
            said = {"text": part.text, "refusal": part.refusal}.get(part.type)
            if said is None:
                raise UnsupportedError("messages are text; send parts of the type `text` only", "messages")
            words.append(said)
        return "\n".join(words)


class StreamOptions(BaseModel):
    """What else a stream tells."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A request for a completion. `temperature`, `max_tokens`, `seed` and the like are taken and change nothing."""

    model_config = ConfigDict(extra="allow")

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    since: Day = Field(default=None, description="Not OpenAI's: the first day that counts.")
    until: Day = Field(default=None, description="Not OpenAI's: the last day that counts.")
    now: Day = Field(default=None, description="Not OpenAI's: the day “today” is.")

    def asked(self) -> Asked:
        """The question: the last message, with the turns before it.

        Messages of the system and of developers change nothing: what is answered, and how, is not theirs to say.
        Raises UnknownModelError and UnsupportedError.
        """
        self._check()
        said = [message for message in self.messages if message.role not in ("system", "developer")]
        if not said or said[-1].role != "user":
            raise UnsupportedError("the last message is the question; its role is `user`", "messages")
        if any(message.role in ("tool", "function") for message in said):
            raise UnsupportedError("tools are not called; leave their messages out", "messages")
        history = [{"role": message.role, "content": message.text()} for message in said[:-1]]
        return Asked(said[-1].text(), [turn for turn in history if turn["content"]], self.since, self.until, self.now)

    def _check(self) -> None:
        if self.model != MODEL:
            raise UnknownModelError(f"there is no model `{self.model[:100]}`; the one there is is `{MODEL}`")
        for name, why in _UNSUPPORTED.items():
            wanted = (self.model_extra or {}).get(name)
            if name == "response_format" and isinstance(wanted, dict) and wanted.get("type") == "text":
                continue
            if name == "modalities" and wanted == ["text"]:
                continue
            if wanted and wanted not in _HARMLESS.get(name, ()):
                raise UnsupportedError(why, name)


class ErrorDetail(BaseModel):
    """What went wrong, and which part of the request is at fault, where one is."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """An error as OpenAI tells one."""

    error: ErrorDetail


def annotations(answer: Answer) -> list[dict[str, Any]]:
    """A citation of a page of the web for each marker in `answer.text`; the slice of their indices is the marker.

    Indices are code points. A release without an address, or with one that a reader could not trust, has none.
    """
    cited = {citation.marker: citation for citation in answer.citations if web_host(citation.url)}
    found, place = [], 0
    for sentence in answer.sentences:
        place += len(sentence.text)
        for marker in sentence.citations:
            end = place + len(f" [{marker}]")
            if marker in cited:
                page = {"url": cited[marker].url, "title": cited[marker].title, "start_index": place + 1}
                found.append({"type": "url_citation", "url_citation": {**page, "end_index": end}})
            place = end
        place += 1
    return found


def extras(answer: Answer) -> dict[str, Any]:
    """What a message tells beside its words: OpenAI's annotations, and fields of our own for the rest."""
    whole = answer.to_dict()
    own = {name: whole[name] for name in ("citations", "refused", "reason", "conflict", "window", "confidence")}
    return {"annotations": annotations(answer), **own}
