"""Administration: shut without the password and a form's key; uploads within bounds; one rebuild at a time."""

import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import ui.page.administration
from index.draft import SetAside
from index.errors import RebuildError, UsageError
from index.plan import OnProgress
from index.rebuilding import RebuildReport
from index.settings import PASSWORD_VARIABLE, Settings
from rag.feedback import Feedback, FeedbackBook, Verdict
from tests.browser.fake_assistant import INITIATIVE_ANSWER, FakeAssistant, FakeCoverage
from ui import office
from ui.network.attempts import PAUSE
from ui.page.administration import Administration
from ui.page.doorkeeper import ATTEMPTS, STAY, Doorkeeper, form_key
from ui.page.upkeep import Upkeep, Work, safe_name
from ui.words import ENGLISH

PASSWORD = "correct horse"
REPORT = RebuildReport("new", 3, 1, 0, 0, 2, 1)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Builder:
    """A rebuild that waits at its gate."""

    def __init__(self) -> None:
        self.gate, self.runs = threading.Event(), 0

    def __call__(self, progress: OnProgress) -> RebuildReport:
        self.runs += 1
        progress("encoding", 1, 4)
        assert self.gate.wait(10)
        return REPORT


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def upkeep(home: Path, builder: Builder) -> Iterator[Upkeep]:
    yield Upkeep(home, home / "inbox", builder)
    builder.gate.set()


@pytest.fixture
def client(home: Path, upkeep: Upkeep) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(Administration(FakeAssistant(), home, Doorkeeper(PASSWORD), upkeep).router)
    with TestClient(app, follow_redirects=True) as found:
        yield found


def enter(client: TestClient) -> str:
    """Give the password; the key of the forms."""
    page = client.post("/admin/enter", data={"password": PASSWORD})
    found = re.search(r"key=([0-9a-f]{64})", page.text)
    assert found
    return found[1]


def ended(upkeep: Upkeep, builder: Builder) -> Work:
    builder.gate.set()
    for thread in threading.enumerate():
        if thread.name == "rebuild":
            thread.join(10)
    return upkeep.work


def test_the_door_opens_to_the_password_alone() -> None:
    keeper = Doorkeeper(PASSWORD, Clock())
    assert keeper.enter("wrong", "a") == keeper.enter("", "a") == keeper.enter("\ud800", "a") == ""
    token = keeper.enter(PASSWORD, "a")
    assert keeper.knows(token)
    assert not any(map(keeper.knows, ("", token[:-1], PASSWORD)))
    keeper.leave(token)
    assert not keeper.knows(token)


def test_after_some_wrong_passwords_the_right_one_waits_too() -> None:
    clock = Clock()
    keeper = Doorkeeper(PASSWORD, clock)
    for _ in range(ATTEMPTS):
        keeper.enter("wrong", "a")
    assert keeper.enter(PASSWORD, "a") == ""
    assert keeper.enter(PASSWORD, "b")
    clock.now = PAUSE
    token = keeper.enter(PASSWORD, "a")
    clock.now = PAUSE + STAY
    assert token
    assert not keeper.knows(token)


def test_many_addresses_share_a_limit() -> None:
    keeper = Doorkeeper(PASSWORD, Clock())
    for number in range(50):
        keeper.enter("wrong", str(number))
    assert keeper.is_shut("another")


def test_a_short_password_is_refused_and_the_variable_is_no_setting() -> None:
    with pytest.raises(UsageError, match="has 5 characters"):
        Doorkeeper("short")
    assert Settings.load(environ={PASSWORD_VARIABLE: PASSWORD}) == Settings()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/pass wd.txt", "pass wd.txt"),
        ("C:\\x\\b.MD", "b.MD"),
        ("..hidden.txt", "hidden.txt"),
        ("a\x00\n<b>.txt", "a___b_.txt"),
        ("Пресс-релиз.txt", "Пресс-релиз.txt"),
        ("x" * 300 + ".txt", "x" * 90 + ".txt"),
    ],
)
def test_a_name_from_a_browser_stays_in_its_folder(given: str, name: str) -> None:
    assert safe_name(given) == name


@pytest.mark.parametrize("given", ["", "/", "..", "noending", ".txt", "README.md", "a/readme.txt"])
def test_what_names_no_release_is_refused(given: str) -> None:
    with pytest.raises(UsageError):
        safe_name(given)


def test_without_the_password_nothing_is_shown_or_done(client: TestClient, home: Path, builder: Builder) -> None:
    assert "What is indexed" not in client.get("/admin").text
    assert client.get("/admin/work").status_code == 403
    assert client.post("/admin/enter", data={"password": "wrong"}).status_code == 403
    for action in ("rebuild", "rollback", "add"):
        assert client.post(f"/admin/{action}?key={form_key('')}").status_code == 403
    assert (builder.runs, home.exists()) == (0, False)


def test_a_form_of_another_site_does_nothing(client: TestClient, builder: Builder) -> None:
    enter(client)
    for action in ("rebuild", "rebuild?key=", "rollback?key=x"):
        assert client.post(f"/admin/{action}").status_code == 403
    client.post("/admin/leave")
    assert "What is indexed" in client.get("/admin").text
    assert builder.runs == 0


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    answer = client.post("/admin/enter", data={"password": PASSWORD}, follow_redirects=False)
    told = answer.headers["set-cookie"].lower()
    assert all(word in told for word in ("httponly", "samesite=strict", "path=/admin"))
    key = enter(client)
    assert client.get("/admin").headers["cache-control"] == "no-store"
    client.post(f"/admin/leave?key={key}")
    assert "What is indexed" not in client.get("/admin").text


def test_wrong_passwords_shut_the_door(client: TestClient) -> None:
    for _ in range(ATTEMPTS):
        client.post("/admin/enter", data={"password": "wrong"})
    answer = client.post("/admin/enter", data={"password": PASSWORD})
    assert (answer.status_code, "Too many wrong passwords" in answer.text) == (429, True)


def test_uploads_go_into_the_inbox_and_are_indexed(
    client: TestClient, home: Path, upkeep: Upkeep, builder: Builder
) -> None:
    files = [
        ("files", (name, io.BytesIO(text))) for name, text in (("../a.txt", b"One"), ("b.txt", b"2"), ("b.txt", b"3"))
    ]
    page = client.post(f"/admin/add?key={enter(client)}", files=files)
    assert "Rebuilding" in page.text
    assert 'value="1" max="4"' in client.get("/admin/work").text
    assert sorted(path.read_bytes() for path in (home / "inbox").iterdir()) == [b"2", b"3", b"One"]
    assert (home / "inbox" / "a.txt").exists()
    assert [path.name for path in home.iterdir()] == ["inbox"]
    assert ended(upkeep, builder).report == REPORT
    assert "Rebuilt: 1 added, 0 changed, 0 withdrawn, 2 unchanged." in client.get("/admin").text


@pytest.mark.parametrize("name", ["README.md", "noending", "big.txt"])
def test_an_upload_with_one_bad_file_adds_none(
    name: str, client: TestClient, home: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.page.upkeep.SIZE_LIMIT", 4)
    files = [("files", ("a.txt", io.BytesIO(b"One"))), ("files", (name, io.BytesIO(b"12345")))]
    answer = client.post(f"/admin/add?key={enter(client)}", files=files)
    assert (answer.status_code, 'role="alert"' in answer.text, builder.runs) == (400, True, 0)
    assert list(home.rglob("*.txt")) == []


def test_an_upload_over_the_limit_is_not_read(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.page.administration, "LARGEST_UPLOAD", 100)
    key = enter(client)
    answer = client.post(f"/admin/add?key={key}", files={"files": ("a.txt", io.BytesIO(b"x" * 200))})
    assert (answer.status_code, "nothing was added" in answer.text) == (413, True)


def test_one_rebuild_at_a_time_and_its_failure_is_said(upkeep: Upkeep, builder: Builder, home: Path) -> None:
    assert (upkeep.rebuild(), upkeep.rebuild()) == (True, False)
    with pytest.raises(UsageError, match="under way"):
        upkeep.roll_back()
    assert ended(upkeep, builder) == Work(report=REPORT)
    assert builder.runs == 2  # what came during the first one is in the second

    def fail(progress: OnProgress) -> RebuildReport:
        raise RebuildError("no `room`")

    failing = Upkeep(home, home / "inbox", fail)
    failing.rebuild()
    assert ended(failing, builder) == Work(error="no `room`")


def test_a_rollback_with_nothing_before_says_so(client: TestClient) -> None:
    answer = client.post(f"/admin/rollback?key={enter(client)}")
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


def test_lists_are_shown_escaped(home: Path) -> None:
    FeedbackBook(home).add(
        Feedback.of(INITIATIVE_ANSWER, "<b>Who</b>?", (None, None), Verdict.BAD, ["off"], "<i>no</i>")
    )
    rows = [SetAside("<u>.txt", "not <text>")]
    shown = office.office(FakeCoverage(), Work(), rows, FeedbackBook(home).read(), "k", ENGLISH)
    assert not any(tag in shown for tag in ("<b>", "<i>", "<u>", "<text>"))
    assert "Bad answer: Not what I asked; &lt;i&gt;no&lt;/i&gt;" in shown
