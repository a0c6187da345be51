"""How often a tab may have something kept: up to a number within a time, each tab by itself."""

import pytest

from ui.network import pace
from ui.network.pace import Pace

MOST, WITHIN = 30, 60.0


class Clock:
    """Says the time that it was set to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_tab_is_stopped_after_so_many_and_heard_again_later() -> None:
    clock = Clock()
    kept = Pace(MOST, WITHIN, clock)
    assert all(kept.allows("tab") for _ in range(MOST))
    clock.now += WITHIN - 1
    assert not kept.allows("tab")
    assert kept.allows("other tab")
    clock.now += 2
    assert kept.allows("tab")


def test_what_was_refused_does_not_count() -> None:
    clock = Clock()
    kept = Pace(MOST, WITHIN, clock)
    for _ in range(3 * MOST):
        kept.allows("tab")
    clock.now += WITHIN + 1
    assert all(kept.allows("tab") for _ in range(MOST))


def test_quiet_tabs_are_forgotten_and_busy_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MANY", 3)
    clock = Clock()
    kept = Pace(MOST, WITHIN, clock)
    for tab in ("quiet", "silent"):
        kept.allows(tab)
    clock.now += WITHIN + 1
    for _ in range(MOST):
        kept.allows("busy")
    kept.allows("new")
    assert set(kept._lately) == {"busy", "new"}
    assert not kept.allows("busy")
