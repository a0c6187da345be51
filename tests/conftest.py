"""Nothing leaks in or out: no setting of the person who runs the tests, and a home folder that the test throws away."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The test's own home folder, not made yet; tests of real models see where those are, and nothing else."""
    shared = {"COMMUNIQUE_MODEL_FOLDER"} if request.node.get_closest_marker("model") else set()
    for name in [name for name in os.environ if name.startswith(("COMMUNIQUE_", "HF_")) and name not in shared]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COMMUNIQUE_HOME", str(tmp_path / "home"))
    before = Path.cwd()
    yield tmp_path / "home"
    if Path.cwd() != before:
        os.chdir(before)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Milvus Lite, which runs in threads of this process; every home has its own collections in it."""
    path = str(tmp_path_factory.mktemp("milvus") / "lite.db")
    yield path
    from milvus_lite.server_manager import server_manager_instance

    from index.vector_server import server_at

    server_at.cache_clear()
    server_manager_instance.release_server(path)
