"""The parts of questions as they are read on the way to an answer, with what the layers hand on of each sentence."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.settings import Settings
from rag import answerability
from rag.assistant import Assistant
from rag.drafting import READ, dated, text_behind, within
from rag.evaluation import read_questions
from rag.evidence import Evidence
from rag.generation import LocalGenerator, Prompt
from rag.request import Request
from tests.evaluation.folders import opened_apart

FEWEST = 3
"""Sentences that a part must have to be learnt from, also where it is robbed of those that answer."""

FALSE_PREMISE = "false-premise"
"""The type of a question that takes for granted what its gold quotations say is not so."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gold:
    """What answers a question: the spans of its gold quotations, and the strings of which an answer holds one."""

    answerable: bool
    spans: list[tuple[str, int, int]]
    strings: list[str]

    @classmethod
    def of(cls, row: dict[str, Any], texts: dict[str, str]) -> "Gold":
        """That of a question over texts by their release."""
        places = [
            (name, texts[name].find(quote), quote) for name in row["gold_releases"] for quote in row["gold_quotes"]
        ]
        spans = [(name, start, start + len(quote)) for name, start, quote in places if start >= 0]
        return cls(row["answerable"], spans, [text.casefold() for group in row["answer_all"] for text in group])

    def quoted(self, item: Evidence) -> bool:
        """Whether a sentence overlaps a gold quotation."""
        return any(
            item.release.id == name and item.sentence.start < end and start < item.sentence.end
            for name, start, end in self.spans
        )

    def holds(self, item: Evidence) -> bool:
        """Whether a sentence may answer."""
        return self.quoted(item) or any(text in item.sentence.text.casefold() for text in self.strings)


@dataclass(frozen=True)
class Read:
    """The evidence of a part as it was read behind the question: the mean of each sentence, by all layers but the last
    (layers, sentences, width); which answer and which only hold what answers.

    `misled`: the question takes for granted what the quoted sentences say is not so.
    """

    folder: str
    question: str
    several: bool
    answerable: bool
    misled: bool
    seen: list[Evidence]
    means: NDArray[np.float32]
    quoted: NDArray[np.bool_]
    holding: NDArray[np.bool_]
    features: dict[str, float]

    @property
    def ranks(self) -> bool:
        """Whether it tells how sentences are to be ranked: its answer is among them, and it asks for one."""
        return bool(self.quoted.any()) and not self.several and not self.misled

    @property
    def kind(self) -> Floats:
        """Whether each sentence holds something of the kind that is asked for."""
        return np.array([item.is_kind for item in self.seen], np.float64)


def has_false_premises(folder: Path) -> bool:
    """Whether one of a folder's questions takes something false for granted."""
    return any(row.get("type") == FALSE_PREMISE for row in read_questions(folder / "questions.jsonl"))


def parts_read(folder: Path, settings: Settings) -> Iterator[Read]:
    """Every part of the questions of a folder as it is read on the way to an answer."""
    questions, releases = folder / "questions.jsonl", folder / "releases.jsonl"
    texts = {row["id"]: row["text"] for row in map(json.loads, releases.read_text(encoding="utf-8").splitlines())}
    with opened_apart(releases, settings) as (assistant, generator):
        system = assistant._drafter._system
        for row in read_questions(questions):
            gold = Gold.of(row, texts)
            for question, several, found, features in _found(assistant, row):
                seen = within(found[:READ])
                if len(seen) < FEWEST:
                    continue
                told = [dated(item) for item in seen]
                prompt = Prompt(system, text_behind(question, told))
                tokens = generator._tokens(prompt)
                assert generator._layers, "the model cannot be heard"
                # The last layer computes what it hands on for the last token alone.
                means = generator._layers.means(
                    layers_of(generator)[:-1], generator.spans(prompt, tokens, told), tokens
                )
                quoted, holding = (
                    np.array([gold.answerable and is_so(item) for item in seen], bool)
                    for is_so in (gold.quoted, gold.holds)
                )
                each = np.stack([np.stack(means[layer]) for layer in sorted(means)])
                asked = (question, several, gold.answerable, row.get("type") == FALSE_PREMISE)
                yield Read(str(folder), *asked, seen, each, quoted, holding, features)


def _found(assistant: Assistant, row: dict[str, Any]) -> Iterator[tuple[str, bool, list[Evidence], dict[str, float]]]:
    request = Request.of(row["question"], row.get("history", ()), None, None, row.get("now"))
    turn = assistant._turn(request)
    if request.leans:
        list(assistant._understand(turn, request, _never))
    for part in turn.parts:
        assistant._find(turn, part)
        features = answerability.features(part.question, part.evidence, turn.reader.snapshot.lexicon)
        yield part.question, part.several, part.evidence, features


def layers_of(generator: LocalGenerator) -> range:
    """The numbers of all layers of its model."""
    facts = generator._llm.metadata
    return range(int(facts[f"{facts['general.architecture']}.block_count"]))


def _never() -> bool:
    return False
