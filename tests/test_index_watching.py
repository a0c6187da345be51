"""Watching: a change calls for a rebuild once its file is whole, and a failed rebuild is tried again."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from index import watching
from index.errors import RebuildError
from index.rebuilding import Rebuilder, RebuildReport
from tests.fakes import FakeEncoder, held, release, shelved

OIL, GAS = release("oil", "Oil rose."), release("gas", "Gas fell.")
Events = Queue[object]
Watch = Callable[[Callable[[], RebuildReport]], Events]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return shelved(tmp_path / "shelf", OIL)


@pytest.fixture
def watched(shelf: Path) -> Iterator[Watch]:
    """Watches the shelf in a thread and hands over what happened."""
    stop, threads = threading.Event(), []

    def begin(rebuild: Callable[[], RebuildReport]) -> Events:
        events: Events = Queue()
        ready = threading.Event()
        thread = threading.Thread(target=watching.watch, args=([shelf], rebuild, events.put, ready.set, stop))
        thread.start()
        threads.append(thread)
        assert ready.wait(20)
        events.get(timeout=20)
        return events

    yield begin
    stop.set()
    for thread in threads:
        thread.join(10)


def builder(home: Path, shelf: Path) -> Callable[[], RebuildReport]:
    return lambda: Rebuilder(home, FakeEncoder(), 800).run([shelf], lambda *_: True)


def test_what_arrives_changes_and_goes_is_told(watched: Watch, home: Path, shelf: Path) -> None:
    events = watched(builder(home, shelf))
    shelved(shelf, GAS)
    assert (getattr(events.get(timeout=20), "releases", None), held(home)) == (2, ["gas", "oil"])
    shelved(shelf, release("gas", "Gas rose."))
    assert getattr(events.get(timeout=20), "changed", None) == 1
    (shelf / "gas.json").unlink()
    assert getattr(events.get(timeout=20), "withdrawn", None) == 1


def test_a_file_that_is_being_written_waits(watched: Watch, home: Path, shelf: Path) -> None:
    events = watched(builder(home, shelf))
    with (shelf / "gas.txt").open("w", encoding="utf-8") as file:
        file.write("Gas\n\nGas fell ")
        file.flush()
        assert watching.is_being_written(shelf / "gas.txt")
        threading.Event().wait(2 * (watching.TOGETHER + watching.WAIT) / 1000)
        assert events.empty()
        file.write("today.")
    assert getattr(events.get(timeout=20), "added", None) == 1
    assert not watching.is_being_written(shelf / "gas.txt")


def test_what_changes_during_the_first_rebuild_is_seen(watched: Watch, home: Path, shelf: Path) -> None:
    def rebuild() -> RebuildReport:
        report = builder(home, shelf)()
        shelved(shelf, GAS)
        return report

    events = watched(rebuild)
    assert getattr(events.get(timeout=20), "releases", None) == 2


def test_hidden_files_are_no_change(watched: Watch, home: Path, shelf: Path) -> None:
    events = watched(builder(home, shelf))
    (shelf / ".gas.json.part").write_text("half", "utf-8")
    threading.Event().wait(2 * (watching.TOGETHER + watching.WAIT) / 1000)
    assert events.empty()


def test_a_failed_rebuild_is_told_and_tried_again(
    watched: Watch, home: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN", 0.1)
    turns = iter([None, RebuildError("another rebuild is running"), None])

    def rebuild() -> RebuildReport:
        if error := next(turns):
            raise error
        return builder(home, shelf)()

    events = watched(rebuild)
    shelved(shelf, GAS)
    assert str(events.get(timeout=20)) == "another rebuild is running"
    assert getattr(events.get(timeout=20), "releases", None) == 2


def test_without_leases_a_moment_of_quiet_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(descriptor: int) -> bool:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(watching, "_is_open_for_writing", refuses)
    path = tmp_path / "gas.txt"
    path.touch()
    assert watching.is_being_written(path)
    os.utime(path, (0, 0))
    assert not watching.is_being_written(path)


def test_what_cannot_be_opened_is_not_waited_for(tmp_path: Path) -> None:
    assert not watching.is_being_written(tmp_path / "gone")
    assert not watching.is_being_written(tmp_path)
