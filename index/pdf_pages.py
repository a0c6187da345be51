"""A PDF -> the lines that stand on its pages, by way of pypdf, within limits.

A PDF is a program that draws, and a small one may draw without end: what a release has is counted, and what is over it
is refused. The library passes over many a fault in silence, exceptions of ours among them, so what was spent is looked
at again after every page.
"""

import io
import logging
import math
import re
import time
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import ReadingError
from index.page_lines import Line

if TYPE_CHECKING:
    from pypdf.generic import IndirectObject, PdfObject

PAGE_LIMIT = 100  # a release has one or two, with an annex some dozens
CHARACTER_LIMIT = 500_000  # a page has some three thousand
SECONDS = 6.0  # of the processor, so that a busy machine refuses nothing more; a page takes some hundredths
STREAM_LIMIT = 10_000_000  # bytes of one unpacked part; what a page draws has some thousand, with a map a million
TOKEN_LIMIT = 300_000  # numbers, strings and commands of one page
OBJECT_LIMIT = 50_000  # letters, pictures, pages; a page has some dozens
TAIL = 50_000  # bytes at the end of a file, among which its end mark is
TITLE_LIMIT = 1_000  # characters

# The characters of the private use area are what a font without a table of characters leaves.
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")

_LIGATURES = {ord(one): unicodedata.normalize("NFKC", one) for one in "ﬀﬁﬂﬃﬄﬅﬆ"}


class _Pen:
    """Follows what the pages draw and gathers it into lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[Line] = []
        self._characters = 0
        self._end = time.thread_time() + SECONDS

    def check(self, *_: object) -> None:
        """Raises ReadingError when a limit is passed; called at every command of a page."""
        if self._characters > CHARACTER_LIMIT:
            raise ReadingError(f"more than a release needs: it holds over {CHARACTER_LIMIT:,} characters")
        if time.thread_time() > self._end:
            raise ReadingError(f"more than a release needs: reading it takes over {SECONDS:g} seconds")

    def show(self, text: str, matrix: Sequence[float], text_matrix: Sequence[float], font: object, size: float) -> None:
        """A piece of text as the library reports it: where it begins, and in which font."""
        self._characters += len(text)
        self.check()
        for number, part in enumerate(text.split("\n")):
            if number:
                self.end_line()
            if part:
                self._pieces.append(_piece(part, _product(text_matrix, matrix), font, size))

    def end_line(self) -> None:
        pieces, self._pieces = self._pieces, []
        text = "".join(piece.text for piece in pieces).translate(_LIGATURES)
        text = re.sub(r"[ \t]+", " ", unicodedata.normalize("NFC", text)).strip()
        if not text:
            return
        # A raised or lowered piece, a "2" in "m²", says nothing about the line.
        main = max(pieces, key=lambda piece: len(piece.text.strip()))
        first = next(piece for piece in pieces if piece.text.strip())
        fonts = frozenset[str]().union(*(piece.fonts for piece in pieces if piece.text.strip()))
        self.lines.append(Line(text, first.left, main.height, main.size, fonts))

    def end_page(self) -> list[Line]:
        self.end_line()
        self.check()
        lines, self.lines = self.lines, []
        return lines


def read_pages(data: bytes) -> tuple[str, list[list[Line]]]:
    """The title a PDF gives itself ("" without one) and its lines, page by page.

    Raises ReadingError, and ImportError where pypdf is not installed or too old to be given limits.
    """
    from pypdf import apply_configuration
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    _check_file(data)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # Each fault is a line on standard error otherwise.
    try:
        with apply_configuration(
            array_based_stream_maximum_output_length=STREAM_LIMIT,
            lzw_maximum_output_length=STREAM_LIMIT,
            run_length_maximum_output_length=STREAM_LIMIT,
            zlib_maximum_output_length=STREAM_LIMIT,
            stream_decoding_work_maximum_length=4 * STREAM_LIMIT,
            stream_parsing_work_maximum_count=TOKEN_LIMIT,
            page_tree_maximum_entries=20 * PAGE_LIMIT,
        ):
            title, pages = _read(data)
    except FileNotDecryptedError:
        raise ReadingError("the PDF is encrypted; save a copy without a password") from None
    except DependencyError:
        raise ReadingError("the PDF is encrypted; save an open copy, or run `pip install cryptography`") from None
    except LimitReachedError as error:
        raise ReadingError(f"a PDF that is broken, or larger than a release: {str(error).rstrip('.')}") from None
    except ReadingError:
        raise
    except Exception as error:  # The library promises no kind of error for a broken file.
        raise ReadingError(f"a PDF that cannot be taken apart ({type(error).__name__})") from error
    _check_letters(pages)
    return title, pages


def _check_file(data: bytes) -> None:
    """What the library would find out too, after a search through the whole file byte by byte."""
    if b"%PDF-" not in data[:1024] or b"%%EOF" not in data[-TAIL:]:
        raise ReadingError("not a PDF, or one that is cut short")
    if data.count(b" obj") > OBJECT_LIMIT:
        raise ReadingError(f"more than a release needs: it holds over {OBJECT_LIMIT:,} objects")


def _read(data: bytes) -> tuple[str, list[list[Line]]]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    pen = _Pen()

    class Reader(PdfReader):
        """Fonts, forms and page trees call for object after object, before a page draws anything."""

        def get_object(self, indirect_reference: "int | IndirectObject") -> "PdfObject | None":
            pen.check()
            return super().get_object(indirect_reference)

    reader = Reader(io.BytesIO(data), root_object_recovery_limit=1_000)
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileNotDecryptedError
    if len(reader.pages) > PAGE_LIMIT:
        raise ReadingError(f"{len(reader.pages):,} pages, over the limit of {PAGE_LIMIT} for one release")
    lines: list[list[Line]] = []
    for page in reader.pages:
        pen.check()
        page.extract_text(visitor_operand_before=pen.check, visitor_text=pen.show)
        lines.append(pen.end_page())
    title = reader.metadata.title if reader.metadata else None
    return (title or "")[:TITLE_LIMIT], lines


def _check_letters(pages: Sequence[Sequence[Line]]) -> None:
    text = "".join(line.text for page in pages for line in page)
    if len(_UNKNOWN.findall(text)) > len(text) / 10:
        raise ReadingError("its fonts do not say which letters they draw; save it as .docx or .txt")


def _piece(text: str, matrix: Sequence[float], font: object, size: float) -> Line:
    """`left` and `height` are measured along the text and across it, so that a turned page is like any other."""
    across, up = math.hypot(matrix[0], matrix[1]) or 1.0, math.hypot(matrix[2], matrix[3]) or 1.0
    left = (matrix[4] * matrix[0] + matrix[5] * matrix[1]) / across
    height = (matrix[4] * matrix[2] + matrix[5] * matrix[3]) / up
    name = str(font.get("/BaseFont", "")) if isinstance(font, dict) else ""
    return Line(text, _bounded(left), _bounded(height), max(_bounded(abs(size) * up), 0.1), frozenset([name]))


def _bounded(points: float) -> float:
    """No number of a hostile file, infinite or none at all, gets into the arithmetic."""
    return max(-1e6, min(1e6, points))


def _product(first: Sequence[float], then: Sequence[float]) -> tuple[float, ...]:
    """Two transformations of the plane, one after the other."""
    a, b, c, d, x, y = first
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        x * then[0] + y * then[2] + then[4],
        x * then[1] + y * then[3] + then[5],
    )
