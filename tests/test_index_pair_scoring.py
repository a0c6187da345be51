"""The pair scorer over a tiny random model that is made here, and its span search worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.pair_scoring import PairScorer, _reading, candidate

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] who met biden xi in bali on monday | ?".split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    made = tmp_path_factory.mktemp("encoder")
    (made / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(vocab=str(made / "vocab.txt")).save_pretrained(made)
    torch.manual_seed(1)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(WORDS), **sizes)).save_pretrained(made)
    return made


@pytest.fixture(scope="module")
def weights(folder: Path) -> Path:
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModel

    top = AutoModel.from_pretrained(folder).encoder.layer[1].state_dict()
    tensors = {f"layers.0.{name}": value.half() for name, value in top.items()}
    for name, outputs in (("relevance", 1), ("span", 2)):
        tensors |= {f"{name}.weight": torch.randn(outputs, 16).half(), f"{name}.bias": torch.zeros(outputs).half()}
    save_file(tensors, folder / "answers.safetensors", {"frozen": "1", "max_tokens": "24"})
    return folder / "answers.safetensors"


def test_scores_keep_the_order_of_the_candidates(folder: Path, weights: Path) -> None:
    scorer = PairScorer(folder, weights)
    texts = ["biden met xi in bali on monday", "xi", "biden met xi"]
    together = scorer.score("who met xi?", texts)
    alone = [float(scorer.score("who met xi?", [text])[0]) for text in texts]
    assert together.shape == (3,)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=0.05)


def test_spans_are_characters_of_the_candidate(folder: Path, weights: Path) -> None:
    [reading] = PairScorer(folder, weights).read("who met xi?", ["biden met xi"])
    assert "biden met xi"[reading.start : reading.end] in {"biden", "met", "xi", "biden met", "met xi", "biden met xi"}


def test_no_candidates_give_no_scores(folder: Path, weights: Path) -> None:
    assert PairScorer(folder, weights).score("who?", []).shape == (0,)


def test_a_file_for_another_encoder_is_refused(folder: Path, weights: Path, tmp_path: Path) -> None:
    broken = tmp_path / "answers.safetensors"
    broken.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelError, match="holds no answer model"):
        PairScorer(folder, broken)


def test_the_best_span_never_ends_before_it_starts() -> None:
    edges = np.array([[1, 1], [0, 5], [4, 0], [0, 2]], np.float32)
    offsets = np.array([[0, 0], [0, 5], [6, 9], [10, 12]])
    found = _reading(0.5, edges, offsets, np.array([False, True, True, True]))
    # Start at the third token (4) and end at the fourth (2) make 6; the second token alone makes 5; no answer makes 2.
    assert (found.start, found.end, found.margin) == (6, 12, 4.0)
    assert found.score == pytest.approx((0.5 + 4 / 2) / 2)


def test_a_candidate_shows_the_release_behind_the_sentence() -> None:
    assert candidate("They met.", "Talks (1 May 2023)") == "They met. | Talks (1 May 2023)"
    assert candidate("They met.", "") == "They met."
