"""The chat page in a real browser, around canned answers: what a reader sees and can do."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Log, Served
from tests.browser.fake_assistant import AGENCIES_ANSWER, OBJECTIVE, PLAZA
from tests.browser.hostile_releases import ANSWER, ATTEMPTS, FACT, RELEASES

pytestmark = pytest.mark.browser


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


def answered(page: Page, question: str) -> None:
    """Ask, and wait until nothing of the answer will be drawn anew."""
    ask(page, question)
    expect(current(page, ".question")).to_have_text(question)
    expect(current(page, ".actions")).to_be_visible()


def in_view(place: Locator) -> bool:
    box = place.bounding_box()
    height = place.page.viewport_size["height"] if place.page.viewport_size else 0
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


def current(page: Page, selector: str) -> Locator:
    return page.locator(f"#current {selector}")


def test_the_masthead_says_what_is_indexed_and_which_model(page: Page) -> None:
    expect(page.locator(".indexed")).to_have_text("2 releases 7 September 2023 – 7 March 2024")
    expect(page.locator(".model-note code")).to_have_text("communique models pull qwen2.5-coder-0.5b")
    expect(page).to_have_title("Communiqué")


def test_an_example_is_asked_and_answered_with_its_source(page: Page) -> None:
    page.get_by_role("button", name="How many UN agencies").click()
    expect(current(page, ".stated")).to_contain_text("18 UN agencies.")
    expect(current(page, ".sources mark")).to_have_text(PLAZA)
    expect(current(page, ".verified")).to_have_text("Verified")
    expect(page.locator(".welcome")).to_have_count(0)


def test_sentences_stand_before_the_answer_is_whole(page: Page, served: Served) -> None:
    ask(page, "slow initiative?")
    expect(current(page, ".sentence")).to_have_count(1)
    expect(current(page, ".progress .stage")).to_contain_text("Writing")
    expect(current(page, ".elapsed")).to_have_text("1 s")  # the page counts on by itself
    served.assistant.gate.set()
    expect(current(page, ".sentence")).to_have_count(3)
    expect(current(page, ".notice")).to_contain_text("the newer is of 7 March 2024")
    expect(current(page, ".progress")).to_have_count(0)


@pytest.mark.parametrize("act", ["hover", "focus", "click"])
def test_a_citation_lights_its_sentence_and_brings_it_into_view(page: Page, act: str) -> None:
    answered(page, "initiative?")
    cite = current(page, '[data-cite="2"]')
    getattr(cite, act)()
    expect(current(page, "mark.lit")).to_have_text(OBJECTIVE)
    assert in_view(current(page, "mark.lit"))
    current(page, '[data-cite="3"]').focus()
    expect(current(page, "mark.lit")).to_contain_text("Making Cities Resilient")
    assert in_view(current(page, "mark.lit"))


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_on_a_phone_a_tap_leads_to_the_source_and_its_number_back(page: Page) -> None:
    answered(page, "initiative?")
    current(page, '[data-cite="3"]').tap()
    expect(current(page, "mark.lit")).to_contain_text("Making Cities Resilient")
    assert in_view(current(page, "mark.lit"))
    current(page, '[data-back="3"]').tap()
    expect(current(page, '[data-cite="3"]')).to_be_focused()
    assert in_view(current(page, '[data-cite="3"]'))
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_whole_release_opens_with_the_sentence_lit(page: Page) -> None:
    answered(page, "agencies?")
    opener = current(page, ".read")
    opener.click()
    reader = page.get_by_role("dialog")
    expect(reader.locator("mark")).to_have_text(PLAZA)
    assert in_view(reader.locator("mark"))
    expect(reader).to_contain_text("First Deputy-Minister of Foreign Affairs Kairat Umarov held a briefing")
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(opener).to_be_focused()


def test_everything_is_within_reach_of_the_keyboard(page: Page) -> None:
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("agencies?")
    page.keyboard.press("Enter")
    expect(current(page, ".facts")).to_be_visible()
    current(page, ".cite").focus()
    expect(current(page, "mark.lit")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(current(page, ".number")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(PLAZA)


@pytest.mark.parametrize("act", ["click", "key"])
def test_stop_ends_the_answer_and_frees_the_model(page: Page, served: Served, act: str) -> None:
    ask(page, "slow initiative?")
    expect(current(page, ".sentence")).to_have_count(1)
    stop = page.get_by_role("button", name="Stop")
    if act == "click":
        stop.click()
    else:
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
        page.keyboard.press("Enter")
    expect(current(page, ".notice")).to_contain_text("Stopped. The sentences above were verified.")
    assert served.assistant.streams[0].closed.is_set()
    expect(page.locator("#ask")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()


def test_closing_the_tab_frees_the_model(page: Page, served: Served) -> None:
    ask(page, "slow initiative?")
    expect(current(page, ".sentence")).to_have_count(1)
    page.close()
    assert served.assistant.streams[0].closed.wait(5)


def test_a_refusal_looks_like_help(page: Page) -> None:
    answered(page, "What was the price of oil in March 2024?")
    expect(current(page, ".refusal h3")).to_have_text("The releases do not say.")
    expect(current(page, ".refusal")).to_contain_text("I searched 2 releases from 7 September 2023 to 7 March 2024.")
    expect(current(page, ".chip.window")).to_contain_text("1 March 2024 – 31 March 2024")
    current(page, ".near").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("International Agency for Biological Safety")


def test_the_place_in_the_queue_is_said(page: Page, served: Served) -> None:
    ask(page, "queue agencies?")
    expect(current(page, ".stage")).to_have_text("Waiting: 2 questions before yours")
    served.assistant.gate.set()
    expect(current(page, ".stated")).to_contain_text("18 UN agencies")


def test_errors_are_said_in_plain_words(page: Page) -> None:
    ask(page, "fail")
    expect(current(page, ".trouble code")).to_have_text("communique models pull smollm2-135m")
    ask(page, "break")
    expect(current(page, ".trouble")).to_contain_text("Something went wrong")
    expect(page.locator("body")).not_to_contain_text("secret detail")
    expect(page.locator("#ask")).to_be_visible()


def test_earlier_turns_stay_and_are_told_to_the_assistant(page: Page, served: Served) -> None:
    ask(page, "agencies?")
    expect(current(page, ".facts")).to_be_visible()
    ask(page, "and the initiative?")
    expect(page.locator("#past .question")).to_have_text(["agencies?"])
    expect(current(page, ".sentence")).to_have_count(3)
    said = [{"role": "user", "content": "agencies?"}, {"role": "assistant", "content": AGENCIES_ANSWER.text}]
    assert list(served.assistant.heard[1]) == said
    page.locator("#past .cite").focus()
    expect(page.locator("#past mark.lit")).to_have_text(PLAZA)


def test_two_tabs_are_two_conversations(page: Page, context: BrowserContext, served: Served) -> None:
    other = context.new_page()
    other.goto(served.address)
    ask(page, "agencies?")
    expect(current(page, ".facts")).to_be_visible()
    other.wait_for_selector(".example")
    ask(other, "initiative?")
    expect(current(other, ".sentence")).to_have_count(3)
    assert list(served.assistant.heard[1]) == []
    expect(current(page, ".sentence")).to_have_count(1)


def test_hostile_text_stays_text(page: Page, log: Log) -> None:
    answered(page, "hostile? <img src=https://evil.example/q.png> ![x](https://evil.example/m.png)")
    expect(current(page, "mark")).to_have_text(
        "The <script>document.title='owned'</script> plant & its 'staff' opened on Monday."
    )
    current(page, ".read").click()
    expect(page.get_by_role("dialog")).to_contain_text("[click](javascript:alert(1))")
    expect(page).to_have_title("Communiqué")
    assert page.locator(":is(#current, dialog) :is(img, script, a[href^=http])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    assert not [host for host in log.hosts if "evil" in host]


def test_forty_hostile_releases_and_questions_are_only_text(page: Page, served: Served, log: Log) -> None:
    served.assistant.hold("onslaught", ANSWER, RELEASES)
    ask(page, "onslaught? " + " ".join(ATTEMPTS[:12]))
    expect(current(page, ".sources mark")).to_have_count(40)
    expect(current(page, ".verified")).to_have_count(40)
    for place in (0, 14, 26, 38):
        current(page, ".read").nth(place).click()
        expect(page.get_by_role("dialog").locator("mark")).to_have_text(FACT)
        page.keyboard.press("Escape")
        expect(current(page, ".read").nth(place)).to_be_focused()
    assert page.locator(":is(.turn, dialog) :is(script, img, svg, iframe, style, link, meta, base)").count() == 0
    assert page.locator("#current [data-again]").count() == 1  # none but our own
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    page.reload()  # and out of what the browser kept
    expect(current(page, ".sources mark")).to_have_count(40)
    page.get_by_role("button", name="History").click()
    expect(page.locator("#history-dialog .name")).to_contain_text("<script>")
    expect(page).to_have_title("Communiqué")
    assert log.hosts == {urlsplit(served.address).netloc}
    assert log.errors == []


def test_an_empty_question_does_nothing(page: Page, served: Served) -> None:
    ask(page, "   ")
    ask(page, "agencies?")
    expect(current(page, ".facts")).to_be_visible()
    assert len(served.assistant.streams) == 1


def test_nothing_is_asked_of_any_other_host_and_nothing_fails(page: Page, served: Served, log: Log) -> None:
    answered(page, "initiative?")
    expect(current(page, ".facts")).to_be_visible()
    current(page, ".read").first.click()
    expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
    assert log.hosts == {urlsplit(served.address).netloc}
    assert log.errors == []


def test_the_server_forbids_the_browser_other_hosts(page: Page, served: Served) -> None:
    answer = page.request.get(served.address)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<(?:script|link)[^>]+(?:src|href)=.https?://", answer.text())
    assert page.evaluate("fetch('https://example.com').then(() => 'let through', () => 'refused')") == "refused"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.reload()
    page.wait_for_selector(".example")
    answered(page, "initiative?")
    current(page, '[data-cite="2"]').focus()
    for selector in (".stated", ".notice", ".facts", "mark", "mark.lit", ".cite", ".cite.lit", ".verified", ".read"):
        assert contrast(current(page, selector).first) >= 4.5, selector


def contrast(place: Locator) -> float:
    """The WCAG contrast of an element's text against the first opaque background behind it."""
    ink, paper = place.evaluate("""e => {
      const ink = getComputedStyle(e).color;
      while (e && /rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(e).backgroundColor)) e = e.parentElement;
      return [ink, e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)'];
    }""")
    low, high = sorted((luminance(ink), luminance(paper)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    shares = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
