"""What a question takes for granted and a release says otherwise."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.lexical import Lexicon
from index.postings import Postings
from index.release import Sentence
from rag.answers import SentenceKind
from rag.evidence import Evidence
from rag.premise import denying, otherwise
from rag.probe import Held, Verdict
from rag.quoting import Draft
from tests.fakes import FakeGenerator, built, opened, release


def evidence(text: str, title: str, *more: str) -> list[Evidence]:
    told = release("talks", " ".join([text, *more]), "2024-05-07", title)
    return [Evidence(Sentence("talks", 0, 0, len(one), one), told, 0.9, 0.9, 0.9) for one in (text, *more)]


def contrary(question: str, found: list[Evidence]) -> list[str]:
    return [item.sentence.text for item in otherwise(question, found, Lexicon(Postings.of([["norway"]])))]


@pytest.mark.parametrize(
    ("question", "text", "title"),
    [
        ("Why did Norway cut its share of the costs?", "Norway raised its share of the costs.", "Costs"),
        ("Why did Norway let the sanctions on Samoa run out?", "Norway extended the sanctions on Samoa.", "Samoa"),
        (
            "What deals were signed on Lund's state visit to Samoa?",
            "Lund's state visit to Samoa was cancelled.",
            "Lund",
        ),
        ("Why did Norway initial the treaty with Samoa?", "Norway decided not to initial the treaty with Samoa.", "A"),
        ("Why did Norway outlaw trawling near Samoa?", "Norway decided not to ban trawling near Samoa.", "Trawling"),
        ("How many guests came to Norway's house in Samoa?", "Norway will not have a house in Samoa.", "Samoa"),
        ("How many soldiers did Norway send to Samoa?", "Norway decided not to send soldiers to Samoa.", "Samoa"),
        ("How many ministers attended the summit in Samoa?", "The summit in Samoa was postponed.", "Samoa"),
        ("How much prize money did Norway get in Samoa?", "The award of Samoa has no prize money.", "Samoa"),
        ("For how long did Norway extend the treaty with Samoa?", "Norway ended or terminated the treaty.", "Samoa"),
        ("Why was Lund's visit to Samoa cancelled?", "Lund's visit to Samoa was not cancelled.", "Lund"),
        ("Who led Norway's delegation at the summit in Samoa?", "Norway will not attend the summit in Samoa.", "Samoa"),
        ("Which minister flew to the summit in Samoa?", "The cabinet decided not to travel to the summit.", "Samoa"),
    ],
)
def test_a_false_premise_is_told(question: str, text: str, title: str) -> None:
    assert contrary(question, evidence(text, title)) == [text]


@pytest.mark.parametrize(("score", "name", "is_told"), [(0.9, "", False), (0.8, "", True), (0.9, "x", True)])
def test_a_number_of_the_same_release_that_fits_as_well_is_no_false_premise(
    score: float, name: str, is_told: bool
) -> None:
    denial = "Norway will not apply its rule to workers in Samoa."
    denied, counted = evidence(denial, "Workers", "It covers 84 million workers.")
    kind = replace(counted, score=score, is_kind=True)
    beside = replace(kind, release=replace(kind.release, id=f"{kind.release.id}{name}"))
    found = contrary("To how many workers does Norway's rule in Samoa apply?", [denied, beside])
    assert found == [denial] * is_told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Why did Norway cut its share of the costs?", "Norway cut its share of the costs to raise others."),
        ("How much did Norway's share of the costs rise?", "Norway's share of the costs fell."),
        ("How much money did Norway get in Samoa?", "Norway and Samoa have no money for others."),
        ("How much prize money did Norway get in Samoa?", "Norway gave Samoa no money."),
        ("For how long did Norway ban trawling near Samoa?", "Norway will allow trawling near Samoa."),
        ("Which share of the costs did Norway cut?", "Norway raised its share of the costs."),
        ("Who led Norway's delegation at the summit in Samoa?", "At the summit in Samoa, Iceland will not take part."),
        ("Who stayed away from the summit in Samoa?", "Norway will not attend the summit in Samoa."),
        ("Why did Norway not initial the treaty?", "Norway decided not to initial the treaty."),
        ("Why did Norway cut its share of the costs?", "Samoa raised the price of fish."),
        ("Did Norway cut its share of the costs?", "Norway raised its share of the costs."),
        ("Why was Lund's visit to Samoa cancelled?", "Lund's visit to Samoa was cancelled over a storm."),
        (
            "What had Norway's house in Samoa cost before it was called off?",
            "Norway will not have a house in Samoa.",
        ),
        (
            "In what year was the emergency over Samoa declared?",
            "The law provides for the termination of an emergency over Samoa unless a notice is sent.",
        ),
        (
            "How many years in prison had Lund been given in Samoa?",
            "Lund's wife was not let into Samoa all those years.",
        ),
    ],
)
def test_what_is_not_contradicted_is_left_alone(question: str, text: str) -> None:
    assert contrary(question, evidence(text, "Costs")) == []


def test_somebody_else_led_the_delegation() -> None:
    found = evidence(
        "Norway today announced a delegation to Samoa.",
        "Delegation to Samoa",
        "Minister Berg will lead the delegation.",
    )
    assert contrary("What did Nils Lund say as head of the delegation to Samoa?", found) == [found[1].sentence.text]
    assert contrary("What did Minister Berg say as head of the delegation to Samoa?", found) == []


def test_the_answer_says_what_the_release_says_instead(tmp_path: Path) -> None:
    text = "Norway decided not to initial the treaty with Samoa.\n\nFish was spoken of."
    built(tmp_path, release("treaty", text, "2024-05-07", "Treaty"))
    answer = opened(tmp_path).ask("Why did Norway initial the treaty with Samoa?")
    assert not answer.refused
    assert answer.sentences[0].kind is SentenceKind.NOTICE
    assert answer.sentences[0].text == "The releases say otherwise than the question supposes:"
    assert "decided not to initial" in answer.citations[0].quote
    assert answer.timings.first_sentence is not None


@pytest.mark.parametrize(
    ("denies", "denied", "chance", "told"),
    [
        ((3.0, 2.0, -4.0), 3.0, 0.2, ["first", "second"]),
        ((-4.0, 0.5, 3.0), 3.0, 0.9, ["third"]),
        ((3.0, 2.0, -4.0), -3.0, 0.2, []),
        ((-6.0, -5.0, -7.0), 1.0, 0.2, []),
    ],
)
def test_what_the_model_holds_tells_a_false_premise(
    denies: tuple[float, ...], denied: float, chance: float, told: list[str]
) -> None:
    found = evidence("first", "Costs", "second", "third")
    ranked = [replace(item, denies=odds) for item, odds in zip(found, denies, strict=True)]
    assert [item.sentence.text for item in denying("Why?", ranked, Held(0.0, denied), chance)] == told
    assert denying("Why?", ranked, None, chance) == denying("Why?", [], Held(0.0, denied), chance) == []
    assert denying("How many ships did Norway send?", ranked, Held(0.0, denied), chance) == []


@pytest.mark.parametrize(("worded", "denied"), [("", 5.0), ("The text does not say.", 2.0)])
def test_a_premise_that_the_model_holds_to_be_false_is_told(tmp_path: Path, worded: str, denied: float) -> None:
    """At once where that is plain, else where it finds no answer to word."""
    text = "Norway pays the same for the fleet of Samoa as before.\n\nFish was spoken of in Oslo."
    built(tmp_path, release("fleet", text, "2024-05-07", "Fleet"))
    model = FakeGenerator(*[worded] * bool(worded))
    model.holds = lambda part: 1.0
    model.denies = lambda part: 1.0 if "as before" in part else -5.0
    model.verdict = Verdict(2.0, Held(2.0, denied))
    answer = opened(tmp_path, model).ask("Which half of its money for the fleet of Samoa did Norway keep back?")
    assert not answer.refused
    assert answer.sentences[0].text == "The releases say otherwise than the question supposes:"
    assert "as before" in answer.citations[0].quote
    assert model.finished == bool(worded)


@pytest.mark.parametrize(("again", "told"), [(True, 2), (False, 3)])
def test_a_part_without_an_answer_takes_its_room_once(again: bool, told: int) -> None:
    """A notice and one quotation fill the half that is the first part's; all is the second's, where it is the last."""
    draft = Draft(parts=2)
    draft.room()
    found = evidence(f"Norway paid {'as before ' * 15}.", "Costs", f"Samoa gave {'nothing more ' * 15}.")
    assert len(list(draft.contradict(found[:1], found, again))) == told


@pytest.mark.parametrize(
    ("worded", "denied", "is_conflict"),
    [("Norway sent five ships to Samoa.", -9.0, True), ("The text does not mention it.", 2.0, False)],
)
def test_what_contradicts_in_the_end_is_no_disagreement(
    tmp_path: Path, worded: str, denied: float, is_conflict: bool
) -> None:
    """Two releases differ; where no answer can be worded what denies the premise is told, and they are not compared."""
    counts = {"2024-05-03": "three", "2024-05-07": "five"}
    built(tmp_path, *(release(day, f"Norway sent {count} ships to Samoa.", day) for day, count in counts.items()))
    model = FakeGenerator(worded)
    model.holds, model.denies = lambda part: 3.0, lambda part: 0.0
    model.verdict = Verdict(-1.5, Held(-3.0, denied))
    answer = opened(tmp_path, model).ask("What did Norway send to Samoa?")
    assert answer.conflict is is_conflict
    assert ("otherwise" in answer.sentences[0].text) is not is_conflict
    assert not answer.refused


def test_what_contradicts_two_parts_is_told_of_both() -> None:
    draft = Draft(parts=2)
    found = evidence("Norway paid as before.", "Costs")
    told = [[ready.citations for ready in draft.contradict(found, [])] for _ in range(2)]
    assert [len(ready) for ready in told] == [2, 2]
