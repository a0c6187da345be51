"""Files and folders become releases, and whatever cannot is listed with its reason."""

import os
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import UsageError
from index.readers import Reading, iter_paths, read_paths
from index.release import Origin, Release

SEEDS = Path(__file__).parent.parent / "seeds"
DATA = Path(__file__).parent / "data" / "releases"
GOOD = "The minister met the envoy in Astana. They agreed on a plan."


def read(folder: Path, **files: str | bytes) -> Reading:
    """Write the files (`a_txt="…"` is a.txt) into the folder and read it."""
    for name, content in files.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_paths([folder])


def reasons(reading: Reading) -> dict[str, str]:
    return {Path(row.source).name: row.reason for row in reading.set_aside}


def test_seeds_become_two_dated_releases() -> None:
    first, second = read_paths([SEEDS]).releases
    assert (first.id, first.date) == ("000_0253f663826b375a", date(2024, 3, 7))
    assert (second.id, second.date) == ("003_3bc0d45b39a66773", date(2023, 9, 7))
    assert {first.date_origin, second.date_origin} == {Origin.GIVEN}
    assert {first.language, second.language} == {"en"}


def test_seed_text_has_paragraphs_and_no_photo_credit() -> None:
    reading = read_paths([SEEDS])
    first = reading.releases[0]
    assert first.text.startswith("The Permanent Representative of Kazakhstan to the EU")
    assert first.text.count("\n\n") == 6
    assert "\n\n\n" not in first.text
    assert reading.set_aside == []


def test_seed_titles_are_first_sentences_cut_at_a_word() -> None:
    for release in read_paths([SEEDS]).releases:
        assert release.title_origin is Origin.DERIVED
        words = release.title.removesuffix("…")
        assert release.title.endswith("…")
        assert release.text[len(words)] in " ,"
        assert release.text.startswith(words)


def test_every_format_of_the_examples_is_read() -> None:
    reading = read_paths([DATA])
    assert [release.id for release in reading.releases] == ["page", "two-stamps", "two-stamps-2", "visit"]
    assert [str(release.date) for release in reading.releases] == [
        "2024-03-08", "2024-03-07", "2024-03-06", "2024-03-07",
    ]  # fmt: skip
    assert reading.set_aside == []


def test_reading_twice_gives_the_same_releases() -> None:
    assert read_paths([DATA, SEEDS]) == read_paths([DATA, SEEDS])


def test_a_missing_path_is_a_usage_error_before_anything_is_read() -> None:
    with pytest.raises(UsageError, match="no file or folder at not-here"):
        iter_paths([SEEDS, Path("not-here")])


def test_readme_and_hidden_files_are_skipped_in_silence(tmp_path: Path) -> None:
    reading = read(tmp_path, README_md=GOOD, readme_txt=GOOD, Readmeeting_txt=GOOD)
    (tmp_path / ".hidden.txt").write_text(GOOD)
    assert [release.id for release in reading.releases] == ["Readmeeting"]
    assert read_paths([tmp_path]).set_aside == []


def test_on_file_hears_of_each_file_before_it_is_read(tmp_path: Path) -> None:
    read(tmp_path, b_txt=GOOD, a_txt=GOOD)
    heard: list[str] = []
    items = iter_paths([tmp_path], lambda path: heard.append(path.name))
    assert heard == []
    next(items)
    assert heard == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.txt", b" \n\t\n", "it holds no text"),
        ("dots.txt", b"...\n\n***", "it holds no text"),
        ("dated.txt", b" date 2024-03-07 Tell a friend\n", "it holds no text"),
        ("binary.txt", b"MZ\x00\x01", "zero byte at byte 2"),
        ("latin.txt", "Über".encode("cp1252"), "not UTF-8 text: it breaks at byte 0 (0xDC)"),
        ("half.txt", "Ab".encode("utf-16")[:-1], "not UTF-16-LE text: it breaks at byte 4"),
        ("scan.tiff", b"II*", ".tiff files are not read"),
        ("noending", b"text", "without an ending such as .txt"),
        ("none.jsonl", b"\n\n", "it holds no text"),
        ("deep.html", b"<div>" * 300 + b"Hello there", "nested more than 256 deep"),
        ("deep.json", b"[" * 100_000, "nested too deep"),
        ("deep.md", b"---\n" + b"[" * 30_000 + b"\n---\nBody", "nested too deep"),
        ("new\nline.txt", b"Hello there", "its name holds a line break"),
        ("feb.txt", b" date 2024-02-31\n\nHello there", "'2024-02-31', is not a day of the calendar"),
    ],
)
def test_what_cannot_be_read_is_set_aside_and_stops_nothing(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    reading = read(tmp_path, zz_txt=GOOD)
    assert [release.id for release in reading.releases] == ["zz"]
    assert len(reading.set_aside) == 1
    assert reason in reading.set_aside[0].reason
    assert reading.set_aside[0].source.isprintable()


def test_a_file_over_the_limit_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as big:
        big.truncate(200_000_000)
    assert reasons(read(tmp_path))["big.txt"] == "200 MB, over the limit of 20 MB for a file"


def test_text_with_a_utf16_mark_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, a_txt=GOOD.encode("utf-16")).releases[0].text == GOOD


def test_links_out_of_the_folder_are_set_aside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(GOOD)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "out.txt").symlink_to(outside)
    (folder / "loop").symlink_to(".")
    (folder / "gone.txt").symlink_to("nothing.txt")
    found = reasons(read(folder))
    assert "leads out of the folder" in found["out.txt"]
    assert "link to the folder" in found["loop"]
    assert "does not exist" in found["gone.txt"]


def test_a_link_inside_the_folder_does_not_double_a_release(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "shown.txt").symlink_to(".store.txt")
    (tmp_path / ".store.txt").write_text(GOOD + " More.")
    reading = read(tmp_path, b_txt=GOOD)
    assert [release.id for release in reading.releases] == ["b", "shown"]
    assert reading.set_aside == []


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    read(tmp_path, a_txt=GOOD)
    reading = read_paths([tmp_path, tmp_path / "a.txt"])
    assert [release.id for release in reading.releases] == ["a"]
    assert reading.set_aside == []


def test_special_files_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(read(tmp_path)) == {"pipe.txt": "not an ordinary file"}


def test_an_unreadable_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (tmp_path / "a.txt").symlink_to(SEEDS / "000_0253f663826b375a.txt")
    reading = read_paths([tmp_path / "a.txt"])
    assert reasons(reading) == {"a.txt": "cannot be read: no permission; allow reading it"}


def test_the_first_of_two_equal_ids_stays_and_both_are_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "visit.txt").write_text("Something else entirely.")
    reading = read(tmp_path, visit_txt=GOOD)
    (row,) = reading.set_aside
    assert len(reading.releases) == 1
    assert row.source.endswith("visit.txt")
    assert f'"visit" is already taken by {tmp_path / "sub" / "visit.txt"}' in row.reason


def test_a_copy_of_a_file_is_named_and_set_aside(tmp_path: Path) -> None:
    reading = read(tmp_path, a_txt=GOOD, b_txt=GOOD)
    assert [release.id for release in reading.releases] == ["a"]
    assert [(row.reason, row.duplicate) for row in reading.set_aside] == [
        (f"the same release as {tmp_path}/a.txt", True)
    ]


def test_a_text_no_release_has_is_set_aside(tmp_path: Path) -> None:
    reading = read(tmp_path, a_json='[{"id": "a", "text": "%s"}, {"id": "b", "text": "Hello"}]' % ("oil " * 300_000))
    assert [release.id for release in reading.releases] == ["b"]
    assert "1,200,000 characters, over the limit of 1,000,000 for a release" in reading.set_aside[0].reason


def test_many_copies_in_one_file_are_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, a_jsonl='{"id": "a", "text": "Hello"}\n' * 1_500)
    assert len(reading.set_aside) == 1_001
    assert reading.set_aside[-1].reason == "499 more releases like these are there already"


def test_equal_text_under_an_id_of_its_own_is_kept(tmp_path: Path) -> None:
    first, second = read(
        tmp_path, a_json='{"id": "a", "text": "Hello"}', b_json='{"id": "b", "text": "Hello"}'
    ).releases
    assert first.digest == second.digest
    assert first.id != second.id


def test_dates_in_the_future_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, a_txt=f" date 2094-01-01 x\n\n{GOOD}")
    assert reading.releases[0].date == date(2094, 1, 1)


@pytest.mark.parametrize("ending", ["txt", "md", "html", "jsonl", "json"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore")))
)
def test_no_bytes_stop_the_reading(ending: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a.{ending}").write_bytes(content)
        items = list(iter_paths([Path(folder)]))
    assert items
    for item in items:
        if isinstance(item, Release):
            assert item.id
            assert item.text.strip()
            item.text.encode()


def test_every_example_of_the_seeds_readme_is_read(tmp_path: Path) -> None:
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    blocks = [block.strip("\n") for block in readme.split("```")[1::2]]
    for number, (block, ending) in enumerate(zip(blocks, ("txt", "txt", "md", "html", "jsonl"), strict=True)):
        (tmp_path / f"{number}.{ending}").write_text(block, encoding="utf-8")
    reading = read_paths([tmp_path])
    assert [str(release.date) for release in reading.releases] == [
        "2024-03-07", "2024-03-07", "2024-03-06", "2024-03-07", "2024-03-08", "2024-03-07",
    ]  # fmt: skip
    assert reading.set_aside == []
