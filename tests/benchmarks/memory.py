"""Peak memory of a full build by the number of releases: does it grow beyond what the releases and vectors take?

    python -m tests.benchmarks.memory --eval FOLDER [--sizes N,N,...]

Swiss and White House releases, well mixed, are indexed with vectors made up as by `tests/evaluation/scale.py`, each
number in a process of its own, so that the encoder's memory is left out.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from index.rebuilding import Rebuilder
from index.snapshots import SnapshotStore
from tests.benchmarks.parts import MEGABYTE, alone, both, found, options, show, write_lines
from tests.evaluation.retrieval_sets import Record
from tests.evaluation.scale import MadeUp, memory

DIMENSIONS = 384
"""As many as the default encoder has."""

ASKED = "within 20%"


def peak(folder: Path) -> tuple[int, int]:
    """Peak bytes of this process after a build, and how many chunks there are."""
    Rebuilder(folder / "home", MadeUp("made-up", DIMENSIONS), 800).run([folder / "releases.jsonl"])
    most = memory("VmHWM")  # Before the index is opened.
    return most, SnapshotStore(folder / "home").open().manifest.chunks


def run(folder: Path, records: list[Record]) -> tuple[int, int, int, int]:
    """Bytes at the peak, of the texts and of the vectors, and the number of chunks."""
    write_lines(folder / "releases.jsonl", records)
    most, chunks = alone(peak, folder)
    return most, sum(len(row["text"].encode()) for row in records), 4 * DIMENSIONS * chunks, chunks


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--sizes", default="1000,10000,18000", help="numbers of releases")
    given = parser.parse_args(arguments)
    records = found(both, given.eval)
    if records is None:
        return
    rows: list[tuple[str, ...]] = []
    first = (0, 0)
    for size in map(int, "50,100,200".split(",") if given.small else given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            most, texts, vectors, chunks = run(Path(folder), records[:size])
        rest = most - texts - vectors
        first = first if rows else (most, rest)
        sizes = [f"{count / MEGABYTE:.0f}" for count in (most, texts, vectors, rest)]
        grown = [f"{100 * (now / before - 1):+.0f}%" for now, before in zip((most, rest), first, strict=True)]
        rows.append((f"{size:,}", f"{chunks:,}", *sizes, *grown))
    columns = ("releases", "chunks", "peak MB", "texts MB", "vectors MB", "the rest MB", "peak grew", f"rest ({ASKED})")
    show("Peak memory of a full build", rows, columns)


if __name__ == "__main__":
    main()
