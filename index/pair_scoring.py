"""A question and a sentence are read together: how likely the sentence answers, and which of its words are the answer.

The encoder's lower layers are used as they are; its upper layers and three outputs were trained for pairs
(`tests/evaluation/train_answer_model.py`) and come from a file of their own, in float16. The outputs are those of a
reader trained on SQuAD 2 (Devlin et al., "BERT", 2019, section 4.3): relevance from the first token, start and end of
the answer, and the first token as start and end where the sentence does not answer.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 16
"""Pairs read together; candidates are taken by length, so that a batch is padded little."""

LONGEST_ANSWER = 24
"""Tokens of an answer at most."""


@dataclass(frozen=True)
class PairReading:
    """What the model makes of one candidate.

    `relevance` is a logit; `margin` is how far the best answer span stands above "no answer", also in logits;
    `[start, end)` are the characters of that span in the candidate.
    """

    relevance: float
    margin: float
    start: int
    end: int

    @property
    def score(self) -> float:
        """One figure to rank by: the mean of both, which is better than either."""
        return (self.relevance + self.margin / 2) / 2


def candidate(sentence: str, heading: str) -> str:
    """A candidate as the model was trained on it: the sentence, a bar, and its release's title and date."""
    return f"{sentence} | {heading}" if heading else sentence


class PairScorer:
    """Reads pairs with the encoder in `encoder_folder` and the trained layers in `weights_path`.

    `threads` is torch's for the whole process; 0 leaves torch's choice. Raises ModelError where either cannot be read
    or they do not fit each other. Safe to share between threads.
    """

    def __init__(self, encoder_folder: Path | str, weights_path: Path | str, threads: int = 0) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        if threads:
            torch.set_num_threads(threads)
        half = torch.backends.cpu.get_cpu_capability() == "AVX512" and torch.ops.mkldnn._is_mkldnn_bf16_supported()
        self._torch, self._dtype = torch, torch.bfloat16 if half else torch.float32
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(str(encoder_folder))
            self._model = AutoModel.from_pretrained(str(encoder_folder), dtype=self._dtype).eval()
        except (OSError, ValueError) as error:
            raise ModelError(f"the encoder could not be loaded from {encoder_folder}: {error}") from error
        self._load(Path(weights_path))

    def score(self, question: str, candidates: Sequence[str]) -> NDArray[np.float32]:
        """How well each candidate answers, a logit-like figure; shape (candidates,)."""
        return np.array([reading.score for reading in self.read(question, candidates)], dtype=np.float32)

    def read(self, question: str, candidates: Sequence[str]) -> list[PairReading]:
        """Relevance and best answer span of each candidate, in the order given."""
        order = sorted(range(len(candidates)), key=lambda number: len(candidates[number]))
        found: dict[int, PairReading] = {}
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            found.update(zip(rows, self._read(question, [candidates[row] for row in rows]), strict=True))
        return [found[number] for number in range(len(candidates))]

    def _read(self, question: str, candidates: Sequence[str]) -> list[PairReading]:
        tokens = self._tokenizer(
            [question] * len(candidates), list(candidates), truncation="longest_first", max_length=self._max_tokens,
            padding=True, return_offsets_mapping=True, return_tensors="pt",
        )  # fmt: skip
        offsets = tokens.pop("offset_mapping").numpy()
        with self._torch.inference_mode():
            states = self._model(**tokens).last_hidden_state
            relevance, edges = self._outputs(states)
        # Padding and [SEP] have empty offsets.
        usable = (tokens["token_type_ids"].numpy() == 1) & (offsets[..., 1] > offsets[..., 0])
        return [_reading(*row) for row in zip(relevance, edges, offsets, usable, strict=True)]

    def _outputs(self, states: "Tensor") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Relevance logits (pairs,); start and end logits (pairs, tokens, 2)."""
        heads, linear = self._heads, self._torch.nn.functional.linear
        relevance = linear(states[:, 0], heads["relevance.weight"], heads["relevance.bias"])
        edges = linear(states, heads["span.weight"], heads["span.bias"])
        return relevance[:, 0].float().numpy(), edges.float().numpy()

    def _load(self, path: Path) -> None:
        """Put the trained layers over the encoder's and keep the outputs."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="pt") as file:
                known = file.metadata() or {}
                tensors = {name: file.get_tensor(name).to(self._dtype) for name in file.keys()}  # noqa: SIM118 - no mapping
            frozen, self._max_tokens = int(known["frozen"]), int(known["max_tokens"])
            for number, layer in enumerate(self._model.encoder.layer[frozen:]):
                start = f"layers.{number}."
                layer.load_state_dict({n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)})
        except (OSError, SafetensorError, KeyError, RuntimeError) as error:
            message = f"{path} holds no answer model for this encoder: {error}; fetch the models again"
            raise ModelError(message) from error
        self._heads = {name: tensor for name, tensor in tensors.items() if not name.startswith("layers.")}


def _reading(
    relevance: float, edges: NDArray[np.float32], offsets: NDArray[np.int64], usable: NDArray[np.bool_]
) -> PairReading:
    """The best span with its start not after its end; offsets are characters of the candidate."""
    places = np.flatnonzero(usable)
    if not len(places):
        return PairReading(float(relevance), 0.0, 0, 0)
    sums = edges[places, 0][:, None] + edges[places, 1][None, :]
    distance = places[None, :] - places[:, None]
    sums[(distance < 0) | (distance >= LONGEST_ANSWER)] = -np.inf
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    margin = float(sums[first, last] - edges[0].sum())
    return PairReading(float(relevance), margin, int(offsets[places[first], 0]), int(offsets[places[last], 1]))
