"""Teach the encoder how releases are asked for: `index/e5-small-releases.safetensors`.

    python -m tests.evaluation.fit_encoder FOLDER QUESTIONS [QUESTIONS ...] [--write]

FOLDER holds the sets as `tests/evaluation/retrieval_sets.py` reads them; of the White House releases all but the newest
are taught by. Each QUESTIONS folder holds `releases.jsonl` and `questions.jsonl`.

The encoder learns which of the texts of a batch a title, or a question, asks for (Oord et al. 2018, "Representation
Learning with Contrastive Predictive Coding", with the other texts of the batch as distractors), while what it makes of
texts in other languages stays. Only thin matrices beside those of the upper layers learn (Hu et al. 2021, "LoRA"), and
only a share of what they learnt is kept: what lies between two sets of weights is often better than either, and on what
was not taught almost as good as the first (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").

Printed is how far it has come, every 25 steps; `tests/evaluation/retrieval.py` tells what it is worth.
"""

import argparse
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn import functional

import index
from index.model_store import ModelStore
from index.opening import open_encoder
from index.settings import Settings
from tests.evaluation.encoder_pairs import Pair, kept, passages, questions, titles

BASE = "multilingual-e5-small"
ADAPTER = Path(index.__file__).with_name("e5-small-releases.safetensors")
STEPS, WARM, BATCH, KEPT = 300, 40, 40, 20
"""Steps, those in which the rate rises, and the pairs and the texts to keep in each: twenty minutes on two cores."""

TOLD = 25
"""Steps after which it is told how far it has come."""

RATE, DECAY, TEMPERATURE, STAYS = 1e-3, 0.01, 0.01, 25.0
"""The highest rate, the decay of weights, the temperature of cosines (that of e5 itself: at a higher one it would put
all texts further apart), and what it costs to move a text that is to stay."""

FIRST_LAYER, RANK, ADDED, SHARE = 7, 8, 2.0, 0.5
"""The first of the twelve layers that learn, counted from 0, the rank of what is added, what it counts while it is
learnt, and the share of it that is kept."""

ASKED, FIRST_CHUNK, OF_PASSAGES = 0.4, 0.6, 0.3
"""How often a batch is of questions, how often a title asks for the first chunk, the share of CLAPnq's questions."""

QUERY_TOKENS, TOKENS = 64, 104

PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip


class Adapted(torch.nn.Module):  # type: ignore[misc]
    """A linear layer and what is added to it."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.down = torch.nn.Parameter(torch.randn(RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """What the layer makes of the states, shape (…, inputs), and what was learnt adds."""
        added: torch.Tensor = self.layer(states) + ADDED * (states @ self.down.T) @ self.up.T
        return added


@dataclass(frozen=True)
class Batch:
    """What asks, the text that each is to find at the same place, further texts, and texts that are to stay."""

    asks: list[str]
    found: list[str]
    others: list[str]
    kept: list[str]


class Drawing:
    """Batches out of titles, questions, those of passages, and texts to keep."""

    def __init__(self, named: list[Pair], asked: list[Pair], of_passages: list[Pair], stay: list[str]) -> None:
        self._named, self._asked, self._of_passages, self._stay = named, asked, of_passages, stay
        self._random = random.Random(0)

    def draw(self) -> Batch:
        """The next batch, of titles or of questions."""
        pairs, others = self._questions() if self._random.random() < ASKED else (self._titles(), [])
        return Batch(
            [f"query: {asks}" for asks, _ in pairs],
            [f"passage: {found}" for _, found in pairs],
            [f"passage: {text}" for text in others],
            self._random.sample(self._stay, KEPT),
        )

    def _titles(self) -> list[tuple[str, str]]:
        return [
            (pair.asks, pair.found[0] if self._random.random() < FIRST_CHUNK else self._random.choice(pair.found))
            for pair in self._random.sample(self._named, BATCH)
        ]

    def _questions(self) -> tuple[list[tuple[str, str]], list[str]]:
        count = round(BATCH * OF_PASSAGES)
        drawn = self._random.sample(self._asked, BATCH - count) + self._random.sample(self._of_passages, count)
        others = [self._random.choice(pair.others) for pair in drawn if pair.others]
        return [(pair.asks, self._random.choice(pair.found)) for pair in drawn], others


class Learner:
    """The encoder as it learns, beside the one it was."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModel, AutoTokenizer

        torch.manual_seed(0)
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._before = AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()
        self._model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval().requires_grad_(False)
        self.adapted: dict[str, Adapted] = {}
        for number, layer in enumerate(self._model.encoder.layer):
            for part in PARTS if number >= FIRST_LAYER else ():
                above, _, name = part.rpartition(".")
                adapted = Adapted(layer.get_submodule(part))
                setattr(layer.get_submodule(above), name, adapted)
                self.adapted[f"encoder.layer.{number}.{part}.weight"] = adapted
        self._learning = [weights for layer in self.adapted.values() for weights in (layer.down, layer.up)]
        self._optimizer = torch.optim.AdamW(self._learning, lr=RATE, weight_decay=DECAY)

    def step(self, batch: Batch, share: float) -> tuple[float, float]:
        """Learn from a batch at a share of the highest rate: what finding cost, and how far the texts to keep moved."""
        self._optimizer.param_groups[0]["lr"] = RATE * share
        with torch.autocast("cpu", dtype=torch.bfloat16):
            asked = self._encoded(self._model, batch.asks, QUERY_TOKENS)
            texts = self._encoded(self._model, batch.found + batch.others, TOKENS)
            kept_now = self._encoded(self._model, batch.kept, TOKENS)
            with torch.no_grad():
                kept_before = self._encoded(self._before, batch.kept, TOKENS)
        finding = functional.cross_entropy(
            (asked @ texts.T / TEMPERATURE).masked_fill(_twins(batch), -1e4), torch.arange(len(batch.asks))
        )
        moved = (1 - (kept_now * kept_before).sum(-1)).mean()
        self._optimizer.zero_grad()
        (finding + STAYS * moved).backward()
        torch.nn.utils.clip_grad_norm_(self._learning, 1.0)
        self._optimizer.step()
        return float(finding), float(moved)

    def _encoded(self, model: Any, texts: Sequence[str], tokens: int) -> torch.Tensor:  # noqa: ANN401 - has no types
        """Unit vectors, shape (texts, dimensions)."""
        given = self._tokenizer(list(texts), padding=True, truncation=True, max_length=tokens, return_tensors="pt")
        states, mask = model(**given).last_hidden_state.float(), given["attention_mask"][..., None]
        return functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


def _twins(batch: Batch) -> torch.Tensor:
    """Where a text belongs to what asks the same at another place and so is no distractor: shape (asks, texts)."""
    count = len(batch.asks)
    twins = torch.zeros(count, count + len(batch.others), dtype=torch.bool)
    for row, asks in enumerate(batch.asks):
        for column, other in enumerate(batch.asks):
            twins[row, column] = row != column and asks == other
    return twins


def teach(learner: Learner, drawing: Drawing) -> None:
    """All steps, the rate rising at first and falling to the end."""
    costs: list[tuple[float, float]] = []
    for step in range(STEPS):
        costs.append(learner.step(drawing.draw(), min(1.0, step / WARM) * max(0.05, 1 - step / STEPS)))
        if (step + 1) % TOLD == 0:
            finding, moved = (sum(values) / TOLD for values in zip(*costs[-TOLD:], strict=True))
            _say(f"step {step + 1}: finding {finding:.3f}, moved {moved:.4f}")


def write(learner: Learner, path: Path) -> None:
    """The share of what was learnt that is kept, as `index/e5_weights.py` reads it."""
    parts: dict[str, torch.Tensor] = {}
    for name, layer in learner.adapted.items():
        parts[f"{name}.up"] = (ADDED * SHARE * layer.up.detach()).half().contiguous()
        parts[f"{name}.down"] = layer.down.detach().half().contiguous()
    save_file(parts, path)
    path.chmod(0o644)  # safetensors leaves it to its owner alone


def main() -> None:
    """Teach, and write where that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true", help="write what was learnt beside index/models.json")
    given = parser.parse_args()
    loaded = Settings.load()
    base = loaded.index.model_copy(update={"encoder": BASE})
    encoder = open_encoder(loaded.model_copy(update={"index": base}))
    asked = [pair for folder in given.questions for pair in questions(folder, encoder)]
    drawing = Drawing(titles(given.folder), asked, passages(given.folder), kept(given.folder))
    learner = Learner(ModelStore(loaded.models_folder).obtain(BASE))
    teach(learner, drawing)
    if given.write:
        write(learner, ADAPTER)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
