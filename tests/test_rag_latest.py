"""The latest is answered from the newest release that answers by itself, not from the one the model would word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.generation import Prompt
from rag.probe import Held, Verdict
from tests.fakes import FakeGenerator, built, opened, release

CALLS = [
    release("2024-01-26", "The envoy called the king. Wheat and rails were spoken of.", "2024-01-26", title="Call"),
    release("2024-03-07", "The envoy called the king. They praised the harbour.", "2024-03-07", title="Call"),
]
QUESTION = "When did the envoy last call the king?"


class Doubting(FakeGenerator):
    """Finds the answer likely, but for prompts that hold `doubted`."""

    doubted = "\0"
    doubt = -3.0

    def odds(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Verdict:
        return Verdict(self.doubt if self.doubted in prompt.user else self.verdict.said)


@pytest.mark.parametrize(("doubted", "day"), [("\0", "2024-03-07"), ("7 March", "2024-01-26")])
def test_the_newest_release_that_answers_alone_is_told(home: Path, doubted: str, day: str) -> None:
    built(home, *CALLS)
    generator = Doubting("The envoy called the king on 26 January 2024.")
    generator.doubted = doubted
    answer = opened(home, generator, threshold=0.5).ask(QUESTION)
    assert {citation.release_id for citation in answer.citations} == {day}


def test_a_newer_release_that_fits_as_well_need_not_be_as_likely(home: Path) -> None:
    built(home, *CALLS)
    generator = Doubting("The envoy called the king today.")
    generator.doubted, generator.doubt = "7 March", generator.verdict.said - 1
    answer = opened(home, generator, threshold=0.3).ask(QUESTION)
    assert {citation.release_id for citation in answer.citations} == {"2024-03-07"}


class Glancing(FakeGenerator):
    """Sees at a glance that every text answers, by a sentence that holds a number."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.holds = Held(9.0, -9.0), lambda part: 4.0 if "boats" in part else -5.0


@pytest.mark.parametrize(("told", "days"), [("boats are twenty", {"2024-03-07"}), ("boats are late", {"2024-01-26"})])
def test_a_newer_release_that_says_it_otherwise_and_plainly_answers_is_told(
    home: Path, told: str, days: set[str]
) -> None:
    older = (
        "Samoa had twelve boats in the last gift: so many boats did the last gift to Samoa have. Samoa thanked for it."
    )
    built(
        home,
        release("2024-01-26", older, "2024-01-26", title="Gift to Samoa"),
        release("2024-03-07", f"The last gift to Samoa follows. The {told}.", "2024-03-07", title="Gift to Samoa"),
    )
    answer = opened(home, Glancing()).ask("How many boats did the last gift to Samoa have?")
    assert {citation.release_id for citation in answer.citations} == days


def test_what_has_to_do_with_another_country_alone_is_refused(home: Path) -> None:
    home_news = [release(f"home{number}", "The envoy praised the harbour.", "2024-01-02") for number in range(4)]
    built(home, release("gift", "The envoy sent 600 boats to Samoa.", "2024-01-26", title="Gift"), *home_news)
    assistant = opened(home, Glancing(), threshold=0.3)
    assert not assistant.ask("How many boats did the envoy send to Samoa?").refused
    assert assistant.ask("How many boats did the envoy send to Haiti?").refused
