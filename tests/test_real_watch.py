"""`communique watch` as a process of its own, with the real encoder: what arrives is found by a reader that is open."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.opening import open_encoder
from index.settings import Settings
from rag.library import Library

ROOT = Path(__file__).parent.parent
MODELS = ROOT / ".communique" / "models"
NEW = "Kazakhstan opens an embassy in Samoa\n\n2024-03-20\n\nThe embassy in Apia was opened on Wednesday."

pytestmark = [pytest.mark.model, pytest.mark.process]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "seeds", tmp_path / "releases"))


@pytest.fixture
def watching(folder: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    chosen = {"COMMUNIQUE_HOME": str(home), "COMMUNIQUE_MODEL_FOLDER": str(MODELS)}
    command = [sys.executable, "-c", "import ui.cli; ui.cli.main()", "watch", str(folder), "--json", "--yes"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **chosen}, stdout=subprocess.PIPE, text=True) as child:
        yield child
        child.kill()


def event(child: subprocess.Popen[str], name: str) -> dict[str, Any]:
    """The next event of the watcher, which must be this one."""
    assert child.stdout
    found: dict[str, Any] = json.loads(child.stdout.readline())
    assert found["event"] == name, found
    return found


def test_an_arrival_is_found_and_a_withdrawal_is_not(watching: subprocess.Popen[str], folder: Path, home: Path) -> None:
    event(watching, "rebuilt")
    event(watching, "watching")
    library = Library(home, open_encoder(Settings.model_validate({"home": home, "model": {"folder": str(MODELS)}})))
    before = library.reader()
    (folder / "samoa.txt").write_text(NEW, "utf-8")
    assert event(watching, "rebuilt")["added"] == 1
    [hit] = library.reader().searcher.search("Where was an embassy opened in Samoa?", count=1)
    assert hit.release.id == "samoa"
    assert all(hit.release.id != "samoa" for hit in before.searcher.search("Where was an embassy opened in Samoa?"))
    (folder / "samoa.txt").unlink()
    assert event(watching, "rebuilt")["withdrawn"] == 1
    assert all(hit.release.id != "samoa" for hit in library.reader().searcher.search("embassy in Samoa"))


def test_it_ends_when_interrupted(watching: subprocess.Popen[str]) -> None:
    event(watching, "rebuilt")
    event(watching, "watching")
    time.sleep(0.5)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(20) == 130
