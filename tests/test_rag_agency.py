"""Who did it: a deed stays with the one who did it in the evidence."""

import pytest

from rag.agency import is_not_done, misattributed

LAUNCH = (
    "Umarov noted that against the backdrop of the pandemic the President of Kazakhstan Kassym-Jomart Tokayev "
    "launched the initiative to establish IABS."
)
OPENING = "The Center may be located in the UN Plaza, a building inaugurated by President Tokayev in 2019."


@pytest.mark.parametrize(
    ("sentence", "evidence", "wrong"),
    [
        ("Umarov launched the initiative.", LAUNCH, [("Umarov", "launched")]),
        ("Tokayev launched the initiative.", LAUNCH, []),
        ("President Tokayev inaugurated the building in 2019.", OPENING, []),
        ("The building was inaugurated by President Tokayev.", OPENING, []),
        ("Umarov inaugurated the building.", OPENING, [("Umarov", "inaugurated")]),
        ("Umarov hosted Minister Lund.", "Minister Lund received Mr Umarov in Oslo.", [("Umarov", "hosted")]),
        ("Minister Lund hosted Umarov.", "Minister Lund received Mr Umarov in Oslo.", []),
        ("Umarov praised the initiative.", LAUNCH, []),  # another word for the deed is not this rule's to judge
    ],
)
def test_a_deed_is_not_given_to_another(sentence: str, evidence: str, wrong: list[tuple[str, str]]) -> None:
    assert misattributed(sentence, [evidence]) == wrong


def test_one_sentence_of_several_may_bear_the_deed() -> None:
    assert misattributed("Tokayev launched the initiative.", ["Umarov launched a boat.", LAUNCH]) == []


@pytest.mark.parametrize(
    ("sentence", "evidence", "not_done"),
    [
        ("Lund met Berg in Oslo.", "On Monday Minister Lund will meet with Berg in Oslo.", True),
        ("Lund will meet Berg in Oslo.", "On Monday Minister Lund will meet with Berg in Oslo.", False),
        ("Lund met Berg in Oslo.", "Lund met Berg in Oslo and will visit Bergen.", False),
        ("Several agreements were signed.", "Several agreements are to be signed during the visit.", True),
        ("Lund signed the deal for the office.", "Lund said that Oslo would host the office.", True),
        ("Lund phoned Berg.", "Lund spoke by telephone with Berg.", False),
        ("Lund heads the office.", "Lund will head the office.", False),
    ],
)
def test_what_is_announced_or_not_told_is_not_done(sentence: str, evidence: str, not_done: bool) -> None:
    assert is_not_done(sentence, [evidence]) is not_done
