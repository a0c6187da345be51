"""What a rebuild will change, found before anything is: by the digests of contents, never by the times of files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.draft import SetAside
from index.errors import CommuniqueError
from index.manifest import Manifest
from index.pile import Chosen, Pile
from index.readers import Reading, read_paths
from index.release import Release
from index.snapshots import Snapshot, SnapshotStore
from index.sources import Sources

OnProgress = Callable[[str, int, int], None]
"""Called with a stage (`reading`, `encoding`, `writing`), what is done and the total (0: not known)."""


@dataclass(frozen=True)
class Plan:
    """Releases by what happens to them, as ids in order; `fresh` are the added and changed ones, to be encoded.

    `renamed` are pairs of the id before and now; `digests` is what the index will hold.
    """

    fresh: Sequence[Release]
    added: Sequence[str]
    changed: Sequence[str]
    renamed: Sequence[tuple[str, str]]
    withdrawn: Sequence[str]
    unchanged: Sequence[str]
    set_aside: Sequence[SetAside]
    digests: Mapping[str, str]

    @property
    def duplicates(self) -> list[SetAside]:
        """What is set aside because it is indexed from another place."""
        return [row for row in self.set_aside if row.duplicate]

    @property
    def unreadable(self) -> list[SetAside]:
        """What is set aside because no release could be made of it."""
        return [row for row in self.set_aside if not row.duplicate]


def make_plan(reading: Reading, before: Mapping[str, str], kept: bool = True) -> Plan:
    """Compare what was read with what the index holds, the digests by id of `before`.

    Where nothing of that index can be `kept`, every release is fresh, those under a new name among them.
    """
    now = {item.id: item.digest for item in reading.known}
    # Sorted by id; the releases themselves may lie on the disk.
    found = sorted((item.id, place, item.digest) for place, item in enumerate(reading.releases))
    now |= {name: digest for name, _, digest in found}
    gone = {before[name]: name for name in sorted(before.keys() - now.keys()) if kept}
    renamed = {}
    for name, _, digest in found:
        if name not in before and digest in gone:
            renamed[name] = gone.pop(digest)
    fresh = [row for row in found if row[0] not in renamed]
    return Plan(
        fresh=Chosen(reading.releases, [place for _, place, _ in fresh]),
        added=[name for name, _, _ in fresh if name not in before],
        changed=[name for name, _, digest in fresh if before.get(name, digest) != digest],
        renamed=[(old, new) for new, old in renamed.items()],
        withdrawn=sorted(before.keys() - now.keys() - set(renamed.values())),
        unchanged=sorted(name for name, digest in now.items() if before.get(name) == digest),
        set_aside=reading.set_aside,
        digests=now,
    )


class Planner:
    """Plans rebuilds of the index under `home` by the encoder of this name; `dimensions` 0 stands for any."""

    def __init__(self, home: Path, encoder: str, dimensions: int, characters: int, report: OnProgress) -> None:
        self._home, self._store, self._report = home, SnapshotStore(home), report
        self._encoder, self._dimensions, self._characters = encoder, dimensions, characters

    def previous(self) -> Snapshot | None:
        """The live snapshot, None where there is none that can be read."""
        try:
            return self._store.open() if self._store.live() else None
        except CommuniqueError:
            return None  # Written by another version: everything is encoded anew, nothing of it is needed.

    def fits(self, manifest: Manifest) -> bool:
        """Whether what a snapshot holds can be kept by a rebuild of today's settings."""
        same = (manifest.encoder, manifest.chunk_characters) == (self._encoder, self._characters)
        return same and self._dimensions in (0, manifest.dimensions)

    def plan(self, paths: Sequence[Path], previous: Snapshot | None) -> tuple[Plan, Sources]:
        """What a rebuild from these paths and the inbox changes, and what their files held; nothing is written."""
        before = previous.catalog.digests() if previous else {}
        sources = Sources()
        kept = previous is not None and self.fits(previous.manifest)
        if previous and kept:
            sources = Sources.open(previous.catalog.path.parent, before, previous.catalog.release)
        inbox = self._home / "inbox"
        seen = 0

        def on_file(path: Path) -> None:
            nonlocal seen
            seen += 1
            self._report("reading", seen, 0)

        pile = Pile(self._home if self._home.is_dir() else None)
        reading = read_paths([*paths, inbox] if inbox.is_dir() else paths, on_file, sources=sources, releases=pile)
        return make_plan(reading, before, kept), sources
