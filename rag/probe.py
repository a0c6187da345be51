"""What a language model holds, whether it says it or not, when it has read whether a text answers a question.

A linear probe (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier probes") of the vector
that one layer hands on at the prompt's last token. That a question has no answer in a text stands there plainly also
where the model goes on to say that it has (Slobodkin et al. 2023, "The Curious Case of Hallucinatory
(Un)answerability"). `probe.json` holds the layer and the weights for the models we know.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("probe.json")
Vector = NDArray[np.float32]


class Verdict(NamedTuple):
    """Whether a text answers a question, in log-odds: what the model said, and what it held where that is known."""

    said: float
    held: float | None = None


@dataclass(frozen=True)
class Probe:
    """The layer of a model that is listened to, and what its values mean."""

    layer: int
    weights: Vector
    bias: float

    def read(self, state: Vector) -> float | None:
        """The log-odds that the text answers, by the vector (float32, one value a weight) that the layer hands on.

        None for one of another width: a file of one's own may have the name of a model that is known.
        """
        return float(self.weights @ state) + self.bias if state.shape == self.weights.shape else None


@lru_cache(maxsize=4)
def known_probe(name: str) -> Probe | None:
    """The probe for the model of that name; None where there is none."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8")).get(name)
    return Probe(found["layer"], np.array(found["weights"], np.float32), found["bias"]) if found else None
