"""A file whose content is the same is not read again; one that changed, or whose releases are gone, is."""

from pathlib import Path

import pytest

from index.errors import IndexMismatchError
from index.readers import Reading, read_paths
from index.release import Known
from index.sources import NAME, Sources

TEXT = "Oil\n\nOil rose on Monday."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "oil.txt").write_text(TEXT, "utf-8")
    (tmp_path / "in" / "empty.txt").touch()
    (tmp_path / "in" / "two.jsonl").write_text('{"id": "a", "text": "Gas."}\n{"id": 7}\n', "utf-8")
    return tmp_path


def again(folder: Path, first: Reading, *without: str) -> Reading:
    """Read the folder once more, knowing what it held; the releases `without` are no longer in the index."""
    held = {item.id: item.digest for item in first.releases if item.id not in without}
    return read_paths([folder / "in"], sources=Sources.open(folder, held))


def once(folder: Path) -> Reading:
    sources = Sources()
    reading = read_paths([folder / "in"], sources=sources)
    sources.save(folder)
    return reading


def test_an_unchanged_file_is_not_taken_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = once(folder)
    monkeypatch.setattr("index.readers.read_text", None)
    monkeypatch.setattr("index.readers.read_lines", None)
    second = again(folder, first)
    assert [item.id for item in second.known] == [item.id for item in first.releases] == ["oil", "a"]
    assert (second.releases, second.set_aside) == ([], first.set_aside)


def test_a_changed_file_is_read_and_its_time_decides_nothing(folder: Path) -> None:
    first = once(folder)
    (folder / "in" / "oil.txt").write_text(TEXT, "utf-8")
    assert again(folder, first).releases == []
    (folder / "in" / "oil.txt").write_text(TEXT + " Gas fell.", "utf-8")
    assert [item.id for item in again(folder, first).releases] == ["oil"]


def test_a_file_whose_release_is_not_held_is_read(folder: Path) -> None:
    second = again(folder, once(folder), "oil")
    assert [item.id for item in second.releases] == ["oil"]
    assert [item.id for item in second.known] == ["a"]


def test_the_first_of_two_with_one_id_may_go(folder: Path) -> None:
    (folder / "in" / "z.jsonl").write_text('{"id": "a", "text": "Gas again."}\n', "utf-8")
    first = once(folder)
    (folder / "in" / "two.jsonl").unlink()
    assert [item.text for item in again(folder, first).releases] == ["Gas again."]


def test_a_file_written_to_while_it_was_read_is_read_again(folder: Path) -> None:
    sources, path = Sources(held={}), folder / "in" / "oil.txt"
    stamp = sources.stamp(str(path))
    path.write_text(TEXT + " Gas fell.", "utf-8")
    sources.note(str(path), stamp, [("", Known("oil", "digest"))])
    sources.save(folder)
    assert Sources.open(folder, {"oil": "digest"}).recall(str(path), stamp, "oil.txt") is None


def test_a_file_without_a_release_is_read_again(folder: Path) -> None:
    (folder / "in" / "bad.json").write_text("{", "utf-8")
    once(folder)
    assert "bad.json" not in (folder / NAME).read_text("utf-8")


def test_a_spoiled_memory_is_said(folder: Path) -> None:
    (folder / NAME).write_text("{", "utf-8")
    with pytest.raises(IndexMismatchError, match="communique rebuild"):
        Sources.open(folder, {})
