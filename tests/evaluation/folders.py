"""The releases of a folder with questions, opened apart from everything else."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.opening import rebuild
from index.settings import Settings
from rag.assistant import Assistant
from rag.generation import LocalGenerator
from rag.opening import open_assistant


@contextlib.contextmanager
def opened_apart(releases: Path, settings: Settings) -> Iterator[tuple[Assistant, LocalGenerator]]:
    """An assistant over a file of releases, in a home of its own, and the model in this process that it asks.

    Raises TypeError where the model is behind a server, which shows nothing of what goes on in it.
    """
    with tempfile.TemporaryDirectory(prefix="communique-") as home:
        models = {**settings.model.model_dump(), "folder": str(settings.models_folder.resolve())}
        apart = Settings.model_validate({**settings.model_dump(), "home": home, "model": models})
        rebuild([releases], settings=apart)
        assistant = open_assistant(apart)
        generator = assistant._drafter._generator
        if not isinstance(generator, LocalGenerator):
            raise TypeError("a model behind a server does not show what goes on in it")
        yield assistant, generator
