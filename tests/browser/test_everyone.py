"""The page for everyone: by screen reader, keyboard, phone, zoom, in other languages, several people at once."""

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Served
from tests.browser.fake_assistant import INITIATIVE_ANSWER
from tests.browser.test_page import answered, ask, current
from ui.words import words

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FAULTS = """async () => (await axe.run({resultTypes: ['violations']})).violations
    .filter(found => ['serious', 'critical'].includes(found.impact))
    .map(found => found.id + ': ' + found.nodes.map(node => node.target.join(' ')).join(', '))"""


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found: list[str] = page.evaluate(FAULTS)
    return found


@pytest.mark.parametrize(
    ("context", "scheme"), [("wide", "light"), ("phone", "dark")], indirect=["context"], ids=["wide", "phone"]
)
def test_axe_finds_nothing_serious_on_any_view(page: Page, scheme: str, served: Served) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.reload()
    page.locator(".example").first.wait_for()
    page.evaluate(AXE)
    page.locator("#period summary").click()
    found = {"welcome": faults(page)}
    ask(page, "slow initiative?")
    expect(current(page, ".sentence")).to_have_count(1)
    found["writing"] = faults(page)
    served.assistant.gate.set()
    expect(current(page, ".facts")).to_be_visible()
    current(page, ".chip.window").click()
    current(page, ".cite").first.click()
    found["answer"] = faults(page)
    current(page, ".read").first.click()
    expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
    found["reader"] = faults(page)
    page.keyboard.press("Escape")
    expect(current(page, ".read").first).to_be_focused()  # the dialog gives it back before the next key is pressed
    answered(page, "How many releases mention Sudan in 2023?")
    current(page, ".time-bar").first.click()
    current(page, ".others summary").click()
    found["count"] = faults(page)
    current(page, "[data-edit]").last.click()
    page.get_by_role("button", name="History").click()
    found["conversations"] = faults(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="History")).to_be_focused()
    ask(page, "price of oil?")
    expect(current(page, ".refusal")).to_be_visible()
    found["refusal"] = faults(page)
    ask(page, "fail")
    expect(current(page, ".trouble")).to_be_visible()
    found["trouble"] = faults(page)
    assert {view: what for view, what in found.items() if what} == {}


def test_each_sentence_is_spoken_once_as_it_arrives(page: Page, served: Served) -> None:
    ask(page, "slow initiative?")
    voice = page.get_by_role("log")
    expect(voice).to_contain_text(INITIATIVE_ANSWER.sentences[0].text)
    expect(voice).not_to_contain_text(INITIATIVE_ANSWER.sentences[1].text)
    served.assistant.gate.set()
    for sentence in INITIATIVE_ANSWER.sentences:
        expect(voice.get_by_text(sentence.text)).to_have_count(1)


def test_the_focus_is_never_lost(page: Page, served: Served) -> None:
    page.locator("#question textarea").fill("slow initiative?")
    page.locator("#ask").click()
    expect(page.locator("#question textarea")).to_be_focused()
    first = current(page, '[data-cite="1"]')
    first.focus()
    served.assistant.gate.set()
    expect(current(page, ".facts")).to_be_visible()
    expect(first).to_be_focused()


def test_who_types_at_once_after_closing_the_reader_goes_on_typing(page: Page) -> None:
    answered(page, "agencies?")
    current(page, ".read").click()
    expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
    told = page.evaluate("""() => new Promise((resolve) => {
        const dialog = document.getElementById("reader-dialog");
        dialog.addEventListener("close", () => resolve(document.activeElement.tagName));
        dialog.close();
        document.querySelector("#question textarea").focus();
    })""")
    assert told == "TEXTAREA"


@pytest.mark.parametrize(
    ("locale", "title", "until", "button", "read"),
    [
        ("ru-RU", "Что вы хотите узнать?", "по 1 мая 2024 г.", "Спросить", "Читать весь релиз"),
        ("kk-KZ", "Не білгіңіз келеді?", "01.05.2024 дейін", "Сұрау", "Релизді толық оқу"),
    ],
    ids=["ru", "kk"],
)
def test_the_page_speaks_the_language_of_the_browser(
    browser: Browser, served: Served, locale: str, title: str, until: str, button: str, read: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(served.address)
    expect(page.locator(".welcome h2")).to_have_text(title)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    page.locator("#period summary").click()
    page.locator("#period [name=until]").fill("2024-05-01")
    expect(page.locator("#period .chosen")).to_have_text(until)
    answered(page, "agencies?")
    expect(page.locator("#ask")).to_have_text(button)
    current(page, ".read").click()
    expect(current(page, ".read")).to_have_text(read)
    expect(page.get_by_role("dialog")).to_contain_text("Kairat Umarov")  # a release is in its own language
    page.keyboard.press("Escape")
    ask(page, "fail")
    expect(current(page, ".trouble p").first).to_have_text(words(locale[:2]).say("error_model"))
    expect(current(page, ".trouble .detail")).to_contain_text("communique models pull smollm2-135m")
    context.close()


@pytest.mark.parametrize(("width", "height"), [(720, 450), (320, 640)])
def test_nothing_is_cut_off_when_the_page_is_enlarged(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.locator("#period summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    answered(page, "How many releases mention Sudan in 2023?")
    current(page, ".chip.window").click()
    expect(current(page, "[name=until]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_eight_people_at_once_each_see_their_own(
    browser: Browser, contexts: dict[str, BrowserContext], context: BrowserContext, served: Served
) -> None:
    # Three browsers: one holds no more than six connections to a host, and each open page keeps one or two.
    third = browser.new_context()
    pages = [opened.new_page() for opened in (context, contexts["phone"], third) * 3]
    for page in pages:
        page.goto(served.address, wait_until="commit")
    for number, page in enumerate(pages[:8]):
        page.locator(".example").first.wait_for()
        ask(page, f"slow initiative of person {number}?")
    ask(pages[8], "queue agencies?")
    expect(current(pages[8], ".stage")).to_contain_text("before yours")
    served.assistant.gate.set()
    for number, page in enumerate(pages[:8]):
        expect(current(page, ".facts")).to_be_visible()
        expect(page.locator(".question")).to_have_text([f"slow initiative of person {number}?"])
    expect(current(pages[8], ".stated")).to_contain_text("18 UN agencies")
    assert all(list(history) == [] for history in served.assistant.heard)
    third.close()
    for page in contexts["phone"].pages:
        page.close()


def test_a_reload_in_mid_answer_frees_the_model(page: Page, served: Served) -> None:
    ask(page, "slow initiative?")
    expect(current(page, ".sentence")).to_have_count(1)
    page.reload()
    assert served.assistant.streams[0].closed.wait(2)
    ask(page, "agencies?")
    expect(current(page, ".facts")).to_be_visible()
