"""Logging in and out in a real browser: shown the form, let in, led to what was asked for, told when it is over."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Log, Served, serving
from tests.browser.fake_assistant import FakeAssistant
from tests.browser.test_everyone import AXE, faults
from tests.browser.test_page import answered, ask
from ui.network.users import UserBook
from ui.words import words

pytestmark = pytest.mark.browser
PASSWORD = "correct horse"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('communique:')).length"
"""Conversations that the browser keeps."""


@pytest.fixture(scope="module")
def closed() -> Iterator[Served]:
    """A page with one user."""
    with serving(FakeAssistant()) as served:
        UserBook(served.home).add("ann", PASSWORD)
        yield served


def log_in(page: Page, password: str = PASSWORD) -> None:
    """Type name and password, by keyboard alone, once the browser has put the focus there."""
    expect(page.locator("input[name=name]")).to_be_focused()
    page.keyboard.type("ann")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_reader_logs_in_asks_and_logs_out(context: BrowserContext, closed: Served, log: Log) -> None:
    page = context.new_page()
    page.on("request", log.note)
    page.goto(f"{closed.address}/?view=1")
    expect(page).to_have_url(f"{closed.address}/enter?to=/%3Fview%3D1")
    expect(page.get_by_label("Name")).to_be_focused()
    log_in(page, "wrong horse")
    expect(page.get_by_role("alert")).to_have_text("That name and password do not go together.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{closed.address}/?view=1")
    page.wait_for_selector(".example")
    answered(page, "agencies?")
    assert log.hosts == {closed.address.removeprefix("http://")}
    page.evaluate(AXE)
    assert faults(page) == []
    assert page.evaluate(KEPT) == 1
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert page.evaluate(KEPT) == 0
    page.go_back()
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()


def test_who_is_let_in_no_longer_is_told_when_asking(context: BrowserContext, closed: Served) -> None:
    page = context.new_page()
    page.goto(closed.address)
    log_in(page)
    page.wait_for_selector(".example")
    UserBook(closed.home).change("ann", PASSWORD)
    ask(page, "agencies?")
    expect(page.locator(".toast-message-text")).to_contain_text("You are not logged in, or no longer.")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_form_fits_a_narrow_phone_in_each_language(browser: Browser, closed: Served, language: str) -> None:
    own = words(language)
    narrow = browser.new_context(locale=language, viewport={"width": 375, "height": 667}, has_touch=True)
    page = narrow.new_page()
    page.goto(closed.address)
    expect(page.get_by_role("heading")).to_have_text(own.say("log_in"))
    expect(page.get_by_label(own.say("user_name"))).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.evaluate(AXE)
    assert faults(page) == []
    log_in(page)
    page.wait_for_selector(".example")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    expect(page.get_by_role("button", name=own.say("log_out"))).to_be_visible()
    narrow.close()
