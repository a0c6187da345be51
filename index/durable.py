"""What must outlast a power cut: a file's content is on the disk once it is synced, its name once its folder is."""

import os
from pathlib import Path

from filelock import FileLock


def sync(path: Path) -> None:
    """Put a file's content, or the names in a folder, on the disk; OSError where it refuses."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, each with its name on the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def replace(beside: Path, target: Path) -> None:
    """Give a finished file its name in one step, both on the disk."""
    sync(beside)
    beside.replace(target)
    sync(target.parent)


def append(content: str, target: Path) -> None:
    """Put whole lines at the end of a file of the owner's alone, on the disk when this returns.

    Several processes may do so at once. A line that a crash cut short stays a line of its own.
    """
    make_folder(target.parent)
    with FileLock(target.with_suffix(".lock")):
        is_new = not target.exists()
        target.touch(0o600)
        with target.open("a+b") as file:
            if file.seek(0, os.SEEK_END) and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                file.write(b"\n")
            file.write(content.encode())
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync(target.parent)
