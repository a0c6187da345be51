"""How long it takes until a new release is found, with `communique watch` running over an archive.

    python -m tests.benchmarks.arrival_time --eval FOLDER [--base N] [--apart]

The archive is indexed with made-up vectors under the default encoder's name, real ones where a rebuild tries them; then
the watcher is started, with the real
encoder, and 1, 10 and 100 releases are written into its folder. The clock runs from the last file closed until this
process, which asks as the chat page does, finds the last of them. `--apart`: the archive is a file for each release.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.embedding import Encoder
from index.opening import open_encoder
from index.rebuilding import Rebuilder
from index.settings import Settings
from index.snapshots import VECTORS, SnapshotStore
from index.vector_store import VectorStore
from rag.library import Library
from tests.benchmarks.editions import own_word
from tests.benchmarks.parts import both, found, options, show, write_each, write_lines
from tests.evaluation.retrieval_sets import Record
from tests.evaluation.scale import MadeUp

ASKED = {1: 2, 10: 4, 100: 20}
"""Seconds by the number of releases that arrive together."""

PATIENCE = 300
"""Seconds after which a release counts as not found."""

POLL = 0.05

TRIED = 600
"""Rows about the middle that may be tried, as many as half of what arrives."""


@contextmanager
def watching(folder: Path, home: Path, settings: Settings) -> Iterator[None]:
    """`communique watch` over a folder, from when it says that it is ready to the end of the block."""
    environment = {
        **os.environ,
        "COMMUNIQUE_HOME": str(home),
        "COMMUNIQUE_MODEL_FOLDER": str(settings.models_folder.resolve()),
    }
    command = [sys.executable, "-c", "from ui.cli import main; main()", "watch", str(folder), "--json"]
    # What it says later goes to a file, as a pipe that nobody reads would fill and stop it.
    with (home / "watch.log").open("w+", encoding="utf-8") as log:
        watcher = subprocess.Popen(command, env=environment, stdout=log)
        try:
            while not any(json.loads(line).get("event") == "watching" for line in _said(home / "watch.log")):
                if watcher.poll() is not None:
                    sys.exit(f"`communique watch` ended with exit code {watcher.returncode}")
                time.sleep(POLL)
            yield
        finally:
            watcher.terminate()
            watcher.wait()


def _said(log: Path) -> list[str]:
    """The whole lines said so far."""
    return log.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()


def arrive(library: Library, folder: Path, records: list[Record]) -> float | None:
    """Seconds from the last file closed until the last release is found; None where it is not."""
    word = own_word(int(time.time()))
    *others, last = records
    write_each(folder, [*others, {**last, "title": f"{last['title']} {word}"}])
    began, seen = time.perf_counter(), ""
    while time.perf_counter() - began < PATIENCE:
        reader = library.reader()
        if reader.snapshot.name != seen:
            seen = reader.snapshot.name
            if any(hit.release.id == last["id"] for hit in reader.searcher.search(word, None, 5)):
                return time.perf_counter() - began
        time.sleep(POLL)
    return None


def run(folder: Path, records: list[Record], base: int, apart: bool, encoder: Encoder) -> dict[int, float | None]:
    """Seconds by the number of releases that arrive together."""
    settings = Settings.load()
    releases, home = folder / "releases", folder / "home"
    if apart:
        write_each(releases / "archive", records[:base])
    else:
        write_lines(releases / "archive.jsonl", records[:base])
    made_up = MadeUp(encoder.name, encoder.dimensions)
    Rebuilder(home, made_up, settings.index.chunk_characters).run([releases])
    _make_true(SnapshotStore(home), encoder)
    os.sync()  # Else the first arrivals wait until the archive just written is on the disk.
    took: dict[int, float | None] = {}
    with watching(releases, home, settings):
        library = Library(home, encoder)
        for count in ASKED:
            took[count] = arrive(library, releases / f"new-{count}", records[base : base + count])
            base += count
    return took


def _make_true(store: SnapshotStore, encoder: Encoder) -> None:
    """The real vectors where a rebuild tries the new index: the first and the last row, and those about the middle."""
    snapshot = store.open()
    vectors, last = snapshot.vectors.vectors(), snapshot.vectors.count - 1
    rows = sorted({0, *range(last // 2, min(last // 2 + TRIED, last)), last})
    vectors[rows] = encoder.encode_chunks([snapshot.catalog.chunk_at(row).embedded_text for row in rows])
    snapshot.catalog.close()
    VectorStore.build(vectors).save(store.require() / VECTORS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--base", type=int, default=18_000, help="releases that are there before")
    parser.add_argument("--apart", action="store_true", help="a file for each of them, not one of JSON Lines")
    given = parser.parse_args(arguments)
    records = found(both, given.eval)
    if records is None:
        return
    base = 200 if given.small else given.base
    with tempfile.TemporaryDirectory() as folder:
        took = run(Path(folder), records, base, given.apart, open_encoder(Settings.load()))
    rows = [
        (f"{count} new, seconds until found", asked, f"{seconds:.1f}" if (seconds := took[count]) else "not found")
        for count, asked in ASKED.items()
    ]
    show(f"From file to answer, {base:,} releases there", rows)


if __name__ == "__main__":
    main()
