"""Metrics in Prometheus' form: how questions ended, how long answers took, what waits, what is indexed.

No label holds anything that a visitor wrote, so there are as many series after a year as after a day.
"""

import logging
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder

from rag.answers import Reason
from ui.network.account import Account, Outcome
from ui.network.turnstile import Turnstile

_LOG = logging.getLogger(__name__)

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)
"""Seconds: a search takes hundredths, an answer of a small model some seconds, one that waits minutes."""


class Metrics:
    """The numbers of one program."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._questions = Counter(
            "communique_questions", "Questions that ended, by how.", ["outcome", "reason"], registry=registry
        )
        self._seconds = Histogram(
            "communique_answer_seconds",
            "Seconds from a question to the end of its search, its first sentence and its whole answer.",
            ["stage"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._dropped = Counter(
            "communique_sentences_dropped",
            "Sentences of the model that were not shown because the evidence does not bear them.",
            registry=registry,
        )
        gauges = {
            "questions_under_way": "Questions that are answered or wait.",
            "questions_waiting": "Questions that wait for the language model.",
            "model_available": "1 where a language model words the answers, 0 where releases are quoted.",
            "snapshot_releases": "Releases in the index that answers.",
            "snapshot_created_timestamp_seconds": "When the index that answers was built, in seconds since 1970.",
        }
        self._gauges = {name: Gauge(f"communique_{name}", said, registry=registry) for name, said in gauges.items()}
        self._begin_at_nought()

    def count(self, account: Account) -> None:
        """Count one question that has ended."""
        answer = account.answer
        reason = answer.reason.value if answer and answer.reason else ""
        self._questions.labels(account.outcome.value, reason).inc()
        if answer:
            taken = answer.timings
            stages = {"search": taken.search, "first_sentence": taken.first_sentence, "total": taken.total}
            for stage, seconds in stages.items():
                if seconds is not None:
                    self._seconds.labels(stage).observe(seconds)
            self._dropped.inc(answer.dropped)

    def written(self, turnstile: Turnstile, accept: str = "") -> tuple[bytes, str]:
        """All metrics as they are now, and their media type, in the form that `accept` asks for."""
        now = {"questions_under_way": turnstile.under_way, "questions_waiting": turnstile.waiting}
        try:
            held = turnstile.coverage()
        except Exception:
            # What was last known stays; the readiness probe says what is wrong.
            _LOG.exception("the index cannot be measured")
        else:
            now["model_available"] = bool(held.model)
            now["snapshot_releases"] = held.releases
            self._gauges["snapshot_created_timestamp_seconds"].set(_timestamp(held.built))
        for name, value in now.items():
            self._gauges[name].set(value)
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind

    def _begin_at_nought(self) -> None:
        """A series that begins with its first event has no rate before the second."""
        for outcome in Outcome:
            for reason in Reason if outcome is Outcome.REFUSED else ("",):
                self._questions.labels(outcome.value, str(reason))
        for stage in ("search", "first_sentence", "total"):
            self._seconds.labels(stage)


def _timestamp(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
