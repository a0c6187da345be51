"""Teach which sentences of the releases found are scored by meaning: `chosen` in `rag/evidence.json`.

    python -m tests.evaluation.fit_chosen FOLDER FOLDER [FOLDER ...] [--write]

Folders are those of `fit_probe`. Of each part of a question whose answer stands in a release found every sentence that
may be chosen is weighed, and the weights are those of a softmax over them (listwise; Cao et al. 2007) under which what
overlaps a gold quotation is likeliest. Printed is for each folder, by the present weights and by what the other folders
taught, in how many parts such a sentence is among the first 1, 4, 8, 12 and 16.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from index.settings import Settings
from rag.evaluation import read_questions
from rag.evidence import WEIGHTS
from rag.judging import RELEASES
from rag.kinds import sought
from rag.relevance import asked_words
from rag.request import Request
from tests.evaluation.folders import opened_apart
from tests.evaluation.heard_parts import Floats, Gold

NAMES = ("words", "context", "kind", "first", "found", "hit", "late", "short", "outside")
"""What is weighed, as `rag/evidence.py` describes it."""

PENALTY, AMONG = 0.05, (1, 4, 8, 12, 16)
"""What the squared weights count (no other value was tried), and the places up to which an answer is looked for."""


@dataclass(frozen=True)
class Choice:
    """The sentences of a part, a row of `values` each, and which of them answer."""

    values: Floats
    answers: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def rank(self, weights: Floats) -> int:
        """How many sentences stand ahead of the first that answers."""
        order = np.argsort(-(self.values @ weights), kind="stable")
        return int(np.argmax(self.answers[order]))


def choices(folder: Path, settings: Settings) -> Iterator[Choice]:
    """Every part of the questions of a folder whose answer stands in a sentence that may be chosen."""
    questions, releases = folder / "questions.jsonl", folder / "releases.jsonl"
    texts = {row["id"]: row["text"] for row in map(json.loads, releases.read_text(encoding="utf-8").splitlines())}
    with opened_apart(releases, settings) as (assistant, _):
        for row in read_questions(questions):
            gold = Gold.of(row, texts)
            turn = assistant._turn(Request.of(row["question"], row.get("history", ()), None, None, row.get("now")))
            for part in turn.parts if gold.answerable else ():
                assistant._find(turn, part)
                asked = asked_words(part.question, turn.reader.snapshot.lexicon)
                hits = part.hits[:RELEASES]
                found = list(turn.reader.evidence._candidates(part.question, asked, sought(part.question), hits))
                answers = [gold.quoted(item.scored(0.0, part.window)) for item in found]
                if any(answers):
                    told = [item._values(part.window) for item in found]
                    values = np.array([[of_it[name] for name in NAMES] for of_it in told], np.float64)
                    yield Choice(values, np.array(answers, bool))


def fitted(taught: Sequence[Choice]) -> Floats:
    """The weights under which what answers is likeliest to be drawn, under a ridge penalty."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for choice in taught:
            scores = choice.values @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            right = float(shares[choice.answers].sum()) + 1e-12
            total -= float(np.log(right))
            slope = slope - choice.values.T @ (shares * choice.answers / right - shares)
        return total, slope

    found: Floats = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x
    return found


def main() -> None:
    """Read the folders, print how well the weights choose, and write those of all folders where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    settings = Settings.load()
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    present = np.array([told["chosen"][name] for name in NAMES], np.float64)
    read = {folder: list(choices(folder, settings)) for folder in options.folders}
    for folder, own in read.items():
        others = [choice for other, of_it in read.items() if other != folder for choice in of_it]
        for how, weights in (("present", present), ("taught by the others", fitted(others) if others else present)):
            ranks = [choice.rank(weights) for choice in own]
            among = ", ".join(f"{sum(rank < most for rank in ranks)}" for most in AMONG)
            sys.stdout.write(f"{folder.name}: {how}: {among} of {len(ranks)}\n")
    if options.write:
        weights = fitted([choice for own in read.values() for choice in own])
        told["chosen"] = {name: round(float(weight), 2) for name, weight in zip(NAMES, weights, strict=True)}
        rows = (f" {json.dumps(kind)}: {json.dumps(told[kind])}" for kind in told)
        WEIGHTS.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
