"""Where a language model looks in a text while it reads a question behind it, and what one of its layers hands on.

Some heads of a transformer retrieve: from the words of a question they look at the words that answer it, also where the
two have none in common (Wu et al. 2024, "Retrieval Head Mechanistically Explains Long-Context Factuality"; Chen et al.
2024, "Attention in Large Language Models Yields Efficient Zero-Shot Re-Rankers"). What a head looks at is known when
the question has been read, so it costs no reading of its own. `attention.json` names the heads of the models we know.

What a layer hands on (`rag.probe`) is taken in the same way.

The attention is taken where llama.cpp computes it, by the callback of its scheduler. llama-cpp-python has no word for
that yet, so the context is made anew with it, and tried once: a build that computes attention otherwise goes unheard.
"""

import contextlib
import ctypes
import json
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.probe import Vector

_LOG = logging.getLogger(__name__)

LEAST = 1e-5
"""Share of a head's attention below which it looks elsewhere: keeps the logarithm finite."""

Head = tuple[int, int]
"""A layer, and a head in it."""

Span = tuple[int, int]
"""Places [start, end) of tokens in the prompt."""

_SHAPE = 16
"""Bytes before the four lengths of a ggml tensor: its type, padded, and the address of its buffer."""

_NAME = "kq_soft_max-{}"
"""What llama.cpp calls the attention of a layer, (heads, tokens read, tokens looked at) in float32."""

_STATE = "l_out-{}"
"""What it calls the vectors that a layer hands on, (tokens read, width of the model) in float32."""


class Attention:
    """Listens to the heads of one model, and to one of its layers; made by `listening`."""

    def __init__(self, llm: Any, heads: Sequence[Head], library: Any) -> None:  # noqa: ANN401 - they have no usable types
        self._llm, self._base = llm, _ggml(library)
        self._takers: dict[bytes, Callable[[int], None]] = {}
        self._heads, self._is_wrong = tuple(heads), False
        self._sums: dict[Head, NDArray[np.float64]] = {}
        # The callback object must outlive the context that calls it.
        self._look = library.ggml_backend_sched_eval_callback(self._looked)
        llm.context_params.cb_eval = self._look
        made, model, closing = type(llm._ctx), llm._model, llm._stack
        llm._ctx.close()
        llm._ctx = made(model=model, params=llm.context_params, verbose=False)
        closing.enter_context(contextlib.closing(llm._ctx))

    def is_heard(self) -> bool:
        """Whether the attention of every head arrives, and is one: all that a token looks at adds up to 1."""
        tokens = self._llm.tokenize(b"one two three four five six", add_bos=False)
        self._llm.reset()
        found = self.to([(0, len(tokens))], tokens)
        self._llm.reset()
        return found is not None and bool(np.allclose(found, 0.0, atol=0.01))

    def to(self, spans: Sequence[Span], tokens: Sequence[int]) -> list[float] | None:
        """How much is looked at each span of what was read before while `tokens` are read: the mean over heads of the
        natural logarithm of the share of a token's attention. None where that cannot be told."""
        shares = self.shares(spans, tokens)
        told: list[float] | None = None if shares is None else np.log(shares + LEAST).mean(axis=0).tolist()
        return told

    def shares(self, spans: Sequence[Span], tokens: Sequence[int]) -> NDArray[np.float64] | None:
        """The share of a token's attention (0 to 1) that goes to each span, by head in their order."""
        self._sums = {head: np.zeros(len(spans)) for head in self._heads}
        layers = {layer for layer, _ in self._heads}
        with self._taking({_NAME.format(layer): partial(self._take, layer, spans) for layer in layers}):
            self._llm.eval(tokens)
        shares = np.stack([self._sums[head] for head in self._heads]) / len(tokens)
        return None if self._is_wrong or not shares.any(axis=1).all() else shares

    @contextlib.contextmanager
    def states(self, layers: Collection[int], found: dict[int, Vector]) -> Iterator[None]:
        """The vector that each layer hands on at the last token of what is read now is put into `found`."""
        with self._taking({_STATE.format(layer): partial(self._hold, layer, found) for layer in layers}):
            yield

    @contextlib.contextmanager
    def _taking(self, takers: Mapping[str, Callable[[int], None]]) -> Iterator[None]:
        """What llama.cpp computes under these names is handed to what takes it."""
        self._is_wrong, self._takers = False, {name.encode(): taker for name, taker in takers.items()}
        try:
            yield
        finally:
            self._takers = {}

    def _looked(self, tensor: int, is_asked: bool, _: Any) -> bool:  # noqa: ANN401 - a pointer of C
        """Called by llama.cpp for each step of its computation: whether it is wanted, and then with its result."""
        take = self._takers.get(self._base.ggml_get_name(tensor)) if self._takers else None
        if is_asked or take is None:
            return take is not None or not is_asked
        try:
            take(tensor)
        except Exception:
            # Nothing may be raised through C.
            _LOG.exception("what the model computes cannot be read")
            self._is_wrong = True
        return True

    def _take(self, layer: int, spans: Sequence[Span], tensor: int) -> None:
        held, read, heads, ones = self._lengths(tensor)
        size = held * read * 4
        if ones != 1 or size * heads != self._base.ggml_nbytes(tensor):
            raise ValueError(f"a tensor of {held} x {read} x {heads} x {ones} is no attention")
        looked = np.empty((read, held), np.float32)
        for head in (head for head in self._heads if head[0] == layer):
            # By the backend: the tensor may lie in the memory of a GPU.
            self._base.ggml_backend_tensor_get(tensor, looked.ctypes.data, head[1] * size, size)
            self._sums[head] += [float(looked[:, start:end].sum()) for start, end in spans]

    def _hold(self, layer: int, found: dict[int, Vector], tensor: int) -> None:
        found.pop(layer, None)  # What an earlier batch left is not of the last token.
        width, read, *ones = self._lengths(tensor)
        if ones != [1, 1] or width * read * 4 != self._base.ggml_nbytes(tensor):
            raise ValueError(f"a tensor of {width} x {read} x {ones} is no state")
        state = np.empty(width, np.float32)
        self._base.ggml_backend_tensor_get(tensor, state.ctypes.data, (read - 1) * width * 4, width * 4)
        found[layer] = state

    @staticmethod
    def _lengths(tensor: int) -> list[int]:
        return list((ctypes.c_int64 * 4).from_address(tensor + _SHAPE))


def listening(llm: Any, name: str, library: Any) -> Attention | None:  # noqa: ANN401 - they have no usable types
    """The attention of a model of that name, which the library runs; None where its heads are not known or heard."""
    heads = _known().get(name)
    if not heads:
        return None
    try:
        attention = Attention(llm, heads, library)
    except (AttributeError, OSError):
        # Another version of the library, found out before anything of the model was changed.
        _LOG.exception("llama-cpp-python has nothing to hear attention by")
        return None
    if attention.is_heard():
        return attention
    _LOG.warning("the attention of %s cannot be heard: sentences are chosen without it", name)
    return None


@lru_cache(maxsize=1)
def _known() -> dict[str, list[Head]]:
    found = json.loads((files("rag") / "attention.json").read_text(encoding="utf-8"))
    return {name: [(layer, head) for layer, head in heads] for name, heads in found.items()}


def _ggml(library: Any) -> Any:  # noqa: ANN401 - a library of C
    """The library of tensors beside llama.cpp's, with the functions that are called."""
    base = library.load_shared_library("ggml-base", Path(library.__file__).parent / "lib")
    base.ggml_get_name.argtypes, base.ggml_get_name.restype = [ctypes.c_void_p], ctypes.c_char_p
    base.ggml_nbytes.argtypes, base.ggml_nbytes.restype = [ctypes.c_void_p], ctypes.c_size_t
    base.ggml_backend_tensor_get.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    base.ggml_backend_tensor_get.restype = None
    return base


def spans_of(texts: Sequence[str], within: str, ahead: int, lengths: Sequence[int]) -> list[Span]:
    """The tokens of texts that stand in another one behind the other, `ahead` bytes into a prompt whose tokens have
    these lengths in bytes (UTF-8). All but the last two end where the next begins, also where a token belongs to both.
    """
    starts, stops, begin, raw = [], [], 0, within.encode("utf-8", "replace")
    for text in texts:
        piece = text.encode("utf-8", "replace")
        begin = raw.index(piece, begin)
        starts.append(ahead + begin)
        begin += len(piece)
        stops.append(ahead + begin)
    ends = np.cumsum(lengths)
    first = np.searchsorted(ends, starts, "right").tolist()
    last = (np.searchsorted(ends, stops, "left") + 1).tolist()
    return [*pairwise(first[:-1]), *zip(first[-2:], last[-2:], strict=True)]


def narrowed(llm: Any, told: Sequence[Span], kept: Collection[int]) -> int:  # noqa: ANN401 - no usable types
    """Forget the spans that a model has read but for those kept, and all that it read behind them; what is kept moves
    up. Returns how many tokens stand as they would without the forgotten ones."""
    removed = [start for place, (start, _) in enumerate(told) if place not in kept]
    if not removed:
        return 0
    exact = end = removed[0]
    llm._ctx.kv_cache_seq_rm(0, told[-1][1], -1)
    for place, (start, stop) in enumerate(told):
        if start >= end and place in kept:
            llm._ctx.kv_cache_seq_shift(0, start, stop, end - start)
            llm.input_ids[end : end + stop - start] = llm.input_ids[start:stop].copy()
            end += stop - start
        elif place not in kept:
            llm._ctx.kv_cache_seq_rm(0, start, stop)
    llm.n_tokens = end
    return exact
