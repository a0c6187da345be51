"""The releases an answer rests on, as HTML: each cited sentence lit inside its paragraph, or inside the whole release.

Spans are code points, and so are Python's slices: text is cut first and escaped after, so an emoji or an ampersand
before a sentence cannot shift its highlight.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.catalog import Withdrawal
from index.release import Release
from rag.answers import Citation, NearRelease
from ui.markup import escape, isolate, link, web_host
from ui.words import ENGLISH, Words

Releases = Callable[[str], Release | None]
"""Where a renderer finds the stored release of an id."""

Span = tuple[int, int]

# A paragraph longer than this is shown around its cited sentences only; the whole release is one click away.
_LONG_PARAGRAPH = 1_100
_CONTEXT = 380
_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Passage:
    """A stretch of a release's text and the citations in it; `cut_before` and `cut_after`: it was shortened there."""

    start: int
    end: int
    citations: tuple[Citation, ...]
    cut_before: bool = False
    cut_after: bool = False


def paragraphs(text: str) -> list[Span]:
    """The spans between blank lines, without the white space around them."""
    edges = [0, *(edge for found in _BREAK.finditer(text) for edge in found.span()), len(text)]
    return [span for pair in zip(edges[::2], edges[1::2], strict=True) if (span := _trimmed(text, *pair))]


def passages(text: str, citations: Iterable[Citation]) -> list[Passage]:
    """One passage a paragraph that holds cited sentences, in the order of the text."""
    groups: dict[Span, list[Citation]] = {}
    spans = paragraphs(text)
    for citation in sorted(citations, key=lambda cited: (cited.start, cited.end)):
        touched = [span for span in spans if span[0] < citation.end and citation.start < span[1]]
        bounds = (touched[0][0], touched[-1][1]) if touched else (citation.start, citation.end)
        groups.setdefault(bounds, []).append(citation)
    return [_shortened(text, Passage(*bounds, tuple(cited))) for bounds, cited in groups.items()]


def highlighted(text: str, start: int, end: int, citations: Sequence[Citation]) -> str:
    """`text[start:end]`, escaped, the parts inside a citation marked with its number (several where they overlap)."""
    inside = {edge for cited in citations for edge in (cited.start, cited.end) if start < edge < end}
    edges = [start, *sorted(inside), end]
    pieces = []
    for left, right in pairwise(edges):
        markers = [str(cited.marker) for cited in citations if cited.start <= left and right <= cited.end]
        piece = escape(text[left:right])
        pieces.append(f'<mark data-cites="{" ".join(markers)}">{piece}</mark>' if markers else piece)
    return "".join(pieces)


def source_id(turn: int, marker: int) -> str:
    """The id of the passage that holds a citation; its link in the answer leads there."""
    return f"turn-{turn}-source-{marker}"


def source_list(
    turn: int, citations: Sequence[Citation], releases: Releases, words: Words = ENGLISH, known: Sequence[str] = ()
) -> str:
    """The pane beside an answer: a card for each release cited, in the order in which the answer cites them.

    Addresses on the `known` hosts are links.
    """
    by_release: dict[str, list[Citation]] = {}
    for citation in citations:
        by_release.setdefault(citation.release_id, []).append(citation)
    cards = "".join(_card(turn, cited, releases(release_id), words, known) for release_id, cited in by_release.items())
    heading = f'<h3>{words.say("sources")} <span class="count">{words.releases(len(by_release))}</span></h3>'
    pane = f'{heading}<div class="cards">{cards}</div>'
    return f'<aside class="sources" aria-label="{words.say("sources_label", n=turn)}">{pane}</aside>'


def near_list(releases: Sequence[NearRelease], words: Words = ENGLISH) -> str:
    """Releases worth a look, each a button that opens it."""
    items = "".join(
        f'<li><button type="button" class="near" data-read="{escape(near.release_id)}">{words.time_tag(near.date)}'
        f'<span class="title">{isolate(near.title or near.release_id)}</span></button></li>'
        for near in releases
    )
    return f'<ul class="nearest">{items}</ul>'


def whole_release(
    release: Release, start: int = 0, end: int = 0, words: Words = ENGLISH, known: Sequence[str] = ()
) -> str:
    """The release to read, the sentence `[start, end)` lit; equal bounds light nothing.

    Its address is a link where it is on one of the `known` hosts.
    """
    lit = Citation(0, release.id, release.title, release.date, release.url, release.text[start:end], start, end)
    cited = [lit] if 0 <= start < end <= len(release.text) else []
    body = "".join(f'<p dir="auto">{highlighted(release.text, *span, cited)}</p>' for span in paragraphs(release.text))
    return (
        f'<header class="reader-head"><p class="dateline">{_dateline(release, words, known)}</p>'
        f'<h2 id="reader-title" dir="auto">{escape(release.title or release.id)}</h2></header>'
        f'<div class="reader-text"{_language(release)}>{body}</div>'
    )


def missing_release(release_id: str, note: Withdrawal | None = None, words: Words = ENGLISH) -> str:
    """What the reader shows where the release is no longer in the index, and what it was where that is known."""
    title, name = words.say("gone"), isolate(release_id)
    told = words.say("gone_text", id=name)
    if note:
        day, withdrawn = words.time_tag(note.date), words.time_tag(note.withdrawn)
        told = words.say("withdrawn_text", day=day, withdrawn=withdrawn, id=name)
        title = escape(note.title) or title
    return (
        f'<header class="reader-head"><h2 id="reader-title" dir="auto">{title}</h2></header>'
        f'<div class="reader-text"><p>{told}</p></div>'
    )


def _card(turn: int, cited: Sequence[Citation], release: Release | None, words: Words, known: Sequence[str]) -> str:
    first = cited[0]
    verified = release is not None and all(release.text[c.start : c.end] == c.quote for c in cited)
    if release is not None and verified:
        quoted = "".join(_passage(turn, release, passage, words) for passage in passages(release.text, cited))
        state = f'<span class="verified" title="{words.say("verified_why")}">{words.say("verified")}</span>'
        dateline = _dateline(release, words, known, first.url)
    else:
        quoted = "".join(_quote(turn, citation, words) for citation in cited)
        why = words.say("earlier_why" if release else "gone")
        state = f'<span class="unverified" title="{why}">{words.say("earlier")}</span>'
        dateline = words.time_tag(first.date)
    title = escape(first.title or first.release_id)
    return (
        f'<section class="source"><header><p class="dateline">{dateline}{state}</p>'
        f'<h4 dir="auto">{title}</h4></header>{quoted}</section>'
    )


def _passage(turn: int, release: Release, passage: Passage, words: Words) -> str:
    body = highlighted(release.text, passage.start, passage.end, passage.citations)
    before, after = ("… " if passage.cut_before else ""), (" …" if passage.cut_after else "")
    return _quotation(turn, passage.citations, f"{before}{body}{after}", words, _language(release))


def _quote(turn: int, citation: Citation, words: Words) -> str:
    body = f'<mark data-cites="{citation.marker}">{escape(citation.quote)}</mark>'
    return _quotation(turn, [citation], body, words)


def _quotation(turn: int, cited: Sequence[Citation], body: str, words: Words, language: str = "") -> str:
    anchors = "".join(
        f'<a class="number" id="{source_id(turn, c.marker)}" href="#turn-{turn}" '
        f'data-back="{c.marker}" data-start="{c.start}" data-end="{c.end}" '
        f'aria-label="{words.say("back", n=c.marker)}">{c.marker}</a>'
        for c in cited
    )
    first = cited[0]
    read = (
        f'<button type="button" class="read" data-read="{escape(first.release_id)}" data-start="{first.start}" '
        f'data-end="{first.end}">{words.say("read")}</button>'
    )
    quoted = f'<blockquote dir="auto"{language}>{body}</blockquote>'
    return f'<div class="passage"><div class="numbers">{anchors}</div>{quoted}{read}</div>'


def _dateline(release: Release, words: Words, known: Sequence[str], url: str | None = None) -> str:
    address = release.url if url is None else url
    return words.time_tag(release.date) + link(address, web_host(release.url), words.say("new_tab"), known)


def _language(release: Release) -> str:
    """The attribute by which a voice knows how to read the release out."""
    return "" if release.language == "und" else f' lang="{escape(release.language)}"'


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left, right = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
    return (start + left, end - right) if piece.strip() else None


def _shortened(text: str, passage: Passage) -> Passage:
    start, end = passage.start, passage.end
    if end - start > _LONG_PARAGRAPH:
        first = min(cited.start for cited in passage.citations)
        last = max(cited.end for cited in passage.citations)
        start = _word_start(text, first - _CONTEXT, first) if first - _CONTEXT > start else start
        end = _word_end(text, last + _CONTEXT, last) if last + _CONTEXT < end else end
    return Passage(start, end, passage.citations, start > passage.start, end < passage.end)


def _word_start(text: str, near: int, limit: int) -> int:
    found = text.find(" ", near, limit)
    return found + 1 if found >= 0 else near


def _word_end(text: str, near: int, limit: int) -> int:
    found = text.rfind(" ", limit, near)
    return found if found >= 0 else near
