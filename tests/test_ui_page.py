"""The page's own logic, without Gradio: following an answer, stopping it, finding a place to listen."""

import logging
import socket
from datetime import date

import pytest

from index.errors import CommuniqueError, IndexMismatchError, IndexMissingError, ModelError, UsageError
from rag.answers import Progress
from tests.browser.fake_assistant import AGENCIES_ANSWER, GONE, FakeAssistant
from ui.page import asking, check_address
from ui.page.address import listener, written
from ui.page.conversation import Conversation, Session, _what_failed, advanced
from ui.turn import Question, Turn
from ui.words import words


def follow(question: str, session: Session = Session(), again: int = 0) -> list[Turn]:  # noqa: B008 - frozen
    return list(Conversation(FakeAssistant()).follow(Question(question), session, "tab", again))


def test_an_answer_is_followed_to_its_end() -> None:
    turns = follow("agencies?")
    assert [len(turn.sentences) for turn in turns][-2:] == [1, 1]
    assert turns[-1].answer == AGENCIES_ANSWER
    assert [turn.running for turn in turns] == [True] * (len(turns) - 1) + [False]


def test_a_stage_reported_again_is_not_sent_again() -> None:
    turn = Turn(1, Question("?"), FakeAssistant().coverage(), Progress("waiting", 0.1, 2))
    assert advanced(turn, Progress("waiting", 5.0, 2)) is turn
    assert advanced(turn, Progress("waiting", 5.0, 1)) is not turn


def test_a_known_error_is_said_in_the_readers_words_with_its_message_behind() -> None:
    states = Conversation(FakeAssistant()).follow(Question("fail"), Session(), "tab", words=words("ru"))
    *_, last = states
    assert (last.error, last.detail) == (words("ru").say("error_model"), GONE)


@pytest.mark.parametrize(
    ("error", "phrase"),
    [
        (ModelError("m"), "error_model"),
        (IndexMissingError("m"), "error_index"),
        (IndexMismatchError("m"), "error_index"),
        (UsageError("m"), "error_other"),
    ],
)
def test_what_an_error_is_about_is_told_by_its_kind(error: CommuniqueError, phrase: str) -> None:
    assert _what_failed(error) == phrase


def test_an_unknown_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        error = follow("break")[-1].error
    assert "secret detail" not in error
    assert "secret detail" in caplog.text


def test_stopping_closes_the_stream_and_ends_the_answer() -> None:
    assistant = FakeAssistant()
    conversation = Conversation(assistant)
    states = conversation.follow(Question("slow initiative?"), Session(), "tab")
    shown = next(turn for turn in states if turn.sentences)
    conversation.stop("tab")
    last = list(states)[-1]
    assert (last.stopped, last.sentences) == (True, shown.sentences)
    assert assistant.streams[0].closed.is_set()


def test_a_question_is_stopped_before_its_answer_has_begun() -> None:
    assistant = FakeAssistant()
    conversation = Conversation(assistant)
    states = conversation.follow(Question("slow initiative?"), Session(), "tab")
    next(states)
    conversation.stop("tab")
    assert [turn.stopped for turn in states] == [True]
    assert assistant.streams[0].closed.is_set()


def test_a_reader_who_leaves_frees_the_model() -> None:
    assistant = FakeAssistant()
    states = Conversation(assistant).follow(Question("slow initiative?"), Session(), "tab")
    next(turn for turn in states if turn.sentences)
    states.close()
    assert assistant.streams[0].closed.is_set()


def test_stopping_nothing_does_nothing() -> None:
    Conversation(FakeAssistant()).stop("other tab")


def test_only_whole_answers_become_history() -> None:
    session = Session().after(follow("fail")[-1], "shown").after(follow("agencies?")[-1], "shown")
    assert session.history() == [
        {"role": "user", "content": "agencies?"},
        {"role": "assistant", "content": AGENCIES_ANSWER.text},
    ]
    assert session.last == "shown"


def test_asked_again_the_last_turn_is_replaced_and_understood_as_it_was() -> None:
    first = Session().after(follow("agencies?")[-1], "one")
    second = first.after(follow("initiative?", first)[-1], "two")
    again = follow("initiative?", second, again=2)[-1]
    assert (again.number, second.history(2)) == (2, first.history())
    assert [turn.number for turn in second.after(again, "two anew").turns] == [1, 2]


def test_an_earlier_turn_asked_again_comes_at_the_end() -> None:
    first = Session().after(follow("agencies?")[-1], "one")
    second = first.after(follow("initiative?", first)[-1], "two")
    assert (second.place(again=1), second.history(1)) == (3, [])


def test_the_period_of_the_reader_goes_to_the_assistant() -> None:
    assistant = FakeAssistant()
    asked = asking.question(" agencies? ", {"since": "2024-03-31", "until": "2024-03-01"})
    list(Conversation(assistant).follow(asked, Session(), "tab"))
    assert asked.text == "agencies?"
    assert assistant.periods == [(date(2024, 3, 1), date(2024, 3, 31))]


@pytest.mark.parametrize("period", [None, "2024", 7, {"since": "soon", "until": 3}, {"since": "99999-01-01"}])
def test_what_is_no_day_is_no_period(period: object) -> None:
    assert not asking.question("agencies?", period).has_period


def test_what_is_no_question_or_number_is_empty() -> None:
    assert asking.question({"a": 1}, {}).text == ""
    assert [asking.number(value) for value in ("3", 3, "-1", None, "٣", "9" * 9)] == [3, 3, 0, 0, 0, 0]


def test_a_taken_port_is_refused_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} on 127.0.0.1 is taken.*--port"):
            check_address("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match=r"192\.0\.2\.1 is not an address of this machine.*--host"):
        check_address("192.0.2.1", 0)


def test_port_zero_is_any_free_port_and_the_address_names_it() -> None:
    with listener("127.0.0.1", 0) as bound:
        assert written(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}"
