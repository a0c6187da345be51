"""Retrieval sets read from the evaluation folder: releases to index and questions with the releases that answer them.

A set that is not there is `None`, so that the table can say so. Nothing of a set is kept in the project.
"""

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

QUERIES = 1_500
"""Titles drawn as questions from a large set, always the same ones."""

Record = dict[str, str]


@dataclass(frozen=True)
class Query:
    """A question, the ids of the releases that answer it, and whether all of them must be found."""

    text: str
    gold: frozenset[str]
    all_needed: bool = False
    now: date | None = None
    kind: str = ""


@dataclass(frozen=True)
class RetrievalSet:
    """Releases as JSON Lines records and the questions asked of them."""

    name: str
    releases: list[Record]
    queries: list[Query]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def release_qa(folder: Path) -> RetrievalSet:
    """Questions over dated releases, those of a conversation left out."""
    queries = [
        Query(
            row["question"],
            frozenset(row["gold_releases"]),
            row["type"] in ("multi", "list"),
            date.fromisoformat(row["now"]) if row.get("now") else None,
            row["type"],
        )
        for row in lines(folder / "release-qa" / "questions.jsonl")
        if row["type"] != "followup" and row["answerable"]
    ]
    return RetrievalSet("release-qa", list(lines(folder / "release-qa" / "releases.jsonl")), queries)


def swiss(folder: Path, own_text: bool = False) -> RetrievalSet:
    """Swiss federal releases: the title asks, the text alone is indexed.

    About a fifth of the texts only say that the release is not to be had in English; `own_text` asks for the others.
    """
    rows = [row for row in lines(folder / "swiss-releases" / "en.jsonl.gz") if row["text"]]
    releases = [{"id": row["id"], "date": row["pubdate"], "text": row["text"]} for row in rows]
    asked = _drawn([row for row in rows if row["title"]])
    if own_text:
        times = Counter(row["text"] for row in rows)
        asked = [row for row in asked if times[row["text"]] == 1]
    name = "swiss own text" if own_text else "swiss"
    return RetrievalSet(name, releases, [Query(row["title"], frozenset([row["id"]])) for row in asked])


def white_house(folder: Path) -> RetrievalSet:
    """White House releases: the title asks, the body alone is indexed; the same title within 3 days counts."""
    rows = [row for row in lines(folder / "whitehouse-releases" / "releases.jsonl.gz") if row["text_md"]]
    releases = [{"id": row["id"], "date": row["date"], "text": row["text_md"]} for row in rows]
    namesakes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        namesakes[row["title"]].append(row)
    queries = []
    for row in _drawn([row for row in rows if row["title"]]):
        day = date.fromisoformat(row["date"])
        same = [other for other in namesakes[row["title"]] if abs((date.fromisoformat(other["date"]) - day).days) <= 3]
        queries.append(Query(row["title"], frozenset(other["id"] for other in same)))
    return RetrievalSet("whitehouse", releases, queries)


def timeqa(folder: Path) -> RetrievalSet:
    """Questions with a time over Wikipedia paragraphs, all articles pooled."""
    releases, queries = [], []
    for row in lines(folder / "timeqa-human" / "timeqa.jsonl.gz"):
        for number, text in enumerate(row["paras"]):
            releases.append({"id": f"{row['index']}/{number}", "text": text})
        for question, answers in row["questions"]:
            gold = {f"{row['index']}/{answer['para']}" for answer in answers if answer.get("answer")}
            if gold:
                queries.append(Query(question, frozenset(gold)))
    return RetrievalSet("timeqa", releases, queries)


def xquad(folder: Path, asked: str, told: str) -> RetrievalSet:
    """Wikipedia paragraphs in one language asked in the same or another."""
    rows = list(lines(folder / "xquad-en-ru" / "xquad_en_ru.jsonl.gz"))
    texts = {row["paragraph"]: row[told]["context"] for row in rows}
    releases = [{"id": name, "text": text} for name, text in texts.items()]
    queries = [Query(row[asked]["question"], frozenset([row["paragraph"]])) for row in rows]
    return RetrievalSet(f"xquad {asked}-{told}", releases, queries)


def kazqad(folder: Path) -> RetrievalSet:
    """Kazakh questions over Kazakh passages."""
    numbers: dict[str, str] = {}
    queries = []
    for row in lines(folder / "kazqad" / "kazqad_validation.jsonl.gz"):
        name = numbers.setdefault(row["context"], f"p{len(numbers)}")
        queries.append(Query(row["question"], frozenset([name])))
    return RetrievalSet("kazqad", [{"id": name, "text": text} for text, name in numbers.items()], queries)


def swiss_parallel(folder: Path) -> RetrievalSet:
    """German titles ask for the English text of the same release."""
    rows = [row for row in lines(folder / "swiss-releases" / "parallel_fdfa.jsonl.gz") if row["langs"]["en"]["text"]]
    releases = [{"id": row["id"], "date": row["pubdate"], "text": row["langs"]["en"]["text"]} for row in rows]
    titles = [(row["langs"]["de"]["title"], row["id"]) for row in rows if row["langs"]["de"]["title"]]
    queries = [Query(title, frozenset([name])) for title, name in titles]
    return RetrievalSet("swiss de-en", releases, queries)


SETS: dict[str, Callable[[Path], RetrievalSet]] = {
    "release-qa": release_qa,
    "xquad ru-ru": lambda folder: xquad(folder, "ru", "ru"),
    "xquad ru-en": lambda folder: xquad(folder, "ru", "en"),
    "kazqad": kazqad,
    "timeqa": timeqa,
    "swiss de-en": swiss_parallel,
    "swiss": swiss,
    "swiss own text": lambda folder: swiss(folder, own_text=True),
    "whitehouse": white_house,
}


def load(name: str, folder: Path) -> RetrievalSet | None:
    """The set of this name, or None where its files are not under `folder`."""
    try:
        return SETS[name](folder)
    except FileNotFoundError:
        return None


def _drawn(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return random.Random(7).sample(rows, min(QUERIES, len(rows)))
