"""What a rebuild will change, found before anything is: by the digests of contents, never by the times of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.draft import SetAside
from index.readers import Reading
from index.release import Release


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
    now = {item.id: item.digest for item in reading.known} | {item.id: item.digest for item in reading.releases}
    gone = {before[name]: name for name in sorted(before.keys() - now.keys()) if kept}
    renamed = {}
    for release in sorted(reading.releases, key=lambda release: release.id):
        if release.id not in before and release.digest in gone:
            renamed[release.id] = gone.pop(release.digest)
    fresh = sorted((item for item in reading.releases if item.id not in renamed), key=lambda release: release.id)
    return Plan(
        fresh=fresh,
        added=[item.id for item in fresh if item.id not in before],
        changed=[item.id for item in fresh if item.id in before and before[item.id] != item.digest],
        renamed=[(old, new) for new, old in renamed.items()],
        withdrawn=sorted(before.keys() - now.keys() - set(renamed.values())),
        unchanged=sorted(name for name, digest in now.items() if before.get(name) == digest),
        set_aside=reading.set_aside,
        digests=now,
    )
