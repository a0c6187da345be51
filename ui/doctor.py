"""`communique doctor`: one check a part, each finding naming its remedy."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.errors import CommuniqueError
from index.model_store import ModelStore
from index.settings import Settings
from index.snapshots import SnapshotStore

LIBRARIES = ("sentence-transformers", "faiss-cpu", "gradio", "llama-cpp-python")
ROOM = 2_000_000_000
"""Bytes that the default models and a few snapshots need."""


@dataclass(frozen=True)
class Finding:
    """What one check found; `words` name the remedy where it is not fine."""

    part: str
    fine: bool
    words: str


def examine(settings: Settings | None = None) -> list[Finding]:
    """Run every check; a check that raises is a finding, not an end."""
    try:
        settings = settings or Settings.load()
    except CommuniqueError as error:
        return [Finding("settings", False, str(error))]
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("libraries", _libraries),
        ("home", _home),
        ("encoder", _encoder),
        ("model", _model),
        ("index", _index),
    ]
    return [Finding("settings", True, "readable"), *(_found(part, check, settings) for part, check in checks)]


def _found(part: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, True, check(settings))
    except (CommuniqueError, OSError) as error:
        return Finding(part, False, str(error))


def _libraries(_: Settings) -> str:
    missing = list(_missing())
    if missing:
        raise CommuniqueError(f"{', '.join(missing)} not installed; run `pip install -e .` in the environment")
    return ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def _missing() -> Iterator[str]:
    for name in LIBRARIES:
        try:
            version(name)
        except PackageNotFoundError:
            yield name


def _home(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.home, os.W_OK):
        raise CommuniqueError(f"{settings.home} cannot be written; set COMMUNIQUE_HOME to a folder of yours")
    free = shutil.disk_usage(settings.home).free
    if free < ROOM:
        raise CommuniqueError(f"only {free / 1e9:.1f} GB free under {settings.home}; make room for {ROOM / 1e9:.0f} GB")
    return f"{settings.home.resolve()}, {free / 1e9:.0f} GB free"


def _encoder(settings: Settings) -> str:
    store, name = ModelStore(settings.models_folder), settings.index.encoder
    if name in {row.name for row in store.list()}:
        return f"{name} at {store.path(name)}"
    folder = next((path for path in (Path(name).expanduser(), store.folder / "hub" / name) if path.is_dir()), None)
    if folder is None:
        raise CommuniqueError(f"{name} is not here; `communique rebuild` fetches it, or correct index.encoder")
    return f"{name} at {folder}"


def _model(settings: Settings) -> str:
    if settings.model.server:
        from rag.opening import open_served

        with closing(open_served(settings.model)) as model:
            return model.examine()
    path, note = ModelStore(settings.models_folder).serving(settings.model.name)
    if note:
        raise CommuniqueError(note)
    return f"{settings.model.name} at {path}"


def _index(settings: Settings) -> str:
    snapshot = SnapshotStore(settings.home).open()
    manifest = snapshot.manifest
    try:
        chunks = snapshot.searched.count
    finally:
        snapshot.catalog.close()
    if manifest.encoder != settings.index.encoder:
        manifest.require(settings.index.encoder, manifest.dimensions)
    held = f"{manifest.releases} releases in {chunks} chunks, {manifest.since} to {manifest.until}"
    return f"{held}, snapshot {manifest.snapshot}"
