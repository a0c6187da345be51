"""A drafted sentence changes neither the time that a figure is compared with nor what comes first of several."""

import pytest

from rag.comparisons import changes_comparison


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        (["26 cases were opened in 2018.", "479 ships were listed."], True),
        (["26 cases were opened in 2018, for 479 the year before."], False),
    ],
)
def test_two_figures_are_compared_only_where_a_release_has_both(told: list[str], changes: bool) -> None:
    assert changes_comparison("26 cases were opened, fewer than the 479 listed.", "How many?", told) is changes
    assert not changes_comparison("More than 26 cases were opened, 479 ships listed.", "How many?", told)


@pytest.mark.parametrize(
    ("sentence", "told", "changes"),
    [
        (
            "Output fell by 2.4% against the quarter before.",
            "Against the same quarter of last year it fell by 2.4%.",
            True,
        ),
        ("Output fell by 2.4% compared with a year earlier.", "Against the quarter before it fell by 2.4%.", True),
        ("Output fell by 2.4% against the quarter before.", "It fell by 2.4% on the previous quarter.", False),
        ("Output fell by 2.4% year on year.", "Against the same quarter of 2008 it fell by 2.4%.", False),
        ("Output fell by 2.4% against the quarter before.", "Output fell by 2.4%.", False),
        ("Output fell by 2.4%.", "Output fell by 2.4% year on year.", False),
        ("The most used metal is silver.", "The metals most used are gold, followed by silver and tin.", True),
        ("The most used metal is gold.", "The metals most used are gold, followed by silver and tin.", False),
        ("Silver is used as well.", "The metals most used are gold, followed by silver and tin.", False),
    ],
)
def test_a_comparison_is_kept_as_it_was(sentence: str, told: str, changes: bool) -> None:
    assert changes_comparison(sentence, "Which metal is used most?", [told]) is changes
