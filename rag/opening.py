"""From settings to an assistant: index, encoder and language model, opened once."""

from index.model_store import FALLBACK, ModelStore
from index.opening import OnFetch, open_encoder
from index.settings import Settings
from index.snapshots import SnapshotStore
from rag.assistant import Assistant
from rag.drafting import Drafter
from rag.generation import Generator, LocalGenerator
from rag.library import Library

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
    drafter = Drafter(generator, settings.model.max_answer_tokens)
    drafter.warm()
    return Assistant(library, drafter, settings.answer.evidence_sentences, settings.answer.threshold, note)


def open_generator(settings: Settings) -> tuple[Generator, str]:
    """The language model of the settings, or the small one that is always there, with a note that says so."""
    path, note = ModelStore(settings.models_folder).serving(settings.model.name)
    name = FALLBACK if note else settings.model.name
    return LocalGenerator(name, path, settings.model.context_tokens, settings.model.threads), note
