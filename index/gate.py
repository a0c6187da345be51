"""Questions that every new index must find as well as the one before it: the gate of a rebuild.

    home/gate.jsonl     {"question": "…", "releases": ["id", …], "now": "2024-07-01"}     `now` may be left out

A question is found when one of its releases is among the first `AMONG`. Where fewer are found than before, the new
index is not swapped in, and what was lost is named.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.dates import find_window
from index.durable import append
from index.embedding import Encoder
from index.errors import IndexMismatchError, RebuildError, UsageError
from index.search import Searcher
from index.snapshots import Snapshot, SnapshotStore

NAME = "gate.jsonl"
AMONG = 5
NAMED = 5
"""Lost questions that the refusal names."""


@dataclass(frozen=True)
class Expectation:
    """A question, the ids of the releases that answer it, and the day it is asked on (None: today)."""

    question: str
    releases: Sequence[str]
    now: date | None = None


def read_gate(path: Path) -> list[Expectation]:
    """The questions of a gate file; UsageError, with the line, where one is not as it should be."""
    expectations = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            now = date.fromisoformat(row["now"]) if row.get("now") else None
            expectations.append(Expectation(str(row["question"]), [str(name) for name in row["releases"]], now))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            words = 'not {"question": "…", "releases": ["id", …]}'
            raise UsageError(f"{path}, line {number}: {words}; mend it, or give --skip-gate") from error
    return expectations


def extend_gate(path: Path, expectations: Sequence[Expectation]) -> list[Expectation]:
    """Put questions at the end of a gate file that it does not hold yet; those that were added."""
    known = {_plain(item.question) for item in read_gate(path)} if path.is_file() else set()
    added: dict[str, Expectation] = {}
    for item in expectations:
        if _plain(item.question) not in known:
            added.setdefault(_plain(item.question), item)
    if added:
        append("".join(_row(item) for item in added.values()), path)
    return list(added.values())


def check_gate(store: SnapshotStore, after: Snapshot, encoder: Encoder) -> None:
    """RebuildError, naming what is lost, where fewer questions of the gate are found than in the live index."""
    path, live = store.home / NAME, store.manifest()
    if not path.is_file() or live is None or (live.encoder, live.dimensions) != (encoder.name, encoder.dimensions):
        return  # With another encoder the live index cannot be asked; there is nothing to compare with.
    expectations, before = read_gate(path), store.open()
    try:
        was = _found(Searcher(before, encoder), expectations)
    except IndexMismatchError:
        return  # A server has lost the live index, which this rebuild mends.
    finally:
        before.catalog.close()
    now = _found(Searcher(after, encoder), expectations)
    if sum(now) < sum(was):
        lost = [item for item, old, new in zip(expectations, was, now, strict=True) if old and not new]
        names = "; ".join(f"“{item.question}” ({', '.join(item.releases)})" for item in lost[:NAMED])
        raise RebuildError(
            f"the new index finds {sum(now)} of the {len(expectations)} questions in {path}, the live one {sum(was)}, "
            f"so it is not used. Lost: {names}. Give --skip-gate to use it all the same"
        )


def _found(searcher: Searcher, expectations: Sequence[Expectation]) -> list[bool]:
    return [_is_found(searcher, item) for item in expectations]


def _is_found(searcher: Searcher, item: Expectation) -> bool:
    window = find_window(item.question, item.now or date.today())
    hits = searcher.search(item.question, window, AMONG)
    found = {release.id for hit in hits for release in (hit.release, *hit.reissues)}
    return not found.isdisjoint(item.releases)


def _plain(question: str) -> str:
    return " ".join(question.casefold().split())


def _row(item: Expectation) -> str:
    row = {"question": item.question, "releases": list(item.releases)}
    return json.dumps({**row, **({"now": item.now.isoformat()} if item.now else {})}, ensure_ascii=False) + "\n"
