"""Releases that have nothing to do with the country that a question names are not read for it."""

from dataclasses import replace

import pytest

from index.hits import Hit
from index.lexical import Lexicon
from index.postings import Postings
from index.release import Release
from index.terms import terms
from rag.conversation import BEFORE
from rag.named_countries import is_elsewhere, of_named_countries
from tests.fakes import release

KENYA = release("kenya", "A thousand officers flew to Haiti.", title="Statement on the Kenyan police")
SEAT = release("seat", "The talks in Nairobi went on. Ours took part.")
OTHER = release("other", "100,000 officers were hired at home.")
SWISS = release("swiss", "The Swiss hired 50 officers.")
UNION = release("union", "European officers of South Africa met on French soil.")
RUSSIAN = replace(release("russian", "Кения направила 1000 полицейских."), language="ru")
HOME = [release(f"home{number}", "The Swiss government met.") for number in range(4)]
ALL = (KENYA, SEAT, OTHER, SWISS, UNION, RUSSIAN)


LEXICON = Lexicon(Postings.of(terms(f"{item.title} {item.text}") for item in (*ALL, *HOME)))


def about(question: str, *found: Release) -> list[str]:
    return [hit.release.id for hit in of_named_countries(question, [Hit(item, 0.5, []) for item in found], LEXICON)]


@pytest.mark.parametrize(
    ("question", "found", "elsewhere"),
    [
        ("How many officers did Norway send?", (KENYA, OTHER), True),
        ("How many officers did the Kenyans send?", (OTHER, SEAT), False),
        ("Who opened the embassy in Ulaanbaatar?", (KENYA, OTHER), True),
        ("Who opened the embassy in Nairobi?", (OTHER, KENYA), False),
        ("How many officers did Norway send?", (KENYA, RUSSIAN), False),
        ("How many officers did countries other than Norway send?", (KENYA, OTHER), False),
        ("How many officers did the Swiss send?", (KENYA, OTHER), False),
        ("How many officers of the French-speaking states came?", (KENYA, OTHER), False),
        (f"And how many of them?{BEFORE}How many did Norway send? It sent some.)", (KENYA, OTHER), False),
    ],
)
def test_where_no_release_names_the_country_it_is_told_of_another(
    question: str, found: tuple[Release, ...], elsewhere: bool
) -> None:
    assert is_elsewhere(question, [Hit(item, 0.5, []) for item in found], LEXICON) is elsewhere


@pytest.mark.parametrize(
    "question",
    [
        "How many Kenyan officers landed?",
        "How many officers did Kenya send?",
        "How many officers did the Kenyans send to Norway?",
        f"And how many did they send?{BEFORE}How many did Kenya send? It sent some.)",
    ],
)
def test_what_names_the_country_or_its_capital_is_read(question: str) -> None:
    assert about(question, OTHER, KENYA, SEAT, SWISS, UNION) == ["kenya", "seat"]


def test_a_follow_up_asks_of_the_country_that_it_names_itself() -> None:
    question = f"And how many did France send?{BEFORE}How many did Kenya send? It sent some.)"
    assert about(question, KENYA, UNION) == ["union"]


def test_what_names_something_else_need_not_be_of_the_country_before() -> None:
    question = f"And how many were hired for Fjordic?{BEFORE}How many did Kenya send? It sent some.)"
    assert about(question, KENYA, OTHER) == ["kenya", "other"]


def test_what_is_in_another_language_is_read_too() -> None:
    assert about("How many officers did Kenya send?", OTHER, RUSSIAN, KENYA) == ["russian", "kenya"]
    assert about("How many officers did Kenya send?", OTHER, RUSSIAN) == ["other", "russian"]


@pytest.mark.parametrize(
    "question",
    [
        "How many officers were hired?",
        "How many officers did Norway send?",
        "How many officers did the Swiss hire?",
        "How many officers did Switzerland hire?",
        "Which African state sent officers?",
        "How many officers did the European Union send?",
        "How many million francs did the officers get?",
        "Which states apart from Kenya sent officers?",
        "Who sent officers instead of Kenya?",
    ],
)
def test_all_is_read_where_no_country_tells_them_apart(question: str) -> None:
    assert about(question, OTHER, KENYA, SWISS, UNION) == ["other", "kenya", "swiss", "union"]
