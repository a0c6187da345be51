"""Arrays in files: written piece by piece, and opened one after another."""

from pathlib import Path

import numpy as np
import pytest

from index.array_file import PARSING, counts_file, open_counts


def test_arrays_are_opened_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = tmp_path / "counts.npy", np.lib.format.open_memmap
    with counts_file(file) as counts:
        counts.append(np.array([3, 4]))

    def opened(path: Path, mode: str) -> object:
        assert PARSING.locked()  # Python 3.11 may not read two headers at once.
        return before(path, mode)

    monkeypatch.setattr(np.lib.format, "open_memmap", opened)
    assert open_counts(file).tolist() == [3, 4]
