"""What the benchmarks share: an encoder for made-up releases, processes of their own, the archives, the tables."""

import argparse
import contextlib
import json
import random
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np

from index.embedding import BATCH, Vectors
from index.terms import terms
from tests.evaluation.retrieval_sets import Record, lines

Given = ParamSpec("Given")
Result = TypeVar("Result")

MEGABYTE = 1 << 20


class Hashing:
    """An encoder without a model: each word counts in two places, so that texts with common words are alike.

    `pause` are the seconds that a batch of chunks takes, so that a process can be killed in the middle of them.
    """

    name, dimensions, unrelated = "hashing", 512, 0.0

    def __init__(self, pause: float = 0.0) -> None:
        self._pause = pause

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, shape (texts, dimensions)."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            sums = [zlib.crc32(term.encode()) for term in terms(text)]
            places = [place % self.dimensions for total in sums for place in (total, total >> 16)]
            np.add.at(vectors[row], places or [0], 1)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def encode_chunks(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors of chunks, shape (texts, dimensions), batch after batch."""
        for first in range(0, len(texts), BATCH):
            time.sleep(self._pause)
            if on_batch:
                on_batch(len(texts[first : first + BATCH]))
        return self.encode_queries(texts)

    def accelerate(self) -> None:
        """There is nothing to be made faster."""


def alone(called: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """What a function returns in a fresh process, in which nothing else has taken time or memory."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(called, *args, **kwargs).result()


def swiss(folder: Path) -> list[Record]:
    """The Swiss releases; FileNotFoundError where they are missing."""
    return _records(folder / "swiss-releases" / "en.jsonl.gz", "pubdate", "text")


def white_house(folder: Path) -> list[Record]:
    """The White House releases; FileNotFoundError where they are missing."""
    return _records(folder / "whitehouse-releases" / "releases.jsonl.gz", "date", "text_md")


def both(folder: Path) -> list[Record]:
    """The releases of both, well mixed and always in the same order; FileNotFoundError where one is missing."""
    records = swiss(folder) + white_house(folder)
    random.Random(7).shuffle(records)
    return records


def _records(path: Path, day: str, text: str) -> list[Record]:
    """The rows of an archive that hold a text, as the index reads them."""
    return [
        {"id": row["id"], "title": row["title"] or "", "date": row[day], "text": row[text]}
        for row in lines(path)
        if (row[text] or "").strip()
    ]


def found(load: Callable[[Path], list[Record]], folder: Path | None) -> list[Record] | None:
    """The releases of an archive; None, said, where its folder is not named or lacks it."""
    with contextlib.suppress(FileNotFoundError):
        if folder:
            return load(folder)
    say("skipped: the release archives are missing (name their folder: --eval FOLDER)")
    return None


def write_lines(path: Path, records: Iterable[Record]) -> Path:
    """The releases as one file of JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in records)
    return path


def write_each(folder: Path, records: Iterable[Record]) -> list[Path]:
    """The releases as files, one each, and their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for row in records:
        paths.append(folder / f"{row['id']}.json")
        paths[-1].write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return paths


def options(description: str | None) -> argparse.ArgumentParser:
    """A parser with what all benchmarks understand; each adds its size."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, metavar="FOLDER", help="the folder of the release archives")
    parser.add_argument("--small", action="store_true", help="a size that takes seconds")
    return parser


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def show(title: str, rows: Iterable[Sequence[object]], columns: Sequence[str] = ("", "asked", "found")) -> None:
    """Print a Markdown table under its title."""
    say(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    for row in rows:
        say(f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |")
