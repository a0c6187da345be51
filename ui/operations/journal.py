"""A line in the log for each question that has ended; without its text and that of the answer, unless those are asked
for."""

import json
import logging
import secrets
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from index.settings import LogSettings
from ui.network.account import Account

_LOG = logging.getLogger(__name__)
_OURS = ("index", "rag", "ui")
_FIELDS = (
    "id", "client", "outcome", "reason", "failure", "search", "first_sentence", "total", "dropped", "snapshot",
    "model", "question", "answer",
)  # fmt: skip


class Journal:
    """Writes the lines."""

    def __init__(self, settings: LogSettings) -> None:
        self._settings = settings

    def note(self, account: Account) -> None:
        """Write the line of one question."""
        if self._settings.format != "off":
            _LOG.info("question", extra=told(account, self._settings))


def told(account: Account, settings: LogSettings) -> dict[str, Any]:
    """What a line says, in seconds; what is not known of this question is left out."""
    facts: dict[str, Any] = {"id": secrets.token_hex(6), "outcome": account.outcome.value, "failure": account.failure}
    if settings.clients:
        facts["client"] = account.client.user or account.client.address
    answer = account.answer
    facts["total"] = round(answer.timings.total if answer else account.seconds, 3)
    if answer:
        first = answer.timings.first_sentence
        facts |= {
            "reason": answer.reason.value if answer.reason else "",
            "search": round(answer.timings.search, 3),
            "first_sentence": "" if first is None else round(first, 3),
            "dropped": answer.dropped,
            "snapshot": answer.snapshot,
            "model": answer.model,
        }
    if settings.questions:
        facts |= {"question": account.question, "answer": answer.text if answer else ""}
    return {name: facts[name] for name in _FIELDS if facts.get(name, "") != ""}


def begin(settings: LogSettings) -> None:
    """Send the program's own lines, and warnings of all libraries, to standard error in the form of the settings.

    Without a form nothing is changed: warnings appear there as Python writes them.
    """
    if settings.format == "off":
        return
    handler = logging.StreamHandler()
    handler.setFormatter(_json() if settings.format == "json" else _Line("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def _json() -> logging.Formatter:
    names = {"levelname": "level", "name": "logger"}
    return JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp="time", rename_fields=names)


class _Line(logging.Formatter):
    """A line for people, the facts behind the message; text is quoted, so that it stays on the line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own
        facts = {name: vars(record)[name] for name in _FIELDS if name in vars(record)}
        return " ".join([super().formatMessage(record), *(f"{name}={_plain(fact)}" for name, fact in facts.items())])


def _plain(fact: object) -> str:
    text = str(fact)
    return text if text.isprintable() and " " not in text and '"' not in text else json.dumps(text)
