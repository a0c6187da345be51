"""The inbox: copies of added releases under the home folder, read by every rebuild beside the paths it names."""

import shutil
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from index.durable import make_folder, replace
from index.errors import UsageError


def deliver(paths: Sequence[Path], inbox: Path) -> list[Path]:
    """Copy files, and the files of folders, into the inbox; a name already taken by other content gets a suffix.

    Raises UsageError, before anything is copied, for a path that does not exist.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"{missing[0]} does not exist; nothing was added")
    make_folder(inbox)
    return [_copy(file, inbox) for path in paths for file in _files(path)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file, path))
    else:
        yield path


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _copy(file: Path, inbox: Path) -> Path:
    content = sha256(file.read_bytes()).hexdigest()
    target = inbox / file.name
    if target.exists() and sha256(target.read_bytes()).hexdigest() != content:
        target = inbox / f"{file.stem}-{content[:8]}{file.suffix}"
    # Beside first, then renamed: a rebuild that starts now never reads half a file.
    beside = _beside(target)
    shutil.copyfile(file, beside)
    replace(beside, target)
    return target


def put(content: bytes, target: Path, mode: int = 0o666) -> None:
    """Write a file whole or not at all, with the rights of `mode` (less the umask); its folder is made."""
    make_folder(target.parent)
    beside = _beside(target)
    beside.unlink(missing_ok=True)
    beside.touch(mode)
    try:
        beside.write_bytes(content)
        replace(beside, target)
    except OSError:
        beside.unlink(missing_ok=True)  # on a full disk, half a file takes the room of others
        raise


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")
