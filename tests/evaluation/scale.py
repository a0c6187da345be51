"""Time and memory of search at the size of an archive: all Swiss and White House releases in one index.

    python -m tests.evaluation.scale FOLDER [--cache FOLDER] [--questions N]

The chunks, the lexical side and the encoder that reads the question are real; the vectors of the chunks are made up,
since encoding a hundred thousand chunks takes an hour and neither time nor memory depends on what a vector means. What
is found is therefore no measure of anything. Prints the median and the 95th percentile of one search, the same against
its parts called bare in turn with it, and the memory that the opened index takes beyond the encoder's.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embedding import Vectors
from index.opening import open_encoder
from index.rebuilding import Rebuilder
from index.search import CANDIDATES, Searcher
from index.settings import Settings
from index.snapshots import SnapshotStore
from tests.evaluation.retrieval_sets import load

SETS = ("swiss", "whitehouse")
WARM = 20
MEGABYTE = 1 << 20
_DRAWN = 4096
"""Vectors of which each text gets the sum of two."""
COLUMNS = ("releases", "chunks", "questions", "median ms", "95% ms", "encoder, FAISS and BM25 bare ms", "times", "MB")
HEADING = f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"


class MadeUp:
    """An encoder whose vectors are drawn by the digest of a text, under the name and with the size of the default."""

    unrelated = 0.0

    def __init__(self, name: str, dimensions: int) -> None:
        self.name, self.dimensions = name, dimensions
        self._drawn = np.random.default_rng(1).standard_normal((_DRAWN, dimensions), dtype=np.float32)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_chunks(texts)

    def encode_chunks(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors:
        digests = np.array([zlib.crc32(text.encode("utf-8", "replace")) for text in texts], np.int64)
        drawn = self._drawn[digests % _DRAWN] + self._drawn[digests // _DRAWN % _DRAWN]
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    def accelerate(self) -> None:
        """There is nothing to be made faster."""


def build(folder: Path, home: Path, settings: Settings) -> None:
    """Index all releases of the sets under `home`, and keep some titles as the questions."""
    home.mkdir(parents=True, exist_ok=True)
    questions: list[str] = []
    with (home / "releases.jsonl").open("w", encoding="utf-8") as file:
        for name in SETS:
            cases = load(name, folder)
            if cases is None:
                sys.exit(f"{folder} holds no {name} releases")
            questions += [query.text for query in cases.queries]
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in cases.releases)
    (home / "questions.json").write_text(json.dumps(questions, ensure_ascii=False), encoding="utf-8")
    encoder = MadeUp(settings.index.encoder, open_encoder(settings).dimensions)
    Rebuilder(home, encoder, settings.index.chunk_characters).run([home / "releases.jsonl"])


def measure(home: Path, count: int, settings: Settings) -> None:
    """Print the table; in a process of its own, so that nothing else has taken memory."""
    every = json.loads((home / "questions.json").read_text(encoding="utf-8"))
    questions = every[:: max(1, len(every) // (count + WARM))]
    encoder = open_encoder(settings)
    encoder.encode_queries(questions[:WARM])
    before = memory()
    searcher = Searcher(SnapshotStore(home).open(), encoder)
    snapshot = searcher.snapshot

    def bare(question: str) -> None:
        query = encoder.encode_queries([question])[0]
        snapshot.vectors.search(query, CANDIDATES)
        snapshot.lexicon.scores(snapshot.lexicon.groups(question))

    for question in questions[:WARM]:
        searcher.search(question)
        bare(question)
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    for question in questions[WARM:]:
        took["ours"].append(_milliseconds(searcher.search, question))
        took["bare"].append(_milliseconds(bare, question))
    ours, plain = (statistics.median(took[name]) for name in ("ours", "bare"))
    row = (
        f"{len(snapshot.numbers):,}",
        f"{snapshot.vectors.count:,}",
        len(took["ours"]),
        f"{ours:.1f}",
        f"{statistics.quantiles(took['ours'], n=20)[-1]:.1f}",
        f"{plain:.1f}",
        f"{ours / plain:.2f}",
        f"{(memory() - before) / MEGABYTE:.0f}",
    )
    sys.stdout.write(f"{HEADING}\n| {' | '.join(map(str, row))} |\n")


def _milliseconds(called: Callable[[str], object], question: str) -> float:
    began = time.perf_counter()
    called(question)
    return 1000 * (time.perf_counter() - began)


def memory(kind: str = "VmRSS") -> int:
    """Bytes of this process in memory now, or with "VmHWM" at its peak (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(f"{kind}:")).split()[1])


def main() -> None:
    """Build where there is no index yet, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".communique/evaluation/scale"))
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--measure", action="store_true", help="only measure what was built")
    given = parser.parse_args()
    settings = Settings.load()
    if given.measure:
        measure(given.cache, given.questions, settings)
        return
    if SnapshotStore(given.cache).live() is None:
        build(given.folder, given.cache, settings)
    subprocess.run([sys.executable, "-m", __spec__.name, *sys.argv[1:], "--measure"], check=True)


if __name__ == "__main__":
    main()
