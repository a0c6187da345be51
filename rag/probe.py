"""What a language model holds, whether it says it or not, of whether a text answers a question, or denies what it
takes for granted.

Linear probes (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier probes") of the vectors
that a layer hands on. That a question has no answer in a text stands plainly at the prompt's last token, also where the
model goes on to say that it has (Slobodkin et al. 2023, "The Curious Case of Hallucinatory (Un)answerability"). Which
sentence answers stands in the mean over its tokens once the model has read the question ahead of it: of what is yet to
come it knows nothing (Springer et al. 2024, "Repetition Improves Language Model Embeddings"). In the same two places
stands whether the text says otherwise than the question takes for granted, which small models hardly ever say (Kim et
al. 2023, "(QA)^2: Question Answering with Questionable Assumptions"). `probe.json` holds the layers and the weights for
the models we know.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("probe.json")
Vector = NDArray[np.float32]


class Verdict(NamedTuple):
    """Whether a text answers a question, in log-odds: what the model said, and what it held where that is known.

    `denied`: whether, by what it held, the text says otherwise than the question takes for granted.
    """

    said: float
    held: float | None = None
    denied: float | None = None


class Held(NamedTuple):
    """What a model holds of a sentence, in log-odds: that it answers the question, that it says otherwise than the
    question takes for granted."""

    answers: float
    denies: float


@dataclass(frozen=True)
class Probe:
    """The layer of a model that is listened to, and what its values mean."""

    layer: int
    weights: Vector
    bias: float

    def read(self, state: Vector) -> float | None:
        """The log-odds of what it was taught, by the vector (float32, one value a weight) that the layer hands on.

        None for one of another width: a file of one's own may have the name of a model that is known.
        """
        return float(self.weights @ state) + self.bias if state.shape == self.weights.shape else None


class Probes(NamedTuple):
    """Those of one model: of what it holds at the end of the judge's prompt, whether the text answers the question or
    denies what it takes for granted; of the mean over the tokens of a sentence, read behind the question, whether that
    one does."""

    answered: Probe
    denied: Probe
    sentence: Probe
    denying: Probe


@lru_cache(maxsize=4)
def known_probes(name: str) -> Probes | None:
    """The probes for the model of that name; None where there are none."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8")).get(name)
    return Probes(*(_probe(found[told]) for told in Probes._fields)) if found else None


def _probe(kept: dict[str, Any]) -> Probe:
    return Probe(kept["layer"], np.array(kept["weights"], np.float32), kept["bias"])
