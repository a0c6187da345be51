from dataclasses import replace

from rag.answers import Citation
from tests.browser.fake_assistant import AGENCIES_ANSWER, INITIATIVE_ANSWER, PLAZA, stated, whole
from ui.clip import as_markdown, as_text


def test_as_text_an_answer_has_its_markers_and_each_citation_in_full() -> None:
    lines = as_text("How many?", AGENCIES_ANSWER).splitlines()
    assert lines[:3] == ["How many?", "", "The UN Plaza in Almaty already houses the offices of 18 UN agencies. [1]"]
    assert lines[4].startswith("[1] 7 September 2023, “First Deputy-Minister")
    assert lines[5] == f"    “{PLAZA}”"


def test_as_markdown_the_markers_are_footnotes_that_lead_to_the_release() -> None:
    shown = as_markdown("Who?", INITIATIVE_ANSWER, known=["gov.kz"])
    assert "supported in Astana.[^3]" in shown
    assert "[^3]: 7 March 2024, [The Permanent Representative" in shown
    assert "](<https://www.gov.kz/memleket/entities/mfa/press/1>): “To promote" in shown


def test_an_address_that_nobody_vouched_for_is_copied_as_text() -> None:
    shown = as_markdown("Who?", INITIATIVE_ANSWER, known=["evil.example"])
    assert "(`https://www.gov.kz/memleket/entities/mfa/press/1`): “To promote" in shown
    assert "](<" not in shown


def test_nothing_that_a_release_says_is_read_as_markup() -> None:
    evil = Citation(1, "r", "[x](javascript:alert(1))\n# Title", None, "javascript:alert(1)", "a **b** <img>", 0, 1)
    shown = as_markdown("*?*", whole((stated("It `is` so.", 1),), (evil,)))
    assert "**\\*?\\***" in shown
    assert "\\[x\\](javascript:alert(1)) \\# Title: “a \\*\\*b\\*\\* \\<img\\>”" in shown
    assert "](<" not in shown


def test_an_address_that_would_end_early_is_left_out() -> None:
    [cited] = AGENCIES_ANSWER.citations
    answer = replace(AGENCIES_ANSWER, citations=(replace(cited, url="https://gov.kz/a> b"),))
    assert "gov.kz" not in as_text("?", answer) + as_markdown("?", answer)
