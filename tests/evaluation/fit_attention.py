"""Choose the heads of the language model that look at answers, and weigh what they show: `rag/attention.json`,
`looked` in `rag/evidence.json`.

    python -m tests.evaluation.fit_attention FOLDER [FOLDER ...]

Each folder holds `releases.jsonl` and `questions.jsonl` with `gold_releases` and `gold_quotes`. Every part of an
answerable question is searched for and read as in an answer; of each head it is kept how much it looks at each of the
sentences while the question is read. The heads with the highest mean reciprocal rank of the answering sentence are
taken, and a logistic function is fitted to what they show. Printed is how often that sentence is among the first 1 to 4
by score and by these, for each folder by what was fitted on the others, and then the two lines to keep.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.settings import Settings
from rag.attention import LEAST, Attention, Head
from rag.drafting import READ, dated, user_words, within
from rag.evaluation import read_questions
from rag.evidence import Evidence
from rag.generation import LocalGenerator, Prompt
from rag.prompt_text import on_one_line
from rag.request import Request
from tests.evaluation.folders import opened_apart

HEADS = 8
"""Heads that are taken: 1, 4, 8 and 16 found the sentence about as often."""

AMONG = (1, 2, 3, 4)
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Read:
    """The sentences read for a part of a question: what each head shows of each, and which of them answer."""

    folder: str
    shown: NDArray[np.float64]
    score: Vector
    kind: Vector
    gold: NDArray[np.bool_]

    def inputs(self, heads: Sequence[int]) -> NDArray[np.float64]:
        """What the logistic function is given of each sentence."""
        return np.stack([self.shown[list(heads)].mean(axis=0), self.score, self.kind], axis=1)


def rank(values: Vector, gold: NDArray[np.bool_]) -> int:
    """How many sentences stand before the first that answers."""
    return int(np.argmax(gold[np.argsort(-values, kind="stable")]))


def listened(generator: LocalGenerator) -> list[Head]:
    """Have the generator listen to all of its model's heads."""
    facts = generator._llm.metadata
    family = facts["general.architecture"]
    layers, heads = (int(facts[f"{family}.{name}"]) for name in ("block_count", "attention.head_count"))
    every = [(layer, head) for layer in range(layers) for head in range(heads)]
    generator._attention = Attention(generator._llm, every, generator._library)
    return every


def parts_read(folder: Path, settings: Settings) -> Iterator[tuple[LocalGenerator, str, list[Evidence], list[bool]]]:
    """Every part of the answerable questions with its sentences and whether each overlaps a gold quotation."""
    questions, releases = folder / "questions.jsonl", folder / "releases.jsonl"
    texts = {row["id"]: row["text"] for row in map(json.loads, releases.read_text(encoding="utf-8").splitlines())}
    with opened_apart(releases, settings) as (assistant, generator):
        for row in read_questions(questions):
            places = [
                (name, texts[name].find(quote), quote) for name in row["gold_releases"] for quote in row["gold_quotes"]
            ]
            spans = [(name, start, start + len(quote)) for name, start, quote in places if start >= 0]
            request = Request.of(row["question"], row.get("history", ()), None, None, row.get("now"))
            turn = assistant._turn(request)
            if request.leans:
                list(assistant._understand(turn, request, _never))
            for part in turn.parts if spans else ():
                assistant._find(turn, part)
                found = within(part.evidence[:READ])
                yield generator, part.question, found, [any(_meets(item, *span) for span in spans) for item in found]


def _meets(item: Evidence, name: str, start: int, end: int) -> bool:
    return item.release.id == name and item.sentence.start < end and start < item.sentence.end


def collected(folders: Sequence[Path], settings: Settings) -> tuple[list[Read], list[Head]]:
    """What every head shows of every part whose answer is among the sentences read."""
    found: list[Read] = []
    heads: list[Head] = []
    for folder in folders:
        known: LocalGenerator | None = None
        for generator, question, evidence, gold in parts_read(folder, settings):
            if generator is not known:
                known, heads = generator, listened(generator)
            if not any(gold):
                continue
            prompt = Prompt("You check whether a text answers a question.", user_words(question, evidence, ""))
            tokens = generator._tokens(prompt)
            asked = on_one_line(question)
            *spans, (first, last) = generator._spans(prompt, tokens, [*(dated(item) for item in evidence), asked])
            generator._llm.reset()
            generator._llm.eval(tokens[:first])
            assert generator._attention
            shares = generator._attention.shares(spans, tokens[first:last])
            assert shares is not None, "the model's attention cannot be heard"
            score, kind = ([float(value) for value in values] for values in zip(
                *((item.log_odds, item.is_kind) for item in evidence), strict=True))  # fmt: skip
            shown = np.log(shares + LEAST)
            found.append(Read(str(folder), shown, np.array(score), np.array(kind), np.array(gold)))
    return found, heads


def best_heads(reads: Sequence[Read]) -> list[int]:
    """The heads that rank the answering sentence best, best first."""
    each = [
        np.mean([1 / (1 + rank(read.shown[head], read.gold)) for read in reads]) for head in range(len(reads[0].shown))
    ]
    order: list[int] = np.argsort(-np.array(each), kind="stable")[:HEADS].tolist()
    return order


def fitted(reads: Sequence[Read], heads: Sequence[int]) -> LogisticRegression:
    """The logistic function of what the heads show, the score and the kind."""
    inputs, gold = np.concatenate([read.inputs(heads) for read in reads]), np.concatenate([read.gold for read in reads])
    return LogisticRegression(max_iter=1000).fit(inputs, gold)


def main() -> None:
    """Print the tables and the parameters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    reads, names = collected(parser.parse_args().folders, Settings.load())
    sys.stdout.write("| questions | parts | by | first | 2 | 3 | 4 |\n| --- | --- | --- | --- | --- | --- | --- |\n")
    for folder in dict.fromkeys(read.folder for read in reads):
        own = [read for read in reads if read.folder == folder]
        others = [read for read in reads if read.folder != folder] or own
        heads = best_heads(others)
        model = fitted(others, heads)
        for label, ranks in (
            ("score", [rank(read.score, read.gold) for read in own]),
            ("attention", [rank(model.decision_function(read.inputs(heads)), read.gold) for read in own]),
        ):
            shares = " | ".join(f"{np.mean([place < most for place in ranks]):.3f}" for most in AMONG)
            sys.stdout.write(f"| {Path(folder).name} | {len(own)} | {label} | {shares} |\n")
    heads = best_heads(reads)
    model = fitted(reads, heads)
    looked, score, kind = (round(float(weight), 2) for weight in model.coef_[0])
    bias = round(float(model.intercept_[0]), 2)
    sys.stdout.write(f"\nattention.json: {json.dumps([names[head] for head in heads])}\n")
    sys.stdout.write(f"evidence.json: {json.dumps({'bias': bias, 'looked': looked, 'score': score, 'kind': kind})}\n")


def _never() -> bool:
    return False


if __name__ == "__main__":
    main()
