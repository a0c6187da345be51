"""Stored text, derived titles, ids and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.draft import TITLE_LIMIT, Draft, Source, finish, first_sentence, tidy
from index.release import Origin


def test_tidy_normalises_once_and_keeps_the_rest() -> None:
    assert tidy("\ufeff  One \t\r\nTwo\u00a0three\x07\r\r\n \n\u00a0\n\nFour\t5 ") == "One\nTwo\u00a0three\n\nFour\t5"


@given(st.text())
def test_tidy_twice_is_tidy_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_a_short_first_sentence_is_the_title() -> None:
    assert first_sentence("Dr. Smith met the envoy. They agreed.") == "Dr. Smith met the envoy."
    assert first_sentence("***\n\nHello there") == "Hello there"
    assert first_sentence("…") == ""


@given(st.text(alphabet="ab ,", min_size=TITLE_LIMIT, max_size=400))
def test_a_cut_title_is_a_prefix_within_the_limit(text: str) -> None:
    title = first_sentence(text)
    assert len(title) <= TITLE_LIMIT + 1
    assert " ".join(text.split()).startswith(title.removesuffix("…"))


def test_a_title_is_cut_at_a_word() -> None:
    assert first_sentence("word " * 40) == "word " * 17 + "word…"
    assert first_sentence("w" * 200) == "w" * TITLE_LIMIT + "…"


def test_an_id_comes_from_the_digest_where_none_is_given() -> None:
    release = finish(Draft("Hello there"))
    assert release.id == release.digest[:16]
    assert release.title_origin is Origin.DERIVED


@pytest.mark.parametrize(
    ("stem", "expected"),
    [("000_0253f663826b375a", "000_0253f663826b375a"), ("Visit to Oslo (2)", "Visit-to-Oslo-2"), ("Сапар", "Сапар")],
)
def test_an_id_is_a_safe_file_name(stem: str, expected: str) -> None:
    assert Source("x", stem).id == expected
    assert Source("x", "\udc80?").id == ""


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", 'https://e.org/"onclick', "e.org"])
def test_only_web_links_are_kept(url: str) -> None:
    assert finish(Draft("Hello", url=url)).url == ""
    assert finish(Draft("Hello", url=" https://e.org/a?b=1 ")).url == "https://e.org/a?b=1"
