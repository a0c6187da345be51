"""Fit the weights of the verifier's score and say what they are worth on documents they were not fitted on.

    python -m tests.evaluation.fit_verification FOLDER [--write]

`FOLDER` holds the public sets (see `verification_sets`). The weights that ship are fitted on all of WiCE's development
claims; the figures come from five folds that share no document, five times over. SummEdits is left out of the fit: of
the features tried, none but the exact rules says anything about its edits.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from rag import meaning
from rag.meaning import features
from rag.reading import read
from rag.verification import missing_claims
from tests.evaluation.verification_sets import Claim, wice

FOLDS, ROUNDS = 5, 5
STRENGTH = 3.0
"""Inverse strength of the ridge penalty (scikit-learn's C); every feature lies between 0 and 1."""

Floats = NDArray[np.float64]


def feature_row(claim: Claim) -> dict[str, float]:
    """The features of one claim."""
    readings = [read(item.text, item.published) for item in claim.evidence]
    return features(read(claim.text), readings, missing_claims(claim.text, claim.evidence))


def out_of_fold(rows: Floats, labels: NDArray[np.bool_], documents: list[str], seed: int) -> Floats:
    """The probability of each claim by weights fitted on other documents."""
    found = np.zeros(len(labels))
    for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, labels, documents):
        found[test] = fitted(rows[train], labels[train]).predict_proba(rows[test])[:, 1]
    return found


def fitted(rows: Floats, labels: NDArray[np.bool_]) -> LogisticRegression:
    """The logistic regression, both classes weighing the same."""
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000).fit(rows, labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write rag/verification.json")
    arguments = parser.parse_args()
    claims = list(wice(arguments.folder))
    named = [feature_row(claim) for claim in claims]
    rows = np.array([list(row.values()) for row in named])
    labels = np.array([claim.supported for claim in claims])
    documents = [claim.document for claim in claims]
    found = [out_of_fold(rows, labels, documents, seed) for seed in range(ROUNDS)]
    accuracy = float(np.mean([balanced_accuracy_score(labels, p >= 0.5) for p in found]))
    area = float(np.mean([roc_auc_score(labels, p) for p in found]))
    model = fitted(rows, labels)
    weights = {name: round(float(w), 4) for name, w in zip(named[0], model.coef_[0], strict=True)}
    report = {
        "weights": {"bias": round(float(model.intercept_[0]), 4), **weights},
        "fitted_on": f"WiCE development claims ({len(claims)})",
        "out_of_fold": {"balanced_accuracy": round(accuracy, 3), "auc": round(area, 3)},
    }
    text = json.dumps(report, indent=2) + "\n"
    print(text)  # noqa: T201 - this is a script
    if arguments.write:
        Path(meaning.__file__).with_name("verification.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
