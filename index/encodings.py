"""Vectors that a rebuild has paid for, kept until it ends: one that was interrupted goes on where it was.

Encoding an archive takes an hour. What is encoded is kept in a file beside the snapshots, by the text it stands for,
and is removed when a snapshot has been published.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.embedding import Encoder, Vectors

NAME = "encoded.sqlite"


class Encodings:
    """The vectors of one encoder in the file `path`; a file that cannot be read is begun anew."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._path, self._encoder = path, encoder

    def encode(self, texts: Sequence[str], on_batch: Callable[[int], None], keep: bool) -> Vectors:
        """Unit vectors of `texts`, shape (texts, dimensions); what was not kept is encoded, and kept where `keep`."""
        if not keep and not self._path.exists():
            return self._encoder.encode_chunks(texts, on_batch)
        keys = [self._key(text) for text in texts]
        found = self._read(keys)
        missing = [row for row, key in enumerate(keys) if key not in found]
        on_batch(len(texts) - len(missing))
        vectors = np.zeros((len(texts), self._encoder.dimensions), np.float32)
        for row, key in enumerate(keys):
            if key in found:
                vectors[row] = found[key]
        if missing:
            vectors[missing] = self._encoder.encode_chunks([texts[row] for row in missing], on_batch)
            if keep:
                self._write([(keys[row], vectors[row].tobytes()) for row in missing])
        return vectors

    def forget(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        return sha256(f"{self._encoder.name}\0{text}".encode("utf-8", "surrogatepass")).digest()

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        if not self._path.exists():
            return {}
        found: dict[bytes, Vectors] = {}
        try:
            with contextlib.closing(sqlite3.connect(self._path)) as connection:
                for key in keys:
                    for (vector,) in connection.execute("SELECT vector FROM encoded WHERE key = ?", (key,)):
                        found[key] = np.frombuffer(vector, np.float32)
        except sqlite3.DatabaseError:
            self.forget()
            return {}
        return {key: vector for key, vector in found.items() if vector.shape == (self._encoder.dimensions,)}

    def _write(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        with contextlib.closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS encoded (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            connection.executemany("INSERT OR REPLACE INTO encoded VALUES (?, ?)", rows)
