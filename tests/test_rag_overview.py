"""What is asked of the index itself: greetings, coverage, counts with their lists, digests."""

from datetime import date
from pathlib import Path

import pytest

from index.catalog import Coverage
from rag.answers import Answer, SentenceKind
from rag.notices import notices, speaking
from tests.fakes import FakeGenerator, built, opened, release

FIRST = "The minister of trade met the envoy of Norway in the old harbour."
RELEASES = [
    release("harbour", f"Dear all,\n\n{FIRST} They spoke of oil. A second harbour was not named.", "2024-05-03"),
    release("gas", "The envoy of Norway opened a large new plant for gas in Almaty. It rained.", "2024-06-07"),
    release("wind", "Wind turbines were opened near the coast by the minister of trade. Norway paid.", "2024-06-20"),
]

LAST = date(2024, 6, 20)
COVERAGE = Coverage(3, date(2024, 5, 3), LAST)


@pytest.fixture
def shelf(home: Path) -> Path:
    built(home, *RELEASES)
    return home


def asked(shelf: Path, question: str) -> Answer:
    model = FakeGenerator()
    answer = opened(shelf, model, threshold=1.0).ask(question, now="2024-07-01")
    assert model.prompts == []
    return answer


def ids(answer: Answer) -> list[str]:
    return [match.release_id for match in answer.matches]


@pytest.mark.parametrize("question", ["Hello!", "hi there", "Привет", "Сәлем!", "What can you do?", "help", "Кто ты?"])
def test_a_greeting_is_answered_with_what_can_be_asked(shelf: Path, question: str) -> None:
    answer = asked(shelf, question)
    assert not answer.refused
    assert notices(speaking(question).language).holdings(COVERAGE) in answer.text
    assert all(sentence.kind is SentenceKind.NOTICE for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Thanks!", "You are welcome."),
        ("thank you very much", "You are welcome."),
        ("Спасибо", "Пожалуйста."),
        ("Рахмет", "Пожалуйста."),  # No letter tells this word from a Russian one.
    ],
)
def test_thanks_are_taken(shelf: Path, question: str, reply: str) -> None:
    assert asked(shelf, question).text == reply


@pytest.mark.parametrize(
    "question",
    [
        "What period do you cover?",
        "Which years does the archive cover?",
        "How far back do the releases go?",
        "How recent are your releases?",
        "What is the newest release?",
        "За какой период есть релизы?",
    ],
)
def test_the_period_is_told_with_the_newest_release(shelf: Path, question: str) -> None:
    own = speaking(question)
    text = asked(shelf, question).text
    assert own.holdings(COVERAGE) in text
    assert own.day(LAST) in text.removeprefix(own.holdings(COVERAGE))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many releases are there?", ["wind", "gas", "harbour"]),
        ("How many press releases were published in June 2024?", ["wind", "gas"]),
        ("How many releases mention the envoy?", ["gas", "harbour"]),
        ("How many releases mention Norway in June 2024?", ["wind", "gas"]),
        ("List all releases about gas", ["gas"]),
        ("Which releases mention oil?", ["harbour"]),
        ("How many releases mention the minister of trade since June?", ["wind"]),
        ("How many releases mention Peru?", []),
        ("Сколько релизов было опубликовано в июне 2024?", ["wind", "gas"]),
    ],
)
def test_a_count_goes_over_all_releases_and_can_be_opened(shelf: Path, question: str, expected: list[str]) -> None:
    answer = asked(shelf, question)
    assert ids(answer) == expected
    assert str(len(expected)) in answer.sentences[0].text
    assert [citation.release_id for citation in answer.citations] == expected
    texts = {item.id: item.text for item in RELEASES}
    assert all(texts[c.release_id][c.start : c.end] == c.quote for c in answer.citations)


def test_a_counted_release_is_quoted_where_it_holds_the_words(shelf: Path) -> None:
    assert [c.quote for c in asked(shelf, "How many releases mention that it rained?").citations] == ["It rained."]


@pytest.mark.parametrize(
    "question", ["What did the ministry do in June 2024?", "What happened last month?", "Any news since 1 June?"]
)
def test_a_period_is_summed_up_by_the_leading_sentences_of_its_releases(shelf: Path, question: str) -> None:
    answer = asked(shelf, question)
    assert ids(answer) == ["wind", "gas"]
    assert [c.quote for c in answer.citations] == [
        "Wind turbines were opened near the coast by the minister of trade.",
        "The envoy of Norway opened a large new plant for gas in Almaty.",
    ]


def test_one_release_is_summed_up_by_its_lead(shelf: Path) -> None:
    answer = asked(shelf, "Summarise the last release")
    assert {citation.release_id for citation in answer.citations} == {"wind"}
    assert answer.citations[0].quote.startswith("Wind turbines")


def test_a_salutation_is_no_lead(shelf: Path) -> None:
    assert [c.quote for c in asked(shelf, "What happened in May 2024?").citations] == [FIRST]


@pytest.mark.parametrize(
    "question",
    [
        "What did the envoy open in June 2024?",
        "How many releases of hostages were there?",
        "What happened to the plant in Almaty?",
        "Summarise the talks on oil",
        "Hello, who met the envoy?",
        "What is the newest plant?",
    ],
)
def test_a_question_about_a_topic_is_left_to_the_search(shelf: Path, question: str) -> None:
    answer = asked(shelf, question)
    assert answer.matches == ()
    assert answer.refused
