"""Thumbs under an answer in a real browser: pressed, reasoned, changed, taken back; kept where they can be read."""

import pytest
from playwright.sync_api import Page, expect

from rag.feedback import FeedbackBook, Verdict
from tests.browser.conftest import Served
from tests.browser.fake_assistant import AGENCIES_ANSWER
from tests.browser.test_everyone import AXE, faults
from tests.browser.test_page import answered, current
from ui.page.layout import KEPT as MOST

pytestmark = pytest.mark.browser


@pytest.fixture
def book(served: Served) -> FeedbackBook:
    found = FeedbackBook(served.home)
    found.path.unlink(missing_ok=True)
    return found


def test_an_answer_is_judged_by_keyboard_with_reasons(page: Page, book: FeedbackBook) -> None:
    answered(page, "agencies?")
    bad = current(page, ".feedback").get_by_role("button", name="Bad answer")
    bad.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Thank you.")).to_be_visible()
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(bad).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("Tab")
    page.keyboard.type("It says <b>18</b>. 🦠")
    page.evaluate(AXE)
    assert faults(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(current(page, ".why")).to_have_count(0)
    expect(bad).to_be_focused()
    [told] = book.read()
    assert (told.verdict, told.reasons, told.words) == (Verdict.BAD, ("false",), "It says <b>18</b>. 🦠")
    assert (told.question, told.answer) == ("agencies?", AGENCIES_ANSWER)


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_an_opinion_is_changed_and_taken_back_by_pointer(page: Page, book: FeedbackBook) -> None:
    answered(page, "agencies?")
    good, bad = (current(page, ".feedback").get_by_role("button", name=f"{name} answer") for name in ("Good", "Bad"))
    bad.tap()
    expect(current(page, ".why")).to_be_visible()
    good.tap()
    expect(bad).to_have_attribute("aria-pressed", "false")
    expect(good).to_have_attribute("aria-pressed", "true")
    assert [told.verdict for told in book.read()] == [Verdict.GOOD]
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true")
    answered(page, "initiative?")
    expect(page.locator("#past .thumb.good")).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_attribute("aria-pressed", "false")
    page.locator("#past .thumb.good").tap()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert book.read() == []


def test_who_presses_without_end_is_asked_to_wait(page: Page, book: FeedbackBook) -> None:
    answered(page, "agencies?")
    good, thanks = current(page, ".thumb.good"), current(page, ".thanks")
    for place in range(MOST):
        good.press("Enter")
        expect(thanks).to_have_text("Taken back." if place % 2 else "Thank you.")
    for button in (good, current(page, "[data-link]")):
        button.press("Enter")
        expect(thanks).to_have_text("That was a lot at once. Wait a minute, then try again.")
        thanks.evaluate("place => (place.textContent = '')")
    assert book.read() == []
