"""Follow-ups stand alone; a new topic is left as it is."""

from datetime import date

import pytest

from rag.conversation import leans, standalone, window

HISTORY = [
    {"role": "user", "content": "When did the president receive Chile's president?"},
    {"role": "assistant", "content": "He met Gabriel Boric on 2 November 2023. [1]"},
]
NOW = date(2024, 7, 1)


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("And when?", True),
        ("What did he say there?", True),
        ("Which other leader did he host on the same day?", True),
        ("А когда они встретились?", True),
        ("How many agencies sit in the UN Plaza in Almaty?", False),
        ("Which country looks after the website of the alliance against ransomware?", False),
    ],
)
def test_a_follow_up_is_known_by_its_words(question: str, leaning: bool) -> None:
    assert leans(question) is leaning


def test_a_follow_up_carries_what_was_said_without_its_markers() -> None:
    alone = standalone("And when?", HISTORY)
    assert alone.startswith("And when? (Before: When did the president receive")
    assert "Gabriel Boric" in alone
    assert "[1]" not in alone


def test_a_new_topic_and_a_first_question_stay_as_they_are() -> None:
    topic = "How many agencies sit in the UN Plaza in Almaty?"
    assert standalone(topic, HISTORY) == topic
    assert standalone("And when?", []) == "And when?"


def test_the_same_day_is_the_day_the_last_answer_spoke_of() -> None:
    found = window("Whom else did he host on the same day?", HISTORY, NOW)
    assert (found.since, found.until) == (date(2023, 11, 2), date(2023, 11, 2))
    assert window("Whom else did he host?", HISTORY, NOW).since is None
