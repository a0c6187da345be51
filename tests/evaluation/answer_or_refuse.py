"""Does the program tell what its passages answer from what they do not, and what are the weights of that worth?

    python -m tests.evaluation.answer_or_refuse collect FOLDER ROWS.jsonl [--each N]
    python -m tests.evaluation.answer_or_refuse fit ROWS.jsonl [--write]

`collect` asks the questions of four public sets (`answering_sets`), each of its own passages alone, with the real
encoder and language model, and keeps what the decision rests on; what is there already is not asked again. `fit` gives
balanced accuracies, by the weights that ship and by weights fitted on other documents, and how far the probability can
be believed; `--write` puts weights fitted on all rows into `rag/answerability.json`. The release questions are never
part of this, so that the figures on them are figures on other data.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from index.dates import Window
from index.opening import open_encoder, rebuild
from index.search import Searcher
from index.settings import Settings
from index.snapshots import Snapshot, SnapshotStore
from rag import answerability
from rag.drafting import Drafter
from rag.evidence import EvidenceReader
from rag.judging import at_a_glance
from rag.opening import open_generator
from rag.probe import Held, Verdict
from rag.quoting import Draft
from tests.evaluation.answering_sets import Item, drawn

FOLDS, ROUNDS = 5, 5
STRENGTH = 1.0
"""Inverse strength of the ridge penalty (scikit-learn's C)."""

FITTED = ("features", "judged", "probed")
"""The weights that decide whether to answer."""

BINS = 5
Row = dict[str, Any]
Floats = NDArray[np.float64]


class OwnPassages(Searcher):
    """Search in the given releases alone."""

    releases: frozenset[str] = frozenset()

    def inside(self, window: Window | None) -> NDArray[np.bool_]:
        """The releases of the question at hand."""
        return np.array([name in self.releases for name in self.snapshot.numbers], np.bool_)


def passage_id(text: str) -> str:
    """The release id of a passage."""
    return sha256(text.encode()).hexdigest()[:16]


def collect(folder: Path, out: Path, each: int, settings: Settings) -> None:
    """Ask, and append a row a question to `out`."""
    items = drawn(folder, each)
    done = {row["key"] for row in read_rows(out)} if out.exists() else set()
    drafter = Drafter(open_generator(settings)[0], settings.model.max_answer_tokens)
    with tempfile.TemporaryDirectory(prefix="communique-") as home:
        snapshot = indexed(items, Path(home), settings)
        encoder = open_encoder(settings)
        searcher, reader = OwnPassages(snapshot, encoder), EvidenceReader(snapshot, encoder)
        with out.open("a", encoding="utf-8") as file:
            for item in items:
                key = passage_id(item.question + "".join(item.passages))
                if key not in done:
                    row = asked(item, searcher, reader, drafter, settings.answer.evidence_sentences)
                    file.write(json.dumps({"key": key, **row}, ensure_ascii=False) + "\n")
                    file.flush()


def indexed(items: Sequence[Item], home: Path, settings: Settings) -> Snapshot:
    """An index of all passages."""
    texts = dict.fromkeys(text for item in items for text in item.passages)
    file = home / "releases.jsonl"
    rows = ({"id": passage_id(text), "title": "", "text": text} for text in texts)
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    models = {**settings.model.model_dump(), "folder": str(settings.models_folder.resolve())}
    rebuild([file], settings=Settings.model_validate({**settings.model_dump(), "home": str(home), "model": models}))
    return SnapshotStore(home).open()


def asked(item: Item, searcher: OwnPassages, reader: EvidenceReader, drafter: Drafter, count: int) -> Row:
    """What the decision on one question rests on: the features, the model's odds, and whether its draft held."""
    searcher.releases = frozenset(map(passage_id, item.passages))
    hits = searcher.search(item.question, Window())
    evidence = reader.read(item.question, hits, count)
    features = answerability.features(item.question, evidence, searcher.snapshot.lexicon)
    ranked, held = drafter.glance(item.question, evidence, _never) or (evidence, None)
    verdict = drafter.judge(item.question, ranked, _never) if ranked else None
    said = list(drafter.draft(item.question, ranked, _never, Draft())) if ranked else []
    return {
        "part": item.part,
        "document": item.document,
        "question": item.question,
        "answerable": item.answerable,
        "features": answerability.shown(features, ranked),
        "glance": held,
        "verdict": verdict,
        "worded": bool(said),
        "text": " ".join(ready.sentence.text for ready in said),
    }


def _never() -> bool:
    return False


def read_rows(path: Path) -> list[Row]:
    """The rows that `collect` wrote."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def matrix(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    """One line a row: the values of the features named, and what the model said and held."""
    return np.array([[(row["features"] | _told(row)).get(name, 0.0) for name in names] for row in rows])


def _verdict(row: Row) -> Verdict | None:
    said, held = row["verdict"] or (None, None)
    return None if said is None else Verdict(said, Held(*held) if held else None)


def _shipped(row: Row) -> float:
    """The probability by which the program decides."""
    plain = at_a_glance(row["features"], Held(*row["glance"])) if row["glance"] else None
    return answerability.probability(row["features"], _verdict(row)) if plain is None else plain


def _told(row: Row) -> dict[str, float]:
    verdict = _verdict(row) or Verdict(0.0)
    return {"judge": verdict.said, "held": verdict.held.answers if verdict.held else 0.0}


def out_of_fold(rows: Sequence[Row], names: Sequence[str], labels: NDArray[np.bool_], seed: int) -> Floats:
    """The probability of each row by weights fitted on other documents, every set weighing the same."""
    values, found = matrix(rows, names), np.zeros(len(rows))
    documents, weights = [row["document"] for row in rows], evenly(rows)
    for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(values, labels, documents):
        found[test] = fitted(values[train], labels[train], weights[train]).predict_proba(values[test])[:, 1]
    return found


def evenly(rows: Sequence[Row]) -> Floats:
    """A weight a row, so that sets of any size weigh the same."""
    parts = [row["part"] for row in rows]
    return np.array([len(rows) / (len(set(parts)) * parts.count(part)) for part in parts])


def fitted(values: Floats, labels: NDArray[np.bool_], weights: Floats) -> LogisticRegression:
    """The logistic regression, both answers weighing the same."""
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    return model.fit(values, labels, sample_weight=weights)


def table(rows: Sequence[Row], probabilities: Floats, labels: NDArray[np.bool_], line: float) -> Iterator[str]:
    """Balanced accuracy of every set at a line, with and without the draft's say, and the area under the curve."""
    worded = np.array([row["worded"] for row in rows])
    for part in [*dict.fromkeys(row["part"] for row in rows), "all"]:
        chosen = np.array([part in (row["part"], "all") for row in rows])
        likely = probabilities[chosen] >= line
        figures = (
            balanced_accuracy_score(labels[chosen], likely),
            balanced_accuracy_score(labels[chosen], likely & worded[chosen]),
            roc_auc_score(labels[chosen], probabilities[chosen]),
        )
        yield f"| {part} | {chosen.sum()} | {' | '.join(f'{figure:.3f}' for figure in figures)} |"


def reliability(probabilities: Floats, labels: NDArray[np.bool_]) -> Iterator[str]:
    """What was foretold beside what came true, in bins of as many questions."""
    for bin_ in np.array_split(np.argsort(probabilities), BINS):
        yield f"| {probabilities[bin_].mean():.2f} | {labels[bin_].mean():.2f} | {len(bin_)} |"


def fit(path: Path, write: bool, line: float) -> None:
    """Print the tables; write the weights where that is asked."""
    rows = read_rows(path)
    labels = np.array([row["answerable"] for row in rows])
    shipped = np.array([_shipped(row) for row in rows])
    _say("| set | questions | balanced accuracy | with the draft | AUC |\n| --- | --- | --- | --- | --- |")
    _say(*table(rows, shipped, labels, line))
    weights = json.loads(answerability.WEIGHTS.read_text(encoding="utf-8"))
    for name in FITTED:
        names = [feature for feature in weights[name] if feature != "bias"]
        rounds = np.mean([out_of_fold(rows, names, labels, seed) for seed in range(ROUNDS)], axis=0)
        _say(f"\n{name}, fitted on other documents: {', '.join(names)}", *table(rows, rounds, labels, 0.5))
        _say("| foretold | true | questions |", *reliability(rounds, labels))
        model = fitted(matrix(rows, names), labels, evenly(rows))
        weights[name] = {"bias": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
        weights[name] = {key: round(float(value), 2) for key, value in weights[name].items()}
        _say(json.dumps(weights[name]))
    if write:
        answerability.WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def _say(*told: str) -> None:
    sys.stdout.write("\n".join(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)
    collecting = tasks.add_parser("collect")
    collecting.add_argument("folder", type=Path)
    collecting.add_argument("rows", type=Path)
    collecting.add_argument("--each", type=int, default=50)
    fitting = tasks.add_parser("fit")
    fitting.add_argument("rows", type=Path)
    fitting.add_argument("--write", action="store_true")
    given = parser.parse_args()
    settings = Settings.load()
    if given.task == "collect":
        collect(given.folder, given.rows, given.each, settings)
    else:
        fit(given.rows, given.write, settings.answer.threshold)


if __name__ == "__main__":
    main()
