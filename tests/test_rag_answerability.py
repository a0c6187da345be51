"""Whether evidence holds what is asked: an answer beside the rest of the question, the office, and a probability."""

import math
from dataclasses import replace

import pytest

from index.lexical import Lexicon
from index.postings import Postings
from index.release import Sentence
from index.terms import terms
from rag.answerability import CLOSE, features, holds_kind, holds_office, is_off_topic, is_unheard, probability, shown
from rag.evidence import Evidence
from rag.probe import Held, Verdict
from tests.fakes import release


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


def test_who_heads_the_ministry_is_no_deputy() -> None:
    assert not holds_office("Who heads the Ministry of Foreign Affairs?", ["First Deputy-Minister Umarov spoke."])


def test_the_models_odds_move_the_probability() -> None:
    found = {"cosine": 0.6, "kind": 1.0, "office": 1.0}
    assert probability(found, Verdict(-2.0)) < 0.5 < probability(found, Verdict(2.0))
    unlikely, likely = ({**found, "best": best} for best in (-2.0, 2.0))
    assert (
        probability(unlikely, Verdict(2.0, Held(-3.0, 0.0))) < 0.5 < probability(likely, Verdict(-2.0, Held(3.0, 0.0)))
    )


@pytest.mark.parametrize(
    ("question", "off"),
    [
        ("What did Lund say about Norway's fleet?", True),
        ("What did Lund say about Norway's harbour?", False),
        ("What did Lund say about Norwegian harbors?", False),
        ("What did he tell the envoy in March about whales?", True),
        ("Who runs Norway's fleet?", False),
        ("Whose death did he say sorry about? (Before: When did Lund call? He spoke with Berg on whales.)", False),
    ],
)
def test_what_was_said_about_something_else_is_off_topic(question: str, off: bool) -> None:
    told = release("talks", "Lund praised the harbour of Norway.", "2024-03-07")
    texts = (told.text, "The fleet was not spoken of.")
    evidence = [Evidence(Sentence("talks", 0, 0, len(text), text), told, 0.9, 0.9, 0.9) for text in texts]
    assert is_off_topic(question, evidence) is off


@pytest.mark.parametrize(("behind", "kind"), [(CLOSE - 0.5, 1.0), (CLOSE + 0.5, 0.0)])
def test_the_number_of_something_else_answers_nothing(behind: float, kind: float) -> None:
    told = release("jets", "Argentina bought jets. The Czech army bought 24 others.", "2024-03-07")
    without, other = (Evidence(Sentence("jets", 0, 0, 9, text), told, 0.9, 0.9, 0.9) for text in told.text.split(". "))
    score = 1 / (
        1
        + math.exp(
            -(
                without.log_odds
                - behind
                + replace(other, is_kind=True).log_odds
                - replace(other, is_kind=True).relevance
            )
        )
    )
    evidence = [replace(other, score=score, is_kind=True), without]
    found = features("How many jets did Argentina buy?", evidence, Lexicon(Postings.of([["jet"]])))
    assert (found["kind"], found["untold"]) == (kind, 1 - kind)
    assert holds_kind("How many jets did Argentina buy?", evidence) is (kind == 1.0)
    assert not holds_kind("What did Argentina buy?", evidence)
    assert features("What did it buy?", evidence[1:], Lexicon(Postings.of([["jet"]])))["untold"] == 0
    assert features("What is the name of the jet?", evidence[1:], Lexicon(Postings.of([["jet"]])))["untold"] == 1


def test_what_the_model_holds_makes_up_for_a_kind_of_answer_that_was_missed() -> None:
    told = release("jets", "Argentina bought 24 jets.", "2024-03-07")
    plain = Evidence(Sentence("jets", 0, 0, 25, told.text), told, 0.9, 0.9, 0.9, place=0)
    held = replace(plain, is_kind=True, place=1)
    missed = {"untold": 1.0, "kind": 0.0, "office": 1.0}
    best = plain.log_odds
    assert shown(missed, [plain, held]) == pytest.approx({"untold": 0.5, "kind": 0.25, "office": 1.0, "best": best})
    assert shown(missed, [plain]) == {**missed, "best": best}
    assert shown(missed, [held, replace(plain, score=0.01)])["untold"] < 0.01
    assert shown({**missed, "kind": 1.0}, [held, replace(plain, place=None)])["kind"] == 1.0
    assert shown({"untold": 0.0, "kind": 1.0}, [plain]) == {"untold": 0.0, "kind": 0.5, "best": best}
    assert shown(missed, [replace(plain, place=None)]) == missed


def test_without_the_best_sentence_the_models_word_decides() -> None:
    found = {"kind": 1.0, "office": 1.0}
    verdict = Verdict(-3.0, Held(9.0, 0.0))
    assert probability(found, verdict) == probability(found, Verdict(-3.0)) < 0.5
    assert probability({**found, "best": 2.0}, verdict) > 0.9


def test_what_no_release_names_makes_an_answer_less_likely() -> None:
    lexicon = Lexicon(Postings.of([terms("Horvat flew to Kenya with the WHO, a Croatian and a grip from California.")]))
    names = ("Gripen", "Gripen's", "Horvat", "Kenya", "Norway", "Norwegians", "NATO", "Croats", "Californian")
    assert [name for name in names if is_unheard(name, lexicon)] == ["Gripen", "Gripen's"]
    found = {"cosine": 0.6, "kind": 1.0, "office": 1.0, "best": 2.0}
    for verdict in (None, Verdict(1.0), Verdict(1.0, Held(1.0, 0.0))):
        assert probability({**found, "unheard": 1.0}, verdict) < probability(found, verdict)
