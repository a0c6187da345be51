"""The page below a path of another server: a small proxy takes the path off, as nginx and Caddy do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import BrowserContext, expect

from index.settings import ServerSettings
from tests.browser.conftest import hosted
from tests.browser.fake_assistant import FakeAssistant
from tests.browser.test_page import answered
from ui.network.users import UserBook

pytestmark = pytest.mark.browser
PREFIX = "/communique"


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def relay(browser: socket.socket, port: int, refused: list[str]) -> None:
    """One request of a browser to the page, without the prefix; what lies elsewhere is noted and refused."""
    with browser, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := browser.recv(65_536)):
                return
            head += data
        method, path, rest = head.split(b" ", 2)
        if not path.startswith(PREFIX.encode()):
            refused.append(path.decode())
            browser.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            return
        line, _, rest = rest.partition(b"\r\n")
        path = path[len(PREFIX) :] or b"/"
        with socket.create_connection(("127.0.0.1", port)) as page:
            page.sendall(b" ".join([method, path, line]) + b"\r\nConnection: close\r\n" + rest.replace(
                b"Connection: keep-alive\r\n", b""
            ))  # fmt: skip
            threading.Thread(target=pump, args=(browser, page), daemon=True).start()
            pump(page, browser)


@contextmanager
def proxy(port: int) -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy before the page on `port`, and what was asked for outside the prefix."""
    refused: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    browser, _ = listening.accept()
                    threading.Thread(target=relay, args=(browser, port, refused), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", refused
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def test_below_a_prefix_a_reader_logs_in_and_asks(context: BrowserContext) -> None:
    server = ServerSettings(prefix=PREFIX, proxies=("127.0.0.1",))
    with hosted(FakeAssistant(), server=server) as (address, home):
        UserBook(home).add("ann", "correct horse")
        with proxy(int(address.rpartition(":")[2])) as (outside, refused):
            page = context.new_page()
            page.goto(f"{outside}{PREFIX}/?view=1")
            page.get_by_label("Name").fill("ann")
            page.get_by_label("Password").fill("correct horse")
            page.keyboard.press("Enter")
            page.wait_for_selector(".example")
            expect(page).to_have_url(f"{outside}{PREFIX}/?view=1")
            answered(page, "agencies?")
            page.locator("[data-link]").last.click()
            page.get_by_role("button", name="Log out").click()
            expect(page.get_by_label("Password")).to_be_visible()
            assert [path for path in refused if "favicon" not in path] == []
            page.close()
