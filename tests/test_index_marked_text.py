"""Markdown with and without front matter."""

from datetime import date

import pytest

from index.draft import Draft, Source
from index.errors import ReadingError
from index.marked_text import read_markdown
from index.release import Origin


def read(content: str, stem: str = "visit") -> Draft:
    (found,) = read_markdown(content, Source(f"{stem}.md", stem))
    return found


def test_front_matter_gives_what_it_states() -> None:
    found = read('---\nid: x-1\ntitle: "A: b"\ndate: 2024-03-07\nurl: https://e.org\n---\n\nBody.\n')
    assert found == Draft("Body.", "x-1", "A: b", date(2024, 3, 7), Origin.GIVEN, "https://e.org", named=True)


def test_a_moment_counts_as_the_day_it_was_written() -> None:
    assert read("---\ndate: 2024-03-07T23:20:00-06:00\n---\nBody.").date == date(2024, 3, 7)
    assert read("---\ndate: 7 March 2024\n---\nBody.").date == date(2024, 3, 7)


def test_paragraphs_and_list_items_stay_apart_and_marks_go() -> None:
    found = read("One *two*\nthree [four](https://e.org) &amp; `five`.\n\n- Six\n- Seven  \n  eight\n\n> Nine ![x](y)")
    assert found.text == "One two three four & five.\n\nSix\n\nSeven\n\neight\n\nNine"


def test_table_rows_and_html_blocks_keep_their_words() -> None:
    found = read("| a | b |\n|---|---|\n| c | d |\n\n<div>Block <b>text</b><script>x()</script></div>\n<!-- no -->")
    assert found.text == "a | b\n\nc | d\n\nBlock text"


def test_a_heading_at_the_top_is_the_title() -> None:
    found = read("# Ministry *opens* office\n\nBody.")
    assert (found.title, found.text) == ("Ministry opens office", "Body.")


def test_another_heading_than_the_given_title_stays_in_the_text() -> None:
    assert read("---\ntitle: A\n---\n# A\n\nBody.").text == "Body."
    assert read("---\ntitle: A\n---\n# B\n\nBody.").text == "B\n\nBody."


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read("---\n\nOne.\n\n---\n\nTwo.").text == "One.\n\nTwo."
    assert read("---\n\nOne.").text == "One."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("---\ntitle: a: b\n---\nBody.", r"cannot be read: .* in line 2; .* between quotation marks"),
        ("---\ndate: 2024-13-41\n---\nBody.", "cannot be read: month must be in 1..12"),
        ("---\ndate: soon\n---\nBody.", "its date, 'soon', is not a day"),
        ("---\ntitle: [a]\n---\nBody.", 'its "title" is a list'),
        ("---\ntitle: a\n---\n\n![x](y)", "it holds no text"),
        ("> " * 150 + "Body", "nested 100 deep"),
        ("[" * 6_000, "square brackets"),
        ("word " * 70_000, "over 300,000 characters"),
    ],
)
def test_what_cannot_be_read_says_why(content: str, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(content)
