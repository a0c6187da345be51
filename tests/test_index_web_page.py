"""HTML pages."""

from datetime import date
from pathlib import Path

import pytest

from index.draft import Draft, Source
from index.errors import ReadingError
from index.release import Origin
from index.web_page import read_page, without_tags

PAGE = (Path(__file__).parent / "data" / "releases" / "page.html").read_bytes()


def read(data: bytes, stem: str = "page") -> Draft:
    (found,) = read_page(data, Source(f"{stem}.html", stem))
    return found


def test_the_release_is_found_in_the_page() -> None:
    found = read(PAGE)
    assert (found.title, found.url) == ("Minister opens office in Oslo", "https://press.example.org/office")
    assert (found.date, found.date_origin) == (date(2024, 3, 8), Origin.DERIVED)


def test_only_the_body_is_kept_with_its_paragraphs() -> None:
    first, second = read(PAGE).text.split("\n\n")
    assert first.startswith("The minister opened") and first.endswith("in the country.")  # noqa: PT018
    assert second == "It has a staff of twelve and answers questions about trade and study."


def test_a_future_day_is_kept_and_a_footer_year_is_not_a_day() -> None:
    assert read(PAGE.replace(b"2024-03-08", b"2094-03-08")).date == date(2094, 3, 8)
    undated = PAGE.replace(b'content="2024-03-08T10:00:00+06:00"', b'content=""')
    assert read(undated).date is None
    assert read(undated, "2024-03-09-office").date == date(2024, 3, 9)


def test_a_declared_encoding_is_believed() -> None:
    page = "<html><head><meta charset=windows-1251></head><body><p>Министр открыл офис в Осло.</p></body></html>"
    assert read(page.encode("cp1251")).text == "Министр открыл офис в Осло."
    with pytest.raises(ReadingError, match="not UTF-8 text"):
        read(page.replace("windows-1251", "utf-7").encode("cp1251"))


def test_a_bare_paragraph_is_enough() -> None:
    assert read(b"<p>Short release here.</p>").text == "Short release here."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!-- nothing -->", "no text was found"),
        (b"<html><body><script>x()</script></body></html>", "no text was found"),
        (b"<div>" * 300 + b"Hello", "nested more than 256 deep"),
        (b"<p>a" * 21_000, "over 20,000 elements"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(data)


def test_a_piece_of_html_keeps_its_words_and_blocks() -> None:
    assert without_tags("<p>a\x0cb\x07&#12;c</p>") == "a\nb\nc"
    assert without_tags("<p>One <b>two</b></p><p>Three<br>four</p><style>x</style>") == "One two\n\nThree\n\nfour"


def test_an_element_of_thousands_of_attributes_is_refused_at_once() -> None:
    attributes = " ".join(f"a{number}=1" for number in range(40_000))
    with pytest.raises(ReadingError, match="an element of over 2,000 attributes"):
        read(PAGE.replace(b"<body", f"<body {attributes}".encode()))


def test_an_image_within_a_page_is_no_harm() -> None:
    image = b'<img src="data:image/png;base64,' + b"A" * 200_000 + b'">'
    assert read(PAGE.replace(b"</body>", image + b"</body>")).text == read(PAGE).text
