"""The last committed table of a measurement beside the one just printed.

`docs/evaluation.md` holds each table behind a line `<!-- table: NAME -->`, in the form in which it was printed, so that
a figure that fell is seen at once and a new table is put there by copying.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "evaluation.md"
Rows = dict[tuple[str, ...], list[str]]

_FIGURE = re.compile(r"\d+\.\d+")
NOISE = 0.005
"""A difference that is not worth a line."""


def table(text: str, name: str, keys: int) -> Rows:
    """The rows of the table called `name` by their first `keys` cells; none where the text has no such table."""
    _, found, behind = text.partition(f"<!-- table: {name} -->")
    rows: Rows = {}
    for line in behind.strip().splitlines() if found else ():
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        rows[tuple(cells[:keys])] = cells[keys:]
    return rows


def differences(now: Rows, before: Rows, columns: Mapping[str, int]) -> Iterator[str]:
    """A line for every figure that is not what it was; `columns` are the cells to compare, counted behind the keys."""
    for key, cells in now.items():
        if key not in before:
            yield f"{', '.join(key)}: not in the committed table"
            continue
        for column, place in columns.items():
            new, old = _figure(cells, place), _figure(before[key], place)
            if new is not None and old is not None and abs(new - old) >= NOISE:
                yield f"{', '.join(key)}, {column}: {old:.3f} -> {new:.3f} ({'better' if new > old else 'worse'})"


def _figure(cells: Sequence[str], place: int) -> float | None:
    found = _FIGURE.search(cells[place]) if place < len(cells) else None
    return float(found[0]) if found else None
