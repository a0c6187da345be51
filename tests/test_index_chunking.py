"""Sentences and chunks: slices of the stored text, cut where a reader would, never too long to be a citation."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import LONGEST_SENTENCE, chunks, header, sentences
from tests.fakes import release


def cut(text: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in sentences(replace(release(text=text), language=language))]


def test_sentences_are_cut_at_full_stops() -> None:
    assert cut("Oil rose. Gas fell!\n\nWhy? Nobody knows.") == ["Oil rose.", "Gas fell!", "Why?", "Nobody knows."]


def test_titles_and_numbers_do_not_end_a_sentence() -> None:
    assert cut("Dr. Smith met Mr. Lee at 5.30 p.m. today. They spoke.") == [
        "Dr. Smith met Mr. Lee at 5.30 p.m. today.",
        "They spoke.",
    ]


def test_russian_and_kazakh_are_cut() -> None:
    assert cut("Министр прибыл в г. Алматы. Он выступил.", "ru") == ["Министр прибыл в г. Алматы.", "Он выступил."]
    assert cut("Кездесу өтті. Министр сөйледі.", "kk") == ["Кездесу өтті.", "Министр сөйледі."]


def test_a_finished_quotation_ends_a_sentence() -> None:
    assert cut("He said: “We will go.” The minister agreed.") == ["He said: “We will go.”", "The minister agreed."]


def test_the_number_of_a_list_item_stands_before_it() -> None:
    text = "It pays for:\n\n1.  $1 billion of aircraft; 2.  $2 billion of fuel; and 3.  pay. He met group 3. It agreed."
    assert cut(text) == [
        "It pays for:",
        "1.  $1 billion of aircraft;",
        "2.  $2 billion of fuel; and",
        "3.  pay.",
        "He met group 3.",
        "It agreed.",
    ]


@pytest.mark.parametrize("marks", ["- - -", "• • •", "* * *", "1. 2. 3.", "a) b) c)", "(1) (2) (3)", "i. ii. iii."])
def test_items_of_a_list_are_cut_and_what_follows_them_is_not_theirs(marks: str) -> None:
    first, second, third = marks.split()
    ahead = ["", first, "", second, third, "", "", ""]
    text = (
        f"It pays for:\n{first} Oil. It is dear.\n{second} Gas\n{third} Coal. It is black.\nThe law is new. It holds."
    )
    told = ["It pays for:", "Oil.", "It is dear.", "Gas", "Coal.", "It is black.", "The law is new.", "It holds."]
    assert [part.removeprefix(mark).strip() for part, mark in zip(cut(text), ahead, strict=True)] == told


def test_items_may_be_indented() -> None:
    text = "It pays for:\n  - oil. It is dear.\n\t- gas. It is not.\nThe law is new."
    assert cut(text) == ["It pays for:", "oil.", "It is dear.", "gas.", "It is not.", "The law is new."]
    assert cut("- oil\n- gas\n- coal") == ["oil", "gas", "coal"]


LONG = "A line of more than a hundred characters says that no program wrapped the lines of this text before it came."


def test_a_heading_is_no_part_of_the_sentence_below_it() -> None:
    text = f"{LONG}\nHigh-quality renovations\nThe jury chose 31 projects.\nwww.example.org"
    assert cut(text) == [LONG, "High-quality renovations", "The jury chose 31 projects.", "www.example.org"]


def test_what_a_colon_announces_belongs_to_it() -> None:
    for end in ("\n", "\r\n", " \n"):
        text = f"Winner of this year:{end}Verora AG\n{LONG}"
        assert cut(text) == [f"Winner of this year:{end}Verora AG", LONG]


WRAPPED = "The Minister of the Republic of\nSamoa met the envoy of all the\nislands there."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{WRAPPED}\nNext\nThey will meet the other two.", WRAPPED),
        # One long line among wrapped ones tells nothing of them.
        (f"{WRAPPED} See\nhttps://example.org/{'a' * 90}\nfor more.", WRAPPED),
        ("Prime Minister Modi thanked\nPresident Macron.", "Prime Minister Modi thanked\nPresident Macron."),
    ],
)
def test_a_line_that_was_wrapped_goes_on_in_the_next(text: str, sentence: str) -> None:
    assert cut(text)[0] == sentence


def test_a_day_on_the_next_line_is_no_number_of_a_list() -> None:
    assert cut("They will meet in Oslo on March\n12. The talks go on.") == [
        "They will meet in Oslo on March\n12.",
        "The talks go on.",
    ]
    assert cut("Opened in May\n1. The school in the north of Lima.\n2. The port.")[0] == "Opened in May"
    assert cut("1. Oslo in April\n2. Lima in May\n3. Paris") == ["1. Oslo in April", "2. Lima in May", "3. Paris"]


def test_a_short_line_among_wrapped_ones_is_a_heading() -> None:
    assert cut(f"{WRAPPED}\nNext\nThey will meet the other two.")[1:] == ["Next", "They will meet the other two."]


def test_letters_of_any_language_mark_items() -> None:
    assert cut("Решено:\nа) принять закон;\nб) утвердить бюджет;\nв) закрыть заседание.", "ru") == [
        "Решено:",
        "а) принять закон;",
        "б) утвердить бюджет;",
        "в) закрыть заседание.",
    ]
    assert cut("a. Open the office in Riga\nb. Close the office in Oslo\nc. Move") == [
        "a. Open the office in Riga",
        "b. Close the office in Oslo",
        "c. Move",
    ]


def test_a_bullet_begins_an_item_however_long_the_one_before_is() -> None:
    text = "It decided on Monday and\non Tuesday:\n- to build bridges in the land\n- to sell trams"
    assert cut(text)[-2:] == ["to build bridges in the land", "to sell trams"]


def test_a_stretch_without_words_is_no_sentence() -> None:
    assert cut("Oil rose.\n\n* * *\n\n—\n\nGas fell.") == ["Oil rose.", "Gas fell."]


@pytest.mark.parametrize(("sign", "end"), [("; ", ";"), (", ", ","), (" ", "d")])
def test_a_long_sentence_is_cut_at_a_clause(sign: str, end: str) -> None:
    parts = cut("word" + (sign + "word word") * 120)
    assert len(parts) > 1
    assert all(len(part) <= LONGEST_SENTENCE and part.endswith(end) for part in parts[:-1])


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["\t \n", " ", "- a.\nB.\n", "1. ", "\n(", "x\n"])
def test_a_long_text_of_little_is_cut_soon(piece: str) -> None:
    cut(piece * 100_000)


def test_an_endless_word_is_cut_at_the_limit() -> None:
    assert [len(part) for part in cut("x" * 1_200)] == [500, 500, 200]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab. !?;,“”«»\n\u2028éЖ😀1[]"), max_size=80).map(lambda text: text * 9))
def test_sentences_cover_every_word_in_order(text: str) -> None:
    found = sentences(release(text=text))
    assert all(s.text == text[s.start : s.end] == s.text.strip() for s in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    inside = {place for s in found for place in range(s.start, s.end)}
    assert not any(letter.isalnum() for place, letter in enumerate(text) if place not in inside)


def test_chunks_join_sentences_up_to_the_limit() -> None:
    text = "Aaaa bbbb. Cccc dddd. Eeee ffff."  # ten characters each: two with their space make 21
    item = release(text=text)
    assert [chunk.text for chunk in chunks(item, sentences(item), 21)] == ["Aaaa bbbb. Cccc dddd.", "Eeee ffff."]
    assert [chunk.text for chunk in chunks(item, sentences(item), 20)] == ["Aaaa bbbb.", "Cccc dddd.", "Eeee ffff."]


def test_a_sentence_longer_than_a_chunk_stands_alone() -> None:
    item = release(text="Short one. This sentence is longer than the limit. Short two.")
    found = chunks(item, sentences(item), 12)
    assert [(chunk.start, chunk.end) for chunk in found] == [(s.start, s.end) for s in sentences(item)]


def test_a_chunk_keeps_its_text_and_is_embedded_with_its_header() -> None:
    item = release(text="Oil rose.", day="2023-09-07", title="Briefing")
    [chunk] = chunks(item, sentences(item), 800)
    assert (chunk.id, chunk.text) == ("visit#0-9", "Oil rose.")
    assert chunk.embedded_text == "Briefing (7 September 2023)\nOil rose."


def test_the_header_says_what_is_known() -> None:
    item = release(day="2023-09-07", title="")
    assert header(item) == "7 September 2023"
    assert header(replace(item, date=None, title="Briefing")) == "Briefing"
    assert header(replace(item, date=None)) == ""
    assert header(replace(item, date=date(2024, 3, 1), title="T")) == "T (1 March 2024)"


def test_no_sentence_no_chunk() -> None:
    assert chunks(release(text="* * *"), [], 800) == []
