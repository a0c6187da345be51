"""Administration in a real browser: let in by keyboard, files added by pointer, a rebuild watched to its end."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from index.plan import OnProgress
from index.rebuilding import RebuildReport
from rag.feedback import Feedback, FeedbackBook, Verdict
from tests.browser.conftest import Log, Served, serving
from tests.browser.fake_assistant import INITIATIVE_ANSWER, FakeAssistant
from tests.browser.test_everyone import AXE, faults
from ui.page.administration import Administration
from ui.page.doorkeeper import Doorkeeper
from ui.page.upkeep import Upkeep

pytestmark = pytest.mark.browser


def test_without_a_password_there_is_no_administration(page: Page, served: Served) -> None:
    answer = page.request.get(f"{served.address}/admin")
    assert "password" not in answer.text().lower() or answer.status == 404
    assert page.request.post(f"{served.address}/admin/rebuild").status in (404, 405)


@pytest.mark.parametrize("context", ["wide", "phone"], indirect=True)
def test_files_are_added_and_the_rebuild_is_watched(context: BrowserContext, log: Log) -> None:
    gate = threading.Event()

    def rebuild(progress: OnProgress) -> RebuildReport:
        progress("encoding", 1, 2)
        assert gate.wait(20)
        return RebuildReport("new", 3, 1, 0, 0, 2, 1)

    def administer(home: Path) -> Administration:
        FeedbackBook(home).add(Feedback.of(INITIATIVE_ANSWER, "Who?", (None, None), Verdict.BAD, ["off"]))
        upkeep = Upkeep(home, home / "inbox", rebuild)
        return Administration(FakeAssistant(), home, Doorkeeper("correct horse"), upkeep)

    with serving(FakeAssistant(), administer=administer) as served:
        page = context.new_page()
        page.on("request", log.note)
        page.goto(f"{served.address}/admin")
        page.evaluate(AXE)
        assert faults(page) == []
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type("correct horse")
        page.keyboard.press("Enter")
        expect(page.get_by_text("2 releases 7 September 2023 – 7 March 2024")).to_be_visible()
        expect(page.get_by_text("Bad answer: Not what I asked")).to_be_visible()
        page.get_by_label("Files").set_input_files(FilePayload(name="a.txt", mimeType="text/plain", buffer=b"News."))
        page.get_by_role("button", name="Add and rebuild").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.evaluate(AXE)
        assert faults(page) == []
        assert (served.home / "inbox" / "a.txt").read_text() == "News."
        gate.set()
        expect(page.get_by_text("Rebuilt: 1 added")).to_be_visible()
        page.get_by_text("Back to the index before").press("Enter")
        page.get_by_role("button", name="Really go back").press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()  # there is none before it
        page.get_by_role("button", name="Leave").click()
        expect(page.get_by_label("Password")).to_be_visible()
        assert log.hosts == {served.address.removeprefix("http://")}
        page.close()
