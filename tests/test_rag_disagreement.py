"""Releases that give different answers are told from releases that speak of different events."""

from datetime import date
from pathlib import Path

import pytest

from index.release import Origin, Release, Sentence
from rag.disagreement import disagreement
from rag.evidence import Evidence
from tests.fakes import built, opened, release

MANY = "How many tents were sent to the camp?"
WHO = "Who opened the plant in Almaty?"


def said(text: str, day: str, name: str = "") -> Evidence:
    published = date.fromisoformat(day)
    source = Release(name or f"{day}-{text}", text, "A", Origin.GIVEN, published, Origin.GIVEN, "en")
    return Evidence(Sentence(source.id, 0, 0, len(text), text), source, 0.9, 0.9, 0.9)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            MANY,
            ("Norway sent 300 tents to the camp.", "2024-03-01"),
            ("Norway sent 500 tents to the camp.", "2024-05-01"),
        ),
        (
            WHO,
            ("Minister Lund opened the plant in Almaty.", "2024-03-01"),
            ("Minister Horvat opened the plant in Almaty.", "2024-03-02"),
        ),
        (
            "When will it open?",
            ("The plant will open on 5 May 2024.", "2024-03-01"),
            ("The plant will open on 9 June 2024.", "2024-03-04"),
        ),
    ],
)
def test_the_same_said_with_another_value_is_a_disagreement(
    question: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    found = disagreement(question, [said(*one), said(*other)])
    assert [item.release.date for item in found] == [date.fromisoformat(day) for _, day in (other, one)]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            WHO,
            ("Minister Lund opened the plant today.", "2024-03-01"),
            ("Minister Horvat opened the plant today.", "2024-06-02"),
        ),
        (
            MANY,
            ("Norway sent 300 tents to the camp.", "2024-03-01"),
            ("Norway sent 300 tents to the camp.", "2024-03-02"),
        ),
        (
            MANY,
            ("Norway sent 300 tents to the camp.", "2024-03-01"),
            ("It rained in Oslo for nine days on end.", "2024-03-02"),
        ),
        (
            "Which ministers opened plants?",
            ("Minister Lund opened the plant.", "2024-03-01"),
            ("Minister Horvat opened the plant.", "2024-03-01"),
        ),
        (
            "Which president did she meet in Oslo?",
            ("Minister Lund met President Horvat in Oslo.", "2024-03-01"),
            ("Minister Lund met President Costa in Oslo.", "2024-03-01"),
        ),
    ],
)
def test_other_events_and_the_same_value_are_none(question: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert disagreement(question, [said(*one), said(*other)]) == []


def test_two_things_that_the_question_names_are_no_disagreement() -> None:
    one = said("Minister Lund led the delegation to Kenya.", "2024-03-01")
    other = said("Minister Horvat led the delegation to Angola.", "2024-03-02")
    assert disagreement("Who led the delegation when Kenya and Angola voted?", [one, other]) == []


def test_one_release_does_not_disagree_with_itself() -> None:
    texts = ("Norway sent 300 tents to the camp.", "Norway sent 500 tents to the camp.")
    assert disagreement(MANY, [said(text, "2024-03-01", "same") for text in texts]) == []


def test_an_answer_cites_both_and_says_so(home: Path) -> None:
    built(
        home,
        release("old", "The price of oil rose to 80 dollars.", "2024-03-01"),
        release("new", "The price of oil rose to 90 dollars.", "2024-03-05"),
    )
    answer = opened(home).ask("To how many dollars did the price of oil rise?")
    assert answer.conflict
    assert [citation.release_id for citation in answer.citations] == ["new", "old"]
    assert "differ" in answer.sentences[-1].text
