"""What the fuzzer begins with: small files of each format and questions that are read in different ways.

The first byte of an input says how the rest is taken (`Input`), so each seed stands behind one.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.office_files import pdf, word
from tests.websites import atom, rss

ROOT = Path(__file__).parents[2]
REPEATED = 0xF8
"""A first byte from here on: the rest is repeated up to the longest input, so that what costs too much shows."""

PROVIDED = ["what", "2024-03-07", "user", "assistant", "question", "history", "content", "role"]


@dataclass(frozen=True)
class Input:
    """The bytes of one try: `choice`, from 0 to 7, picks what they are taken for."""

    choice: int
    body: bytes

    @classmethod
    def of(cls, data: bytes, longest: int) -> "Input":
        """What the fuzzer's bytes mean; the body has at most `longest` bytes."""
        first, body = (data[0], data[1:]) if data else (0, b"")
        if first >= REPEATED and body:
            body *= longest // len(body) + 1
        return cls(first % 8, body[:longest])

    @staticmethod
    def stretched(data: bytes) -> bytes:
        """The same bytes, to be repeated."""
        return bytes([REPEATED + data[0] % 8]) + data[1:] if data else data

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 becomes halves of characters, which Python callers can send."""
        return self.body.decode("utf-8", "surrogateescape")

    @property
    def written(self) -> str:
        """The body as text that a file can hold."""
        return self.body.decode("utf-8", "replace")


def chosen(*bodies: bytes | str, choice: int = 0) -> list[bytes]:
    """Seeds whose bodies are taken as `choice` says."""
    return [bytes([choice]) + (body.encode() if isinstance(body, str) else body) for body in bodies]


def releases(*patterns: str) -> list[bytes]:
    """The releases of the project whose files match."""
    folders = (ROOT / "seeds", ROOT / "tests" / "data" / "releases", ROOT / "tests" / "hostile" / "releases")
    paths = (path for folder in folders for pattern in patterns for path in sorted(folder.glob(pattern)))
    return chosen(*(path.read_bytes()[:4_000] for path in islice(paths, 40) if not path.name.startswith("README")))


def questions() -> list[bytes]:
    """Questions with each kind of time words, and those that ask of the seeds."""
    lines = (ROOT / "tests" / "data" / "time_expressions.jsonl").read_text("utf-8").splitlines()
    held = json.loads((ROOT / "tests" / "data" / "seed_questions.json").read_text("utf-8"))
    asked = [json.loads(line)["text"] for line in lines[::5]] + [entry["wordings"][0] for entry in held]
    return chosen(*asked)


def records() -> list[bytes]:
    """JSON documents and lines, the second kind behind the choice 1."""
    one = {"id": "oil", "date": "2024-03-07", "title": "Oil", "url": "https://gov.kz/1", "text": "Oil rose. «Газ» 😀"}
    lines = f"{json.dumps(one)}\n\n{json.dumps({**one, 'id': None}, ensure_ascii=False)}\n[1]\n"
    return [
        *chosen(json.dumps(one), json.dumps([one, {"text": "Gas", "id": 1, "url": True, "title": []}])),
        *chosen(lines, lines.encode("utf-16"), choice=1),
    ]


def feeds() -> list[bytes]:
    """Feeds of both kinds, with markup, dates and links in their entries."""
    item = (
        "<guid>oil</guid><title>Oil &amp; gas</title><link>/oil</link>"
        "<pubDate>Thu, 07 Mar 2024 01:30:00 +0600</pubDate>"
        "<description>&lt;p&gt;Oil rose.&lt;/p&gt; &#x1F600;</description>"
    )
    entry = (
        '<id>a</id><title type="html">Oil</title><updated>2024-03-07T01:30:00Z</updated>'
        '<link href="https://e.org/a"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Oil.</p></div>'
        "</content>"
    )
    return chosen(rss(item, item), atom(entry), '<?xml version="1.0" encoding="windows-1251"?><rss></rss>')


def pdfs() -> list[bytes]:
    """Whole PDFs, and what a page draws, behind the choice 1."""
    drawn = "BT /F 12 Tf 72 700 Td (Oil rose.) Tj T* [(Gas) -300 (fell)] TJ 1 0 0 1 5 5 cm ET q Q /X Do"
    return [*chosen(pdf("# Oil\nOil rose to 80 dollars.\nNobody knew why.", title="Oil")), *chosen(drawn, choice=1)]


def words() -> list[bytes]:
    """A whole Word file, then the body of one and other parts of it, each behind its choice."""
    body = (
        "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Oil</w:t><w:tab/></w:r></w:p><w:tbl><w:tr><w:tc>"
        "<w:p><w:r><w:t>Gas</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl><w:del><w:p/></w:del>"
    )
    return [*chosen(word("# Oil", "Oil rose.", title="Oil")), *chosen(body, choice=1), *chosen("<a/>", choice=2)]


def bodies() -> list[bytes]:
    """What programs send: a question of ours (0), one in OpenAI's form (1), turns from a browser (2)."""
    asked = {"question": "How many?", "history": [{"role": "user", "content": "Oil?"}], "since": "2024-03-07"}
    told = [{"type": "text", "text": "How many?"}]
    chat = {"model": "communique", "messages": [{"role": "system", "content": "x"}, {"role": "user", "content": told}]}
    return [*chosen(json.dumps(asked)), *chosen(json.dumps({**chat, "stream": True}), choice=1)]


def dictionary(entries: Iterable[str]) -> str:
    """Words in the notation of libFuzzer."""
    quoted = ("".join(f"\\x{byte:02x}" for byte in entry.encode()) for entry in entries)
    return "".join(f'"{entry}"\n' for entry in quoted)
