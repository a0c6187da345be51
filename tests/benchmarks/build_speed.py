"""How fast a full build is: against sentence-transformers as it comes, and against our encoder alone.

    python -m tests.benchmarks.build_speed --eval FOLDER [--releases N] [--rounds N]

Swiss releases are indexed with the real encoder; the texts of their chunks, taken from the catalog, are then encoded by
`SentenceTransformer.encode` with its defaults and by our `encode_chunks`. Each is timed in a process of its own, after
its model was loaded and a few texts were encoded; in turn for so many rounds, of which the medians are compared.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from index.model_store import ModelStore
from index.opening import open_encoder
from index.rebuilding import Rebuilder
from index.settings import Settings
from index.snapshots import SnapshotStore
from tests.benchmarks.parts import alone, found, options, show, swiss, write_lines
from tests.evaluation.retrieval_sets import Record

FIRST = ["The first texts take longer, since memory is asked for and threads are started."] * 20
ASKED_FASTER, ASKED_OVERHEAD = 2.0, 1.10


def build(folder: Path) -> float:
    """Seconds of a full build, from the files to the swapped index."""
    settings = Settings.load()
    encoder = open_encoder(settings)
    encoder.encode_chunks(FIRST)
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        Rebuilder(Path(home), encoder, settings.index.chunk_characters).run([folder / "releases.jsonl"])
        took = time.perf_counter() - began
        catalog = SnapshotStore(Path(home)).open().catalog
        texts = [chunk.embedded_text for item in catalog.releases() for chunk in catalog.chunks(item).values()]
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    return took


def encode(folder: Path) -> float:
    """Seconds that our encoder takes for the same chunks."""
    encoder = open_encoder(Settings.load())
    encoder.encode_chunks(FIRST)
    texts = _texts(folder)
    began = time.perf_counter()
    encoder.encode_chunks(texts)
    return time.perf_counter() - began


def usual(folder: Path) -> float:
    """Seconds that sentence-transformers takes for the same chunks, called as its first example calls it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    settings = Settings.load()
    source = ModelStore(settings.models_folder).obtain(settings.index.encoder)
    # Our file holds half floats, which a processor multiplies slowly; as published the model has whole ones.
    model = SentenceTransformer(str(source), device="cpu", model_kwargs={"dtype": torch.float32})
    model.encode(FIRST)
    texts = _texts(folder)
    began = time.perf_counter()
    model.encode(texts)
    return time.perf_counter() - began


def _texts(folder: Path) -> list[str]:
    texts: list[str] = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    return texts


def run(folder: Path, records: list[Record], rounds: int) -> tuple[int, dict[str, float]]:
    """How many chunks there are and the median seconds of each way."""
    write_lines(folder / "releases.jsonl", records)
    took: dict[str, list[float]] = {"build": [], "encode": [], "usual": []}
    for _ in range(rounds):
        for way in (build, encode, usual):
            took[way.__name__].append(alone(way, folder))
    return len(_texts(folder)), {name: statistics.median(seconds) for name, seconds in took.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--releases", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    records = found(swiss, given.eval)
    if records is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        step = max(1, len(records) // given.releases)
        chosen = records[::step][: 20 if given.small else given.releases]
        chunks, took = run(Path(folder), chosen, 1 if given.small else given.rounds)
    rows = [
        ("releases, chunks", "", f"{len(chosen):,}, {chunks:,}"),
        ("full build, s", "", f"{took['build']:.1f}"),
        ("SentenceTransformer.encode, s", "", f"{took['usual']:.1f}"),
        ("times faster than that", ASKED_FASTER, f"{took['usual'] / took['build']:.2f}"),
        ("our encode_chunks alone, s", "", f"{took['encode']:.1f}"),
        ("full build against that, times", f"{ASKED_OVERHEAD:.2f}", f"{took['build'] / took['encode']:.2f}"),
    ]
    show("Speed of a full build", rows)


if __name__ == "__main__":
    main()
