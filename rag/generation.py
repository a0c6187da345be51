"""Tokens out of a local GGUF model; the one module that imports llama_cpp.

One model, one answer at a time: callers wait their turn in the order they came. The prompt's fixed beginning stays in
the model's cache between answers, so only the evidence and the question are read anew. A caller that goes away stops
the model at once, also while it is still reading the prompt (llama.cpp's abort callback).
"""

import contextlib
import ctypes
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import Cancelled, ModelError
from index.threads import wait_passively
from rag.layers import Span, listening, spans_of
from rag.own_thread import OwnThread
from rag.probe import Glance, Vector, Verdict, known_probes

BATCH_TOKENS = 256
"""Prompt tokens read in one step; larger steps are no faster on two cores and use more memory."""


HEARTBEAT = 0.5
"""Seconds after which a waiting caller is told its place again, so that one who went away is noticed."""


@dataclass(frozen=True)
class Prompt:
    """What the model is asked: `system` never changes between questions, so its cache is kept; `user` is data."""

    system: str
    user: str


class PromptTooLongError(ModelError):
    """A prompt leaves the model no room for an answer."""


class Generator(Protocol):
    """Anything that continues a prompt; text arrives in pieces. `note` says that it cannot be asked now, else ""."""

    @property
    def name(self) -> str: ...
    @property
    def note(self) -> str: ...

    def generate(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]: ...

    def odds(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Verdict | None: ...

    def glance(
        self, prompt: Prompt, parts: Sequence[str], behind: str, cancelled: Callable[[], bool]
    ) -> Glance | None: ...

    def warm(self, system: str) -> None: ...


class TurnQueue:
    """Lets so many callers in at a time, one unless told otherwise, in the order they came."""

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._condition = threading.Condition()
        self._tickets: deque[object] = deque()

    @contextlib.contextmanager
    def ticket(self) -> Iterator[Iterator[int]]:
        """A place in the queue. Iterating what it gives waits: it tells how many are ahead and ends at our turn."""
        ticket = object()
        with self._condition:
            self._tickets.append(ticket)
        try:
            yield self._places(ticket)
        finally:
            with self._condition:
                self._tickets.remove(ticket)
                self._condition.notify_all()

    def _places(self, ticket: object) -> Iterator[int]:
        while True:
            with self._condition:
                ahead = self._tickets.index(ticket) + 1 - self._at_once
            if ahead <= 0:
                return
            yield ahead
            with self._condition:
                self._condition.wait_for(lambda: self._tickets.index(ticket) < self._at_once, timeout=HEARTBEAT)


class LocalGenerator:
    """A GGUF model in this process, through llama.cpp; deterministic (greedy)."""

    note = ""

    def __init__(self, name: str, path: Path, context_tokens: int, threads: int = 0) -> None:
        wait_passively()
        from llama_cpp import Llama, llama_cpp

        self.name = name
        self._library = llama_cpp
        self._cancelled: Callable[[], bool] = _never
        self._thread = OwnThread("llama")
        count = threads or physical_cores()
        try:
            self._llm = Llama(
                model_path=str(path), n_ctx=context_tokens, n_batch=BATCH_TOKENS, n_threads=count,
                n_threads_batch=count, verbose=False,
            )  # fmt: skip
        except (ValueError, OSError) as error:
            raise ModelError(f"{path} could not be loaded as a model: {error}") from error
        self._probes = known_probes(name)
        self._layers = self._thread.run(listening, self._llm, name, llama_cpp) if self._probes else None
        # The callback object must outlive the context that calls it.
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._cancelled())
        llama_cpp.llama_set_abort_callback(self._llm.ctx, self._abort, ctypes.c_void_p())
        self._frame, self._signs = _frame(self._llm), signs(_vocabulary(self._llm))
        self._yes_no = [[self._first_token(word) for word in words] for words in (("Yes", "yes"), ("No", "no"))]

    def generate(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        """The greedy continuation of the prompt in pieces of text; Cancelled as soon as `cancelled()` is true."""
        yield from self._complete(prompt, max_tokens, cancelled)

    def odds(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Verdict:
        """The natural logarithm of the odds that the model would say "Yes" rather than "No", and what it holds then."""
        from llama_cpp import LogitsProcessorList

        said: list[float] = []

        def look(_: Any, scores: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: ANN401 - token ids
            yes, no = (np.logaddexp.reduce(scores[tokens].astype(np.float64)) for tokens in self._yes_no)
            said.append(float(yes - no))
            return scores

        states: dict[int, Vector] = {}
        pair = self._probes.judge if self._probes and self._layers else ()
        if pair:  # Of a prompt that is known to its end nothing would be read, and nothing heard.
            self._llm.n_tokens = min(self._llm.n_tokens, len(self._tokens(prompt)) - 1)
        layers = {probe.layer for probe in pair}
        with self._layers.states(layers, states) if self._layers and layers else contextlib.nullcontext():
            for _ in self._complete(prompt, 1, cancelled, logits_processor=LogitsProcessorList([look])):
                pass
        return Verdict(said[0], self._probes.judge.read(states) if self._probes else None)

    def glance(self, prompt: Prompt, parts: Sequence[str], behind: str, cancelled: Callable[[], bool]) -> Glance | None:
        """What the model holds of each of `parts`, which stand in the user's words a space between and with `behind`
        after them, about what is asked ahead of them, and what at the end; None where that cannot be told.

        Only the layers up to the last that is listened to are computed: it takes two thirds of the time of reading.
        """
        if not self._probes or not self._layers:
            return None
        tokens, (sentence, text, _) = self._tokens(prompt), self._probes
        self._room(tokens)
        spans = self.spans(prompt, tokens, parts, behind)
        if not spans:
            return None
        with self._heard(cancelled):
            layers = {probe.layer for probe in (*sentence, *text)}
            means = self._thread.run(self._layers.means, layers, spans, tokens)
        *each, end = [{layer: found[place] for layer, found in means.items()} for place in range(len(spans))]
        told, whole = [held for states in each if (held := sentence.read(states))], text.read(end)
        return Glance(told, whole) if whole and len(told) == len(parts) else None

    def spans(self, prompt: Prompt, tokens: Sequence[int], parts: Sequence[str], behind: str) -> list[Span]:
        """The tokens of each of the parts that stand in the user's words a space between, with `behind` after them, and
        the last token of all; none where the tokens are not the prompt's own bytes."""
        before, between, after = self._frame
        lengths = [len(self._llm.detokenize([token], special=True)) for token in tokens]
        texts = (before + prompt.system + between + prompt.user, after, " ".join(parts) + behind)
        ahead, rest, told = (len(text.encode("utf-8", "replace")) for text in texts)
        end = (len(tokens) - 1, len(tokens))
        return [*spans_of(parts, ahead - told, lengths), end] if sum(lengths) == ahead + rest else []

    def _complete(
        self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool], **options: object
    ) -> Iterator[str]:
        tokens = self._tokens(prompt)
        room = self._room(tokens)
        with self._heard(cancelled):
            pieces = self._llm.create_completion(
                tokens, max_tokens=min(max_tokens, room), temperature=0.0, stream=True, **options
            )
            for piece in self._thread.each(pieces):
                if cancelled():
                    raise Cancelled("the caller went away while the model was writing")
                yield piece["choices"][0]["text"]

    def _room(self, tokens: Sequence[int]) -> int:
        """The tokens that the model's context holds beside a prompt; PromptTooLongError where it holds none."""
        room = self._llm.n_ctx() - len(tokens)
        if room < 1:
            raise PromptTooLongError(
                f"the prompt has {len(tokens)} tokens, the model's context holds {self._llm.n_ctx()}"
            )
        return int(room)

    @contextlib.contextmanager
    def _heard(self, cancelled: Callable[[], bool]) -> Iterator[None]:
        """The model stops once `cancelled()` is true; Cancelled then, and ModelError where it stops by itself."""
        self._cancelled = cancelled
        try:
            yield
        except RuntimeError as error:
            self._llm.reset()
            if cancelled():
                raise Cancelled("the caller went away while the model was reading") from error
            raise ModelError(f"the model {self.name} stopped: {error}") from error
        except KeyboardInterrupt:
            self._cancelled = lambda: True
            self._thread.run(self._llm.reset)  # Once the step has ended that it was interrupted in.
            raise
        finally:
            self._cancelled = _never

    def warm(self, system: str) -> None:
        """Read the fixed beginning of every prompt once, so that the first question need not wait for it."""
        for _ in self.generate(Prompt(system, ""), 1, _never):
            pass

    def count_tokens(self, text: str) -> int:
        """How many tokens a text costs in a prompt."""
        return len(self._llm.tokenize(text.encode("utf-8"), add_bos=False, special=False))

    def _first_token(self, word: str) -> int:
        token: int = self._llm.tokenize(word.encode(), add_bos=False, special=False)[0]
        return token

    def _tokens(self, prompt: Prompt) -> list[int]:
        """The chat template's own tokens around texts in which nothing is ever read as a special token."""
        before, between, after = self._frame
        pieces = [
            (before, True),
            *self._plain(prompt.system),
            (between, True),
            *self._plain(prompt.user),
            (after, True),
        ]
        return [
            token
            for text, special in pieces
            for token in self._llm.tokenize(text.encode("utf-8", "replace"), add_bos=False, special=special)
        ]

    def _plain(self, text: str) -> list[tuple[str, bool]]:
        """A text in pieces none of which holds a sign of the model: llama.cpp reads some of them from any text."""
        cuts = [found.start() + 1 for found in self._signs.finditer(text)] if self._signs else []
        return [(text[start:end], False) for start, end in pairwise([0, *cuts, len(text)])]


def physical_cores() -> int:
    """Cores this process may use; llama.cpp gains nothing from more threads than that."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _frame(llm: Any) -> tuple[str, str, str]:  # noqa: ANN401 - llama_cpp ships no usable types
    """The model's own chat template, as the text before the system words, between them and the user's, and after."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = llm.metadata.get("tokenizer.chat_template")
    if not template:
        return "", "\n\n", "\n"
    words = {name: llm.detokenize([token], special=True).decode() if token >= 0 else "" for name, token in (
        ("eos", llm.token_eos()), ("bos", llm.token_bos()))}  # fmt: skip
    formatter = Jinja2ChatFormatter(template=template, eos_token=words["eos"], bos_token=words["bos"])
    messages = [{"role": "system", "content": "\x01"}, {"role": "user", "content": "\x02"}]
    rendered: str = formatter(messages=messages).prompt
    before, rest = rendered.split("\x01", 1)
    between, after = rest.split("\x02", 1)
    return before, between, after


def signs(words: Iterable[str]) -> re.Pattern[str] | None:
    """Where a sign of the model begins: one that is more than a letter or white space, which text is full of."""
    known = sorted({word for word in words if len(word.strip()) > 1}, key=len, reverse=True)
    return re.compile(f"(?={'|'.join(map(re.escape, known))})") if known else None


def _vocabulary(llm: Any) -> Iterator[str]:  # noqa: ANN401 - llama_cpp ships no usable types
    """The tokens that the model's vocabulary sets apart from those of text."""
    from llama_cpp import llama_cpp

    vocabulary = llm._model.vocab
    apart = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
    for token in range(llm.n_vocab()):
        if llama_cpp.llama_vocab_get_attr(vocabulary, token) & apart:
            yield llama_cpp.llama_vocab_get_text(vocabulary, token).decode("utf-8", "replace")


def _never() -> bool:
    return False
