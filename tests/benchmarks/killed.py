"""Rebuilds killed at many moments while a reader asks: does the index open, is every answer right, is nothing lost?

    python -m tests.benchmarks.killed [--moments N] [--releases N]

A process rebuilds and is killed (SIGKILL) after a delay; the delays are spread evenly over the time that a whole
rebuild takes. Every second rebuild is full (its chunks have another size), the others add, change and withdraw.
Another process asks all the time, as the chat page does. After each kill the index must open and hold the old or the
new edition, whole, and the next rebuild must end with the new one.
"""

import contextlib
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from index.rebuilding import Rebuilder
from index.snapshots import SnapshotStore
from rag.library import Library
from tests.benchmarks.editions import Edition, faults, held_edition, wrong
from tests.benchmarks.parts import Hashing, options, say, show

PAUSE = 0.01
"""Seconds that a batch of chunks takes, so that encoding is a good part of a rebuild but not nearly all of it."""

TRIES, SOONER = 5, 0.9
"""Rebuilds tried for one moment, each sooner than the last, should they end before it: their time varies."""

STAGES = ("starting", "reading", "cutting", "encoding", "writing")
"""What a rebuild tells of itself; checking and swapping are part of the last."""

AHEAD = 50
"""Editions after the last one seen that a reader tries, should it have slept through some."""

context = get_context("forkserver")
context.set_forkserver_preload(["tests.benchmarks.warm"])


@dataclass
class Reads:
    """What a reader met."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass
class Tally:
    """What came of all moments."""

    killed: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    live: Counter[str] = field(default_factory=Counter)
    unopened: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    reads: Reads = field(default_factory=Reads)

    @property
    def faults(self) -> list[str]:
        """Everything that should not have happened."""
        return [*self.unopened, *self.lost, *self.stuck, *self.reads.wrong, *self.reads.failed]


@dataclass(frozen=True)
class Ended:
    """How a process that rebuilds came to its end: exit code (-9: killed), last stage that it told, seconds."""

    code: int | None
    stage: str
    took: float


class Trial:
    """An index under one folder that is rebuilt from edition to edition by processes that are killed."""

    def __init__(self, folder: Path, size: int) -> None:
        self.home, self._shelf = folder / "home", folder / "shelf"
        self._edition, self._characters = Edition(1, size), 800
        self._took: dict[bool, float] = {}
        self.tally = Tally()
        self._edition.shelve(self._shelf)
        self.rebuild()

    def measure(self) -> None:
        """A whole rebuild of each kind, for its time."""
        for is_full in (True, False):
            self._turn_page(is_full)
            self._took[is_full] = self.rebuild().took

    def kill(self, share: float, is_full: bool) -> bool:
        """Kill a rebuild after a share of its time, look at what is left, and rebuild; False where it ended before."""
        old, new = self._turn_page(is_full)
        ended = self.rebuild(share * self._took[is_full])
        if ended.code == -9:
            kind = "full" if is_full else "incremental"
            self.tally.killed[kind] += 1
            self.tally.stages[ended.stage] += 1
        elif ended.code:
            self.tally.stuck.append(f"a rebuild, {ended.stage}: exit code {ended.code}")
        found = self._look(f"{share:.3f} of a rebuild, {ended.stage}", old, new)
        self.tally.live["new" if found == new else "old"] += ended.code == -9
        again = self.rebuild()
        # Measured anew each time, as other work on the machine comes and goes.
        if ended.code == 0:
            self._took[is_full] = ended.took
        elif found == old and again.code == 0:
            self._took[is_full] = again.took
        names = [path.name for path in (self.home / "snapshots").iterdir()]
        if again.code or len(names) > 2 or any(name.startswith(".") for name in names):
            self.tally.stuck.append(f"after {share:.3f} of a rebuild: exit code {again.code}, {names}")
        self._look(f"the rebuild after {share:.3f} of one", new)
        return ended.code == -9

    def _turn_page(self, is_full: bool) -> tuple[Edition, Edition]:
        old, new = self._edition, Edition(self._edition.number + 1, self._edition.size)
        self._characters += is_full
        new.shelve(self._shelf)
        self._edition = new
        return old, new

    def rebuild(self, kill_after: float | None = None) -> Ended:
        """Rebuild in a process of its own; kill it after some seconds, or let it end."""
        hears, tells = context.Pipe(duplex=False)
        child = context.Process(target=_rebuild, args=(self.home, self._shelf, self._characters, tells))
        child.start()
        tells.close()
        stage = str(hears.recv())
        began = time.perf_counter()
        child.join(kill_after)
        took = time.perf_counter() - began
        child.kill()
        child.join()
        with contextlib.suppress(EOFError, OSError):
            while True:
                stage = str(hears.recv())
        return Ended(child.exitcode, stage, took)

    def _look(self, moment: str, *among: Edition) -> Edition | None:
        """The edition that the index holds; faults go to the tally."""
        try:
            snapshot = SnapshotStore(self.home).open()
        except Exception as error:
            self.tally.unopened.append(f"{moment}: {error!r}")
            return None
        held = held_edition(snapshot, among)
        if held is None:
            ids = set(snapshot.catalog.digests())
            missing = [sorted(set(edition.texts) - ids) for edition in among]
            self.tally.lost.append(f"{moment}: neither edition; missing {missing}")
        else:
            names = {f"r{place}" for edition in among for place in (edition.number, edition.number + edition.size - 1)}
            names |= set(random.Random(held.number).sample(sorted(held.texts), 5))
            self.tally.reads.wrong += [f"{moment}: {fault}" for fault in faults(snapshot, held, sorted(names))]
        snapshot.catalog.close()
        return held


def run(folder: Path, moments: int, size: int) -> Tally:
    """Kill rebuilds at so many moments, half of them full ones, each kind spread evenly."""
    trial = Trial(folder, size)
    with _asking(trial.home, size, trial.tally):
        trial.measure()
        for moment in range(moments):
            share = (moment + 0.5) / moments
            any(trial.kill(share * SOONER**again, moment % 2 == 0) for again in range(TRIES))
    return trial.tally


@contextlib.contextmanager
def _asking(home: Path, size: int, tally: Tally) -> Iterator[None]:
    """A process that asks all the time; what it met goes to the tally in the end."""
    hears, tells = context.Pipe(duplex=False)
    stop = context.Event()
    reader = context.Process(target=_ask, args=(home, size, stop, tells))
    reader.start()
    tells.close()
    hears.recv()
    try:
        yield
    finally:
        stop.set()
    try:
        reads: Reads = hears.recv()
    except EOFError:
        reads = Reads(failed=["the reader died"])
    reader.join()
    tally.reads.count += reads.count
    tally.reads.wrong += reads.wrong
    tally.reads.failed += reads.failed


def _rebuild(home: Path, shelf: Path, characters: int, tells: Connection) -> None:
    told = ""

    def on_progress(stage: str, done: int, total: int) -> None:
        nonlocal told
        if stage != told:
            tells.send(stage)
            told = stage

    on_progress("starting", 0, 0)
    Rebuilder(home, Hashing(PAUSE), characters, on_progress).run([shelf], lambda withdrawn, of: True)
    on_progress("ended", 0, 0)


def _ask(home: Path, size: int, stop: Event, tells: Connection) -> None:
    """Ask for one release after another; every answer must be of one edition, and none older than the last."""
    reads, chance = Reads(), random.Random(1)
    library = Library(home, Hashing())
    edition, seen = Edition(1, size), ""
    tells.send("asking")
    while not stop.is_set():
        reads.count += 1
        try:
            reader = library.reader()
            if reader.snapshot.name != seen:
                later = (Edition(edition.number + more, size) for more in range(AHEAD))
                found = held_edition(reader.snapshot, later)
                if found is None:
                    reads.wrong.append(f"{reader.snapshot.name} holds no edition from {edition.number} on")
                    continue
                edition, seen = found, reader.snapshot.name
            name = f"r{edition.number + chance.randint(-3, size + 3)}"
            if name != "r0" and not name.startswith("r-"):
                reads.wrong.extend(wrong(reader.searcher, reader.evidence, edition, name))
        except Exception:
            reads.failed.append(traceback.format_exc())
    tells.send(reads)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--releases", type=int, default=60)
    given = parser.parse_args(arguments)
    moments = 12 if given.small else given.moments
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder), moments, given.releases)
    killed, stages = tally.killed, tally.stages
    rows = [
        ("rebuilds killed: full, incremental", moments, f"{killed['full']}, {killed['incremental']}"),
        ("killed while", "", ", ".join(f"{stage} {stages[stage]}" for stage in STAGES)),
        ("live afterwards: old, new", "", f"{tally.live['old']}, {tally.live['new']}"),
        ("indexes that do not open", 0, len(tally.unopened)),
        ("indexes that hold neither the old nor the new releases", 0, len(tally.lost)),
        ("later rebuilds that failed or left remains", 0, len(tally.stuck)),
        ("wrong and failed reads", "0, 0", f"{len(tally.reads.wrong)}, {len(tally.reads.failed)}"),
        ("reads beside the rebuilds", "", f"{tally.reads.count:,}"),
    ]
    show("Killed at any moment", rows)
    for fault in tally.faults[:10]:
        say(f"\n    {fault}")


if __name__ == "__main__":
    main()
