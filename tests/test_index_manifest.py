"""The manifest: what built a snapshot, and what a mismatch says."""

import json
from pathlib import Path

import pytest

from index.errors import IndexMismatchError
from index.manifest import FORMAT, Manifest

MANIFEST = Manifest("s1", "2024-03-07T10:00:00+00:00", "fake", 4, 800, 2, 3, "2023-09-07", None, ("/a/б",))


def test_a_saved_manifest_opens_as_it_was(tmp_path: Path) -> None:
    MANIFEST.save(tmp_path)
    assert Manifest.open(tmp_path) == MANIFEST


def test_it_can_be_read_by_a_person(tmp_path: Path) -> None:
    MANIFEST.save(tmp_path)
    text = (tmp_path / "manifest.json").read_text("utf-8")
    assert '"/a/б"' in text
    assert text.count("\n") > 10


@pytest.mark.parametrize("content", [None, "", "{", "[1, 2]", "null", '"s"', f'{{"format": {FORMAT}}}'])
def test_an_unreadable_one_names_the_command(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(IndexMismatchError, match=r"no readable manifest\.json; run `communique rebuild`"):
        Manifest.open(tmp_path)


def test_another_format_names_both(tmp_path: Path) -> None:
    MANIFEST.save(tmp_path)
    fields = json.loads((tmp_path / "manifest.json").read_text("utf-8")) | {"format": 99, "news": 1}
    (tmp_path / "manifest.json").write_text(json.dumps(fields))
    with pytest.raises(IndexMismatchError, match=rf"format 99, this version reads format {FORMAT}"):
        Manifest.open(tmp_path)


def test_another_encoder_names_both_and_the_command() -> None:
    MANIFEST.require("fake", 4)
    with pytest.raises(IndexMismatchError, match=r"fake \(4 dim.* other \(8 dim.*`communique rebuild`"):
        MANIFEST.require("other", 8)


def test_another_dimension_is_a_mismatch_too() -> None:
    with pytest.raises(IndexMismatchError, match="8 dimensions"):
        MANIFEST.require("fake", 8)
