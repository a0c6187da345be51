"""Streams closed from other threads and followed by event loops: whoever leaves gives the model back."""

import asyncio
import threading
import time
from collections.abc import Callable, Generator
from contextlib import aclosing
from pathlib import Path

import pytest

from index.errors import Cancelled, UsageError
from rag.answer_stream import AnswerStream, beating, followed
from rag.answers import Answer, Event, Progress, SentenceReady
from rag.assistant import Assistant
from tests.fakes import FakeGenerator, built, opened, release

OIL = release("oil", "The price of oil rose to 80 dollars. Nobody knew why.", "2024-03-07", title="Oil prices")
QUESTION = "What did the price of oil do?"
ROSE = "The price of oil rose to 80 dollars."
SOON = 5.0
"""Seconds within which a thread that was told to end must have; it takes milliseconds."""


class Held:
    """Events that wait in the middle; `freed` once they have given back what they held."""

    def __init__(self) -> None:
        self.reached, self.go_on, self.freed = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, stopped: Callable[[], bool]) -> Generator[Event, None, None]:
        try:
            yield Progress("searching", 0.0)
            self.reached.set()
            while not stopped() and not self.go_on.wait(0.01):
                pass
            yield Progress("reading", 0.0)
            yield Progress("writing", 0.0)
        finally:
            self.freed.set()


def test_a_stream_closed_while_an_event_was_on_its_way_gives_back_what_it_held() -> None:
    held = Held()
    stream = AnswerStream(held)
    heard: list[Event] = []
    thread = threading.Thread(target=lambda: heard.extend(stream))
    thread.start()
    assert held.reached.wait(SOON)
    stream.close()
    thread.join(SOON)
    assert held.freed.wait(SOON), "nothing frees it while someone still holds the stream"
    assert [event.stage for event in heard if isinstance(event, Progress)] == ["searching", "reading"]


def test_an_event_loop_is_told_that_nothing_comes() -> None:
    async def first_three() -> list[Event | None]:
        async with aclosing(beating(AnswerStream(Held()), 0.01)) as events:
            return [await anext(events) for _ in range(3)]

    searching, *silence = asyncio.run(first_three())
    assert isinstance(searching, Progress)
    assert silence == [None, None]


def test_an_error_reaches_whoever_follows() -> None:
    def failing(_: Callable[[], bool]) -> Generator[Event, None, None]:
        yield Progress("searching", 0.0)
        raise UsageError("no such day")

    async def all_of_them() -> None:
        async for _ in followed(AnswerStream(failing)):
            pass

    with pytest.raises(UsageError, match="no such day"):
        asyncio.run(all_of_them())


def test_more_callers_than_a_pool_has_threads_wait_and_others_are_still_heard() -> None:
    holding = [Held() for _ in range(60)]

    async def waiting(held: Held) -> None:
        async for _ in followed(AnswerStream(held)):
            pass

    async def crowd() -> bool:
        tasks = [asyncio.create_task(waiting(held)) for held in holding]
        while not all(held.reached.is_set() for held in holding):
            await asyncio.sleep(0.01)
        heard = await asyncio.to_thread(lambda: True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return heard

    assert asyncio.run(asyncio.wait_for(crowd(), 20))
    assert all(held.freed.wait(SOON) for held in holding)


class SlowGenerator(FakeGenerator):
    """Writes until it is stopped; `cancelled` once it noticed."""

    def __init__(self) -> None:
        super().__init__()
        self.writing, self.noticed = threading.Event(), threading.Event()

    def generate(self, prompt, max_tokens, cancelled):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self.writing.set()
        while not cancelled():
            time.sleep(0.005)
        self.noticed.set()
        raise Cancelled("the caller went away")
        yield ""


@pytest.fixture
def shelf(home: Path) -> Path:
    built(home, OIL)
    return home


async def asked_and_cancelled(assistant: Assistant, model: SlowGenerator) -> None:
    task = asyncio.create_task(assistant.ask_async(QUESTION))
    assert await asyncio.to_thread(model.writing.wait, SOON)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_cancelled_question_frees_the_model_for_the_next(shelf: Path) -> None:
    model = SlowGenerator()
    assistant = opened(shelf, model)
    asyncio.run(asyncio.wait_for(asked_and_cancelled(assistant, model), 20))
    assert model.noticed.wait(SOON)
    model.generate = FakeGenerator(ROSE).generate  # type: ignore[method-assign]
    assert assistant.ask(QUESTION).sentences[0].text == ROSE


def test_a_stream_that_is_left_frees_the_model(shelf: Path) -> None:
    async def leave(assistant: Assistant, model: SlowGenerator) -> None:
        async with aclosing(assistant.stream_async(QUESTION)) as events:
            async for event in events:
                if isinstance(event, Progress) and event.stage == "writing":
                    assert await asyncio.to_thread(model.writing.wait, SOON)
                    return

    model = SlowGenerator()
    asyncio.run(asyncio.wait_for(leave(opened(shelf, model), model), 20))
    assert model.noticed.wait(SOON)


def test_the_async_forms_end_with_the_answer(shelf: Path) -> None:
    async def both(assistant: Assistant) -> tuple[Answer, list[Event]]:
        return await assistant.ask_async(QUESTION), [event async for event in assistant.stream_async(QUESTION)]

    answer, events = asyncio.run(both(opened(shelf, FakeGenerator(ROSE, ROSE))))
    assert isinstance(events[-1], Answer)
    assert events[-1].sentences == answer.sentences
    assert any(isinstance(event, SentenceReady) for event in events)
