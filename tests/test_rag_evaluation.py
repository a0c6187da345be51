"""Files of questions: read line by line, faults named by line."""

from pathlib import Path

import pytest

from index.errors import UsageError
from rag.evaluation import read_questions


def written(folder: Path, text: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_questions_are_read_line_by_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, '{"id": "a", "question": "Who?"}\n\n{"id": "b", "question": "When?", "now": "2024-07-01"}\n'
    )
    assert [question["id"] for question in read_questions(path)] == ["a", "b"]


@pytest.mark.parametrize("line", ["not json", '{"id": "a"}', "[1]"])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, f'{{"id": "a", "question": "Who?"}}\n{line}\n')
    with pytest.raises(UsageError, match="line 2"):
        list(read_questions(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="absent"):
        list(read_questions(tmp_path / "absent.jsonl"))
