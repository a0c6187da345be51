"""The turnstile: so many questions at once and a minute, by who asks; what takes too long ends and frees its place."""

import threading
import time
from collections.abc import Callable, Generator, Iterator

import pytest

from index.errors import BusyError, OverdueError, TooManyError, UsageError
from index.settings import LimitSettings
from rag.answer_stream import AnswerStream
from rag.answers import Answer, Event, Progress
from tests.browser.fake_assistant import FakeAssistant, FakeStream
from ui.network.client import ASKING, Client
from ui.network.turnstile import Bounded, Turnstile
from ui.page.conversation import Conversation, Session
from ui.turn import Question
from ui.words import words

ANN, BOB, HERE = Client("192.0.2.1", "ann"), Client("192.0.2.1", "bob"), Client("127.0.0.1")


@pytest.fixture(autouse=True)
def asking() -> Iterator[None]:
    token = ASKING.set(ANN)
    yield
    ASKING.reset(token)


def turnstile(**limits: int) -> Turnstile:
    return Turnstile(FakeAssistant(), LimitSettings(**limits))


def test_a_place_is_taken_until_the_answer_is_there() -> None:
    asked = turnstile(questions=1)
    first = asked.stream("agencies?")
    with pytest.raises(BusyError, match="1 questions are under way") as refused:
        asked.stream("agencies?")
    assert refused.value.wait > 0
    assert any(isinstance(event, Answer) for event in first)
    assert list(asked.stream("agencies?"))


def test_closing_gives_the_place_up_once() -> None:
    asked = turnstile(questions=1)
    first = asked.stream("slow initiative?")
    first.close()
    second = asked.stream("slow initiative?")
    first.close()
    with pytest.raises(BusyError):
        asked.stream("agencies?")
    second.close()


def test_one_client_leaves_room_for_others() -> None:
    asked = turnstile(questions=3, questions_per_client=2)
    held = [asked.stream("agencies?") for _ in range(2)]
    with pytest.raises(TooManyError, match="2 of your questions"):
        asked.stream("agencies?")
    ASKING.set(BOB)
    held.append(asked.stream("agencies?"))
    for stream in held:
        stream.close()


def test_this_machines_own_reader_has_all_the_places() -> None:
    ASKING.set(HERE)
    asked = turnstile(questions=3, questions_per_client=1, questions_per_minute=1)
    held = [asked.stream("agencies?") for _ in range(3)]
    with pytest.raises(BusyError):
        asked.stream("agencies?")
    for stream in held:
        stream.close()


def test_so_many_questions_a_minute() -> None:
    asked = turnstile(questions_per_minute=2)
    for _ in range(2):
        list(asked.stream("agencies?"))
    with pytest.raises(TooManyError, match="2 questions a minute") as refused:
        asked.stream("agencies?")
    assert 0 < refused.value.wait <= 60


def test_a_question_that_is_none_takes_no_place() -> None:
    class Refusing(FakeAssistant):
        def stream(self, *_: object, **__: object) -> FakeStream:
            raise UsageError("no")

    asked = Turnstile(Refusing(), LimitSettings(questions=1))
    for _ in range(2):
        with pytest.raises(UsageError):
            asked.stream("?")


def test_what_takes_too_long_is_closed_and_told() -> None:
    assistant, left = FakeAssistant(), threading.Event()
    events = Bounded(assistant.stream("slow initiative?"), 0.2, left.set)
    began = time.monotonic()
    with pytest.raises(OverdueError, match=r"0\.2 s"):
        list(events)
    assert time.monotonic() - began < 5
    assert assistant.streams[0].closed.is_set()
    assert left.is_set()


def test_what_nobody_reads_is_closed_too() -> None:
    assistant, left = FakeAssistant(), threading.Event()
    _ = Bounded(assistant.stream("slow initiative?"), 0.1, left.set)
    assert left.wait(5)
    assert assistant.streams[0].closed.is_set()


def test_an_answer_that_is_there_is_not_taken_back() -> None:
    events = Bounded(FakeAssistant().stream("agencies?"), 0.1, lambda: None)
    for event in events:
        if isinstance(event, Answer):
            break
    time.sleep(0.2)
    assert list(events) == []


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page_says_it_in_the_readers_words(language: str) -> None:
    asked = turnstile(questions=1)
    held = asked.stream("agencies?")
    own = words(language)
    *_, last = Conversation(asked).follow(Question("agencies?"), Session(), "tab", words=own, client=ANN)
    assert last.error == own.say("error_busy")
    assert "under way" in last.detail
    held.close()
    assert not list(Conversation(asked).follow(Question("agencies?"), Session(), "tab", client=ANN))[-1].error


def test_what_was_closed_while_it_ran_gives_its_turn_back() -> None:
    """The stream is closed by the clock while its caller is in it; nobody closes it again."""
    running, ended = threading.Event(), threading.Event()

    def events(stopped: Callable[[], bool]) -> Generator[Event, None, None]:
        try:
            while True:
                running.set()
                time.sleep(0.3)
                yield Progress("writing", 0.0)
        finally:
            ended.set()

    late = Bounded(AnswerStream(events), 0.1, lambda: None)
    with pytest.raises(OverdueError):
        list(late)
    assert running.is_set()
    assert ended.is_set()
