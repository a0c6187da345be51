"""Other words for the question's words, each group counted once."""

import pytest

from index.expansion import expand
from index.lexical import Lexicon, Postings


@pytest.mark.parametrize(
    ("question", "other"),
    [("Kyiv", "ukrain"), ("Czechs", "pragu"), ("phone", "call"), ("Astana", "kazakhstan"), ("American", "usa")],
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


def test_a_group_counts_its_best_word_once() -> None:
    lexicon = Lexicon(Postings.of([["call"], ["call", "phone"], ["other"]]))
    both = lexicon.scores([{"phone": 1.0, "call": 0.7}])
    alone = lexicon.scores([{"phone": 1.0}])
    assert both[1] == alone[1] > both[0] > both[2] == 0
