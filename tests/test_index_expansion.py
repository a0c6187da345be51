"""Other words for the question's words, each group counted once."""

import pytest

from index.expansion import MEMBER, countries_in, expand
from index.lexical import Lexicon
from index.postings import Postings


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Kyiv", "ukrain"),
        ("Czechs", "pragu"),
        ("phone", "call"),
        ("Astana", "kazakhstan"),
        ("American", "usa"),
        ("Kiev", "ukrain"),
    ],
)
def test_a_readers_word_finds_a_ministrys(question: str, other: str) -> None:
    [group] = expand(question)
    assert 0 < group[other] < 1


def test_the_word_itself_counts_most() -> None:
    assert expand("warplanes and warplanes") == expand("warplanes")
    assert max(expand("warplanes")[0].values()) == expand("warplanes")[0]["warplan"] == 1.0


def test_a_demonym_belongs_to_the_larger_country() -> None:
    [group] = expand("American")
    assert "samoa" not in group


@pytest.mark.parametrize(
    ("question", "member"),
    [("Baltic", "lithuania"), ("South American", "paraguay"), ("West African", "ivoir"), ("Asian", "india")],
)
def test_any_country_of_a_region_may_be_the_one_that_is_meant(question: str, member: str) -> None:
    assert expand(question)[-1][member] == MEMBER


def test_a_south_american_is_not_of_the_united_states() -> None:
    assert "usa" not in expand("South American")[-1]
    assert "usa" in expand("American")[-1]


@pytest.mark.parametrize("name", ["Luxembourg", "Singapore", "Côte d’Ivoire", "Ivory Coast"])
def test_a_country_is_told_also_where_its_capital_has_its_name(name: str) -> None:
    assert len(countries_in(name)) == 1


def test_a_coast_is_no_country() -> None:
    assert not countries_in("off the coast")


def test_a_group_counts_its_best_word_once() -> None:
    lexicon = Lexicon(Postings.of([["call"], ["call", "phone"], ["other"]]))
    both = lexicon.scores([{"phone": 1.0, "call": 0.7}])
    alone = lexicon.scores([{"phone": 1.0}])
    assert both[1] == alone[1] > both[0] > both[2] == 0
