"""What stands above an answer that a link shows, and what the page takes as one to store."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.release import Release
from rag.request import EVER
from rag.stored_answers import AnswerShelf, StoredAnswer
from tests.browser.fake_assistant import AGENCIES_ANSWER, BRIEFING, INITIATIVE_ANSWER, FakeAssistant, FakeCoverage
from ui.page.conversation import Session
from ui.page.sharing import opened, shared
from ui.stored import banner, missing
from ui.turn import Question, Turn

GIVEN = datetime(2024, 3, 7, 9, 5, tzinfo=UTC)
STORED = StoredAnswer("Who?", None, None, replace(INITIATIVE_ANSWER, snapshot="fake"), GIVEN)
TURN = Turn(1, Question("Who?"), FakeCoverage(), answer=INITIATIVE_ANSWER)


def test_an_answer_that_stands_says_so_with_its_period_and_index() -> None:
    shown = banner(STORED, FakeCoverage(), FakeAssistant().release)
    assert "Stored answer of 7 March 2024" in shown
    assert "1 September 2023 – 31 March 2024 · index fake" in shown
    assert "Its 3 quotations stand" in shown
    assert "has been replaced" not in shown


def test_what_is_gone_or_changed_is_named_and_escaped() -> None:
    def releases(name: str) -> Release | None:
        return replace(BRIEFING, text="Other words.") if name == BRIEFING.id else None

    title = "<b>Bold</b>"
    cited = tuple(replace(cited, title=title) for cited in STORED.answer.citations)
    stored = replace(STORED, answer=replace(STORED.answer, citations=cited))
    shown = banner(stored, FakeCoverage(snapshot="later"), releases)
    assert "has been replaced since" in shown
    assert "&lt;/b&gt;</bdi> has changed since." in shown
    assert "&lt;/b&gt;</bdi> is no longer in the index." in shown
    assert "stand in" not in shown
    assert "<b>" not in shown


def test_asked_again_its_period_goes_along() -> None:
    shown = banner(replace(STORED, since=EVER), FakeCoverage(), FakeAssistant().release)
    assert 'data-again="1" data-question="Who?" data-since="0001-01-01" data-until=""' in shown
    assert "Any time · index" in shown
    assert 'role="alert"' in missing()


def test_an_answer_is_stored_and_opened_as_a_turn(home: Path) -> None:
    shelf = AnswerShelf(home)
    fact = json.loads(shared(shelf, Session((TURN,)), 1))
    found = shelf.find(fact["link"])
    assert found is not None
    turn = opened(found, FakeCoverage())
    assert (turn.question, turn.answer, turn.number) == (TURN.question, INITIATIVE_ANSWER, 1)


@pytest.mark.parametrize(
    ("turn", "said", "failed"),
    [
        (TURN, 2, "restarted"),
        (TURN, None, "restarted"),
        (replace(TURN, is_own=False), 1, "not_own"),
        (replace(TURN, answer=replace(AGENCIES_ANSWER, model="x" * 300_000)), 1, "not_kept"),
        (replace(TURN, answer=None, error="broken"), 1, "restarted"),
    ],
)
def test_what_is_not_stored_is_said(turn: Turn, said: object, failed: str, home: Path) -> None:
    assert json.loads(shared(AnswerShelf(home), Session((turn,)), said))["failed"] == failed


def test_the_period_of_an_answer_is_told_in_days() -> None:
    stored = replace(STORED, since=date(2024, 1, 1))
    assert 'data-since="2024-01-01"' in banner(stored, FakeCoverage(), FakeAssistant().release)
