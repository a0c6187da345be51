"""The page while the program that serves it is down: the reader is told, in their language, and goes on afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving
from tests.browser.fake_assistant import FakeAssistant
from tests.browser.test_page import answered, ask, current
from ui.words import words

pytestmark = pytest.mark.browser


@contextmanager
def left_alone(browser: Browser, language: str) -> Iterator[tuple[Page, int]]:
    """A tab with an answer whose server has ended, and the port on which it was."""
    context = browser.new_context(locale=language)
    page = context.new_page()
    with serving(FakeAssistant()) as served:
        page.goto(served.address)
        page.locator(".example").first.wait_for()
        answered(page, "agencies?")
    yield page, int(served.address.rpartition(":")[2])
    context.close()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_who_presses_a_thumb_or_link_is_told_that_nobody_answers(browser: Browser, language: str) -> None:
    own = words(language)
    with left_alone(browser, language) as (page, _):
        thanks = current(page, ".thanks")
        for button in ("[data-rate=good]", "[data-link]"):
            current(page, button).click()
            expect(thanks).to_have_text(own.say("lost_text"))
            expect(page.locator(".toast-title")).to_have_text(own.say("lost"))
            expect(page.locator(".toast-message-text")).to_have_text(own.say("lost_text"))
            thanks.evaluate("place => (place.textContent = '')")
        expect(current(page, "[data-rate=good]")).to_have_attribute("aria-pressed", "false")


def test_a_question_asked_meanwhile_is_answered_once_the_program_is_back(browser: Browser) -> None:
    with left_alone(browser, "en") as (page, port):
        ask(page, "initiative?")
        expect(page.locator(".toast-title")).to_have_text("No connection")
        with serving(FakeAssistant(), port):
            # Gradio looks every two seconds, and loads the whole page.
            expect(page.locator(".question")).to_have_text(["agencies?", "initiative?"], timeout=20_000)
            expect(current(page, ".actions")).to_be_visible()
