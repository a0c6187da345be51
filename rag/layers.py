"""What the layers of a language model hand on while it reads: the vectors that `rag.probe` tells answers by.

They are taken where llama.cpp computes them, by the callback of its scheduler. llama-cpp-python has no word for that
yet, so the context is made anew with it, and tried once: a build that computes otherwise goes unheard.
"""

import contextlib
import ctypes
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.probe import Vector

_LOG = logging.getLogger(__name__)

Span = tuple[int, int]
"""Places [start, end) of tokens in the prompt."""

_SHAPE = 16
"""Bytes before the four lengths of a ggml tensor: its type, padded, and the address of its buffer."""

_STATE = "l_out-{}"
"""What llama.cpp calls the vectors that a layer hands on, (tokens read, width of the model) in float32."""


class Layers:
    """Listens to the layers of one model; made by `listening`."""

    def __init__(self, llm: Any, library: Any) -> None:  # noqa: ANN401 - they have no usable types
        self._llm, self._base = llm, _ggml(library)
        self._takers: dict[bytes, Callable[[int], None]] = {}
        self._last, self._is_wrong = b"", False
        # The callback object must outlive the context that calls it.
        self._look = library.ggml_backend_sched_eval_callback(self._looked)
        llm.context_params.cb_eval = self._look
        made, model, closing = type(llm._ctx), llm._model, llm._stack
        llm._ctx.close()
        llm._ctx = made(model=model, params=llm.context_params, verbose=False)
        closing.enter_context(contextlib.closing(llm._ctx))

    def is_heard(self) -> bool:
        """Whether what the first layer hands on arrives."""
        tokens = self._llm.tokenize(b"one two three four five six", add_bos=False)
        self._llm.reset()
        return 0 in self.means([0], [(0, len(tokens))], tokens)

    def means(self, layers: Collection[int], spans: Sequence[Span], tokens: Sequence[int]) -> dict[int, list[Vector]]:
        """By layer, the means over each of the spans of the vectors that it hands on while `tokens` are read, a whole
        prompt; nothing where that cannot be told, as of the last layer, which hands on the last token alone.

        What the model's cache holds of the prompt before the first span is read on from. The layers behind the last
        that is asked for are not computed, so nothing that is read here stays in the cache.
        """
        known = min(spans[0][0], self._known(tokens))
        end = spans[-1][1]
        self._llm.n_tokens = known
        sums: dict[int, list[Any]] = {layer: [0.0] * len(spans) for layer in layers}
        takers = {_STATE.format(layer): partial(self._add, spans, held) for layer, held in sums.items()}
        with self._taking(takers, last=_STATE.format(max(layers))):
            self._llm.eval(tokens[known:end])
        self._llm.n_tokens = known
        if self._is_wrong or any(np.ndim(total) != 1 for held in sums.values() for total in held):
            return {}
        return {
            layer: [total / (stop - start) for total, (start, stop) in zip(held, spans, strict=True)]
            for layer, held in sums.items()
        }

    @contextlib.contextmanager
    def states(self, layers: Collection[int], found: dict[int, Vector]) -> Iterator[None]:
        """The vector that each layer hands on at the last token of what is read now is put into `found`."""
        with self._taking({_STATE.format(layer): partial(self._hold, layer, found) for layer in layers}):
            yield

    def _known(self, tokens: Sequence[int]) -> int:
        """How many of the tokens the cache holds already, from the first on."""
        held = self._llm.input_ids[: min(self._llm.n_tokens, len(tokens))]
        differs = np.flatnonzero(held != np.array(tokens[: len(held)]))
        return int(differs[0]) if len(differs) else len(held)

    @contextlib.contextmanager
    def _taking(self, takers: Mapping[str, Callable[[int], None]], last: str = "") -> Iterator[None]:
        """What llama.cpp computes under these names is handed to what takes it; nothing is computed after `last`."""
        self._is_wrong, self._last = False, last.encode()
        self._takers = {name.encode(): taker for name, taker in takers.items()}
        try:
            yield
        finally:
            self._takers = {}

    def _looked(self, tensor: int, is_asked: bool, _: Any) -> bool:  # noqa: ANN401 - a pointer of C
        """Called by llama.cpp for each step of its computation: whether it is wanted, and then with its result, whether
        it is to go on."""
        name = self._base.ggml_get_name(tensor) if self._takers else b""
        take = self._takers.get(name)
        if is_asked or take is None:
            return take is not None or not is_asked
        try:
            take(tensor)
        except Exception:
            # Nothing may be raised through C.
            _LOG.exception("what the model computes cannot be read")
            self._is_wrong = True
        return bool(name != self._last)

    def _hold(self, layer: int, found: dict[int, Vector], tensor: int) -> None:
        found.pop(layer, None)  # What an earlier batch left is not of the last token.
        found[layer] = self._states(tensor)[-1]

    def _add(self, spans: Sequence[Span], sums: list[Any], tensor: int) -> None:
        states = self._states(tensor)
        begin = self._llm.n_tokens  # Counted up once a batch has been read.
        for place, (start, end) in enumerate(spans):
            first, last = max(0, start - begin), min(len(states), end - begin)
            if first < last:
                sums[place] = sums[place] + states[first:last].sum(axis=0)

    def _states(self, tensor: int) -> NDArray[np.float32]:
        """The vectors of all tokens read, (tokens read, width of the model)."""
        width, read, *ones = lengths_of(tensor)
        if ones != [1, 1] or width * read * 4 != self._base.ggml_nbytes(tensor):
            raise ValueError(f"a tensor of {width} x {read} x {ones} is no state")
        states = np.empty((read, width), np.float32)
        # By the backend: the tensor may lie in the memory of a GPU.
        self._base.ggml_backend_tensor_get(tensor, states.ctypes.data, 0, states.nbytes)
        return states


def lengths_of(tensor: int) -> list[int]:
    """The four lengths of a tensor of ggml, the innermost first."""
    return list((ctypes.c_int64 * 4).from_address(tensor + _SHAPE))


def listening(llm: Any, name: str, library: Any) -> Layers | None:  # noqa: ANN401 - they have no usable types
    """The layers of a model, which the library runs; None where they cannot be heard."""
    try:
        layers = Layers(llm, library)
    except (AttributeError, OSError):
        # Another version of the library, found out before anything of the model was changed.
        _LOG.exception("llama-cpp-python has nothing to hear layers by")
        return None
    if layers.is_heard():
        return layers
    _LOG.warning("the layers of %s cannot be heard: sentences are chosen and judged without them", name)
    return None


def _ggml(library: Any) -> Any:  # noqa: ANN401 - a library of C
    """The library of tensors beside llama.cpp's, with the functions that are called."""
    base = library.load_shared_library("ggml-base", Path(library.__file__).parent / "lib")
    base.ggml_get_name.argtypes, base.ggml_get_name.restype = [ctypes.c_void_p], ctypes.c_char_p
    base.ggml_nbytes.argtypes, base.ggml_nbytes.restype = [ctypes.c_void_p], ctypes.c_size_t
    base.ggml_backend_tensor_get.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    base.ggml_backend_tensor_get.restype = None
    return base


def spans_of(parts: Sequence[str], ahead: int, lengths: Sequence[int]) -> list[Span]:
    """The tokens of texts that stand one behind the other, a space between, `ahead` bytes (UTF-8) into a prompt whose
    tokens have these lengths in bytes.

    A text ends where the next begins, also where a token belongs to both.
    """
    sizes = [len(part.encode("utf-8", "replace")) for part in parts]
    starts = np.cumsum([ahead, *(size + 1 for size in sizes[:-1])])
    ends = np.cumsum(lengths)
    first = np.searchsorted(ends, starts, "right").tolist()
    last = int(np.searchsorted(ends, starts[-1] + sizes[-1], "left")) + 1
    return list(zip(first, [*first[1:], last], strict=True))
