"""Model files from the Hugging Face hub, or from the mirror that HF_ENDPOINT names.

The hub is asked once, with a short time limit and no retries, before anything is fetched, so that a machine without
it moves on within seconds. A transfer that breaks off goes on where it stopped, also in the next process.
"""

import os
import re
from pathlib import Path
from typing import Any

from index.errors import CommuniqueError
from index.known_models import Hub, KnownModel, ModelFile
from index.model_files import DigestError
from index.model_sources import Meter, SourceError, finish

ANSWER_SECONDS = 5.0
# What sentence-transformers never reads: other frameworks' copies of the same weights.
OTHER_WEIGHTS = """
    onnx/* openvino/* coreml/* *.onnx *.h5 *.ot *.msgpack *.tflite
    """.split()


class HubSource:
    """The hub as a source of model files; `endpoint` stands in for HF_ENDPOINT, `seconds` is its time to answer."""

    name = "the hub"
    copies = 1

    def __init__(self, endpoint: str | None = None, seconds: float = ANSWER_SECONDS) -> None:
        self._endpoint = endpoint
        self._seconds = seconds

    def offers(self, model: KnownModel) -> bool:
        """Whether the model is published on the hub."""
        return model.hub is not None

    def fetch(self, model: KnownModel, staging: Path, meter: Meter) -> None:
        """Bring every file into `staging/ready`; raises SourceError with the reason when it cannot."""
        assert model.hub is not None, "only models published on the hub are fetched from it"
        try:
            for file in model.files:
                if not (staging / "ready" / file.path).is_file():
                    self._compare(file, self.describe(model.hub, file.path))
                    self._download(model.hub, file, staging, meter)
                meter.settle(file.bytes)
        except CommuniqueError:
            raise
        except Exception as error:
            # The client's errors change their family with the HTTP library below it; all mean: not from here.
            raise SourceError(reason(error)) from error

    def describe(self, hub: Hub, path: str) -> ModelFile:
        """Size and SHA-256 of a file as the hub states them; the digest is empty for small files kept in git."""
        from huggingface_hub import get_hf_file_metadata

        try:
            metadata = get_hf_file_metadata(self._url(hub, path), timeout=self._seconds, endpoint=self._endpoint)
        except Exception as error:
            raise SourceError(f"{hub.repository}/{path}: {reason(error)}") from error
        digest = metadata.etag if metadata.etag and re.fullmatch("[0-9a-f]{64}", metadata.etag) else ""
        return ModelFile(path, metadata.size or 0, digest)

    def snapshot(self, repository: str, folder: Path, meter: Meter) -> None:
        """Bring a whole sentence-transformers repository into `folder`; raises SourceError when it cannot."""
        from huggingface_hub import snapshot_download

        self.describe(Hub(repository), "config.json")
        try:
            snapshot_download(
                repository,
                local_dir=folder,
                # Its notes about branches would otherwise land in the user's own cache folder.
                cache_dir=folder / ".cache",
                ignore_patterns=OTHER_WEIGHTS,
                endpoint=self._endpoint,
                max_workers=2,
                tqdm_class=counting_bar(meter),
            )
        except Exception as error:
            raise SourceError(reason(error)) from error

    def _compare(self, wanted: ModelFile, offered: ModelFile) -> None:
        """Refuse another file before a byte of it is fetched."""
        if offered.sha256 and offered.sha256 != wanted.sha256:
            raise DigestError(f"it offers {wanted.path} with SHA-256 {offered.sha256}, expected {wanted.sha256}")
        if offered.bytes and offered.bytes != wanted.bytes:
            raise SourceError(f"it offers {wanted.path} with {offered.bytes} bytes, expected {wanted.bytes}")

    def _download(self, hub: Hub, file: ModelFile, staging: Path, meter: Meter) -> None:
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        partial = staging / "hub" / file.path
        partial.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("ab") as stream:
            if stream.tell() > file.bytes:
                stream.truncate(0)
            have = stream.seek(0, os.SEEK_END)
            meter.move(have, f"fetching {file.path} from the hub")
            http_get(
                self._url(hub, file.path),
                stream,
                resume_size=have,
                # Without compression a byte counts as a byte, and a transfer can go on in the middle.
                headers=build_hf_headers() | {"Accept-Encoding": "identity"},
                expected_size=file.bytes,
                tqdm_class=counting_bar(meter),
            )
        finish(partial, staging / "ready" / file.path)

    def _url(self, hub: Hub, path: str) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(hub.repository, path, revision=hub.revision, endpoint=self._endpoint)


def counting_bar(meter: Meter) -> type[Any]:
    """A tqdm class that draws nothing and hands each step to the meter."""
    from tqdm import tqdm

    class Counting(tqdm):  # type: ignore[misc]
        def __init__(self, *args: object, **options: object) -> None:
            options.pop("name", None)
            super().__init__(*args, **options | {"disable": True})

        def update(self, n: float | None = 1) -> bool | None:
            meter.move(int(n or 0))
            return None

    return Counting


def reason(error: Exception) -> str:
    """One line about why the hub did not serve."""
    lines = str(error).strip().splitlines()
    where = os.environ.get("HF_ENDPOINT")
    return f"{lines[0] if lines else type(error).__name__}" + (f" (HF_ENDPOINT is {where})" if where else "")
