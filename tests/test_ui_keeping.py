import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.answers import Answer
from rag.stored_answers import AnswerShelf
from tests.browser.fake_assistant import COUNT, HOSTILE_ANSWER, INITIATIVE_ANSWER, REFUSAL, FakeAssistant, FakeCoverage
from ui import render
from ui.actions import actions
from ui.page.keeping import kept, recalled
from ui.turn import Question, Turn

ASKED = Question("Who?", date(2024, 1, 1))
SHELF = AnswerShelf(Path("nowhere"))


def told(answer: Answer, number: int = 3) -> Any:  # noqa: ANN401
    return json.loads(kept(Turn(number, ASKED, FakeCoverage(), answer=answer, is_own=False), SHELF))


@pytest.mark.parametrize("answer", [COUNT, HOSTILE_ANSWER, INITIATIVE_ANSWER, REFUSAL])
def test_a_turn_comes_back_as_it_was(answer: Answer) -> None:
    [turn] = recalled([told(answer)], FakeCoverage(), SHELF)
    assert (turn.number, turn.question, turn.answer, turn.citations) == (3, ASKED, answer, answer.citations)


def test_nothing_kept_looks_like_markup(home: Path) -> None:
    assert "<" not in kept(Turn(1, Question("<script>"), FakeCoverage(), answer=HOSTILE_ANSWER), AnswerShelf(home))


def test_only_whole_answers_are_kept() -> None:
    assert kept(Turn(1, ASKED, FakeCoverage(), stopped=True), SHELF) == ""


@pytest.mark.parametrize(
    "entry", [None, 7, "x", {}, {"number": 1}, told(COUNT, -1), {**told(COUNT), "answer": {"text": "x"}}]
)
def test_what_is_of_another_form_is_left_out(entry: object) -> None:
    assert recalled([entry], FakeCoverage(), SHELF) == ()
    assert recalled(entry, FakeCoverage(), SHELF) == ()


def test_turns_stand_in_order_and_each_number_once() -> None:
    turns = recalled([told(COUNT, 2), told(REFUSAL, 1), told(REFUSAL, 2)], FakeCoverage(), SHELF)
    assert [turn.number for turn in turns] == [1, 2]


def test_a_quotation_that_somebody_changed_is_not_called_verified() -> None:
    entry = told(INITIATIVE_ANSWER)
    for cited in entry["answer"]["citations"]:
        cited["quote"] = "<b>Nobody</b> said this."
    [turn] = recalled([entry], FakeCoverage(), SHELF)
    shown = render.turn(turn, FakeAssistant().release)
    assert ">Verified<" not in shown
    assert "<b>" not in shown


def test_what_a_turn_can_be_asked_again_with_is_in_its_buttons() -> None:
    turn = Turn(3, Question('Is "it"?', date(2024, 1, 1)), FakeCoverage(), error="broken")
    shown = actions(turn)
    assert 'data-again="3" data-question="Is &quot;it&quot;?" data-since="2024-01-01" data-until=""' in shown
    assert "data-copy" not in shown


def test_only_what_is_as_it_was_given_here_is_our_own(home: Path) -> None:
    shelf = AnswerShelf(home)
    entry = json.loads(kept(Turn(3, ASKED, FakeCoverage(), answer=INITIATIVE_ANSWER), shelf))
    for change, is_own in ({}, True), ({"question": "Whose?"}, False), ({"seal": ""}, False), ({"seal": "é"}, False):
        [turn] = recalled([{**entry, **change}], FakeCoverage(), shelf)
        assert turn.is_own is is_own
