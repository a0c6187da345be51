"""The product as its user meets it: the shipped releases, the real encoder and real language models.

The questions are those a newcomer asks of `seeds/`, each in three wordings; four have no answer there.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.model_store import FALLBACK, ModelStore
from index.opening import rebuild
from index.settings import Settings
from rag.answers import Answer
from rag.assistant import Assistant
from rag.generation import LocalGenerator, Prompt
from rag.opening import open_assistant
from rag.probe import Glance, Verdict

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


TOLD = (
    "(2 May 2024) The president visited Kenya and met farmers.",
    "(3 May 2024) The minister promised 30 million euros for schools in Peru.",
    "(4 May 2024) The delegation travelled on to Ghana by train.",
)
ASKED = "Which sum was pledged for classrooms in South America?"


SYSTEM = "You check whether a text answers a question."


def judged(model: LocalGenerator, *parts: str, asked: str = ASKED) -> Verdict:
    told = f"Text: {' '.join(parts)}\n\nQuestion: {asked}\n\nReply Yes or No."
    return model.odds(Prompt(SYSTEM, told), lambda: False)


def seen(model: LocalGenerator, *parts: str, asked: str = ASKED) -> Glance | None:
    """What a model holds of sentences, the question around them."""
    behind = f"\n\nQuestion: {asked}\n\nReply Yes or No."
    told = f"Question: {asked}\n\nText: {' '.join(parts)}{behind}"
    return model.glance(Prompt(SYSTEM, told), parts, behind, lambda: False)


@pytest.fixture(scope="module")
def model(assistant: Assistant) -> LocalGenerator:
    """The language model, whose layers are known."""
    if assistant._drafter.model == FALLBACK:
        pytest.skip("the layers of the small model are not known")
    assert isinstance(assistant._drafter._generator, LocalGenerator)
    return assistant._drafter._generator


def test_the_default_model_holds_which_sentence_answers(model: LocalGenerator) -> None:
    model.warm(SYSTEM)  # So that it reads on from the same place, in the same batches, as after the glances below.
    alone, found = judged(model, *TOLD), seen(model, *TOLD)
    assert found
    answers = [of_it.answers for of_it in found.sentences]
    assert max(answers) == answers[1] > 1 + max(answers[0], answers[2])
    # Of a prompt that was read no further than it took nothing is left that another would read on from. (What is read
    # in other batches differs in the last bits of a float.)
    after = seen(model, *TOLD)
    assert after
    assert np.array(after.sentences) == pytest.approx(np.array(found.sentences), abs=0.2)
    assert after.text == pytest.approx(found.text, abs=0.2)
    again = judged(model, *TOLD)
    assert (again.said, *(again.held or ())) == pytest.approx((alone.said, *(alone.held or ())), abs=0.05)


def test_the_default_model_holds_whether_a_text_answers(model: LocalGenerator) -> None:
    first, answered, unanswered = (judged(model, *told).held for told in (TOLD, TOLD, TOLD[::2]))
    assert first
    assert answered
    assert unanswered
    assert answered.answers > 1 + unanswered.answers
    assert answered.answers == pytest.approx(first.answers, abs=0.4)  # Also of a prompt that is known to its end.
    whole, without = seen(model, *TOLD), seen(model, *TOLD[::2])
    assert whole
    assert without
    assert whole.text.answers > 1 + without.text.answers


def test_the_default_model_holds_what_a_question_takes_for_granted(model: LocalGenerator) -> None:
    kept = (
        TOLD[0],
        "(3 May 2024) The minister decided to keep the yearly sum for schools in Peru at 30 million euros.",
    )
    false, sound = (
        "Why did the minister halve the yearly sum for schools in Peru?",
        "What is the sum for schools in Peru?",
    )
    of_false, of_sound = (judged(model, *kept, asked=asked).held for asked in (false, sound))
    assert of_false
    assert of_sound
    assert of_false.denies > 1 + of_sound.denies
    at_false, at_sound = (seen(model, *kept, asked=asked) for asked in (false, sound))
    assert at_false
    assert at_sound
    assert at_false.text.denies > 1 + at_sound.text.denies
    assert at_false.sentences[1].denies > 1 + at_false.sentences[0].denies
