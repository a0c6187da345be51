"""The chat page around one assistant; Gradio is loaded when it is built, not when this package is imported."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.settings import LogSettings
from ui.network.fence import Network
from ui.page.address import check_address, check_entry
from ui.page.ports import Assistant, OnReady

__all__ = ["Assistant", "Network", "build", "check_address", "check_entry", "serve"]

if TYPE_CHECKING:
    from gradio import Blocks

    from ui.api.desk import Desk
    from ui.page.administration import Administration

NAME = "Communiqué"


def build(assistant: Assistant, home: Path, name: str = NAME, desk: "Desk | None" = None) -> "Blocks":
    """The page as `gradio.Blocks`; `name` stands in the masthead and the browser's tab.

    What readers want kept (opinions of answers) lies under `home`. Programs that call the page's functions ask at
    `desk`, or at one of the page's own.
    """
    from ui.api.desk import Desk
    from ui.page.layout import Page

    return Page(assistant, home, name, desk or Desk(assistant)).blocks


def serve(
    assistant: Assistant,
    network: Network,
    port: int,
    on_ready: OnReady,
    name: str = NAME,
    administration: "Administration | None" = None,
    log: LogSettings | None = None,
) -> None:
    """Serve the page, and what programs call, on exactly this host and port (0: any free one) until told to end.

    `on_ready` is told the address once the page answers. UsageError where the port is taken, or where other machines
    would reach the page and there are no users. KeyboardInterrupt where it is interrupted; SIGTERM is no error.
    """
    network = replace(network, address=check_address(network.host, port))
    check_entry(network)
    from ui.api import programs
    from ui.api.desk import Desk
    from ui.operations.watching import watched
    from ui.page.server import run

    within, probes = watched(assistant, network.limits, log or LogSettings())
    desk = Desk(within)
    page = build(within, network.home, name, desk)
    run(page, network, port, on_ready, administration, programs(within, desk), within, probes)
