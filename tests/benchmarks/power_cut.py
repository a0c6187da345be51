"""The power cut at each step of a rebuild: whatever the disk kept, does the index open, and is nothing lost?

    python -m tests.benchmarks.power_cut [--releases N]

Four kinds of rebuild are watched: the first one, an incremental one, a full one, and one that adds a release through
the inbox. At each step that touches the disk, all that `tests/benchmarks/disk.py` takes for possible is laid out, and
must be the old index or the new one, whole; the new one once the rebuild has said that it is done. A later rebuild must
then end with the new one, and never lose a release that the index held.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.inbox import deliver
from index.rebuilding import Rebuilder
from index.snapshots import SnapshotStore
from tests.benchmarks.disk import Cut, cut_at_every_step, write_tree
from tests.benchmarks.editions import Edition, faults, held_edition
from tests.benchmarks.parts import Hashing, options, say, show
from tests.fakes import shelved

KINDS = ("first", "incremental", "full", "addition")


@dataclass
class Result:
    """How many states one kind of rebuild can leave behind, and what is wrong with which."""

    states: int
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """One kind of rebuild from an old edition (None: there is no index yet) to a new one, `home` in its own world."""

    folder: Path
    kind: str
    old: Edition | None
    new: Edition

    @property
    def world(self) -> Path:
        return self.folder / "world"

    @property
    def shelf(self) -> Path:
        """The folder that the user names; what is in it is the user's, and safe."""
        return self.folder / "shelf"

    def cuts(self) -> list[Cut]:
        """Rebuild, and all that a power cut can leave of it."""
        home = self.world / "home"
        self.world.mkdir(parents=True)
        if self.old:
            # An older one first, which the rebuild that is watched removes.
            for before in (Edition(self.old.number - 1, self.old.size), self.old):
                before.shelve(self.shelf)
                self.rebuild(home, 800)
        added = self.new.releases[max(self.new.releases, key=lambda name: int(name[1:]))]
        [file] = shelved(self.folder / "arrived", added).iterdir()
        if self.kind != "addition":
            self.new.shelve(self.shelf)
        with cut_at_every_step(self.world) as cuts:
            if self.kind == "addition":
                deliver([file], home / "inbox")
            self.rebuild(home, 801 if self.kind == "full" else 800)
        return cuts

    def rebuild(self, home: Path, characters: int) -> None:
        Rebuilder(home, Hashing(), characters).run([self.shelf], lambda withdrawn, of: True)

    def check(self, cut: Cut, place: Path) -> Iterator[str]:
        """What is wrong with what a cut left, laid out in an empty place."""
        write_tree(cut.tree, place)
        home = place / "home"
        try:
            found, wrong = self._found(home)
            yield from wrong
            if found not in (self.old, self.new):
                yield "the index is neither the old one nor the new one"
            if cut.is_after and found != self.new:
                yield "the rebuild had said that it was done, and the index is not there"
            self.rebuild(home, 800)
            later, wrong = self._found(home)
            yield from wrong
        except Exception as error:
            yield repr(error)
            return
        must_come = cut.is_after or self.kind != "addition"
        if later != self.new and (must_come or found == self.new or later != self.old):
            yield "a later rebuild does not hold what was there" if found == self.new else "a later rebuild is wrong"

    def _found(self, home: Path) -> tuple[Edition | None, list[str]]:
        """The edition that is held, and what is wrong with its answers; None where there is no index."""
        store = SnapshotStore(home)
        if store.live() is None:
            return None, []
        snapshot = store.open()
        try:
            among = [edition for edition in (self.old, self.new) if edition]
            held = held_edition(snapshot, among)
            if held is None:
                return None, ["the index holds something else"]
            return held, list(faults(snapshot, held, {name for edition in among for name in list(edition.texts)[:1]}))
        finally:
            snapshot.catalog.close()


def run(folder: Path, size: int, kinds: Sequence[str] = KINDS) -> dict[str, Result]:
    """Try each kind of rebuild with so many releases."""
    results = {}
    for kind in kinds:
        old = None if kind == "first" else Edition(2, size)
        new = Edition(2, size + 1) if kind == "addition" else Edition(3, size)
        trial = Trial(folder / kind, kind, old, new)
        cuts = trial.cuts()
        results[kind] = Result(len(cuts))
        for cut in cuts:
            wrong = list(trial.check(cut, folder / "left"))
            shutil.rmtree(folder / "left")
            results[kind].faults += [f"{kind}, {cut.step}: {fault}" for fault in wrong]
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--releases", type=int, default=40)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        results = run(Path(folder), 6 if given.small else given.releases)
    rows = [(f"{kind}: states left, wrong ones", "0 wrong", f"{result.states}, {len(result.faults)}")
            for kind, result in results.items()]  # fmt: skip
    show("Power cut at each step", rows)
    for result in results.values():
        for fault in result.faults[:10]:
            say(f"\n    {fault}")


if __name__ == "__main__":
    main()
