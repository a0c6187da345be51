"""What a language model holds, whether it says it or not, of whether a text answers a question, or denies what it
takes for granted.

Linear probes (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier probes") of the vectors
that a layer hands on. That a question has no answer in a text stands plainly at the prompt's last token, also where the
model would go on to say that it has (Slobodkin et al. 2023, "The Curious Case of Hallucinatory (Un)answerability").
Which sentence answers stands in the mean over its tokens once the model has read the question ahead of it: of what is
yet to come it knows nothing (Springer et al. 2024, "Repetition Improves Language Model Embeddings"). In the same two
places stands whether the text says otherwise than the question takes for granted, which small models hardly ever say
(Kim et al. 2023, "(QA)^2: Question Answering with Questionable Assumptions"). `probe.json` holds the layers and the
weights for the models we know.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("probe.json")
Vector = NDArray[np.float32]


class Held(NamedTuple):
    """What a model holds of a text, in log-odds: that it answers the question, that it says otherwise than the question
    takes for granted."""

    answers: float
    denies: float


class Glance(NamedTuple):
    """What a model holds of each sentence of a text when the question stands around it, and of all at the end."""

    sentences: list[Held]
    text: Held


class Verdict(NamedTuple):
    """Whether a text answers a question, in log-odds: what the model said, and what it held where that is known."""

    said: float
    held: Held | None = None


@dataclass(frozen=True)
class Probe:
    """The layer of a model that is listened to, and what its values mean."""

    layer: int
    weights: Vector
    bias: float

    def read(self, states: Mapping[int, Vector]) -> float | None:
        """The log-odds of what it was taught, by the vector (float32, one value a weight) that its layer hands on.

        None where there is none, or one of another width: a file of one's own may have the name of a model that is
        known.
        """
        state = states.get(self.layer)
        return None if state is None or state.shape != self.weights.shape else float(self.weights @ state) + self.bias


class ProbePair(NamedTuple):
    """Of one place in a prompt: whether the text ahead of it answers, and whether it denies."""

    answers: Probe
    denies: Probe

    def read(self, states: Mapping[int, Vector]) -> Held | None:
        """What they tell by the vectors that the layers hand on there; None where that is not what they were taught."""
        answers, denies = self.answers.read(states), self.denies.read(states)
        return None if answers is None or denies is None else Held(answers, denies)


class Probes(NamedTuple):
    """Those of one model: of the mean over the tokens of a sentence and of the end of the prompt, where the question
    stands around several sentences, and of the end of the judge's prompt."""

    sentence: ProbePair
    glance: ProbePair
    judge: ProbePair


@lru_cache(maxsize=4)
def known_probes(name: str) -> Probes | None:
    """The probes for the model of that name; None where there are none."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8")).get(name)
    if not found:
        return None
    return Probes(*(ProbePair(*(_probe(found[at][told]) for told in Held._fields)) for at in Probes._fields))


def _probe(kept: dict[str, Any]) -> Probe:
    return Probe(kept["layer"], np.array(kept["weights"], np.float32), kept["bias"])
