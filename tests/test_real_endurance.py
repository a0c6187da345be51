"""A full disk, an index that is removed, a model that is deleted, a thousand conversations: the next answer comes."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from index.model_store import ModelStore
from index.settings import Settings
from rag.generation import LocalGenerator, Prompt
from rag.library import Library
from tests.benchmarks.parts import alone
from tests.endurance import GAS, OIL, Page, disk_full, opinions, page
from tests.fakes import FakeEncoder, built
from tests.network.visitors import Asker

WARM, MORE = 250, 750
"""Conversations until the page remembers as many as it will, and those after them: a thousand in all."""

GROWTH = 0.05
ASKED = {"question": "How did the price of oil change?", "now": "2024-04-01"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Path]]:
    home = tmp_path_factory.mktemp("endures") / "home"
    built(home, OIL)
    with page(home) as running:
        yield running, home


def answer(running: Page) -> str:
    response = httpx.post(f"{running.address}/api/v1/answers", json=ASKED, timeout=60)
    assert response.status_code == 200, response.text
    told: str = response.json()["text"]
    return told


@pytest.mark.process
def test_what_a_full_disk_cannot_keep_is_said_and_kept_once_there_is_room(tmp_path: Path) -> None:
    full, after = alone(disk_full, tmp_path / "home")
    assert (full.opinion, full.link) == ("not_kept", "not_kept")
    assert "the index is as it was" in full.rebuild
    assert "80 dollars" in full.answer
    assert full.remains == 0
    assert (after.opinion, after.link, after.answer) == ("good", "linked", full.answer)
    assert opinions(tmp_path / "home") == 1


@pytest.mark.process
def test_an_index_that_is_removed_and_put_back_leaves_readers_their_answers(served: tuple[Page, Path]) -> None:
    running, home = served
    aside = home.with_name("aside")
    before = answer(running)
    (home / "snapshots").rename(aside)
    assert answer(running) == before
    (home / "current").unlink()
    assert answer(running) == before
    shutil.move(aside, home / "snapshots")
    assert answer(running) == before
    built(home, OIL, GAS)
    assert httpx.get(f"{running.address}/api/v1/status", timeout=60).json()["releases"] == 2
    assert "80 dollars" in answer(running)


@pytest.mark.process
def test_a_new_index_that_lacks_any_of_its_files_leaves_the_one_before_in_use(home: Path) -> None:
    first = built(home, OIL).snapshot
    library = Library(home, FakeEncoder())
    new = home / "snapshots" / built(home, OIL, GAS).snapshot
    for path in sorted(new.iterdir()):
        if path.name in ("set_aside.json", "sources.json"):  # which only rebuilds read
            continue
        away = path.rename(home / path.name)
        assert library.reader().snapshot.name == first, path.name
        away.rename(path)
    assert library.reader().snapshot.name == new.name


@pytest.mark.process
@pytest.mark.timeout(600)
def test_a_thousand_conversations_do_not_make_the_page_grow(served: tuple[Page, Path]) -> None:
    running, _ = served
    with Asker(running.address) as asker:
        for number in range(WARM):
            assert "80 dollars" in asker.ask(f"How did the price of oil change? {number % 50}")
        before = running.memory
        for number in range(MORE):
            asker.ask(f"How did the price of oil change? {number % 50}")
    assert running.memory < (1 + GROWTH) * before, f"{before:,} bytes became {running.memory:,}"
    assert "80 dollars" in answer(running)


@pytest.mark.model
def test_a_model_whose_file_is_deleted_goes_on_answering(tmp_path: Path) -> None:
    name = Settings().model.name
    own = tmp_path / "model.gguf"
    kept = ModelStore(Path(__file__).parent.parent / ".communique" / "models").path(name)
    try:
        os.link(kept.resolve(), own)
    except OSError:  # on another disk
        shutil.copyfile(kept, own)
    generator, asked = LocalGenerator(name, own, 512), Prompt("Answer in one word.", "What is the capital of France?")
    before = list(generator.generate(asked, 4, lambda: False))
    own.unlink()
    assert list(generator.generate(asked, 4, lambda: False)) == before
    assert generator.odds(Prompt("Reply Yes or No.", "Is water wet?"), lambda: False)
