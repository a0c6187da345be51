"""Time on the page in a real browser: the period of an answer, the control at the box, the timeline."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from rag.answers import NearRelease
from rag.overview import LISTED
from rag.request import EVER
from tests.browser.conftest import Served
from tests.browser.fake_assistant import notice, whole
from tests.browser.test_page import answered, ask, current

pytestmark = pytest.mark.browser

OIL = "What was the price of oil in March 2024?"


def test_the_period_of_an_answer_is_taken_away_and_the_question_asked_again(page: Page, served: Served) -> None:
    answered(page, OIL)
    current(page, ".remove").click()
    expect(current(page, ".chip.window")).to_contain_text("Any time")
    expect(page.locator(".question")).to_have_text([OIL])  # in its place, not once more below
    assert served.assistant.periods == [(None, None), (EVER, None)]


def test_the_period_of_an_answer_is_changed_by_keyboard_alone(page: Page, served: Served) -> None:
    answered(page, OIL)
    current(page, ".chip.window").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("02152023")
    page.keyboard.press("Enter")
    expect(current(page, ".chip.window")).to_contain_text("15 February 2023 – 31 March 2024 chosen by you")
    expect(page.locator("#question textarea")).to_be_focused()
    assert served.assistant.periods[-1] == (date(2023, 2, 15), date(2024, 3, 31))


def test_an_opened_period_can_be_taken_away_too(page: Page, served: Served) -> None:
    answered(page, OIL)
    current(page, ".chip.window").click()
    current(page, ".days").get_by_role("button", name="Any time").click()
    expect(current(page, ".chip.window")).to_contain_text("Any time")
    assert served.assistant.periods[-1] == (EVER, None)


def test_the_control_sets_the_period_of_the_questions_to_come(page: Page, served: Served) -> None:
    page.get_by_text("Any time").click()
    page.locator("#period [name=since]").fill("2024-03-31")
    page.locator("#period [name=until]").fill("2024-03-01")
    expect(page.locator("#period .chosen")).to_have_text("1 Mar 2024 – 31 Mar 2024")  # turned the right way
    ask(page, "agencies?")
    expect(current(page, ".chip.window")).to_contain_text("1 March 2024 – 31 March 2024 chosen by you")
    page.get_by_role("button", name="Clear").click()
    ask(page, "agencies again?")
    expect(current(page, ".question")).to_have_text("agencies again?")
    expect(current(page, ".facts")).to_be_visible()
    assert served.assistant.periods == [(date(2024, 3, 1), date(2024, 3, 31)), (None, None)]


def test_escape_closes_the_control_and_the_focus_stays(page: Page) -> None:
    fold = page.locator("#period summary")
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#period [name=since]")).to_be_hidden()
    expect(fold).to_be_focused()


def test_an_example_is_asked_in_the_period_that_is_set(page: Page, served: Served) -> None:
    page.get_by_text("Any time").click()
    page.locator("#period [name=since]").fill("2024-03-01")
    page.get_by_role("button", name="How many UN agencies").click()
    expect(current(page, ".chip.window")).to_contain_text("from 1 March 2024")
    assert served.assistant.periods == [(date(2024, 3, 1), None)]


@pytest.mark.parametrize("context", ["wide", "phone"], indirect=True)
def test_a_bar_of_the_timeline_opens_its_release_or_lists_its_several(page: Page) -> None:
    answered(page, "How many releases mention Sudan in 2023?")
    several = current(page, '.time-bar[aria-label="May 2023: 3 releases"]')
    several.click()
    expect(several).to_have_attribute("aria-expanded", "true")
    listed = current(page, ".bar-list:visible .near")
    expect(listed).to_have_count(3)
    listed.first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Release 6 mentions Sudan.")
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    page.keyboard.press("Escape")
    expect(listed.first).to_be_focused()
    current(page, ".time-bar").last.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Release 8 mentions Sudan.")


def test_the_list_behind_a_number_is_one_fold_away(page: Page) -> None:
    answered(page, "How many releases mention Sudan in 2023?")
    expect(current(page, ".others .near").first).to_be_hidden()
    current(page, ".others summary").press("Enter")
    expect(current(page, ".others .near")).to_have_count(8)
    current(page, ".others .near").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("Release 1 mentions Sudan.")


@pytest.mark.parametrize("context", ["wide", "phone"], indirect=True)
def test_of_thousands_the_newest_are_listed_in_a_place_of_their_own(page: Page, served: Served) -> None:
    newest = [NearRelease(f"r{n}", f"Release {n}", date(2024, 5, 5) - timedelta(2 * n)) for n in range(LISTED)]
    served.assistant.hold("thousands", whole((notice("2,260 releases hold “Sudan”."),), matches=tuple(newest)), [])
    answered(page, "thousands?")
    expect(current(page, ".timeline .caption")).to_have_text("The newest 500 releases over time")
    expect(current(page, ".ends span")).to_have_text(["1 July 2021", "30 June 2024"])
    current(page, ".others summary").click()
    expect(current(page, ".others .near")).to_have_count(LISTED)
    height, width = page.evaluate(
        "[document.querySelector('#current .others .nearest').clientHeight, document.documentElement.scrollWidth]"
    )
    assert height < 400
    assert width <= page.evaluate("innerWidth")
