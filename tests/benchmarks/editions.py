"""Made-up releases in numbered editions, and the test that an index holds exactly one of them.

From one edition to the next a tenth of the releases changes, the oldest is withdrawn and a new one is added. Each has a
word of its own, by which search must find it, so that what any index should hold and find is known from its number.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.release import Release
from index.search import Searcher
from index.snapshots import Snapshot
from rag.evidence import EvidenceReader
from tests.benchmarks.parts import Hashing
from tests.fakes import release, shelved

_LETTERS = "bdfgklmnpr"
_WORDS = """the minister received an envoy in spring and signed a treaty on water railways customs visas grain pipelines
borders students tourism energy culture budgets courts forests fisheries mining ports roads health vaccines
satellites budgets elections reforms ceremonies""".split()


@dataclass(frozen=True)
class Edition:
    """The releases of one edition; the same number and size always give the same."""

    number: int
    size: int

    @cached_property
    def releases(self) -> dict[str, Release]:
        """Releases by id."""
        made = (self._release(place) for place in range(self.number, self.number + self.size))
        return {item.id: item for item in made}

    @cached_property
    def texts(self) -> dict[str, str]:
        """Texts by id."""
        return {name: item.text for name, item in self.releases.items()}

    def _release(self, place: int) -> Release:
        changed = self.number - (place + self.number) % 10
        chance = random.Random(f"{place} {changed}")
        parts = [f"{own_word(place).title()} was told on day {changed}."]
        for _ in range(chance.randint(10, 30)):
            parts.append(" ".join(chance.choices(_WORDS, k=14)).capitalize() + ".")
        return release(
            f"r{place}",
            " ".join(parts),
            f"2024-{1 + place % 12:02}-{1 + place % 28:02}",
            f"Issue {place}, {own_word(place)}",
        )

    def shelve(self, folder: Path) -> Path:
        """Make a folder hold exactly this edition, a file each."""
        shelved(folder, *self.releases.values())
        for path in folder.iterdir():
            if path.stem not in self.releases:
                path.unlink()
        return folder


def own_word(place: int) -> str:
    """The word that stands in one release alone: its number in letters that make no stem."""
    return "qux" + "".join(_LETTERS[int(digit)] for digit in str(place))


def held_edition(snapshot: Snapshot, among: Iterable[Edition]) -> Edition | None:
    """Which edition a snapshot holds, all of it and nothing else; None where it is none of them."""
    texts = {item.id: item.text for item in snapshot.catalog.releases()}
    return next((edition for edition in among if edition.texts == texts), None)


def faults(snapshot: Snapshot, edition: Edition, names: Iterable[str]) -> Iterator[str]:
    """What is wrong with the answers to questions for some releases, of this edition or of another one."""
    searcher, evidence = Searcher(snapshot, Hashing()), EvidenceReader(snapshot, Hashing())
    for name in names:
        yield from wrong(searcher, evidence, edition, name)


def wrong(searcher: Searcher, evidence: EvidenceReader, edition: Edition, name: str) -> Iterator[str]:
    """What is wrong with the answer to the question for one release's own word."""
    question = own_word(int(name[1:]))
    hits = searcher.search(question, None, 3)
    if (name in edition.texts) != (bool(hits) and hits[0].release.id == name):
        yield f"edition {edition.number}, {name}: found {[hit.release.id for hit in hits]}"
    for hit in hits:
        text = edition.texts.get(hit.release.id, "")
        spans = [(scored.chunk.start, scored.chunk.end, scored.chunk.text) for scored in hit.chunks]
        if hit.release.text != text or any(text[start:end] != part for start, end, part in spans):
            yield f"edition {edition.number}, {hit.release.id}: a text of another edition or a chunk cut wrongly"
    for item in evidence.read(question, hits, 3):
        part = item.sentence
        if edition.texts.get(part.release_id, "")[part.start : part.end] != part.text:
            yield f"edition {edition.number}, {part.id}: a sentence cut wrongly"
