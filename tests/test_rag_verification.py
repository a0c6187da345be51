"""Exact rules of verification: what follows from the evidence passes, one changed fact does not."""

from datetime import date

import pytest

from rag.claims import Kind
from rag.meaning import covered
from rag.reading import read
from rag.verification import EvidenceText, Verdict, check

THURSDAY = date(2024, 6, 13)


def checked(sentence: str, *evidence: str, title: str = "") -> Verdict:
    return check(sentence, [EvidenceText(text, THURSDAY, title) for text in evidence])


def kinds(verdict: Verdict) -> set[Kind]:
    return {missing.kind for missing in verdict.missing}


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("18 agencies work in Almaty.", "Eighteen agencies work in Almaty."),
        ("The bank lent $2 billion to Kenya.", "The bank lent Kenya 2,000,000,000 dollars."),
        ("The bank lent US$2bn to Kenya.", "The bank lent $2 billion to Kenya."),
        ("Exports rose by 10%.", "Exports rose by ten percent."),
        ("Between $2 billion and $3 billion was lent.", "The bank said that $2-3 billion was lent."),
        ("It is the 5th meeting of the council.", "It is the fifth meeting of the council."),
        ("More than two dozen attacks were counted.", "More than 24 attacks were counted."),
    ],
)
def test_same_number_in_other_spelling(sentence: str, evidence: str) -> None:
    assert checked(sentence, evidence).missing == ()


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Nineteen agencies work in Almaty.", "Eighteen agencies work in Almaty."),
        ("The bank lent $2 million to Kenya.", "The bank lent $2 billion to Kenya."),
        ("The bank lent €2 billion to Kenya.", "The bank lent $2 billion to Kenya."),
        ("20 agencies share the building.", "18 agencies and 20 firms share the building."),
        ("Less than 50 people came.", "More than 50 people came."),
    ],
)
def test_changed_number(sentence: str, evidence: str) -> None:
    assert kinds(checked(sentence, evidence)) == {Kind.NUMBER}


@pytest.mark.parametrize(
    "said", ["on 12 June", "on June 12, 2024", "on Wednesday", "yesterday", "in June 2024", "in 2024"]
)
def test_date_follows_from_yesterday(said: str) -> None:
    assert checked(f"The ministers met {said}.", "The ministers met yesterday.").missing == ()


@pytest.mark.parametrize("said", ["on 13 June", "on 12 July 2024", "on Tuesday", "today", "in 2023"])
def test_other_date_than_yesterday(said: str) -> None:
    assert Kind.DATE in kinds(checked(f"The ministers met {said}.", "The ministers met yesterday."))


def test_day_of_publication_is_evidence() -> None:
    sentence = "The President signed the law on 13 June 2024."
    assert checked(sentence, "The President signed the law.").missing == ()
    assert kinds(checked(sentence, "The President signed the law on 10 June 2024.")) == {Kind.DATE}


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Biden praised the law.", "President Joseph R. Biden, Jr. praised the law."),
        ("Kassym-Jomart Tokayev praised the law.", "President Kassym‑Jomart Tokayev praised the law."),
        ("IABS praised the law.", "The International Agency for Biological Safety praised the law."),
        ("The International Agency for Biological Safety praised it.", "The IABS praised it."),
        ("President Lourenço’s visit ended.", "The visit of João Lourenco ended."),
        ("Kazakh diplomats met.", "Diplomats of Kazakhstan met."),
        ("The US agreed.", "The United States agreed."),
    ],
)
def test_same_name_in_other_form(sentence: str, evidence: str) -> None:
    assert checked(sentence, evidence).missing == ()


@pytest.mark.parametrize(
    "sentence", ["Harris praised the law.", "Hunter Biden praised the law.", "Austrian Biden praised the law."]
)
def test_changed_name(sentence: str) -> None:
    assert kinds(checked(sentence, "President Joe Biden praised the law in Australia.")) == {Kind.NAME}


def test_title_bears_names_and_question_does_not() -> None:
    evidence = EvidenceText("She praised the law.", THURSDAY, "Statement by Vice President Harris")
    assert check("Harris praised the law.", [evidence]).missing == ()
    assert not check("Merkel praised the law.", [evidence], question="Did Merkel praise the law?").supported


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The council did not approve the plan.", "The council approved the plan."),
        ("The council approved the plan.", "The council did not approve the plan."),
        ("The council never approved the plan.", "The council approved the plan."),
        ("The minister refused to sign the treaty.", "The minister agreed to sign the treaty."),
        ("Troops left with their arms.", "Troops left without their arms."),
    ],
)
def test_changed_negation(sentence: str, evidence: str) -> None:
    assert Kind.NEGATION in kinds(checked(sentence, evidence))


def test_negation_in_other_words() -> None:
    assert checked("The council did not approve the plan.", "The council has never approved the plan.").missing == ()
    assert checked("The strikes were not acceptable.", "The strikes were unacceptable.").missing == ()


def test_what_may_be_there_is_not_told_as_there() -> None:
    told = ("The council freezes any assets that might be held in Samoa by Marta Lund.", "Marta Lund left Samoa.")
    assert kinds(checked("The council freezes the assets of Marta Lund in Samoa.", *told)) == {Kind.MODALITY}
    assert checked("The council freezes any assets of Marta Lund in Samoa.", *told).supported
    assert checked("The council freezes the assets of Marta Lund in Samoa.", *told, "Her assets are there.").supported
    assert kinds(checked("The council freezes the assets of Marta Lund on Thursday 13 June.", *told)) >= {Kind.MODALITY}


def test_a_month_is_no_doubt() -> None:
    told = "Norway denied any talks which Samoa spoke of in May 2024."
    assert checked("Norway denied the talks which Samoa spoke of in May 2024.", told).supported
    maybe = ("The council freezes any assets that might be held by Marta Lund.", "Marta Lund left on 3 May 2024.")
    assert Kind.MODALITY in kinds(checked("The council freezes the assets of Marta Lund on 3 May 2024.", *maybe))


def test_expectation_is_not_fact() -> None:
    assert kinds(checked("The depot is located in Almaty.", "The depot may be located in Almaty.")) == {Kind.MODALITY}
    assert checked("The depot may be located in Almaty.", "The depot may be located in Almaty.").missing == ()


def test_quotation_word_for_word() -> None:
    evidence = "The minister said: “We will rebuild every school by spring.”"
    assert checked('The minister said, "We will rebuild every school."', evidence).missing == ()
    assert checked('The minister said, "We will ... by spring."', evidence).missing == ()
    assert kinds(checked('The minister said, "We will repair every school."', evidence)) == {Kind.QUOTATION}


def test_swapped_roles() -> None:
    evidence = "Tokayev thanked Macron for the visit."
    assert kinds(checked("Macron thanked Tokayev for the visit.", evidence)) == {Kind.ROLES}
    assert checked("Macron was thanked by Tokayev for the visit.", evidence).missing == ()


def test_name_in_the_place_of_another() -> None:
    evidence = "The talks in Paris were opened by Macron, and Scholz closed the talks in Berlin."
    sentence = "The talks in Berlin were opened by Macron, and Scholz closed the talks in Berlin."
    assert kinds(checked(sentence, evidence)) == {Kind.NAME}


def test_word_in_the_place_of_its_opposite() -> None:
    assert kinds(checked("Exports to China fell last year.", "Exports to China rose last year.")) == {Kind.MEANING}


def test_year_without_a_date() -> None:
    evidence = "The 2013 study by the institute named 40 lakes."
    assert checked("The 2013 study named 40 lakes.", evidence).missing == ()
    assert Kind.DATE in kinds(checked("The 2012 study named 40 lakes.", evidence))
    assert Kind.DATE in kinds(checked("The study of 2012 named 40 lakes.", evidence))


def test_weekday_must_agree_with_the_day() -> None:
    evidence = "The talks began on Wednesday, 12 June 2024."
    assert kinds(checked("The talks began on Sunday, 12 June 2024.", evidence)) == {Kind.DATE}


def test_what_will_be_done_was_not_done_and_the_fifth_is_not_five() -> None:
    assert kinds(checked("The envoy led the delegation.", "The envoy will lead the delegation.")) == {Kind.MODALITY}
    assert checked("The envoy led the delegation.", "The envoy led the delegation today.").supported
    assert Kind.NUMBER in kinds(checked("They met five times in Oslo.", "It was their fifth meeting, in Oslo."))


def test_an_intention_is_not_told_as_done_with_another_verb() -> None:
    intended = "The ministry intends to table a resolution for review by the conference."
    assert kinds(checked("The ministry proposed the resolution for review by the conference.", intended)) == {
        Kind.MODALITY
    }
    assert checked("The ministry planned to table a resolution for review.", intended).supported
    both = f"{intended} The resolution was put to review at once."
    assert checked("The ministry put the resolution to review.", both).supported


def test_covered_counts_words_of_three_pieces() -> None:
    stated = read("Farmers sold apples, pears, plums and cherries.")
    pieces = [read(f"{fruit} grew.") for fruit in ("Apples", "Pears", "Plums", "Cherries")]
    assert covered(stated, pieces) == pytest.approx(3 / 6)
    assert covered(stated, pieces, frozenset({"farmer", "sell"})) == pytest.approx(3 / 5)


def test_words_unknown_to_the_evidence_lower_the_score() -> None:
    near, far = (
        checked(text, "The council approved the plan.") for text in ("The council met.", "Fishing boats sank.")
    )
    assert near.score > far.score
    assert not far.supported


def test_nothing_is_supported_without_evidence() -> None:
    assert not check("The council approved the plan.", []).supported
