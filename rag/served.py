"""A model behind a server that speaks OpenAI's protocol: llama.cpp's own, vLLM, Ollama.

Asked through `/chat/completions`, so that the server puts the model's own template around the words. The odds of Yes
against No come from the log probabilities of the first token; a server that gives none leaves the question to the
features of the evidence, and the log says so when it is opened.
"""

import contextlib
import logging
import math
from collections.abc import Callable, Iterator, Sequence

from index.errors import ModelError
from rag.generation import Prompt
from rag.model_server import Json, ModelServer, ServerError
from rag.model_signs import without_signs
from rag.probe import Glance, Verdict

_LOG = logging.getLogger(__name__)

SEEN = 20
"""First tokens whose probabilities are asked for, the most that vLLM and Ollama give."""

UNREACHED = "The model's server does not answer: until it does, answers are quotations. `communique doctor` tells why."
NO_ODDS = (
    "The model's server gives no log probabilities, so the model has no say in whether a question can be answered: "
    "answers are less sure. docs/scaling.md tells which servers do."
)


class ServedGenerator:
    """A model behind a server; deterministic as far as the server is (temperature 0). Safe to share between threads."""

    def __init__(self, server: ModelServer, model: str = "") -> None:
        self._server, self._model = server, model
        self._has_odds = self._is_reached = True

    @property
    def name(self) -> str:
        """The model's name at the server, without the folders of a path; "" until it is known."""
        return self._model.rpartition("/")[2] if self._model.startswith(("/", ".")) else self._model

    @property
    def note(self) -> str:
        """That the server could not be asked the last time, "" where it could."""
        return "" if self._is_reached else UNREACHED

    def generate(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        """The likeliest continuation of the prompt in pieces of text; Cancelled as soon as `cancelled()` is true."""
        with self._heard():
            body = self._body(prompt, max_tokens, cancelled) | {"stream": True}
            has_ended = False
            for piece in self._server.stream("/chat/completions", body, cancelled):
                for choice in piece.get("choices") or ():
                    has_ended = has_ended or bool(choice.get("finish_reason"))
                    yield (choice.get("delta") or {}).get("content") or ""
            if not has_ended:
                raise ServerError("The model's server ended an answer without its end.")

    def odds(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Verdict | None:
        """The natural logarithm of the odds that the model would go on with "Yes" rather than "No".

        None where the server gives no probabilities, or neither word is among the likeliest.
        """
        with self._heard():
            body = self._body(prompt, 1, cancelled) | {"logprobs": True, "top_logprobs": SEEN}
            reply = self._server.ask("/chat/completions", body, cancelled)
            seen = likeliest(reply)
            self._has_odds = bool(seen)
            said = odds(seen)
            return None if said is None else Verdict(said)

    def glance(self, prompt: Prompt, parts: Sequence[str], behind: str, cancelled: Callable[[], bool]) -> Glance | None:
        """No server tells what its model holds."""
        return None

    def warm(self, system: str) -> None:
        """Have the server read the beginning of every prompt, and see what it can do; one that is down is noted."""
        try:
            self.odds(Prompt(system, "Reply Yes or No."), _never)
        except ModelError as error:
            _LOG.warning("%s", error)
        if not self._has_odds:
            _LOG.warning(NO_ODDS)

    def examine(self) -> str:
        """What works, in a line. Raises ServerError for what does not."""
        self.odds(Prompt("Reply Yes or No.", "Is water wet?"), _never)
        return f"{self.name} at {self._server.access.base}{', without log probabilities' if not self._has_odds else ''}"

    def close(self) -> None:
        """End the connections to the server; the next question makes new ones."""
        self._server.close()

    def _body(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Json:
        self._model = self._model or self._found(cancelled)
        # A lone half of a character cannot be sent as UTF-8.
        user = without_signs(prompt.user).encode("utf-8", "replace").decode()
        messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": user}]
        return {"model": self._model, "messages": messages, "max_tokens": max_tokens, "temperature": 0, "seed": 0}

    def _found(self, cancelled: Callable[[], bool]) -> str:
        """The first model that the server names."""
        rows = self._server.ask("/models", None, cancelled).get("data") or []
        names = [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")]
        if not names:
            raise ServerError(f"The server {self._server.access.base} names no model; set model.server_model.")
        return names[0]

    @contextlib.contextmanager
    def _heard(self) -> Iterator[None]:
        """Whether the server answered is kept for the note."""
        try:
            yield
        except ServerError:
            self._is_reached = False
            raise
        self._is_reached = True


def likeliest(reply: Json) -> dict[str, float]:
    """The likeliest first tokens of a reply with their log probabilities; none where it gives none."""
    found: dict[str, float] = {}
    for choice in reply.get("choices") or ():
        first = ((choice.get("logprobs") or {}).get("content") or [{}])[0]
        for row in first.get("top_logprobs") or ():
            found[str(row["token"])] = float(row["logprob"])
    return found


def odds(seen: dict[str, float]) -> float | None:
    """The log-odds of Yes against No. A word that is not among the tokens seen is at most as likely as the last one."""
    likely = {word: [value for token, value in seen.items() if token.strip().lower() == word] for word in ("yes", "no")}
    if not any(likely.values()):
        return None
    least = min(seen.values())
    yes, no = (math.log(sum(map(math.exp, values))) if values else least for values in likely.values())
    return yes - no


def _never() -> bool:
    return False
