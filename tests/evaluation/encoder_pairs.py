"""What the encoder is taught by: titles and questions beside what answers them, and texts whose vectors are to stay."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from index.chunking import chunks, sentences
from index.embedding import Encoder
from index.orders import title_told
from index.release import Chunk, Release, Sentence
from tests.evaluation.retrieval_sets import lines

CHARACTERS, RELEASE_CHARACTERS, CHUNKS = 800, 6_000, 6
"""Of a chunk, of what is read of a release, and the chunks of a release that its title may ask for."""

NEAREST, DISTRACTING = 40, 12
"""Chunks nearest to a question, and how many sentences out of them that do not answer are taken."""

NEWEST = 2_187
"""The newest White House releases, which are left to be searched."""


@dataclass(frozen=True)
class Pair:
    """What asks, the texts of which one is to be found by it, and others that are not."""

    asks: str
    found: list[str]
    others: list[str] = field(default_factory=list)


def titles(folder: Path) -> list[Pair]:
    """Titles of all but the newest White House releases, the first chunk of each text ahead of its others."""
    rows = [row for row in lines(folder / "whitehouse-releases" / "releases.jsonl.gz") if row["text_md"]]
    rows.sort(key=lambda row: (row["date"], row["id"]))
    made = []
    for row in rows[:-NEWEST]:
        release = _release({"id": row["id"], "date": row["date"], "text": row["text_md"][:RELEASE_CHARACTERS]})
        title, cut = " ".join(row["title"].split()), chunks(release, sentences(release), CHARACTERS)
        if title and cut:
            made.append(Pair(title, [chunk.text for chunk in cut[:CHUNKS]]))
    return made


def passages(folder: Path) -> list[Pair]:
    """Questions of CLAPnq and the sentences of their passages that answer, the others of the passage beside them."""
    made = []
    for row in lines(folder / "clapnq" / "answerable.jsonl.gz"):
        passage, answering = row["passages"][0], row["output"][0]["selected_sentences"]
        found, others = [
            [f"{passage['title']}\n{text}" for text in passage["sentences"] if (text in answering) is answers]
            for answers in (True, False)
        ]
        if found:
            made.append(Pair(row["input"], [*found, passage["text"]], others))
    return made


def questions(folder: Path, encoder: Encoder) -> list[Pair]:
    """The answerable questions of a folder with `releases.jsonl` and `questions.jsonl`, follow-ups left out.

    To be found are the sentences that hold a gold quotation and their chunks, headed as they are encoded; not to be
    found are other sentences of the chunks that the encoder now holds nearest.
    """
    releases = {row["id"]: _release(row) for row in lines(folder / "releases.jsonl")}
    parts = {name: sentences(release) for name, release in releases.items()}
    cut = [chunk for name, release in releases.items() for chunk in chunks(release, parts[name], CHARACTERS)]
    vectors = encoder.encode_chunks([chunk.embedded_text for chunk in cut])
    rows = [row for row in lines(folder / "questions.jsonl") if row["answerable"] and not row["history"]]
    asked = encoder.encode_queries([row["question"] for row in rows])
    made = []
    for row, query in zip(rows, asked, strict=True):
        gold = _spans(row, releases)
        found = [
            _told(releases[name], part) for name in row["gold_releases"] for part in parts[name] if _holds(part, gold)
        ]
        near = [cut[number] for number in (-(vectors @ query)).argsort()[:NEAREST].tolist()]
        others = [
            _told(releases[chunk.release_id], part)
            for chunk in near
            for part in parts[chunk.release_id]
            if chunk.start <= part.start < chunk.end and not _holds(part, gold)
        ]
        if found:
            answering = [chunk.embedded_text for chunk in cut if _holds(chunk, gold)]
            made.append(Pair(row["question"], [*found, *answering], others[:DISTRACTING]))
    return made


def kept(folder: Path) -> list[str]:
    """Questions and paragraphs in Russian, Kazakh and English as they are encoded, every second article of the sets:
    what the encoder makes of them is to stay, and the other articles tell whether it did.
    """
    texts = []
    for row in lines(folder / "xquad-en-ru" / "xquad_en_ru.jsonl.gz"):
        if _is_even(row["paragraph"].partition("-")[0]):
            for language in ("ru", "en"):
                texts += [f"query: {row[language]['question']}", f"passage: {row[language]['context']}"]
    for row in lines(folder / "kazqad" / "kazqad_validation.jsonl.gz"):
        if _is_even(row["title"]):
            texts += [f"query: {row['question']}", f"passage: {row['context']}"]
    for row in lines(folder / "timeqa-human" / "timeqa.jsonl.gz"):
        texts += [f"passage: {text}" for text in row["paras"][1:2]]
    return texts


def _release(row: dict[str, Any]) -> Release:
    return Release(row["id"], row["text"], row.get("title", ""), date=date.fromisoformat(row["date"]), language="en")


def _spans(row: dict[str, Any], releases: Mapping[str, Release]) -> list[tuple[str, int, int]]:
    """Where the gold quotations of a question stand: release, first character and the one behind the last."""
    places = [
        (name, releases[name].text.find(quote), len(quote))
        for name in row["gold_releases"]
        for quote in row["gold_quotes"]
    ]
    return [(name, start, start + length) for name, start, length in places if start >= 0]


def _holds(part: Sentence | Chunk, spans: Sequence[tuple[str, int, int]]) -> bool:
    return any(part.release_id == name and part.start < end and start < part.end for name, start, end in spans)


def _told(release: Release, part: Sentence) -> str:
    """A sentence as `rag/evidence.py` has it encoded."""
    return f"{title_told(release.title)}\n{part.text}"


def _is_even(name: str) -> bool:
    return zlib.crc32(name.encode()) % 2 == 0
