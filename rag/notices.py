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


def holdings(coverage: Coverage) -> str:
    """What there is to search: `I hold 12 releases from 7 September 2023 to 7 March 2024.`"""
    words = [f"I hold {releases(coverage.releases)}", period(coverage.since, coverage.until)]
    return " ".join(filter(None, words)) + "."


def abilities(coverage: Coverage, examples: Sequence[str]) -> list[str]:
    """What can be asked."""
    lines = [
        holdings(coverage),
        "Ask what they say, when or where something happened, who took part, or how many releases mention something; "
        "each sentence of an answer leads to the sentence it rests on, and what they do not say I do not answer.",
    ]
    return lines + ([f"For example: {' '.join(examples)}"] if examples else [])


def count(found: int, window: Window, words: str) -> str:
    """`3 releases from 1 May 2024 to 31 May 2024 hold “Sudan”, the newest first.`"""
    days = period(window.since, window.until)
    if words:
        holds = "holds" if found == 1 else "hold"
        told = " ".join(filter(None, [releases(found), days, holds, f"“{words}”"]))
    else:
        told = " ".join(filter(None, [releases(found), "was" if found == 1 else "were", "published", days]))
    return told + (", the newest first:" if found > 1 else ":" if found else ".")


def digest(found: int, shown: int, window: Window) -> str:
    """What a digest is drawn from."""
    days = period(window.since, window.until)
    told = " ".join(filter(None, [releases(found), "was" if found == 1 else "were", "published", days]))
    return (
        f"{told}; the newest {shown}:" if found > shown else f"{told}, the newest first:" if found > 1 else f"{told}:"
    )


def releases(count: int) -> str:
    """`1 release`, `1,200 releases`."""
    return f"{count:,} release{'' if count == 1 else 's'}"


def refusal(reason: Reason, coverage: Coverage, window: Window, nearest: Sequence[NearRelease]) -> list[str]:
    """What a refusal says: that there is no answer, what was searched, and where to look instead."""
    searched = " ".join(
        part for part in (f"I searched {releases(coverage.releases)}", period(coverage.since, coverage.until)) if part
    )
    opening = {
        Reason.EMPTY_WINDOW: f"No release was published {period(window.since, window.until)} or speaks of that time.",
        Reason.AFTER_COVERAGE: f"The releases end on {day(coverage.until)}." if coverage.until else "",
        Reason.BAD_QUESTION: "That is not a question I can read.",
    }.get(reason, "The releases do not say.")
    lines = [opening] if reason is Reason.BAD_QUESTION else [opening, f"{searched}."]
    return lines + ([f"Nearest: {named(nearest)}."] if nearest else [])


def missing(question: str) -> str:
    """What a partial answer leaves open."""
    return f"The releases do not say: “{question}”"


def named(found: Sequence[NearRelease]) -> str:
    """`“Title” (7 March 2024); “Other title” (…)`."""
    return "; ".join(f"“{r.title}” ({when(r.date)})" for r in found)
