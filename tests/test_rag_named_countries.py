"""Releases that have nothing to do with the country that a question names are not read for it."""

import pytest

from index.lexical import Lexicon
from index.postings import Postings
from index.release import Release
from index.search import Hit
from index.terms import terms
from rag.named_countries import of_named_countries
from tests.fakes import release

KENYA = release("kenya", "A thousand officers flew to Haiti.", title="Statement on the Kenyan police")
SEAT = release("seat", "The talks in Nairobi went on. Ours took part.")
OTHER = release("other", "100,000 officers were hired at home.")
HOME = [release(f"home{number}", "The Swiss government met.") for number in range(4)]


def about(question: str, *found: Release) -> list[str]:
    lexicon = Lexicon(Postings.of(terms(f"{item.title} {item.text}") for item in (KENYA, SEAT, OTHER, *HOME)))
    return [hit.release.id for hit in of_named_countries(question, [Hit(item, 0.5, []) for item in found], lexicon)]


@pytest.mark.parametrize("question", ["How many Kenyan officers landed?", "How many officers did Kenya send?"])
def test_what_names_the_country_or_its_capital_is_read(question: str) -> None:
    assert about(question, OTHER, KENYA, SEAT) == ["kenya", "seat"]


def test_one_of_several_countries_will_do() -> None:
    assert about("How many officers did Kenya send to Norway?", OTHER, KENYA) == ["kenya"]


@pytest.mark.parametrize(
    "question",
    [
        "How many officers were hired?",
        "How many officers did Norway send?",
        "How many officers did the Swiss hire?",
        "How many officers did Switzerland hire?",
        "Which African state sent officers?",
        "How many officers did the European Union send?",
        "Which states apart from Kenya sent officers?",
    ],
)
def test_all_is_read_where_no_country_tells_them_apart(question: str) -> None:
    assert about(question, OTHER, KENYA) == ["other", "kenya"]
