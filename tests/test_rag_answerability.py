"""Whether evidence holds what is asked: the kind of answer, the rank of an office, and a probability."""

from datetime import date

import pytest

from index.release import Sentence
from rag.answerability import holds_office, is_off_topic, probability
from rag.evidence import Evidence
from rag.kinds import Kind, asked_for, asks_several, holds_kind
from tests.fakes import release


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many agencies are there?", Kind.NUMBER),
        ("What was the price of oil?", Kind.NUMBER),
        ("Сколько стран участвует?", Kind.NUMBER),
        ("When will the centre open?", Kind.FUTURE),
        ("When did the centre open?", Kind.TIME),
        ("On what date did they meet?", Kind.TIME),
        ("Who spoke when the centre opened?", Kind.PERSON),
        ("What did he say when they met?", Kind.OTHER),
    ],
)
def test_the_kind_of_answer_is_read_from_the_words(question: str, kind: Kind) -> None:
    assert asked_for(question) is kind


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It houses 18 agencies.", True),
        ("Argentina bought F-16s.", False),
        ("It opened in 2019.", False),
        ("Personnel will increase.", False),
        ("The two discussed security.", False),
    ],
)
def test_a_name_or_a_year_is_not_a_number(text: str, held: bool) -> None:
    assert holds_kind(Kind.NUMBER, text) is held


@pytest.mark.parametrize(
    ("texts", "held"),
    [
        (["First Deputy-Minister of Foreign Affairs Umarov held a briefing."], False),
        (["The Foreign Minister spoke.", "A deputy minister listened."], True),
        (["Nothing of the kind."], True),
    ],
)
def test_a_deputy_minister_is_not_the_minister(texts: list[str], held: bool) -> None:
    assert holds_office("Who is the foreign minister?", texts) is held


def test_when_something_will_happen_is_not_answered_by_a_past_day() -> None:
    published = date(2023, 9, 7)
    assert not holds_kind(Kind.FUTURE, "It may sit in a building inaugurated in 2019.", published)
    assert holds_kind(Kind.FUTURE, "It will open on 1 March 2024.", published)


def test_who_heads_the_ministry_is_no_deputy() -> None:
    assert not holds_office("Who heads the Ministry of Foreign Affairs?", ["First Deputy-Minister Umarov spoke."])


def test_the_models_odds_move_the_probability() -> None:
    found = {"cosine": 0.6, "kind": 1.0, "office": 1.0}
    assert probability(found, -2.0) < 0.5 < probability(found, 2.0)
    assert 0 <= probability({}) <= 1


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Which leaders did he meet in Davos?", True),
        ("In which cities did they hold talks?", True),
        ("List the countries.", True),
        ("Какие страны участвовали?", True),
        ("Which country was it?", False),
        ("Which country looks after the website?", False),
        ("What are the Czechs paying for it?", False),
        ("What does the ministry say?", False),
        ("What is his plan?", False),
    ],
)
def test_questions_that_ask_for_several_things(question: str, several: bool) -> None:
    assert asks_several(question) is several


@pytest.mark.parametrize(
    ("question", "off"),
    [
        ("What did Lund say about Norway's fleet?", True),
        ("What did Lund say about Norway's harbour?", False),
        ("What did Lund say about Norwegian harbors?", False),
        ("What did he tell the envoy in March about whales?", True),
        ("Who runs Norway's fleet?", False),
    ],
)
def test_what_was_said_about_something_else_is_off_topic(question: str, off: bool) -> None:
    told = release("talks", "Lund praised the harbour of Norway.", "2024-03-07")
    texts = (told.text, "The fleet was not spoken of.")
    evidence = [Evidence(Sentence("talks", 0, 0, len(text), text), told, 0.9, 0.9, 0.9) for text in texts]
    assert is_off_topic(question, evidence) is off
