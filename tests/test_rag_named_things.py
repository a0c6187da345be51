"""Releases that do not bear the rare names of a question are not read for it where one near the top does."""

from dataclasses import replace

import pytest

from index.hits import Hit
from index.lexical import Lexicon
from index.postings import Postings
from index.release import Release
from index.terms import terms
from rag.conversation import BEFORE
from rag.named_things import narrowed
from tests.fakes import release

HORVAT = release("horvat", "All that Horvat owns was blocked.", title="Assets blocked")
OTHER = release("other", "USD 48 million was found and given back to Peru.")
FAR = [release(f"far{number}", "Money was found.") for number in range(5)]
RUSSIAN = replace(release("russian", "Активы заблокированы."), language="ru")
HOME = [release(f"home{number}", "The minister of Lund spoke.") for number in range(90)]
PAIR = release("pair", "Nils and Eva Lundgren spoke.")
ALL = (HORVAT, OTHER, RUSSIAN, PAIR, *FAR, *HOME)


def kept(question: str, *found: Release) -> list[str]:
    lexicon = Lexicon(Postings.of(terms(f"{item.title} {item.text}") for item in ALL))
    return [hit.release.id for hit in narrowed(question, question, [Hit(item, 0.5, []) for item in found], lexicon)]


@pytest.mark.parametrize(
    "question",
    [
        "How much money of Horvat's was found?",
        "How much of Horvatt's money was found?",
        "What was Horvat’s money?",
        "Which officials asked for what Horvat owns?",
        f"And how much was found?{BEFORE}Was the money of Horvat blocked? It was.)",
    ],
)
def test_what_bears_the_name_is_read_alone(question: str) -> None:
    assert kept(question, OTHER, HORVAT, FAR[0]) == ["horvat"]


@pytest.mark.parametrize(
    "question",
    [
        "How much money was found?",
        "What money was found by Fjordic?",
        "What did the minister of Lund find?",
        "Which officials asked for what Nils Horvat and Eva Lundgren own?",
        "What was found on 5 May 2024?",
    ],
)
def test_all_is_read_where_no_rare_name_tells_or_several_are_asked_for(question: str) -> None:
    assert kept(question, OTHER, HORVAT) == ["other", "horvat"]


def test_a_name_far_down_tells_nothing() -> None:
    assert kept("How much money of Horvat was found?", *FAR, HORVAT) == [*(item.id for item in FAR), "horvat"]


def test_what_is_in_another_language_is_read_too() -> None:
    assert kept("How much money of Horvat was found?", OTHER, RUSSIAN, HORVAT) == ["russian", "horvat"]
    assert kept("How much money of Horvat was found?", OTHER, RUSSIAN) == ["other", "russian"]


def test_what_lacks_the_rare_word_that_the_best_holds_is_not_read() -> None:
    drone = release("drone", "The drone flew.")
    lexicon = Lexicon(Postings.of(terms(f"{item.title} {item.text}") for item in (*ALL, drone)))

    def kept(question: str, *found: Release) -> list[str]:
        return [hit.release.id for hit in narrowed(question, question, [Hit(item, 0.5, []) for item in found], lexicon)]

    assert kept("How long did the drone fly?", drone, OTHER, RUSSIAN) == ["drone", "russian"]
    assert kept("How long did the drone fly?", OTHER, drone) == ["other", "drone"]
    assert kept("Which drones flew?", drone, OTHER) == ["drone", "other"]
