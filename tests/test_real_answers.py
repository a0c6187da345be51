"""The product as its user meets it: the shipped releases, the real encoder and real language models.

The questions are those a newcomer asks of `seeds/`, each in three wordings; four have no answer there.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from index.model_store import FALLBACK, ModelStore
from index.opening import rebuild
from index.settings import Settings
from rag.answers import Answer
from rag.assistant import Assistant
from rag.opening import open_assistant

HERE = Path(__file__).parent
QUESTIONS: list[dict[str, Any]] = json.loads((HERE / "data" / "seed_questions.json").read_text(encoding="utf-8"))
SEEDS = HERE.parent / "seeds"
NOW = "2024-04-01"

pytestmark = pytest.mark.model


def settings(home: Path, model: str, models: Path) -> Settings:
    return Settings.model_validate({"home": home, "model": {"name": model, "folder": str(models)}})


@pytest.fixture(scope="module", params=[FALLBACK, Settings().model.name])
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the seeds with one of the models that `make test` fetched."""
    models = HERE.parent / ".communique" / "models"
    ModelStore(models).path(request.param)
    chosen = settings(tmp_path_factory.mktemp("home"), request.param, models)
    rebuild([SEEDS], settings=chosen)
    return open_assistant(chosen)


def right(question: dict[str, Any], answer: Answer) -> bool:
    if question["answer"] is None:
        return answer.refused
    held = all(any(text.lower() in answer.text.lower() for text in group) for group in question["answer"])
    cited = any(question["quote"] in citation.quote for citation in answer.citations)
    return held and cited and not answer.refused


def test_what_is_cited_stands_in_the_release(assistant: Assistant) -> None:
    for question in QUESTIONS[::3]:
        answer = assistant.ask(question["wordings"][0], now=NOW)
        for citation in answer.citations:
            release = assistant.release(citation.release_id)
            assert release is not None
            assert citation.quote == release.text[citation.start : citation.end]
        shown = {citation.marker for citation in answer.citations}
        assert {marker for sentence in answer.sentences for marker in sentence.citations} == shown


def test_the_default_model_answers_the_newcomers_questions(assistant: Assistant) -> None:
    if assistant.coverage().model == FALLBACK:
        pytest.skip("the small model only has to cite truly")
    results = [(q["answer"] is None, right(q, assistant.ask(q["wordings"][0], now=NOW))) for q in QUESTIONS]
    assert sum(fine for absent, fine in results if not absent) >= 7
    assert sum(fine for absent, fine in results if absent) == 4
