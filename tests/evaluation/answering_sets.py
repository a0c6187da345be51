"""Questions with their own passages, some of which hold the answer and some of which do not.

None of the sets is in this repository; `folder` is where `squad2-1000`, `clapnq`, `rgb-en-fact` and `timeqa-human` lie.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.retrieval_sets import lines

SEED = 11
NEGATIVES = 5
"""Passages of a question that none of them answers (RGB gives more)."""


@dataclass(frozen=True)
class Item:
    """A question, the texts it is asked of, whether they answer it, and the document they are from."""

    part: str
    document: str
    question: str
    passages: tuple[str, ...]
    answerable: bool


def squad2(folder: Path) -> Iterator[Item]:
    """SQuAD 2: a paragraph of Wikipedia; what it does not answer was written to look as if it did."""
    for row in lines(folder / "squad2-1000" / "squad2.jsonl.gz"):
        yield Item("squad2", row["title"], row["question"].strip(), (row["context"],), row["answerable"])


def clapnq(folder: Path) -> Iterator[Item]:
    """CLAPnq: questions of a search engine, with a passage that answers at length or not."""
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        for row in lines(folder / "clapnq" / f"{name}.jsonl.gz"):
            question = f"{row['input'].strip().rstrip('?')}?"
            yield Item("clapnq", row["passages"][0]["title"], question, (row["passages"][0]["text"],), answerable)


def rgb(folder: Path) -> Iterator[Item]:
    """RGB: news questions with five snippets, two that answer among three that do not, or five that do not."""
    for row in lines(folder / "rgb-en-fact" / "en_fact.jsonl"):
        question, document = f"{row['query'].strip().rstrip('?')}?", str(row["id"])
        yield Item("rgb", document, question, (*row["positive"][:2], *row["negative"][: NEGATIVES - 2]), True)
        yield Item("rgb", document, question, tuple(row["negative"][:NEGATIVES]), False)


def timeqa(folder: Path) -> Iterator[Item]:
    """TimeQA: a question about a time, asked of one article."""
    for row in lines(folder / "timeqa-human" / "timeqa.jsonl.gz"):
        for question, answers in row["questions"]:
            answerable = any(answer.get("answer") for answer in answers)
            yield Item("timeqa", row["index"], question.strip(), ("\n\n".join(row["paras"]),), answerable)


SETS: dict[str, Callable[[Path], Iterator[Item]]] = {"squad2": squad2, "clapnq": clapnq, "rgb": rgb, "timeqa": timeqa}


def drawn(folder: Path, each: int) -> list[Item]:
    """At most `each` answerable and as many unanswerable questions of every set, always the same, the sets in turn."""
    chosen: list[list[Item]] = []
    for name, load in SETS.items():
        for answerable in (True, False):
            items = [item for item in load(folder) if item.answerable is answerable]
            random.Random(f"{SEED} {name} {answerable}").shuffle(items)
            chosen.append(items[:each])
    return [items[place] for place in range(each) for items in chosen if place < len(items)]
