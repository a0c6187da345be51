from datetime import date

from index.dates import Window
from rag.request import EVER
from ui.period import chip, control
from ui.turn import Question
from ui.words import words

MARCH = Window(date(2024, 3, 1), date(2024, 3, 31), words="in <March>")
ASKED = Question('Is "it"?')


def test_the_period_of_the_question_can_be_changed_and_taken_away() -> None:
    shown = chip(MARCH, ASKED, 3)
    assert "1 March 2024 – 31 March 2024" in shown
    assert "from “<bdi>in &lt;March&gt;</bdi>”" in shown
    assert 'name="since" max="9999-12-31" value="2024-03-01"' in shown
    assert 'data-again="3" data-question="Is &quot;it&quot;?" data-since="0001-01-01"' in shown


def test_a_period_that_the_reader_set_is_not_put_down_to_the_question() -> None:
    shown = chip(MARCH, Question("Is it?", date(2024, 3, 1), date(2024, 3, 31)), 3)
    assert "chosen by you" in shown
    assert "in &lt;March&gt;" not in shown


def test_a_period_that_was_taken_away_is_said_and_can_be_set() -> None:
    shown = chip(Window(words="in March"), Question("Is it?", EVER), 3)
    assert "Any time" in shown
    assert 'data-own="0001-01-01"' in shown
    assert 'class="remove"' not in shown


def test_without_a_period_there_is_no_chip_and_the_newest_is_only_said() -> None:
    assert chip(Window(), ASKED, 1) == ""
    newest = chip(Window(latest=True, words="latest"), ASKED, 1)
    assert "newest first" in newest
    assert "<details" not in newest


def test_the_control_has_two_named_days_and_a_way_back() -> None:
    shown = control(words("ru"))
    assert [shown.count(part) for part in ('type="date"', "<label>", "data-clear")] == [2, 2, 1]
    assert "За всё время" in shown
