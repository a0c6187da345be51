"""The real encoder: compiled or through torch it says the same, and it is one that can be shared between threads."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedding import SentenceEncoder, likeness
from index.model_store import ModelStore
from index.settings import Settings

ROOT = Path(__file__).parent.parent
MODELS = ROOT / ".communique" / "models"
NAME = Settings().index.encoder
CHUNKS = ["The minister opened an embassy in Apia.", "A word.", "Министр открыл посольство.", "Елшілік ашылды. " * 90]

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    made = SentenceEncoder(NAME, ModelStore(MODELS).path(NAME))
    made.accelerate()
    return made


def test_compiled_and_through_torch_it_says_the_same(encoder: SentenceEncoder) -> None:
    plain = SentenceEncoder(NAME, ModelStore(MODELS).path(NAME))
    assert type(encoder._model[0].model) is not type(plain._model[0].model)
    cosines = np.sum(encoder.encode_chunks(CHUNKS) * plain.encode_chunks(CHUNKS), axis=1)
    assert cosines.min() > 0.999


def test_a_model_that_cannot_be_compiled_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.acceleration.compiled", lambda *_: 1 / 0)
    plain = SentenceEncoder(NAME, ModelStore(MODELS).path(NAME))
    plain.accelerate()
    assert plain.encode_queries(["Who opened the embassy?"]).shape == (1, plain.dimensions)


@pytest.mark.process
def test_nothing_is_reported_to_the_maker_of_openvino(tmp_path: Path) -> None:
    """It would leave a client's number in a folder of the user's, and send it."""
    path = str(ModelStore(MODELS).path(NAME))
    program = f"from index.embedding import SentenceEncoder; SentenceEncoder({NAME!r}, {path!r}).accelerate()"
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "HOME": str(tmp_path)}, cwd=ROOT)
    assert done.returncode == 0
    assert not (tmp_path / "intel").exists()


def test_what_has_nothing_in_common_is_hardly_alike(encoder: SentenceEncoder) -> None:
    asked = encoder.encode_queries(["How many tents were sent to the camp?"])[0]
    told = encoder.encode_chunks(
        ["Norway sent 300 tents to the camp.", "The bank kept its key rate.", "Ол қайтыс болды."]
    )
    answer, *others = likeness(told @ asked, encoder.unrelated)
    assert answer > 0.1 + max(others)
    assert max(others) < 0.35


def test_threads_may_share_it(encoder: SentenceEncoder) -> None:
    alone = [encoder.encode_queries([text]) for text in CHUNKS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: encoder.encode_queries([text]), CHUNKS * 5))
    for number, vector in enumerate(together):
        np.testing.assert_allclose(vector, alone[number % len(CHUNKS)], atol=1e-3)
