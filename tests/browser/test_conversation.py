"""A conversation in a real browser: kept over a reload, asked again, asked otherwise, copied, named, deleted."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Served, serving
from tests.browser.fake_assistant import AGENCIES_ANSWER, PLAZA, FakeAssistant
from tests.browser.test_page import ask, current

pytestmark = pytest.mark.browser


def talk(page: Page, *questions: str) -> None:
    for question in questions:
        ask(page, question)
        expect(current(page, ".question")).to_have_text(question)
        expect(current(page, ".facts")).to_be_visible()


def test_a_conversation_outlives_a_reload_and_goes_on(page: Page, served: Served) -> None:
    talk(page, "agencies?", "initiative?")
    page.reload()
    expect(page.locator(".question")).to_have_text(["agencies?", "initiative?"])
    expect(page.locator("#past mark")).to_have_text(PLAZA)
    expect(page.locator(".verified")).to_have_count(3)
    talk(page, "price of oil?")
    expect(page.locator(".question")).to_have_text(["agencies?", "initiative?", "price of oil?"])
    assert [turn["content"] for turn in served.assistant.heard[2]][:2] == ["agencies?", AGENCIES_ANSWER.text]


def test_the_way_back_leads_to_the_conversation_which_is_not_read_out_again(page: Page) -> None:
    talk(page, "agencies?")
    page.goto("about:blank")
    page.go_back()
    expect(current(page, ".question")).to_have_text("agencies?")
    expect(current(page, ".verified")).to_be_visible()
    expect(page.locator("#voice")).to_be_empty()


def test_an_answer_is_asked_for_again_in_its_place(page: Page, served: Served) -> None:
    served.assistant.gate.set()
    talk(page, "agencies?", "slow initiative?")
    served.assistant.gate.clear()
    page.locator("#question textarea").fill("a draft")
    current(page, ".actions").get_by_role("button", name="Ask again").press("Enter")
    expect(current(page, ".progress")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("a draft")
    served.assistant.gate.set()
    expect(current(page, ".facts")).to_be_visible()
    expect(page.locator(".question")).to_have_text(["agencies?", "slow initiative?"])
    assert served.assistant.heard[1] == served.assistant.heard[2]


def test_a_question_is_changed_and_asked_again_by_keyboard(page: Page, served: Served) -> None:
    talk(page, "agencies?")
    button = current(page, ".actions").get_by_role("button", name="Edit")
    button.press("Enter")
    expect(current(page, ".editor textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(current(page, ".editor textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("initiative?")
    page.keyboard.press("Enter")
    expect(page.locator(".question")).to_have_text(["initiative?"])
    expect(current(page, ".sentence")).to_have_count(3)
    assert list(served.assistant.heard[1]) == []


def test_an_earlier_question_asked_again_comes_at_the_end(page: Page) -> None:
    talk(page, "agencies?", "initiative?")
    page.locator("#past .actions").get_by_role("button", name="Ask again").click()
    expect(page.locator(".question")).to_have_text(["agencies?", "initiative?", "agencies?"])
    expect(current(page, ".facts")).to_be_visible()


def test_an_answer_is_copied_with_its_citations(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    talk(page, "agencies?")
    current(page, ".act").first.click()
    expect(current(page, ".act").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("agencies?\n\n" + AGENCIES_ANSWER.text)
    assert f"“{PLAZA}”" in copied
    page.get_by_role("button", name="Copy as Markdown").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('[^1]: 7 September 2023')")


def test_a_conversation_is_saved_as_a_file(page: Page) -> None:
    talk(page, "agencies?", "initiative?")
    page.get_by_role("button", name="History").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    text = saved.value.path().read_text("utf-8")
    assert saved.value.suggested_filename == "conversation.md"
    assert text.startswith("**agencies?**\n\n" + AGENCIES_ANSWER.sentences[0].text + "[^1-1]")
    assert "\n---\n\n**initiative?**" in text
    assert text.count("[^2-3]") == 2


def test_conversations_are_listed_opened_named_and_deleted(page: Page) -> None:
    talk(page, "agencies?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    talk(page, "initiative?")
    page.get_by_role("button", name="History").click()
    names = page.locator("#history-dialog .name")
    expect(names).to_have_text(["initiative?", "agencies?"])
    page.get_by_role("button", name="Rename: agencies?").click()
    page.keyboard.type("The UN <b>Plaza</b>")
    page.keyboard.press("Enter")
    expect(names).to_have_text(["initiative?", "The UN <b>Plaza</b>"])
    page.get_by_role("button", name="Delete: initiative?").press("Enter")
    page.keyboard.press("Enter")  # sure
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_role("button", name="History").press("Enter")
    expect(names).to_have_text(["The UN <b>Plaza</b>"])
    names.click()
    expect(current(page, ".question")).to_have_text("agencies?")


def test_while_an_answer_is_written_no_other_is_asked_for(page: Page, served: Served) -> None:
    ask(page, "slow initiative?")
    expect(current(page, ".sentence")).to_have_count(1)
    ask(page, "agencies?")
    expect(page.locator("#question textarea")).to_have_value("agencies?")  # kept for later
    served.assistant.gate.set()
    expect(current(page, ".facts")).to_be_visible()
    assert len(served.assistant.streams) == 1


def test_what_was_put_into_the_browser_by_somebody_else_is_left_out(page: Page) -> None:
    talk(page, "agencies?")
    page.evaluate("""() => {
      const [key] = Object.keys(localStorage).filter((name) => name.startsWith('communique:'));
      const held = JSON.parse(localStorage[key]);
      held.turns.push({number: 2, question: '<img src=x>', answer: {text: 1}}, null, 'x');
      localStorage[key] = JSON.stringify(held);
      localStorage['communique:broken'] = '{"name":';
    }""")
    page.reload()
    expect(page.locator(".question")).to_have_text(["agencies?"])
    page.get_by_role("button", name="History").click()
    expect(page.locator("#history-dialog .name")).to_have_text(["agencies?"])


def test_where_the_browser_stores_nothing_the_page_answers_all_the_same(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("""for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError') }});""")
    page.goto(served.address)
    talk(page, "agencies?")
    page.get_by_role("button", name="History").click()
    expect(page.locator("#history-dialog .none")).to_be_visible()
    context.close()


def test_a_server_that_was_restarted_finds_the_conversation_where_it_was(context: BrowserContext) -> None:
    page = context.new_page()
    with serving(FakeAssistant()) as served:
        page.goto(served.address)
        page.locator(".example").first.wait_for()
        talk(page, "agencies?")
    port = int(served.address.rpartition(":")[2])
    with serving(FakeAssistant(), port) as anew:
        talk(page, "initiative?")
        expect(page.locator(".question")).to_have_text(["agencies?", "initiative?"])
        assert [turn["content"] for turn in anew.assistant.heard[0]][:1] == ["agencies?"]
        page.close()
