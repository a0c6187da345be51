"""A link to one answer in a real browser: copied, opened by somebody else, asked again, gone on with."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Served
from tests.browser.fake_assistant import PLAZA
from tests.browser.test_everyone import AXE, faults
from tests.browser.test_page import answered, current

pytestmark = pytest.mark.browser


def link(page: Page) -> str:
    """Ask, press Link, and take what is on the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answered(page, "agencies?")
    current(page, ".actions").get_by_role("button", name="Link", exact=True).press("Enter")
    expect(current(page, ".actions").get_by_role("button", name="Link copied")).to_be_focused()
    address: str = page.evaluate("navigator.clipboard.readText()")
    return address


def test_a_link_opens_the_answer_and_the_talk_goes_on(page: Page, served: Served, context: BrowserContext) -> None:
    address = link(page)
    assert address.startswith(f"{served.address}/?answer=")
    other = context.new_page()
    other.goto(address)
    expect(current(other, ".question")).to_have_text("agencies?")
    expect(current(other, ".stored")).to_contain_text("Its quotation stands in today’s releases word for word.")
    expect(current(other, ".stored")).to_contain_text("Any time · index")
    expect(current(other, ".sources mark")).to_have_text(PLAZA)
    other.evaluate(AXE)
    assert faults(other) == []
    other.reload()
    expect(current(other, ".stored")).to_be_visible()
    answered(other, "initiative?")
    expect(other.locator(".question")).to_have_text(["agencies?", "initiative?"])
    expect(other).not_to_have_url(re.compile("answer="))
    other.reload()
    expect(other.locator(".question")).to_have_text(["agencies?", "initiative?"])
    assert served.assistant.heard[-1][0]["content"] == "agencies?"


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_what_changed_is_said_and_it_is_asked_again(page: Page, served: Served) -> None:
    address = link(page)
    path = served.home / "answers" / f"{address.rpartition('=')[2]}.json"
    held = json.loads(path.read_text("utf-8"))
    held["answer"]["citations"][0]["quote"] = "It was in another building."
    path.write_text(json.dumps(held), "utf-8")
    page.goto(address)
    expect(current(page, ".stored")).to_contain_text("has changed since.")
    expect(current(page, ".unverified")).to_be_visible()
    current(page, ".stored").get_by_role("button", name="Ask again").tap()
    expect(current(page, ".verified")).to_be_visible()
    expect(page.locator(".question")).to_have_text(["agencies?"])
    expect(page.locator(".stored")).to_have_count(0)


def test_a_link_to_nothing_says_so_and_a_question_can_be_asked(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/?answer=..%2Fkey")
    expect(current(page, ".stored")).to_contain_text("There is no answer under this link")
    answered(page, "agencies?")
    expect(page.locator(".question")).to_have_text(["agencies?"])
    expect(page.locator(".stored")).to_have_count(0)
