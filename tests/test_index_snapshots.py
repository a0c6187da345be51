"""Snapshots: one pointer, whole folders, and a good one after a crash at any step."""

import re
import shutil
from collections.abc import Callable
from datetime import datetime, tzinfo
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from index import building, snapshots
from index.array_writer import ArrayWriter
from index.catalog_writer import CatalogWriter
from index.errors import IndexMismatchError, IndexMissingError, RebuildError
from index.manifest import Manifest
from index.release import Release
from index.snapshots import BUILDING, CATALOG, VECTORS, Snapshot, SnapshotStore
from index.sources import Sources
from tests.fakes import FakeEncoder, built, held, release, tree

OIL, GAS, WIND = release("oil", "Oil rose."), release("gas", "Gas fell."), release("wind", "Wind turned.")

STEPS: list[tuple[Any, str]] = [
    (FakeEncoder, "encode_chunks"),
    (CatalogWriter, "withdraw"),
    (CatalogWriter, "insert"),
    (ArrayWriter, "__enter__"),
    (ArrayWriter, "append"),
    (building, "settle"),
    (building, "save_set_aside"),
    (Sources, "save"),
    (Manifest, "save"),
    (building.Builder, "check"),
    (snapshots, "sync"),
    (Path, "rename"),
    (Path, "replace"),
    (SnapshotStore, "_remove_all_but"),
]
"""Every call that a rebuild makes to build and publish; `sync` comes several times."""


class Killed(BaseException):
    """The process dies here."""


def dies_at(wanted: int | str, home: Path, *releases: Release) -> bool:
    """Rebuild in a process that dies when it comes to a step, by number or name; False where it ended before that."""
    made = 0

    def dying(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any step
            nonlocal made
            made += 1
            if wanted in (made, name):
                raise Killed
            return step(*args, **kwargs)

        return counted

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, dying(name, getattr(owner, name)))
        try:
            built(home, *releases)
        except Killed:
            return True
    return False


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "snapshots").iterdir())


def test_nothing_built_names_folder_and_command(home: Path) -> None:
    store = SnapshotStore(home)
    assert (store.live(), store.manifest(), store.set_aside()) == (None, None, [])
    with pytest.raises(IndexMissingError, match=rf"no index under {home}; run `communique rebuild`"):
        store.open()
    assert not home.exists()


def test_the_pointer_names_the_live_one(home: Path) -> None:
    report = built(home, OIL, GAS)
    assert SnapshotStore(home).live() == report.snapshot == SnapshotStore(home).open().name
    assert names(home) == [report.snapshot]


def test_the_one_before_stays_and_older_ones_go(home: Path) -> None:
    _, second, third = (built(home, *some).snapshot for some in ([OIL], [OIL, GAS], [OIL, GAS, WIND]))
    assert names(home) == [second, third]
    (home / "current").write_text(second)  # what a rollback is
    assert held(home) == ["gas", "oil"]


def test_rolling_back_points_to_the_one_before(home: Path) -> None:
    first, second = built(home, OIL).snapshot, built(home, OIL, GAS).snapshot
    assert SnapshotStore(home).rollback() == (second, first)
    assert held(home) == ["oil"]
    with pytest.raises(RebuildError, match=f"there is no snapshot before {first}"):
        SnapshotStore(home).rollback()


def test_a_clock_that_went_back_does_not_hide_the_one_before(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime(2001, 1, 1, tzinfo=tz)

    first = built(home, OIL).snapshot
    monkeypatch.setattr(building, "datetime", Earlier)
    second, third = built(home, OIL, GAS).snapshot, built(home, OIL, GAS, WIND).snapshot
    assert first < second < third
    assert Manifest.open(home / "snapshots" / third).created == "2001-01-01T00:00:00+00:00"
    assert SnapshotStore(home).rollback() == (third, second)


def test_a_folder_of_another_name_is_no_moment(home: Path) -> None:
    built(home, OIL)
    (home / "snapshots" / "zzz-somebody's").mkdir()
    assert re.fullmatch(r"\d{8}T\d{12}-[0-9a-f]{8}", built(home, OIL, GAS).snapshot)


def test_a_rebuild_that_fails_leaves_nothing_on_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(home, OIL).snapshot
    with monkeypatch.context() as patched:
        patched.setattr(
            building, "settle", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
        with pytest.raises(RebuildError, match=r"the index is as it was: .*No space left"):
            built(home, OIL, GAS)
    assert [path.name for path in (home / "snapshots").iterdir()] == [before]


def test_a_rebuild_after_rolling_back_starts_from_there(home: Path) -> None:
    built(home, OIL)
    built(home, OIL, GAS)
    SnapshotStore(home).rollback()
    report = built(home, OIL, WIND)
    assert (report.added, report.withdrawn, held(home)) == (1, 0, ["oil", "wind"])


def test_a_spoiled_snapshot_is_not_rolled_back_to(home: Path) -> None:
    first, second = built(home, OIL).snapshot, built(home, OIL, GAS).snapshot
    (home / "snapshots" / first / VECTORS).write_bytes(b"spoiled")
    with pytest.raises(RebuildError, match=f"the snapshot before {second} cannot be used"):
        SnapshotStore(home).rollback()
    assert held(home) == ["gas", "oil"]


def test_a_withdrawn_snapshot_goes_on_answering_its_reader(home: Path) -> None:
    built(home, OIL)
    reader = SnapshotStore(home).open()
    for some in ([GAS], [WIND], [OIL, WIND]):
        built(home, *some)
    assert reader.name not in names(home)
    assert [found.text for found in reader.catalog.releases()] == [OIL.text]
    reader.catalog.close()


def test_opening_writes_nothing(home: Path) -> None:
    built(home, OIL)
    before = tree(home)
    held(home)
    assert tree(home) == before


def test_a_vanished_snapshot_is_named(home: Path) -> None:
    name = built(home, OIL).snapshot
    shutil.rmtree(home / "snapshots" / name)
    with pytest.raises(IndexMissingError, match=rf"snapshot {name} is gone .*`communique rebuild`"):
        SnapshotStore(home).open()


@pytest.mark.parametrize("part", ["manifest.json", CATALOG, VECTORS, "terms.json", "rows.npy", "frequencies.npy"])
@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04garbage"])
def test_a_spoiled_part_is_said_with_the_command(part: str, content: bytes | None, home: Path) -> None:
    path = home / "snapshots" / built(home, OIL).snapshot / part
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(IndexMismatchError, match="`communique rebuild`"):
        SnapshotStore(home).open()
    assert (built(home, OIL).releases, held(home)) == (1, ["oil"])


def test_parts_of_two_snapshots_do_not_fit(home: Path) -> None:
    first, second = built(home, OIL).snapshot, built(home, OIL, GAS).snapshot
    shutil.copy(home / "snapshots" / first / VECTORS, home / "snapshots" / second / VECTORS)
    with pytest.raises(IndexMismatchError, match="do not fit together"):
        SnapshotStore(home).open()


def test_a_crash_while_building_leaves_remains_that_nothing_points_to(home: Path) -> None:
    before = built(home, OIL).snapshot
    assert dies_at("save_set_aside", home, OIL, GAS)  # the manifest comes after it
    [remains, _] = names(home)
    assert remains.startswith(BUILDING)
    assert not (home / "snapshots" / remains / "manifest.json").exists()
    assert (SnapshotStore(home).live(), held(home)) == (before, ["oil"])


def test_a_crash_before_the_pointer_leaves_a_whole_snapshot_that_is_not_live(home: Path) -> None:
    before = built(home, OIL).snapshot
    assert dies_at("replace", home, OIL, GAS)
    assert (SnapshotStore(home).live(), held(home)) == (before, ["oil"])
    [other] = set(names(home)) - {before}
    whole = Snapshot.open(home / "snapshots" / other)
    assert sorted(whole.catalog.digests()) == ["gas", "oil"]
    whole.catalog.close()


def test_killed_at_any_step_the_index_is_as_before_or_as_after(tmp_path: Path) -> None:
    for step in count(1):
        home = tmp_path / str(step)
        before = built(home, OIL).snapshot
        if not dies_at(step, home, OIL, GAS):
            break
        is_old = SnapshotStore(home).live() == before
        assert held(home) == (["oil"] if is_old else ["gas", "oil"])
        built(home, OIL, GAS, WIND)
        assert held(home) == ["gas", "oil", "wind"]
        assert not any(name.startswith(BUILDING) for name in names(home))
    assert step > 15
