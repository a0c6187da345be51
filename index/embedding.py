"""Texts become unit vectors; the one module that imports sentence-transformers and torch."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.threads import wait_passively

Vectors = NDArray[np.float32]
"""Shape (texts, dimensions), each row of length 1."""

BATCH = 16
"""Chunks encoded together: the fastest of 1 to 64 measured on two cores; larger batches only pad more."""

MANY = 400
"""Chunks from which compiling the model pays for itself."""

E5_UNRELATED = 0.7
"""Trained at a temperature of 0.01, the e5 models give cosines between 0.7 and 1 (Wang et al., 2024)."""

UNRELATED = {"multilingual-e5-small-releases": 0.68}
"""Taught by releases it puts what does not answer further away: counted from here, 60 questions are on average as like
their releases (0.55) and the best chunk of all (0.56) as they were by the encoder that it was made from."""


class Encoder(Protocol):
    """Anything that turns texts into unit vectors; queries and chunks may be encoded differently.

    `unrelated` is the cosine of texts that have nothing in common, from which `likeness` counts. To `accelerate` may
    take seconds that one who encodes many texts, or again and again, gets back.
    """

    name: str
    dimensions: int
    unrelated: float

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...

    def encode_chunks(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors: ...

    def accelerate(self) -> None: ...


def likeness(cosines: Vectors, unrelated: float) -> Vectors:
    """Cosines on a scale where 0 is unrelated and 1 the same, whatever the encoder."""
    found: Vectors = np.maximum((cosines - unrelated) / (1 - unrelated), 0)
    return found


class SentenceEncoder:
    """Any sentence-transformers model, from a folder of the model store or the user's own.

    Compiled for many chunks where OpenVINO is installed (`index/acceleration.py`); else weights are used in bfloat16
    where the processor multiplies it natively (2.3 times faster here, cosine to float32 above 0.997), or in float32.
    `threads` 0 leaves the libraries their choice.
    """

    def __init__(self, name: str, source: Path | str, threads: int = 0) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        wait_passively()
        import torch
        from transformers.utils import logging

        logging.disable_progress_bar()
        if threads:
            torch.set_num_threads(threads)
        half = torch.backends.cpu.get_cpu_capability() == "AVX512" and torch.ops.mkldnn._is_mkldnn_bf16_supported()
        plain = torch.bfloat16 if half else torch.float32
        try:
            self._model = _loaded(source, plain)
        except (OSError, ValueError) as error:
            raise ModelError(f"the encoder {name} could not be loaded from {source}: {error}") from error
        self.name, self._source, self._threads, self._is_tried = name, source, threads, False
        self.unrelated = UNRELATED.get(name, E5_UNRELATED if "e5" in name.lower() else 0.0)
        self.dimensions = int(self._model.get_embedding_dimension())

    def accelerate(self) -> None:
        """Compile the model, once, where that can be done: three seconds that many texts make up for."""
        import torch

        from index import acceleration

        if not self._is_tried and acceleration.is_installed():
            model = _loaded(self._source, torch.float32)
            if acceleration.accelerate(model, self._threads):
                self._model = model
        self._is_tried = True

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, shape (texts, dimensions)."""
        return self._encode(texts, "query")

    def encode_chunks(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors of chunks, shape (texts, dimensions); `on_batch` hears how many were just done.

        Texts are taken by length so that a batch is padded little; rows come back in the order given.
        """
        if len(texts) >= MANY:
            self.accelerate()
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            vectors[rows] = self._encode([texts[row] for row in rows], "document")
            if on_batch:
                on_batch(len(rows))
        return vectors

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        known = self._model.prompts.get(prompt)
        vectors = self._model.encode(
            list(texts), prompt=known or None, batch_size=BATCH, show_progress_bar=False, convert_to_tensor=True
        )
        return _unit(vectors.float().numpy())


def _loaded(source: Path | str, dtype: Any) -> Any:  # noqa: ANN401 - kinds of number are torch's own
    from sentence_transformers import SentenceTransformer

    # Other weights are pickled, and a pickle may run anything.
    return SentenceTransformer(str(source), device="cpu", model_kwargs={"dtype": dtype, "use_safetensors": True})


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit
