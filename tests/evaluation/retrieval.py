"""Find the right release: ours beside plain dense search and plain BM25 on the same chunks, over sets that are at hand.

    python -m tests.evaluation.retrieval FOLDER [--encoder NAME] [--cache FOLDER] [SET ...]

Each set is indexed once under the cache folder; a later run encodes only what is new. Prints a Markdown table of the
share of questions whose release is among the first 1, 5 and 10, with 95% intervals (Wilson), and then what is not as in
the table that docs/evaluation.md holds. Release questions that ask for the newest or of a day are also counted apart.
"""

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index.dates import find_window
from index.embedding import Encoder
from index.opening import open_encoder
from index.rebuilding import Rebuilder
from index.search import Searcher
from index.settings import Settings
from index.snapshots import SnapshotStore
from index.terms import terms
from tests.evaluation.committed import DOCUMENT, differences, table
from tests.evaluation.retrieval_sets import SETS, Query, RetrievalSet, load

DEPTH = 10
DATED = ("latest", "date")
"""Types of release questions that depend on days."""

TABLE, KEYS = "retrieval", 3
HEADING = "| set | questions | ranking | first | first 5 | first 10 | ms |\n| --- | --- | --- | --- | --- | --- | --- |"

Ranking = Callable[[Query], Sequence[str]]


@dataclass(frozen=True)
class Found:
    """How often the release was first, among the first five and ten, of how many questions."""

    first: float
    five: float
    ten: float
    questions: int

    def interval(self, share: float) -> tuple[float, float]:
        """The 95% Wilson interval of a share of the questions."""
        z, n = 1.96, max(self.questions, 1)
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


def indexed(cases: RetrievalSet, home: Path, encoder: Encoder, settings: Settings) -> Searcher:
    """A searcher over the set's releases, built under `home` or brought up to date there."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / "releases.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in cases.releases), encoding="utf-8")
    rebuilder = Rebuilder(home, encoder, settings.index.chunk_characters, vectors=settings.index.vectors)
    rebuilder.run([file], consent=lambda withdrawn, of: True)
    return Searcher(SnapshotStore(home).open(), encoder)


def rankings(searcher: Searcher, encoder: Encoder) -> dict[str, Ranking]:
    """Ours, and each half of it bare: the cosine of chunks alone, and BM25 of the question's own words alone."""
    releases = searcher.snapshot.catalog.chunk_places()[:, 0]
    ids = list(searcher.snapshot.catalog.numbers())

    def grouped(rows: Sequence[int]) -> list[str]:
        return [ids[number] for number in dict.fromkeys(int(releases[row]) for row in rows)][:DEPTH]

    def dense(query: Query) -> list[str]:
        asked = encoder.encode_queries([query.text])[0]
        return grouped(searcher.snapshot.vectors.search(asked, 20 * DEPTH)[0].tolist())

    def lexical(query: Query) -> list[str]:
        scores = searcher.snapshot.lexicon.scores([{term: 1.0} for term in dict.fromkeys(terms(query.text))])
        return grouped(np.argsort(-scores, kind="stable")[: 20 * DEPTH].tolist())

    def ours(query: Query) -> list[str]:
        window = find_window(query.text, query.now) if query.now else None
        return [hit.release.id for hit in searcher.search(query.text, window, DEPTH)]

    return {"dense": dense, "BM25": lexical, "ours": ours}


def score(ranking: Ranking, queries: Sequence[Query]) -> Found:
    """Ranks of the gold releases; where all of several are needed, the worst of them counts."""
    ranks = []
    for query in queries:
        found = list(ranking(query))
        places = [found.index(name) if name in found else DEPTH for name in query.gold]
        # Several that must all be found cannot all be first: they count as first and as among five by the best one.
        ranks.append((min(places), max(places) if query.all_needed else min(places), query.all_needed))
    count = len(ranks)
    return Found(
        sum(best < 1 for best, _, _ in ranks) / count,
        sum(worst < DEPTH if all_needed else best < 5 for best, worst, all_needed in ranks) / count,
        sum(worst < DEPTH for _, worst, _ in ranks) / count,
        count,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*", default=list(SETS), help=", ".join(name.replace(" ", "-") for name in SETS))
    parser.add_argument("--encoder", default=Settings().index.encoder)
    parser.add_argument("--cache", type=Path, default=Path(".communique/evaluation"))
    given = parser.parse_intermixed_args()
    loaded = Settings.load()
    settings = loaded.model_copy(update={"index": loaded.index.model_copy(update={"encoder": given.encoder})})
    encoder = open_encoder(settings)
    _say(f"{given.encoder}, {date.today()}\n\n<!-- table: {TABLE} -->\n{HEADING}")
    printed = ""
    known = {name.replace(" ", "-"): name for name in SETS}
    for name in (known.get(name, name) for name in given.sets):
        cases = load(name, given.folder)
        home = given.cache / f"{name.replace(' ', '-')}-{Path(given.encoder).name}"
        for row in _rows(cases, home, encoder, settings) if cases else [f"| {name} | missing | | | | | |"]:
            _say(row)
            printed += f"{row}\n"
    _say("\nNot as in docs/evaluation.md:")
    before = table(DOCUMENT.read_text(encoding="utf-8"), TABLE, KEYS)
    now = table(f"<!-- table: {TABLE} -->\n{printed}", TABLE, KEYS)
    _say("\n".join(differences(now, before, {"first": 0, "first 5": 1, "first 10": 2})) or "nothing")


def _rows(cases: RetrievalSet, home: Path, encoder: Encoder, settings: Settings) -> Iterator[str]:
    """The rows of one set, and of the part of it that depends on days."""
    searcher = indexed(cases, home, encoder, settings)
    for label, ranking in rankings(searcher, encoder).items():
        yield _row(cases, label, ranking)
    dated = [query for query in cases.queries if query.kind in DATED]
    if dated:
        for label, ranking in rankings(searcher, encoder).items():
            yield _row(RetrievalSet(f"{cases.name}, {' and '.join(DATED)}", [], dated), label, ranking)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _row(cases: RetrievalSet, label: str, ranking: Ranking) -> str:
    seconds: list[float] = []

    def timed(query: Query) -> Sequence[str]:
        began = time.perf_counter()
        found = ranking(query)
        seconds.append(time.perf_counter() - began)
        return found

    found = score(timed, cases.queries)
    low, high = found.interval(found.ten)
    return (
        f"| {cases.name} | {found.questions} | {label} | {found.first:.3f} | {found.five:.3f} | "
        f"{found.ten:.3f} ({low:.3f} to {high:.3f}) | {1000 * statistics.median(seconds):.0f} |"
    )


if __name__ == "__main__":
    main()
