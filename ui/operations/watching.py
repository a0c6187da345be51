"""An assistant as it is served: within limits, measured, and with a line in the log for each question."""

from index.settings import LimitSettings, LogSettings
from ui.network.account import Account
from ui.network.turnstile import Turnstile
from ui.operations.journal import Journal
from ui.operations.metrics import Metrics
from ui.operations.probes import Probes
from ui.page.ports import Assistant


def watched(assistant: Assistant, limits: LimitSettings, log: LogSettings) -> tuple[Turnstile, Probes]:
    """The assistant to be asked, and the routes that tell how it fares."""
    metrics, journal = Metrics(), Journal(log)

    def on_end(account: Account) -> None:
        metrics.count(account)
        journal.note(account)

    turnstile = Turnstile(assistant, limits, on_end)
    return turnstile, Probes(turnstile, metrics)
