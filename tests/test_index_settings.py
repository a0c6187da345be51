"""Settings: layers, bounds, refusals with a suggestion, and the example file."""

import tomllib
from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import Settings, known_settings, paths

EXAMPLE = Path(__file__).parent.parent / "communique.example.toml"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "communique.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_runs_without_file() -> None:
    assert Settings.load(environ={}) == Settings()


def test_example_equals_defaults() -> None:
    assert Settings.load(EXAMPLE, environ={}) == Settings()
    assert list(paths(tomllib.loads(EXAMPLE.read_text()))) == known_settings()


def test_environment_wins_over_file() -> None:
    written("[server]\nport = 8000\nhost = '::1'\n")
    settings = Settings.load(environ={"COMMUNIQUE_SERVER_PORT": "9000"})
    assert (settings.server.port, settings.server.host) == (9000, "::1")


def test_named_file_replaces_the_one_here() -> None:
    written("[server]\nport = 8000\n")
    written("[answer]\nthreshold = 0.25\n", "other.toml")
    settings = Settings.load(environ={"COMMUNIQUE_SETTINGS": "other.toml"})
    assert (settings.server.port, settings.answer.threshold) == (7860, 0.25)


def test_home_holds_all_folders() -> None:
    settings = Settings.load(environ={"COMMUNIQUE_HOME": "/srv/a"})
    folders = [settings.models_folder, settings.snapshots_folder, settings.inbox_folder, settings.feedback_folder]
    assert [str(folder) for folder in folders] == [f"/srv/a/{x}" for x in ("models", "snapshots", "inbox", "feedback")]


def test_models_may_be_shared() -> None:
    environ = {"COMMUNIQUE_HOME": "/srv/a", "COMMUNIQUE_MODEL_FOLDER": "/srv/models"}
    assert Settings.load(environ=environ).models_folder == Path("/srv/models")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model]\nnam = 'x'", "unknown setting `model.nam` in communique.toml; did you mean `model.name`?"),
        ("[modell]\nname = 'x'", "unknown setting `modell.name` in communique.toml; did you mean `model.name`?"),
        ("[zzz]", "unknown setting `zzz` in communique.toml; communique.example.toml lists them all."),
        ("hom = 'x'", "unknown setting `hom` in communique.toml; did you mean `home`?"),
        ("model = 'x'", "`model` in communique.toml is a section: write `[model]` on a line, its settings below it."),
    ],
)
def test_unknown_key_in_file(text: str, message: str) -> None:
    written(text)
    with pytest.raises(SettingsError) as error:
        Settings.load(environ={})
    assert str(error.value) == message


def test_unknown_key_in_environment() -> None:
    with pytest.raises(SettingsError, match=r"`COMMUNIQUE_MODEL_NAM` .* did you mean `COMMUNIQUE_MODEL_NAME`\?"):
        Settings.load(environ={"COMMUNIQUE_MODEL_NAM": "x", "PATH": "/bin"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVER_PORT", "65536"),
        ("ANSWER_THRESHOLD", "1.01"),
        ("ANSWER_THRESHOLD", "nan"),
        ("INDEX_CHUNK_CHARACTERS", "199"),
        ("MODEL_THREADS", "-1"),
        ("MODEL_NAME", ""),
        ("ANSWER_EVIDENCE_SENTENCES", "many"),
        ("SERVER_PREFIX", "communique"),
        ("SERVER_PREFIX", "/a//b"),
        ("LIMITS_BODY_BYTES", "0"),
        ("LIMITS_CONNECTIONS", "1000000"),
        ("LIMITS_ANSWER_SECONDS", "0"),
    ],
)
def test_bounds(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.load(environ={f"COMMUNIQUE_{name}": value})
    assert f"{value!r} (from COMMUNIQUE_{name})" in str(error.value)


def test_hosts_come_as_a_list_or_with_commas_and_are_compared_in_ascii() -> None:
    assert Settings.load(environ={"COMMUNIQUE_INDEX_LINK_HOSTS": "Gov.kz, мид.рф"}).index.link_hosts == (
        "gov.kz",
        "xn--d1ahl.xn--p1ai",
    )
    written('[index]\nlink_hosts = ["press.example.org"]\n')
    assert Settings.load(environ={}).index.link_hosts == ("press.example.org",)


@pytest.mark.parametrize("value", ["https://gov.kz", "kz", "gov.kz/press", "*.gov.kz"])
def test_an_address_is_no_host(value: str) -> None:
    with pytest.raises(
        SettingsError,
        match=r"`index.link_hosts` is .*, but it holds .*, which is no host name",
    ):
        Settings.load(environ={"COMMUNIQUE_INDEX_LINK_HOSTS": value})


def test_a_key_in_the_environment_is_no_setting() -> None:
    assert Settings.load(environ={"COMMUNIQUE_MODEL_KEY": "sk-1"}) == Settings()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("127.0.0.1:8080", "is no address of a server"),
        ("ftp://host/v1", "is no address of a server"),
        ("http://host:port/v1", "is no address of a server"),
        ("http://user:secret@host/v1", "must not hold a password; set COMMUNIQUE_MODEL_KEY instead"),
    ],
)
def test_an_address_of_a_server_is_one_without_a_password(value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as error:
        Settings.load(environ={"COMMUNIQUE_MODEL_SERVER": value})
    assert "secret" not in str(error.value)


def test_refusal_names_value_and_bound() -> None:
    written("[server]\nport = 99999\n")
    with pytest.raises(SettingsError) as error:
        Settings.load(environ={})
    expected = "`server.port` is 99999 (from communique.toml), but it should be less than or equal to 65535."
    assert str(error.value) == expected


def test_answer_must_leave_room_for_prompt() -> None:
    with pytest.raises(SettingsError, match=r"`\[model\]` .*max_answer_tokens \(600\) .*context_tokens \(512\)"):
        Settings.load(environ={"COMMUNIQUE_MODEL_MAX_ANSWER_TOKENS": "600", "COMMUNIQUE_MODEL_CONTEXT_TOKENS": "512"})


@pytest.mark.parametrize(("content", "words"), [(b"[model", "not valid TOML"), (b"\xff\xfe", "not valid TOML")])
def test_unreadable_file(content: bytes, words: str) -> None:
    Path("communique.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        Settings.load(environ={})


def test_missing_file_is_named() -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read: No such file"):
        Settings.load(environ={"COMMUNIQUE_SETTINGS": "nowhere.toml"})


def test_a_list_in_the_environment_has_commas() -> None:
    environ = {"COMMUNIQUE_SERVER_NAMES": "chat.example.org, b", "COMMUNIQUE_SERVER_PROXIES": "10.0.0.0/8,::1"}
    server = Settings.load(environ=environ).server
    assert (server.names, server.proxies) == (("chat.example.org", "b"), ("10.0.0.0/8", "::1"))


def test_a_proxy_is_an_address_or_a_network() -> None:
    with pytest.raises(SettingsError, match=r"`server\.proxies` is .* 'proxy\.example' does not appear to be"):
        Settings.load(environ={"COMMUNIQUE_SERVER_PROXIES": "proxy.example"})
