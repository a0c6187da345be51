"""A model of a disk that loses its power: what may lie under a folder when only what was synced is sure to be there.

POSIX promises little, and file systems differ in what they keep beyond it, so all of these are tried:

- a file never synced, or written since, is as it was when it was synced (else empty), cut in half, or whole;
- an entry of a folder that was made, renamed or removed since the folder was synced is as before or as after: none of
  them, all, each by itself, all but one. In a folder of mere files they share one fate; a rename is done or not done.

Only calls of Python's `os` count as syncs: what a library written in C does to be safe counts as not done.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

SYNCS = ("fsync", "fdatasync")
STEPS = (*SYNCS, "rename", "replace", "link", "symlink", "unlink", "remove", "rmdir", "mkdir")
"""Calls before and after each of which the power is cut."""

Tree = dict[str, bytes | None]
"""Files with their content and folders (None) by their paths."""

Entries = dict[str, int]
"""Names of a folder and the numbers of what they lead to."""

Change = tuple[int, str]
"""An entry that is not as it was when its folder was synced: the folder's number and the name."""


@dataclass(frozen=True)
class Cut:
    """One state that may be left, the step at which it arises first, and whether all steps were done by then."""

    step: str
    tree: Tree
    is_after: bool


class Disk:
    """Watches a folder; all that is in it at the beginning is safe on the disk, and so is the folder itself."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._contents: dict[int, bytes] = {}
        self._entries: dict[int, Entries] = {}
        # Kept open, so that the number of a file that was removed is not given to another one.
        self._open: dict[int, int] = {}
        self.look()
        self._safe_contents, self._safe_entries = dict(self._contents), dict(self._entries)

    def close(self) -> None:
        """Let go of the files."""
        for descriptor in self._open.values():
            os.close(descriptor)

    def look(self) -> None:
        """See what is there; a folder that is gone was seen empty before."""
        waiting = [self._root]
        while waiting:
            path = waiting.pop()
            if path.is_dir():
                inside = list(path.iterdir())
                self._entries[self._number(path)] = {each.name: self._number(each) for each in inside}
                waiting += inside
            else:
                self._contents[self._number(path)] = path.read_bytes()

    def sync(self, descriptor: int) -> None:
        """Take for safe what a descriptor leads to."""
        number = os.fstat(descriptor).st_ino
        if number in self._entries:
            self._safe_entries[number] = dict(self._entries[number])
        elif number in self._contents:
            self._safe_contents[number] = self._contents[number]

    def trees(self) -> Iterator[Tree]:
        """What may be left if the power is cut now; some more than once."""
        self.look()
        units = self._units()
        everything = frozenset[Change]().union(*units)
        chosen = [frozenset[Change](), everything, *units, *(everything - unit for unit in units)]
        for changes in dict.fromkeys(chosen):
            for share in (0.0, 0.5, 1.0):
                yield self._tree(changes, share)

    def _number(self, path: Path) -> int:
        number = path.stat().st_ino
        if number not in self._open:
            self._open[number] = os.open(path, os.O_RDONLY)
        return number

    def _units(self) -> list[frozenset[Change]]:
        """The changes of entries not synced; those in one unit reach the disk together."""
        units: dict[tuple[int, ...], set[Change]] = {}
        for folder, now in self._entries.items():
            safe = self._safe_entries.get(folder, {})
            is_of_files = not any(number in self._entries for number in (*safe.values(), *now.values()))
            for name in safe.keys() | now.keys():
                moved = now.get(name, safe.get(name, 0))
                if now.get(name) != safe.get(name):
                    units.setdefault((folder,) if is_of_files else (folder, moved), set()).add((folder, name))
        return [frozenset(unit) for unit in units.values()]

    def _tree(self, changes: frozenset[Change], share: float) -> Tree:
        """What is left with these changes of entries and this share of what was written to files."""
        tree: Tree = {}
        waiting = [("", self._root.stat().st_ino)]
        while waiting:
            place, folder = waiting.pop()
            now, safe = self._entries[folder], self._safe_entries.get(folder, {})
            for name in sorted(safe.keys() | now.keys()):
                number = (now if (folder, name) in changes else safe).get(name)
                if number in self._entries:
                    tree[f"{place}{name}"] = None
                    waiting.append((f"{place}{name}/", number))
                elif number is not None:
                    tree[f"{place}{name}"] = self._content(number, share)
        return tree

    def _content(self, number: int, share: float) -> bytes:
        written, safe = self._contents[number], self._safe_contents.get(number)
        if written == safe or not share:
            return safe or b""
        return written[: int(share * len(written))]


@contextmanager
def cut_at_every_step(root: Path) -> Iterator[list[Cut]]:
    """All that may be left of a folder if the power is cut at any step of what is done inside; complete at its end."""
    found: dict[frozenset[tuple[str, bytes | None]], Cut] = {}
    cuts: list[Cut] = []
    disk = Disk(root)

    def note(step: str) -> None:
        for tree in disk.trees():
            found.setdefault(frozenset(tree.items()), Cut(step, tree, False))

    def noting(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any of the calls
            step = f"{name} {Path(f'/proc/self/fd/{args[0]}').readlink() if name in SYNCS else args[0]}"
            note(f"before {step}")
            result = call(*args, **kwargs)
            if name in SYNCS:
                disk.sync(args[0])
            note(f"after {step}")
            return result

        return noted

    with ExitStack() as patches:
        patches.callback(disk.close)
        for name in STEPS:
            patches.enter_context(patch.object(os, name, noting(name, getattr(os, name))))
        yield cuts
        found |= {frozenset(tree.items()): Cut("all was done", tree, True) for tree in disk.trees()}
    cuts.extend(found.values())


def write_tree(tree: Tree, folder: Path) -> None:
    """Lay a state out on the real disk."""
    folder.mkdir(parents=True)
    for place, content in sorted(tree.items()):
        if content is None:
            (folder / place).mkdir()
        else:
            (folder / place).write_bytes(content)
