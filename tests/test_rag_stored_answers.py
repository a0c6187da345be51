"""Answers that a link shows: found by their id alone, within bounds, never outside their folder."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

import rag.stored_answers
from index.errors import KeepingError
from rag.answers import Answer
from rag.stored_answers import AnswerShelf, StoredAnswer
from tests.browser.fake_assistant import COUNT, HOSTILE_ANSWER, INITIATIVE_ANSWER, REFUSAL


def asked(answer: Answer = INITIATIVE_ANSWER, question: str = "Who?") -> StoredAnswer:
    return StoredAnswer(question, date(2024, 1, 1), None, answer)


@pytest.mark.parametrize("answer", [COUNT, HOSTILE_ANSWER, INITIATIVE_ANSWER, REFUSAL])
def test_an_answer_is_found_as_it_was(answer: Answer, home: Path) -> None:
    name = AnswerShelf(home).add(asked(answer))
    found = AnswerShelf(home).find(name)
    assert found is not None
    assert found.to_dict() == asked(answer).to_dict()
    assert found.time is not None


def test_an_id_is_the_answers_own_and_cannot_be_guessed_from_it(home: Path, tmp_path: Path) -> None:
    shelf = AnswerShelf(home)
    name = shelf.add(asked())
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert shelf.add(asked()) == name
    assert shelf.add(asked(question="Whose?")) != name
    assert AnswerShelf(tmp_path / "other").add(asked()) != name
    assert name not in shelf.seal(asked())


@pytest.mark.parametrize(
    "name", ["", "key", "../feedback", "a" * 32, "A" * 32, "0" * 32 + "\n", "/etc/passwd", "\x00" * 32]
)
def test_another_id_finds_nothing(name: str, home: Path) -> None:
    AnswerShelf(home).add(asked())
    assert AnswerShelf(home).find(name) is None


def test_what_somebody_spoilt_is_no_answer(home: Path) -> None:
    name = AnswerShelf(home).add(asked())
    (home / "answers" / f"{name}.json").write_text('{"question": 7}')
    assert AnswerShelf(home).find(name) is None


def test_size_and_number_are_bounded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = AnswerShelf(home)
    with pytest.raises(KeepingError, match="the most that are stored"):
        shelf.add(asked(question="x" * 300_000))
    monkeypatch.setattr(rag.stored_answers, "MOST", 2)
    names = [shelf.add(asked(question=str(number))) for number in range(2)]
    for age, name in enumerate(names):
        os.utime(home / "answers" / f"{name}.json", (age, age))
    shelf.add(asked(question="0"))  # asked for again
    last = shelf.add(asked(question="3"))
    assert [shelf.find(name) is not None for name in (*names, last)] == [True, False, True]


def test_a_home_that_cannot_be_written_seals_nothing(home: Path) -> None:
    home.write_text("not a folder")
    assert AnswerShelf(home).seal(asked()) == ""
    assert not AnswerShelf(home).is_own(asked(), "")


def test_answers_and_key_are_the_owners_alone(home: Path) -> None:
    AnswerShelf(home).add(asked())
    files = [path for path in (home / "answers").iterdir() if path.suffix != ".lock"]
    assert len(files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
