"""An answer to take along, with its citations: as plain text and as Markdown."""

import re
from collections.abc import Sequence

from rag.answers import Answer, Citation
from ui.markup import is_known, web_host
from ui.words import ENGLISH, Words

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_text(question: str, answer: Answer, words: Words = ENGLISH) -> str:
    """Question, answer with its markers, and each citation with date, title, address and quotation."""
    told = [question, "", answer.text]
    for cited in answer.citations:
        source = f"[{cited.marker}] {words.day(cited.date)}, “{_title(cited)}” ({cited.release_id})"
        told += ["", " ".join(part for part in (source, _address(cited)) if part), f"    “{_line(cited.quote)}”"]
    return "\n".join(told)


def as_markdown(question: str, answer: Answer, words: Words = ENGLISH, known: Sequence[str] = ()) -> str:
    """The same in Markdown: the markers are footnotes; nothing that a release says is read as markup.

    A title is a link where its release is on one of the `known` hosts; else the address stands beside it as code, of
    which no reader of Markdown makes a link.
    """
    told = [f"**{_plain(question)}**", ""]
    told.append(
        " ".join(
            _plain(sentence.text) + "".join(f"[^{marker}]" for marker in sentence.citations)
            for sentence in answer.sentences
        )
    )
    for cited in answer.citations:
        title, address = _plain(_title(cited)), _address(cited)
        linked = is_known(web_host(address), known)
        named = f"[{title}](<{address}>)" if linked else f"{title} (`{address}`)" if address else title
        told += ["", f"[^{cited.marker}]: {words.day(cited.date)}, {named}: “{_plain(_line(cited.quote))}”"]
    return "\n".join(told)


def _title(cited: Citation) -> str:
    return _line(cited.title or cited.release_id)


def _address(cited: Citation) -> str:
    """The release's address where it is one of the web that ends where it seems to."""
    address = cited.url.strip()
    return address if web_host(address) and not set(address) & set("<>` \n") else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _line(text))
