"""Rebuilds: only what changed is encoded, the result is that of a clean build, and a refusal changes nothing."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index.errors import RebuildError, UsageError
from index.manifest import FORMAT
from index.plan import make_plan
from index.readers import Reading
from index.rebuilding import Rebuilder, RebuildReport
from index.release import Release
from index.search import Searcher
from index.snapshots import Snapshot, SnapshotStore
from index.terms import terms
from tests.fakes import FakeEncoder, built, held, opened, release, shelved, tree

OIL, GAS, WIND = release("oil", "Oil rose."), release("gas", "Gas fell."), release("wind", "Wind turned.")
FIVE = [release(f"r{number}", f"Oil rose {number} times.") for number in range(5)]


def counts(report: RebuildReport) -> tuple[int, int, int, int, int]:
    """Added, changed, withdrawn, unchanged releases and encoded chunks."""
    return report.added, report.changed, report.withdrawn, report.unchanged, report.encoded_chunks


def contents(home: Path) -> tuple[object, ...]:
    """All that a reader can see of an index, but its name and the day it was made."""
    snapshot = SnapshotStore(home).open()
    found, manifest = snapshot.catalog, snapshot.manifest
    vocabulary = sorted({term for item in found.releases() for term in terms(item.text)})
    releases = sorted(found.releases(), key=lambda item: item.id)
    rows = [row for item in releases for row in found.chunks(item)]
    numbers = {number: name for name, number in snapshot.numbers.items()}
    everything = (
        [(item, found.sentences(item), list(found.chunks(item).values())) for item in releases],
        sorted((numbers[number], *days) for number, *days in found.stated_dates().tolist()),
        [found.published()[snapshot.numbers[item.id]] for item in releases],
        snapshot.vectors.vectors()[rows].tolist(),
        [np.round(snapshot.lexicon.scores([{term: 1.0}])[rows], 6).tolist() for term in vocabulary],
        snapshot.signatures.rows[[snapshot.numbers[item.id] for item in releases]].tolist(),
        (manifest.releases, manifest.chunks, manifest.since, manifest.until),
    )
    found.close()
    return everything


def asked(home: Path) -> list[tuple[str, float]]:
    """The hits of probe questions with their scores."""
    searcher = Searcher(SnapshotStore(home).open(), FakeEncoder())
    questions = ("oil", "gas and wind", "What fell on 5 March 2024?", "Did the wind turn?")
    found = [(hit.release.id, round(hit.score, 5)) for question in questions for hit in searcher.search(question)]
    searcher.snapshot.catalog.close()
    return found


def note(home: Path, name: str) -> tuple[str, str | None] | None:
    """What the index remembers of a withdrawn release: its id, and its id now."""
    snapshot = SnapshotStore(home).open()
    found = snapshot.catalog.withdrawal(name)
    snapshot.catalog.close()
    return (found.id, found.successor) if found else None


def test_a_fresh_index_encodes_everything(home: Path) -> None:
    encoder = FakeEncoder()
    assert counts(built(home, OIL, GAS, encoder=encoder)) == (2, 0, 0, 0, 2)
    assert encoder.asked[:2] == ["A\nGas fell.", "A\nOil rose."]
    assert held(home) == ["gas", "oil"]


def test_an_added_release_alone_is_encoded(home: Path) -> None:
    built(home, OIL, WIND)
    assert counts(built(home, OIL, WIND, GAS, encoder=(encoder := FakeEncoder()))) == (1, 0, 0, 2, 1)
    assert encoder.asked[0] == "A\nGas fell."


def test_a_changed_release_alone_is_encoded(home: Path) -> None:
    built(home, OIL, WIND)
    assert counts(built(home, release("oil", "Oil sank."), WIND, encoder=(encoder := FakeEncoder()))) == (0, 1, 0, 1, 1)
    assert encoder.asked[0] == "A\nOil sank."


def test_a_withdrawal_encodes_nothing(home: Path) -> None:
    built(home, OIL, GAS, WIND)
    assert counts(built(home, OIL, WIND)) == (0, 0, 1, 2, 0)
    assert held(home) == ["oil", "wind"]


def test_a_new_name_encodes_nothing_and_the_old_one_leads_to_it(home: Path) -> None:
    built(home, OIL, WIND)
    report = built(home, release("petrol", OIL.text), WIND)
    assert (counts(report), report.renamed, held(home)) == ((0, 0, 0, 1, 0), 1, ["petrol", "wind"])
    assert note(home, "oil") == ("oil", "petrol")
    assert opened(home).release("oil").id == "petrol"  # type: ignore[union-attr]


def test_a_withdrawn_release_leaves_a_note_until_it_comes_back(home: Path) -> None:
    built(home, OIL, GAS, WIND)
    built(home, OIL, WIND)
    assert note(home, "gas") == ("gas", None)
    built(home, OIL, GAS, WIND)
    assert note(home, "gas") is None


def test_nothing_new_encodes_nothing_and_stays_the_same(home: Path) -> None:
    built(home, OIL, GAS)
    before = contents(home)
    assert counts(built(home, OIL, GAS)) == (0, 0, 0, 2, 0)
    assert contents(home) == before


def steps_and_clean(seed: int, folder: Path) -> None:
    """Additions, edits, renamings and withdrawals by chance; after the last the index is that of a clean build."""
    chance = random.Random(seed)
    shelf: dict[str, Release] = {}
    for _ in range(chance.randint(2, 5)):
        for name in chance.sample("abcdefgh", 3):
            text = " ".join(chance.choice(["Oil rose.", "Gas fell on 5 March 2024.", "Wind!"]) for _ in range(60))
            shelf[name] = release(name, text, f"2024-0{chance.randint(1, 9)}-01")
        if len(shelf) > 3:
            del shelf[chance.choice(sorted(shelf))]
            moved = shelf.pop(chance.choice(sorted(shelf)))
            name = chance.choice("abcdefghijkl")
            shelf.setdefault(name, replace(moved, id=name))
        built(folder / "steps", *shelf.values())
    built(folder / "clean", *shelf.values())
    assert contents(folder / "steps") == contents(folder / "clean")
    assert asked(folder / "steps") == asked(folder / "clean")


@pytest.mark.parametrize("seed", range(20))
def test_many_small_steps_end_where_a_clean_build_does(seed: int, tmp_path: Path) -> None:
    steps_and_clean(seed, tmp_path)


@pytest.mark.process
@pytest.mark.parametrize("seed", range(20, 200, 30))
def test_two_hundred_sequences_end_where_a_clean_build_does(seed: int, tmp_path: Path) -> None:
    for number in range(seed, min(seed + 30, 200)):
        steps_and_clean(number, tmp_path / str(number))


@pytest.mark.parametrize("other", [FakeEncoder(name="other"), FakeEncoder(dimensions=9)])
def test_another_encoder_encodes_everything_anew(other: FakeEncoder, home: Path) -> None:
    built(home, OIL, GAS)
    assert counts(built(home, OIL, GAS, encoder=other)) == (0, 0, 0, 2, 2)
    assert SnapshotStore(home).manifest().require(other.name, other.dimensions) is None  # type: ignore[union-attr]


def spoil_format(home: Path) -> None:
    path = SnapshotStore(home).require() / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', '"format": 1'))


@pytest.mark.parametrize("other", ["fake", "other"])
def test_notes_outlast_another_encoder_and_another_format(other: str, home: Path) -> None:
    built(home, OIL, GAS, WIND, *FIVE)
    built(home, release("petrol", OIL.text), WIND, *FIVE)
    if other == "fake":
        spoil_format(home)
    built(home, release("petrol", OIL.text), release("breeze", WIND.text), *FIVE[1:], encoder=FakeEncoder(name=other))
    assert [note(home, name) for name in ("gas", "oil", "wind", FIVE[0].id, "petrol")] == [
        ("gas", None), ("oil", "petrol"), ("wind", "breeze"), (FIVE[0].id, None), None,
    ]  # fmt: skip


def test_other_chunks_are_cut_and_encoded_anew(home: Path, tmp_path: Path) -> None:
    shelf = shelved(tmp_path / "shelf", release("long", "Oil rose again. " * 30))
    assert Rebuilder(home, FakeEncoder(), 800).run([shelf]).encoded_chunks == 1
    assert Rebuilder(home, FakeEncoder(), 200).run([shelf]).encoded_chunks == 3


@pytest.mark.parametrize(("kept", "asks"), [(4, False), (3, True), (0, True)])
def test_withdrawing_more_than_a_fifth_asks(kept: int, asks: bool, home: Path, tmp_path: Path) -> None:
    built(home, *FIVE)
    asked: list[tuple[int, int]] = []
    shelf = shelved(tmp_path / "shelf", WIND, *FIVE[:kept])
    Rebuilder(home, FakeEncoder(), 800).run([shelf], lambda withdrawn, of: not asked.append((withdrawn, of)))  # type: ignore[func-returns-value]
    assert asked == ([(5 - kept, 5)] if asks else [])


def test_a_withdrawal_that_is_not_allowed_changes_nothing(home: Path, tmp_path: Path) -> None:
    built(home, *FIVE)
    before = tree(home)
    with pytest.raises(UsageError, match=r"withdraw 5 of 5 releases, so nothing was changed; give --yes"):
        Rebuilder(home, FakeEncoder(), 800).run([shelved(tmp_path / "shelf", WIND)])
    assert tree(home) == before


def test_nothing_readable_keeps_the_index_and_names_the_reasons(home: Path, tmp_path: Path) -> None:
    built(home, OIL)
    before = tree(home)
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "photo.xyz").write_bytes(b"\x00\x01")
    with pytest.raises(RebuildError, match=r"nothing readable under .*/junk \(.*photo\.xyz.*as it was"):
        Rebuilder(home, FakeEncoder(), 800).run([tmp_path / "junk"])
    assert tree(home) == before


def test_a_missing_path_keeps_the_index(home: Path, tmp_path: Path) -> None:
    built(home, OIL)
    before = tree(home)
    with pytest.raises(UsageError, match="nowhere"):
        Rebuilder(home, FakeEncoder(), 800).run([tmp_path / "nowhere"])
    assert tree(home) == before


def test_one_rebuild_at_a_time(home: Path) -> None:
    built(home, OIL)
    with FileLock(home / "rebuild.lock"), pytest.raises(RebuildError, match=f"another rebuild is running on {home}"):
        built(home, GAS)
    assert held(home) == ["oil"]


def test_two_homes_do_not_wait_for_each_other(tmp_path: Path) -> None:
    built(tmp_path / "one", OIL)
    with FileLock(tmp_path / "one" / "rebuild.lock"):
        assert built(tmp_path / "two", GAS).releases == 1
    assert (held(tmp_path / "one"), held(tmp_path / "two")) == (["oil"], ["gas"])


def test_the_remains_of_a_dead_rebuild_are_removed(home: Path) -> None:
    remains = home / "snapshots" / ".building-1"
    remains.mkdir(parents=True)
    (remains / "catalog.sqlite").write_bytes(b"half")
    built(home, OIL)
    assert not remains.exists()


def test_a_full_disk_is_one_message_and_keeps_the_index(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    built(home, OIL)
    monkeypatch.setattr("index.building.ArrayWriter.append", full)
    with pytest.raises(RebuildError, match=r"the index is as it was: .*No space left"):
        built(home, OIL, GAS)
    assert held(home) == ["oil"]


def test_what_a_reader_would_refuse_never_goes_live(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(home, OIL).snapshot
    monkeypatch.setattr("index.building.CatalogWriter.insert", lambda writer, entries: None)
    with pytest.raises(RebuildError, match="holds 1 releases, not 2"):
        built(home, OIL, GAS)
    assert SnapshotStore(home).live() == before


def test_the_inbox_is_read_beside_the_paths(home: Path) -> None:
    shelved(home / "inbox", GAS)
    assert built(home, OIL).releases == 2
    assert held(home) == ["gas", "oil"]


def test_what_is_set_aside_is_kept_with_its_reason(home: Path, tmp_path: Path) -> None:
    shelf = shelved(tmp_path / "shelf", OIL)
    (shelf / "empty.txt").touch()
    report = Rebuilder(home, FakeEncoder(), 800).run([shelf])
    assert [row.reason for row in report.set_aside] == ["the file is empty"]
    assert SnapshotStore(home).set_aside() == report.set_aside


def test_progress_ends_where_its_total_is(home: Path, tmp_path: Path) -> None:
    seen: dict[str, tuple[int, int]] = {}
    shelf = shelved(tmp_path / "shelf", OIL, GAS)
    Rebuilder(home, FakeEncoder(), 800, lambda stage, done, of: seen.update({stage: (done, of)})).run([shelf])
    assert seen == {"reading": (2, 0), "encoding": (2, 2), "writing": (0, 0)}


def test_the_manifest_says_what_was_built(home: Path) -> None:
    report = built(home, release("new", "Oil.", "2024-03-07"), release("old", "Gas.", "2023-09-07"), WIND)
    manifest = Snapshot.open(home / "snapshots" / report.snapshot).manifest
    assert (manifest.encoder, manifest.dimensions, manifest.chunk_characters) == ("fake", 4, 800)
    assert (manifest.since, manifest.until, manifest.releases) == ("2023-09-07", "2024-03-07", 3)
    assert manifest.paths == (f"{home}-shelf",)


def test_a_plan_names_what_changes() -> None:
    changed = release("oil", "Oil sank.")
    plan = make_plan(Reading([changed, GAS]), {"oil": OIL.digest, "wind": WIND.digest})
    assert (plan.added, plan.changed, plan.withdrawn, plan.unchanged) == (["gas"], ["oil"], ["wind"], [])
