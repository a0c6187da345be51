"""What readers think of answers: the last word counts, two processes may write, nothing fills the disk."""

import json
import multiprocessing
from datetime import date
from pathlib import Path

import pytest

import rag.feedback
from index.errors import KeepingError, UsageError
from rag.answers import Answer
from rag.feedback import LONGEST_WORDS, Feedback, FeedbackBook, Verdict
from tests.browser.fake_assistant import COUNT, HOSTILE_ANSWER, INITIATIVE_ANSWER, REFUSAL

ANY_TIME = (None, None)


def judged(answer: Answer = INITIATIVE_ANSWER, verdict: Verdict = Verdict.GOOD, words: str = "") -> Feedback:
    return Feedback.of(answer, "Who?", ANY_TIME, verdict, ["clear", "right", "off", "x"], words)


@pytest.mark.parametrize("answer", [COUNT, HOSTILE_ANSWER, INITIATIVE_ANSWER, REFUSAL])
def test_an_opinion_comes_back_as_it_was(answer: Answer, home: Path) -> None:
    said = Feedback.of(answer, "Who?", (date(2024, 1, 1), None), Verdict.BAD, ["off"], " Why? ")
    FeedbackBook(home).add(said)
    assert FeedbackBook(home).read() == [said]
    assert (said.reasons, said.words, said.snapshot) == (("off",), "Why?", answer.snapshot)


def test_the_last_word_on_an_answer_counts(home: Path) -> None:
    book = FeedbackBook(home)
    for said in (judged(), judged(COUNT), judged(verdict=Verdict.BAD), judged(COUNT, Verdict.NONE)):
        book.add(said)
    assert [said.verdict for said in book.read()] == [Verdict.BAD]
    assert len(book.path.read_bytes().splitlines()) == 4


def test_words_and_reasons_are_kept_within_bounds() -> None:
    said = judged(words="x" * 5_000 + "\ud800")
    assert (len(said.words), said.reasons) == (LONGEST_WORDS, ("right", "clear"))


def test_a_line_cut_short_by_a_crash_costs_that_line_alone(home: Path) -> None:
    book = FeedbackBook(home)
    book.add(judged())
    with book.path.open("a") as file:
        file.write('{"id": "half')
    book.add(judged(COUNT))
    assert len(book.read()) == 2


def test_nobody_fills_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = FeedbackBook(home)
    with pytest.raises(KeepingError, match="the most that are kept"):
        book.add(Feedback.of(INITIATIVE_ANSWER, "x" * 300_000, ANY_TIME, Verdict.GOOD))
    monkeypatch.setattr(rag.feedback, "LARGEST_FILE", 100)
    with pytest.raises(KeepingError, match="is full"):
        book.add(judged())
    assert book.read() == []


def _write(home: Path, writer: int) -> None:
    for number in range(25):
        FeedbackBook(home).add(Feedback.of(COUNT, f"{writer}-{number}", ANY_TIME, Verdict.GOOD))


def test_two_processes_write_at_once(home: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(home, writer)) for writer in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(FeedbackBook(home).read()) == 50


def test_the_file_is_the_owners_alone(home: Path) -> None:
    FeedbackBook(home).add(judged())
    assert (home / "feedback.jsonl").stat().st_mode & 0o077 == 0
    assert json.loads((home / "feedback.jsonl").read_text())["verdict"] == "good"


def test_a_question_of_the_gate_expects_the_cited_releases() -> None:
    said = judged()
    expected = said.expectation()
    assert (expected.question, expected.releases, expected.now) == ("question", ("003", "000"), said.time.date())


@pytest.mark.parametrize(("answer", "period"), [(REFUSAL, ANY_TIME), (COUNT, (None, date(2024, 1, 1)))])
def test_what_the_gate_cannot_ask_makes_no_question(answer: Answer, period: tuple[None, date | None]) -> None:
    with pytest.raises(UsageError):
        Feedback.of(answer, "Who?", period, Verdict.GOOD).expectation()
