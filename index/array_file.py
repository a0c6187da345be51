"""Arrays that grow in their file: written piece by piece, so that a build holds one piece, and begun as a copy.

An array that a new snapshot only adds to is copied by the system, without being read, and appended to. Its length
stands in a header of fixed size, which is written last.
"""

import io
import shutil
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

_FAISS = "=4siqqq?iQ"
"""Header of FAISS for an exact index: kind, dimensions, count, twice a number unused, trained, measure, numbers."""

PARSING = threading.Lock()
"""Held while an array is opened: NumPy reads its header as Python, and two threads of Python 3.11 that do so at once
may meet a SystemError (CPython issue 106905)."""


class ArrayFile:
    """A file of numbers of one kind behind a header; a context manager. OSError where the disk refuses.

    `before` is a file of the same form whose numbers come first.
    """

    def __init__(self, path: Path, kind: str, header: Callable[[int], bytes], before: Path | None = None) -> None:
        self._header, self._kind = header, np.dtype(kind)
        if before:
            shutil.copyfile(before, path)
        self._file: BinaryIO = path.open("r+b" if before else "w+b")
        if not before:
            self._file.write(header(0))
        self._file.seek(0, 2)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with self._file:
            if error is None:
                count = (self._file.tell() - len(self._header(0))) // self._kind.itemsize
                self._file.seek(0)
                self._file.write(self._header(count))

    def append(self, numbers: NDArray[Any]) -> None:
        """Write numbers of any shape after those that are there."""
        self._file.write(np.ascontiguousarray(numbers, self._kind).data)


def counts_file(path: Path, before: Path | None = None) -> ArrayFile:
    """A file of whole numbers of 32 bits, one after another, as NumPy keeps them; `open_counts` opens it."""
    return ArrayFile(path, "<i4", _numpy_header, before)


def open_counts(path: Path) -> NDArray[np.int32]:
    """The numbers in a file, mapped into memory: read as they are used. OSError, ValueError where it is not one."""
    # Not by `np.load`, which leaves the file of a spoiled array open.
    with PARSING:
        return np.asarray(np.lib.format.open_memmap(path, mode="r"))


def vectors_file(path: Path, dimensions: int, before: Path | None = None) -> ArrayFile:
    """A file of vectors in rows, as FAISS keeps an exact index by inner product; `VectorStore` opens it."""

    def header(count: int) -> bytes:
        return struct.pack(_FAISS, b"IxFI", dimensions, count // dimensions, 1 << 20, 1 << 20, True, 0, count)

    return ArrayFile(path, "<f4", header, before)


def _numpy_header(count: int) -> bytes:
    header = io.BytesIO()
    # NumPy leaves room in it for any number of digits.
    np.lib.format.write_array_header_1_0(header, {"shape": (count,), "fortran_order": False, "descr": "<i4"})
    return header.getvalue()
