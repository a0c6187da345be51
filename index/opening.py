"""From settings to the parts that need them: the encoder named there, and rebuilds with it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from index.embedding import Encoder, SentenceEncoder
from index.errors import CommuniqueError, UsageError
from index.manifest import Manifest
from index.model_store import ModelStore
from index.plan import OnProgress, Plan, Planner
from index.rebuilding import Consent, Rebuilder, RebuildReport
from index.settings import Settings
from index.snapshots import SnapshotStore

OnFetch = Callable[[int, int, str], None]


def open_encoder(settings: Settings, on_fetch: OnFetch | None = None) -> Encoder:
    """The encoder of the settings, fetched first where it is a known one and absent."""
    store = ModelStore(settings.models_folder)
    source = store.obtain(settings.index.encoder, on_fetch)
    return SentenceEncoder(settings.index.encoder, source, settings.model.threads)


def rebuild(
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
    consent: Consent = lambda withdrawn, of: False,
    settings: Settings | None = None,
    on_fetch: OnFetch | None = None,
    gate: bool = True,
) -> RebuildReport:
    """`index.rebuild` with the settings given, else with those of the file and the environment."""
    settings = settings or Settings.load()
    wanted = list(paths) or last_paths(settings)
    missing = next((path for path in wanted if not path.exists()), None)
    if missing:
        raise UsageError(f"{missing} does not exist; the index is as it was")
    return rebuilder(settings, on_progress, on_fetch).run(wanted, consent, gate)


def rebuilder(settings: Settings, on_progress: OnProgress | None = None, on_fetch: OnFetch | None = None) -> Rebuilder:
    """A rebuilder by the settings, its encoder loaded: for one rebuild after another."""
    encoder = open_encoder(settings, on_fetch)
    return Rebuilder(settings.home, encoder, settings.index.chunk_characters, on_progress, settings.index.vectors)


def plan(paths: Sequence[Path], settings: Settings) -> Plan:
    """What a rebuild from `paths` would change; no model is loaded and nothing is written."""
    planner = Planner(settings.home, settings.index.encoder, 0, settings.index.chunk_characters, lambda *_: None)
    return planner.plan(paths, planner.previous())[0]


def last_paths(settings: Settings) -> list[Path]:
    """The paths of the last rebuild, by this version or another; at first the folder of seeds."""
    store = SnapshotStore(settings.home)
    try:
        manifest = store.manifest()
        return [Path(path) for path in manifest.paths] if manifest else [settings.index.seeds]
    except CommuniqueError as error:
        paths = Manifest.paths_in(store.folder / str(store.live()))
        if not paths:
            raise UsageError(f"{error} PATH …: which releases it held cannot be read") from error
        return [Path(path) for path in paths]
