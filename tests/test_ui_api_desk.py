"""The desk: how many ask at once, for how long, in which order, and what becomes of those who leave."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import BusyError, Cancelled, ModelError, OverdueError, UsageError
from index.settings import LimitSettings
from rag.answers import Answer, Event, Progress
from tests.browser.fake_assistant import AGENCIES_ANSWER, FakeAssistant
from tests.fakes import FakeGenerator, built, opened, release
from ui.api.desk import Asked, Desk
from ui.network.turnstile import Turnstile

AGENCIES, QUEUE = Asked("agencies?"), Asked("agencies? queue")


def test_an_answer_is_that_of_the_assistant_and_nobody_is_under_way_after_it() -> None:
    desk = Desk(FakeAssistant())
    assert asyncio.run(desk.answer(AGENCIES)) == AGENCIES_ANSWER
    assert desk.under_way == 0


@pytest.mark.parametrize("question", ["", " ", "?!", "a\x00b", "x" * 2001, "\ud800"])
def test_what_is_no_question_is_refused_before_anyone_is_asked(question: str) -> None:
    assistant = FakeAssistant()
    with pytest.raises(UsageError, match="The question"):
        asyncio.run(Desk(assistant).answer(replace(AGENCIES, question=question)))
    assert assistant.streams == []


def test_one_more_than_fit_is_sent_away_and_the_others_are_answered() -> None:
    async def crowd(desk: Desk, assistant: FakeAssistant) -> tuple[object, list[Answer]]:
        inside = [asyncio.create_task(desk.answer(QUEUE)) for _ in range(2)]
        while len(assistant.streams) < 2:
            await asyncio.sleep(0.005)
        [refused] = await asyncio.gather(desk.answer(AGENCIES), return_exceptions=True)
        assistant.gate.set()
        return refused, await asyncio.gather(*inside)

    assistant = FakeAssistant()
    desk = Desk(Turnstile(assistant, LimitSettings(questions=2)))
    refused, answers = asyncio.run(asyncio.wait_for(crowd(desk, assistant), 20))
    assert isinstance(refused, BusyError)
    assert answers == [AGENCIES_ANSWER] * 2
    assert (desk.under_way, asyncio.run(desk.answer(AGENCIES))) == (0, AGENCIES_ANSWER)


def test_nobody_waits_for_ever() -> None:
    assistant = FakeAssistant()
    desk = Desk(Turnstile(assistant, LimitSettings(answer_seconds=5)))
    with pytest.raises(OverdueError, match="after 5 s"):
        asyncio.run(asyncio.wait_for(desk.answer(QUEUE), 20))
    assert assistant.streams[0].closed.is_set()
    assert desk.under_way == 0


def test_whoever_has_gone_is_not_waited_for() -> None:
    async def gone() -> bool:
        return True

    assistant = FakeAssistant()
    with pytest.raises(Cancelled):
        asyncio.run(asyncio.wait_for(Desk(assistant).answer(QUEUE, gone), 20))
    assert assistant.streams[0].closed.is_set()


def test_an_error_of_the_assistant_frees_the_place() -> None:
    desk = Desk(FakeAssistant())
    with pytest.raises(ModelError):
        asyncio.run(desk.answer(Asked("fail")))
    assert desk.under_way == 0


def test_programs_and_the_page_wait_in_one_line(home: Path) -> None:
    """The real assistant: a program that asked after the page is told that one is before it, and comes second."""
    built(home, release("oil", "The price of oil rose to 80 dollars.", "2024-03-07"))
    assistant = opened(home, FakeGenerator(*["The price of oil rose to 80 dollars."] * 2))
    page = assistant.stream("What did the price of oil do?")
    assert any(isinstance(event, Progress) and event.stage == "reading" for event in page)

    async def program() -> list[Event]:
        heard = []
        async with aclosing(Desk(assistant).follow(Asked("What did the price of oil do?"))) as events:
            async for event in events:
                if isinstance(event, Progress) and event.stage == "waiting" and event.ahead == 1 and not done:
                    done.append(page_ends())
                heard += [event] if event else []
        return heard

    def page_ends() -> Answer:
        *_, answer = page
        assert isinstance(answer, Answer)
        return answer

    done: list[Answer] = []
    heard = asyncio.run(asyncio.wait_for(program(), 20))
    assert len(done) == 1, "the program was not told that it waits"
    assert isinstance(heard[-1], Answer)
