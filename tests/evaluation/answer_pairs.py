"""Question and sentence pairs for the answer model, out of the question sets whose licences allow training.

SQuAD 2, XQuAD (English), CLAPnq and TimeQA give questions with the sentence that answers them, or none; releases of the
White House give questions written for this project (`release_questions.txt`) and cloze questions made by rule. Each
question becomes a group: the answering sentences, the sentences of the same document that share most words with the
question, and the answering sentence with the asked fact taken out, which is what a near miss looks like.
Sentences whose document falls into the held-out third (by a digest of its name) never reach training.
"""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.chunking import header, sentences
from index.release import Release
from index.terms import terms

FOLDS = 3
"""The documents of fold 0 are held out."""

PREVIOUS = 0
"""Characters of the sentence before that stand behind a candidate."""

MEASURED = ("squad", "clapnq", "timeqa")
"""Sets with both answerable and unanswerable questions."""

WRITTEN = Path(__file__).with_name("release_questions.txt")
"""A release sentence a line: id, where it starts, then `question=answer` and `!question` (near miss), between bars."""

SLICE = ("2023-10-01", "2024-06-30")
"""Days of the development questions over releases; nothing dated so is trained on."""


@dataclass(frozen=True)
class Candidate:
    """A sentence as it is scored; `[start, end)` is the answer inside `text`, None where only the sentence is known."""

    text: str
    label: int
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Group:
    """A question with candidates of one document; `answerable` is False where no sentence of it answers."""

    source: str
    document: str
    question: str
    answerable: bool
    candidates: Sequence[Candidate]

    @property
    def held_out(self) -> bool:
        """Whether the document is kept for measuring: a third of those of the sets that also have refusals."""
        return self.source in MEASURED and int(sha256(self.document.encode()).hexdigest(), 16) % FOLDS == 0


@dataclass
class Document:
    """A text cut into sentences, with a heading that stands behind each sentence when it is scored."""

    name: str
    heading: str
    text: str
    parts: Sequence[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.parts:
            self.parts = [(part.start, part.end) for part in sentences(Release("", self.text, language="en"))]

    def sentence(self, number: int) -> str:
        start, end = self.parts[number]
        return self.text[start:end]

    def shown(self, number: int, text: str = "") -> str:
        """The sentence, or `text` in its place, as the model reads it."""
        previous = self.sentence(number - 1) if number else ""
        return shown(text or self.sentence(number), self.heading, previous)

    def holding(self, start: int) -> int | None:
        """The sentence that the character `start` lies in."""
        return next((number for number, (first, end) in enumerate(self.parts) if first <= start < end), None)

    def nearest(self, question: str, count: int, skip: Sequence[int] = ()) -> list[int]:
        """Sentences that share most words with the question."""
        asked = set(terms(question))
        overlap = {n: len(asked & set(terms(self.sentence(n)))) for n in range(len(self.parts)) if n not in skip}
        return sorted(overlap, key=lambda number: (-overlap[number], number))[:count]


def shown(sentence: str, heading: str, previous: str = "") -> str:
    """A candidate as the model reads it: sentence, release's title and date, end of the sentence before, with bars."""
    return " | ".join(part for part in (sentence, heading, previous[-PREVIOUS:] if PREVIOUS else "") if part)


def masked(text: str, span: tuple[int, int], rng: random.Random) -> str:
    """The sentence without its answer: left out, or a word in its place that tells nothing."""
    filler = rng.choice(["", "", "some", "someone", "recently", "it", "others", "various", "several"])
    return re.sub(r"\s+", " ", text[: span[0]] + filler + text[span[1] :]).strip()


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _group(
    source: str,
    document: Document,
    question: str,
    answers: Sequence[tuple[int, int]],
    nearest: int,
    rng: random.Random,
    every: bool = False,
) -> Group | None:
    """A group from answer spans in the document's text; with `every`, near sentences are not limited to `nearest`."""
    found: dict[int, tuple[int, int]] = {}
    for start, end in answers:
        number = document.holding(start)
        if number is not None:
            offset = document.parts[number][0]
            found.setdefault(number, (start - offset, min(end, document.parts[number][1]) - offset))
    if answers and not found:
        return None
    said = [document.text[start:end].casefold() for start, end in answers]
    candidates = [Candidate(document.shown(number), 1, span) for number, span in found.items()]
    near = document.nearest(question, 100 if every else nearest + 4, list(found))
    unlike = [n for n in near if not any(word in document.sentence(n).casefold() for word in said)]
    candidates += [Candidate(document.shown(number), 0) for number in unlike[: 12 if every else nearest]]
    if found and not every and rng.random() < 0.5:
        number, span = next(iter(found.items()))
        candidates.append(Candidate(document.shown(number, masked(document.sentence(number), span, rng)), 0))
    return Group(source, document.name, question, bool(found), candidates) if candidates else None


def squad(folder: Path, rng: random.Random, every: bool) -> Iterator[Group | None]:
    """SQuAD 2: half of the questions have no answer in their paragraph, though it looks as if."""
    for item in _lines(folder / "squad2-1000/squad2.jsonl.gz"):
        document = Document(item["title"], item["title"].replace("_", " "), item["context"])
        at = item["context"].find(item["answer"]) if item["answerable"] else -1
        if item["answerable"] and at < 0:
            continue
        spans = [(at, at + len(item["answer"]))] if item["answerable"] else []
        yield _group("squad", document, item["question"], spans, 1 if spans else 2, rng, every)


def xquad(folder: Path, rng: random.Random, every: bool) -> Iterator[Group | None]:
    """XQuAD in English; all questions have an answer. It has no titles, so none is shown."""
    for item in _lines(folder / "xquad-en-ru/xquad_en_ru.jsonl.gz"):
        english = item["en"]
        spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in english["answers"][:1]]
        document = Document(f"xquad-{item['article']}", "", english["context"])
        yield _group("xquad", document, english["question"], spans, 1, rng, every)


def clapnq(folder: Path, rng: random.Random, every: bool) -> Iterator[Group | None]:
    """CLAPnq: real searches; the sentences an annotator selected are the answers, without a span."""
    for name in ("answerable", "unanswerable"):
        for item in _lines(folder / f"clapnq/{name}.jsonl.gz"):
            passage = item["passages"][0]
            selected = set(item["output"][0]["selected_sentences"]) if name == "answerable" else set()
            document = Document(item["id"], passage["title"], "\n".join(passage["sentences"]))
            offsets, at = [], 0
            for sentence in passage["sentences"]:
                offsets.append((at, at + len(sentence)))
                at += len(sentence) + 1
            document.parts = offsets
            chosen = [n for n, sentence in enumerate(passage["sentences"]) if sentence in selected]
            candidates = [Candidate(document.shown(n), 1) for n in (chosen if every else chosen[:2])]
            near = document.nearest(item["input"], 12 if every else 2 - bool(chosen), chosen)
            candidates += [Candidate(document.shown(n), 0) for n in near]
            yield Group("clapnq", item["id"], item["input"], bool(chosen), candidates) if candidates else None


def timeqa(folder: Path, rng: random.Random, every: bool) -> Iterator[Group | None]:
    """TimeQA: one entity over the years, so most sentences are near misses; two questions of an article train."""
    for item in _lines(folder / "timeqa-human/timeqa.jsonl.gz"):
        heading = item["link"].removeprefix("/wiki/").replace("_", " ")
        starts, at = [], 0
        for paragraph in item["paras"]:
            starts.append(at)
            at += len(paragraph) + 2
        document = Document(item["link"], heading, "\n\n".join(item["paras"]))
        for question, answers in rng.sample(item["questions"], min(2, len(item["questions"]))):
            given = [a for a in answers if a["answer"]]
            spans = [(starts[a["para"]] + a["from"], starts[a["para"]] + a["end"]) for a in given]
            yield _group("timeqa", document, question, spans[:2], 2, rng, every)


def plain(markdown: str) -> str:
    """The releases' Markdown as plain text, a paragraph or list item to a block."""
    blocks = []
    markdown = re.sub(r"<!--.*?-->|<[^>]+>", "", markdown, flags=re.S)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)", markdown):
        text = re.sub(r"^\s*(?:[-*+]|\d+\.|#+|>)\s+", "", " ".join(line.strip() for line in block.split("\n")))
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
        text = re.sub(r"[*_]{1,3}(\S(?:.*?\S)?)[*_]{1,3}", r"\1", text)
        text = re.sub(r"\s+", " ", re.sub(r"\\([\\`*_{}\[\]()#+\-.!~|$])", r"\1", text)).strip()
        if re.search(r"\w", text):
            blocks.append(text)
    return "\n\n".join(blocks)


def releases(folder: Path) -> dict[str, Document]:
    """White House releases on foreign affairs outside the development slice, by id."""
    found: dict[str, Document] = {}
    for item in _lines(folder / "whitehouse-releases/releases.jsonl.gz"):
        if item["foreign"] and not SLICE[0] <= item["date"] <= SLICE[1]:
            title = item["title"].replace("\u2060", "")
            release = Release(item["id"], plain(item["text_md"]), title, date=date.fromisoformat(item["date"]))
            # Cut into sentences only where it is used.
            found[item["id"]] = Document(item["id"], header(release), release.text, [(0, 0)])
    return found


def _cut(document: Document) -> Document:
    return Document(document.name, document.heading, document.text)


def written(folder: Path, rng: random.Random, every: bool) -> Iterator[Group | None]:
    """Questions written by hand in other words than the release's, and near misses about the same event."""
    known = releases(folder)
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        name, start, *questions = line.split("|")
        document = _cut(known[name])
        number = document.holding(int(start))
        assert number is not None, f"{name}: no sentence holds character {start}"
        for entry in questions:
            question, _, answer = entry.partition("=")
            at = document.text.find(answer, document.parts[number][0])
            spans = [(at, at + len(answer))] if answer else []
            if question.startswith("!"):
                near = document.nearest(question, 2, [number])
                bad = [Candidate(document.shown(n), 0) for n in (number, *near)]
                yield Group("written", name, question[1:], False, bad)
            else:
                yield _group("written", document, question, spans, 3, rng, every)


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ASKED = (
    ("how much", re.compile(r"\$[\d.,]*\d(?: (?:million|billion|trillion))?")),
    ("when", re.compile(rf"\b(?:on |in )?(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?|\bin (?:{_MONTHS}|20\d\d)\b")),
    ("how many", re.compile(r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|twelve)\b(?= [a-z]{3})")),
    ("who", re.compile(r"\b(?:President|Prime Minister|Secretary|Chancellor|Minister|Mr\.)(?: [A-Z][\w’-]+)+")),
    ("where", re.compile(r"(?<=\bin )[A-Z][a-z]+(?:, [A-Z][a-z]+)?(?=[ .,])")),
)


def cloze(folder: Path, rng: random.Random, every: bool) -> Iterator[Group | None]:
    """Questions by rule: a fact of a sentence asked for, with a part of the sentence's other words in any order."""
    pool = list(releases(folder).values())
    rng.shuffle(pool)
    for document in pool[:450]:
        document = _cut(document)
        fit = [number for number in range(len(document.parts)) if 60 < len(document.sentence(number)) < 300]
        kinds = [(n, asked, m) for n in fit for asked, fact in _ASKED if (m := fact.search(document.sentence(n)))]
        if kinds:
            number, asked, match = rng.choice(kinds)
            offset = document.parts[number][0]
            question = _clozed(document.sentence(number), asked, match.span(), rng)
            yield _group("cloze", document, question, [(offset + match.start(), offset + match.end())], 1, rng, every)


def _clozed(sentence: str, asked: str, span: tuple[int, int], rng: random.Random) -> str:
    """`asked`, the words after the fact, then the words before it, a third of them left out."""
    after, before = sentence[span[1] :].strip(" .,;").split(), sentence[: span[0]].strip(" .,;").split()
    kept = [word for word in (after[:8] + before[-8:]) if rng.random() < 0.7]
    return " ".join([asked, *kept]) + "?"


SOURCES: Sequence[Callable[[Path, random.Random, bool], Iterator[Group | None]]] = (
    squad, xquad, clapnq, timeqa, written, cloze,
)  # fmt: skip


def training(folder: Path, seed: int = 1) -> list[Group]:
    """All groups of documents that are not held out."""
    rng = random.Random(seed)
    return [group for source in SOURCES for group in source(folder, rng, False) if group and not group.held_out]


def measuring(folder: Path, seed: int = 1) -> list[Group]:
    """Groups of the held-out documents, each with the dozen sentences of the document nearest to the question."""
    rng = random.Random(seed)
    return [g for source in (squad, clapnq, timeqa) for g in source(folder, rng, True) if g and g.held_out]
