"""When sentences are quoted though the model words no answer."""

import pytest

from index.dates import Window
from index.release import Sentence
from rag.evidence import Evidence
from rag.judging import holds_name, is_sure
from rag.turn import Part
from tests.fakes import release


def part(question: str, text: str, confidence: float, is_kind: bool = True) -> Part:
    told = release("port", text, "2024-05-07", "Port")
    found = Evidence(Sentence("port", 0, 0, len(text), text), told, 0.9, 0.9, 0.9, is_kind=is_kind)
    return Part(question, Window(), question, False, question, evidence=[found], confidence=confidence)


@pytest.mark.parametrize(
    ("question", "text", "confidence", "is_kind", "sure"),
    [
        ("How many ships came?", "Twelve ships came.", 0.86, True, True),
        ("How many ships came?", "Ships came.", 0.99, False, False),
        ("Who opened the port?", "Ivan Horvat opened the port.", 0.9, True, False),
        ("Who opened the port?", "Ivan Horvat opened the port.", 0.96, True, True),
        ("Why was the port opened?", "Ivan Horvat opened the port.", 0.99, True, False),
        ("In which cities were ports opened?", "Ports were opened in Oslo and Lima.", 0.9, True, True),
        ("In which cities were ports opened?", "Ports were opened in Oslo and Lima.", 0.8, True, False),
    ],
)
def test_what_is_all_but_certain_needs_no_words(
    question: str, text: str, confidence: float, is_kind: bool, sure: bool
) -> None:
    assert is_sure(part(question, text, confidence, is_kind)) is sure


def test_a_release_holds_a_name_however_it_is_written() -> None:
    port = release("port", "The port of Bishkek was opened.", "2024-05-07", "PORT OF SAMOA")
    assert [holds_name(port, name) for name in ("Bishkek", "Samoa", "Doha")] == [True, True, False]
