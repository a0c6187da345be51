"""Sentences of our own: computed from the index, never generated, and marked as notices wherever they are shown."""

from collections.abc import Sequence
from datetime import date

from index.catalog import Coverage
from index.dates import Window
from rag.answers import NearRelease, Reason


def day(moment: date) -> str:
    """`7 March 2024`."""
    return f"{moment.day} {moment:%B %Y}"


def when(published: date | None) -> str:
    """The day of publication, or `undated`."""
    return day(published) if published else "undated"


def period(since: date | None, until: date | None) -> str:
    """`from 7 September 2023 to 7 March 2024`, one day where both are the same, "" where neither is known."""
    if since and until:
        return f"on {day(since)}" if since == until else f"from {day(since)} to {day(until)}"
    if since:
        return f"since {day(since)}"
    return f"until {day(until)}" if until else ""


def refusal(reason: Reason, coverage: Coverage, window: Window, nearest: Sequence[NearRelease]) -> list[str]:
    """What a refusal says: that there is no answer, what was searched, and where to look instead."""
    count = f"{coverage.releases:,} release{'' if coverage.releases == 1 else 's'}"
    searched = " ".join(part for part in (f"I searched {count}", period(coverage.since, coverage.until)) if part)
    opening = {
        Reason.EMPTY_WINDOW: f"No release was published {period(window.since, window.until)} or speaks of that time.",
        Reason.AFTER_COVERAGE: f"The releases end on {day(coverage.until)}." if coverage.until else "",
        Reason.BAD_QUESTION: "That is not a question I can read.",
    }.get(reason, "The releases do not say.")
    lines = [opening] if reason is Reason.BAD_QUESTION else [opening, f"{searched}."]
    return lines + ([f"Nearest: {named(nearest)}."] if nearest else [])


def named(releases: Sequence[NearRelease]) -> str:
    """`“Title” (7 March 2024); “Other title” (…)`."""
    return "; ".join(f"“{r.title}” ({when(r.date)})" for r in releases)
