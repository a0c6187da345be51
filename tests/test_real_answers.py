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


def prompt(*parts: str, asked: str = ASKED) -> Prompt:
    text = " ".join(parts)
    return Prompt(
        "You check whether a text answers a question.", f"Text: {text}\n\nQuestion: {asked}\n\nReply Yes or No."
    )


def test_the_default_model_holds_which_sentence_answers(assistant: Assistant) -> None:
    model = assistant._drafter._generator
    assert isinstance(model, LocalGenerator)
    read = Prompt("You check whether a text answers a question.", f"Question: {ASKED}\n\nText: {' '.join(TOLD)}")
    held = model.held_of(read, TOLD, lambda: False)
    if assistant._drafter.model == FALLBACK:
        assert held is None  # whose layers are not known
        return
    assert held is not None
    answers = [of_it.answers for of_it in held]
    assert max(answers) == answers[1] > 1 + max(answers[0], answers[2])
    # Of a prompt that was read no further than it took nothing is left that another would read on from. (What is read
    # in other batches differs in the last bits of a float.)
    alone = model.odds(prompt(*TOLD), lambda: False)
    assert np.array(model.held_of(read, TOLD, lambda: False)) == pytest.approx(np.array(held), abs=0.1)
    again = model.odds(prompt(*TOLD), lambda: False)
    assert (again.said, again.held) == pytest.approx((alone.said, alone.held), abs=0.4)


def test_the_default_model_holds_whether_a_text_answers(assistant: Assistant) -> None:
    model = assistant._drafter._generator
    assert isinstance(model, LocalGenerator)
    if assistant._drafter.model == FALLBACK:
        assert model.odds(prompt(*TOLD), lambda: False).held is None  # whose layers are not known
        return
    first, answered, unanswered = (model.odds(prompt(*told), lambda: False).held for told in (TOLD, TOLD, TOLD[::2]))
    assert first
    assert answered
    assert unanswered
    assert answered > 1 + unanswered
    assert answered == pytest.approx(first, abs=0.4)  # Also of a prompt that is known to its end.


def test_the_default_model_holds_what_a_question_takes_for_granted(assistant: Assistant) -> None:
    model = assistant._drafter._generator
    assert isinstance(model, LocalGenerator)
    kept = (
        TOLD[0],
        "(3 May 2024) The minister decided to keep the yearly sum for schools in Peru at 30 million euros.",
    )
    false, sound = (
        "Why did the minister halve the yearly sum for schools in Peru?",
        "What is the sum for schools in Peru?",
    )
    denied = [model.odds(prompt(*kept, asked=asked), lambda: False).denied for asked in (false, sound)]
    if assistant._drafter.model == FALLBACK:
        assert denied == [None, None]
        return
    of_false, of_sound = denied
    assert of_false is not None
    assert of_sound is not None
    assert of_false > 1 + of_sound
    held = model.held_of(
        Prompt("You check whether a text answers a question.", f"Question: {false}\n\nText: {' '.join(kept)}"),
        kept,
        lambda: False,
    )
    assert held
    assert held[1].denies > 1 + held[0].denies
