"""PDF and Word files -> drafts. Each takes a library of the extra "documents", loaded for the first such file.

One file is one release. Its day is that of the file's name, else of a dateline among the first paragraphs.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from index.draft import Draft, Source, has_words
from index.errors import ReadingError
from index.headline import TOP, Block, split_headline
from index.page_lines import blocks
from index.pdf_pages import read_pages
from index.published import dateline_day
from index.release import Origin
from index.scraped_text import derived_day
from index.word_blocks import read_word

_REMEDY = 'run `pip install -e ".[documents]"` in the environment'


def read_pdf(data: bytes, source: Source) -> Iterator[Draft]:
    """The release of a PDF. Raises ReadingError."""
    try:
        title, pages = read_pages(data)
    except ImportError:
        raise ReadingError(f"reading a PDF needs pypdf 7 or newer; {_REMEDY}") from None
    yield _draft(blocks(pages), title, source, "no text was found in the PDF (a scan?); save it as text, .txt or .docx")


def read_docx(data: bytes, source: Source) -> Iterator[Draft]:
    """The release of a Word file. Raises ReadingError."""
    try:
        title, found = read_word(data)
    except ImportError:
        raise ReadingError(f"reading a Word file needs python-docx; {_REMEDY}") from None
    yield _draft(found, title, source, "no text was found in the Word file")


def _draft(found: Sequence[Block], stated: str, source: Source, without_text: str) -> Draft:
    if not any(has_words(block.text) for block in found):
        raise ReadingError(without_text)
    title, text = split_headline(found, stated, source.stem)
    day, origin = _day(source.stem, text)
    return Draft(text, source.id, title, day, origin)


def _day(stem: str, text: str) -> tuple[date | None, Origin]:
    """The day of the file's name, else of a dateline.

    When a PDF or Word file was made is no day of publication: it is the day of the last export, of the scan, of the
    template, or for a whole archive that of its conversion. No day is better than a wrong one.
    """
    day, origin = derived_day(stem, text)
    if day is None:
        day = next(filter(None, map(dateline_day, text.split("\n\n")[:TOP])), None)
        origin = Origin.DERIVED if day else Origin.UNKNOWN
    return day, origin
