"""Attribution of sentences to evidence, markers removed, citations numbered."""

from datetime import date

import pytest

from index.release import Release, Sentence
from rag.citations import Numbering, attribute, strip_markers

TEXT = "Kenya opened a port. It cost $2 billion. Ruto thanked Biden yesterday. The port has 18 cranes."
RELEASE = Release("r1", TEXT, "Kenya opens a port", date=date(2024, 6, 13))


def sentences() -> list[Sentence]:
    starts = [0, *(at + 2 for at, letter in enumerate(TEXT[:-1]) if letter == ".")]
    ends = [*(start - 1 for start in starts[1:]), len(TEXT)]
    spans = zip(starts, ends, strict=True)
    return [Sentence("r1", number, start, end, TEXT[start:end]) for number, (start, end) in enumerate(spans)]


@pytest.mark.parametrize(
    ("sentence", "supports"),
    [
        ("A port was opened by Kenya.", [0]),
        ("The port has eighteen cranes.", [3]),
        ("Kenya opened a port that cost $2bn.", [0, 1]),
        ("Mongolia banned fireworks.", []),
    ],
)
def test_attribute_finds_fewest_supports(sentence: str, supports: list[int]) -> None:
    assert attribute(sentence, sentences()) == supports


def test_attribute_reads_days_from_publication() -> None:
    assert attribute("On 12 June Ruto thanked Biden.", sentences(), {"r1": RELEASE.date}) == [2]


def test_attribute_cites_at_most_three() -> None:
    together = "Kenya opened a port for $2 billion, Ruto thanked Biden, and it has 18 cranes."
    assert len(attribute(together, sentences())) == 3


@pytest.mark.parametrize(
    "marked",
    [
        "It cost $2 billion [1].",
        "It cost $2 billion. [1, 2]",
        "It cost $2 billion (1).",
        "It cost $2 billion【1】.",
        "It cost $2 billion【4†source】.",
        "It cost $2 billion [n].",
        "It cost $2 billion [1][2].",
        "It cost $2 billion (Source 3).",
        "It cost $2 billion (source: [3]).",
        "According to source 2, it cost $2 billion.",
        "[1] It cost $2 billion.",
    ],
)
def test_markers_are_stripped(marked: str) -> None:
    assert strip_markers(marked).rstrip(".").lower() == "it cost $2 billion"


@pytest.mark.parametrize("text", ["It opened (2019).", "Resolution 1701 (2006) stands.", "It is item [sic] two."])
def test_other_brackets_stay(text: str) -> None:
    assert strip_markers(text) == text


def test_citations_are_numbered_by_first_use() -> None:
    port, _, _, cranes = sentences()
    numbering = Numbering()
    first = numbering.ready("It has 18 cranes.", [(cranes, RELEASE)])
    second = numbering.ready("Both.", [(port, RELEASE), (cranes, RELEASE)])
    assert [first.sentence.citations, second.sentence.citations] == [(1,), (2, 1)]
    assert [citation.marker for citation in (*first.citations, *second.citations)] == [1, 2]
    assert all(TEXT[citation.start : citation.end] == citation.quote for citation in second.citations)
