"""Several ranked lists taken in turns."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TypeVar

Item = TypeVar("Item")


def alternately(lists: Sequence[Sequence[Item]], identity: Callable[[Item], str]) -> list[Item]:
    """The first of each list, then the second of each, …; what was taken before is left out."""
    found: dict[str, Item] = {}
    for row in zip_longest(*lists):
        for item in row:
            if item is not None:
                found.setdefault(identity(item), item)
    return list(found.values())
