"""A folder with a thousand files that are no releases among a hundred that are: what is indexed and listed, how fast?

    python -m tests.benchmarks.hostile [--files N]

The kinds are in `tests/benchmarks/hostile_files.py`. The rebuild runs in a process of its own, which gives up the
rights of root where it has them, as root may read everything. A second table has what looks hostile and is read anyway.
"""

import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.rebuilding import Rebuilder, RebuildReport
from tests.benchmarks.hostile_files import GOOD, HOSTILE, READ, write_good, write_kinds
from tests.benchmarks.parts import Hashing, alone, options, show

NOBODY = 65534
_PLACE = re.compile(r"/hostile/(\d+)/file-(\d+)")
_PATH = re.compile(r"/\S+")
REASON = 90
"""Characters of a reason that are shown."""


@dataclass(frozen=True)
class Result:
    """What a rebuild made of the folder: releases indexed, hostile files listed by kind, a reason of each kind."""

    releases: int
    seconds: float
    listed: Counter[str]
    reasons: dict[str, str]


def run(folder: Path, files: int) -> Result:
    """Write the folder and rebuild from it."""
    releases = folder / "releases"
    good = write_good(releases / "good")
    write_kinds(HOSTILE, releases / "hostile", good, files)
    (folder / "home").mkdir()
    for path in (folder, folder / "home"):
        path.chmod(0o777)
    report, seconds = alone(_rebuild, folder)
    kinds = list(HOSTILE)
    found: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for row in report.set_aside:
        if place := _PLACE.search(row.source):
            kind = kinds[int(place[1])]
            found[place[2]] = kind
            reasons.setdefault(kind, _short(row.reason))
    return Result(report.releases, seconds, Counter(found.values()), reasons)


def _rebuild(folder: Path) -> tuple[RebuildReport, float]:
    good = folder / "releases" / "good"
    # A file of each kind first: what reading them loads may lie where only root may read.
    first = write_kinds(HOSTILE, folder / "first", good, len(HOSTILE))
    Rebuilder(folder / "first-home", Hashing(), 800).run([good, first])
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    began = time.perf_counter()
    report = Rebuilder(folder / "home", Hashing(), 800).run([folder / "releases"])
    return report, time.perf_counter() - began


def read_anyway(folder: Path) -> list[tuple[object, ...]]:
    """A row for each kind that looks hostile and is not: how many were indexed and listed, and the seconds it took."""
    good = write_good(folder / "good")
    write_kinds(READ, folder / "read", good, len(READ))
    rows: list[tuple[object, ...]] = []
    for number, kind in enumerate(READ):
        began = time.perf_counter()
        report = Rebuilder(folder / f"home-{number}", Hashing(), 800).run([good, folder / "read" / f"{number:02}"])
        took = time.perf_counter() - began
        reason = _short(report.set_aside[0].reason) if report.set_aside else ""
        rows.append((kind, report.releases - GOOD, len(report.set_aside), f"{took:.1f}", reason))
    return rows


def _short(reason: str) -> str:
    reason = " ".join(_PATH.sub("…", reason).split())
    return reason if len(reason) <= REASON else reason[: REASON - 1] + "…"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    given = parser.parse_args(arguments)
    files = 2 * len(HOSTILE) if given.small else given.files
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), files)
    rows = [
        (f"releases indexed, of {GOOD} good ones", GOOD, result.releases),
        (f"hostile files listed with a reason, of {files:,}", files, sum(result.listed.values())),
        ("seconds", 60, f"{result.seconds:.1f}"),
    ]
    show("A hostile folder", rows)
    made = Counter(list(HOSTILE)[number % len(HOSTILE)] for number in range(files))
    each = [(kind, made[kind], result.listed[kind], result.reasons.get(kind, "")) for kind in HOSTILE]
    show("Hostile files by kind", each, ("kind", "files", "listed", "reason"))
    with tempfile.TemporaryDirectory() as folder:
        anyway = read_anyway(Path(folder))
    show(
        f"Read all the same, one file with {GOOD} good ones", anyway, ("kind", "indexed", "listed", "seconds", "reason")
    )


if __name__ == "__main__":
    main()
