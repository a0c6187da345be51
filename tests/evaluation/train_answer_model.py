"""Train the model that says whether a sentence answers a question.

    python -m tests.evaluation.train_answer_model SETS ENCODER OUTPUT

1. Question and sentence pairs are prepared (`answer_pairs.py`) and read together by the encoder's lower layers, which
   stay as they are; what they give is kept, so each epoch costs only the upper layers.
2. The upper layers and three outputs learn: relevance from the first token, and the answer's start and end, which for
   a sentence that does not answer lie on the first token (as in SQuAD 2).
3. Weights of what was trained are written in float16; figures on held-out documents are printed as JSON.
Deterministic for one seed and one number of threads.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from tests.evaluation.answer_pairs import Candidate, Group, measuring, training

MAX_TOKENS = 112
BATCH_PAIRS = 32
SPAN_WEIGHT, LIST_WEIGHT = 0.5, 0.5
"""Shares of the span and the within-group loss beside the loss of each pair."""


@dataclass
class Pair:
    """A tokenised pair: the lower layers' output, the label, the span's tokens, and the question's number."""

    states: Tensor
    label: float
    start: int
    end: int
    group: int


class Upper(nn.Module):  # type: ignore[misc]  # torch is not typed for mypy here
    """The trained part: the upper layers of the encoder and the outputs."""

    def __init__(self, layers: Sequence[nn.Module], width: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.relevance = nn.Linear(width, 1)
        self.span = nn.Linear(width, 2)

    def forward(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Relevance logits (pairs,) and start and end logits (pairs, tokens, 2)."""
        hidden = self.run(states, mask)
        spans = self.span(hidden).float().masked_fill(~mask.bool().unsqueeze(-1), -1e4)
        return self.relevance(hidden[:, 0]).squeeze(-1).float(), spans

    def run(self, states: Tensor, mask: Tensor) -> Tensor:
        """The last layer's states."""
        hidden = states
        hidden_mask = mask[:, None, None, :].bool()
        for layer in self.layers:
            out = layer(hidden, attention_mask=hidden_mask)
            hidden = out[0] if isinstance(out, tuple) else out
        return hidden


class Trainer:
    """Holds the encoder's frozen part, the trained part and the tokenizer."""

    def __init__(self, encoder: Path, frozen: int, seed: int) -> None:
        torch.manual_seed(seed)
        self.rng = random.Random(seed)
        self.tokenizer = AutoTokenizer.from_pretrained(encoder)
        self.model = AutoModel.from_pretrained(encoder, attn_implementation="sdpa").eval()
        self.frozen = frozen
        layers = list(self.model.encoder.layer)
        self.lower, self.upper = layers[:frozen], Upper(layers[frozen:], self.model.config.hidden_size)

    def prepare(self, groups: Sequence[Group]) -> list[Pair]:
        """Tokenise all pairs and run the frozen layers over them."""
        items = [(number, group.question, c) for number, group in enumerate(groups) for c in group.candidates]
        order = sorted(range(len(items)), key=lambda n: len(items[n][1]) + len(items[n][2].text))
        found: list[Pair | None] = [None] * len(items)
        for first in range(0, len(order), 64):
            rows = order[first : first + 64]
            for row, pair in zip(rows, self._lower([items[row] for row in rows]), strict=True):
                found[row] = pair
        return [pair for pair in found if pair]

    def _lower(self, items: Sequence[tuple[int, str, Candidate]]) -> Iterator[Pair]:
        tokens = self.tokenizer(
            [question for _, question, _ in items],
            [candidate.text for _, _, candidate in items],
            truncation="longest_first",
            max_length=MAX_TOKENS,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = tokens.pop("offset_mapping").numpy()
        mask = tokens["attention_mask"]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            states = self.model.embeddings(tokens["input_ids"], token_type_ids=tokens["token_type_ids"])
            for layer in self.lower:
                out = layer(states, attention_mask=mask[:, None, None, :].bool())
                states = out[0] if isinstance(out, tuple) else out
        states = states.bfloat16()
        for row, (number, _, candidate) in enumerate(items):
            length = int(mask[row].sum())
            start, end = _span(candidate, offsets[row], tokens["token_type_ids"][row].numpy())
            yield Pair(states[row, :length].clone(), float(candidate.label), start, end, number)

    def train(self, pairs: Sequence[Pair], epochs: int, rate: float) -> None:
        """Minimise the summed losses with a linear warm-up and decay."""
        groups: dict[int, list[Pair]] = {}
        for pair in pairs:
            groups.setdefault(pair.group, []).append(pair)
        batches = [b for epoch in range(epochs) for b in self._batches(list(groups.values()))]
        heads = [p for m in (self.upper.relevance, self.upper.span) for p in m.parameters()]
        rates: list[dict[str, Any]] = [
            {"params": self.upper.layers.parameters(), "lr": rate},
            {"params": heads, "lr": rate * 10},
        ]
        optimizer = torch.optim.AdamW(rates)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min((step + 1) / (0.1 * len(batches)), (len(batches) - step) / (0.9 * len(batches)))
        )
        self.upper.train()
        started, running = time.monotonic(), 0.0
        for step, batch in enumerate(batches):
            loss = self._loss(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(self.upper.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            running = 0.95 * running + 0.05 * loss.item() if step else loss.item()
            if step % 50 == 0:
                sys.stderr.write(f"{step}/{len(batches)} loss {running:.3f} {time.monotonic() - started:.0f} s\n")
        self.upper.eval()

    def _batches(self, groups: list[list[Pair]]) -> list[list[Pair]]:
        """Whole groups of like length together, in a random order."""
        ordered = sorted(groups, key=lambda g: max(len(p.states) for p in g) + self.rng.uniform(-12, 12))
        batches: list[list[Pair]] = [[]]
        for group in ordered:
            if len(batches[-1]) + len(group) > BATCH_PAIRS and batches[-1]:
                batches.append([])
            batches[-1].extend(group)
        self.rng.shuffle(batches)
        return batches

    def _loss(self, batch: Sequence[Pair]) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            relevance, spans = self.upper(*_padded(batch))
        labels = torch.tensor([pair.label for pair in batch])
        loss = nn.functional.binary_cross_entropy_with_logits(relevance, labels)
        known = torch.tensor([pair.start >= 0 for pair in batch])
        for place, edges in enumerate(([p.start for p in batch], [p.end for p in batch])):
            wanted = torch.tensor(edges)[known]
            loss = loss + SPAN_WEIGHT / 2 * nn.functional.cross_entropy(spans[known, :, place], wanted)
        return loss + LIST_WEIGHT * _listwise(relevance, labels, torch.tensor([pair.group for pair in batch]))

    def scores(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Relevance logit and span margin over no answer of each pair, shape (pairs, 2)."""
        order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].states))
        found = np.zeros((len(pairs), 2), np.float32)
        for first in range(0, len(order), 64):
            rows = order[first : first + 64]
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                relevance, spans = self.upper(*_padded([pairs[row] for row in rows]))
            inside = spans[:, 1:].max(dim=1).values.sum(dim=-1)
            found[rows] = torch.stack([relevance, inside - spans[:, 0].sum(dim=-1)], dim=-1).numpy()
        return found

    def save(self, path: Path) -> None:
        """Write the trained part in float16; the number of frozen layers is kept in the file's metadata."""
        tensors = {name: value.half().contiguous() for name, value in self.upper.state_dict().items()}
        save_file(tensors, path, {"frozen": str(self.frozen), "max_tokens": str(MAX_TOKENS)})


def _span(candidate: Candidate, offsets: NDArray[np.int64], kinds: NDArray[np.int64]) -> tuple[int, int]:
    """Tokens of the answer: (0, 0) for no answer, (-1, -1) where it is not known or was cut off."""
    if not candidate.label:
        return 0, 0
    if candidate.span is None:
        return -1, -1
    first, last = candidate.span
    second = [(number, start, end) for number, (start, end) in enumerate(offsets) if kinds[number] == 1 and end > start]
    inside = [number for number, start, end in second if end > first and start < last]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def _padded(batch: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    states = nn.utils.rnn.pad_sequence([pair.states for pair in batch], batch_first=True)
    lengths = torch.tensor([len(pair.states) for pair in batch])
    return states.float(), (torch.arange(states.shape[1])[None] < lengths[:, None]).long()


def _listwise(relevance: Tensor, labels: Tensor, groups: Tensor) -> Tensor:
    """Cross-entropy of each answering sentence against the others of its question."""
    same = groups[:, None] == groups[None, :]
    rivals = same & ~(labels.bool()[None, :] & ~torch.eye(len(labels), dtype=torch.bool))
    logits = relevance[None, :].expand(len(labels), -1).masked_fill(~rivals, -1e4)
    wanted = labels.bool()
    if not wanted.any():
        return relevance.sum() * 0
    return nn.functional.cross_entropy(logits[wanted], torch.arange(len(labels))[wanted])


def figures(groups: Sequence[Group], pairs: Sequence[Pair], scores: NDArray[np.float32]) -> dict[str, Any]:
    """By set: AUC of the best score for answerability, best balanced accuracy, and the answering sentence's rank."""
    from sklearn.metrics import roc_auc_score

    found: dict[str, Any] = {}
    for source in sorted({group.source for group in groups}):
        best, truth, first = [], [], []
        for number, group in enumerate(groups):
            rows = [n for n, pair in enumerate(pairs) if pair.group == number] if group.source == source else []
            if rows:
                best.append(scores[rows].max())
                truth.append(group.answerable)
                if group.answerable:
                    first.append(bool(pairs[rows[int(scores[rows].argmax())]].label))
        values, answers = np.array(best), np.array(truth)
        balanced = max(_balanced(answers, values >= line) for line in values)
        found[source] = {"questions": len(best), "auc": round(float(roc_auc_score(answers, values)), 3),
                         "balanced": round(float(balanced), 3), "first": round(float(np.mean(first)), 3)}  # fmt: skip
    return found


def calibration(groups: Sequence[Group], pairs: Sequence[Pair], scores: NDArray[np.float32]) -> dict[str, Any]:
    """Logistic parameters from a question's best score to the probability that its document answers.

    `slope` and `bias` are fitted on all held-out questions, each set with the same weight; `others` is the balanced
    accuracy on each set of the line fitted on the other sets.
    """
    from sklearn.linear_model import LogisticRegression

    rows: dict[int, list[int]] = {}
    for number, pair in enumerate(pairs):
        rows.setdefault(pair.group, []).append(number)
    best = np.array([[scores[own].max()] for own in rows.values()])
    truth = np.array([groups[number].answerable for number in rows])
    sets = np.array([groups[number].source for number in rows])
    share = {(name, kind): ((sets == name) & (truth == kind)).sum() for name in set(sets) for kind in (True, False)}
    weights = np.array([1 / share[name, bool(kind)] for name, kind in zip(sets, truth, strict=True)])
    found: dict[str, Any] = {"others": {}}
    for name in sorted(str(kind) for kind in set(sets)):
        other = sets != name
        fit = LogisticRegression(C=100).fit(best[other], truth[other], weights[other])
        found["others"][name] = round(_balanced(truth[~other], fit.predict(best[~other])), 3)
    fit = LogisticRegression(C=100).fit(best, truth, weights)
    return found | {"slope": round(float(fit.coef_[0, 0]), 3), "bias": round(float(fit.intercept_[0]), 3)}


def _balanced(answers: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """Mean of the shares of answerable questions answered and of the others refused."""
    return float((said[answers].mean() + (~said)[~answers].mean()) / 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, help="folder that holds squad2-1000, clapnq and the other sets")
    parser.add_argument("encoder", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("output", type=Path, help="file for the weights")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--frozen", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    trainer = Trainer(options.encoder, options.frozen, options.seed)
    trainer.train(trainer.prepare(training(options.sets, options.seed)), options.epochs, options.rate)
    trainer.save(options.output)
    held = measuring(options.sets, options.seed)
    pairs = trainer.prepare(held)
    scores = trainer.scores(pairs)
    kinds: dict[str, NDArray[np.float32]] = {
        "relevance": scores[:, 0],
        "margin": scores[:, 1],
        "both": scores @ np.array([0.5, 0.25], np.float32),
    }
    report = {name: figures(held, pairs, values) for name, values in kinds.items()}
    report["calibration"] = calibration(held, pairs, kinds["both"])
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
