"""What the layers of a model hand on: what is listened to, where reading stops, what is refused, where texts stand."""

import ctypes
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rag import layers
from rag.layers import Layers, listening, spans_of
from rag.probe import Held, Probe, ProbePair, Vector, known_probes

STATES = np.arange(16, dtype=np.float32).reshape(8, 2)
"""What the layer hands on at each place of a prompt."""


def test_one_that_cannot_be_heard_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "Layers", lambda llm, library: SimpleNamespace(is_heard=lambda: False))
    assert listening(object(), "tiny", None) is None


def test_a_library_that_has_nothing_to_hear_by_leaves_the_model_as_it_was() -> None:
    llm = SimpleNamespace(_ctx="as it was")
    assert listening(llm, "tiny", SimpleNamespace()) is None
    assert llm == SimpleNamespace(_ctx="as it was")


def test_texts_stand_one_behind_the_other() -> None:
    each = [1, 1, 1, 2, 1]
    assert spans_of(["ab", "éa"], 0, each) == [(0, 3), (3, 5)]
    assert spans_of(["ab", "éa"], 9, [9, *each]) == [(1, 4), (4, 6)]
    assert spans_of(["ab", "éa"], 9, [9, 1, 2, 2, 1]) == [(1, 3), (3, 5)]  # The space belongs to both.


class Reading:
    """A model that reads two tokens at a time and keeps what it has read; `heard` is shown each batch."""

    def __init__(self, *known: int) -> None:
        self.n_tokens, self.input_ids = len(known), np.zeros(8, np.intc)
        self.input_ids[: len(known)] = known
        self.read: list[int] = []
        self.made: Layers | None = None
        self.asked = [4, 5, 6]
        self.ran: list[int] = []

    def eval(self, tokens: list[int]) -> None:
        for start in range(0, len(tokens), 2):
            batch = tokens[start : start + 2]
            self._compute(batch)
            self.input_ids[self.n_tokens : self.n_tokens + len(batch)] = batch
            self.read += batch
            self.n_tokens += len(batch)

    def _compute(self, batch: list[int]) -> None:
        assert self.made
        self.made._base.states = STATES[self.n_tokens : self.n_tokens + len(batch)].copy()
        for tensor in self.asked:
            self.ran.append(tensor)
            if self.made._looked(tensor, True, None) and not self.made._looked(tensor, False, None):
                return


class Tensors:
    """The library of tensors: each is the states of the batch."""

    states: Any

    def ggml_get_name(self, tensor: int) -> bytes:
        return {4: b"attn", 5: b"l_out-5", 6: b"l_out-6"}[tensor]

    def ggml_nbytes(self, tensor: int) -> int:
        return int(self.states.nbytes)

    def ggml_backend_tensor_get(self, tensor: int, place: int, start: int, size: int) -> None:
        ctypes.memmove(place, self.states.ctypes.data + start, size)


@pytest.fixture
def lengths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of every tensor."""
    found = [2, 2, 1, 1]
    monkeypatch.setattr(layers, "lengths_of", lambda tensor: found)
    return found


def listener(llm: Reading) -> Layers:
    """Layers without a model."""
    made = Layers.__new__(Layers)
    made._llm, made._takers, made._base = llm, {}, Tensors()
    llm.made = made
    return made


def test_means_are_over_spans_and_nothing_is_computed_behind_the_layer(lengths: list[int]) -> None:
    llm = Reading(7, 7, 9)
    found = listener(llm).means([5], [(2, 5), (5, 8)], [7, 7, 1, 2, 3, 4, 5, 6])
    assert list(found) == [5]
    assert [mean.tolist() for mean in found[5]] == [[6, 7], [12, 13]]
    assert llm.ran == [4, 5] * 3
    assert llm.read == [1, 2, 3, 4, 5, 6]  # What was known is not read anew,
    assert llm.n_tokens == 2  # and what was read only so far is not known after it.


def test_a_part_that_is_known_already_is_read_anew(lengths: list[int]) -> None:
    llm = Reading(7, 7, 1, 2)
    listener(llm).means([5], [(2, 4)], [7, 7, 1, 2])
    assert llm.read == [1, 2]


def test_a_layer_that_is_never_heard_tells_nothing(lengths: list[int]) -> None:
    llm = Reading()
    llm.asked = [4]
    assert listener(llm).means([5], [(0, 2)], [1, 2]) == {}


def test_what_cannot_be_read_tells_nothing_and_stops_nothing(
    lengths: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    lengths[3] = 2
    llm = Reading()
    assert listener(llm).means([5], [(0, 2)], [1, 2]) == {}
    assert "cannot be read" in caplog.text


def test_a_layer_is_listened_to_while_that_is_asked_for(lengths: list[int]) -> None:
    llm, found = Reading(), dict[int, Vector]()
    made = listener(llm)
    with made.states([5], found):
        llm.eval([1, 2, 3, 4])
        assert found[5].tolist() == [6, 7]  # the last token's
        assert llm.ran == [4, 5, 6] * 2  # The rest is computed.
        lengths[0] = 3
        llm.eval([1, 2])
    assert found == {}  # What cannot be read is not what an earlier batch left.
    assert not made._looked(5, True, None)


def test_a_probe_reads_what_its_layer_hands_on() -> None:
    probe = Probe(5, np.array([1, -2], np.float32), 0.5)
    state, wide = np.array([3, 1], np.float32), np.array([3, 1, 2], np.float32)
    assert probe.read({5: state, 6: wide}) == 1.5
    assert probe.read({6: state}) is None
    assert probe.read({5: wide}) is None
    assert ProbePair(probe, replace(probe, layer=6)).read({5: state, 6: 2 * state}) == Held(1.5, 2.5)
    assert ProbePair(probe, replace(probe, layer=6)).read({5: state}) is None


def test_the_probes_that_ship_are_of_the_default_model() -> None:
    found = known_probes("qwen2.5-coder-1.5b")
    assert found
    assert [probe.weights.shape for pair in found for probe in pair] == [(1536,)] * 6
    assert [probe.layer for pair in found for probe in pair] == [17, 17, 17, 17, 18, 18]
    assert known_probes("nobody's model") is None
