"""Ask a file of questions over a file of releases and write one prediction a line.

A question is a JSON object a line: `id`, `question`, and optionally `history` (turns) and `now` (an ISO day). A
prediction is the question's `id` beside what `Answer.to_dict()` holds. The releases are indexed apart from the user's
own index, their `text` kept as it is, so that spans point into it.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.opening import rebuild
from index.plan import OnProgress
from index.settings import Settings
from rag.opening import open_assistant


def evaluate(
    questions: Path,
    releases: Path,
    out: Path,
    settings: Settings,
    use_model: bool = True,
    on_progress: OnProgress | None = None,
    on_answer: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write predictions for all questions to `out`; returns how many.

    Raises UsageError for a file that is missing or a line that is not a question.
    """
    asked = list(read_questions(questions))
    if not releases.exists():
        raise UsageError(f"{releases} does not exist")
    with tempfile.TemporaryDirectory(prefix="communique-") as home:
        models = {**settings.model.model_dump(), "folder": str(settings.models_folder.resolve())}
        apart = Settings.model_validate({**settings.model_dump(), "home": home, "model": models})
        rebuild([releases], on_progress, settings=apart)
        assistant = open_assistant(apart, use_model=use_model)
        with out.open("w", encoding="utf-8") as file:
            for number, question in enumerate(asked, 1):
                answer = assistant.ask(question["question"], question.get("history", ()), now=question.get("now"))
                file.write(json.dumps({"id": question["id"], **answer.to_dict()}, ensure_ascii=False) + "\n")
                file.flush()
                on_answer(number, len(asked))
    return len(asked)


def read_questions(path: Path) -> Iterator[dict[str, Any]]:
    """The questions of a JSON Lines file; UsageError names the line that is not one."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}, line {number}: not JSON ({error})") from error
        if not isinstance(question, dict) or not {"id", "question"} <= question.keys():
            raise UsageError(f"{path}, line {number}: a question needs `id` and `question`")
        yield question
