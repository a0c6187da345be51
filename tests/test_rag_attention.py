"""Where a model looks: which heads are listened to, what is refused, and where texts stand in a prompt."""

from types import SimpleNamespace
from typing import Any

import pytest

from rag import attention
from rag.attention import Attention, listening, spans_of


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
    made._heads, made._layers, made._spans = ((3, 1),), {b"kq_soft_max-3": 3}, None
    made._base = SimpleNamespace(ggml_get_name=lambda tensor: b"kq_soft_max-3" if tensor == 3 else b"other")
    return made


def test_nothing_is_wanted_of_the_computation_but_the_attention_of_the_heads() -> None:
    wanted: list[bool] = []

    def read(tokens: list[int]) -> None:
        wanted.extend([made._looked(3, True, None), made._looked(4, True, None)])
        made._sums[3, 1] += [1.0, 3.0]

    made = listener(read)
    assert not made._looked(3, True, None)
    told = made.to([(0, 1), (1, 2)], [7, 7])
    assert wanted == [True, False]
    assert told is not None
    assert told == pytest.approx([-0.693, 0.405], abs=0.001)


def test_a_head_that_is_never_heard_tells_nothing() -> None:
    assert listener(lambda tokens: None).to([(0, 1)], [7]) is None


def test_what_cannot_be_read_tells_nothing_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def read(tokens: list[int]) -> None:
        made._base.ggml_nbytes = lambda tensor: 0
        assert made._looked(3, False, None)
        made._sums[3, 1] += [1.0]

    made = listener(read)
    made._take = lambda *given: (_ for _ in ()).throw(ValueError("no attention"))  # type: ignore[method-assign]
    assert made.to([(0, 1)], [7]) is None
    assert "cannot be read" in caplog.text
