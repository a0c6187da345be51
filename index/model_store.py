"""The folder of model files: what is there, whether it is genuine, and how it gets there.

    models/
      NAME/               the files of a known model, `verified.json` beside them
      NAME/unpacked/      the encoder that a packed file holds, made once from the verified file
      hub/OWNER/REPO/     what was fetched by a hub address instead of a name
      .staging/NAME/      what a fetch in progress, or an interrupted one, has so far
      .locks/NAME         held while one process fetches; a second one waits

A file gets its final name only when it is whole and its digest right, so a crash at any moment leaves either no file
or the right one. What the staging folder holds is used by the next attempt and removed after success.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.e5_weights import convert
from index.errors import ModelError
from index.hub_source import HubSource
from index.known_models import HUB_PREFIX, Hub, Kind, KnownModel, ModelFile, read_known, split, suggestion
from index.model_files import STAMP_FILE, DigestError, check, clear, read_stamps, whole
from index.model_sources import Meter, OnProgress, Source, SourceError
from index.package_source import PackageSource

FALLBACK = "smollm2-135m"
GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True)
class ModelStatus:
    """A row of `communique models`: size in bytes; `present` means all files are there at their size."""

    name: str
    title: str
    kind: Kind
    size: int
    licence: str
    present: bool


class Serving(NamedTuple):
    """The language model file that serves, and a note for the reader when it is not the one wanted, else empty."""

    path: Path
    note: str


class AbsentError(ModelError):
    """A model that could be fetched has not been."""


class ModelStore:
    """Model files by name under one folder.

    A language model is named by a known name, a path to a GGUF file, or `hub:OWNER/REPOSITORY/FILE.gguf`; an encoder
    by a known name, a folder, or the hub id of a sentence-transformers model. `known`, `hub` and `packages` stand in
    for the table in `index/models.json`, the hub and the package index.
    """

    def __init__(
        self,
        folder: Path,
        known: Mapping[str, KnownModel] | None = None,
        hub: HubSource | None = None,
        packages: PackageSource | None = None,
    ) -> None:
        self.folder = folder
        self._known = read_known() if known is None else known
        self._hub = hub or HubSource()
        self._sources: tuple[Source, ...] = (self._hub, packages or PackageSource())

    def list(self) -> list[ModelStatus]:
        """Every known model and whether it is here."""
        return [
            ModelStatus(name, model.title, model.kind, model.bytes, model.licence, whole(self._home(name), model.files))
            for name, model in self._known.items()
        ]

    def path(self, name: str) -> Path:
        """The verified model of a known name or hub address: the GGUF file, or the encoder's folder.

        Raises AbsentError when it was never fetched, ModelError when a file is missing, cut short or another one.
        """
        model = self._stored(name)
        folder = self._home(name)
        remedy = f"Run `communique models pull {name}`."
        if model is None or not any((folder / file.path).is_file() for file in model.files):
            raise AbsentError(f"The model {name} is not in {self.folder}. {remedy}")
        check(folder, model.files, remedy)
        if not self._place(name, model).exists():
            raise AbsentError(f"{name} is not unpacked yet. {remedy}")
        return self._place(name, model)

    def resolve(self, name: str) -> Path:
        """The file of the language model that a setting names; raises ModelError when there is none such."""
        if name.startswith(HUB_PREFIX) or name in self._known:
            return self._language(name)
        path = Path(name).expanduser()
        if not path.is_file():
            if path.suffix == ".gguf" or "/" in name:
                raise ModelError(f"There is no model file {name}. Correct the setting `model.name`.")
            raise suggestion(name, self._known)
        with path.open("rb") as stream:
            if stream.read(len(GGUF_MAGIC)) != GGUF_MAGIC:
                raise ModelError(f"{name} is not a GGUF file. Correct the setting `model.name`.")
        return path

    def serving(self, name: str) -> Serving:
        """`resolve`, or the small model with a note where the wanted one was never fetched."""
        try:
            return Serving(self.resolve(name), "")
        except AbsentError as absent:
            try:
                path = self.path(FALLBACK)
            except ModelError:
                raise absent from None
        note = (
            f"The small model {FALLBACK} is in use, because {name} is not here: "
            f"`communique models pull {name}` fetches the better one."
        )
        return Serving(path, note)

    def obtain(self, name: str, on_progress: OnProgress | None = None) -> Path:
        """The folder of the encoder that a setting names, fetched first where it is known, or on the hub, and absent.

        Raises ModelError when it cannot be had.
        """
        if name in self._known:
            if self._known[name].kind != "encoder":
                raise ModelError(f"{name} is a language model, not an encoder. Correct the setting `index.encoder`.")
            return self.pull(name, on_progress)
        folder = Path(name).expanduser()
        if folder.is_dir():
            return folder
        if name.startswith((".", "/", "~")):
            raise ModelError(f"There is no folder {name}. Correct the setting `index.encoder`.")
        if name.count("/") != 1:
            raise suggestion(name, self._known)
        return self._snapshot(name, on_progress)

    def is_fetched(self, name: str) -> bool:
        """Whether a name is one that `pull` fetches, rather than a path of the user's own."""
        return name in self._known or name.startswith(HUB_PREFIX)

    def pull(self, name: str, on_progress: OnProgress | None = None) -> Path:
        """Fetch a known model, or a hub address, unless it is here and genuine; return what `path` returns.

        `on_progress` hears bytes done, bytes in all and words. Raises ModelError naming every source tried and why
        it could not serve; DigestError when what came was another file, of which nothing is kept.
        """
        with suppress(ModelError):
            return self.path(name)
        try:
            with self._locked(name, on_progress):
                return self._settled(name, on_progress)
        except OSError as error:
            raise ModelError(f"{name} could not be stored in {self.folder}: {error}.") from error

    def _settled(self, name: str, on_progress: OnProgress | None) -> Path:
        """Fetch under the lock, unless the process that held it before has just done so."""
        with suppress(ModelError):
            return self.path(name)
        model = self._wanted(name)
        meter = Meter(model.bytes, on_progress)
        if not (model.packed and whole(self._home(name), model.files)):
            self._fetch(name, model, meter)
        if model.packed:
            meter.say("unpacking")
            check(self._home(name), model.files, f"Run `communique models pull {name}`.")
            adapter = Path(__file__).with_name(model.adapter) if model.adapter else None
            convert(self._home(name) / model.files[0].path, self._place(name, model), adapter)
        return self._place(name, model)

    def _language(self, name: str) -> Path:
        if name in self._known and self._known[name].kind != "llm":
            raise ModelError(f"{name} is an encoder, not a language model. Correct the setting `model.name`.")
        return self.path(name)

    def _fetch(self, name: str, model: KnownModel, meter: Meter) -> None:
        """Try the sources in order until one brings the right files; then give them their final names."""
        staging = self._staging(name)
        reasons: list[str] = []
        for source in (source for source in self._sources if source.offers(model)):
            self._make_room(name, model.bytes * source.copies, staging)
            meter.say(f"asking {source.name} for {name}")
            try:
                source.fetch(model, staging, meter)
                meter.say("checking")
                check(staging / "ready", model.files, "Nothing of it was kept.", meter.move)
            except DigestError as error:
                clear(staging)
                reasons.append(f"From {source.name}: {error}.")
            except SourceError as error:
                reasons.append(f"From {source.name}: {error}.")
            else:
                self._install(name, model, staging)
                return
        raise ModelError(
            f"{name} could not be fetched. {' '.join(reasons)} Check the connection and run `communique models pull "
            f"{name}` again; what is whole is kept."
        )

    def _install(self, name: str, model: KnownModel, staging: Path) -> None:
        """Move verified files to their final names, one rename each, the stamp last."""
        folder = self._home(name)
        for path in [*(file.path for file in model.files), STAMP_FILE]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (staging / "ready" / path).replace(folder / path)
        clear(staging)

    def _make_room(self, name: str, needed: int, staging: Path) -> None:
        """Refuse to begin what the disk cannot hold, counting what an earlier run left."""
        staging.mkdir(parents=True, exist_ok=True)
        left = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
        free = shutil.disk_usage(staging).free
        if needed - left > free:
            raise ModelError(
                f"{name} needs {(needed - left) / 1e6:,.0f} MB in {self.folder}, and {free / 1e6:,.0f} MB are free. "
                "Make room there, or set `model.folder` to a folder on another disk."
            )

    def _snapshot(self, repository: str, on_progress: OnProgress | None) -> Path:
        """A sentence-transformers repository of the hub, complete under its final name or not there at all."""
        folder = self.folder / "hub" / repository
        if folder.is_dir():
            return folder
        address = HUB_PREFIX + repository
        try:
            with self._locked(address, on_progress):
                if not folder.is_dir():
                    meter = Meter(0, on_progress)
                    meter.say(f"fetching {repository} from the hub")
                    self._hub.snapshot(repository, self._staging(address), meter)
                    folder.parent.mkdir(parents=True, exist_ok=True)
                    self._staging(address).replace(folder)
        except (SourceError, OSError) as error:
            raise ModelError(
                f"The encoder {repository} could not be fetched from the hub: {error} "
                "Correct the setting `index.encoder`, or name a folder that holds it."
            ) from error
        return folder

    def _wanted(self, name: str) -> KnownModel:
        """What is to be fetched under a name; the hub itself says what a hub address holds."""
        if not name.startswith(HUB_PREFIX):
            return self._listed(name)
        repository, path = split(name)
        file = self._hub.describe(Hub(repository), path)
        if not file.sha256:
            raise ModelError(f"The hub states no SHA-256 for {name}, so it cannot be verified.")
        return KnownModel(path, "llm", "see the hub", (file,), Hub(repository))

    def _stored(self, name: str) -> KnownModel | None:
        """What should be in the folder of a name; for a hub address, what its stamps say was fetched."""
        if not name.startswith(HUB_PREFIX):
            return self._listed(name)
        _, path = split(name)
        stamp = read_stamps(self._home(name)).get(path)
        return KnownModel(path, "llm", "see the hub", (ModelFile(path, stamp.bytes, stamp.sha256),)) if stamp else None

    def _listed(self, name: str) -> KnownModel:
        if name not in self._known:
            raise suggestion(name, self._known)
        return self._known[name]

    def _place(self, name: str, model: KnownModel) -> Path:
        if model.packed:
            return self._home(name) / "unpacked"
        return self._home(name) if model.kind == "encoder" else self._home(name) / model.files[0].path

    def _home(self, name: str) -> Path:
        return self.folder / ("hub" / Path(split(name)[0]) if name.startswith(HUB_PREFIX) else name)

    def _staging(self, name: str) -> Path:
        return self.folder / ".staging" / name.replace("/", "--").replace(":", "-")

    @contextmanager
    def _locked(self, name: str, on_progress: OnProgress | None) -> Iterator[None]:
        """Hold the lock of a name, telling the caller when another process has it."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / ".locks" / self._staging(name).name)
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            if on_progress:
                on_progress(0, 0, f"waiting for another process that fetches {name}")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()
