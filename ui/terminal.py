"""What the command line prints: answers, reports, bars and tables, as plain text."""

import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import click
from tqdm import tqdm

from index.manifest import Manifest
from index.model_store import ModelStore
from index.plan import Plan
from index.rebuilding import RebuildReport
from index.settings import Settings
from index.snapshots import SnapshotStore
from index.unseen import marked_unseen
from rag.answers import Answer, Citation, Event, Progress, SentenceReady
from rag.notices import enclosed, when

EVERY = 0.2

STAGES = {
    "reading": "Reading releases",
    "encoding": "Cutting and encoding",
    "writing": "Writing",
    "placing": "Filling the collection",
    "answering": "Answering",
}


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Signs by which a text could move the cursor or clear the screen of a terminal, or begin a line of its own."""


class Bar:
    """One progress bar after another on the error stream, a bar a stage; nothing where no one watches."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def show(self, stage: str, done: int, total: int) -> None:
        """Move the bar of a stage to `done` of `total` (0: not known)."""
        if stage != self._stage:
            self._close()
            self._stage = stage
            self._bar = tqdm(total=total or None, desc=STAGES.get(stage, stage), unit="", disable=None, leave=True)
        self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()


class Lines(Bar):
    """Progress for programs: JSON lines on the error stream, at most one every `EVERY` seconds and the last."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0.0

    def show(self, stage: str, done: int, total: int) -> None:
        """Say how far a stage is."""
        now = time.monotonic()
        if stage == self._stage and done != total and now - self._told < EVERY:
            return
        self._stage, self._told = stage, now
        click.echo(json.dumps({"stage": stage, "done": done, "of": total or None}), err=True)


class FetchBar(Bar):
    """A bar in bytes for model files; the first word says which."""

    def show(self, done: int, total: int, words: str) -> None:  # type: ignore[override]
        """Move the bar of a file to `done` of `total` bytes."""
        if words != self._stage:
            self._close()
            self._stage = words
            self._bar = tqdm(total=total or None, desc=words, unit="B", unit_scale=True, disable=None)
            if self._bar.disable:
                click.echo(f"{words} …", err=True)
        self._bar.update(done - self._bar.n)


def print_events(events: Iterator[Event]) -> None:
    """Print sentences as they are verified, then what is noted at the end, and the sources."""
    told = 0
    for event in events:
        if isinstance(event, Progress) and sys.stderr.isatty():
            click.echo(f"\r\033[K{event.stage} …", err=True, nl=False)
        elif isinstance(event, SentenceReady):
            _clear()
            told += 1
            click.echo(harmless(event.sentence.marked_text))
        elif isinstance(event, Answer):
            _clear()
            print_answer(event, told)


def print_answer(answer: Answer, told: int = 0) -> None:
    """Print an answer, without the sentences already `told`, with its sources below."""
    for sentence in answer.sentences[told:]:
        click.echo(harmless(sentence.marked_text))
    if answer.citations:
        click.echo()
    for citation in answer.citations:
        click.echo(source_line(citation))


def source_line(citation: Citation) -> str:
    """`[1] 7 September 2023, “Title” (id): “the sentence”`."""
    quote = " ".join(citation.quote.split())
    source = f"{when(citation.date)}, “{enclosed(citation.title)}” ({citation.release_id})"
    return harmless(f"[{citation.marker}] {source}\n    “{enclosed(quote)}”")


def harmless(text: str) -> str:
    """The text with U+FFFD for every sign that a terminal would obey instead of showing it."""
    return _CONTROL.sub("\ufffd", marked_unseen(text))


def print_report(report: RebuildReport, as_json: bool) -> None:
    """Print what a rebuild did, and what was set aside with its reasons."""
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{report.releases} releases indexed: {report.added} added, {report.changed} changed, "
        + (f"{report.renamed} renamed, " if report.renamed else "")
        + f"{report.withdrawn} withdrawn, {report.unchanged} unchanged ({report.encoded_chunks} chunks encoded)."
    )
    if report.set_aside:
        click.echo(f"{len(report.set_aside)} set aside:")
    for row in report.set_aside:
        click.echo(harmless(f"  {row.source}: {row.reason}"))


def print_plan(plan: Plan, as_json: bool) -> None:
    """Print what a rebuild would do to each release and file, all but the unchanged ones by name."""
    kinds = {name: getattr(plan, name) for name in ("added", "changed", "renamed", "withdrawn")}
    aside = {"duplicate": plan.duplicates, "unreadable": plan.unreadable}
    if as_json:
        rows = {name: [asdict(row) for row in found] for name, found in aside.items()}
        click.echo(json.dumps({**kinds, "unchanged": plan.unchanged, **rows}, ensure_ascii=False, indent=2))
        return
    counts = [f"{len(found)} {name}" for name, found in {**kinds, "unchanged": plan.unchanged, **aside}.items()]
    click.echo(f"A rebuild would leave {len(plan.digests)} releases: {', '.join(counts)}. Nothing was changed.")
    for name, found in kinds.items():
        for item in found:
            click.echo(harmless(f"  {name:10} {item if isinstance(item, str) else ' -> '.join(item)}"))
    for name, files in aside.items():
        for row in files:
            click.echo(harmless(f"  {name:10} {row.source}: {row.reason}"))


def print_models(settings: Settings) -> None:
    """Print every known model: name, kind, size, licence, present or not."""
    for row in ModelStore(settings.models_folder).list():
        mark = "present" if row.present else "not here"
        click.echo(f"{row.name:22} {row.kind:8} {row.size / 1e6:7.0f} MB  {row.licence:12} {mark}")


def print_status(settings: Settings, as_json: bool) -> None:
    """Print what is indexed and where things are."""
    facts = status(settings, SnapshotStore(settings.home).manifest())
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for name, value in facts.items():
        click.echo(f"{name:10} {'–' if value is None else value}")


def status(settings: Settings, manifest: Manifest | None) -> dict[str, Any]:
    """What `status --json` prints; with no index `releases` is 0 and `snapshot` None."""
    aside = SnapshotStore(settings.home).set_aside() if manifest else []
    return {
        "releases": manifest.releases if manifest else 0,
        "since": manifest.since if manifest else None,
        "until": manifest.until if manifest else None,
        "snapshot": manifest.snapshot if manifest else None,
        "created": manifest.created if manifest else None,
        "set_aside": len(aside),
        "encoder": settings.index.encoder,
        "model": settings.model.server or settings.model.name,
        "home": str(Path(settings.home).resolve()),
        "models": str(settings.models_folder.resolve()),
    }


def _clear() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
