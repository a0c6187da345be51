"""What became of one question: all that metrics and the log are made of."""

from dataclasses import dataclass
from enum import StrEnum

from rag.answers import Answer
from ui.network.client import Client


class Outcome(StrEnum):
    """How a question ended. `turned_away`: limits, or not a question; `overdue`: it took longer than it may."""

    ANSWERED = "answered"
    REFUSED = "refused"
    STOPPED = "stopped"
    OVERDUE = "overdue"
    FAILED = "failed"
    TURNED_AWAY = "turned_away"


@dataclass(frozen=True)
class Account:
    """One question that has ended after so many `seconds`; `failure` is the kind of error, "" where there was none."""

    client: Client
    question: str
    outcome: Outcome
    seconds: float = 0.0
    answer: Answer | None = None
    failure: str = ""
