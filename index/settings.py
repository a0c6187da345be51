"""Settings: what a user can change, with defaults that need no file at all.

Three layers, a later one wins:

1. the defaults below;
2. `communique.toml` in the working directory, or the file that `COMMUNIQUE_SETTINGS` names;
3. the environment: `COMMUNIQUE_<SECTION>_<KEY>`, such as `COMMUNIQUE_SERVER_PORT=8080`, and `COMMUNIQUE_HOME`.

A key nobody knows is refused with the nearest known one, so that a slip of the pen never passes for a setting.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.errors import SettingsError
from index.setting_values import KEY_VARIABLE, TOKEN_VARIABLE, Address, Folder, Hosts, Networks, Place, Word, Words

FILE_NAME = "communique.toml"
PREFIX = "COMMUNIQUE_"
FILE_VARIABLE = "COMMUNIQUE_SETTINGS"
PASSWORD_VARIABLE = "COMMUNIQUE_ADMIN_PASSWORD"
"""A secret is no setting: it stands in no file, and is printed nowhere."""

NO_SETTINGS = (FILE_VARIABLE, PASSWORD_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE)

_USER = re.compile(r"(?<=//)[^/?#\s]*@")
"""Who an address says to be, and the password: neither is repeated in an error."""


class Section(BaseModel):
    """A group of settings: unknown keys refused, values checked, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IndexSettings(Section):
    """What the index is built from, and how."""

    seeds: Folder = Field(default=Path("seeds"), description="folder of releases indexed when no other was ever named")
    encoder: Word = Field(
        default="multilingual-e5-small", description="a known encoder, a folder or a sentence-transformers hub id"
    )
    chunk_characters: int = Field(default=800, ge=200, le=8_000, description="the most characters a chunk holds")
    vectors: Place = Field(
        default="", description="a Milvus server, or a file of Milvus Lite, to search in; empty: FAISS in this process"
    )
    link_hosts: Hosts = Field(
        default=(), description="hosts to which the addresses of releases are links; to any other they are text"
    )


class ModelSettings(Section):
    """The language model that words the answer."""

    name: Word = Field(
        default="qwen2.5-coder-1.5b", description="a known model, a path to a GGUF file or hub:OWNER/REPO/FILE"
    )
    folder: str = Field(
        default="", description="model files shared by several homes; empty: models/ under the home folder"
    )
    context_tokens: int = Field(default=2_048, ge=512, le=131_072, description="the longest prompt and answer together")
    max_answer_tokens: int = Field(default=256, ge=16, le=4_096, description="where a running answer is stopped")
    threads: int = Field(default=0, ge=0, le=512, description="0: as many as the machine has physical cores")
    server: Address = Field(default="", description="an OpenAI-compatible server of the model; empty: this process")
    server_model: str = Field(default="", description="the model's name at the server; empty: the first that it names")
    server_key_file: str = Field(default="", description="a file that holds the server's key")
    server_seconds: float = Field(default=60, ge=1, le=3_600, description="how long the server may be silent")
    server_answers: int = Field(default=1, ge=1, le=1_024, description="answers that the server is asked for at a time")

    @model_validator(mode="after")
    def leaves_room(self) -> Self:
        """Refuse an answer so long that no prompt would fit before it."""
        if self.max_answer_tokens >= self.context_tokens:
            raise ValueError(
                f"max_answer_tokens ({self.max_answer_tokens}) must be smaller than context_tokens "
                f"({self.context_tokens}), or no prompt fits"
            )
        return self


class AnswerSettings(Section):
    """How much evidence an answer gets and how sure it must be."""

    evidence_sentences: int = Field(
        default=8, ge=1, le=64, description="sentences weighed where the newest is asked for; more where any may answer"
    )
    threshold: float = Field(default=0.6, ge=0, le=1, description="below this probability the question is refused")


class ServerSettings(Section):
    """Where the chat page is served, and what stands before it."""

    host: Word = Field(default="127.0.0.1", description="the address to listen on")
    port: int = Field(default=7_860, ge=0, le=65_535, description="0: any free port")
    names: Words = Field(default=(), description="further names, or name:port, under which the page may be asked for")
    proxies: Networks = Field(default=(), description="reverse proxies, by address or network, that are believed")
    prefix: str = Field(
        default="", pattern=r"^(/[A-Za-z0-9._~-]+)*$", description="the path below which a proxy serves the page"
    )


class LimitSettings(Section):
    """How much of the program one client, and all of them together, may take."""

    connections: int = Field(default=500, ge=8, le=10_000, description="open connections in all")
    connections_per_client: int = Field(default=100, ge=4, le=10_000, description="open connections of one address")
    header_bytes: int = Field(default=16_384, ge=4_096, le=65_536, description="the first line and headers together")
    body_bytes: int = Field(default=2_000_000, ge=10_000, le=100_000_000, description="what a request may carry")
    patience_seconds: int = Field(default=20, ge=1, le=600, description="how long a slow client is waited for")
    requests_per_minute: int = Field(default=3_000, ge=60, le=1_000_000, description="requests of one client")
    questions_per_minute: int = Field(default=30, ge=1, le=10_000, description="questions of one client")
    questions: int = Field(default=20, ge=1, le=1_000, description="questions answered or waiting, of all clients")
    questions_per_client: int = Field(default=4, ge=1, le=1_000, description="questions answered or waiting, of one")
    answer_seconds: int = Field(
        default=300, ge=5, le=3_600, description="after which a question is given up, its waiting included"
    )
    stop_seconds: int = Field(default=8, ge=0, le=600, description="for running answers, once told to end (SIGTERM)")


class LogSettings(Section):
    """What `communique chat` writes to standard error."""

    format: Literal["off", "text", "json"] = Field(default="off", description="a line for each question; off: warnings")
    clients: bool = Field(default=True, description="whether a line says who asked, by user or address")
    questions: bool = Field(default=False, description="whether a line holds the question and the answer")


class Settings(Section):
    """All settings. `Settings()` is the defaults; `Settings.load()` reads the file and the environment."""

    home: Folder = Field(
        default=Path(".communique"), description="everything written at run time lies under this folder"
    )
    index: IndexSettings = IndexSettings()
    model: ModelSettings = ModelSettings()
    answer: AnswerSettings = AnswerSettings()
    server: ServerSettings = ServerSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def load(cls, file: Path | None = None, environ: Mapping[str, str] | None = None) -> Self:
        """The defaults, overlaid by the settings file, overlaid by the environment.

        `file` stands in for the file that would be looked for; `environ` for `os.environ`. Raises `SettingsError` for
        a file that is missing or unreadable, an unknown key, or a value out of bounds.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Value] = {}
        path = file or settings_file(environ)
        if path is not None:
            values |= file_values(path)
        values |= environment_values(environ)
        try:
            return cls.model_validate(nested(values))
        except ValidationError as error:
            raise SettingsError(explain(error, values)) from None

    @property
    def models_folder(self) -> Path:
        """Where model files lie: `model.folder` if set, else under the home folder."""
        return Path(self.model.folder).expanduser() if self.model.folder else self.home / "models"

    @property
    def snapshots_folder(self) -> Path:
        """Where the built versions of the index lie."""
        return self.home / "snapshots"

    @property
    def inbox_folder(self) -> Path:
        """Where added releases are kept."""
        return self.home / "inbox"

    @property
    def feedback_folder(self) -> Path:
        """Where readers' judgements of answers are kept."""
        return self.home / "feedback"


@dataclass(frozen=True)
class Value:
    """One setting as it was found: its value and where it stood, for the message when it is wrong."""

    content: object
    source: str


def known_settings() -> list[str]:
    """Every setting by its path, `home`, `model.name`, ..., in the order of the example file."""
    return list(paths(Settings().model_dump()))


def paths(table: Mapping[str, object], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from paths(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def settings_file(environ: Mapping[str, str]) -> Path | None:
    """The file that `COMMUNIQUE_SETTINGS` names, else `communique.toml` if there is one here."""
    named = environ.get(FILE_VARIABLE)
    if named:
        return Path(named).expanduser()
    return Path(FILE_NAME) if Path(FILE_NAME).is_file() else None


def file_values(path: Path) -> dict[str, Value]:
    """The settings of one TOML file by path, every key known."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(f"The settings file {path} cannot be read: {reason}. Correct {FILE_VARIABLE}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    return {key: Value(value, str(path)) for key, value in flat(table, path)}


def flat(table: Mapping[str, object], source: Path) -> Iterator[tuple[str, object]]:
    """Walk a file's table: (`model.name`, value) pairs; unknown sections and keys are refused on the way."""
    known = known_settings()
    sections = {path.split(".")[0] for path in known if "." in path}
    for key, value in table.items():
        if key not in sections:
            below = paths(value, f"{key}.") if isinstance(value, Mapping) else iter(())
            yield checked(next(below, key), known, str(source)), value
        elif not isinstance(value, Mapping):
            raise SettingsError(f"`{key}` in {source} is a section: write `[{key}]` on a line, its settings below it.")
        else:
            for inner, leaf in value.items():
                yield checked(f"{key}.{inner}", known, str(source)), leaf


def environment_values(environ: Mapping[str, str]) -> dict[str, Value]:
    """The settings in the environment by path, every `COMMUNIQUE_...` variable known."""
    variables = {PREFIX + path.replace(".", "_").upper(): path for path in known_settings()}
    found = [name for name in environ if name.startswith(PREFIX) and name not in NO_SETTINGS]
    for name in found:
        checked(name, [*variables, FILE_VARIABLE], "the environment")
    return {variables[name]: Value(environ[name], name) for name in found}


def checked(key: str, known: Iterable[str], source: str) -> str:
    """`key` itself if it is known; else the refusal with the nearest known one."""
    if key in known:
        return key
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
    hint = f"did you mean `{near[0]}`?" if near else "communique.example.toml lists them all."
    raise SettingsError(f"unknown setting `{key}` in {source}; {hint}")


def nested(values: Mapping[str, Value]) -> dict[str, object]:
    """{`model.name`: value} as the tables that pydantic reads."""
    tree: dict[str, object] = {}
    sections: dict[str, dict[str, object]] = {}
    for path, value in values.items():
        section, _, key = path.rpartition(".")
        (sections.setdefault(section, {}) if section else tree)[key] = value.content
    return tree | sections


def explain(error: ValidationError, values: Mapping[str, Value]) -> str:
    """The first fault in one line: the setting, its value, where it stood and what is wrong."""
    fault = error.errors()[0]
    path = ".".join(str(part) for part in fault["loc"])
    reason = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    found = values.get(path)
    if found is None:
        return f"The settings `[{path}]` do not fit together: {reason}."
    shown = _USER.sub("…@", repr(found.content))
    return f"`{path}` is {shown} (from {found.source}), but it {reason}."
