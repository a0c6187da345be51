"""What built a snapshot: written last into its folder, compared when the index is opened."""

import contextlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.errors import IndexMismatchError

FORMAT = 4
"""Raised whenever a snapshot written by older code cannot be read by newer code, or the other way round."""

NAME = "manifest.json"
_MOMENT = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Manifest:
    """The identity of a snapshot; `since` and `until` are ISO days, `paths` are what was indexed."""

    snapshot: str
    created: str
    encoder: str
    dimensions: int
    chunk_characters: int
    releases: int
    chunks: int
    since: str | None
    until: str | None
    paths: tuple[str, ...]
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        """Write the manifest into a snapshot's folder; its presence says that the snapshot is whole."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "Manifest":
        """The manifest of a snapshot's folder; IndexMismatchError where it is missing or of another format."""
        try:
            fields = dict(json.loads((folder / NAME).read_text(encoding="utf-8")))
            if fields.get("format") == FORMAT:
                return cls(**{**fields, "paths": tuple(fields["paths"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexMismatchError(f"{folder} holds no readable {NAME}; run `communique rebuild`") from error
        raise IndexMismatchError(
            f"the index was written in format {fields.get('format')}, this version reads format {FORMAT}; "
            "run `communique rebuild`"
        )

    @staticmethod
    def paths_in(folder: Path) -> tuple[str, ...]:
        """What a snapshot of any format was indexed from, () where that cannot be read."""
        try:
            paths = json.loads((folder / NAME).read_text(encoding="utf-8"))["paths"]
        except (OSError, ValueError, TypeError, KeyError):
            return ()
        is_read = isinstance(paths, list) and all(isinstance(path, str) for path in paths)
        return tuple(paths) if is_read else ()

    def require(self, encoder: str, dimensions: int) -> None:
        """IndexMismatchError, naming both values, where another encoder than the index's would be used."""
        if (encoder, dimensions) != (self.encoder, self.dimensions):
            raise IndexMismatchError(
                f"the index was built by the encoder {self.encoder} ({self.dimensions} dimensions), the settings name "
                f"{encoder} ({dimensions} dimensions); run `communique rebuild`, or set index.encoder back"
            )


def name_after(names: Iterable[str], now: datetime, content: str) -> str:
    """A snapshot's name, which begins with its moment and sorts behind all of `names`, also where the clock went back.

    By their order it is told which snapshot was before which.
    """
    for name in names:
        with contextlib.suppress(ValueError, OverflowError):  # a folder that somebody else put there
            made = datetime.strptime(name.partition("-")[0], _MOMENT).replace(tzinfo=UTC)
            now = max(now, made + timedelta(microseconds=1))
    return f"{now:{_MOMENT}}-{content}"
