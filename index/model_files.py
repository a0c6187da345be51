"""Whether the files of a model on disk are the ones they claim to be.

Hashing half a gigabyte at every start would cost a second or more, so a full check leaves a stamp, `verified.json`,
beside the files: size, time of change, inode and digest of each. A file that still matches its stamp is not read
again; one that does not is hashed anew.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import ModelError
from index.known_models import ModelFile

STAMP_FILE = "verified.json"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Stamp:
    """What a file looked like when its digest was last taken."""

    bytes: int
    mtime_ns: int
    inode: int
    sha256: str

    @classmethod
    def of(cls, path: Path, sha256: str) -> "Stamp":
        """The stamp of the file as it is now, under the digest given."""
        stat = path.stat()
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino, sha256)


class DigestError(ModelError):
    """A file's SHA-256 is not the publisher's."""


def check(folder: Path, files: Sequence[ModelFile], remedy: str, on_bytes: Callable[[int], None] | None = None) -> None:
    """Return quietly when every file under `folder` is whole and its digest right.

    Raises ModelError naming the first file that is missing, cut short or another one, followed by `remedy`.
    `on_bytes` hears how many bytes were hashed.
    """
    stamps = read_stamps(folder)
    seen: dict[str, Stamp] = {}
    for file in files:
        path = folder / file.path
        if not path.is_file():
            raise ModelError(f"{path} is missing. {remedy}")
        if path.stat().st_size != file.bytes:
            raise ModelError(f"{path} holds {path.stat().st_size} bytes, {file.bytes} expected. {remedy}")
        stamp = Stamp.of(path, file.sha256)
        if stamps.get(file.path) != stamp and (found := sha256(path, on_bytes)) != file.sha256:
            raise DigestError(f"{path} has the SHA-256 {found}, but {file.sha256} is the publisher's. {remedy}")
        seen[file.path] = stamp
    if seen != stamps:
        # A shared folder may be read-only; without the stamp the next start only hashes again.
        with contextlib.suppress(PermissionError):
            write_stamps(folder, seen)


def whole(folder: Path, files: Sequence[ModelFile]) -> bool:
    """Whether every file is there with its size; cheap, for lists, and no substitute for `check`."""
    return all((folder / file.path).is_file() and (folder / file.path).stat().st_size == file.bytes for file in files)


def sha256(path: Path, on_bytes: Callable[[int], None] | None = None) -> str:
    """The SHA-256 of a file in hexadecimal, read block by block."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            if on_bytes:
                on_bytes(len(block))
    return digest.hexdigest()


def read_stamps(folder: Path) -> dict[str, Stamp]:
    """The stamps beside the files; none when they were never written or cannot be read as such."""
    try:
        table = json.loads((folder / STAMP_FILE).read_text(encoding="utf-8"))
        return {path: Stamp(**fields) for path, fields in table.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def write_stamps(folder: Path, stamps: dict[str, Stamp]) -> None:
    """Write the stamps whole or not at all."""
    fresh = folder / f".{STAMP_FILE}.{os.getpid()}"
    fresh.write_text(json.dumps({path: asdict(stamp) for path, stamp in stamps.items()}, indent=2), encoding="utf-8")
    fresh.replace(folder / STAMP_FILE)


def clear(staging: Path) -> None:
    """Remove a staging folder; an orphan of a killed run may still be writing there, and loses its place."""
    shutil.rmtree(staging, ignore_errors=True)
