"""Who "he" is: the sentence before one that begins with a pronoun, and when it is quoted ahead of it."""

import pytest

from index.chunking import sentences
from rag.antecedents import antecedent, points_back
from rag.evidence import Evidence
from rag.kinds import sought
from rag.quoting import Draft, quotable, spread
from tests.fakes import release


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ada Lund met the envoy. She signed the treaty.", "Ada Lund met the envoy."),
        ("Ada Lund met the envoy. She dined. Her visit ended.", "Ada Lund met the envoy."),
        ("Ada Lund is from Oslo. Rain fell. Ada studied law. She teaches yoga.", "Ada Lund is from Oslo."),
        ("Ada Lund is from Oslo. Karl spoke. She teaches yoga.", "Karl spoke."),
        ("Guests of Ada Lund came. Mr Berg spoke. He thanked them.", "Mr Berg spoke."),
        ("He spoke. She teaches yoga.", None),
        ("She teaches yoga.", None),
        ("Ada Lund met the envoy. They signed the treaty.", None),
        ("Ada Lund met the envoy. The treaty was signed.", None),
    ],
)
def test_the_sentence_that_tells_who_is_meant(text: str, told: str | None) -> None:
    parts = sentences(release("visit", text))
    found = antecedent(parts, len(parts) - 1)
    assert (found and found.text) == told


def test_only_a_word_for_somebody_points_back() -> None:
    assert points_back("“His visit ends.")
    assert not points_back("Here the visit ends.")
    assert not points_back("They met.")


def offered(text: str) -> list[Evidence]:
    told = release("visit", text, "2024-03-07", title="Visit")
    parts = sentences(told)
    return [Evidence(part, told, 0.9, 0.5, 0.5, antecedent=antecedent(parts, at)) for at, part in enumerate(parts)]


def shown(chosen: list[Evidence]) -> list[str]:
    return [item.sentence.text for item in chosen]


def test_it_is_quoted_first_and_once() -> None:
    named, she, her = offered("Ada Lund met the envoy. She signed the treaty. Her visit ended.")
    draft = Draft()
    assert shown(quotable([she, her, named], draft.room())) == [
        "Ada Lund met the envoy.",
        "She signed the treaty.",
        "Her visit ended.",
    ]
    room = draft.room()
    for item in quotable([she], room):
        draft.quote(item, room)
    assert [ready.sentence.text for ready in draft.shown] == [
        "7 March 2024: “Ada Lund met the envoy.”",
        "7 March 2024: “She signed the treaty.”",
    ]
    assert shown(quotable([her], room)) == ["Her visit ended."]


def test_without_room_for_it_the_title_tells() -> None:
    named, she = offered(f"Ada Lund met the envoy {'so ' * 110}. She signed the treaty.")
    room = Draft().room()
    assert len(named.sentence.text.split()) > 100
    assert shown(quotable([she], room)) == ["She signed the treaty."]
    assert room.quotation(she).startswith("7 March 2024, “Visit”:")


def test_a_list_has_room_for_what_is_listed_alone() -> None:
    _, she = offered("Ada Lund met the envoy. She met Karl Berg.")
    room = Draft().room(is_list=True)
    assert shown(spread([she], room, sought("Whom did they meet?"))) == ["She met Karl Berg."]
    assert shown(spread([she], room)) == ["Ada Lund met the envoy.", "She met Karl Berg."]
