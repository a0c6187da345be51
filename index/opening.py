"""From settings to the parts that need them: the encoder named there, and rebuilds with it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from index.building import OnProgress
from index.embedding import Encoder, SentenceEncoder
from index.errors import CommuniqueError, UsageError
from index.model_store import ModelStore
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
) -> RebuildReport:
    """`index.rebuild` with the settings given, else with those of the file and the environment."""
    settings = settings or Settings.load()
    wanted = list(paths) or last_paths(settings)
    missing = next((path for path in wanted if not path.exists()), None)
    if missing:
        raise UsageError(f"{missing} does not exist; the index is as it was")
    builder = Rebuilder(settings.home, open_encoder(settings, on_fetch), settings.index.chunk_characters, on_progress)
    return builder.run(wanted, consent)


def last_paths(settings: Settings) -> list[Path]:
    """The paths of the last rebuild, at first the folder of seeds."""
    try:
        manifest = SnapshotStore(settings.home).manifest()
    except CommuniqueError as error:
        raise UsageError(f"{error} PATH …: which releases it held cannot be read") from error
    return [Path(path) for path in manifest.paths] if manifest else [settings.index.seeds]
