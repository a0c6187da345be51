"""A Word document (DOCX) -> its paragraphs and table rows in order, by way of python-docx, within limits.

What a reader of the finished document sees is read: insertions but not deletions, the words of links, text in content
controls and text boxes. Headers, footers, notes and comments stay out. A DOCX is a zip of XML files, so both are looked
at before anything is unpacked.
"""

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import ReadingError
from index.headline import Block

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element  # type: ignore[import-untyped]

# A release has some ten thousand characters, which Word may wrap in a megabyte; pictures unpack to hardly more.
UNPACKED_LIMIT = 60_000_000  # bytes, all parts together
XML_LIMIT = 10_000_000  # bytes, the parts that are parsed; lxml needs some ten times as much memory
PART_LIMIT = 2_000
ELEMENT_LIMIT = 400_000
CHARACTER_LIMIT = 500_000
CELL_LIMIT = 200  # characters of a cell that is shown beside others

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OTHERWISE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was deleted or moved away, properties (a "tab" in there is a tab stop), the second version of a drawing.
_PASSED_OVER = {*(_WORD + name for name in ("del", "moveFrom", "pPr", "rPr", "sectPr", "tblPr", "sdtPr")), _OTHERWISE}
_MARKS = {_WORD + "tab": "\t", _WORD + "br": "\n", _WORD + "cr": "\n", _WORD + "noBreakHyphen": "-"}
_RANKS = {"Title": 2.0, "Heading 1": 1.0}  # Of the styles, under the names they have in every language of Word.
_PARAGRAPH, _TEXT, _ROW, _CELL = (_WORD + name for name in ("p", "t", "tr", "tc"))


def read_word(data: bytes) -> tuple[str, list[Block]]:
    """The title a document gives itself ("" without one) and its blocks.

    Raises ReadingError, and ImportError where python-docx is not installed.
    """
    import docx

    try:
        _check_size(data)
        document = docx.Document(io.BytesIO(data))
        return document.core_properties.title or "", _blocks(document)
    except ReadingError:
        raise
    except Exception as error:  # The library promises no kind of error for a broken file.
        raise ReadingError(f"a Word file that cannot be taken apart ({type(error).__name__})") from error


def _check_size(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadingError("a Word document with a password, or of Word 97-2003; save it as .docx without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise ReadingError("not a Word document (.docx), or one that is cut short") from None
    parts = archive.infolist()
    # No more than the stated size is ever unpacked, so it can be believed.
    size = sum(part.file_size for part in parts)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise ReadingError("a Word document packed in a way that Word does not use")
    if len(parts) > PART_LIMIT or size > UNPACKED_LIMIT:
        raise ReadingError(f"more than a release needs: {len(parts):,} parts of {size / 1e6:,.0f} MB unpacked")
    parsed = sum(part.file_size for part in parts if _is_markup(archive, part))
    if parsed > XML_LIMIT:
        raise ReadingError(f"more than a release needs: {parsed / 1e6:,.1f} MB of XML, over {XML_LIMIT / 1e6:g} MB")


def _is_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part begins as XML does; its name says nothing about what it is read as."""
    with archive.open(part) as stream:
        start = stream.read(1_000).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return not start or start.startswith(b"<")


def _blocks(document: "Document") -> list[Block]:
    from lxml.etree import iterwalk

    state = _Walk({style.style_id: _RANKS.get(style.name or "", 0.0) for style in document.styles})
    walk = iterwalk(document.element.body, events=("start", "end"))
    for number, (event, element) in enumerate(walk):
        if number > 2 * ELEMENT_LIMIT:
            raise ReadingError(f"more than a release needs: it holds over {ELEMENT_LIMIT:,} elements")
        if event == "end":
            state.end(element)
        elif element.tag in _PASSED_OVER:
            walk.skip_subtree()
        else:
            state.start(element.tag)
    return [block for block in state.places[0] if block.text]


class _Walk:
    """What is open at a place in the tree. There are stacks, as a paragraph may hold a table and a table paragraphs."""

    def __init__(self, ranks: dict[str, float]) -> None:
        self.places: list[list[Block]] = [[]]
        self._ranks = ranks
        self._paragraphs: list[list[str]] = []
        self._rows: list[list[list[Block]]] = []
        self._characters = 0

    def start(self, tag: str) -> None:
        if tag == _PARAGRAPH:
            self._paragraphs.append([])
        elif tag == _ROW:
            self._rows.append([])
        elif tag == _CELL and self._rows:
            self.places.append([])

    def end(self, element: "_Element") -> None:
        tag = element.tag
        if tag == _PARAGRAPH:
            text = "".join(self._paragraphs.pop()).replace("\u00ad", "").strip()
            style = element.find(f"{_WORD}pPr/{_WORD}pStyle")
            rank = self._ranks.get(style.get(_WORD + "val"), 0.0) if style is not None else 0.0
            self.places[-1].append(Block(text, rank))
        elif tag == _ROW:
            self.places[-1] += _row(self._rows.pop())
        elif tag == _CELL and self._rows:
            self._rows[-1].append(self.places.pop())
        elif self._paragraphs:
            self._add((element.text or "") if tag == _TEXT else _MARKS.get(tag, ""))

    def _add(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > CHARACTER_LIMIT:
            raise ReadingError(f"more than a release needs: it holds over {CHARACTER_LIMIT:,} characters")
        self._paragraphs[-1].append(text)


def _row(cells: Sequence[Sequence[Block]]) -> list[Block]:
    """One line for a row of short cells; a table that only sets texts side by side becomes the texts."""
    filled = [[block for block in cell if block.text] for cell in cells]
    filled = [cell for cell in filled if cell]
    if len(filled) > 1 and all(len(cell) == 1 and len(cell[0].text) <= CELL_LIMIT for cell in filled):
        return [Block(" | ".join(" ".join(cell[0].text.split()) for cell in filled))]
    return [block for cell in filled for block in cell]
