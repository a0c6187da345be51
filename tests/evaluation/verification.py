"""Measure the verifier: public sets, and drafts made false by changing one fact.

    python -m tests.evaluation.verification FOLDER RELEASES.jsonl

`FOLDER` holds the public sets (see `verification_sets`), `RELEASES.jsonl` releases with id, date, title and text. WiCE
is judged out of fold by the score, SummEdits and the drafts by what would be shown: rules and score together.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.metrics import balanced_accuracy_score

from index.release import Release, Sentence
from rag.citations import attribute
from rag.verification import EvidenceText, check
from tests.evaluation.fit_verification import ROUNDS, feature_row, out_of_fold
from tests.evaluation.perturbation import Draft, drafts
from tests.evaluation.verification_sets import DOMAINS, Claim, summedits, wice

DRAFTS = 500


def releases(path: Path) -> Iterator[Release]:
    """English releases out of a file of JSON lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        day = date.fromisoformat(record["date"])
        yield Release(record["id"], record["text"], record["title"], date=day, language="en")


def shown(draft: Draft) -> bool:
    """Whether a draft would be shown: its supports found among its evidence, and checked against them."""
    sentences = [Sentence(draft.release_id, n, n, n + len(text), text) for n, text in enumerate(draft.evidence)]
    found = attribute(draft.text, sentences, {draft.release_id: draft.published})
    evidence = [EvidenceText(draft.evidence[at], draft.published, draft.title) for at in found]
    return check(draft.text, evidence).supported


def wice_line(claims: Sequence[Claim]) -> str:
    """Balanced accuracy on WiCE, by folds that share no document."""
    rows = np.array([list(feature_row(claim).values()) for claim in claims])
    labels = np.array([claim.supported for claim in claims])
    documents = [claim.document for claim in claims]
    rounds = [out_of_fold(rows, labels, documents, seed) >= 0.5 for seed in range(ROUNDS)]
    by_score = np.mean([balanced_accuracy_score(labels, found) for found in rounds])
    by_both = balanced_accuracy_score(labels, [check(claim.text, claim.evidence).supported for claim in claims])
    return f"wice, supported against the rest: score {by_score:.3f}, rules and score {by_both:.3f}"


def summedits_lines(claims: Sequence[Claim]) -> Iterator[str]:
    """Balanced accuracy of what would be shown, in each domain and their mean."""
    judged = [(claim, check(claim.text, claim.evidence).supported) for claim in claims]
    accuracies = []
    for domain in DOMAINS:
        pairs = [(claim.supported, supported) for claim, supported in judged if claim.part == domain]
        accuracies.append(balanced_accuracy_score(*zip(*pairs, strict=True)))
        yield f"summedits, {domain}: {accuracies[-1]:.3f}"
    yield f"summedits, mean: {np.mean(accuracies):.3f}"


def draft_lines(made: Iterable[Release], seed: int) -> Iterator[str]:
    """How many false drafts are let through and how many true ones dropped, by kind."""
    true, false = drafts(list(made), DRAFTS, seed)
    started = time.process_time()
    wrong = Counter(draft.change for draft in (*true, *false) if shown(draft) != draft.true)
    spent = (time.process_time() - started) / (len(true) + len(false))
    for name, group in (("true ones dropped", true), ("let through", false)):
        counts = Counter(draft.change for draft in group)
        total = sum(wrong[change] for change in counts)
        parts = ", ".join(f"{change} {wrong[change]}/{counts[change]}" for change in sorted(counts))
        yield f"drafts (seed {seed}), {name}: {total / len(group):.1%} ({parts})"
    yield f"attribution and verification of one draft against {len(true[0].evidence)} sentences: {spent * 1e3:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    print(wice_line(list(wice(arguments.folder))))  # noqa: T201 - this is a script
    for line in summedits_lines(list(summedits(arguments.folder))):
        print(line)  # noqa: T201
    for line in draft_lines(releases(arguments.releases), arguments.seed):
        print(line)  # noqa: T201


if __name__ == "__main__":
    main()
