"""Teach what layers of the language model hold when a text answers a question, or denies what it takes for granted:
`rag/probe.json`, `held` in `rag/evidence.json`, `probed` and `denial` in `rag/answerability.json`.

    python -m tests.evaluation.fit_probe FOLDER [FOLDER ...] [--write]

Each folder holds `releases.jsonl` and `questions.jsonl` with `type`, `answerable`, `answer_all`, `gold_releases` and
`gold_quotes`; of the type "false-premise" are those whose quotations say that what is taken for granted is not so. Each
part of a question is searched for and read as in an answer.

First, the sentences: the means over the tokens of each that the layers hand on, read behind the question, are kept, and
a probe of one layer learns which of them answer. Then, the text: the best by that probe are judged, for each folder as
fitted on the others, and a probe learns from the end of the judge's prompt whether they answer. A part whose answer is
among them is judged again without every sentence that holds it, so that the probe learns what a text says and not how
such questions are put. What takes something false for granted teaches neither of these, but two probes of the same
layers that tell it from all other questions, and its quotations from all other sentences.

Printed is for each layer how often the answering sentence is the first, and among the first two and four, and how well
what is answered is told from what is not (area under the curve), for each folder by what was fitted on the others; then
what the best layers and the features make of it together, and how well what is misled is told.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index.settings import Settings
from rag import answerability, evidence
from rag.drafting import JUDGED, Drafter, as_read
from rag.evidence import by_held
from rag.generation import LocalGenerator
from rag.probe import WEIGHTS, Held, Vector
from tests.evaluation.folders import opened_apart
from tests.evaluation.heard_parts import FEWEST, Floats, Read, has_false_premises, layers_of, parts_read

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

AMONG, FEWEST_FOLDERS = (1, 2, 4), 2


@dataclass(frozen=True)
class Judged:
    """A part as its best sentences were judged: the states of all layers (layers, width), what the model said, the
    features, whether an answer is in view, whether it was robbed of it or misled.

    `denies`: the log-odds of the sentence that denies most what the question takes for granted.
    """

    folder: str
    states: NDArray[np.float32]
    said: float
    features: dict[str, float]
    answered: bool
    robbed: bool
    misled: bool
    denies: float


Row = TypeVar("Row", Read, Judged)


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
    reads = [read for read in reads if not read.misled]
    values = np.concatenate([read.means[layer] for read in reads]).astype(np.float64)
    answers = np.concatenate([read.quoted for read in reads])
    counts = np.concatenate([np.where(read.holding & ~read.quoted, 0.0, 1.0) for read in reads])
    return probe(values, answers.tolist(), counts.tolist())


def denying_probe(reads: Sequence[Read], layer: int) -> tuple[Floats, float]:
    """That which tells the sentences by which what is taken for granted is not so."""
    values = np.concatenate([read.means[layer] for read in reads]).astype(np.float64)
    denials = np.concatenate([read.quoted & read.misled for read in reads])
    return probe(values, denials.tolist(), [1.0] * len(values))


def text_probe(rows: Sequence[Judged], layer: int) -> tuple[Floats, float]:
    """That which tells whether the text that was judged answers."""
    rows = [row for row in rows if not row.misled]
    values = np.array([row.states[layer] for row in rows], np.float64)
    return probe(values, [row.answered for row in rows], [ROBBED if row.robbed else 1.0 for row in rows], OF_TEXT)


def denied_probe(rows: Sequence[Judged], layer: int) -> tuple[Floats, float]:
    """That which tells whether the text denies what the question takes for granted."""
    rows = [row for row in rows if not row.robbed]
    values = np.array([row.states[layer] for row in rows], np.float64)
    return probe(values, [row.misled for row in rows], [1.0] * len(rows))


def held_out(
    rows: Sequence[Row],
    layer: int,
    fit: Callable[[Sequence[Row], int], tuple[Floats, float]],
    of: Callable[[Row], NDArray[np.float32]],
) -> list[Any]:
    """What the probe of a layer tells by the states `of` each row (layers first), fitted on the other folders."""
    fitted = {
        folder: fit([row for row in rows if row.folder != folder] or rows, layer)
        for folder in dict.fromkeys(row.folder for row in rows)
    }
    return [of(row)[layer] @ fitted[row.folder][0] + fitted[row.folder][1] for row in rows]


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


def judged(
    generator: LocalGenerator, drafter: Drafter, read: Read, held: Floats, denies: float, robbed: bool
) -> Judged | None:
    """A part as its best sentences are judged, all but those that hold its answer where it is to be robbed of it."""
    places = [place for place in range(len(read.seen)) if not robbed or not read.holding[place]]
    if len(places) < FEWEST:
        return None
    ranked = by_held([read.seen[place] for place in places], [Held(float(held[place]), 0.0) for place in places])
    quoted = {read.seen[place].sentence.id for place in np.flatnonzero(read.quoted)}
    is_answered = any(item.sentence.id in quoted for item in ranked[:JUDGED])
    if read.answerable and not is_answered and not robbed:
        return None  # What was not found may be answered or not.
    states: dict[int, Vector] = {}
    assert generator._layers
    with generator._layers.states(layers_of(generator), states):
        verdict = drafter.judge(read.question, as_read(ranked[:JUDGED]), _never)
    assert verdict
    features = answerability.shown(read.features, ranked)
    every = np.stack([states[layer] for layer in sorted(states)])
    return Judged(read.folder, every, verdict.said, features, is_answered, robbed, read.misled, denies)


def all_judged(
    reads: Sequence[Read], held: Sequence[Floats], denies: Sequence[Floats], settings: Settings, folder: Path
) -> list[Judged]:
    """Every part judged as it is, and those whose answer was read without it."""
    found = []
    with opened_apart(folder / "releases.jsonl", settings) as (assistant, generator):
        generator._probes = None  # Only one can listen at a time.
        for read, told, denied in zip(reads, held, denies, strict=True):
            given = (generator, assistant._drafter, read, told, float(max(denied)))
            asked = judged(*given, robbed=False)
            is_robbed = asked is not None and asked.answered and not read.several and not read.misled
            robbed = judged(*given, robbed=True) if is_robbed else None
            found += [row for row in (asked, robbed) if row]
    return found


def weighed(rows: Sequence[Judged], held: Sequence[float]) -> dict[str, float]:
    """The weights of the probability, fitted where the given features are as they nearly always are."""
    plain = [
        place
        for place, row in enumerate(rows)
        if not row.misled and all(row.features[name] == USUAL[name] for name in GIVEN)
    ]
    known = [held[place] + SAID * rows[place].said for place in plain]
    values = np.array(
        [[value, *(rows[place].features[name] for name in OWN[1:])] for value, place in zip(known, plain, strict=True)]
    )
    counts = [SMALL if rows[place].robbed else 1.0 for place in plain]
    model = LogisticRegression(C=2.0, max_iter=2000).fit(values, [rows[place].answered for place in plain], counts)
    bias = float(model.intercept_[0]) - sum(weight * USUAL[name] for name, weight in GIVEN.items()) + LEAN
    own = dict(zip(OWN, np.round(model.coef_[0], 2).tolist(), strict=True))
    return {"bias": round(bias, 2), "judge": round(own["held"] * SAID, 2), **own, **GIVEN}


def area(rows: Sequence[Judged], values: Sequence[float], robbed: bool) -> float:
    """The area under the curve over the parts that were asked, or of those answered and those robbed of it."""
    sound = [(place, row) for place, row in enumerate(rows) if not row.misled]
    chosen = [place for place, row in sound if (row.robbed or row.answered if robbed else not row.robbed)]
    return float(roc_auc_score([rows[place].answered for place in chosen], [values[place] for place in chosen]))


def denial(
    rows: Sequence[Judged], held: Sequence[float], denied: Sequence[float], fit: dict[str, float]
) -> tuple[dict[str, float], float]:
    """The weights by which a false premise is told, and the area under the curve by them."""
    asked = [place for place, row in enumerate(rows) if not row.robbed]
    values = []
    for place in asked:
        row = rows[place]
        told = {**row.features, "held": held[place], "judge": row.said}
        answered = fit["bias"] + sum(fit.get(name, 0.0) * value for name, value in told.items())
        values.append([row.denies, denied[place], 1 / (1 + math.exp(-answered))])
    labels = [rows[place].misled for place in asked]
    model = LogisticRegression(C=3.0, max_iter=2000).fit(values, labels)
    weights = dict(zip(("denies", "denied", "answered"), np.round(model.coef_[0], 2).tolist(), strict=True))
    told_by = float(roc_auc_score(labels, model.decision_function(values)))
    return {"bias": round(float(model.intercept_[0]), 2), **weights}, told_by


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
    each = [held_out(reads, layer, sentence_probe, lambda read: read.means) for layer in layers]
    ranks = [found_among(reads, held, ranking(reads, held)) for held in each]
    sys.stdout.writelines(f"| {layer} | {' | '.join(map(str, found))} |\n" for layer, found in enumerate(ranks))
    best = max(layers, key=lambda layer: sum(ranks[layer]))
    order = ranking(reads, each[best])
    denies = held_out(reads, best, denying_probe, lambda read: read.means)
    rows = all_judged(reads, each[best], denies, settings, given.folders[0])
    ends = range(len(rows[0].states))
    texts = [held_out(rows, layer, text_probe, lambda row: row.states) for layer in ends]
    areas = [(area(rows, held, robbed=False), area(rows, held, robbed=True)) for held in texts]
    sys.stdout.write("\n| layer | area as asked | robbed |\n| --- | --- | --- |\n")
    sys.stdout.writelines(f"| {layer} | {asked:.3f} | {robbed:.3f} |\n" for layer, (asked, robbed) in enumerate(areas))
    last = max(ends, key=lambda layer: areas[layer][0])
    fit = weighed(rows, texts[last])
    sys.stdout.write(f"\nsentences: layer {best}, {json.dumps(order)}\ntext: layer {last}, {json.dumps(fit)}\n")
    denied = held_out(rows, last, denied_probe, lambda row: row.states)
    misled, told_by = denial(rows, texts[last], denied, fit)
    sys.stdout.write(f"false premises: {json.dumps(misled)}, area {told_by:.3f}\n")
    if given.write:
        kept = {
            "answered": _kept(last, text_probe(rows, last)),
            "denied": _kept(last, denied_probe(rows, last)),
            "sentence": _kept(best, sentence_probe(reads, best)),
            "denying": _kept(best, denying_probe(reads, best)),
        }
        WEIGHTS.write_text(json.dumps({settings.model.name: kept}) + "\n", encoding="utf-8")
        lines = json.loads(evidence.WEIGHTS.read_text(encoding="utf-8")) | {"held": order}
        told = ",\n".join(f" {json.dumps(name)}: {json.dumps(weights)}" for name, weights in lines.items())
        evidence.WEIGHTS.write_text(f"{{\n{told}\n}}\n", encoding="utf-8")
        known = json.loads(answerability.WEIGHTS.read_text(encoding="utf-8")) | {"probed": fit, "denial": misled}
        answerability.WEIGHTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def _never() -> bool:
    return False


if __name__ == "__main__":
    main()
