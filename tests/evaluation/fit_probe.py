"""Teach what layers of the language model hold when a text answers a question, or denies what it takes for granted:
`rag/probe.json`, `held` in `rag/evidence.json`, `glanced`, `probed` and `denial` in `rag/answerability.json`.

    python -m tests.evaluation.fit_probe FOLDER [FOLDER ...] [--write]

Each folder holds `releases.jsonl` and `questions.jsonl` with `type`, `answerable`, `answer_all`, `gold_releases` and
`gold_quotes`; of the type "false-premise" are those whose quotations say that what is taken for granted is not so. Each
part of a question is searched for and read as in an answer.

First, the glance: what the layers hand on while the sentences are read with the question around them. A probe of one
layer learns from the means over the tokens of each sentence which of them answer, one from the end whether any does.
Then the judging: the best by these are read without the rest, and a probe learns from the end of the judge's prompt
whether they answer. A part whose answer is among its sentences is also read without every one that holds it ("robbed"),
so that both learn what a text says and not how such questions are put. What takes something false for granted teaches
none of these, but the probes beside them that tell it and its quotations from all others.

Printed is for each layer how often the answering sentence is the first, and among the first two and four, and how well
what is answered is told from what is not (area under the curve) at a glance and by judging, for each folder by what the
others taught; then what the best layers and the features make of it together, and how well what is misled is told.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index.settings import Settings
from rag import answerability, evidence
from rag.probe import WEIGHTS
from tests.evaluation.heard_parts import Floats, Read, Row, glanced, has_false_premises, judged, parts_read

STRENGTH, OF_TEXT, ROBBED = 3e-3, 1e-2, 0.6
"""Inverse strength of the ridge penalty (scikit-learn's C) of 0.0001 to 0.1 tried, that of whether a text answers, and
what a part robbed of its answer weighs beside one that was asked."""

OWN, GIVEN = ("held", "best", "kind", "untold"), {"office": 1.5, "off_topic": -2.0}
"""Features that are weighed, and those that nearly always have their `USUAL` value and keep their weight."""

USUAL = {"office": 1.0, "off_topic": 0.0}

SAID = 0.4
"""What the model's Yes or No counts beside what it holds: nothing on releases, but of the near misses of SQuAD 2.0,
which no probe here was taught, it tells more."""

LEAN = 0.4
"""Log-odds by which an answer is favoured: the line of 0.6 then lies where both mistakes are as likely."""

SMALL = 0.05
"""What a part robbed of its answer weighs in the probability: few questions have no answer."""

AMONG, FEWEST_FOLDERS, ENDS = (1, 2, 4), 2, ("glance", "judge")


def probe(
    values: Floats, answers: Sequence[bool], counts: Sequence[float], strength: float = STRENGTH
) -> tuple[Floats, float]:
    """The weights and the bias of a logistic function of vectors."""
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
    model.fit((values - middle) / spread, answers, counts)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ middle)


def sentence_probe(reads: Sequence[Read], layer: int) -> tuple[Floats, float]:
    """That which tells the sentences that answer; those that only hold what answers teach nothing."""
    reads = [read for read in reads if not read.misled and not read.robbed]
    values = np.concatenate([read.means[layer] for read in reads]).astype(np.float64)
    answers = np.concatenate([read.quoted for read in reads])
    counts = np.concatenate([np.where(read.holding & ~read.quoted, 0.0, 1.0) for read in reads])
    return probe(values, answers.tolist(), counts.tolist())


def denying_probe(reads: Sequence[Read], layer: int) -> tuple[Floats, float]:
    """That which tells the sentences by which what is taken for granted is not so."""
    reads = [read for read in reads if not read.robbed]
    values = np.concatenate([read.means[layer] for read in reads]).astype(np.float64)
    denials = np.concatenate([read.quoted & read.misled for read in reads])
    return probe(values, denials.tolist(), [1.0] * len(values))


def text_probe(rows: Sequence[Row], layer: int) -> tuple[Floats, float]:
    """That which tells whether a text answers."""
    rows = [row for row in rows if row.is_told and not row.misled]
    values = np.array([row.end[layer] for row in rows], np.float64)
    return probe(values, [row.answered for row in rows], [ROBBED if row.robbed else 1.0 for row in rows], OF_TEXT)


def denied_probe(rows: Sequence[Row], layer: int) -> tuple[Floats, float]:
    """That which tells whether a text denies what the question takes for granted."""
    rows = [row for row in rows if row.is_told and not row.robbed]
    values = np.array([row.end[layer] for row in rows], np.float64)
    return probe(values, [row.misled for row in rows], [1.0] * len(rows))


Item = TypeVar("Item", Read, Row)


def held_out(rows: Sequence[Item], layer: int, fit: Callable[[Sequence[Item], int], tuple[Floats, float]]) -> list[Any]:
    """What the probe of a layer tells of each row, or of each sentence of a part, fitted on the other folders."""
    fitted = {
        folder: fit([row for row in rows if row.folder != folder] or rows, layer)
        for folder in dict.fromkeys(row.folder for row in rows)
    }
    states = [row.means if isinstance(row, Read) else row.end for row in rows]
    return [of[layer] @ fitted[row.folder][0] + fitted[row.folder][1] for row, of in zip(rows, states, strict=True)]


def ranking(reads: Sequence[Read], held: Sequence[Floats]) -> dict[str, float]:
    """The weights by which sentences are ranked: of the parts whose answer is among them, and ask for one."""
    chosen = [place for place, read in enumerate(reads) if read.ranks]
    values = np.concatenate([np.stack([held[place], reads[place].kind], axis=1) for place in chosen])
    counts = np.concatenate([~reads[place].holding | reads[place].quoted for place in chosen]).astype(float)
    answers = np.concatenate([reads[place].quoted for place in chosen])
    model = LogisticRegression(C=10.0).fit(values, answers, counts)
    told, kind = model.coef_[0]
    return {"bias": round(float(model.intercept_[0]), 2), "held": round(float(told), 2), "kind": round(float(kind), 2)}


def found_among(reads: Sequence[Read], held: Sequence[Floats], weights: dict[str, float]) -> list[int]:
    """How many parts, of those whose answer was read, have it among the first of their sentences."""
    ranks = []
    for read, told in zip(reads, held, strict=True):
        if read.ranks:
            order = np.argsort(-(weights["held"] * told + weights["kind"] * read.kind), kind="stable")
            ranks.append(int(np.argmax(read.quoted[order])))
    return [sum(rank < most for rank in ranks) for most in AMONG]


def weighed(rows: Sequence[Row], held: Sequence[float], said: float) -> dict[str, float]:
    """The weights of the probability, fitted where the given features are as they nearly always are; `said`: what the
    model's word counts beside what it holds."""
    plain = [
        place
        for place, row in enumerate(rows)
        if row.is_told and not row.misled and all(row.features[name] == USUAL[name] for name in GIVEN)
    ]
    values = np.array(
        [[held[at] + said * rows[at].features["said"], *(rows[at].features[name] for name in OWN[1:])] for at in plain]
    )
    counts = [SMALL if rows[place].robbed else 1.0 for place in plain]
    model = LogisticRegression(C=2.0, max_iter=2000).fit(values, [rows[place].answered for place in plain], counts)
    bias = float(model.intercept_[0]) - sum(weight * USUAL[name] for name, weight in GIVEN.items()) + LEAN
    own = dict(zip(OWN, np.round(model.coef_[0], 2).tolist(), strict=True))
    return {"bias": round(bias, 2), **({"judge": round(own["held"] * said, 2)} if said else {}), **own, **GIVEN}


def area(rows: Sequence[Row], values: Sequence[float], robbed: bool) -> float:
    """The area under the curve over the parts that were asked, or of those answered and those robbed of it."""
    sound = [(place, row) for place, row in enumerate(rows) if row.is_told and not row.misled]
    chosen = [place for place, row in sound if (row.robbed or row.answered if robbed else not row.robbed)]
    return float(roc_auc_score([rows[place].answered for place in chosen], [values[place] for place in chosen]))


def denial(
    rows: Sequence[Row], held: Sequence[float], denied: Sequence[float], fit: dict[str, float]
) -> tuple[dict[str, float], float]:
    """The weights by which a false premise is told, and the area under the curve by them."""
    asked = [place for place, row in enumerate(rows) if row.is_told and not row.robbed]
    values = []
    for place in asked:
        features = rows[place].features
        told = {**features, "held": held[place], "judge": features["said"]}
        answered = fit["bias"] + sum(fit.get(name, 0.0) * value for name, value in told.items())
        values.append([rows[place].denies, denied[place], 1 / (1 + math.exp(-answered))])
    labels = [rows[place].misled for place in asked]
    model = LogisticRegression(C=3.0, max_iter=2000).fit(values, labels)
    weights = dict(zip(("denies", "denied", "answered"), np.round(model.coef_[0], 2).tolist(), strict=True))
    told_by = float(roc_auc_score(labels, model.decision_function(values)))
    return {"bias": round(float(model.intercept_[0]), 2), **weights}, told_by


def best_end(rows: Sequence[Row]) -> int:
    """The layer at whose end whether a text answers is told best; the table of all is printed."""
    layers = range(len(rows[0].end))
    areas = []
    sys.stdout.write("\n| layer | area as asked | robbed |\n| --- | --- | --- |\n")
    for layer in layers:
        held = held_out(rows, layer, text_probe)
        areas.append(area(rows, held, robbed=False))
        sys.stdout.write(f"| {layer} | {areas[-1]:.3f} | {area(rows, held, robbed=True):.3f} |\n")
    return max(layers, key=lambda layer: areas[layer])


def _kept(layer: int, fitted: tuple[Floats, float]) -> dict[str, Any]:
    weights, bias = fitted
    return {"layer": layer, "bias": round(bias, 4), "weights": [float(f"{weight:.4g}") for weight in weights]}


def main() -> None:
    """Print the tables; write the parameters where that is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if sum(has_false_premises(folder) for folder in given.folders) < FEWEST_FOLDERS:
        parser.error(f"false premises are needed in {FEWEST_FOLDERS} folders: each is told by what the others teach")
    settings = Settings.load()
    reads = [read for folder in given.folders for read in parts_read(folder, settings)]
    layers = range(len(reads[0].means))
    sys.stdout.write("| layer | first | among 2 | among 4 |\n| --- | --- | --- | --- |\n")
    each = [held_out(reads, layer, sentence_probe) for layer in layers]
    ranks = [found_among(reads, held, ranking(reads, held)) for held in each]
    sys.stdout.writelines(f"| {layer} | {' | '.join(map(str, found))} |\n" for layer, found in enumerate(ranks))
    best = max(layers, key=lambda layer: sum(ranks[layer]))
    order = ranking(reads, each[best])
    rows = [glanced(reads, each[best])]
    rows.append(judged(reads, each[best], held_out(reads, best, denying_probe), settings, given.folders[0]))
    ends = [best_end(read) for read in rows]
    held = [held_out(read, end, text_probe) for read, end in zip(rows, ends, strict=True)]
    fits = [weighed(*fitted) for fitted in zip(rows, held, (0.0, SAID), strict=True)]
    misled, told_by = denial(rows[1], held[1], held_out(rows[1], ends[1], denied_probe), fits[1])
    told = [f"sentences: layer {best}, {json.dumps(order)}"]
    told += [f"{name}: layer {end}, {json.dumps(fit)}" for name, end, fit in zip(ENDS, ends, fits, strict=True)]
    sys.stdout.write("\n".join(["", *told, f"false premises: {json.dumps(misled)}, area {told_by:.3f}", ""]))
    if given.write:
        kept = {"sentence": {"answers": sentence_probe(reads, best), "denies": denying_probe(reads, best)}}
        for name, read, end in zip(ENDS, rows, ends, strict=True):
            kept[name] = {"answers": text_probe(read, end), "denies": denied_probe(read, end)}
        at = {"sentence": best, **dict(zip(ENDS, ends, strict=True))}
        pairs = {name: {told: _kept(at[name], fit) for told, fit in pair.items()} for name, pair in kept.items()}
        WEIGHTS.write_text(json.dumps({settings.model.name: pairs}) + "\n", encoding="utf-8")
        lines = json.loads(evidence.WEIGHTS.read_text(encoding="utf-8")) | {"held": order}
        text = ",\n".join(f" {json.dumps(name)}: {json.dumps(weights)}" for name, weights in lines.items())
        evidence.WEIGHTS.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
        known = json.loads(answerability.WEIGHTS.read_text(encoding="utf-8"))
        known |= {"glanced": fits[0], "probed": fits[1], "denial": misled}
        answerability.WEIGHTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
