"""Follow-ups stand alone; a new topic is left as it is."""

from datetime import date

import pytest

from index.dates import Window
from rag.conversation import is_faithful, leans, script, standalone, window

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
        ("How many people from Oslo go back to Samoa in this first stage?", True),
        ("How many people from Oslo went back to Samoa this year?", False),
        ("Who is going to be host of the Nordic council next time?", True),
        ("Which other leader did he host on the same day?", True),
        ("А когда они встретились?", True),
        ("How many agencies sit in the UN Plaza in Almaty?", False),
        ("Roughly how many people work at the site?", True),
        ("Which part of the world had the fastest rise?", True),
        ("How many people work in Almaty?", False),
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


def test_after_that_begins_and_before_that_ends_with_what_was_told() -> None:
    after = window(
        "When did the two of them talk next?", HISTORY, NOW, "When did they talk next after 2 November 2023?"
    )
    assert (after.since, after.until) == (date(2023, 11, 3), None)
    before = window("Had he met him before that?", HISTORY, NOW)
    assert (before.since, before.until) == (None, date(2023, 11, 1))


def test_what_is_before_that_happens_is_of_no_time_that_was_told() -> None:
    told = [{"role": "assistant", "content": "The ministry may withdraw it, as was decided in June 2022."}]
    assert window("How long may they be away before that happens?", told, NOW) == Window()
    assert window("Who was asked before that was decided?", told, NOW).until == date(2022, 5, 31)


def test_what_was_planned_for_later_stands_in_what_told_of_it() -> None:
    assert window("Where was he heading after that?", HISTORY, NOW) == Window()
    assert window("Where did he go after that?", HISTORY, NOW).since == date(2023, 11, 3)


def test_a_time_is_counted_from_what_was_told() -> None:
    after = window("Whom did he host two days later?", HISTORY, NOW)
    assert (after.since, after.until) == (date(2023, 11, 4), date(2023, 11, 4))


def test_a_rewritten_question_brings_its_own_window() -> None:
    found = window("Whom else did he host?", HISTORY, NOW, "Whom else did the president host on 2 November 2023?")
    assert (found.since, found.until) == (date(2023, 11, 2), date(2023, 11, 2))


def test_a_time_told_by_the_way_is_not_when_it_was() -> None:
    told = "How many doses of the vaccine, which Oslo allowed on 2 November 2023, were to come?"
    assert window("How many doses of it were to come?", HISTORY, NOW, told) == Window()
    own = "And in Oslo, who did he meet in May 2023?"
    assert window(own, HISTORY, NOW, own.replace("he", "Lund")).since == date(2023, 5, 1)
    main = "Of the ministers, which resigned in 2023?"
    assert window("Which of them resigned?", HISTORY, NOW, main).since == date(2023, 1, 1)


@pytest.mark.parametrize(
    ("question", "rewritten", "faithful"),
    [
        ("And what did he say there?", "What did Gabriel Boric say to the president?", True),
        ("Whom else did he host on the same day?", "Whom else did the president host on 2 November 2023?", True),
        ("By what year does his country hope to export?", "By what year does Chile hope to export?", True),
        ("Did they meet again, and where?", "Did the president and Gabriel Boric meet again?", False),  # Loses "where".
        ("How many guests did he bring?", "How many did Gabriel Boric bring?", False),  # Loses the guests.
        ("And what did he say there?", "What did Nicolás Maduro say there?", False),  # A name from nowhere.
        ("And when?", "He met Gabriel Boric on 2 November 2023.", False),  # An answer.
        ("And when did he leave?", "When did he leave?", False),  # Puts nothing in.
        ("How many guests came that day?", "How many guests came on 2 November 2023?", False),  # Nothing but the day.
        ("Did they speak of NATO?", "Did they speak of NATO?", False),  # Puts nothing in, though it has a name.
        ("How many came to Oslo that day?", "How many came to Oslo on 2 November 2023?", True),
        ("Where did he go once they had finished?", "Where did Gabriel Boric go once they had finished?", False),
        ("Had his country ever led it?", "Had his country ever led the American Partnership?", False),
        ("And what did he say of his visit?", "What did Gabriel Boric say of his visit?", True),
        ("And what did he say of his visit?", "What did the president of Chile say of his visit?", True),
    ],
)
def test_a_rewriting_is_taken_only_where_it_is_the_same_question(question: str, rewritten: str, faithful: bool) -> None:
    assert is_faithful(rewritten, question, HISTORY) is faithful


def test_the_model_reads_the_last_turns_a_line_each() -> None:
    turns = [*HISTORY, {"role": "user", "content": "And\nwhere?"}]
    assert script(turns).splitlines()[-2:] == [
        "Assistant: He met Gabriel Boric on 2 November 2023.",
        "User: And where?",
    ]
