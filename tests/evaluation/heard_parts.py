"""The parts of questions as they are read on the way to an answer, at a glance and by judging: what layers hand on."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.settings import Settings
from rag import answerability
from rag.assistant import Assistant
from rag.drafting import Drafter
from rag.evaluation import read_questions
from rag.evidence import Evidence, by_held
from rag.evidence_prompt import JUDGED, as_read, within, worth_reading
from rag.generation import LocalGenerator
from rag.probe import Held, Vector
from rag.request import Request
from tests.evaluation.folders import opened_apart

FEWEST = 3
"""Sentences that a part must have to be learnt from, also where it is robbed of those that answer."""

FALSE_PREMISE = "false-premise"
"""The type of a question that takes for granted what its gold quotations say is not so."""

Floats = NDArray[np.float64]
States = NDArray[np.float32]


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
    """The evidence of a part as it was read, the question around it: what all layers but the last hand on, as the mean
    of each sentence (layers, sentences, width) and at the end (layers, width); which sentences answer and which only
    hold what answers; the features of all evidence.

    `misled`: the question takes for granted what the quoted sentences say is not so. `robbed`: it was read without all
    that hold its answer.
    """

    folder: str
    question: str
    several: bool
    answerable: bool
    misled: bool
    robbed: bool
    seen: list[Evidence]
    means: States
    end: States
    quoted: NDArray[np.bool_]
    holding: NDArray[np.bool_]
    features: dict[str, float]

    @property
    def ranks(self) -> bool:
        """Whether it tells how sentences are to be ranked: its answer is among them, and it asks for one."""
        return self.answered and not self.several and not self.misled

    @property
    def answered(self) -> bool:
        """Whether a sentence that answers was read."""
        return bool(self.quoted.any())

    @property
    def is_told(self) -> bool:
        """Whether it is known if what was read answers: what was not found may stand there in other words."""
        return self.answered or self.robbed or not self.answerable

    @property
    def kind(self) -> Floats:
        """Whether each sentence holds something of the kind that is asked for."""
        return np.array([item.is_kind for item in self.seen], np.float64)


@dataclass(frozen=True)
class Row:
    """A part as it was read one way: whether an answer was in view, or it is not known; whether it was robbed of it or
    misled; what the layers hand on at the end (layers, width); the features, with what the model said.

    `denies`: the log-odds of the sentence that denies most what the question takes for granted.
    """

    folder: str
    answered: bool
    is_told: bool
    robbed: bool
    misled: bool
    end: States
    features: dict[str, float]
    denies: float = 0.0


def has_false_premises(folder: Path) -> bool:
    """Whether one of a folder's questions takes something false for granted."""
    return any(row.get("type") == FALSE_PREMISE for row in read_questions(folder / "questions.jsonl"))


def parts_read(folder: Path, settings: Settings) -> Iterator[Read]:
    """Every part of the questions of a folder as it is read on the way to an answer; one that asks for one thing and
    whose answer was read once more without it."""
    questions, releases = folder / "questions.jsonl", folder / "releases.jsonl"
    texts = {row["id"]: row["text"] for row in map(json.loads, releases.read_text(encoding="utf-8").splitlines())}
    with opened_apart(releases, settings) as (assistant, generator):
        for row in read_questions(questions):
            gold = Gold.of(row, texts)
            for question, several, found, features in _found(assistant, row):
                asked = (str(folder), question, several, gold.answerable, row.get("type") == FALSE_PREMISE)
                seen = within(worth_reading(question, found))
                whole = _read(assistant._drafter, generator, asked, seen, gold, features)
                yield from whole
                if whole and whole[0].ranks:
                    rest = [item for item in seen if not gold.holds(item)]
                    yield from _read(assistant._drafter, generator, asked, rest, gold, features, robbed=True)


def _read(
    drafter: Drafter,
    generator: LocalGenerator,
    asked: tuple[str, str, bool, bool, bool],
    seen: list[Evidence],
    gold: Gold,
    features: dict[str, float],
    robbed: bool = False,
) -> list[Read]:
    """The sentences of a part as they are read, nothing where they are too few."""
    if len(seen) < FEWEST:
        return []
    prompt, told, behind = drafter.question_around(asked[1], seen)
    tokens = generator._tokens(prompt)
    assert generator._layers, "the model cannot be heard"
    # The last layer computes what it hands on for the last token alone.
    layers = layers_of(generator)[:-1]
    spans = generator.spans(prompt, tokens, told, behind)
    means = generator._thread.run(generator._layers.means, layers, spans, tokens)
    each = np.stack([np.stack(means[layer]) for layer in layers])
    quoted, holding = (
        np.array([gold.answerable and is_so(item) for item in seen], bool) for is_so in (gold.quoted, gold.holds)
    )
    return [Read(*asked, robbed, seen, each[:, :-1], each[:, -1], quoted, holding, features)]


def glanced(reads: Sequence[Read], held: Sequence[Floats]) -> list[Row]:
    """Every part as it was read at a glance."""
    found = []
    for read, told in zip(reads, held, strict=True):
        features = answerability.shown(read.features, _ranked(read, told))
        given = (read.folder, read.answered, read.is_told, read.robbed, read.misled, read.end)
        found.append(Row(*given, {**features, "said": 0.0}))
    return found


def judged(
    reads: Sequence[Read], held: Sequence[Floats], denies: Sequence[Floats], settings: Settings, folder: Path
) -> list[Row]:
    """Every part as its best sentences are judged without the rest."""
    found = []
    with opened_apart(folder / "releases.jsonl", settings) as (assistant, generator):
        generator._probes = None  # Only one can listen at a time.
        for read, told, denied in zip(reads, held, denies, strict=True):
            ranked, states = _ranked(read, told), dict[int, Vector]()
            assert generator._layers
            generator._llm.reset()  # Robbed of nothing that is judged, a part is judged by the same prompt.
            with generator._layers.states(layers_of(generator), states):
                verdict = assistant._drafter.judge(read.question, as_read(ranked[:JUDGED]), _never)
            assert verdict
            quoted = {read.seen[place].sentence.id for place in np.flatnonzero(read.quoted)}
            answered = any(item.sentence.id in quoted for item in ranked[:JUDGED])
            is_told = answered or read.robbed or not read.answerable
            features = {**answerability.shown(read.features, ranked), "said": verdict.said}
            end = np.stack([states[layer] for layer in sorted(states)])
            given = (read.folder, answered, is_told, read.robbed, read.misled, end, features)
            found.append(Row(*given, float(max(denied))))
    return found


def _ranked(read: Read, held: Floats) -> list[Evidence]:
    return by_held(read.seen, [Held(float(told), 0.0) for told in held])


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
