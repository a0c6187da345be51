"""An acronym and what it stands for find each other, as the releases spell it out."""

from pathlib import Path

import pytest

from index.acronyms import Acronyms, definitions, spelled
from index.errors import IndexMismatchError
from index.expansion import expand
from index.lexical import Lexicon
from index.postings import Postings
from index.terms import terms

SPELLED = "The International Agency for Biological Safety (IABS) was proposed. Others spoke."
SHORT = "IABS would prevent threats."
OTHER = "An international agency for safety at sea."


def known(*texts: str) -> Acronyms:
    return Acronyms.of(pair for text in texts for pair in spelled(text))


ACRONYMS = known(SPELLED)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SPELLED, [("IABS", "International Agency for Biological Safety")]),
        ("Международное агентство по биологической безопасности (МАББ) создано.",
         [("МАББ", "Международное агентство по биологической безопасности")]),
        ("the Asian Infrastructure Investment Bank (“AIIB”)", [("AIIB", "Asian Infrastructure Investment Bank")]),
        ("Foreign Military Financing (FMF; see below)", [("FMF", "Foreign Military Financing")]),
        ("the minister (Astana)", []),  # One capital: a word.
        ("a long text\n(UN)", []),  # The long form stands in the same line.
        ("he met the president of Chile (UNHCR)", []),
        ("(UN) (EU)", []),
    ],
)  # fmt: skip
def test_a_definition_is_read_as_it_is_written(text: str, found: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == found


def test_the_frequent_long_form_outdoes_a_slip() -> None:
    texts = ["Foreign Service (FS)"] * 4 + ["Financial Sector (FS)"]
    assert known(*texts).long_forms == {"fs": ["foreign servic"]}
    assert len(known(*texts[2:]).long_forms["fs"]) == 2


@pytest.mark.parametrize(
    "question", ["What would IABS do?", "What would the International Agency for Biological Safety do?"]
)
def test_each_finds_the_other_before_its_parts(question: str) -> None:
    lexicon = Lexicon(Postings.of([terms(text) for text in (OTHER, SPELLED, SHORT, "Oil and gas.")]), ACRONYMS)
    scores = lexicon.scores(lexicon.groups(question)).tolist()
    assert min(scores[1], scores[2]) > scores[0] >= scores[3] == 0
    assert max(scores) <= 1.0


def test_a_long_form_is_read_from_the_question_as_it_stands() -> None:
    boards = known("The Board of Trade and Trade Board (BTTB) met.", "The Board of Trade (BOT) met.")
    assert "bttb" in expand("Where did the Board of Trade and Trade Board meet?", boards)[0]  # A word may come twice.
    groups = expand("Was the board told of the trade board?", boards)
    assert all("bot" not in group for group in groups)  # Its words one after another, not here and there.


def test_without_acronyms_a_question_expands_as_before() -> None:
    assert expand("IABS") == [{terms("IABS")[0]: 1.0}]


def test_a_file_that_is_gone_names_the_next_step(tmp_path: Path) -> None:
    ACRONYMS.save(tmp_path)
    assert Acronyms.open(tmp_path).long_forms == ACRONYMS.long_forms
    with pytest.raises(IndexMismatchError, match="communique rebuild"):
        Acronyms.open(tmp_path / "nowhere")
