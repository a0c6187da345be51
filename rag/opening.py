"""From settings to an assistant: index, encoder and language model, opened once."""

import os
from collections.abc import Mapping
from pathlib import Path

from index.errors import SettingsError
from index.model_store import FALLBACK, ModelStore
from index.opening import OnFetch, open_encoder
from index.setting_values import KEY_VARIABLE
from index.settings import ModelSettings, Settings
from index.snapshots import SnapshotStore
from rag.assistant import Assistant
from rag.drafting import Drafter
from rag.generation import Generator, LocalGenerator
from rag.library import Library
from rag.model_server import Access, ModelServer
from rag.served import ServedGenerator

NO_MODEL = "No language model is in use: answers are quotations."


def open_assistant(
    settings: Settings | None = None, use_model: bool = True, on_fetch: OnFetch | None = None
) -> Assistant:
    """The assistant of the settings; without `use_model` it answers by quotation alone.

    Raises IndexMissingError before anything heavy is loaded where there is no index yet.
    """
    settings = settings or Settings.load()
    SnapshotStore(settings.home).require()
    generator, note = open_generator(settings) if use_model else (None, NO_MODEL)
    library = Library(settings.home, open_encoder(settings, on_fetch), settings.index.link_hosts)
    at_once = settings.model.server_answers if settings.model.server else 1
    drafter = Drafter(generator, settings.model.max_answer_tokens, at_once)
    drafter.warm()
    return Assistant(library, drafter, settings.answer.evidence_sentences, settings.answer.threshold, note)


def open_generator(settings: Settings) -> tuple[Generator, str]:
    """The language model of the settings, or the small one that is always there, with a note that says so.

    Where the settings name a server it is the one there, whether it answers or not: each question tries it.
    """
    if settings.model.server:
        return open_served(settings.model), ""
    path, note = ModelStore(settings.models_folder).serving(settings.model.name)
    name = FALLBACK if note else settings.model.name
    return LocalGenerator(name, path, settings.model.context_tokens, settings.model.threads), note


def open_served(settings: ModelSettings) -> ServedGenerator:
    """The model behind the server of the settings; nothing is asked of it yet."""
    access = Access(settings.server, server_key(settings), settings.server_seconds)
    return ServedGenerator(ModelServer(access), settings.server_model)


def server_key(settings: ModelSettings, environ: Mapping[str, str] = os.environ) -> str:
    """The key of the model's server: from the environment, else from the file of the settings, else "".

    Raises SettingsError, without a word of the key, for one that cannot be read or sent.
    """
    key, place = environ.get(KEY_VARIABLE, "").strip(), KEY_VARIABLE
    if not key and settings.server_key_file:
        place = settings.server_key_file
        try:
            key = Path(place).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            words = f"The key of the model's server cannot be read from {place}"
            raise SettingsError(f"{words}; correct model.server_key_file.") from error
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(f"The key of the model's server in {place} is no key: it has blanks or signs in it.")
    return key
