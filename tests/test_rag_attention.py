"""Where a model looks: which heads are listened to, what is refused, and where texts stand in a prompt."""

import ctypes
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rag import attention
from rag.attention import Attention, listening, spans_of
from rag.probe import Probe, Vector, known_probe


def test_a_model_whose_heads_are_not_known_is_not_listened_to() -> None:
    assert listening(object(), "nobody's model", None) is None


def test_one_that_cannot_be_heard_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "_known", lambda: {"tiny": [(0, 0)]})
    monkeypatch.setattr(attention, "Attention", lambda llm, heads, library: SimpleNamespace(is_heard=lambda: False))
    assert listening(object(), "tiny", None) is None


def test_a_library_that_has_nothing_to_hear_by_leaves_the_model_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "_known", lambda: {"tiny": [(0, 0)]})
    llm = SimpleNamespace(_ctx="as it was")
    assert listening(llm, "tiny", SimpleNamespace()) is None
    assert llm == SimpleNamespace(_ctx="as it was")


def test_the_heads_that_ship_are_those_of_the_default_model() -> None:
    heads = attention._known()["qwen2.5-coder-1.5b"]
    assert len(set(heads)) == len(heads) > 0
    assert all(0 <= layer < 28 and 0 <= head < 12 for layer, head in heads)


def test_texts_stand_one_behind_the_other() -> None:
    each = [1, 1, 1, 2, 1]
    assert spans_of(["a", "é", "a"], "ab éa", 0, each) == [(0, 3), (3, 4), (4, 5)]
    assert spans_of(["a", "é", "a"], "ab éa", 9, [9, *each]) == [(1, 4), (4, 5), (5, 6)]
    with pytest.raises(ValueError, match="not found"):
        spans_of(["a", "a"], "a", 0, [1])


def listener(eval_: Any) -> Attention:  # noqa: ANN401 - any function
    """Attention to one head without a model: `eval_` is called to read."""
    made = Attention.__new__(Attention)
    made._llm = SimpleNamespace(eval=eval_)
    made._heads, made._takers = ((3, 1),), {}
    names = {3: b"kq_soft_max-3", 5: b"l_out-5"}
    made._base = SimpleNamespace(ggml_get_name=lambda tensor: names.get(tensor, b"other"))
    return made


def test_nothing_is_wanted_of_the_computation_but_the_attention_of_the_heads() -> None:
    wanted: list[bool] = []

    def read(tokens: list[int]) -> None:
        wanted.extend(made._looked(tensor, True, None) for tensor in (3, 4, 5))
        made._sums[3, 1] += [1.0, 3.0]

    made = listener(read)
    assert not made._looked(3, True, None)
    told = made.to([(0, 1), (1, 2)], [7, 7])
    assert wanted == [True, False, False]
    assert told is not None
    assert told == pytest.approx([-0.693, 0.405], abs=0.001)


def test_a_head_that_is_never_heard_tells_nothing() -> None:
    assert listener(lambda tokens: None).to([(0, 1)], [7]) is None


def test_what_cannot_be_read_tells_nothing_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def read(tokens: list[int]) -> None:
        assert made._looked(3, False, None)
        made._sums[3, 1] += [1.0]

    made = listener(read)
    made._lengths = lambda tensor: [1, 1, 1, 2]  # type: ignore[method-assign]
    assert made.to([(0, 1)], [7]) is None
    assert "cannot be read" in caplog.text


def test_a_layer_is_listened_to_while_that_is_asked_for() -> None:
    made, found, values = listener(None), dict[int, Vector](), np.array([1, 2, 3, 4], np.float32)
    made._lengths = lambda tensor: [2, 2, 1, 1]  # type: ignore[method-assign]
    made._base.ggml_nbytes = lambda tensor: 16

    def get(tensor: int, place: int, start: int, size: int) -> None:
        ctypes.memmove(place, values.ctypes.data + start, size)

    made._base.ggml_backend_tensor_get = get
    with made.states([5], found):
        assert [made._looked(tensor, True, None) for tensor in (3, 4, 5)] == [False, False, True]
        assert made._looked(5, False, None)
        assert found[5].tolist() == [3, 4]  # the last token's
        made._base.ggml_nbytes = lambda tensor: 8
        assert made._looked(5, False, None)
    assert found == {}  # What cannot be read is not what an earlier batch left.
    assert not made._looked(5, True, None)


def test_a_probe_reads_a_state() -> None:
    assert Probe(5, np.array([1, -2], np.float32), 0.5).read(np.array([3, 1], np.float32)) == 1.5
    assert Probe(5, np.array([1, -2], np.float32), 0.5).read(np.array([3], np.float32)) is None
    probe = known_probe("qwen2.5-coder-1.5b")
    assert probe
    assert (probe.layer, probe.weights.shape) == (18, (1536,))
    assert known_probe("nobody's model") is None
