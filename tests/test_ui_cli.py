"""The command line: one clear line and the right exit code for every slip, and nothing changed on disk."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import ui.cli
from index.errors import ModelError
from rag.generation import Generator
from tests.fakes import FakeEncoder, FakeGenerator, built, held, release, shelved, tree
from tests.model_stand_in import MODEL, Reply, model_stand_in
from ui.doctor import examine

ROOT = Path(__file__).parent.parent
OIL = release("oil", "The price of oil rose to 80 dollars.", "2024-03-07", title="Oil prices")
GAS = release("gas", "The price of gas fell in Almaty.", "2023-09-07", title="Gas prices")
QUESTION = "What did the price of oil do?"
Result = tuple[int, str, str]
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command in this process, in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["communique", *words])
        code: object = 0
        try:
            ui.cli.main()
        except SystemExit as end:
            code = end.code or 0
        assert isinstance(code, int)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeGenerator:
    """Fakes in the place of encoder and language model; every question with evidence is answered."""
    fake = FakeGenerator()

    def generator(*_: object) -> tuple[Generator, str]:
        return fake, ""

    for place in ("index.opening", "rag.opening"):
        monkeypatch.setattr(f"{place}.open_encoder", lambda *_: FakeEncoder())
    monkeypatch.setattr("rag.opening.open_generator", generator)
    monkeypatch.setenv("COMMUNIQUE_ANSWER_THRESHOLD", "0")
    return fake


SLIPS = [
    (["asc", "oil"], 2, "there is no command 'asc'; did you mean 'ask'?"),
    (["xyzzy"], 2, "`communique --help` lists them all"),
    (["models", "pul"], 2, "pull"),
    (["ask"], 2, "Missing argument 'QUESTION'; see `communique ask --help`"),
    (["ask", "--bogus", "oil"], 2, "--bogus"),
    (["ask", ""], 2, "The question is empty."),
    (["ask", " \t\n"], 2, "The question is empty."),
    (["ask", "x" * 20_000], 2, "20,000 characters; 2,000 are the most"),
    (["ask", "?!…"], 2, "holds no words"),
    (["ask", "oil\x1b[2J"], 2, "control characters"),
    (["ask", "oil?", "--since", "2024-05-01", "--until", "2024-01-01"], 2, "2024-05-01 lies after --until 2024-01-01"),
    (["ask", "oil?", "--since", "yesterday"], 2, "'yesterday' is not a day; write it as YYYY-MM-DD"),
    (["ask", "oil?", "--now", "2024-02-30"], 2, "'2024-02-30' is not a day"),
    (["ask", "oil?"], 1, "no index under {home}; run `communique rebuild`"),
    (["rebuild", "nowhere"], 2, "no file or folder at nowhere"),
    (["rebuild"], 2, "no file or folder at seeds"),
    (["add", "nowhere"], 2, "nowhere does not exist; nothing was added"),
    (["add"], 2, "Missing argument"),
    (["chat", "--port", "99999"], 2, "99999"),
    (["chat", "--host", "0.0.0.0", "--port", "0"], 2, "no users: add one with `communique users add NAME`"),
    (["users", "add", "ann"], 2, "give it on standard input with --stdin"),
    (["users", "add", "a:b", "--stdin"], 2, "'a:b' is no name of a user"),
    (["users", "remove", "ann"], 1, "there is no user 'ann'"),
    (["users", "token", "ann"], 1, "there is no user 'ann'"),
    (["users", "password", "ann"], 2, "--stdin"),
]


@pytest.mark.parametrize(("words", "code", "line"), SLIPS, ids=[" ".join(words)[:30] for words, *_ in SLIPS])
def test_a_slip_is_one_clear_line(words: list[str], code: int, line: str, run: Run, tmp_path: Path, home: Path) -> None:
    before = tree(tmp_path)
    found, output, errors = run(*words)
    assert (found, output, tree(tmp_path)) == (code, "", before)
    assert errors.startswith("communique: ")
    assert errors.count("\n") == 1
    assert line.format(home=home) in errors


@pytest.mark.parametrize(
    ("words", "code"),
    [(["asc"], 2), (["ask", "?"], 2), (["ask", "oil?"], 1), (["rebuild", "nowhere"], 2), (["ask", b"\xff\xfe?"], 2)],
)
def test_a_process_ends_with_the_code_and_no_traceback(words: list[str | bytes], code: int, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from ui.cli import main; main()", *words]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(program, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.startswith("communique: ")
    assert ended.stderr.count("\n") == 1
    assert tree(tmp_path) == {}


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(ui.cli.communique, ["--help"])
    assert result.exit_code == 0
    assert all(name in result.output for name in ui.cli.communique.commands)


@pytest.mark.parametrize("name", sorted(ui.cli.communique.commands))
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(ui.cli.communique, [name, "--help"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    code, output, errors = run()
    assert (code, output) == (2, "")
    assert "Usage: communique" in errors


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "\n"),
        (ModelError("the model\nis gone"), 1, "communique: the model is gone\n"),
        (PermissionError(13, "Permission denied", "/srv/x"), 1, "communique: /srv/x: Permission denied\n"),
    ],
)
def test_an_error_becomes_a_line_and_a_code(
    error: BaseException, code: int, line: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("ui.terminal.print_status", fails)
    assert run("status") == (code, "", line)


def test_a_wrong_setting_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_SERVER_PROT", "1")
    code, output, errors = run("status")
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert "COMMUNIQUE_SERVER_PORT" in errors


@pytest.mark.usefixtures("model")
def test_a_rebuild_says_what_it_did(run: Run, home: Path, tmp_path: Path) -> None:
    shelf = shelved(tmp_path / "shelf", OIL, GAS)
    (shelf / "empty.txt").touch()
    code, output, _ = run("rebuild", "shelf")
    assert (code, held(home)) == (0, ["gas", "oil"])
    assert "2 releases indexed: 2 added, 0 changed, 0 withdrawn, 0 unchanged" in output
    assert "empty.txt: the file is empty" in output


@pytest.mark.usefixtures("model")
def test_a_rebuild_as_json(run: Run, tmp_path: Path) -> None:
    shelved(tmp_path / "shelf", OIL)
    code, output, _ = run("rebuild", "shelf", "--json")
    found = json.loads(output)
    assert (code, found["releases"], found["added"], found["set_aside"]) == (0, 1, 1, [])


def test_a_dry_run_loads_no_model_and_changes_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    built(home, OIL, encoder=FakeEncoder(name="multilingual-e5-small"))
    before = tree(tmp_path)
    shelf = shelved(tmp_path.parent / f"{tmp_path.name}-shelf", replace(OIL, id="petrol"), GAS)
    (shelf / "copy.txt").write_text("Hello\n\nText.")
    (shelf / "copy-2.txt").write_text("Hello\n\nText.")
    code, out, _ = run("rebuild", str(shelf), "--dry-run")
    assert (code, tree(tmp_path)) == (0, before)
    assert "2 added, 0 changed, 1 renamed, 0 withdrawn, 0 unchanged, 1 duplicate, 0 unreadable" in out
    assert "duplicate" in out.splitlines()[-1]


@pytest.mark.usefixtures("model")
def test_rolling_back_and_progress_as_json(run: Run, home: Path, tmp_path: Path) -> None:
    built(home, OIL)
    _, _, errors = run("rebuild", str(shelved(tmp_path / "shelf", OIL, GAS)), "--json")
    assert {"stage": "encoding", "done": 1, "of": 1} in [json.loads(line) for line in errors.splitlines()]
    code, out, _ = run("rebuild", "--rollback")
    assert (code, held(home)) == (0, ["oil"])
    assert "again, as it was before" in out
    assert run("rebuild", "--rollback")[0] == 1
    assert run("rebuild", "--rollback", "--dry-run")[0] == 2


@pytest.mark.usefixtures("model")
def test_without_paths_those_of_the_last_rebuild_are_read(run: Run, home: Path, tmp_path: Path) -> None:
    shelf = shelved(tmp_path / "shelf", OIL)
    run("rebuild", "shelf")
    shelved(shelf, GAS)
    assert run("rebuild")[0] == 0
    assert held(home) == ["gas", "oil"]


@pytest.mark.usefixtures("model")
def test_nothing_readable_changes_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    built(home, OIL)
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "photo.xyz").write_bytes(b"\x00")
    before = tree(tmp_path)
    code, output, errors = run("rebuild", "junk")
    assert (code, output, errors.count("\n"), tree(tmp_path)) == (1, "", 1, before)
    assert "nothing readable under junk" in errors


@pytest.mark.usefixtures("model")
def test_a_large_withdrawal_needs_yes(run: Run, home: Path, tmp_path: Path) -> None:
    built(home, OIL, GAS)
    shelved(tmp_path / "shelf", OIL)
    before = tree(tmp_path)
    code, output, errors = run("rebuild", "shelf")
    assert (code, output, tree(tmp_path)) == (2, "", before)
    assert "withdraw 1 of 2 releases, so nothing was changed; give --yes" in errors
    assert (run("rebuild", "shelf", "--yes")[0], held(home)) == (0, ["oil"])


@pytest.mark.usefixtures("model")
def test_add_withdraws_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    built(home, OIL)
    shelved(tmp_path / "new", GAS)
    code, output, _ = run("add", "new/gas.json")
    assert (code, held(home)) == (0, ["gas", "oil"])
    assert "1 added, 0 changed, 0 withdrawn, 1 unchanged" in output


@pytest.mark.usefixtures("model")
def test_status_as_json_holds_what_is_promised(run: Run, home: Path) -> None:
    assert json.loads(run("status", "--json")[1])["releases"] == 0
    report = built(home, OIL, GAS)
    code, output, _ = run("status", "--json")
    found = json.loads(output)
    assert code == 0
    assert [found[key] for key in ("releases", "snapshot", "since", "until")] == [
        2, report.snapshot, "2023-09-07", "2024-03-07"
    ]  # fmt: skip


def test_an_answer_is_printed_with_its_sources(run: Run, home: Path, model: FakeGenerator) -> None:
    built(home, OIL, GAS)
    model.answers.append(OIL.text)
    code, output, errors = run("ask", QUESTION)
    assert (code, errors) == (0, "")
    assert output.splitlines() == [
        f"{OIL.text} [1]", "", "[1] 7 March 2024, “Oil prices” (oil)", f"    “{OIL.text}”"
    ]  # fmt: skip


def test_streamed_whole_and_json_say_the_same(run: Run, home: Path, model: FakeGenerator) -> None:
    built(home, OIL, GAS)
    model.answers.extend([OIL.text] * 3)
    streamed, whole = run("ask", QUESTION)[1], run("ask", QUESTION, "--no-stream")[1]
    found = json.loads(run("ask", QUESTION, "--json")[1])
    assert streamed == whole
    assert streamed.startswith(found["text"])
    assert found["citations"][0]["quote"] == OIL.text


def test_a_refusal_ends_with_0(run: Run, home: Path, model: FakeGenerator) -> None:
    built(home, OIL, GAS)
    code, output, errors = run("ask", QUESTION, "--since", "2025-01-01")
    assert (code, errors, model.prompts) == (0, "", [])
    assert "7 March 2024" in output


@pytest.mark.usefixtures("model")
def test_asking_changes_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    built(home, OIL, GAS)
    before = tree(tmp_path)
    assert run("ask", QUESTION, "--no-llm")[0] == 0
    assert tree(tmp_path) == before


@pytest.mark.usefixtures("model")
def test_a_release_cannot_command_the_terminal(run: Run, home: Path) -> None:
    built(home, release("evil", "Oil \x1b[2J\x9b2J\u202eand gas were sold.", title="A\x1b]0;owned\x07 title"))
    output = run("ask", "Were oil and gas sold?", "--no-llm")[1]
    assert "and gas were sold" in output
    assert not set(output) & set("\x1b\x9b\x07\u202e")


def test_doctor_names_a_remedy_for_each_missing_part(run: Run) -> None:
    code, output, errors = run("doctor")
    failed = [line for line in output.splitlines() if line.startswith("FAIL")]
    assert (code, errors) == (1, "")
    assert [line.split()[1] for line in failed] == ["encoder:", "model:", "index:"]
    assert all("`communique " in line for line in failed)


def test_doctor_knows_an_encoder_that_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_INDEX_ENCODER", str(tmp_path))
    assert [finding.fine for finding in examine() if finding.part == "encoder"] == [True]


def test_doctor_asks_the_server_of_the_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with model_stand_in() as server:
        monkeypatch.setenv("COMMUNIQUE_MODEL_SERVER", server.url)
        server.replies.append(Reply(likely=None))
        assert f"ok   model: {MODEL} at {server.url}, without log probabilities" in run("doctor")[1]
        monkeypatch.setenv("COMMUNIQUE_MODEL_KEY", "sk-wrong")
        server.replies.append(Reply(status=401, body="sk-wrong is no key"))
        output = run("doctor")[1]
    assert "FAIL model: The server" in output
    assert "refuses the key (401)" in output
    assert "sk-wrong" not in output


def test_a_server_that_is_away_does_not_keep_anybody_from_asking(
    run: Run, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    built(home, OIL, GAS)
    monkeypatch.setattr("rag.opening.open_encoder", lambda *_: FakeEncoder())
    monkeypatch.setenv("COMMUNIQUE_ANSWER_THRESHOLD", "0")
    monkeypatch.setenv("COMMUNIQUE_MODEL_SERVER", "http://127.0.0.1:9/v1")
    code, output, errors = run("ask", QUESTION)
    assert code == 0
    assert "The price of oil rose" in output
    assert "The language model could not be asked" in output
    assert "The model's server does not answer" in errors


def test_with_a_server_only_the_encoder_is_fetched(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []
    for way in ("obtain", "pull"):
        monkeypatch.setattr(f"index.model_store.ModelStore.{way}", lambda _, name, __: fetched.append(name))
    monkeypatch.setenv("COMMUNIQUE_MODEL_SERVER", "http://127.0.0.1:9/v1")
    assert run("models", "ensure")[0] == 0
    assert fetched == ["multilingual-e5-small"]
    monkeypatch.delenv("COMMUNIQUE_MODEL_SERVER")
    assert run("models", "ensure")[0] == 0
    assert fetched[1:] == ["multilingual-e5-small", "smollm2-135m", "qwen2.5-coder-1.5b"]


def test_status_names_the_server_of_the_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_MODEL_SERVER", "http://127.0.0.1:9/v1")
    assert "http://127.0.0.1:9/v1" in run("status")[1]


def test_doctor_reports_a_setting_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_SERVER_PORT", "many")
    [finding] = examine()
    assert (finding.part, finding.fine) == ("settings", False)


def test_a_short_password_of_the_administrator_is_a_slip(run: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("COMMUNIQUE_ADMIN_PASSWORD", "secret")
    code, _, errors = run("chat", "--port", "0")
    assert (code, home.exists()) == (2, False)
    assert errors == "communique: the administrator's password has 6 characters; give it at least 8\n"


def test_users_are_added_given_tokens_and_removed(run: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert run("users", "add", "Ann", "--stdin") == (0, "ann may ask now\n", "")
    code, token, told = run("users", "token", "ann", "--label", "cron")
    assert (code, token[:3], "shown this once" in told) == (0, "cq-", True)
    assert token.strip() not in (home / "users.json").read_text()
    assert "token 'cron'" in run("users", "list")[1]
    assert [row["name"] for row in json.loads(run("users", "list", "--json")[1])] == ["ann"]
    assert run("users", "token", "ann", "--label", "cron", "--withdraw")[0] == 0
    assert "cron" not in run("users", "list")[1]
    assert run("users", "remove", "ann")[0] == 0
    assert "from others nobody" in run("users", "list")[2]


def test_a_password_is_asked_for_twice_and_never_shown(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr("ui.users.is_terminal", lambda: True)
    typed = "correct horse\nanother\ncorrect horse\ncorrect horse\n"
    result = CliRunner().invoke(ui.cli.communique, ["users", "add", "ann"], input=typed)
    assert (result.exit_code, "horse" in result.output) == (0, False)
    assert "do not match" in result.output


def test_a_page_on_a_network_is_refused_before_anything_is_loaded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_SERVER_HOST", "0.0.0.0")
    monkeypatch.setenv("COMMUNIQUE_SERVER_PORT", "0")
    code, output, errors = run("chat")
    assert (code, output, "Loading" in errors) == (2, "", False)
    assert "on 0.0.0.0 other machines reach the page" in errors


def test_a_name_that_leads_to_the_network_is_found_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("0.0.0.0", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    code, _, errors = run("chat", "--host", "localhost", "--port", "0")
    assert (code, "on localhost other machines reach the page" in errors) == (2, True)
