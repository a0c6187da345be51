from dataclasses import replace
from datetime import date

from index.catalog import Withdrawal
from index.release import Release
from rag.answers import Citation
from ui.sources import highlighted, missing_release, paragraphs, passages, source_list, whole_release

TEXT = "🦠 One & two.\n\n  Alpha <b>. Beta ends. Gamma.\n\n\n\nLast."


def cite(marker: int, quote: str, text: str = TEXT) -> Citation:
    start = text.index(quote)
    return Citation(marker, "r1", "Title", date(2024, 3, 7), "https://gov.kz/1", quote, start, start + len(quote))


def release(text: str = TEXT) -> Release:
    return Release("r1", text, "Title", date=date(2024, 3, 7), url="https://gov.kz/1")


def test_paragraphs_are_the_spans_between_blank_lines() -> None:
    assert [TEXT[start:end] for start, end in paragraphs(TEXT)] == [
        "🦠 One & two.",
        "Alpha <b>. Beta ends. Gamma.",
        "Last.",
    ]
    assert paragraphs(" \n\n ") == []


def test_text_is_cut_before_it_is_escaped_so_spans_hold() -> None:
    found = highlighted(TEXT, 0, 12, [cite(1, "One & two.")])
    assert found == '🦠 <mark data-cites="1">One &amp; two.</mark>'


def test_overlapping_citations_share_the_part_they_share() -> None:
    text = "abcdef"
    found = highlighted(text, 0, 6, [cite(1, "abcd", text), cite(2, "cdef", text)])
    assert found == '<mark data-cites="1">ab</mark><mark data-cites="1 2">cd</mark><mark data-cites="2">ef</mark>'


def test_sentences_of_one_paragraph_share_a_passage_in_the_order_of_the_text() -> None:
    found = passages(TEXT, [cite(1, "Last."), cite(2, "Gamma."), cite(3, "Beta ends.")])
    assert [[cited.marker for cited in passage.citations] for passage in found] == [[3, 2], [1]]
    assert TEXT[found[0].start : found[0].end] == "Alpha <b>. Beta ends. Gamma."


def test_a_long_paragraph_is_shown_around_its_sentence() -> None:
    text = "word " * 300 + "The fact. " + "word " * 300
    (found,) = passages(text, [cite(1, "The fact.", text)])
    assert found.cut_before
    assert found.cut_after
    assert text[found.start : found.end].startswith("word ")
    assert found.end - found.start < 800


def test_a_quote_that_crosses_paragraphs_is_shown_whole() -> None:
    (found,) = passages(TEXT, [cite(1, "Gamma.\n\n\n\nLast.")])
    assert TEXT[found.start : found.end].endswith("Gamma.\n\n\n\nLast.")


def test_a_card_shows_date_title_link_and_that_it_was_verified() -> None:
    card = source_list(4, [cite(1, "Beta ends.")], {"r1": release()}.get, known=["gov.kz"])
    assert '<time class="day" datetime="2024-03-07">7 March 2024</time>' in card
    assert 'href="https://gov.kz/1"' in card
    assert ">Verified<" in card
    assert 'Alpha &lt;b&gt;. <mark data-cites="1">Beta ends.</mark> Gamma.' in card
    assert 'id="turn-4-source-1"' in card


def test_an_address_that_nobody_vouched_for_is_named_and_no_link() -> None:
    shown = source_list(4, [cite(1, "Beta ends.")], {"r1": release()}.get, known=["other.kz", "v.kz"])
    shown += whole_release(release())
    assert shown.count('<span class="host">gov.kz</span>') == 2
    assert "https://" not in shown


def test_the_whole_release_leads_to_a_known_host() -> None:
    assert 'href="https://gov.kz/1"' in whole_release(release(), known=["gov.kz"])


def test_a_quotation_names_its_language_for_a_voice() -> None:
    spoken = source_list(1, [cite(1, "Beta ends.")], {"r1": replace(release(), language="kk")}.get)
    assert '<blockquote dir="auto" lang="kk">' in spoken
    assert "lang=" not in source_list(1, [cite(1, "Beta ends.")], {"r1": release()}.get)


def test_a_release_that_changed_is_not_called_verified() -> None:
    card = source_list(1, [cite(1, "Beta ends.")], {"r1": release("x" + TEXT)}.get)
    assert ">Verified<" not in card
    assert ">Earlier version<" in card
    assert '<mark data-cites="1">Beta ends.</mark>' in card


def test_a_release_that_is_gone_still_shows_its_quotation() -> None:
    card = source_list(1, [cite(1, "Beta ends.")], lambda _: None)
    assert '<mark data-cites="1">Beta ends.</mark>' in card
    assert 'href="http' not in card


def test_the_whole_release_lights_one_sentence() -> None:
    start = TEXT.index("Beta")
    page = whole_release(release(), start, start + 10)
    assert page.count("<mark") == 1
    assert ">Beta ends.</mark>" in page
    assert page.count('<p dir="auto">') == 3


def test_bounds_outside_the_text_light_nothing() -> None:
    assert "<mark" not in whole_release(release(), 5, 5)
    assert "<mark" not in whole_release(release(), -3, 4)
    assert "<mark" not in whole_release(release(), 0, 10_000)


def test_a_withdrawn_release_is_said_to_have_been_one() -> None:
    shown = missing_release("oil", Withdrawal("oil", "Oil <b>", date(2024, 3, 7), "", date(2024, 5, 2)))
    assert "Oil &lt;b&gt;" in shown
    assert "7 March 2024" in shown
    assert "withdrawn on" in shown


def test_a_missing_release_is_named_and_escaped() -> None:
    assert "no longer in the index" in missing_release("<r1>")
    assert "&lt;r1&gt;" in missing_release("<r1>")
