"""A rebuild that was interrupted goes on where it was: what was encoded is kept until a snapshot is published."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Vectors
from index.encodings import NAME, Encodings
from index.rebuilding import Rebuilder
from tests.fakes import FakeEncoder, release, shelved


def heard(count: int) -> None:
    """Nobody listens."""


def test_what_was_kept_is_not_encoded_again(tmp_path: Path) -> None:
    first = Encodings(tmp_path / NAME, FakeEncoder()).encode(["oil", "gas"], heard, keep=True)
    encoder = FakeEncoder()
    second = Encodings(tmp_path / NAME, encoder).encode(["wind", "gas", "oil"], heard, keep=False)
    assert encoder.asked == ["wind"]
    np.testing.assert_array_equal(second[[2, 1]], first)


@pytest.mark.parametrize("other", [FakeEncoder(name="other"), FakeEncoder(dimensions=9)])
def test_another_encoder_takes_nothing(other: FakeEncoder, tmp_path: Path) -> None:
    Encodings(tmp_path / NAME, FakeEncoder()).encode(["oil"], heard, keep=True)
    assert Encodings(tmp_path / NAME, other).encode(["oil"], heard, keep=True).shape == (1, other.dimensions)


def test_a_spoiled_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"spoiled" * 200)
    encodings = Encodings(tmp_path / NAME, FakeEncoder())
    assert encodings.encode(["oil"], heard, keep=True).shape == (1, 4)
    assert encodings.encode(["oil"], heard, keep=True).shape == (1, 4)


class Interrupted(FakeEncoder):
    """Is stopped by Ctrl-C after the first batch."""

    def encode_chunks(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors:
        if self.asked:
            raise KeyboardInterrupt
        return super().encode_chunks(texts, on_batch)


def test_an_interrupted_rebuild_goes_on(home: Path, tmp_path: Path) -> None:
    shelf = shelved(
        tmp_path / "shelf", *(release(f"r{number:03}", f"Oil rose {number} times.") for number in range(300))
    )
    with pytest.raises(KeyboardInterrupt):
        Rebuilder(home, Interrupted(), 800).run([shelf])
    encoder = FakeEncoder()
    assert Rebuilder(home, encoder, 800).run([shelf]).encoded_chunks == 300
    assert len(encoder.asked) == 300 - 256 + 3  # Three are tried before the swap.
    assert not (home / NAME).exists()
