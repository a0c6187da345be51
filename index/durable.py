"""What must outlast a power cut: a file's content is on the disk once it is synced, its name once its folder is."""

import os
from pathlib import Path


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
