"""A tab closed while the real model reads its prompt: whoever waits has the model within the promised two seconds."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from index.opening import rebuild
from index.settings import Settings
from rag.opening import open_assistant
from tests.browser.conftest import hosted
from tests.browser.test_page import ask, current

ROOT = Path(__file__).parents[2]
READING = "Reading"

pytestmark = [pytest.mark.browser, pytest.mark.model]


def opened(context: BrowserContext, address: str) -> Page:
    tab = context.new_page()
    tab.goto(address)
    tab.wait_for_selector(".example")
    return tab


def test_closing_the_tab_while_the_prompt_is_read_frees_the_model(context: BrowserContext, home: Path) -> None:
    # One thread reads so slowly that the prompt is still being read when the second question has arrived.
    model = {"folder": str(ROOT / ".communique" / "models"), "threads": 1}
    settings = Settings.model_validate({"home": home, "model": model})
    rebuild([ROOT / "seeds"], settings=settings)
    with hosted(open_assistant(settings)) as (address, _):
        first, second = opened(context, address), opened(context, address)
        ask(first, "How many UN agencies already sit in the UN Plaza in Almaty?")
        expect(current(first, ".stage")).to_contain_text(READING)
        ask(second, "Who launched the IABS initiative, and after what?")
        expect(current(second, ".stage")).to_contain_text("Waiting")
        expect(current(first, ".stage")).to_contain_text(READING)
        first.close()
        expect(current(second, ".stage")).to_contain_text(READING, timeout=2_000)
