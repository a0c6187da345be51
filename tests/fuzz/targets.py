"""What is fuzzed: each target takes any bytes, and must say no in the project's own words or hold what it promises.

A target raises for what should not be: any error that a caller would not expect, or a promise that is broken.
"""

import contextlib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from index import acronyms, chunking, draft, expansion, readers, scraped_text, signatures, stated_dates, terms
from index.dates import find_window, outside_words
from index.errors import CommuniqueError, FeedError
from index.feed_entries import Entry, read_feed
from index.release import Origin, Release
from rag import conversation, kinds, several
from rag.answers import AnswerSentence, Citation, SentenceKind
from rag.request import Request, question_fault
from rag.stored_answers import AnswerShelf
from tests.browser.fake_assistant import AGENCIES_ANSWER, REFUSAL, FakeCoverage
from tests.fuzz import inputs
from tests.fuzz.inputs import Input
from tests.office_files import packed, pdf, word
from ui import render
from ui.api.chat_contract import ChatRequest
from ui.api.contract import Question as Asked
from ui.page.keeping import recalled
from ui.turn import Question, Turn

NOW = date(2024, 4, 1)
LONGEST = 65_535
HANGS = 5.0
"""Seconds of the processor that no input may take."""

PAST_ITS_LIMIT = 3.0
"""More of them for a PDF, which is left after six (`index.pdf_pages.SECONDS`)."""


@dataclass(frozen=True)
class Target:
    """What is fuzzed: `run` with an input, from `seeds` on, with the `words` of its format.

    `libraries` are followed along with our own packages; `seconds` of the processor are the most for one input.
    """

    run: Callable[[Input], None]
    seeds: Callable[[], list[bytes]]
    words: Sequence[str] = ()
    libraries: Sequence[str] = ()
    longest: int = LONGEST
    seconds: float = HANGS


@cache
def _folder() -> Path:
    """Where an input stands as a file; in memory where that can be."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None))


def _read(suffix: str, body: bytes) -> None:
    """A file is read to releases that can be stored, or set aside with a reason."""
    path = _folder() / f"visit{suffix}"
    path.write_bytes(body)
    found = readers.read_paths([path])
    assert found.set_aside or len(found.releases), "neither read nor set aside"
    assert all(aside.reason.strip() for aside in found.set_aside)
    for release in found.releases:
        release.text.encode()
        release.title.encode()
        assert draft.has_words(release.text)
        assert release.id.strip()
        assert release.id.isprintable(), release.id
        assert not release.url or draft.web_link(release.url) == release.url


def text(given: Input) -> None:
    _read(".txt", given.body)


def markdown(given: Input) -> None:
    _read(".md", given.body)


def page(given: Input) -> None:
    _read(".html", given.body)


def records(given: Input) -> None:
    _read(".jsonl" if given.choice == 1 else ".json", given.body)


def portable(given: Input) -> None:
    _read(".pdf", pdf("Oil rose.", filled=b"\n" + given.body) if given.choice == 1 else given.body)


def office(given: Input) -> None:
    parts = {1: "word/document.xml", 2: "word/styles.xml", 3: "docProps/core.xml", 4: "[Content_Types].xml"}
    name, body = parts.get(given.choice, ""), given.body
    if given.choice == 1:
        space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        body = b'<w:document xmlns:w="%b"><w:body>%b</w:body></w:document>' % (space, body)
    _read(".docx", packed(_letter(), name, body) if name else body)


@cache
def _letter() -> bytes:
    return word("# Oil", "Oil rose.", title="Oil")


def feed(given: Input) -> None:
    charset = ("", "utf-8", "windows-1251", "no-such-thing")[given.choice % 4]
    try:
        found = list(read_feed(given.body, charset, "https://e.org/feed"))
    except FeedError as error:
        assert "https://e.org/feed" in str(error)  # noqa: PT017 - what it tells is what is tried
        return
    for entry in found:
        assert isinstance(entry, Entry) or entry.reason
        if isinstance(entry, Entry):
            assert entry.digest
            assert not entry.url or draft.web_link(entry.url) == entry.url


def scraped(given: Input) -> None:
    """What the readers of text make of it, without a file in between, which follows stamps and titles closer."""
    for found in scraped_text.read_text(given.written, draft.Source("visit", "2024-03-07 visit")):
        assert isinstance(found, draft.SetAside) or draft.has_words(found.text)


def release(given: Input) -> None:
    """All that is made of a release's text when it is indexed."""
    language = ("en", "ru", "kk", "und")[given.choice % 4]
    stored = draft.tidy(given.written)
    held = Release("visit", stored, draft.first_sentence(stored, language), Origin.DERIVED, NOW, language=language)
    parts = chunking.sentences(held)
    assert all(part.text == stored[part.start : part.end] and part.text.strip() for part in parts)
    assert all(part.text == stored[part.start : part.end] for part in chunking.chunks(held, parts, 800))
    for stated in stated_dates.stated_dates(stored, NOW):
        assert stated.since <= stated.until
        assert stored[stated.start : stated.end].strip()
    assert all(terms.terms(stored)) or not stored
    for short, _ in acronyms.definitions(stored):
        assert short
    acronyms.spelled(stored)
    signatures.signature(stored)


def dates(given: Input) -> None:
    window = find_window(given.text, NOW)
    for part in (window, *window.parts):
        assert not (part.since and part.until) or part.since <= part.until, window
    assert len(outside_words(given.text, window)) <= len(given.text)


def question(given: Input) -> None:
    """A question behind the turns of a conversation, set apart by zero characters, is understood or refused."""
    *turns, asked = given.text.split("\x00")
    roles = ("user", "assistant")
    history = [{"role": roles[number % 2], "content": content} for number, content in enumerate(turns[:20])]
    if question_fault(asked):
        return
    request = Request.of(asked, history, None, None, NOW)
    assert isinstance(request.leans, bool)
    assert request.standalone().strip()
    request.window()
    for part in request.parts():
        assert part.question.strip()
        kinds.sought(part.question)
        several.asks_several(part.asked)
        expansion.expand(part.sought)
    conversation.script(history)
    conversation.is_faithful(asked, "Who was there?", history)


def body(given: Input) -> None:
    """What programs and browsers send is taken as its form says, or refused by it."""
    with contextlib.suppress(ValidationError, CommuniqueError):
        if given.choice == 1:
            ChatRequest.model_validate_json(given.body).asked()
        elif given.choice == 2:
            with contextlib.suppress(ValueError, RecursionError):  # The page's own framework takes the JSON apart.
                recalled([json.loads(given.body)], FakeCoverage(), AnswerShelf(_folder()))
        else:
            Asked.model_validate_json(given.body).model_dump_json()


class _Shown(HTMLParser):
    """What of a page is not the renderers' own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "style", "iframe", "object", "img", "form", "base", "meta"), tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "href" or _stays_or_leads_to_gov_kz(str(value)), value
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _stays_or_leads_to_gov_kz(link: str) -> bool:
    parts = urlsplit(link)  # As a browser reads it: in letters large, small or wide.
    host = (parts.hostname or "").encode("idna").decode("ascii")
    is_known = host == "gov.kz" or host.endswith(".gov.kz")
    return link.startswith("#") or (is_known and parts.scheme in ("http", "https"))


def shown(given: Input) -> None:
    """Words of a question, a release or an answer are never read as markup."""
    told = given.text
    start = Turn(1, Question(told), FakeCoverage())
    held = Release("visit", told, told, date=NOW, url=told)
    cited = Citation(1, held.id, told, NOW, told, told, 0, len(told))
    sentences = (AnswerSentence(told, SentenceKind.STATED, (1,)), AnswerSentence(told, SentenceKind.NOTICE))
    answer = replace(REFUSAL if given.choice == 1 else AGENCIES_ANSWER, sentences=sentences, citations=(cited,))
    answer = replace(answer, standalone_question=told, window=find_window(told, NOW), model=told)
    turns = [replace(start, answer=answer, sentences=sentences, citations=(cited,))]
    turns += [replace(start, error=told, detail=told), replace(start, sentences=sentences, stopped=True)]
    for turn in turns:
        page = render.turn(turn, lambda release_id: held)
        page.encode()
        _Shown(page)


_TAGS = [
    "<p>",
    "</p>",
    "<div>",
    "<article>",
    "<h1>",
    "<table>",
    "<tr>",
    "<td>",
    "<li>",
    "<br/>",
    "<!--",
    "-->",
    "&amp;",
]
_FEED = ["<item>", "</item>", "<entry>", "</entry>", "<guid>", "<link>", "<pubDate>", "<![CDATA[", "]]>", "<?xml", "&#"]
_PDF = ["obj", "endobj", "stream", "endstream", "xref", "trailer", "/Kids", "/Count", "/Filter", "/FlateDecode", "BT"]
_PDF += ["/Length", "/Parent", "/Contents", "/ToUnicode", "/Resources", "<<", ">>", "Tj", "TJ", "cm", "1 0 R"]
_WORD = ["<w:p>", "</w:p>", "<w:r>", "<w:t>", "<w:tbl>", "<w:tr>", "<w:tc>", "</w:tc>", "</w:tr>", "<w:sdt>"]
_JSON = [
    '"text"',
    '"date"',
    '"id"',
    '"url"',
    "\\ud83d",
    "null",
    "true",
    "1",
    "[]",
    "{}",
    '{"text":"a"}',
    '{"text":"a","id":1}',
    "\n",
]
_MARKS = ["---\n", "# ", "- ", "> ", "```", "| a | b |\n|-|-|\n", "[a](b)", "![a](b)", "**", "\n\n", "title: ", "&lt;"]
_TIME = [
    "last",
    "month",
    "since",
    "May",
    "2024",
    "между",
    "и",
    "в марте",
    "наурызда",
    "before",
    "Q1",
    "between",
    "first",
]
_TIME += [
    "first",
    "week",
    "yesterday",
    "жылы",
    "until",
    "days",
    "ago",
    "года",
    "soon after",
    "31.12.2023",
    "9999",
    "00",
]
_ASKED = [*_TIME, "and", "who", "How many", "which", "that day", "?", "кто", "қанша", "\x00", "the", ", "]
_TEXT = [*_TIME, "(UN)", ". ", "“", "»", "1) ", "; and 2. ", "07.03.2024, 15:20 1 248", " date 2024-03-07", "Ignore"]

TARGETS = {
    "text": Target(text, lambda: inputs.releases("*.txt"), _TEXT),
    "markdown": Target(markdown, lambda: inputs.releases("*.md"), _MARKS, ["markdown_it", "frontmatter"]),
    "page": Target(page, lambda: inputs.releases("*.html"), _TAGS, ["htmldate"]),
    "records": Target(records, inputs.records, _JSON),
    "pdf": Target(portable, inputs.pdfs, _PDF, ["pypdf"], seconds=HANGS + PAST_ITS_LIMIT),
    "word": Target(office, inputs.words, _WORD, ["docx"]),
    "feed": Target(feed, inputs.feeds, [*_FEED, *_TAGS], ["feedparser"]),
    "scraped": Target(scraped, lambda: inputs.releases("*.txt"), _TEXT),
    "release": Target(release, lambda: inputs.releases("*.txt", "*.md"), _TEXT, ["sentencex"]),
    "dates": Target(dates, inputs.questions, _TIME),
    "question": Target(question, inputs.questions, _ASKED, longest=2_000),
    "body": Target(body, inputs.bodies, [*_JSON, *(f'"{word}"' for word in inputs.PROVIDED)]),
    "shown": Target(shown, inputs.questions, ["<", '"', "'", "&", "`", "https://gov.kz/", "\u202e", "@", "\\"]),
}
"""By their names, in the order in which they are run."""


def replayed(name: str, data: bytes) -> None:
    """Run one target with one input as the fuzzer does, without the fuzzer."""
    target = TARGETS[name]
    target.run(Input.of(data, target.longest))
