"""An encoder and a model whose results can be worked out on paper, and makers of releases, files and indexes."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from index.embedding import Vectors
from index.errors import Cancelled, ModelError
from index.rebuilding import Rebuilder, RebuildReport
from index.release import Origin, Release
from index.snapshots import SnapshotStore
from rag.assistant import Assistant
from rag.drafting import Drafter
from rag.generation import Generator, Prompt
from rag.library import Library
from rag.probe import Glance, Held, Verdict

VOCABULARY = "oil gas wind"


class FakeEncoder:
    """Counts the words of its vocabulary, scaled to length 1: "oil, oil and gas" is (2, 1, 0, 0) / √5.

    A text with none of the words is (0, 0, 0, 1). `asked` keeps every chunk text it was given.
    """

    def __init__(self, vocabulary: str = VOCABULARY, name: str = "fake", dimensions: int = 0) -> None:
        self._places = {word: place for place, word in enumerate(vocabulary.split())}
        self.name, self.dimensions = name, dimensions or len(self._places) + 1
        self.unrelated = 0.0
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            places = [self._places[word] for word in re.findall(r"\w+", text.lower()) if word in self._places]
            np.add.at(vectors[row], places or [-1], 1)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def encode_chunks(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors:
        self.asked.extend(texts)
        if on_batch and texts:
            on_batch(len(texts))
        return self.encode_queries(texts)

    def accelerate(self) -> None:
        """There is nothing to be made faster."""


class FakeGenerator:
    """Answers from a queue, word by word, and keeps the prompts it was given; `finished` counts whole answers.

    `verdict`: what it judges, whatever is asked. `holds`, `denies`: what it holds of a sentence at a glance, where it
    shows that; `text`: what of all of them, nothing plain unless told otherwise.
    """

    name, note = "fake-model", ""

    def __init__(self, *answers: str) -> None:
        self.answers = deque(answers)
        self.prompts: list[Prompt] = []
        self.finished = 0
        self.verdict, self.text = Verdict(3.0), Held(0.0, 9.0)
        self.holds: Callable[[str], float] | None = None
        self.denies: Callable[[str], float] = lambda part: -9.0

    def warm(self, system: str) -> None:
        """Nothing to read ahead."""

    def glance(self, prompt: Prompt, parts: Sequence[str], behind: str, cancelled: Callable[[], bool]) -> Glance | None:
        self.prompts += [prompt] if self.holds else []
        return Glance([Held(self.holds(part), self.denies(part)) for part in parts], self.text) if self.holds else None

    def odds(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Verdict:
        if cancelled():
            raise Cancelled("the caller went away")
        return self.verdict

    def generate(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        self.prompts.append(prompt)
        for piece in re.findall(r"\S+\s*|\s+", self.answers.popleft()):
            if cancelled():
                raise Cancelled("the caller went away")
            yield piece
        self.finished += 1


class FailingGenerator(FakeGenerator):
    """Writes its answer and then fails, as a server does that goes away; judges where `judges` is set."""

    def __init__(self, *answers: str, judges: bool = True) -> None:
        super().__init__(*answers)
        self.judges = judges
        self.asked = 0

    def odds(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Verdict:
        self.asked += 1
        if not self.judges:
            raise ModelError("the server is away")
        return super().odds(prompt, cancelled)

    def generate(self, prompt: Prompt, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        self.asked += 1
        yield from super().generate(prompt, max_tokens, cancelled)
        raise ModelError("the server is away")


def release(name: str = "visit", text: str = "Oil and gas.", day: str = "", title: str = "A") -> Release:
    """A release; the title "A" is a stop word, so that it changes no score."""
    published = date.fromisoformat(day) if day else None
    return Release(name, text, title, Origin.GIVEN, published, Origin.GIVEN if day else Origin.UNKNOWN, "en")


def shelved(folder: Path, *releases: Release) -> Path:
    """The releases as files of a folder, one each, named after their ids."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in releases:
        day = item.date.isoformat() if item.date else None
        record = {"id": item.id, "text": item.text, "title": item.title, "date": day, "url": item.url}
        (folder / f"{item.id}.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def built(home: Path, *releases: Release, encoder: FakeEncoder | None = None, vectors: str = "") -> RebuildReport:
    """Rebuild the index under `home` so that it holds exactly these releases, searched in `vectors`."""
    shelf = home.parent / f"{home.name}-shelf"
    for old in shelf.glob("*"):
        old.unlink()
    rebuilder = Rebuilder(home, encoder or FakeEncoder(), 800, vectors=vectors)
    return rebuilder.run([shelved(shelf, *releases)], lambda withdrawn, of: True)


def opened(home: Path, generator: Generator | None = None, threshold: float = 0.0) -> Assistant:
    """An assistant over the index under `home`; with a threshold of 0 every question with evidence is answered."""
    return Assistant(Library(home, FakeEncoder()), Drafter(generator, 64), 8, threshold)


def held(home: Path) -> list[str]:
    """The ids of the releases in the live snapshot, opened as a reader would."""
    snapshot = SnapshotStore(home).open()
    ids = sorted(snapshot.catalog.digests())
    snapshot.catalog.close()
    return ids


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, to be compared before and after."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
