"""Copies of the home folder by the commands of docs/operations.md, and an index that another version wrote."""

import json
import re
import subprocess
import threading
from pathlib import Path

import pytest

from index.errors import IndexMismatchError, RebuildError, UsageError
from index.manifest import FORMAT, Manifest
from index.opening import last_paths
from index.rebuilding import Rebuilder
from index.settings import Settings
from index.snapshots import SnapshotStore
from tests.fakes import FakeEncoder, built, held, opened, release, shelved

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
OIL, GAS = release("oil", "The price of oil rose to 80 dollars."), release("gas", "The price of gas fell.")
STATES = (["oil"], ["gas", "oil"])


def command(begins: str, **names: Path) -> str:
    """A command of the page, with paths of the test in place of its own."""
    [found] = re.findall(rf"^{begins}.*$", PAGE, re.MULTILINE)
    return re.sub(r"(?<=[ =])(\.communique|backup\.tar\.gz)", lambda name: str(names[name[1].strip(".")[:6]]), found)


def run(line: str) -> None:
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.process
def test_a_copy_made_while_rebuilds_go_on_is_whole(home: Path, tmp_path: Path) -> None:
    built(home, OIL)
    (home / "models").mkdir()
    (home / "models" / "large.gguf").write_bytes(b"weights")
    ended, failed = threading.Event(), []

    def keep_rebuilding() -> None:
        states = ([OIL, GAS], [OIL])
        for turn in range(10_000):
            if ended.is_set():
                return
            try:
                built(home, *states[turn % 2])
            except RebuildError as error:
                if "another rebuild" not in str(error):
                    failed.append(error)

    rebuilding = threading.Thread(target=keep_rebuilding)
    rebuilding.start()
    try:
        for number in range(5):
            copy, fresh = tmp_path / f"{number}.tar.gz", tmp_path / f"restored-{number}"
            run(command("flock", commun=home, backup=copy))
            run(command("mkdir", commun=fresh, backup=copy))
            assert held(fresh) in STATES
            assert not opened(fresh).ask("What did the price of oil do?").refused
            assert not (fresh / "models").exists()
    finally:
        ended.set()
        rebuilding.join(60)
    assert failed == []


@pytest.mark.process
def test_no_rebuild_begins_while_a_copy_is_made(home: Path) -> None:
    built(home, OIL)
    line = command("flock", commun=home, backup=home).partition(" tar ")[0]
    held_by = subprocess.Popen(
        ["sh", "-c", f"{line} sh -c 'echo held; read _'"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with held_by:
        assert held_by.stdout
        assert held_by.stdout.readline() == "held\n"
        with pytest.raises(RebuildError, match="another rebuild is running"):
            built(home, OIL, GAS)
        held_by.communicate("\n", timeout=20)
    assert built(home, OIL, GAS).releases == 2


def of_another_format(home: Path) -> Path:
    """Let the live snapshot be one that another version wrote; its manifest."""
    path = SnapshotStore(home).require() / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": FORMAT - 1, "older": 1}))
    return path


def test_an_index_of_another_format_is_rebuilt_by_the_command_that_the_error_names(home: Path, tmp_path: Path) -> None:
    shelf = shelved(tmp_path / "shelf", OIL, GAS)
    Rebuilder(home, FakeEncoder(), 800).run([shelf])
    of_another_format(home)
    with pytest.raises(IndexMismatchError, match=rf"format {FORMAT - 1}, .* reads format {FORMAT}; run `communique re"):
        SnapshotStore(home).open()
    assert last_paths(Settings(home=home)) == [shelf]
    report = Rebuilder(home, FakeEncoder(), 800).run(last_paths(Settings(home=home)))
    assert (report.releases, report.encoded_chunks) == (2, 2)
    assert held(home) == ["gas", "oil"]
    # Nothing is encoded twice once it is in today's format.
    assert Rebuilder(home, FakeEncoder(), 800).run([shelf]).encoded_chunks == 0


@pytest.mark.parametrize("paths", [None, 5, [1], []])
def test_where_its_paths_cannot_be_read_they_are_asked_for(paths: object, home: Path) -> None:
    built(home, OIL)
    path = of_another_format(home)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"paths": paths}))
    with pytest.raises(UsageError, match="PATH …: which releases it held cannot be read"):
        last_paths(Settings(home=home))
    assert Manifest.paths_in(home) == ()
