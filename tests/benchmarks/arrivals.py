"""Two weeks of arrivals, with questions in between: is all found once it is there, do disk and memory stay flat?

    python -m tests.benchmarks.arrivals --eval FOLDER [--base N] [--real]

Releases of the White House arrive as files, day by day in the order of their dates, in a folder that is rebuilt from in
this process, which asks as the chat page does: for each new title before and after the rebuild, for one that was
withdrawn, and for some of earlier days. `--real` uses the real encoder.
"""

import gc
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.embedding import Encoder
from index.opening import open_encoder
from index.rebuilding import Rebuilder
from index.settings import Settings
from rag.library import Library
from tests.benchmarks.parts import MEGABYTE, Hashing, found, options, show, white_house, write_each
from tests.evaluation.retrieval_sets import Record
from tests.evaluation.scale import memory

DAYS = (12, 8, 20, 5, 2, 40, 15, 9, 30, 3, 2, 25, 6, 18)
"""How many arrive each day, between 2 and 40 as asked."""

SHOWN = 5
"""Releases looked at for each question, as many as the page's sources."""

SETTLED = 3
"""The day that the last one is compared with: before it libraries are still loaded and caches filled."""


@dataclass
class Day:
    """What came of one day's questions, by what was asked, and what there was in its evening, sizes in bytes."""

    answers: Counter[str]
    arrived: int
    releases: int
    snapshots: int
    live: int
    disk: int
    memory: int
    files: int


@dataclass
class Office:
    """A folder of releases, its index and the process that answers from it."""

    folder: Path
    home: Path
    encoder: Encoder
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    arrived: dict[Path, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rebuild()
        self.library = Library(self.home, self.encoder)

    def rebuild(self) -> int:
        """Rebuild from the folder; how many releases there are."""
        return Rebuilder(self.home, self.encoder, 800).run([self.folder]).releases

    def place(self, record: Record) -> int:
        """Which of the releases shown for its title a release is, from 1; 0 for none of them."""
        hits = self.library.reader().searcher.search(record["title"], None, SHOWN)
        ids = [{hit.release.id, *(again.id for again in hit.reissues)} for hit in hits]
        return next((number for number, group in enumerate(ids, 1) if record["id"] in group), 0)

    def day(self, number: int, records: list[Record], titles: Counter[str]) -> Day:
        """One day: some arrive, one of an earlier day is withdrawn, and questions are asked before and after."""
        asked = [record for record in records if titles[record["title"]] == 1]
        withdrawn = self._withdraw(titles) if number else []
        answers = Counter(early=self._found(asked), withdrawn=self._found(withdrawn))
        earlier = [record for record in self.arrived.values() if titles[record["title"]] == 1]
        new = dict(zip(write_each(self.folder / f"day-{number}", records), records, strict=True))
        releases = self.rebuild()
        self.arrived |= new
        sample = self.chance.sample(earlier, min(10, len(earlier)))
        answers.update(new=len(asked), found=self._found(asked), first=sum(self.place(record) == 1 for record in asked))
        answers.update(still=self._found(withdrawn), earlier=len(sample), kept=self._found(sample))
        gc.collect()
        return Day(
            answers=answers,
            arrived=len(records),
            releases=releases,
            snapshots=sum(path.is_dir() for path in (self.home / "snapshots").iterdir()),
            live=size(self.home / "snapshots" / self.library.reader().snapshot.name),
            disk=size(self.home),
            memory=memory(),
            files=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        )

    def _withdraw(self, titles: Counter[str]) -> list[Record]:
        """Take away the file of a release of an earlier day; the index still has it."""
        path = self.chance.choice([path for path, record in self.arrived.items() if titles[record["title"]] == 1])
        path.unlink()
        return [self.arrived.pop(path)]

    def _found(self, records: Sequence[Record]) -> int:
        return sum(bool(self.place(record)) for record in records)


def size(folder: Path) -> int:
    """Bytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(folder: Path, records: list[Record], base: int, encoder: Encoder) -> list[Day]:
    """Replay the days over an index of so many earlier releases."""
    records = sorted(records, key=lambda record: (record["date"], record["id"]))[: base + sum(DAYS)]
    titles = Counter(record["title"] for record in records)
    watched = folder / "releases"
    write_each(watched / "before", records[:base])
    office = Office(watched, folder / "home", encoder)
    days, start = [], base
    for number, count in enumerate(DAYS):
        days.append(office.day(number, records[start : start + count], titles))
        start += count
    return days


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("--base", type=int, default=2_000, help="releases that are there before the first day")
    parser.add_argument("--real", action="store_true", help="the real encoder")
    given = parser.parse_args(arguments)
    records = found(white_house, given.eval)
    if records is None:
        return
    encoder = open_encoder(Settings.load()) if given.real else Hashing()
    with tempfile.TemporaryDirectory() as folder:
        days = run(Path(folder), records, 100 if given.small else given.base, encoder)
    columns = ("day", "arrived", "releases", "snapshots", "live MB", "disk MB", "memory MB", "open files")
    each = [
        (number, day.arrived, f"{day.releases:,}", day.snapshots, f"{day.live / MEGABYTE:.1f}",
         f"{day.disk / MEGABYTE:.1f}", f"{day.memory / MEGABYTE:.0f}", day.files)
        for number, day in enumerate(days, 1)
    ]  # fmt: skip
    show("Two weeks of arrivals, day by day", each, columns)
    show("Two weeks of arrivals", _summary(days))


def _summary(days: list[Day]) -> list[tuple[object, ...]]:
    settled, last = days[SETTLED - 1], days[-1]
    answers = sum((day.answers for day in days), Counter[str]())
    grown, disk, held = (
        f"{(getattr(last, name) - getattr(settled, name)) / MEGABYTE:+.1f} MB" for name in ("live", "disk", "memory")
    )
    return [
        (f"new titles found among {SHOWN}, and first", answers["new"], f"{answers['found']}, {answers['first']}"),
        ("new titles found before they were there", 0, answers["early"]),
        ("withdrawn: found before and after", f"{len(days) - 1}, 0", f"{answers['withdrawn']}, {answers['still']}"),
        ("of earlier days, found", answers["earlier"], answers["kept"]),
        ("snapshots kept at most", 2, max(day.snapshots for day in days)),
        (f"the live snapshot grew, from day {SETTLED} to the last", "", grown),
        ("disk grew", "twice that", disk),
        ("memory grew", "about that", held),
        ("open files grew", 0, last.files - settled.files),
    ]


if __name__ == "__main__":
    main()
