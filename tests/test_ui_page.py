"""The page's own logic, without Gradio: following an answer, stopping it, finding a place to listen."""

import logging
import socket

import pytest

from index.errors import UsageError
from rag.answers import Progress
from tests.browser.fake_assistant import AGENCIES_ANSWER, GONE, FakeAssistant
from ui.page import check_address
from ui.page.address import listener, written
from ui.page.conversation import Conversation, Session, advanced
from ui.render import Turn


def follow(question: str, session: Session = Session()) -> list[Turn]:  # noqa: B008 - frozen
    return list(Conversation(FakeAssistant()).follow(question, session, "tab"))


def test_an_answer_is_followed_to_its_end() -> None:
    turns = follow("agencies?")
    assert [len(turn.sentences) for turn in turns][-2:] == [1, 1]
    assert turns[-1].answer == AGENCIES_ANSWER
    assert [turn.running for turn in turns] == [True] * (len(turns) - 1) + [False]


def test_a_stage_reported_again_is_not_sent_again() -> None:
    turn = Turn(1, "?", FakeAssistant().coverage(), Progress("waiting", 0.1, 2))
    assert advanced(turn, Progress("waiting", 5.0, 2)) is turn
    assert advanced(turn, Progress("waiting", 5.0, 1)) is not turn


def test_a_known_error_is_shown_as_it_is() -> None:
    assert follow("fail")[-1].error == GONE


def test_an_unknown_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        error = follow("break")[-1].error
    assert "secret detail" not in error
    assert "secret detail" in caplog.text


def test_stopping_closes_the_stream_and_ends_the_answer() -> None:
    assistant = FakeAssistant()
    conversation = Conversation(assistant)
    states = conversation.follow("slow initiative?", Session(), "tab")
    shown = next(turn for turn in states if turn.sentences)
    conversation.stop("tab")
    last = list(states)[-1]
    assert (last.stopped, last.sentences) == (True, shown.sentences)
    assert assistant.streams[0].closed.is_set()


def test_a_reader_who_leaves_frees_the_model() -> None:
    assistant = FakeAssistant()
    states = Conversation(assistant).follow("slow initiative?", Session(), "tab")
    next(turn for turn in states if turn.sentences)
    states.close()
    assert assistant.streams[0].closed.is_set()


def test_stopping_nothing_does_nothing() -> None:
    Conversation(FakeAssistant()).stop("other tab")


def test_only_whole_answers_become_history() -> None:
    session = Session().after(follow("fail")[-1], "shown").after(follow("agencies?")[-1], "shown")
    assert session.history == (
        {"role": "user", "content": "agencies?"},
        {"role": "assistant", "content": AGENCIES_ANSWER.text},
    )
    assert session.last == "shown"


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
