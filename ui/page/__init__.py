"""The chat page around one assistant; Gradio is loaded when it is built, not when this package is imported."""

from pathlib import Path
from typing import TYPE_CHECKING

from ui.page.address import check_address
from ui.page.ports import Assistant, OnReady

__all__ = ["Assistant", "build", "check_address", "serve"]

if TYPE_CHECKING:
    from gradio import Blocks

    from ui.page.administration import Administration

NAME = "Communiqué"


def build(assistant: Assistant, home: Path, name: str = NAME) -> "Blocks":
    """The page as `gradio.Blocks`; `name` stands in the masthead and the browser's tab.

    What readers want kept (opinions of answers) lies under `home`.
    """
    from ui.page.layout import Page

    return Page(assistant, home, name).blocks


def serve(
    assistant: Assistant,
    home: Path,
    host: str,
    port: int,
    on_ready: OnReady,
    name: str = NAME,
    administration: "Administration | None" = None,
) -> None:
    """Serve the page on exactly this host and port (0: any free one) until interrupted.

    `on_ready` is told the address once the page answers. UsageError where the port is taken.
    """
    check_address(host, port)
    from ui.page.server import run

    run(build(assistant, home, name), host, port, on_ready, administration)
