"""The inbox: copies that never overwrite another release and are never half there."""

from hashlib import sha256
from pathlib import Path

import pytest

from index.errors import UsageError
from index.inbox import deliver
from tests.fakes import tree


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "home" / "inbox"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_is_copied(inbox: Path, tmp_path: Path) -> None:
    assert deliver([written(tmp_path / "visit.txt", "Oil.")], inbox) == [inbox / "visit.txt"]
    assert tree(inbox) == {"visit.txt": b"Oil."}


def test_the_files_of_a_folder_are_copied_but_hidden_ones(inbox: Path, tmp_path: Path) -> None:
    for name in ("a.txt", "deep/b.txt", ".hidden.txt", ".git/config"):
        written(tmp_path / "shelf" / name, name)
    deliver([tmp_path / "shelf"], inbox)
    assert list(tree(inbox)) == ["a.txt", "b.txt"]


def test_a_file_in_a_hidden_place_can_be_named(inbox: Path, tmp_path: Path) -> None:
    deliver([written(tmp_path / ".drafts" / "a.txt", "Oil.")], inbox)
    assert list(tree(inbox)) == ["a.txt"]


def test_another_content_gets_a_name_of_its_own(inbox: Path, tmp_path: Path) -> None:
    deliver([written(tmp_path / "a" / "visit.txt", "Oil.")], inbox)
    deliver([written(tmp_path / "b" / "visit.txt", "Gas.")], inbox)
    suffixed = f"visit-{sha256(b'Gas.').hexdigest()[:8]}.txt"
    assert tree(inbox) == {"visit.txt": b"Oil.", suffixed: b"Gas."}


def test_the_same_again_changes_nothing(inbox: Path, tmp_path: Path) -> None:
    files = [written(tmp_path / "a" / "visit.txt", "Oil."), written(tmp_path / "b" / "visit.txt", "Gas.")]
    deliver(files, inbox)
    before = tree(inbox)
    deliver(files, inbox)
    assert tree(inbox) == before


def test_a_missing_path_stops_before_anything_is_copied(inbox: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.txt does not exist; nothing was added"):
        deliver([written(tmp_path / "visit.txt", "Oil."), tmp_path / "gone.txt"], inbox)
    assert not inbox.exists()


def test_a_copy_that_breaks_off_leaves_no_release(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:2])
        raise OSError("no space left")

    monkeypatch.setattr("shutil.copyfile", half)
    with pytest.raises(OSError, match="no space"):
        deliver([written(tmp_path / "visit.txt", "Oil.")], inbox)
    assert all(name.startswith(".") for name in tree(inbox))
