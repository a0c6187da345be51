"""`communique feedback`, and what the page takes as an opinion."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from index.errors import UsageError
from index.gate import read_gate
from rag.feedback import Feedback, FeedbackBook, Verdict
from tests.browser.fake_assistant import AGENCIES_ANSWER, INITIATIVE_ANSWER, REFUSAL, FakeCoverage
from ui.opinions import feedback
from ui.page import opinion
from ui.page.conversation import Session
from ui.turn import Question, Turn

GOOD = Feedback.of(AGENCIES_ANSWER, "How many\nagencies?\x1b[2J", (None, None), Verdict.GOOD)
BAD = Feedback.of(INITIATIVE_ANSWER, "Who?", (None, None), Verdict.BAD, ["false"], "No. Not he.")
REFUSED = Feedback.of(REFUSAL, "Oil?", (None, None), Verdict.GOOD)
SESSION = Session((Turn(1, Question("Who?"), FakeCoverage(), answer=INITIATIVE_ANSWER),))


@pytest.fixture
def book(home: Path) -> FeedbackBook:
    found = FeedbackBook(home)
    for said in (GOOD, BAD, REFUSED):
        found.add(said)
    return found


def run(*words: str) -> Result:
    return CliRunner().invoke(feedback, words)


def test_opinions_are_listed_without_what_a_terminal_would_obey(book: FeedbackBook) -> None:
    first, second, why, _ = run().output.splitlines()
    assert first == f"{GOOD.id}  {GOOD.time:%Y-%m-%d %H:%M}  good  How many agencies?\ufffd[2J"
    assert (second.split()[-1], why) == ("Who?", "    false. No. Not he.")


def test_without_opinions_that_is_said(home: Path) -> None:
    assert run().output == "No answer has been judged yet.\n"


def test_opinions_are_printed_and_exported_whole(book: FeedbackBook, tmp_path: Path) -> None:
    rows = [said.to_dict() for said in book.read()]
    assert json.loads(run("--json").output) == rows
    target = tmp_path / "out.jsonl"
    assert run("--export", str(target)).output == f"3 opinions written to {target}\n"
    assert [json.loads(line) for line in target.read_text("utf-8").splitlines()] == rows


def test_good_answers_become_questions_of_the_gate_once(book: FeedbackBook, home: Path) -> None:
    first = run("--to-gate")
    assert "1 question added" in first.output
    assert f"{REFUSED.id} is left out: its answer cites no release" in first.output
    again = run("--to-gate").output
    assert "0 questions added" in again
    assert "1 question stood there already" in again
    assert [(item.question, item.releases) for item in read_gate(home / "gate.jsonl")] == [("question", ["003"])]


def test_a_chosen_answer_becomes_one_whatever_was_said_of_it(book: FeedbackBook, home: Path) -> None:
    (home / "gate.jsonl").write_text('{"question": "Else?", "releases": ["000"]}', "utf-8")
    assert "1 question added" in run("--to-gate", "--id", BAD.id).output
    assert [item.releases for item in read_gate(home / "gate.jsonl")] == [["000"], ["003", "000"]]


@pytest.mark.parametrize("words", [("--id", "x"), ("--json", "--to-gate")])
def test_a_slip_is_said(words: tuple[str, ...], book: FeedbackBook) -> None:
    assert isinstance(run(*words).exception, UsageError)


def test_an_opinion_from_the_page_is_of_the_sessions_own_answer(home: Path) -> None:
    said = {"turn": 1, "verdict": "bad", "reasons": ["off", 7], "words": "No", "answer": "forged"}
    assert json.loads(opinion.kept(FeedbackBook(home), SESSION, said)).items() >= {"rated": "bad", "turn": 1}.items()
    [kept] = FeedbackBook(home).read()
    assert (kept.answer, kept.reasons, kept.words) == (INITIATIVE_ANSWER, ("off",), "No")


@pytest.mark.parametrize("said", [{}, {"turn": 2, "verdict": "good"}, {"turn": 1, "verdict": "best"}])
def test_what_is_no_opinion_is_not_kept(said: dict[str, object], home: Path) -> None:
    assert json.loads(opinion.kept(FeedbackBook(home), SESSION, said))["failed"] == "restarted"
    assert FeedbackBook(home).read() == []


def test_a_disk_that_refuses_is_said(home: Path) -> None:
    home.write_text("not a folder")
    said = {"turn": 1, "verdict": "good"}
    assert json.loads(opinion.kept(FeedbackBook(home), SESSION, said))["failed"] == "not_kept"
