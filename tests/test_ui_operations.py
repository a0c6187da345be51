"""What whoever runs the program sees: probes for anybody, metrics for some, a line for each answer."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from index.catalog import Withdrawal
from index.errors import BusyError, IndexMismatchError, ModelError
from index.release import Release
from index.settings import LimitSettings, LogSettings
from tests.browser.fake_assistant import AGENCIES_ANSWER, FakeAssistant, FakeCoverage
from ui.network.account import Account, Outcome
from ui.network.client import ASKING, Client
from ui.network.fence import Network, fenced
from ui.network.turnstile import Turnstile
from ui.network.users import UserBook
from ui.operations.journal import begin, told
from ui.operations.probes import PROBES, Probes
from ui.operations.watching import watched

ANN = Client("192.0.2.1", "ann")
SECRET = "agencies of the secret?"


class Broken(FakeAssistant):
    """The index of which has gone under it."""

    def release(self, release_id: str) -> Release | None:
        raise IndexMismatchError("/srv/private/index cannot be read")


def visitor(probes: Probes, home: Path, peer: str = "127.0.0.1", **limits: int) -> TestClient:
    app = FastAPI()
    app.include_router(probes.router)
    address = "127.0.0.1" if peer == "127.0.0.1" else "0.0.0.0"
    network = Network(home, limits=LimitSettings(**limits), host=address, address=address)
    return TestClient(fenced(app, network, dict.fromkeys(PROBES, 0)), "http://127.0.0.1:7860", client=(peer, 1))


def made(assistant: FakeAssistant | None = None, **limits: int) -> tuple[Turnstile, Probes]:
    return watched(assistant or FakeAssistant(), LimitSettings(**limits), LogSettings(format="json"))


def sample(probes: Probes, home: Path, name: str, **labels: str) -> float:
    text = visitor(probes, home).get("/metrics").text
    found = [
        one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name == name and one.labels == labels
    ]
    assert len(found) == 1, f"{name} {labels}: {found}"
    return found[0]


def test_strangers_are_told_that_it_answers_and_no_more(home: Path) -> None:
    UserBook(home).add("ann", "correct horse")
    stranger = visitor(made()[1], home, "192.0.2.1")
    assert (stranger.get("/health").status_code, stranger.get("/health").json()) == (200, {"status": "ok"})
    assert stranger.get("/ready").json() == {"status": "ready", "answers": "worded"}
    assert stranger.get("/metrics").status_code == 401
    assert stranger.get("/health/more").status_code == 404
    assert stranger.head("/health").status_code == 200
    assert stranger.post("/health").status_code == 405


def test_probes_stay_under_the_limit_on_requests(home: Path) -> None:
    often = visitor(made()[1], home, requests_per_minute=60)
    statuses = [often.get("/health").status_code for _ in range(61)]
    assert (statuses[:60], statuses[60]) == ([200] * 60, 429)


def test_no_model_is_said(home: Path) -> None:
    probes = made(FakeAssistant(FakeCoverage(model="", note="gone")))[1]
    assert visitor(probes, home).get("/ready").json() == {"status": "ready", "answers": "quoted"}
    assert sample(probes, home, "communique_model_available") == 0


def test_an_index_that_cannot_be_read_is_not_ready(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked = visitor(made(Broken())[1], home)
    for _ in range(2):
        answer = asked.get("/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "index"})
    assert asked.get("/health").status_code == 200
    assert caplog.text.count("no question can be answered") == 1, "logged, once, and told to nobody"


def test_who_is_being_ended_takes_no_question(home: Path) -> None:
    turnstile, probes = made()
    running = turnstile.stream("slow initiative?")
    turnstile.shut()
    assert visitor(probes, home).get("/ready").json() == {"status": "not ready", "reason": "ending"}
    assert visitor(probes, home).get("/health").status_code == 200
    with pytest.raises(BusyError, match="is being ended"):
        turnstile.stream("agencies?")
    assert turnstile.under_way == 1
    turnstile.stop()
    assert turnstile.under_way == 0
    with pytest.raises(BusyError, match="is being ended"):
        list(running)


@pytest.mark.parametrize(
    ("peer", "has_users", "status"),
    [("127.0.0.1", False, 200), ("::1", False, 200), ("192.0.2.1", False, 403), ("127.0.0.1", True, 401)],
)
def test_metrics_are_for_this_machine_and_for_users(peer: str, has_users: bool, status: int, home: Path) -> None:
    app = FastAPI()
    app.include_router(made()[1].router)
    token = ""
    if has_users:
        book = UserBook(home)
        book.add("ann", "correct horse")
        token = book.issue("ann", "prometheus")
    # As behind a proxy that is believed.
    asked = TestClient(fenced(app, Network(home), dict.fromkeys(PROBES, 0)), "http://127.0.0.1", client=(peer, 1))
    assert asked.get("/metrics").status_code == status
    if token:
        assert asked.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_questions_are_counted_by_how_they_end(home: Path) -> None:
    turnstile, probes = made(questions_per_client=3)
    context = ASKING.set(ANN)
    for question in ("agencies?", "agencies?", "oil?"):
        list(turnstile.stream(question))
    with pytest.raises(ModelError):
        list(turnstile.stream("fail"))
    held = [turnstile.stream(question) for question in ("slow initiative?", "agencies? queue", "slow initiative?")]
    assert [next(stream) for stream in held]
    with pytest.raises(BusyError):
        turnstile.stream(SECRET)
    assert sample(probes, home, "communique_questions_under_way") == 3
    assert sample(probes, home, "communique_questions_waiting") == 1
    held[0].close()
    held[0].close()
    ended = {"answered": 2, "stopped": 1, "overdue": 0, "failed": 1, "turned_away": 1}
    for outcome, count in ended.items():
        assert sample(probes, home, "communique_questions_total", outcome=outcome, reason="") == count
    assert sample(probes, home, "communique_questions_total", outcome="refused", reason="no_evidence") == 1
    for stage in ("search", "first_sentence", "total"):
        assert sample(probes, home, "communique_answer_seconds_count", stage=stage) == 3
    assert sample(probes, home, "communique_answer_seconds_sum", stage="total") == pytest.approx(3 * 2.4)
    turnstile.stop()
    ASKING.reset(context)
    assert sample(probes, home, "communique_questions_under_way") == 0
    assert sample(probes, home, "communique_questions_waiting") == 0
    assert "secret" not in visitor(probes, home).get("/metrics").text


def test_an_answer_that_takes_too_long_is_counted_as_that(home: Path) -> None:
    accounts: list[Account] = []
    # Below what the settings allow.
    limits = LimitSettings().model_copy(update={"answer_seconds": 0.05})
    stream = Turnstile(FakeAssistant(), limits, accounts.append).stream("slow initiative?")
    with pytest.raises(Exception, match="given up"):
        list(stream)
    assert [account.outcome for account in accounts] == [Outcome.OVERDUE]
    assert accounts[0].seconds >= 0.05


def test_the_index_and_dropped_sentences_are_measured(home: Path) -> None:
    assistant = FakeAssistant()
    assistant.hold("dropped", replace(AGENCIES_ANSWER, dropped=2), [])
    turnstile, probes = made(assistant)
    list(turnstile.stream("dropped?"))
    assert sample(probes, home, "communique_sentences_dropped_total") == 2
    assert sample(probes, home, "communique_snapshot_releases") == 2
    assert sample(probes, home, "communique_snapshot_created_timestamp_seconds") > 1_700_000_000
    assert sample(probes, home, "process_open_fds") > 0
    kind = visitor(probes, home).get("/metrics", headers={"Accept": "application/openmetrics-text"}).headers
    assert kind["content-type"].startswith("application/openmetrics-text")


def test_an_index_that_cannot_be_measured_hides_no_other_number(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Gone(FakeAssistant):
        def coverage(self) -> FakeCoverage:
            raise OSError("gone")

        def withdrawal(self, release_id: str) -> Withdrawal | None:
            raise OSError("gone")

    probes = made(Gone())[1]
    assert sample(probes, home, "communique_questions_under_way") == 0
    assert "cannot be measured" in caplog.text


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root of all logs, put back as it was."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("index", "rag", "ui")]
    before = root.level, list(root.handlers), [one.level for one in ours]
    yield root
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for one, level in zip(ours, before[2], strict=True):
        one.setLevel(level)


def lines(settings: LogSettings, capsys: pytest.CaptureFixture[str], *questions: str) -> list[str]:
    """What is written to standard error for questions that are asked one after another."""
    begin(settings)
    assistant = FakeAssistant()
    assistant.hold("secret", replace(AGENCIES_ANSWER, snapshot="20240401"), [])
    turnstile, _ = watched(assistant, LimitSettings(), settings)
    context = ASKING.set(ANN)
    for question in questions:
        list(turnstile.stream(question))
    ASKING.reset(context)
    return capsys.readouterr().err.splitlines()


def test_a_line_for_each_answer_without_its_text(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    written = lines(LogSettings(format="json"), capsys, SECRET, "oil?")
    answered, refused = (json.loads(line) for line in written)
    assert len(answered.pop("id")) == 12
    assert answered.pop("time")
    assert answered == {
        "level": "INFO", "logger": "ui.operations.journal", "message": "question", "client": "ann",
        "outcome": "answered", "search": 0.05, "first_sentence": 1.0, "total": 2.4, "dropped": 0, "model": "canned",
        "snapshot": "20240401",
    }  # fmt: skip
    assert (refused["outcome"], refused["reason"]) == ("refused", "no_evidence")
    assert "secret" not in "".join(written)
    assert "Plaza" not in "".join(written)


def test_text_is_on_one_line_and_holds_questions_where_asked_for(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    [line] = lines(LogSettings(format="text", clients=False, questions=True), capsys, 'agencies\n"forged" id=1?')
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO question id=\w{12} outcome=answered ", line)
    assert r'question="agencies\n\"forged\" id=1?"' in line
    assert "Plaza" in line
    assert "client=" not in line


def test_nothing_is_written_unless_asked_for(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(LogSettings(), capsys, SECRET) == []


def test_who_was_turned_away_or_failed_is_said(caplog: pytest.LogCaptureFixture) -> None:
    gone = Account(ANN, SECRET, Outcome.FAILED, 1.23456, None, "ModelError")
    said = told(gone, LogSettings())
    assert said.pop("id")
    assert said == {"client": "ann", "outcome": "failed", "failure": "ModelError", "total": 1.235}
    assert told(replace(gone, client=Client("192.0.2.9")), LogSettings())["client"] == "192.0.2.9"
