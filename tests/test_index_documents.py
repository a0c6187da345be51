"""PDF and Word files."""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import pdf_pages, word_blocks
from index.documents import read_docx, read_pdf
from index.draft import Draft, Source
from index.errors import ReadingError
from index.readers import read_paths
from index.release import Origin
from tests.office_files import locked, packed, pdf, word

FIRST = "The minister met the envoy in Astana and they agreed on a plan"
SECOND = "for the water of the region, which both sides called a success."


def read(data: bytes, stem: str = "visit") -> Draft:
    reader = read_pdf if data.startswith(b"%PDF") else read_docx
    (found,) = reader(data, Source("a file", stem))
    return found


def run(text: str, tag: str = "") -> str:
    shown = f"<w:r><w:t>{text}</w:t></w:r>"
    return f'<w:{tag} w:id="1" w:author="a">{shown}</w:{tag}>' if tag else shown


def test_wrapped_lines_of_a_pdf_are_joined_and_a_gap_parts_paragraphs() -> None:
    found = read(pdf(f"{FIRST}\n{SECOND}\n\n{FIRST}\n{SECOND}"))
    assert found.text == f"{FIRST} {SECOND}\n\n{FIRST} {SECOND}"
    assert (found.id, found.title) == ("visit", "")


def test_a_line_that_ends_early_ends_its_paragraph() -> None:
    found = read(pdf(f"{FIRST}\n{SECOND}\nIt is signed.\n{FIRST}\n{SECOND}"))
    assert found.text == f"{FIRST} {SECOND} It is signed.\n\n{FIRST} {SECOND}"


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("the govern-", "ment of Norway", "the government of Norway"),
        ("in Nur-", "Sultan today", "in Nur-Sultan today"),
        ("in 2023-", "2024 alone", "in 2023-2024 alone"),
        ("the water-", "rich north and its water-rich south", "the water-rich north and its water-rich south"),
        ("a self-", "governing body", "a self-governing body"),
        ("in the north -", "and south", "in the north - and south"),
    ],
)
def test_a_word_hyphenated_at_a_line_end_becomes_whole(left: str, right: str, joined: str) -> None:
    text = read(pdf(f"It was agreed with {left}\n{right}, as all of them said.")).text
    assert text.startswith(f"It was agreed with {joined}")


def test_headers_footers_and_page_numbers_go_and_paragraphs_run_on() -> None:
    middles = f"{FIRST}\nfor the", "water of the region, which both\nsides called a great", f"success.\n{SECOND}"
    pages = [f"Embassy of Norway\n\n{middle}\n\n- {number} -" for number, middle in enumerate(middles, 1)]
    text = read(pdf(*pages)).text
    assert "Embassy" not in text
    assert not any(character.isdigit() for character in text)
    assert "for the water of the region, which both sides called a great success." in text


def test_a_repeated_line_of_the_text_is_no_header() -> None:
    text = read(pdf(f"{FIRST}.\n\n{SECOND}", f"{SECOND}\n\n{FIRST}.", f"Both.\n\n\n{FIRST}.")).text
    assert text.count(FIRST) == 3
    assert "Page 7 of 9" not in read(pdf(f"{FIRST}.\n\n\nPage 7 of 9")).text


def test_what_a_browser_prints_around_a_page_goes() -> None:
    page = f"3/8/24, 10:15 AM A visit | Ministry\n\n{FIRST}.\n{SECOND}\n\nhttps://press.example.org/visit 1/1"
    assert read(pdf(page)).text == f"{FIRST}. {SECOND}"
    assert "10:15" in read(pdf(page.rpartition("\n")[0])).text


def test_the_title_a_pdf_states_is_believed_where_the_text_has_its_words() -> None:
    page = f"A visit to Astana\n\n{FIRST}\n{SECOND}"
    assert read(pdf(page, title="A visit to Astana")).title == "A visit to Astana"
    assert read(pdf(page, title="The envoy in Astana")).title == "The envoy in Astana"
    assert read(pdf(page, title="A visit to Astana - Ministry of Water")).title == "A visit to Astana"


@pytest.mark.parametrize(
    "stated",
    [
        "Microsoft Word - visit envoy.doc",
        "Untitled",
        "the_envoy.indd",
        "visit envoy",
        "Budget of the port",
        "Press release",
    ],
)
def test_what_programs_call_a_file_is_no_title(stated: str) -> None:
    found = read(pdf(f"{FIRST}\n{SECOND}\n\nvisit envoy doc", title=stated), "visit-envoy")
    assert found.title == ""
    assert found.text.startswith(FIRST)


def test_large_letters_make_the_title_and_it_leaves_the_text() -> None:
    found = read(pdf(f"Embassy of Norway\n\nPRESS RELEASE\n\n# Minister meets\n# the envoy\n\n{FIRST}.\n{SECOND}"))
    assert found.title == "Minister meets the envoy"
    assert found.text == f"Embassy of Norway\n\nPRESS RELEASE\n\n{FIRST}. {SECOND}"


def test_the_day_is_that_of_the_name_or_a_dateline_never_that_of_the_file() -> None:
    assert read(pdf(FIRST)).date is None
    assert read(pdf(FIRST), "2024-03-08-visit").date == date(2024, 3, 8)
    found = read(pdf(f"Embassy of Norway in Astana\n\nAstana, 7 March 2024\n\n{FIRST}.\n{SECOND}"))
    assert (found.date, found.date_origin) == (date(2024, 3, 7), Origin.DERIVED)


def test_a_word_file_keeps_the_order_of_paragraphs_headings_and_tables() -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format(run('Wheat'))}{cell.format(run('7 t'))}</w:tr></w:tbl>"
    found = read(word("# A visit to Astana", FIRST, "# Background", body=f"{table}<w:p>{run('Last.')}</w:p>"))
    assert found.title == "A visit to Astana"
    assert found.text == f"{FIRST}\n\nBackground\n\nWheat | 7 t\n\nLast."


def test_a_table_that_sets_texts_side_by_side_becomes_the_texts() -> None:
    cells = "".join(f"<w:tc><w:p>{run(name)}</w:p><w:p>{run('More.')}</w:p></w:tc>" for name in ("One.", "Two."))
    assert read(word(body=f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")).text == "One.\n\nMore.\n\nTwo.\n\nMore."


def test_insertions_and_links_are_read_and_deletions_are_not() -> None:
    parts = run("They met ") + run("today", "del") + run("on Monday", "ins") + run("before", "moveFrom")
    link = f'<w:hyperlink w:anchor="a">{run(" in the port")}</w:hyperlink>'
    control = f"<w:sdt><w:sdtContent>{run(' of Aktau')}</w:sdtContent></w:sdt>"
    assert read(word(body=f"<w:p>{parts}{link}{control}</w:p>")).text == "They met on Monday in the port of Aktau"


def test_a_heading_below_the_text_is_no_title() -> None:
    found = read(word(f"{FIRST}. {SECOND * 6}", "# The background of it", SECOND))
    assert found.title == ""
    assert "The background of it" in found.text


def test_marks_inside_a_paragraph_become_characters() -> None:
    marks = "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>", "<w:r><w:noBreakHyphen/></w:r>"
    stop = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs></w:pPr>'
    paragraph = f"<w:p>{stop}{run('a')}{marks[0]}{run('b')}{marks[1]}{run('c')}{marks[2]}{run('d')}</w:p>"
    assert read(word(body=paragraph)).text == "a\tb\nc-d"


def test_cyrillic_day_and_title_of_a_word_file() -> None:
    story = "АСТАНА, 7 марта 2024 года – Министр встретился с послом, стороны договорились о воде."
    found = read(word("ПРЕСС-РЕЛИЗ", "Министр встретился с послом", story, title="Министр встретился с"))
    assert (found.title, found.text) == ("Министр встретился с послом", story)
    assert (found.date, found.date_origin) == (date(2024, 3, 7), Origin.DERIVED)


def test_a_line_with_the_day_may_stand_above_the_title() -> None:
    found = read(word("Astana, 7 March 2024", "A visit to Astana", FIRST, title="Document1"))
    assert (found.title, found.text) == ("A visit to Astana", f"Astana, 7 March 2024\n\n{FIRST}")
    assert found.date == date(2024, 3, 7)


BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%b</w:body></w:document>'


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: pdf(""), r"no text was found in the PDF \(a scan\?\)"),
        (lambda: pdf(FIRST)[:-400], "not a PDF, or one that is cut short"),
        (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF", "cannot be taken apart"),
        (lambda: locked(pdf(FIRST), "secret"), "the PDF is encrypted; save a copy without a password"),
        (lambda: pdf(*[""] * 101), "101 pages, over the limit of 100"),
        (lambda: pdf(FIRST, filled=b" " * 11_000_000), "Limit reached while decompressing"),
        (lambda: pdf(FIRST, filled=b"[" * 100_000), r"cannot be taken apart \(RecursionError\)"),
        (lambda: pdf("\u2022 \x01\x02\x03\x04"), "do not say which letters"),
        (lambda: pdf("").replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), "cannot be taken apart|no text"),
        (lambda: word(""), "no text was found in the Word file"),
        (lambda: word(FIRST)[:-400], "cut short"),
        (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "Word 97-2003"),
        (lambda: packed(word(FIRST), "word/document.xml", b"<broken"), r"cannot be taken apart \(XMLSyntaxError\)"),
        (lambda: packed(word(FIRST), "word/document.xml", BODY % (b"<w:p/>" * 1_700_000)), r"1\d\.\d MB of XML"),
        (lambda: packed(word(FIRST), "word/document.xml", BODY % (b"<w:tbl>" * 300)), "cannot be taken apart"),
        (lambda: packed(word(FIRST), "word/media/a.png", bytes(61_000_000)), "62 MB unpacked"),
    ],
)
def test_what_cannot_be_read_says_why(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(make())


def test_a_pdf_that_any_viewer_opens_is_read_though_it_is_encrypted() -> None:
    assert read(locked(pdf(FIRST), "")).text == FIRST


@pytest.mark.parametrize(
    ("module", "limit", "value", "data", "reason"),
    [
        (pdf_pages, "SECONDS", 0.0, pdf(FIRST), "reading it takes over 0 seconds"),
        (pdf_pages, "CHARACTER_LIMIT", 60, pdf(FIRST), "over 60 characters"),
        (pdf_pages, "TOKEN_LIMIT", 60, pdf(*[FIRST] * 9, "a\n" * 9), "maximum number of tokens"),
        (pdf_pages, "OBJECT_LIMIT", 5, pdf(FIRST), "over 5 objects"),
        (word_blocks, "CHARACTER_LIMIT", 60, word(FIRST), "over 60 characters"),
        (word_blocks, "ELEMENT_LIMIT", 3, word(*[FIRST] * 9), "over 3 elements"),
        (word_blocks, "PART_LIMIT", 9, word(FIRST), r"\d\d parts of"),
    ],
)
def test_what_is_over_a_limit_is_given_up(
    module: ModuleType, limit: str, value: float, data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(ReadingError, match=reason):
        read(data)


def test_numbers_without_measure_stop_nothing() -> None:
    huge = b"9" * 40
    grown = b" %b 0 0 %b 0 0 cm" % (huge, huge) * 9  # Far over what a float can be.
    assert "Signed." in read(pdf("", filled=grown + b" BT /F 9 Tf (Signed.) Tj ET")).text


@pytest.mark.parametrize("data", [pdf(FIRST, SECOND, title="A visit"), word(FIRST, SECOND)])
@settings(max_examples=60, deadline=None)
@given(where=st.integers(0, 10_000), put=st.binary(max_size=6), cut=st.integers(0, 400))
def test_no_damage_stops_the_reading(data: bytes, where: int, put: bytes, cut: int) -> None:
    start = where * len(data) // 10_000
    damaged = data[:start] + put + data[start + cut :]
    reader = read_pdf if data.startswith(b"%PDF") else read_docx
    with suppress(ReadingError):
        (found,) = reader(damaged, Source("a file", "visit"))
        assert found.text.strip()


def test_the_readers_know_both_endings(tmp_path: Path) -> None:
    (tmp_path / "2024-03-08-visit.PDF").write_bytes(pdf(f"{FIRST}\n{SECOND}"))
    (tmp_path / "port.docx").write_bytes(word(f"{FIRST} {SECOND}"))
    (tmp_path / "scan.pdf").write_bytes(pdf(""))
    reading = read_paths([tmp_path])
    assert [(release.id, release.text) for release in reading.releases] == [
        ("2024-03-08-visit", f"{FIRST} {SECOND}"),
        ("port", f"{FIRST} {SECOND}"),
    ]
    assert "a scan?" in reading.set_aside[0].reason


@pytest.mark.parametrize(("library", "reader"), [("pypdf", read_pdf), ("docx", read_docx)])
def test_without_the_extra_the_reason_names_the_remedy(
    library: str, reader: Callable[[bytes, Source], Iterator[Draft]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ReadingError, match=r"needs .*; run `pip install -e \"\.\[documents\]\"`"):
        list(reader(b"", Source("a file", "visit")))
