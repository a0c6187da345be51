"""HTML pages -> drafts: trafilatura finds the release in the page; menus, footers and comments stay out.

The day is the one the page's own data states (htmldate, without guessing from the text), else the file name's, else
the dateline's. It counts as derived: which of a page's dates is the release's is the library's judgement.
"""

import logging
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from index.draft import Draft, Source, has_words, tidy, without_controls
from index.encoding import decode
from index.errors import ReadingError
from index.published import read_day
from index.release import Origin
from index.scraped_text import derived_day

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# Extraction walks the tree many times over: 20,000 elements take some seconds, a page of a release has a few hundred.
ELEMENT_LIMIT = 20_000
# The parser compares each attribute of an element with all others of it; an image within a page is one long attribute.
ATTRIBUTE_LIMIT = 2_000
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}>")
# htmldate takes any later date for a mistake; an embargoed release has one.
LAST_DAY = "2199-12-31"

_BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figcaption")
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


class _Page(Protocol):
    title: str | None
    date: str | None
    url: str | None
    text: str | None


class _Extractor(Protocol):
    def __call__(self, tree: object, **options: object) -> _Page | None:
        """The release in the page, None when there is none."""


def read_page(data: bytes, source: Source) -> Iterator[Draft]:
    """The release of an HTML page. Raises ReadingError."""
    charset = _CHARSET.search(data[:4096])
    tree = _tree(decode(data, charset[1].decode("ascii", "replace") if charset else ""))
    try:
        page = _extractor()(
            tree,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": LAST_DAY},
        )
    except Exception as error:  # A page can upset any of four parsers, each in its own way.
        raise ReadingError(f"a page that cannot be taken apart ({type(error).__name__})") from error
    title = tidy(page.title or "") if page else ""
    text = _body(page.text or "", title) if page else ""
    if page is None or not has_words(text):
        raise ReadingError("no text was found in the page")
    day, origin = _day(page.date, source.stem, text)
    yield Draft(text, source.id, title, day, origin, page.url or "")


def without_tags(fragment: str) -> str:
    """The words of a piece of HTML, its blocks set apart by blank lines. Raises ReadingError."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    parts: list[str] = []
    for event, element in iterwalk(_tree(f"<div>{fragment}</div>"), events=("start", "end")):
        if element.tag in _BLOCKS:
            parts.append("\n\n")
        if event == "end":
            parts.append(element.tail or "")
        elif element.tag not in ("script", "style"):
            parts.append(element.text or "")
    return tidy("".join(parts))


def _tree(content: str) -> "HtmlElement":
    """The parsed page. The parser drops what is nested deeper than it goes, so such a page is refused."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring

    if any(len(match[0].split()) > ATTRIBUTE_LIMIT for match in _LONG_TAG.finditer(content)):
        raise ReadingError(f"an element of over {ATTRIBUTE_LIMIT:,} attributes")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree: HtmlElement = document_fromstring(without_controls(content).encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        raise ReadingError("no text was found in the page") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadingError("its tags are nested more than 256 deep, or one of its texts is over 10 MB")
    if next(islice(tree.iter(), ELEMENT_LIMIT, None), None) is not None:
        raise ReadingError(f"a page of over {ELEMENT_LIMIT:,} elements, too many for one release")
    return tree


def _body(extracted: str, title: str) -> str:
    """One paragraph a line in, blank lines between them out; the title's own line and list marks go."""
    lines = [re.sub(r"^- |^\| | \|$", "", line.strip()) for line in extracted.split("\n")]
    if lines and title and " ".join(lines[0].split()) == " ".join(title.split()):
        lines = lines[1:]
    return tidy("\n\n".join(lines))


def _day(found: str | None, stem: str, text: str) -> tuple[date | None, Origin]:
    return (read_day(found), Origin.DERIVED) if found else derived_day(stem, text)


@lru_cache(maxsize=1)
def _extractor() -> _Extractor:
    from trafilatura.core import bare_extraction

    # Both report each poor page on standard error; ours is the list of what was set aside.
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    extractor: _Extractor = bare_extraction
    return extractor
