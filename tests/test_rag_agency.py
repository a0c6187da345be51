"""Who did it: a deed stays with the one who did it in the evidence."""

import pytest

from rag.agency import misattributed

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
